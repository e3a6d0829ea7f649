"""The addresses that files get: whether a name can be one, and whether two files want the same."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from pelican.plugins import signals

from plugins.faults import Fault, collected, quote
from plugins.never import people_in
from plugins.source import below_content, enumerated

_PREFIX = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-\d{2})?)?(?:-|$)", re.ASCII)
_COPY = re.compile(r" - (?:Kopia|Copy)| ?\(\d+\)$| kopia(?: \d+)?$", re.IGNORECASE)
_PART = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# The collector answers there, or the build writes something of its own there.
TAKEN = {"anmalan", "blankett", "utvardering", "healthz", "bilder", "404"}


def slug_of(file: str) -> str:
    """Return the file's name without ``.md`` and without the date, month or year that it may begin with."""
    return _PREFIX.sub("", PurePosixPath(file).stem, count=1)


def better_name(file: str, otherwise: str) -> str:
    """Return a name that makes a good address: ``Ekonomiskt våld.md`` becomes ``ekonomiskt-vald.md``."""
    stem = PurePosixPath(file).stem
    prefix = _PREFIX.match(stem)
    return f"{prefix[0].strip('-') + '-' if prefix else ''}{plain(slug_of(file)) or otherwise}.md"


def plain(words: str) -> str:
    """Return the words as a part of an address: ``Få stöd nu`` becomes ``fa-stod-nu``."""
    letters = (sign for sign in unicodedata.normalize("NFKD", words.casefold()) if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "-", "".join(letters)).strip("-")


def unfit(file: str, *, dated: bool) -> str | None:
    """Return in words why the name of a page's file can't be an address, or None. ``dated``: a date may come first."""
    path = PurePosixPath(below_content(file))
    for folder in path.parts[1:-1]:
        if not _PART.fullmatch(folder):
            words = "Mappens namn blir en del av sidans adress och får bara ha a–z, 0–9 och bindestreck"
            return f"{words}. Byt namn på mappen {quote(folder)} till {plain(folder) or 'mapp'}."
    name = slug_of(path.name) if dated else path.stem
    if not _PART.fullmatch(name):
        better = better_name(path.name, "nyhet") if dated else f"{plain(path.stem) or 'sida'}.md"
        words = "Filnamnet blir sidans adress och får bara ha a–z, 0–9 och bindestreck"
        if _COPY.search(path.stem):
            return f"Filen ser ut som en kopia. Ta bort den, eller byt namn på den till {better}."
        return f"{words}{'' if name else ', och ord efter datumet'}. Byt namn på filen till {better}."
    if said := next(people_in("/".join([*path.parts[1:-1], name]), sure=True), None):
        return said[0]
    first = path.parts[1].removesuffix(".md")
    if not dated and first in TAKEN:
        return f"Adressen /{first}/ används av anmälan och bygget. Byt namn på {quote(path.parts[1])}."
    return None


def claim(slug: str, file: str, settings: dict) -> bool:
    """Note that ``file`` gets the address of ``slug``, which is told at the end if another has it too. True for the first."""
    files = settings.setdefault("ADDRESSES", {}).setdefault(slug.casefold(), [])
    files.append(file)
    return len(files) == 1


def same(claimed: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Return a fault for each file whose address another file has too. ``claimed``: the files by their slugs."""
    return [
        Fault(
            file=file,
            words=f"Samma adress, /{slug}/, får också {enumerated([other for other in files if other != file])}. "
            "Byt namn på en av filerna.",
            value=slug,
        )
        for slug, files in claimed.items()
        if len(files) > 1
        for file in files
    ]


def _check_all(generators: list) -> None:
    settings = generators[0].settings
    collected(settings).extend(same(settings.get("ADDRESSES", {})))


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_check_all)
