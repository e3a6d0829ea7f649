"""What can only be seen when all lectures are read: one address twice, reruns of nothing, a secret link in the open. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable
from html import unescape
from urllib.parse import urlsplit

from plugins.faults import Fault, nearest, quote
from plugins.lectures.headers import Reading
from plugins.lectures.slugs import slug_of
from plugins.source import Source, enumerated

_ADDRESS = re.compile(r"https?://[^\s<>\"'()\[\]]+")


def same_slug(readings: Iterable[Reading]) -> list[Fault]:
    """A fault for each file whose address another file has too."""
    files = defaultdict(list)
    for reading in readings:
        files[reading.slug].append(reading.source.file)
    return [
        Fault(
            file=file,
            words=f"Samma adress, /forelasningar/{slug}/, får också {enumerated([other for other in same if other != file])}. "
            "Byt namn på en av filerna.",
            value=slug,
        )
        for slug, same in files.items()
        if len(same) > 1
        for file in same
    ]


def reruns(readings: Iterable[Reading]) -> list[Fault]:
    """A fault for each rerun of a lecture that isn't there, isn't published, or is itself."""
    by_slug = {reading.slug: reading for reading in readings}
    faults = []
    for reading in by_slug.values():
        words = _not_rerun(reading, by_slug) if reading.rerun else None
        if words:
            header = reading.rerun
            faults.append(
                Fault(file=reading.source.file, words=words, line=header.line, header=header.name, value=header.value)
            )
    return faults


def _not_rerun(reading: Reading, by_slug: dict[str, Reading]) -> str | None:
    value = reading.rerun.value
    original = by_slug.get(value)
    if original is reading:
        return f"{quote(value)} är föreläsningen själv. Skriv adressen till den tidigare, eller ta bort raden."
    if original and not original.draft:
        return None
    if original:
        return f"{quote(value)} är ett utkast och syns inte. Publicera det först, eller ta bort raden."
    others = [slug for slug, other in by_slug.items() if other is not reading and not other.draft]
    guess = nearest(slug_of(value), others)
    hint = f"Menade du {guess}?" if guess else "Skriv filens namn utan datum och utan .md."
    return f"Det finns ingen föreläsning {quote(value)}. {hint}"


def exposed(sources: Iterable[Source], joins: Iterable[str]) -> list[Fault]:
    """A fault for each line, in what is published, that holds a link which only those with a seat may have."""
    secret = {_place(join) for join in joins}
    words = "Här står en möteslänk som bara anmälda ska få. Ta bort den: den skickas i brevet till dem som fått plats."
    return [
        Fault(file=source.file, words=words, line=number)
        for source in sources
        for number, line in _public_lines(source)
        if any(_place(match) in secret for match in _ADDRESS.findall(unescape(line)))
    ]


def _public_lines(source: Source) -> list[tuple[int, str]]:
    headers = [(header.line, header.value) for header in source.headers if header.name.casefold() != "join"]
    return headers + source.lines()


def _place(address: str) -> str:
    """What makes the address the same meeting, whatever is asked of it after a question mark."""
    try:
        parts = urlsplit(address.rstrip(".,;:!?*_"))
    except ValueError:
        return address
    whole = len(parts.path) <= 1
    return f"{parts.netloc}/{parts.query}#{parts.fragment}" if whole else f"{parts.netloc}{parts.path}"
