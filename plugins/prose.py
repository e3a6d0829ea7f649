"""Markdown to HTML with one converter for a whole build; Pelican's own reader makes a new one for every file."""

from markdown import Markdown

from plugins.facts import Facts
from plugins.figures import Charts
from plugins.images.markup import Images


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

    def html(self, body: str, lang: str = "sv") -> str:
        """The body as HTML, with links to other files still as they are written."""
        self._markdown.call_leaves_trace = self._words[lang]["call_leaves_trace"]
        html = self._markdown.reset().convert(body)
        return html.replace(' alt=""', ' alt="…"')  # Pelican would stop at the first; here it is a fault among others


def of(settings: dict) -> Prose:
    """The converter of this build."""
    if "PROSE" not in settings:
        settings["PROSE"] = Prose(settings)
    return settings["PROSE"]
