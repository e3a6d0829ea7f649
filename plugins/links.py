"""Links between content files (``{filename}…``): each must lead to a page that is published. Checked before anything is written.

Pelican would warn of the first broken one, in English, and stop there. Links in the pages are made to begin at the site's
root, so that a page is the same wherever it is served.
"""

import posixpath
import re
from collections.abc import Collection
from urllib.parse import unquote

from pelican.plugins import signals

from plugins.faults import Fault, collected, nearest, quote
from plugins.images import PICTURE
from plugins.source import Source, below_content

_LINK = re.compile(r"[{|](?P<what>filename|static|attach|index|category|tag|author)[|}](?P<path>[^\s)\"'<>#?]*)")


def remember(source: Source, settings: dict) -> None:
    """Have the links in ``source`` checked when all files are read."""
    settings.setdefault("SOURCES", []).append(source)


def check(source: Source, published: Collection[str]) -> list[Fault]:
    """A fault for each link that leads nowhere. ``published`` are paths below the content folder."""
    return [
        Fault(file=source.file, words=words, line=number, value=match[0])
        for number, line in source.lines()
        for match in _LINK.finditer(PICTURE.sub("", line))
        if (words := _broken(source.file, match, published))
    ]


def _broken(file: str, match: re.Match, published: Collection[str]) -> str | None:
    if match["what"] != "filename":
        return f"Länken {quote(match[0])} går inte att använda. Länka till en textfil med {{filename}}."
    path = unquote(match["path"])
    folder = posixpath.dirname(below_content(file))
    target = path.lstrip("/") if path.startswith("/") else posixpath.normpath(posixpath.join(folder, path))
    if target in published:
        return None
    guess = nearest(target, published)
    hint = f"Menade du {{filename}}/{guess}?" if guess else "Skriv till exempel {filename}/pages/stod.md."
    return f"Länken {quote(match[0])} leder inte till någon publicerad sida. {hint}"


def _check_all(generators: list) -> None:
    context, settings = generators[0].context, generators[0].settings
    faulty = {below_content(fault.file) for fault in collected(settings)}  # whose own faults are enough
    content = context["generated_content"].items()
    leads = faulty | {path for path, page in content if page is not None and page.status != "draft"}
    for source in settings.get("SOURCES", ()):
        collected(settings).extend(check(source, leads))
    context["localsiteurl"] = ""


def _copy_nothing(generator: object) -> None:
    """Pelican would copy whatever a page links to as a file, a lecture's source too. Each such link is a fault here."""
    generator.context["static_links"].clear()


def register() -> None:
    """Pelican calls this."""
    signals.article_generator_finalized.connect(_copy_nothing)
    signals.page_generator_finalized.connect(_copy_nothing)
    signals.all_generators_finalized.connect(_check_all)
