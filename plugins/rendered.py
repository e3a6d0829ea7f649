"""The HTML that Markdown made of a text, taken apart again for the checks: what is checked is what is published. Pure."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from plugins.allowed import ELEMENTS, GENERATED, strange_attribute

BLOCKS = {
    *("p", "li", "dt", "dd", "th", "td", "blockquote", "pre", "div", "figcaption"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
}
VOID = {"br", "hr", "img", "source", "rect", "input", "meta", "link", "col", "wbr", "embed", "area", "base", "track"}


@dataclass
class Block:
    """A paragraph, a heading, an item, a cell: the words that stand in it itself.

    ``written``: without code, and without links that show their own address. ``linked``: the addresses of its links.
    """

    tag: str
    text: str = ""
    written: str = ""
    linked: list[str] = field(default_factory=list)
    generated: bool = False  # whether something of our own extensions stands in it


@dataclass
class Link:
    """``[text](target)``, and the place of its block among the blocks."""

    target: str
    block: int
    text: str = ""
    title: str = ""


@dataclass(frozen=True)
class Strange:
    """An element that isn't on the list, a link in a link, or an element with an ``attribute`` that isn't."""

    tag: str
    attribute: str | None
    block: int


@dataclass
class Rendered:
    """One text, in the order of the page."""

    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    ids: list[tuple[str, int]] = field(default_factory=list)
    strange: list[Strange] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)  # every word and every attribute's value


def parse(html: str) -> Rendered:
    """Take the HTML of one text apart."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    return parser.found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Rendered()
        self._open: list[str] = []
        self._blocks: list[int] = []  # places of the open ones
        self._links: list[Link] = []
        self._code = 0
        self._generated: list[int] = []  # how deep we were when an element of our own began

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found, values = self.found, dict(attrs)
        if tag in BLOCKS:
            found.blocks.append(Block(tag))
            self._blocks.append(len(found.blocks) - 1)
        at = self._at()
        if tag not in ELEMENTS or (tag == "a" and "a" in self._open):  # a browser would end the first link there
            found.strange.append(Strange(tag, None, at))
        elif attribute := strange_attribute(tag, attrs):
            found.strange.append(Strange(tag, attribute, at))
        if "id" in values:
            found.ids.append((values["id"] or "", at))
        found.shown += [value or "" for name, value in attrs] + [name for name, value in attrs if not value]
        if tag == "img" and self._blocks:
            found.blocks[at].generated = True
        if tag == "br":
            self._add("\n")
        if tag == "img" and self._links:
            self._links[-1].text += values.get("alt") or ""
        if tag == "a" and not self._generated:
            self._links.append(Link(values.get("href") or "", at, title=values.get("title") or ""))
            found.links.append(self._links[-1])
            if self._blocks:
                found.blocks[at].linked.append(self._links[-1].target)
        if tag in VOID:
            return
        if (tag, values.get("class")) in GENERATED:
            self._generated.append(len(self._open))
            if self._blocks:
                found.blocks[at].generated = True
        self._open.append(tag)
        self._code += tag == "code"

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            last = self._open.pop()
            self._code -= last == "code"
            if last in BLOCKS and self._blocks:
                self._blocks.pop()
            if last == "a" and self._links:
                self._links.pop()
            if self._generated and self._generated[-1] == len(self._open):
                self._generated.pop()
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        self.found.shown.append(data)
        if not self._generated:
            self._add(data)

    def _add(self, text: str) -> None:
        if self._links:
            self._links[-1].text += text
        if not self._blocks:
            if not text.strip():
                return
            self.found.blocks.append(Block("p"))  # words outside any block
            self.found.blocks[-1].text = self.found.blocks[-1].written = text
            return
        block = self.found.blocks[self._blocks[-1]]
        block.text += text
        shows_itself = bool(self._links) and text.strip() in self._links[-1].target
        block.written += "" if self._code or shows_itself else text

    def _at(self) -> int:
        return self._blocks[-1] if self._blocks else len(self.found.blocks) - 1
