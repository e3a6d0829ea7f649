"""Other people's Markdown: each sample of a suite is the body of a text of its own."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.inputs import sources

_FENCED = re.compile(r"^(`{4,}) example[^\n]*\n(.*?)^\.\n.*?^\1$", re.MULTILINE | re.DOTALL)
_DOTTED = re.compile(r"^\.\n(.*?)^\.\n(.*?)^\.$", re.MULTILINE | re.DOTALL)
_RENDERS = {"assertMarkdownRenders", "assertRendersAs"}


@dataclass(frozen=True)
class Sample:
    """A piece of Markdown. ``source``: the suite. ``name``: its place in the suite."""

    source: str
    name: str
    text: str


def samples() -> list[Sample]:
    """All of them, in the suites' order; the same text only once. Raises ``sources.Unreachable``."""
    seen: set[str] = set()
    found = []
    for source, texts in SUITES.items():
        for name, text in texts():
            if text.strip() and text not in seen:
                seen.add(text)
                found.append(Sample(source, name, text))
    return found


Texts = Iterator[tuple[str, str]]


def _spec(text: str) -> Texts:
    """The examples of a specification in CommonMark's own form: an arrow stands for a tab."""
    for number, match in enumerate(_FENCED.finditer(text), start=1):
        yield str(number), match[2].replace("→", "\t")


def _commonmark() -> Texts:
    yield from _spec(_read(sources.node("commonmark-spec") / "spec.txt"))


def _github() -> Texts:
    yield from _spec(_read(sources.pypi("marko") / "tests/spec/gfm.txt"))


def _marko() -> Texts:
    yield from _files(sources.pypi("marko") / "tests/samples", "*.md")


def _mistune() -> Texts:
    for path in sorted((sources.pypi("mistune") / "tests/fixtures").glob("*.txt")):
        yield from ((f"{path.stem} {name}", text) for name, text in _spec(_read(path)))


def _markdown_it() -> Texts:
    for path in sorted((sources.pypi("markdown-it-py") / "tests/test_port/fixtures").glob("*.md")):
        for number, match in enumerate(_DOTTED.finditer(_read(path)), start=1):
            yield f"{path.stem} {number}", match[1]


def _python_markdown() -> Texts:
    tests = sources.pypi("markdown") / "tests"
    yield from _files(tests, "*.txt")
    yield from _files(tests, "*.text")
    for path in sorted((tests / "test_syntax").rglob("*.py")):
        for node in ast.walk(ast.parse(_read(path))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in _RENDERS and node.args:
                yield from ((f"{path.stem} line {node.lineno}", text) for text in _literal(node.args[0]))


def _markdown2() -> Texts:
    yield from _files(sources.pypi("markdown2") / "test/tm-cases", "*.text")


def _bleach() -> Texts:
    for path in sorted((sources.pypi("bleach") / "tests/data").glob("*.test")):
        yield path.name, _read(path).partition("\n--\n")[0]


def _justhtml() -> Texts:
    cases = json.loads(_read(sources.pypi("justhtml") / "tests/justhtml-sanitize-tests/cases.json"))
    yield from ((case["name"], case["input_html"]) for case in cases)


def _literal(node: ast.expr) -> Iterator[str]:
    """The text of ``"…"`` or ``self.dedent("…")``."""
    if isinstance(node, ast.Call) and node.args:
        lines = [text.split("\n") for text in _literal(node.args[0])]
        for text in lines:
            filled = [len(line) - len(line.lstrip()) for line in text if line.strip()]
            yield "\n".join(line[min(filled, default=0) :] for line in text).strip("\n")
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _files(folder: Path, pattern: str) -> Texts:
    for path in sorted(folder.rglob(pattern)):
        yield str(path.relative_to(folder)), _read(path)


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")


SUITES: dict[str, Callable[[], Texts]] = {
    "CommonMark": _commonmark,
    "GitHub": _github,
    "Python-Markdown": _python_markdown,
    "markdown-it": _markdown_it,
    "markdown2": _markdown2,
    "mistune": _mistune,
    "marko": _marko,
    "bleach (XSS)": _bleach,
    "justhtml (XSS)": _justhtml,
}
