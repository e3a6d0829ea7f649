"""The private catalogue: what the collector must know of each lecture. The site's build writes it.

It holds the join links, so it is never published. One JSON file:
``{"format": 1, "site": {…}, "policy": {"script": […], "style": […]}, "lectures": [{…}, …]}``.
"""

import json
import os
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from registrations.errors import CatalogueError
from registrations.reading import checked, document, moment

FORMAT = 1
FRAME = "frame.html"  # beside the catalogue
ZONE = ZoneInfo("Europe/Stockholm")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_HASH = re.compile(r"sha(256|384|512)-[A-Za-z0-9+/]+={0,2}")


@dataclass(frozen=True, kw_only=True)
class Site:
    """Who holds the lectures: what letters and pages must say of them."""

    name: str  # "Qjouren"
    url: str  # "https://www.qjouren.se", without a slash at the end
    email: str  # the sender of letters, and whom to ask
    phone: str  # as it is written, "08-644 20 32"


@dataclass(frozen=True, kw_only=True)
class Lecture:
    """One dated lecture that people can sign up for, or could. All times are aware."""

    slug: str
    title: str
    start: datetime
    end: datetime
    closes: datetime
    speaker: str
    seats: int
    summary: str = ""
    status: str = "published"  # or "cancelled"; a draft is never in the catalogue
    rerun_of: str | None = None  # slug of the lecture that this one repeats
    example: bool = False
    join: str | None = field(default=None, repr=False)  # secret: only for those with a seat

    @property
    def path(self) -> str:
        """The public page, from the root of the site."""
        return f"/forelasningar/{self.slug}/"

    @property
    def cancelled(self) -> bool:
        """Called off by those who hold it."""
        return self.status == "cancelled"

    def is_past(self, now: datetime) -> bool:
        """Over and done with at ``now``."""
        return now >= self.end

    def is_open(self, now: datetime) -> bool:
        """Whether a sign-up is taken at ``now``."""
        return not self.cancelled and now < self.closes and now < self.start


# What each part is in the file, where times are text.
_SITE = {each.name: str for each in fields(Site)}
_LECTURE = {each.name: str for each in fields(Lecture)} | {
    "seats": int,
    "example": bool,
    "rerun_of": (str, type(None)),
    "join": (str, type(None)),
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The script and style elements in the pages, as the hashes ("sha256-…") that pin them."""

    script: tuple[str, ...] = ()
    style: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """Everything that a build tells the collector."""

    site: Site
    policy: Policy = Policy()
    lectures: dict[str, Lecture] = field(default_factory=dict)

    @classmethod
    def of(cls, lectures: Iterable[Lecture], *, site: Site, policy: Policy = Policy()) -> "Catalogue":
        """A catalogue of ``lectures``, each under its slug."""
        return cls(site=site, policy=policy, lectures={lecture.slug: lecture for lecture in lectures})

    def at(self, url: str | None) -> "Catalogue":
        """The same with the site at ``url``, if there is one."""
        return replace(self, site=replace(self.site, url=url)) if url else self


def dump(catalogue: Catalogue) -> str:
    """The catalogue as JSON text; times in UTC."""
    document = {
        "format": FORMAT,
        "site": asdict(catalogue.site),
        "policy": asdict(catalogue.policy),
        "lectures": [vars(lecture) for lecture in catalogue.lectures.values()],
    }
    return json.dumps(document, default=_utc, ensure_ascii=False)


def parse(text: str, *, path: str = "catalogue") -> Catalogue:
    """The catalogue in ``text``. Raises CatalogueError, which names ``path`` and what is wrong."""
    try:
        whole = document(text)
        if whole["format"] != FORMAT:
            raise CatalogueError(
                path,
                f"har format {whole['format']!r:.40}, men den här versionen läser {FORMAT}. Bygg webbplatsen på nytt.",
            )
        return Catalogue.of(
            (_lecture(record) for record in whole["lectures"]),
            site=Site(**checked(whole["site"], _SITE)),
            policy=policy_of(whole["policy"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(path, f"är ingen katalog ({error!r}). Bygg webbplatsen på nytt.") from error


def policy_of(document: dict) -> Policy:
    """The policy in a part of JSON. Raises ValueError, TypeError or AttributeError when it is none."""
    return Policy(**{kind: _hashes(hashes) for kind, hashes in document.items()})


def write(catalogue: Catalogue, path: Path) -> None:
    """Write the catalogue to ``path`` in one step: a reader sees the old one or the new one."""
    write_text(path, dump(catalogue))


def write_text(path: Path, text: str) -> None:
    """``write_bytes`` of ``text`` in UTF-8, in a folder that is made if it isn't there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(path, text.encode())


def write_bytes(path: Path, data: bytes) -> None:
    """Put ``data`` in place of ``path`` in one step, readable by its owner only. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


class Source(Protocol):
    """Where the catalogue and the frame page come from, as they are at each moment."""

    def __call__(self) -> Catalogue:
        """The catalogue as it is now. Raises CatalogueError when there is none that can be read."""

    def version(self) -> object:
        """Another value whenever the catalogue has been replaced. Raises OSError or CatalogueError when there is none."""

    def policy(self) -> Policy:
        """The policy of the pages; the last one known when the catalogue can't be read: they must be protected all the same."""

    def frame(self) -> str:
        """The page in the site's look that the collector fills with its own answers. Raises CatalogueError."""


class CatalogueFile:
    """The catalogue on disk with the frame page beside it, read again whenever the build has replaced it."""

    def __init__(self, path: Path, *, siteurl: str | None = None):
        self.path = path
        self._siteurl = siteurl  # in place of the one that the site was built with
        self._seen: tuple[int, int] | None = None
        self._catalogue: Catalogue | None = None

    def __call__(self) -> Catalogue:
        try:
            seen = self.version()
            if self._catalogue is None or seen != self._seen:
                text = self.path.read_bytes().decode("utf-8", "replace")
                self._catalogue = parse(text, path=str(self.path)).at(self._siteurl)
                self._seen = seen
        except OSError as error:
            raise CatalogueError(
                str(self.path), f"går inte att läsa ({error.strerror}). Bygg webbplatsen först: make html"
            ) from error
        return self._catalogue

    def version(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_mtime_ns, status.st_ino

    def policy(self) -> Policy:
        try:
            return self().policy
        except CatalogueError:
            return self._catalogue.policy if self._catalogue else Policy()

    def frame(self) -> str:
        path = self.path.with_name(FRAME)
        try:
            return path.read_text("utf-8")
        except OSError as error:
            raise CatalogueError(
                str(path), f"går inte att läsa ({error.strerror}). Bygg webbplatsen först: make html"
            ) from error


def _lecture(record: dict) -> Lecture:
    values = checked(record, _LECTURE)
    if not _SLUG.fullmatch(values["slug"]):  # it becomes a folder's name
        raise ValueError("slug is no part of an address")
    for name in ("start", "end", "closes"):
        values[name] = moment(values[name]).astimezone(ZONE)
    return Lecture(**values)


def _hashes(hashes: object) -> tuple[str, ...]:
    if not isinstance(hashes, list) or not all(isinstance(each, str) and _HASH.fullmatch(each) for each in hashes):
        raise ValueError("no list of hashes")  # they stand in a header and in the settings of web servers
    return tuple(hashes)


def _utc(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    raise TypeError(f"{value!r} has no place in a catalogue")
