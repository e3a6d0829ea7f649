"""A text's Markdown to HTML, and what was found in it: with one converter and one look for a whole build.

HTML in a text is never passed on: what looks like a tag stays words, which the checks find. So only what ``allowed`` lists can
come out, whatever is written.
"""

import json
import xml.etree.ElementTree as etree
from dataclasses import asdict, dataclass

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor

from plugins.data import Data
from plugins.facts import Facts
from plugins.figures import Charts
from plugins.images.markup import Images
from plugins.inspection import Inspection, inspect
from plugins.kept import Kept
from plugins.limits import beyond
from plugins.source import Source

_ALIGNED = {"text-align: right;": "right", "text-align: center;": "center"}  # what a style can't say under our policy
LAST = 4  # priority among the treeprocessors


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a body became."""

    html: str  # with links to other files still as they are written
    found: Inspection


@dataclass(frozen=True, kw_only=True)
class Read:
    """A file that was read, and what its body became."""

    source: Source
    text: Text


class Prose:
    """The converter that the setting MARKDOWN describes, and the site's own references."""

    def __init__(self, settings: dict):
        options = settings["MARKDOWN"]
        self._data: Data = settings["DATA"]
        self._images = Images(settings["PICTURES"])
        extensions = [*options["extensions"], Facts(self._data), Charts(self._data.charts), self._images, Plain()]
        self._options = {**options, "extensions": extensions}
        self._markdown = Markdown(**self._options)
        self._words = settings["WORDS"]
        self._kept: Kept = settings["KEPT"]

    def text(self, body: str, lang: str = "sv") -> Text:
        """Return the body as HTML with what is to be said of it."""
        if "![" in body:  # its pictures have to be published too
            return self._made(body, lang)
        kept = json.loads(self._kept.of("prose", lang, body, make=lambda: json.dumps(asdict(self._made(body, lang)))))
        return Text(html=kept["html"], found=Inspection.of(kept["found"]))

    def _made(self, body: str, lang: str) -> Text:
        if faults := tuple(beyond(body)):
            return Text(html="", found=Inspection(faults=faults))
        try:
            return self._converted(body, lang)
        except RecursionError:
            self._markdown = Markdown(
                **self._options
            )  # which stopped halfway, and would go on from there with the next
            words = "Texten har för mycket i varandra: listor, citat eller fet och kursiv text. Skriv den enklare."
            return Text(html="", found=Inspection(faults=((0, words),)))

    def _converted(self, body: str, lang: str) -> Text:
        self._markdown.call_leaves_trace = self._words[lang]["call_leaves_trace"]
        html = self._markdown.reset().convert(body)
        targets = {label: target for label, (target, _) in self._markdown.references.items()}
        found = inspect(body, html, data=self._data, pictures=self._images.shown, labels=targets)
        return Text(html=html.replace(' alt=""', ' alt="…"'), found=found)  # Pelican would stop at the first


class Plain(Extension):
    """No HTML but what Markdown makes; ``<br>`` is a line break, and a table's columns have classes instead of styles."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"<br\s*/?>", "br"), "break", 95)
        md.treeprocessors.register(_Columns(md), "columns", LAST)


class _Columns(Treeprocessor):
    def run(self, root: etree.Element) -> None:
        for cell in root.iter():
            if cell.tag in ("th", "td") and (style := cell.attrib.pop("style", None)) in _ALIGNED:
                cell.set("class", _ALIGNED[style])


def remember(read: Read, settings: dict) -> None:
    """Have a text looked at again when all files are read: its links, and what only can be seen together."""
    settings.setdefault("READ", []).append(read)


def of(settings: dict) -> Prose:
    """Return the converter of this build."""
    if "PROSE" not in settings:
        settings["PROSE"] = Prose(settings)
    return settings["PROSE"]
