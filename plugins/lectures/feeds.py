"""The lectures to come, for calendars and feed readers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from plugins import feed
from plugins.history import Span
from plugins.kept import Kept
from plugins.lectures.page import LecturePage
from registrations import ical
from registrations.catalogue import Lecture, Site

CALENDAR = "/forelasningar/kalender.ics"
ATOM = "/forelasningar/atom.xml"
_END = "END:VCALENDAR\r\n"


def atom(lectures: Iterable[LecturePage], *, site: Site, home: str, changed: Callable[[LecturePage], Span]) -> str:
    """Return an Atom feed. ``changed`` tells when a lecture's file was first and last changed."""
    items = [
        feed.Item(
            title=page.heading,
            path=page.url,
            key=page.slug,
            text=f"{page.when.capitalize()}. {page.summary}".strip(),
            published=changed(page).first,
            updated=changed(page).last,
        )
        for page in lectures
    ]
    return feed.atom(items, title="Föreläsningar", folder="forelasningar", name=site.name, url=site.url, home=home)


def calendars(lectures: list[LecturePage], *, site: Site, stamp: datetime, kept: Kept) -> dict[str, bytes]:
    """Calendar files by address: one with all of the lectures, and one for each.

    An event keeps the stamp of the build that first had it as it stands, so that calendars don't take every build for a change.
    """
    head = ical.published([], site=site, stamp=stamp).decode().removesuffix(_END)

    def event(lecture: Lecture) -> str:
        return ical.published([lecture], site=site, stamp=stamp).decode().removeprefix(head).removesuffix(_END)

    events = {
        page.ics: kept.of("event", repr(site), repr(page.lecture), make=partial(event, page.lecture))
        for page in lectures
    }
    whole = {CALENDAR: "".join(events.values())}
    return {address: f"{head}{event}{_END}".encode() for address, event in (whole | events).items()}
