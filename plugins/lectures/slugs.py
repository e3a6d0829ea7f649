"""A lecture's slug: the part of its file's name that becomes its address. Pure."""

import re
import unicodedata
from pathlib import PurePosixPath

_PREFIX = re.compile(r"\d{4}-(\d{2}-\d{2}-)?", re.ASCII)


def slug_of(file: str) -> str:
    """The file's name without ``.md`` and without the date or year that it may begin with."""
    return _PREFIX.sub("", PurePosixPath(file).stem, count=1)


def better_name(file: str) -> str:
    """A name for the file that makes a good address: ``Ekonomiskt våld.md`` becomes ``ekonomiskt-vald.md``."""
    stem = PurePosixPath(file).stem
    prefix = _PREFIX.match(stem)
    plain = unicodedata.normalize("NFKD", slug_of(file).casefold()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return f"{prefix[0] if prefix else ''}{slug or 'forelasning'}.md"
