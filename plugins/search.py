"""The search: a page that lists every page, and a small index in it for a script. What is typed never leaves the page.

A page's words are kept once each, without those that its title and headings hold already: enough to find it by.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup
from pelican.plugins import signals

from plugins.faults import Fault, nearest, quote

TEMPLATE = "search"
SHORTEST = 3  # letters of a word that is worth finding
_TAG = re.compile(r"<[^>]+>")
_HEADING = re.compile(r"<h[23][^>]*>(.*?)</h[23]>", re.DOTALL)
_UNSEEN = re.compile(r"<(script|style|svg)\b.*?</\1>", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


class Synonyms(dict[str, list[str]]):
    """The words of ``search.toml`` by the pages that they lead to, and on which line of ``file`` each page stands."""

    def __init__(self, words: Mapping[str, list[str]], *, file: str, lines: Mapping[str, int | None]):
        super().__init__(words)
        self.file, self.lines = file, lines


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One page that can be found."""

    at: int  # its place in the index
    title: str
    path: str  # from the root of the site
    summary: str
    audience: str
    lang: str
    headings: str  # words, with a space between, in lower case
    text: str  # the same


def entry(page: object, html: str, *, at: int, path: str, synonyms: Mapping[str, list[str]]) -> Entry:
    """What the index has of a page with this body."""
    html = _UNSEEN.sub(" ", html)
    headings = _words(" ".join(_HEADING.findall(html)))
    text = _words(f"{html} {page.summary}")
    known = _words(page.title) | headings
    meant = {word.casefold() for word in synonyms.get(path.strip("/"), ())}
    return Entry(
        at=at,
        title=page.title,
        path=path,
        summary=page.summary,
        audience=getattr(page, "audience", "yrkesverksam"),
        lang=getattr(page, "lang", "sv"),
        headings=" ".join(sorted(headings | meant)),
        text=" ".join(sorted(text - known)),
    )


def unknown(synonyms: Synonyms, paths: Collection[str]) -> list[Fault]:
    """Return a fault for each page in ``synonyms`` that isn't among ``paths``, those of all published pages."""
    known = {path.strip("/") for path in paths}
    faults = []
    for path in synonyms:
        if path in known:
            continue
        guess = nearest(path, known)
        hint = f"Menade du {quote(guess)}?" if guess else "Ta bort raden, eller skriv adressen till en sida som finns."
        words = f"Sidan {quote(path)} finns inte. {hint}"
        faults.append(Fault(file=synonyms.file, words=words, line=synonyms.lines.get(path), value=path))
    return faults


def index(entries: list[Entry]) -> Markup:
    """The headings and texts of the entries as JSON that may stand in a page."""
    rows = [[each.headings, each.text] for each in entries]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))


def _words(html: str) -> set[str]:
    text = unescape(_TAG.sub(" ", html)).casefold()
    return {word for word in _WORD.findall(text) if len(word) >= SHORTEST}


def _collect(generators: list) -> None:
    context = generators[0].context
    searched = [page for page in context.get("all_pages", ()) if page.template == TEMPLATE]
    if not searched:
        return
    synonyms = context["DATA"].synonyms
    pages = [page for page in context["all_pages"] if page.template != TEMPLATE]
    lectures = [*context.get("upcoming", ()), *context.get("past", ())]
    context["found"] = [
        entry(page, str(page.content), at=at, path=f"/{page.url.lstrip('/')}", synonyms=synonyms)
        for at, page in enumerate([*pages, *lectures])
    ]
    context["search_index"] = index(context["found"])


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_collect)
