"""The Markdown that a probe is put into: inline first, then a leaf, then blocks around it, up to three deep.

A line is its text and whether the probe stands in it, so that the line that a report must name is known whatever is put around.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.inputs.probes import ALWAYS, FORMATTED, MARKUP, WORDS, Probe
from tests.inputs.site import HARMLESS, PICTURE

Lines = list[tuple[str, bool]]
BEFORE = "Vi finns här."
CONTROL = Probe("control", HARMLESS, ALWAYS)


@dataclass(frozen=True)
class Inline:
    """Puts a probe into a line of text. ``level``: the probes that are something there, as ``probes`` tells."""

    name: str
    pattern: str
    level: int = MARKUP


@dataclass(frozen=True)
class Leaf:
    """Makes a block of a text. ``in_line``: takes one line only. ``alone``: it is refused whatever stands in it."""

    name: str
    make: Callable[[Lines], Lines]
    in_line: bool = False
    alone: bool = False
    level: int = MARKUP


@dataclass(frozen=True)
class Block:
    """Puts a block into another."""

    name: str
    make: Callable[[Lines], Lines]


@dataclass(frozen=True)
class Case:
    """A probe in its contexts, outermost first."""

    probe: Probe
    inline: Inline
    leaf: Leaf
    blocks: tuple[Block, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the probe is something there, and can be written there."""
        text = self.inline.pattern.replace("{}", self.probe.text)
        return (
            self.probe.level <= min(self.inline.level, self.leaf.level)
            and not (self.leaf.in_line and "\n" in text)
            and not (self.inline.name in ("code", "title", "alt") and not self.probe.in_line)
        )

    @property
    def name(self) -> str:
        return " > ".join([*(block.name for block in self.blocks), self.leaf.name, self.inline.name])

    def lines(self) -> Lines:
        """The whole text."""
        lines = self.leaf.make(_filled(self.inline.pattern, self.probe.text))
        for block in reversed(self.blocks):
            lines = block.make(lines)
        return [*lines, *([("", False), (self.probe.tail, True)] if self.probe.tail else [])]

    @property
    def body(self) -> str:
        return "\n".join(text for text, _ in self.lines())

    def hot(self, first: int) -> set[int]:
        """The lines that a report may name, when the text begins on the line ``first``.

        One more on either side when the probe takes several; any when the context is refused by itself.
        """
        if self.leaf.alone:
            return set(range(first, first + self.body.count("\n") + 1))
        hot = {number for number, (_, here) in enumerate(self.lines(), start=first) if here}
        several = (len(hot) > 1 and not self.probe.tail) or "\n" in self.inline.pattern
        return hot | ({number + step for number in hot for step in (-1, 1)} if several else set())

    def control(self) -> "Case":
        """The same contexts around something harmless."""
        return Case(CONTROL, self.inline, self.leaf, self.blocks)


def _filled(pattern: str, probe: str) -> Lines:
    before, _, after = pattern.partition("{}")
    count = before.count("\n")
    return [
        (text, count <= number <= count + probe.count("\n"))
        for number, text in enumerate(f"{before}{probe}{after}".split("\n"))
    ]


def _prefixed(first: str, rest: str, *before: str) -> Callable[[Lines], Lines]:
    """Indent a block by ``first`` and ``rest``, after the lines ``before``."""

    def make(lines: Lines) -> Lines:
        (text, hot), *others = lines
        inner = [(first + text, hot), *((rest + text if text else rest.rstrip(), hot) for text, hot in others)]
        return [*((line, False) for line in before), *inner]

    return make


def _framed(before: tuple[str, ...], after: tuple[str, ...] = ()) -> Callable[[Lines], Lines]:
    return lambda lines: [*((line, False) for line in before), *lines, *((line, False) for line in after)]


def _around(
    before: str, after: str, *, above: tuple[str, ...] = (), below: tuple[str, ...] = ()
) -> Callable[[Lines], Lines]:
    def make(lines: Lines) -> Lines:
        (text, hot), *_ = lines
        return [*((line, False) for line in above), (f"{before}{text}{after}", hot), *((line, False) for line in below)]

    return make


