"""Which files are content. What lies in ``content/`` and is something else would be passed over in silence, so it is a fault."""

import os
import stat
from collections.abc import Iterator
from pathlib import PurePosixPath
from unicodedata import normalize

from pelican.plugins import signals

from plugins.faults import Fault, collected, nearest
from plugins.source import below_content, name

TEXTS = ("pages", "news", "lectures")
OTHERS = ("images", "data")  # what these hold is looked at by ``images`` and ``data``
SINGLE = ("mark.svg", "look.css")
WRITTEN = (".docx", ".doc", ".rtf", ".odt", ".pages", ".pdf")  # by programs whose files aren't plain text
LARGEST = 1_000_000  # bytes of a text or a data file: a long book has fewer
MEANT = {  # folders that people name in Swedish, in small letters
    "sidor": "pages", "nyheter": "news", "aktuellt": "news", "bilder": "images", "siffror": "data",
    "föreläsningar": "lectures", "forelasningar": "lectures", "föreläsning": "lectures",
}  # fmt: skip
SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx"}  # which Windows and Mac put there, unseen


def markdown_files(content: str, folder: str) -> list[str]:
    """Return the paths of the Markdown files in ``folder`` of ``content``, sorted."""
    return sorted(path for path in _files(os.path.join(content, folder)) if path.endswith(".md"))


def strays(content: str) -> list[Fault]:
    """Return a fault for each file that isn't used because of its place or the end of its name."""
    found = []
    for path in sorted(_files(content)):
        file = name(path, content)
        if words := _stray(PurePosixPath(below_content(file))):
            found.append(Fault(file=file, words=words))
    return found


def unreadable(content: str) -> list[Fault]:
    """Return a fault for each file that must not even be opened: links out of the folder, pipes, what no text is as large as.

    Pictures are looked at when a text shows them.
    """
    found = []
    for place, folders, names in os.walk(content):
        if place == content:
            folders[:] = [each for each in folders if each != "images"]
        paths = [os.path.join(place, each) for each in [*folders, *names] if not is_litter(each)]
        folders[:] = [each for each in folders if not is_litter(each)]
        found += [Fault(file=name(path, content), words=words) for path in paths if (words := _unreadable(path))]
    return found


def _unreadable(path: str) -> str | None:
    try:
        seen = os.lstat(path)
    except OSError as error:
        return f"Filen går inte att läsa ({error.strerror})."
    if stat.S_ISLNK(seen.st_mode):
        return "Det är en genväg. Lägg själva filen eller mappen här, eller ta bort genvägen."
    if stat.S_ISDIR(seen.st_mode):
        return None
    if not stat.S_ISREG(seen.st_mode):
        return "Det är ingen vanlig fil. Ta bort den."
    if not os.access(path, os.R_OK):
        return "Filen får inte läsas. Ändra dess rättigheter."
    if seen.st_size > LARGEST:
        return f"Filen är {seen.st_size / 1_000_000:.0f} MB stor. Dela texten i flera filer, eller ta bort den."
    return None


def is_litter(name: str) -> bool:
    """Return whether a program left the file or folder there: hidden ones, and copies such as ``x.md~`` and ``~$x.docx``."""
    return name.startswith((".", "~$", "#")) or name.endswith("~") or name.casefold() in SYSTEM


def _files(folder: str) -> Iterator[str]:
    for place, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if not is_litter(each)]
        yield from (os.path.join(place, each) for each in names if not is_litter(each))


def _stray(path: PurePosixPath) -> str | None:
    first = path.parts[0]
    if len(path.parts) == 1:
        if first in SINGLE:
            return None
        return f"Filen ligger inte i någon mapp som används. Flytta den till {_place(path)}."
    if first not in TEXTS + OTHERS:
        guess = MEANT.get(normalize("NFC", first).casefold()) or nearest(first, TEXTS + OTHERS)
        return f"Mappen {first} används inte. {f'Menade du content/{guess}?' if guess else f'Flytta filen till {_place(path)}.'}"
    if first in TEXTS and path.suffix != ".md":
        if path.suffix.casefold() in WRITTEN:
            return "Filen är ingen ren text. Kopiera texten till en ny fil i en textredigerare, och spara den som .md."
        return "Filens namn slutar inte på .md, så den blir ingen sida. Byt namn på den eller flytta den."
    return None


def _place(path: PurePosixPath) -> str:
    return "content/pages, content/news eller content/lectures" if path.suffix == ".md" else "rätt mapp i content"


def _check_all(generators: list) -> None:
    settings = generators[0].settings
    collected(settings).extend(strays(settings["PATH"]))


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_check_all)
