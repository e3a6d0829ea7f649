"""The site's data files: the organisation, the telephone numbers and the facts, each with its source and when it was checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from plugins import figures, toml
from plugins.faults import Fault, nearest, stop
from plugins.figures import Chart
from plugins.files import is_litter, unreadable
from plugins.phone import dialled
from plugins.rules import FILES, faults_in
from plugins.search import Synonyms
from plugins.source import enumerated
from plugins.toml import Document
from registrations.catalogue import ZONE

MAY_BE_MISSING = ("years", "search")
MONTHS_FRESH = 12


@dataclass(frozen=True, kw_only=True)
class Data:
    """What the files say, as TOML gives it; each telephone number has ``tel`` too: how it is dialled."""

    org: dict = field(default_factory=dict)
    phones: dict[str, dict] = field(default_factory=dict)
    facts: dict[str, dict] = field(default_factory=dict)
    years: dict[str, dict] = field(default_factory=dict)
    synonyms: Mapping[str, list[str]] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)


def is_stale(checked: date, today: date) -> bool:
    """Return whether more than 12 whole months have passed."""
    months = (today.year - checked.year) * 12 + today.month - checked.month
    return (months, today.day) > (MONTHS_FRESH, checked.day)


def load(folder: Path, today: date | None = None) -> Data:
    """Return the data in ``folder``, where nothing was checked after ``today``. With faults, tell them all and stop the build.

    Faults are also files anywhere in the content that must not be opened, for this is the first that is read of it.
    """
    if faults := unreadable(str(folder.parent)):
        stop(faults)
    data, faults = _read_once(folder.resolve(), today or datetime.now(ZONE).date(), _stamps(folder))
    if faults:
        stop(faults)
    return data


@lru_cache(maxsize=2)
def _read_once(folder: Path, today: date, _stamps: object) -> tuple[Data, list[Fault]]:
    """The settings and the build ask for the same data, which cost a twentieth of a small build."""
    return read(folder, today)


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes whenever a file in ``folder`` does."""
    files = ((path.name, path.lstat()) for path in sorted(folder.glob("*")))
    return tuple((name, status.st_mtime_ns, status.st_size) for name, status in files)


def read(folder: Path, today: date) -> tuple[Data, list[Fault]]:
    """Return the data in ``folder`` and every fault in it. With faults the data may lack anything."""
    faults = _unused(folder)
    documents = {name: _document(folder / f"{name}.toml", faults) for name in FILES}
    readable = {name: document for name, document in documents.items() if document is not None}
    faults += faults_in(readable, today)
    if faults:
        return Data(), faults
    tables = {name: document.table for name, document in documents.items()}
    phones = {key: {**entry, "tel": dialled(entry["number"])} for key, entry in tables["telephones"].items()}
    lines = {key: documents["search"].line((key,)) for key in tables["search"]}
    return Data(
        org=tables["organisation"],
        phones=phones,
        facts=tables["facts"],
        years=tables["years"],
        synonyms=Synonyms(tables["search"], file=documents["search"].file, lines=lines),
        charts=figures.charts(tables["years"])[0],
    ), []


def _document(path: Path, faults: list[Fault]) -> Document | None:
    """The file taken apart, or None when it can't be."""
    file = _name(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if path.stem in MAY_BE_MISSING:
            return Document(file=file)
        faults.append(Fault(file=file, words="Filen saknas. Lägg tillbaka den."))
        return None
    except OSError as error:
        faults.append(Fault(file=file, words=f"Filen går inte att läsa ({error.strerror})."))
        return None
    document, wrong = toml.read(file, data)
    faults += wrong
    return None if wrong else document


def _name(path: Path) -> str:
    return "/".join(path.parts[-3:])


def _unused(folder: Path) -> list[Fault]:
    known = [f"{name}.toml" for name in FILES]
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    faults = []
    for name in names:
        if name in known or is_litter(name):
            continue
        guess = nearest(name, known)
        hint = f"Menade du {guess}?" if guess else f"Här får {enumerated(known)} ligga."
        faults.append(
            Fault(file=_name(folder / name), words=f"Filen används inte. {hint} Byt namn på den eller flytta den.")
        )
    return faults