INLINES = [
    Inline("plain", "{}"),
    Inline("sentence", "Ring {} i dag."),
    Inline("end", f"{BEFORE} {{}}"),
    Inline("brackets", "Så här ({}) är det."),
    Inline("strong", "Ring **{}** i dag."),
    Inline("emphasis", "Ring *{}* i dag."),
    Inline("both", "Ring ***{}*** i dag."),
    Inline("next line", "Ring\n{} i dag."),
    Inline("hard break", "Ring  \n{}"),
    Inline("before a line", "Ring {}\ni dag."),
    Inline("link text", "Läs [om {} i dag](/webblasare/).", FORMATTED),
    Inline("link text in lines", "Läs [om\n{} i dag](/webblasare/).", FORMATTED),
    Inline("reference text", "Läs [om {} i dag][webb].\n\n[webb]: /webblasare/", FORMATTED),
    Inline("title", 'Läs [om webbläsaren](/webblasare/ "{}").', WORDS),
    Inline("title of reference", 'Läs [om webbläsaren][webb].\n\n[webb]: /webblasare/ "{}"', WORDS),
    Inline("alt", f"![Torget, {{}}]({PICTURE})", WORDS),
    Inline("code", "Skriv `{}` så.", ALWAYS),
]
_TABLE = ("| Ord | Text |", "| --- | --- |")
LEAVES = [
    Leaf("paragraph", list),
    Leaf("after a paragraph", _framed((BEFORE, ""))),
    Leaf("heading", _around("## ", ""), in_line=True),
    Leaf("closed heading", _around("## ", " ##"), in_line=True),
    Leaf("underlined heading", _around("", "", below=("---",)), in_line=True, alone=True),
    Leaf("cell", _around("| Stöd | ", " |", above=_TABLE), in_line=True),
    Leaf("first cell", _around("| ", " | Stöd |", above=_TABLE), in_line=True),
    Leaf("head of a table", _around("| Ord | ", " |", below=("| --- | --- |", "| Stöd | Text |")), in_line=True),
    Leaf("cell without edges", _around("Stöd | ", "", above=("Ord | Text", "--- | ---")), in_line=True),
    Leaf("term", _around("", "", below=(":   Det är stöd.",)), in_line=True),
    Leaf("after ```", _framed(("```", "")), alone=True),
    Leaf("after ~~~", _framed(("~~~", "")), alone=True),
    Leaf("between ```", _framed(("```", "Stöd", "```", ""), ("", "```", "Stöd", "```")), alone=True),
    Leaf("in ```", _framed(("```",), ("```",)), alone=True, level=ALWAYS),
    Leaf("in ~~~", _framed(("~~~", ""), ("", "~~~")), alone=True),
    Leaf("in ```html", _framed(("``` html", ""), ("", "```")), alone=True),
    Leaf("indented", _prefixed("    ", "    ", BEFORE, ""), alone=True, level=ALWAYS),
    Leaf("indented by a tab", _prefixed("\t", "\t", BEFORE, ""), alone=True, level=ALWAYS),
    Leaf("indented a little", _prefixed("   ", "   ")),
]
BLOCKS = [
    Block("quote", _prefixed("> ", "> ")),
    Block("quote without space", _prefixed(">", ">")),
    Block("item", _prefixed("- ", "    ")),
    Block("starred item", _prefixed("* ", "    ", f"* {BEFORE}")),
    Block("numbered item", _prefixed("1. ", "    ")),
    Block("sub-item", _prefixed("    - ", "        ", f"- {BEFORE}")),
    Block("numbered sub-item", _prefixed("    1. ", "        ", f"1. {BEFORE}")),
    Block("sub-item by a tab", _prefixed("\t- ", "\t\t", f"- {BEFORE}")),
    Block("continued item", _prefixed("    ", "    ", f"- {BEFORE}", "")),
    Block("item continued by a tab", _prefixed("\t", "\t", f"1. {BEFORE}", "")),
    Block("definition", _prefixed(":   ", "    ", "Stöd")),
    Block("continued definition", _prefixed("    ", "    ", "Stöd", f":   {BEFORE}", "")),
]
LAZY = [
    Leaf("lazy item", _framed((f"- {BEFORE}",))),
    Leaf("lazy quote", _framed((f"> {BEFORE}",))),
    Leaf("lazy definition", _framed(("Stöd", f":   {BEFORE}"))),
]
LEAVES += LAZY
