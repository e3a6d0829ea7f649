"""News: short texts in ``content/news`` with a date, which are pages under ``/aktuellt/``; their list and their feed."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from babel.dates import format_date, get_month_names
from pelican.generators import Generator
from pelican.plugins import signals
from pelican.writers import Writer

from plugins import feed, history
from plugins.source import name
from registrations.catalogue import ZONE

FOLDER = "news/"  # below content
LIST = "aktuellt"
TEMPLATE = "article"
EXAMPLE = "2023-11-25"
_MONTHS = {name: number for number, name in get_month_names(locale="sv").items()}
_SEASONS = {"våren": 3, "sommaren": 6, "hösten": 9, "vintern": 12}
FIRST_YEAR = 2000
_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_COARSE = re.compile(r"(?:(\w+) )?(20\d\d)")


@dataclass(frozen=True, order=True)
class Day:
    """When something was: as exactly as is known, and a day to sort by."""

    first: date
    words: str


def day(text: str, *, today: date) -> Day:
    """Return ``2023-11-25``, ``mars 2023``, ``hösten 2022`` or ``2023``; not later than ``today``.

    Raises ValueError with words in Swedish.
    """
    found = _day(text)
    if found.first > today:
        raise ValueError(f"har inte varit än. Skriv en dag till och med i dag, {today}.")
    if found.first.year < FIRST_YEAR:
        raise ValueError("har ett årtal som inte kan stämma.")
    return found


def _day(text: str) -> Day:
    words = text.casefold()
    match = _COARSE.fullmatch(words)
    if match:
        month = {**_MONTHS, **_SEASONS}.get(match[1], 0 if match[1] else 1)
        if month:
            return Day(date(int(match[2]), month, 1), words)
    try:
        exact = date.fromisoformat(text if _EXACT.fullmatch(text) else "")
    except ValueError:
        raise ValueError(f"är ingen dag. Skriv till exempel {EXAMPLE}, mars 2023, hösten 2022 eller 2023.") from None
    return Day(exact, format_date(exact, "d MMMM y", locale="sv"))


class NewsFeed(Generator):
    """Writes ``/aktuellt/atom.xml`` when there is a page that lists the news."""

    def generate_output(self, writer: Writer) -> None:
        """The news are pages, which are read and written already."""
        pages = [page for page in self.context["all_pages"] if page.slug == LIST]
        if not pages:
            return
        home, spans = self.settings["org"]["url"], history.of(self.settings)
        items = [
            feed.Item(
                title=page.title,
                path=f"/{page.url}",
                key=page.slug.rpartition("/")[2],
                text=page.summary,
                published=at,
                updated=spans[file].last if (file := name(page.source_path, self.path)) in spans else at,
            )
            for page in pages[0].children
            for at in [datetime.combine(page.when.first, time(), ZONE)]
        ]
        text = feed.atom(
            items,
            title=pages[0].title,
            folder=LIST,
            name=self.settings["SITENAME"],
            url=self.settings["SITEURL"],
            home=home,
        )
        Path(self.output_path, LIST, "atom.xml").write_text(text, "utf-8")


def _get_generators(pelican: object) -> type[NewsFeed]:
    return NewsFeed


def register() -> None:
    """Pelican calls this."""
    signals.get_generators.connect(_get_generators)
