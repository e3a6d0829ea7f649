"""What can only be seen when all lectures are read: reruns of nothing, a secret link in the open. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from html import unescape
from urllib.parse import urlsplit

from plugins.addresses import slug_of
from plugins.faults import Fault, nearest, quote
from plugins.lectures.headers import Reading
from plugins.never import followed
from plugins.places import Places
from plugins.prose import Read


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


def exposed(read: Iterable[Read], joins: Iterable[str]) -> list[Fault]:
    """Return a fault for each file that would publish a link, or a meeting's number, which only those with a seat may have."""
    secrets = {secret for join in joins for secret in _secrets(join)}
    hosts = {secret.partition("/")[0] for secret in secrets}
    words = "Här står en möteslänk som bara anmälda ska få. Ta bort den: den skickas i brevet till dem som fått plats."
    found = []
    for each in read if secrets else ():
        source = each.source
        if secret := _first(secrets, hosts, each.text.html):
            line = source.body_line + (Places(source.body).line(secret) or 0)
            found.append(Fault(file=source.file, words=words, line=line))
        for header in source.headers:
            if header.name.casefold() != "join" and _first(secrets, hosts, header.value):
                found.append(Fault(file=source.file, words=words, line=header.line))
    return found


def _secrets(join: str) -> list[str]:
    """What gives the meeting away, in lower case: its address without what is asked of it, and its number."""
    try:
        parts = urlsplit(join.casefold())
    except ValueError:
        return [join.casefold()]
    bare = len(parts.path) <= 1  # all that tells the meeting is behind the question mark
    place = f"{parts.netloc}/?{parts.query}#{parts.fragment}".rstrip("#?") if bare else parts.netloc + parts.path
    return [_direct(place), *re.findall(r"\d{9,}", parts.path)]


def _direct(text: str) -> str:
    """The text with every address in it as it is followed, without a port, and with digits of any script as our own."""
    plain = "".join(str(unicodedata.decimal(sign, sign)) if sign.isdecimal() else sign for sign in followed(text))
    return re.sub(r"(?<=[\w-])\.?:443(?=/)|(?<=\w)\.(?=/)", "", plain)


def _first(secrets: Collection[str], hosts: Collection[str], text: str) -> str | None:
    """The first secret that the text or HTML shows, however it is written."""
    shown = _direct(unescape(text)).casefold()
    words = re.sub(r"<[^>]+>", "", shown)
    numbers = {re.sub(r"\D", "", match) for match in re.findall(r"\d[\d\s.-]{7,}\d", words)}
    if found := numbers & set(secrets):
        return found.pop()
    if not any(host in shown for host in hosts):
        return None
    return next((secret for secret in secrets if re.search(re.escape(secret) + r"(?!\w|-\w)", shown)), None)
