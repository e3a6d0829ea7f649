"""Markdown to HTML with one converter for a whole build; Pelican's own reader makes a new one for every file."""

from markdown import Markdown

from plugins.facts import Facts
from plugins.figures import Charts
from plugins.images.markup import Images
from plugins.kept import Kept


class Prose:
    """The converter that the setting MARKDOWN describes, and the site's own references."""

    def __init__(self, settings: dict):
        options = settings["MARKDOWN"]
        extensions = [
            *options["extensions"],
            Facts(settings["DATA"]),
            Charts(settings["DATA"].charts),
            Images(settings["PICTURES"]),
        ]
        self._markdown = Markdown(**{**options, "extensions": extensions})
        self._words = settings["WORDS"]
        self._kept: Kept = settings["KEPT"]

    def html(self, body: str, lang: str = "sv") -> str:
        """The body as HTML, with links to other files still as they are written."""
        if "![" in body:  # its pictures have to be published too
            return self._made(body, lang)
        return self._kept.of("prose", lang, body, make=lambda: self._made(body, lang))

    def _made(self, body: str, lang: str) -> str:
        self._markdown.call_leaves_trace = self._words[lang]["call_leaves_trace"]
        html = self._markdown.reset().convert(body)
        return html.replace(' alt=""', ' alt="…"')  # Pelican would stop at the first; here it is a fault among others


def of(settings: dict) -> Prose:
    """The converter of this build."""
    if "PROSE" not in settings:
        settings["PROSE"] = Prose(settings)
    return settings["PROSE"]
