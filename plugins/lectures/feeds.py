"""The lectures to come, for calendars and feed readers."""

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

from feedgenerator import Atom1Feed
from markupsafe import escape

from plugins.lectures.page import LecturePage
from registrations import ical
from registrations.catalogue import Site

CALENDAR = "/forelasningar/kalender.ics"
ATOM = "/forelasningar/atom.xml"
_BEGIN, _END = b"BEGIN:VEVENT\r\n", b"END:VCALENDAR\r\n"
SINCE = 2024  # tag addresses name a year in which their maker had the domain; it must never change


def atom(lectures: Iterable[LecturePage], *, site: Site, home: str, updated: Callable[[LecturePage], datetime]) -> str:
    """An Atom feed. The entries' ids are made of ``home``, the organisation's own address, wherever the site is built.

    ``updated`` tells when a lecture's file was last changed.
    """
    tag = f"tag:{urlsplit(home).hostname},{SINCE}:forelasningar"
    feed = Atom1Feed(
        title=f"Föreläsningar – {site.name}",
        link=f"{site.url}/forelasningar/",
        description=None,
        feed_url=f"{site.url}{ATOM}",
        feed_guid=tag,
        author_name=site.name,
        language="sv",
    )
    for page in lectures:
        feed.add_item(
            title=page.heading,
            link=f"{site.url}{page.url}",
            unique_id=f"{tag}/{page.slug}",
            description=str(
                escape(f"{page.when.capitalize()}. {page.summary}".strip())
            ),  # the feed says that it is HTML
            updateddate=updated(page),
        )
    return feed.writeString("utf-8")


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
