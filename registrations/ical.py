"""Calendar files (RFC 5545, 5546) that Outlook, Google and Apple take."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from icalendar import Calendar, Event, Timezone, vCalAddress

from registrations.catalogue import Lecture, Site

# Outlook wants the rule, not a list of dates; a test holds it against the time zone database.
_STOCKHOLM = b"""BEGIN:VTIMEZONE
TZID:Europe/Stockholm
BEGIN:DAYLIGHT
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
"""


def published(lectures: Iterable[Lecture], *, site: Site, stamp: datetime) -> bytes:
    """The public calendar of ``lectures`` (METHOD:PUBLISH). Never holds a join link."""
    calendar = _calendar("PUBLISH", site)
    for lecture in lectures:
        event = _event(lecture, site, uid=lecture.slug, stamp=stamp)
        event.add("summary", f"Lunchföreläsning: {lecture.title}")
        event.add("description", f"{lecture.summary}\n\n{site.url}{lecture.path}".strip())
        event.add("url", site.url + lecture.path)
        event.add("location", "Zoom")
        calendar.add_component(event)
    return calendar.to_ical()


def personal(
    method: str, lecture: Lecture, *, site: Site, id: str, email: str, sequence: int, stamp: datetime
) -> bytes:
    """The entry of one who has a seat. ``method``: REQUEST in a letter, PUBLISH as a download, CANCEL takes it back.

    Others may see the calendar: the summary is neutral, and the link to the registrant's own page is not in it.
    """
    calendar = _calendar(method, site)
    uid = hashlib.sha256(f"uid {lecture.slug} {id}".encode()).hexdigest()[:32]  # tells nobody the id
    event = _event(lecture, site, uid=uid, stamp=stamp)
    if method == "CANCEL":
        event["status"] = "CANCELLED"
    event.add("sequence", sequence)
    event.add("summary", "Digital lunchföreläsning")
    event.add("location", lecture.join or "Zoom")
    parts = (lecture.title, lecture.speaker, lecture.join and f"Länk: {lecture.join}", f"{site.url}{lecture.path}")
    event.add("description", "\n".join(part for part in parts if part))
    if method != "PUBLISH":  # which is a calendar's own copy, and has no attendees
        attendee = vCalAddress(f"mailto:{email}")
        attendee.params.update({"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
        event.add("attendee", attendee, encode=False)
    calendar.add_component(event)
    return calendar.to_ical()


def _calendar(method: str, site: Site) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{site.name}//Lunchföreläsningar//SV")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    calendar.add_component(_timezone())
    return calendar


@cache
def _timezone() -> Timezone:
    return Timezone.from_ical(_STOCKHOLM)


def _event(lecture: Lecture, site: Site, *, uid: str, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{site.email.rpartition('@')[2]}")
    organizer = vCalAddress(f"mailto:{site.email}")
    organizer.params["CN"] = site.name
    event["organizer"] = organizer
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", lecture.start)
    event.add("dtend", lecture.end)
    event.add("status", "CANCELLED" if lecture.cancelled else "CONFIRMED")
    return event
