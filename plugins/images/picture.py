"""The pictures in ``content/images``: whether they can be published, and as what."""

import hashlib
import warnings
import xml.etree.ElementTree as etree
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from plugins.faults import nearest, quote
from plugins.images.cache import Job
from plugins.images.recipes import FORMATS, photo

WIDTHS = (360, 720, 1080)  # pixels: a phone, a phone with a dense screen, the column with one
SIZES = "(min-width: 40rem) 40rem, 100vw"
LARGEST_FILE = 20_000_000  # bytes
LARGEST = 50_000_000  # pixels: what unfolds to more is a mistake or an attack
KINDS = ("JPEG", "PNG", "WEBP", "AVIF")
FOLDER = "bilder"


class Unfit(Exception):
    """Says in Swedish why a picture can't be published."""


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
        return f"{FOLDER}/{self.path.stem}-{self.key[:10]}-{width}.{kind}"

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
        height = round(self.height * widest / self.width)
        etree.SubElement(whole, "img", {**shown, "width": str(widest), "height": str(height), **later})
        return whole


class Pictures:
    """Those in a folder, and which of them a build needs."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._known: dict[str, Picture | Unfit] = {}
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
        if not any(job.file == picture.file(picture.widths[0], FORMATS[0]) for job in self.jobs):
            self.jobs += picture.jobs()
        return picture

    def _find(self, src: str) -> Picture:
        if src not in self._known:
            try:
                self._known[src] = self._look(src)
            except Unfit as words:
                self._known[src] = words
        found = self._known[src]
        if isinstance(found, Unfit):
            raise found
        return found

    def _look(self, src: str) -> Picture:
        names = sorted(str(path.relative_to(self._folder)) for path in self._folder.rglob("*.*") if path.is_file())
        if src not in names:
            if "//" in src or src.startswith("{"):
                raise Unfit(
                    f"Bilden {quote(src)} måste ligga i content/images. Lägg filen där och skriv bara dess namn."
                )
            guess = nearest(src, names)
            hint = f"Menade du {guess}?" if guess else "Lägg filen där, eller ta bort bilden ur texten."
            raise Unfit(f"Bilden {quote(src)} finns inte i content/images. {hint}")
        path = self._folder / src
        if path.stat().st_size > LARGEST_FILE:
            raise Unfit(f"Bilden {quote(src)} är större än 20 MB. Spara om den mindre.")
        data = path.read_bytes()
        width, height = _measure(src, path)
        return Picture(path, hashlib.sha256(data).hexdigest(), width, height)


def _measure(src: str, path: Path) -> tuple[int, int]:
    """Its size as it is to be seen. Raises Unfit, before anything large is unfolded."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                if image.format not in KINDS:
                    raise Unfit(f"Bilden {quote(src)} är av slaget {image.format}. Spara om den som JPEG eller PNG.")
                if image.width * image.height > LARGEST:
                    raise Unfit(f"Bilden {quote(src)} har fler än 50 miljoner bildpunkter. Spara om den mindre.")
                if getattr(image, "n_frames", 1) > 1:
                    raise Unfit(f"Bilden {quote(src)} rör sig. Spara om den som en stillbild.")
                image.load()
                return ImageOps.exif_transpose(image).size
    except Image.DecompressionBombError as error:
        raise Unfit(f"Bilden {quote(src)} har fler än 50 miljoner bildpunkter. Spara om den mindre.") from error
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise Unfit(f"Bilden {quote(src)} går inte att läsa. Spara om den, eller välj en annan.") from error
