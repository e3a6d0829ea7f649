"""A year's visits, from the days that ``visits`` has counted, for the annual report. Nothing about anybody."""

import json
from calendar import isleap
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from deploy.server.visits import Unreadable

TOP = 10  # days and pages


def figures(kept: Path, year: int) -> dict[str, Any]:
    """The year's numbers, with the days and the pages that have the most visits. Raises Unreadable.

    Without a counted day ``average`` is None; without a visit the lists are empty.
    """
    visits: dict[str, int] = {}
    pages: dict[str, Counter[str]] = defaultdict(Counter)
    views = unreadable = 0
    for path in sorted(kept.glob(f"{year:04d}-[01][0-9]-[0-3][0-9].json")):
        try:
            counts = json.loads(path.read_text("utf-8"))
            visits[date.fromisoformat(path.stem).isoformat()] = counts["visitors"]
            views, unreadable = views + counts["views"], unreadable + counts["unreadable"]
            for page, numbers in counts["pages"].items():
                pages[page].update(visits=numbers["visitors"], views=numbers["views"])
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Unreadable(f"{path} är inte en räknad dag ({error}).") from error
    days = sorted((day for day in visits if visits[day]), key=lambda day: (-visits[day], day))
    read = sorted(pages, key=lambda page: (-pages[page]["visits"], -pages[page]["views"], page))
    return {
        "year": year,
        "counted": len(visits),
        "days": 365 + isleap(year),
        "visits": sum(visits.values()),
        "views": views,
        "average": round(sum(visits.values()) / len(visits), 1) if visits else None,
        "top_days": [{"day": day, "visits": visits[day]} for day in days[:TOP]],
        "top_pages": [{"path": page, **pages[page]} for page in read[:TOP]],
        "unreadable": unreadable,
    }


def report(kept: Path, year: int) -> str:
    """The year's numbers in Swedish, for the annual report. Raises Unreadable."""
    numbers = figures(kept, year)
    if not numbers["counted"]:
        return f"Det finns inga räknade dagar från {year}.\n"
    whole = numbers["counted"] == numbers["days"]
    counted = f"alla {numbers['days']}" if whole else f"{numbers['counted']} av {numbers['days']}"
    head = [f"Besök på webbplatsen {year}", "", f"Räknade dagar: {counted}"]
    return "\n".join([*head, *_visits(numbers), "", *_explanation(numbers)]) + "\n"


def _visits(numbers: dict[str, Any]) -> list[str]:
    if not numbers["visits"]:
        return ["Ingen besökte webbplatsen de dagarna."]
    days, pages = numbers["top_days"], numbers["top_pages"]
    # few visits a day are told with a decimal, or 0,4 would be none
    average = _number(round(numbers["average"]) if numbers["average"] >= 10 else numbers["average"])
    return [
        f"I snitt {average} besök om dagen, som mest {_number(days[0]['visits'])} ({_date(days[0]['day'])})",
        f"Totalt {_number(numbers['visits'])} besök och {_number(numbers['views'])} sidvisningar",
        "",
        "Dagarna med flest besök",
        *_table([(_date(each["day"]), each["visits"]) for each in days]),
        "",
        "De mest lästa sidorna, med antal besök",
        *_table([(each["path"], each["visits"]) for each in pages]),
    ]


def _explanation(numbers: dict[str, Any]) -> list[str]:
    lines = [
        "Ett besök är en webbläsare under en dag. Kända robotar är borträknade. Adresserna är förkortade,",
        "så två med likadana webbläsare i samma nät räknas som ett besök.",
    ]
    if numbers["unreadable"]:
        lines.append(f"Rader i loggen som inte gick att läsa: {_number(numbers['unreadable'])}")
    return lines


def _table(rows: list[tuple[str, int]]) -> list[str]:
    """Names to the left, numbers to the right."""
    cells = [(name, _number(value)) for name, value in rows]
    left, right = max(len(name) for name, _ in cells), max(len(value) for _, value in cells)
    return [f"  {name:<{left}}  {value:>{right}}" for name, value in cells]


def _date(day: str) -> str:
    """``25 november``"""
    return format_date(date.fromisoformat(day), "d MMMM", locale="sv")


def _number(value: float) -> str:
    """``6 678`` and ``2,3``"""
    return format_decimal(value, locale="sv")
