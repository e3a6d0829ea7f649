"""The site's data files: the organisation, the telephone numbers and the facts, each with its source and when it was checked."""

import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from plugins import figures
from plugins.faults import Fault, quote, stop
from plugins.figures import Chart
from plugins.source import enumerated

NEEDED = {
    "organisation": ("name", "url", "email", "exit_url", "source", "checked"),
    "telephones": ("number", "tel", "name", "source", "checked"),
    "facts": ("text", "source", "checked"),
    "years": ("source", "checked"),
}
OPTIONAL = ("years", "search")
OWN = {"jouren": "jourens eget nummer", "nod": "larmnumret"}  # what stands on every page, and in the letters
MONTHS_FRESH = 12


@dataclass(frozen=True, kw_only=True)
class Data:
    """What the files say, as TOML gives it."""

    org: dict = field(default_factory=dict)
    phones: dict[str, dict] = field(default_factory=dict)
    facts: dict[str, dict] = field(default_factory=dict)
    years: dict[str, dict] = field(default_factory=dict)
    synonyms: dict[str, list[str]] = field(default_factory=dict)
    charts: dict[str, Chart] = field(default_factory=dict)

    def stale(self, today: date) -> list[str]:
        """What was checked more than 12 months ago, a line for each file: ``content/data/telephones.toml: bris (2025-08-31)``."""
        files = {
            "organisation": {"": self.org},
            "telephones": self.phones,
            "facts": self.facts,
        }  # a year's figures grow no older
        old = {
            file: [f"{key} ({entry['checked']})".strip() for key, entry in table.items() if _is_stale(entry, today)]
            for file, table in files.items()
        }
        return [f"content/data/{file}.toml: {', '.join(entries)}" for file, entries in old.items() if entries]


def _is_stale(entry: dict, today: date) -> bool:
    return is_stale(_day(entry["checked"]), today)


def is_stale(checked: date, today: date) -> bool:
    """Whether more than 12 whole months have passed."""
    months = (today.year - checked.year) * 12 + today.month - checked.month
    return (months, today.day) > (MONTHS_FRESH, checked.day)


def load(folder: Path) -> Data:
    """The data in ``folder``. Stops the build with every fault when there are any."""
    faults: list[Fault] = []
    tables = {name: _table(folder / f"{name}.toml", faults) for name in NEEDED}
    charts, unfit = figures.charts(tables["years"])
    faults += [Fault(file=_name(folder / "years.toml"), words=words) for words in unfit]
    if faults:
        stop(faults)
    synonyms = _table(folder / "search.toml", faults)
    if faults:
        stop(faults)
    known = {name: tables[name] for name in ("facts", "years")}
    return Data(org=tables["organisation"], phones=tables["telephones"], charts=charts, synonyms=synonyms, **known)


def _table(path: Path, faults: list[Fault]) -> dict:
    file = _name(path)
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        if path.stem in OPTIONAL:
            return {}
        faults.append(Fault(file=file, words="Filen saknas. Lägg tillbaka den."))
        return {}
    except UnicodeDecodeError:
        faults.append(Fault(file=file, words="Filen är inte sparad som UTF-8. Spara om den med teckenkodningen UTF-8."))
        return {}
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault(file=file, words=f"Filen följer inte reglerna för TOML: {error}."))
        return {}
    if path.stem == "search":
        return table
    for key, entry in {"": table}.items() if path.stem == "organisation" else table.items():
        faults += _check(file, key, entry, NEEDED[path.stem])
    if path.stem == "telephones":
        missing = ((key, words) for key, words in OWN.items() if key not in table)
        faults += [Fault(file=file, words=f"[{key}] saknas. Lägg tillbaka {words}.") for key, words in missing]
    return table


def _name(path: Path) -> str:
    return "/".join(path.parts[-3:])


def _check(file: str, key: str, entry: object, needed: tuple[str, ...]) -> list[Fault]:
    header = key or None
    if not isinstance(entry, dict):
        words = f"”{key}” står utanför alla avdelningar. Skriv [{key}] på en egen rad och uppgifterna under den."
        return [Fault(file=file, words=words, header=header)]
    missing = [name for name in needed if entry.get(name) in (None, "")]
    if missing:
        return [Fault(file=file, words=f"Posten saknar {enumerated(missing)}.", header=header)]
    if _day(entry["checked"]) is None:
        value = str(entry["checked"])
        words = f"{quote(value)} i checked är inget datum. Skriv till exempel checked = 2025-01-31."
        return [Fault(file=file, words=words, header=header, value=value)]
    return []


def _day(value: object) -> date | None:
    """A TOML date, or a text that is one."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
