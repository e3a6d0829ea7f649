"""The pictures in ``content/images``: whether they can be published, and as what."""

import hashlib
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from plugins.faults import quote
from plugins.images import reading
from plugins.images.cache import Job
from plugins.images.folder import Folder, published_name
from plugins.images.recipes import FORMATS, HIGHEST, photo
from plugins.images.refusals import Unfit, refusal

WIDTHS = (360, 720, 1080)  # pixels: a phone, a phone with a dense screen, the column with one
SIZES = "(min-width: 40rem) 40rem, 100vw"
LARGEST_FILE = 20_000_000  # bytes
FOLDER = "bilder"

__all__ = ["Picture", "Pictures", "Unfit"]


@dataclass(frozen=True)
class Picture:
    """One file that can be published, looked through once."""

    path: Path
    key: str  # of its bytes
    width: int
    height: int

    @cached_property
    def widths(self) -> tuple[int, ...]:
        """In pixels; never more than the original has."""
        return tuple(width for width in WIDTHS if width < self.width) + (
            (self.width,) if self.width <= WIDTHS[-1] else ()
        )

    def file(self, width: int, kind: str) -> str:
        """Where a size of it stands, from the root of the site."""
        return f"{FOLDER}/{published_name(self.path.stem)}-{self.key[:10]}-{width}.{kind}"

    def jobs(self) -> list[Job]:
        """All that must be made of it."""
        return [
            Job(
                key=f"{self.key}-{width}",
                file=self.file(width, kind),
                kind=kind,
                make=photo,
                values=(str(self.path), width),
            )
            for width in self.widths
            for kind in FORMATS
        ]

    def element(self, alt: str, *, first: bool) -> etree.Element:
        """``<picture>``: the browser takes the smallest that it can show. The first of a page is loaded at once."""
        whole = etree.Element("picture")
        for kind in FORMATS[:-1]:
            sizes = ", ".join(f"/{self.file(width, kind)} {width}w" for width in self.widths)
            etree.SubElement(whole, "source", type=f"image/{kind}", srcset=sizes, sizes=SIZES)
        last = FORMATS[-1]
        sizes = ", ".join(f"/{self.file(width, last)} {width}w" for width in self.widths)
        widest = self.widths[-1]
        later = {} if first else {"loading": "lazy", "decoding": "async"}
        shown = {"src": f"/{self.file(widest, last)}", "srcset": sizes, "sizes": SIZES, "alt": alt}
        height = max(round(self.height * widest / self.width), 1)
        etree.SubElement(whole, "img", {**shown, "width": str(widest), "height": str(height), **later})
        return whole


class Pictures:
    """Those in a folder, and which of them a build needs."""

    def __init__(self, folder: Path):
        self._folder = Folder(folder)
        self._known: dict[str, Picture | Unfit] = {}
        self._looked: dict[Path, Picture | Unfit] = {}
        self._used: set[str] = set()
        self.jobs: list[Job] = []

    def unfit(self, src: str, alt: str) -> str | None:
        """In words, why a text can't show this picture; None when it can."""
        try:
            self._find(src)
        except Unfit as words:
            return str(words)
        if not alt.strip():
            return f"Bilden {quote(src)} saknar beskrivning. Skriv vad den visar: ![två kvinnor på Odenplan]({src})."
        return None

    def use(self, src: str) -> Picture:
        """The picture, which will be published. Raises Unfit."""
        picture = self._find(src)
        file = picture.file(picture.widths[0], FORMATS[0])
        if file not in self._used:
            self._used.add(file)
            self.jobs += picture.jobs()
        return picture

    def unused(self) -> list[str]:
        """Name the files that no text has asked for, so far."""
        return self._folder.unused()

    def _find(self, src: str) -> Picture:
        if src not in self._known:
            try:
                path = self._folder.find(src)
                if path not in self._looked:  # one file can be written in several ways
                    self._looked[path] = _look(src, path)
                self._known[src] = self._looked[path]
            except Unfit as words:
                self._known[src] = words
        found = self._known[src]
        if isinstance(found, Unfit):
            raise found
        return found


def _look(src: str, path: Path) -> Picture:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unfit(f"Bilden {quote(src)} är större än 20 MB. Spara om den mindre.")
        data = path.read_bytes()
    except OSError as error:
        raise Unfit(f"Bilden {quote(src)} går inte att öppna. Lägg dit filen igen.") from error
    words = refusal(src, data)
    if words:
        raise Unfit(words)
    picture = Picture(path, hashlib.sha256(data).hexdigest(), *_measure(src, data))
    width = picture.widths[-1]
    if picture.height * width / picture.width > HIGHEST:
        raise Unfit(
            f"Bilden {quote(src)} är för hög: {picture.width} × {picture.height} bildpunkter. Dela den i flera bilder."
        )
    return picture


def _measure(src: str, data: bytes) -> tuple[int, int]:
    """Its size as it is to be seen. Raises Unfit."""
    try:
        with reading.opened(data) as image:
            return reading.upright_size(image)
    except reading.TooLarge as error:
        raise Unfit(f"Bilden {quote(src)} har fler än 50 miljoner bildpunkter. Spara om den mindre.") from error
    except reading.Moving as error:
        raise Unfit(f"Bilden {quote(src)} rör sig. Spara om den som en stillbild.") from error
    except reading.Unreadable as error:
        raise Unfit(f"Bilden {quote(src)} går inte att läsa. Spara om den, eller välj en annan.") from error
