"""Probes in contexts, built: each must be refused at its line, and the same contexts with harmless words published."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.inputs.allowed import published, unchecked
from tests.inputs.building import Result, Told, amiss, build
from tests.inputs.contexts import BLOCKS, INLINES, LEAVES, Case
from tests.inputs.findings import Findings, Watch
from tests.inputs.probes import LEGITIMATE, PROBES, WORDS, Probe
from tests.inputs.site import HARMLESS, Text, lecture, news, page

BATCH = 1500  # texts in one build
_KINDS = (page, lecture, news)
_PLAIN, _PARAGRAPH = INLINES[0], LEAVES[0]
FIELDS = ("Title", "Window", "Lead", "Summary")


def fixed() -> list[Case]:
    """Every probe in every context alone."""
    return _alone(PROBES)


def legitimate() -> list[Case]:
    """What anybody may write, in every context alone that isn't refused by itself."""
    return [case for case in _alone(LEGITIMATE) if not (case.leaf.alone or _muddled(case))]


def _muddled(case: Case) -> bool:
    """Whether nobody could say what it should become: emphasis in emphasis, a link in a link, or Markdown shown as code."""
    linked = "text" in case.inline.name and case.probe.text.startswith(("{telefon", "{epost", "[", "<"))
    return linked or case.inline.name == "code" or ("*" in case.probe.text and "*" in case.inline.pattern)


def _alone(probes: Iterable[Probe]) -> list[Case]:
    found = []
    for probe in probes:
        found += [Case(probe, inline, _PARAGRAPH) for inline in INLINES]
        found += [Case(probe, _PLAIN, leaf) for leaf in LEAVES[1:]]
        found += [Case(probe, _PLAIN, _PARAGRAPH, (block,)) for block in BLOCKS]
    return [case for case in found if case.possible]


def searched(count: int) -> list[Case]:
    """Some of all combinations up to three contexts deep, drawn by Hypothesis; the same unless ``HYPOTHESIS=random``."""
    found: dict[str, Case] = {}
    blocks = st.lists(st.sampled_from(BLOCKS), max_size=2).map(tuple)
    cases = st.builds(Case, st.sampled_from(PROBES), st.sampled_from(INLINES), st.sampled_from(LEAVES), blocks)

    @settings(
        max_examples=count,
        derandomize=os.environ.get("HYPOTHESIS") != "random",
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(cases.filter(lambda case: case.possible))
    def draw(case: Case) -> None:
        found.setdefault(case.body, case)

    draw()
    return list(found.values())


def check(folder: Path, cases: Sequence[Case]) -> tuple[Findings, Findings]:
    """Build the cases and their controls; what came of the probes, and of the controls."""
    harmless = {(case.blocks, case.leaf, case.inline): case.control() for case in cases}
    return (
        _built(folder, "probes", cases, harmless=False),
        _built(folder, "the same with harmless words", list(harmless.values()), harmless=True),
    )


def check_legitimate(folder: Path) -> Findings:
    """Build what anybody may write; all of it should be published."""
    return _built(folder, "what anybody may write", legitimate(), harmless=True)


def _built(folder: Path, source: str, cases: Sequence[Case], *, harmless: bool) -> Findings:
    findings = Findings(source)
    with Watch(findings):
        for start in range(0, len(cases), BATCH):
            batch = cases[start : start + BATCH]
            texts = [_KINDS[index % 3](f"p{index}", case.body) for index, case in enumerate(batch)]
            result = build(folder, texts)
            _count(findings, result, texts)
            _judge(findings, result, list(zip(batch, texts, strict=True)), harmless=harmless)
    return findings


def check_fields(folder: Path) -> Findings:
    """Build a page for each probe that is only words, in each field that is published."""
    findings = Findings("probes in fields")
    probes = [probe for probe in PROBES if probe.level <= WORDS and "&" not in probe.text]
    cases = [(probe, field) for probe in probes for field in FIELDS]
    texts = [
        page(f"f{number}", HARMLESS, **{field: _sentence(probe, number)}) for number, (probe, field) in enumerate(cases)
    ]
    with Watch(findings):
        result = build(folder, texts)
        _count(findings, result, texts)
        for (probe, field), text in zip(cases, texts, strict=True):
            line = next(number for number, header in enumerate(text.headers, 1) if header.startswith(field))
            where = f"{probe.kind} in {field}"
            _judge_one(findings, result, text, where, {line}, text.headers[line - 1])
    return findings


def _sentence(probe: Probe, number: int) -> str:
    return f"Ring {probe.text} om {number}"


def _count(findings: Findings, result: Result, texts: Iterable[Text]) -> None:
    bodies = {text.file: text.body for text in texts}
    findings.tried += len(bodies)
    findings.published += len(result.published)
    findings.refused += len(result.refused)
    findings.crashed += [(words, bodies[file]) for file, words in result.crashed.items()]


def _judge(findings: Findings, result: Result, cases: Iterable[tuple[Case, Text]], *, harmless: bool) -> None:
    files = published(result.site.output) if harmless else set()
    for case, text in cases:
        told = result.refused.get(text.file, [])
        if not harmless and not _stacked(case, told):
            _judge_one(findings, result, text, f"{case.probe.kind} in {case.name}", case.hot(text.first), case.body)
        elif told and not (case.leaf.alone or _stacked(case, told)):
            words = told[0].words.partition(": ")[2]
            findings.untold.append((f"harmless, but {words} ({case.name})", case.body))
        elif text in result.published:
            html = (result.site.output / text.output).read_text("utf-8")
            findings.unchecked += [(words, case.body) for words in unchecked(html, files)]


def _stacked(case: Case, told: Sequence[Told]) -> bool:
    """Whether Markdown takes what stands within two contexts for code or running text, and that is what was told."""
    said = (
        "blir då programkod",
        "blir ingen tabell",
        "gör texten till programkod",
        "blir löpande text",
        "blir ingen rubrik",
        "är inte rätt skriven",
    )
    return len(case.blocks) > 1 and bool(told) and all(any(words in fault.words for words in said) for fault in told)


def _judge_one(findings: Findings, result: Result, text: Text, where: str, hot: set[int], shown: str) -> None:
    told: list[Told] | None = result.refused.get(text.file)
    if told is None and text.file not in result.crashed:
        findings.unchecked.append((where, shown))
    elif told and (words := amiss(text, told)):
        findings.untold.append((words, shown))
    elif told and not any(fault.line in hot for fault in told):
        findings.untold.append((f"line {told[0].line} for {sorted(hot)}: {where}", shown))
