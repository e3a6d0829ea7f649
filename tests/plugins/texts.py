"""Texts as a build reads them: converted by the site's own Markdown, and looked through."""

from pathlib import Path

from plugins.data import Data
from plugins.images.picture import Pictures
from plugins.prose import Prose, Read
from plugins.source import Source, read

DATA = Data(
    org={"email": "info@testjouren.se"},
    phones={"jouren": {"number": "08-644 20 32", "tel": "+4686442032", "name": "Testjouren"}},
)
MARKDOWN = {"extensions": ["attr_list", "def_list", "sane_lists", "tables"], "output_format": "html"}


class _NothingKept:
    def of(self, *made_of, make):
        return make()


def prose(images: Path = Path("nowhere"), data: Data = DATA) -> Prose:
    """The converter of a build."""
    words = {"sv": {"call_leaves_trace": "Samtalet syns."}}
    return Prose(
        {"MARKDOWN": MARKDOWN, "DATA": data, "PICTURES": Pictures(images), "WORDS": words, "KEPT": _NothingKept()}
    )


def faults_in(body: str, images: Path = Path("nowhere"), data: Data = DATA) -> list[tuple[int, str]]:
    """Line, counted from 1, and words of each thing that is found in a body."""
    return [(line + 1, words) for line, words in prose(images, data).text(body).found.faults]


def reading(text: str, file: str = "content/pages/stod.md") -> Read:
    """A whole file, read and converted."""
    source, _ = read(file, text.encode())
    return Read(source=source, text=prose().text(source.body))


def bare(body: str = "", file: str = "content/pages/stod.md", **headers: str) -> Source:
    """A file with these headers."""
    lines = [f"{name}: {value}" for name, value in headers.items()]
    return read(file, "\n".join([*lines, "", body]).encode())[0]
