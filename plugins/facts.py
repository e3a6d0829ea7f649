"""Numbers and facts from ``content/data`` for templates and Markdown, so that each is written in one place only.

In Markdown ``{telefon:jouren}`` becomes the number with a link, and ``{epost:jouren}`` the e-mail address.
"""

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from pathlib import Path

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from pelican.plugins import signals

from plugins.data import Data, load
from plugins.faults import nearest, quote
from plugins.figures import suggest
from plugins.source import enumerated

_REFERENCE = re.compile(r"\{\s*(\w+)\s*:([^{}]*)\}")
_BRACE = re.compile(r"\{[^{}]{0,300}\}|\{[^{}\s][^{}\n]{0,40}|[^\s{}]{0,30}\}")
KINDS = ("telefon", "epost", "diagram")
_NESTED = ("p", "ul", "ol", "dl", "blockquote", "table")  # blocks that may stand within one
AFTER_INLINE = 15  # priority among its treeprocessors: numbers are links by then
AFTER_CODE = 185  # priority among the inline patterns of Markdown: code comes before, links after


class Facts(Extension):
    """The Markdown extension: puts what is known of ``data`` into the text; ``unknown`` tells of what stays."""

    def __init__(self, data: Data):
        super().__init__()
        self.data = data

    def extendMarkdown(self, md: Markdown) -> None:
        md.inlinePatterns.register(_Reference(self.data, md), "facts", AFTER_CODE)
        md.treeprocessors.register(_Notes(md), "notes", AFTER_INLINE)


class _Reference(InlineProcessor):
    def __init__(self, data: Data, md: Markdown):
        super().__init__(_REFERENCE.pattern, md)
        self.data = data

    def handleMatch(self, match: re.Match, data: str) -> tuple[etree.Element | None, int | None, int | None]:
        kind, key = match[1], match[2].strip()
        if kind == "diagram" or key not in keys(self.data).get(kind, ()):  # ``figures`` draws those
            return None, None, None
        element = (
            _call(self.data.phones[key], self.md.call_leaves_trace)
            if kind == "telefon"
            else _letter(self.data.org["email"])
        )
        return element, match.start(), match.end()


class _Notes(Treeprocessor):
    """Puts the note about what a call leaves last in its block, once, when more words follow the number."""

    def run(self, root: etree.Element) -> None:
        for block in [
            each for each in root.iter() if each.tag in ("p", "li", "dt", "dd", "th", "td", "h2", "h3", "h4")
        ]:
            parts = list(_inline(block))
            calls = [part for part in parts if not isinstance(part, str)]
            after = parts[parts.index(calls[0]) + 1 :] if calls else []
            if not any(not isinstance(part, str) or re.search(r"\w", part) for part in after):
                continue
            note = calls[0][-1]
            for call in calls:
                call.remove(call[-1])
                call[0].tail = None
            last = etree.Element("span", {"class": "call"})
            last.append(note)
            at = next((at for at, part in enumerate(block) if part.tag in _NESTED), len(block))
            _end_with_space(block, at)
            block.insert(at, last)


def _inline(block: etree.Element) -> Iterator[etree.Element | str]:
    """The numbers and the words that stand in the block itself, in their order, however deep they are marked up."""
    yield block.text or ""
    for part in block:
        if part.get("class") == "call":
            yield part
        elif part.tag not in _NESTED:
            yield from _inline(part)
        yield part.tail or ""


def _end_with_space(block: etree.Element, at: int) -> None:
    """Leave a space between the block's words and what is put in at ``at``."""
    if at:
        block[at - 1].tail = f"{(block[at - 1].tail or '').rstrip()} "
    else:
        block.text = f"{(block.text or '').rstrip()} "


def keys(data: Data) -> dict[str, tuple[str, ...]]:
    """Return the keys that each kind of reference may have."""
    return {"telefon": tuple(data.phones), "epost": ("jouren",), "diagram": tuple(data.charts)}


def references(body: str, data: Data) -> list[str]:
    """Return the references in a text that something else is shown for, as they are written."""
    known = keys(data)
    return [match[0] for match in _REFERENCE.finditer(body) if match[2].strip() in known.get(match[1], ())]


def unknown(text: str, data: Data) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with each brace that stayed in a text that is to be published, in words, and the brace itself."""
    for match in _BRACE.finditer(text) if "{" in text or "}" in text else ():
        yield _words_for(match[0], data), match[0]


def _words_for(brace: str, data: Data) -> str:
    match = _REFERENCE.fullmatch(brace)
    if not match:
        known = "{telefon:…}, {epost:…}, {diagram:…}"
        return f"{quote(brace)} skulle synas på sidan. Det som får stå inom klamrar är {known}, och {{#plats}} sist i en rubrik."
    kind, key = match[1], match[2].strip()
    known = keys(data)
    if kind not in known:
        guess = nearest(kind, KINDS)
        hint = f"Menade du {{{guess}:{key}}}?" if guess else "Det som finns är {telefon:…}, {epost:…} och {diagram:…}."
        return f"{quote(match[0])} finns inte. {hint}"
    if key not in known[kind]:
        guess = nearest(key, known[kind])
        hint = f"Menade du {{{kind}:{guess}}}?" if guess else _those(known[kind])
        hint = suggest(key, known[kind]) if kind == "diagram" else hint
        return f"{quote(match[0])} finns inte i content/data. {hint}"
    return f"{quote(match[0])} måste stå på en egen rad, med en tom rad före och efter."


def _those(known: tuple[str, ...]) -> str:
    return f"Det som finns är {enumerated(known)}." if known else "Det finns inga."


def _call(phone: dict, hint: str) -> etree.Element:
    span = etree.Element("span", {"class": "call"})
    link = etree.SubElement(span, "a", href=f"tel:{phone['tel']}")
    link.text, link.tail = phone["number"], " "
    etree.SubElement(span, "small").text = hint
    return span


def _letter(address: str) -> etree.Element:
    link = etree.Element("a", href=f"mailto:{address}")
    link.text = address
    return link


def _initialized(pelican: object) -> None:
    """Give the data to the templates and to Markdown."""
    settings = pelican.settings
    data = load(Path(settings["PATH"]) / "data", settings["NOW"].date())
    settings.update(DATA=data, org=data.org, phones=data.phones, facts=data.facts)


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
