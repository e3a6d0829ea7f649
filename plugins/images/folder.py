"""The files in ``content/images``, and which of them a text means. Names come from phones, Windows, Macs and old zip files."""

import os
import re
import unicodedata
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from plugins.addresses import plain
from plugins.faults import nearest, quote
from plugins.files import is_litter
from plugins.images.refusals import Unfit

_EASY = re.compile(r"[\w./-]+")  # a name that Markdown takes as it stands
_ELSEWHERE = re.compile(r".*//|\{|\||[a-z]:|data:|file:", re.IGNORECASE | re.DOTALL)
LONGEST_PATH = 500  # letters of an address in a text that are compared with names
LONGEST = 40  # letters of a published file's name


def published_name(stem: str) -> str:
    """Return a name that is safe in any address and never empty."""
    return plain(stem)[:LONGEST].strip("-") or "bild"


class Folder:
    """The picture files below ``root``; links are not followed, so that nothing from elsewhere is published."""

    def __init__(self, root: Path):
        self._root = root
        self._asked: set[str] = set()

    def find(self, src: str) -> Path:
        """Return the file that a text calls ``src``. Raises Unfit with the way out."""
        for written in dict.fromkeys((_composed(src), _composed(unquote(src).strip("<> ")))):
            names = self._folded.get(written.casefold(), [])
            if names:
                return self._only(src, [written] if written in names else names)
        raise Unfit(self._advice(src))

    def unused(self) -> list[str]:
        """Return the names of the files that no text has asked for."""
        return sorted(set(self._files) - self._asked)

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """By name, as texts write it; two files can have names that look the same."""
        found: dict[str, list[Path]] = {}
        for folder, below, names in os.walk(self._root):
            below[:] = sorted(name for name in below if not is_litter(name))
            for name in sorted(names):
                path = Path(folder, name)
                if not is_litter(name) and (path.is_symlink() or path.is_file()):
                    found.setdefault(_shown(path.relative_to(self._root)), []).append(path)
        return found

    @cached_property
    def _folded(self) -> dict[str, list[str]]:
        folded: dict[str, list[str]] = {}
        for name in self._files:
            folded.setdefault(name.casefold(), []).append(name)
        return folded

    def _only(self, src: str, names: list[str]) -> Path:
        self._asked.update(names)
        paths = [path for name in names for path in self._files[name]]
        if len(paths) > 1:
            raise Unfit(f"Bilden {quote(src)} kan vara flera filer i content/images. Döp om eller ta bort den ena.")
        if paths[0].is_symlink():
            raise Unfit(f"Bilden {quote(src)} är en genväg. Lägg själva filen i content/images.")
        return paths[0]

    def _advice(self, src: str) -> str:
        if not src.strip():
            return "Bilden saknar filnamn. Lägg filen i content/images och skriv ![vad bilden visar](bild.jpg)."
        written = _composed(unquote(src).strip("<> ")).replace("\\", "/")
        web = "://" in src or src.startswith("//")
        named = None if web else self._ending(written)
        if named:
            return f"Bilden {quote(src)} finns inte under det namnet. {self._write(named)}"
        if _ELSEWHERE.match(src):
            return f"Bilden {quote(src)} måste ligga i content/images. Lägg filen där och skriv bara dess namn."
        guess = self._begun(written) or nearest(written, self._files)
        if not guess:
            return f"Bilden {quote(src)} finns inte i content/images. Lägg filen där, eller ta bort bilden ur texten."
        self._asked.add(guess)
        hint = f"Menade du {guess}?" if _EASY.fullmatch(guess) else self._write(guess)
        return f"Bilden {quote(src)} finns inte i content/images. {hint}"

    def _ending(self, written: str) -> str | None:
        """The file whose name a longer path ends with, or that lies in another folder."""
        written = written[-LONGEST_PATH:]
        tails = [written] + [written[at + 1 :] for at, letter in enumerate(written) if letter == "/"]
        for tail in tails:
            if tail.casefold() in self._folded:
                return self._folded[tail.casefold()][0]
        return next((name for name in self._files if Path(name).name.casefold() == tails[-1].casefold()), None)

    def _begun(self, written: str) -> str | None:
        """The file whose name was cut at a space or a parenthesis, where an address often ends."""
        if not written:
            return None
        start = written.casefold()
        return next((name for name in self._files if name.casefold().startswith((f"{start} ", f"{start}("))), None)

    def _write(self, name: str) -> str:
        self._asked.add(name)
        if _EASY.fullmatch(name):
            return f"Skriv ![…]({name})."
        new = self._easier(name)
        sign = "mellanslag" if " " in name else "tecken som inte går i en länk"
        return f"Filnamnet {quote(name)} har {sign}: döp om filen till {new} och skriv ![…]({new})."

    def _easier(self, name: str) -> str:
        """A name for the same file that no other has."""
        *folders, last = name.split("/")
        stem, suffix = (
            "/".join([*map(published_name, folders), published_name(Path(last).stem)]),
            Path(last).suffix.lower(),
        )
        free = (f"{stem}{number}{suffix}" for number in ("", *(f"-{count}" for count in range(2, 1000))))
        return next((new for new in free if new not in self._folded), name)


def _composed(name: str) -> str:
    """A Mac takes å apart into a and its ring; a text and other systems seldom do."""
    return unicodedata.normalize("NFC", name)


def _shown(path: Path) -> str:
    """The name as text: bytes that are no UTF-8 come from an old zip file, in Windows' letters."""
    data = os.fsencode(path)
    try:
        return _composed(data.decode())
    except UnicodeDecodeError:
        return _composed(data.decode("cp1252", "replace"))
