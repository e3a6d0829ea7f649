"""Other people's Markdown through whole builds: refused in words, or published with nothing in it that may not be there."""

from collections.abc import Sequence
from pathlib import Path

from tests.inputs.allowed import published, unchecked
from tests.inputs.building import Result, amiss, build, foreign
from tests.inputs.findings import Findings, Watch
from tests.inputs.samples import Sample
from tests.inputs.site import KINDS, Text

BATCH = 1600  # texts in one build


def check(folder: Path, samples: Sequence[Sample]) -> list[Findings]:
    """Build each sample as a page, a lecture, a news item and in a list; what came of each source."""
    rows = {source: Findings(source) for source in dict.fromkeys(sample.source for sample in samples)}
    placed = [
        (make(f"{kind[0]}{number}", sample.text), rows[sample.source])
        for number, sample in enumerate(samples)
        for kind, make in KINDS.items()
    ]
    whole = Findings("all")
    with Watch(whole):
        for start in range(0, len(placed), BATCH):
            batch = placed[start : start + BATCH]
            result = build(folder, [text for text, _ in batch])
            files = published(result.site.output)
            for text, row in batch:
                _count(row, text, result, files)
            batch[0][1].untold.extend((words, "the good build") for words in foreign(result.said))
    for row in rows.values():
        row.seconds = whole.seconds * row.tried / len(placed)
    return list(rows.values())


def _count(row: Findings, text: Text, result: Result, files: set[str]) -> None:
    row.tried += 1
    if text.file in result.crashed:
        row.crashed.append((result.crashed[text.file], text.body))
    elif told := result.refused.get(text.file):
        row.refused += 1
        row.untold += [(words, text.body) for words in [amiss(text, told)] if words]
    else:
        row.published += 1
        html = (result.site.output / text.output).read_text("utf-8")
        row.unchecked += [(words, text.body) for words in unchecked(html, files)]
