"""The lectures to come, for calendars and feed readers."""

from collections.abc import Callable, Iterable
from datetime import datetime

from plugins import feed
from plugins.lectures.page import LecturePage
from registrations import ical
from registrations.catalogue import Site

CALENDAR = "/forelasningar/kalender.ics"
ATOM = "/forelasningar/atom.xml"
_BEGIN, _END = b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n"


def atom(lectures: Iterable[LecturePage], *, site: Site, home: str, updated: Callable[[LecturePage], datetime]) -> str:
    """An Atom feed. ``updated`` tells when a lecture's file was last changed."""
    items = [
        feed.Item(
            title=page.heading,
            path=page.url,
            key=page.slug,
            text=f"{page.when.capitalize()}. {page.summary}".strip(),
            updated=updated(page),
        )
        for page in lectures
    ]
    return feed.atom(items, title="Föreläsningar", folder="forelasningar", name=site.name, url=site.url, home=home)


def calendars(lectures: list[LecturePage], *, site: Site, stamp: datetime) -> dict[str, bytes]:
    """Calendar files by address: one with all of the lectures, and one for each.

    All are cut from a single calendar, since most of the work of making one is its time zone.
    """
    whole = ical.published([page.lecture for page in lectures], site=site, stamp=stamp)
    head, *events = whole.split(_BEGIN)
    files = {CALENDAR: whole}
    for page, event in zip(lectures, events, strict=True):
        files[page.ics] = head + _BEGIN + event.removesuffix(_END) + _END
    return files
