"""Links between the pages of the site: each must lead to a page that is published, and to a place that is in it.

Checked before anything is written. Pelican would warn of the first broken one, in English, and stop there. Links in the pages
are made to begin at the site's root, so that a page is the same wherever it is served.
"""

import posixpath
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pelican.plugins import signals

from plugins.faults import Fault, collected, nearest, quote
from plugins.inspection import INTERNAL, THEME_IDS
from plugins.lectures.feeds import ATOM, CALENDAR
from plugins.prose import Read
from plugins.search import unknown
from plugins.source import below_content

NEWS_FEED = "/aktuellt/atom.xml"


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where a link may lead."""

    address: str | None  # from the root of the site; None for a file with faults of its own, which are enough
    ids: Collection[str]


def by_address(targets: Mapping[str, Target]) -> dict[str, Collection[str]]:
    """Return the places in each page by its address from the root of the site, and the feeds, which have none."""
    pages = {target.address: target.ids for target in targets.values() if target.address is not None}
    return pages | {CALENDAR: (), ATOM: (), NEWS_FEED: ()}


def check(
    read: Read, targets: Mapping[str, Target], addresses: Mapping[str, Collection[str]], drafts: Collection[str]
) -> list[Fault]:
    """Return a fault for each link that leads nowhere. ``targets``: by their paths below the content folder."""
    found = []
    for line, link in read.text.found.links:
        if match := INTERNAL.match(link):
            words = _between_files(read.source.file, link, match["what"], targets, drafts)
        elif link.startswith("#"):
            words = None if link[1:] in {*read.text.found.ids, *THEME_IDS} else _no_place(link, link[1:])
        else:
            words = _from_root(link, addresses)
        if words:
            found.append(Fault(file=read.source.file, words=words, line=read.source.body_line + line, value=link))
    return found


def _between_files(
    file: str, link: str, what: str, targets: Mapping[str, Target], drafts: Collection[str]
) -> str | None:
    if what != "filename":
        return f"Länken {quote(link)} går inte att använda. Länka till en textfil med {{filename}}."
    path, _, place = link[len("{filename}") :].partition("#")
    path = unquote(path.partition("?")[0])
    folder = posixpath.dirname(below_content(file))
    name = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
    if name in targets:
        target = targets[name]
        known = target.address is None or not place or place in {*target.ids, *THEME_IDS}
        return None if known else _no_place(link, place)
    if name in drafts:
        return f"Länken {quote(link)} leder till ett utkast. Publicera det, eller ta bort länken."
    guess = _nearest(name, [other for other in targets if other != below_content(file)])
    hint = f"Menade du {{filename}}/{guess}?" if guess else "Skriv till exempel {filename}/pages/stod.md."
    return f"Länken {quote(link)} leder inte till någon publicerad sida. {hint}"


def _nearest(path: str, others: Collection[str]) -> str | None:
    """By the file's own name, first in the same folder: all of them begin alike."""
    for known in ([other for other in others if posixpath.dirname(other) == posixpath.dirname(path)], others):
        names = {posixpath.basename(other).removesuffix(".md"): other for other in known}
        if guess := nearest(posixpath.basename(path).removesuffix(".md"), names):
            return names[guess]
    return None


def _from_root(link: str, targets: Mapping[str, Collection[str]]) -> str | None:
    path, _, place = link.partition("#")
    if path not in targets:
        guess = nearest(path, targets)
        hint = f"Menade du {guess}?" if guess else "Skriv adressen som den står i webbläsaren."
        return f"Länken {quote(path)} leder inte till något på webbplatsen. {hint}"
    if place and place not in {*targets[path], *THEME_IDS}:
        return _no_place(link, place)
    return None


def _no_place(link: str, place: str) -> str:
    return f"Länken {quote(link)} leder till sidan, men inget på den heter {{#{place}}}."


def _check_all(generators: list) -> None:
    context, settings = generators[0].context, generators[0].settings
    read: list[Read] = settings.get("READ", [])
    ids = {below_content(each.source.file): each.text.found.ids for each in read}
    content = [(path, page) for path, page in context["generated_content"].items() if page is not None]
    targets = {
        path: Target(address=f"/{page.url.lstrip('/')}", ids=ids.get(path, ()))
        for path, page in content
        if page.status != "draft"
    }
    faulty = {below_content(fault.file) for fault in collected(settings)}
    targets |= {path: Target(address=None, ids=()) for path in faulty - targets.keys()}
    addresses = by_address(targets)
    collected(settings).extend(unknown(settings["DATA"].synonyms, addresses))
    drafts = {path for path, page in content if page.status == "draft"} | settings.get("DRAFTS", set())
    for each in read:
        collected(settings).extend(check(each, targets, addresses, drafts - targets.keys()))
    context["localsiteurl"] = ""


def _copy_nothing(generator: object) -> None:
    """Pelican would copy whatever a page links to as a file, a lecture's source too. Each such link is a fault here."""
    generator.context["static_links"].clear()


def register() -> None:
    """Pelican calls this."""
    signals.article_generator_finalized.connect(_copy_nothing)
    signals.page_generator_finalized.connect(_copy_nothing)
    signals.all_generators_finalized.connect(_check_all)
