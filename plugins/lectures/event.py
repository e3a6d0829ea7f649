"""A lecture as schema.org's Event, for search engines. Never the join link: the place is the public page."""

import json

from markupsafe import Markup

from registrations.catalogue import Lecture, Site

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def event(lecture: Lecture, site: Site, *, heading: str) -> Markup:
    """JSON-LD that can stand in a script element, whatever the title says."""
    address = f"{site.url}{lecture.path}"
    document = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": heading,
        "startDate": lecture.start.isoformat(),
        "endDate": lecture.end.isoformat(),
        "eventStatus": f"https://schema.org/{'EventCancelled' if lecture.cancelled else 'EventScheduled'}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": address},
        "organizer": {"@type": "Organization", "name": site.name, "url": site.url},
        "isAccessibleForFree": True,
        "inLanguage": "sv",
    }
    if lecture.summary:
        document["description"] = lecture.summary
    return Markup(json.dumps(document, ensure_ascii=False).translate(_ESCAPES))
