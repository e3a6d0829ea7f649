"""The collector's pages, in Swedish. Each is a title and the inside of ``<main>``; the site's frame page goes around them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from registrations import wording
from registrations.catalogue import Lecture, Site
from registrations.desk import Standing
from registrations.form import FIELDS, MARK, SECTORS
from registrations.roster import State
from registrations.views import render

LECTURES = (("Se alla föreläsningar", "/forelasningar/"),)
WAYS_ON = (("Till startsidan", "/"), *LECTURES)


@dataclass(frozen=True)
class Page:
    """What goes into the frame: the title as text, the inside of main as HTML."""

    title: str
    main: str

    def within(self, frame: str) -> str:
        """The whole page: ``frame`` with its two marks filled."""
        from markupsafe import escape

        head, _, tail = frame.partition("{{title}}")
        before, _, after = tail.partition("{{main}}")
        return f"{head}{escape(self.title)}{before}{self.main}{after}"


def form(
    lecture: Lecture, site: Site, *, values: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> str:
    """The sign-up form, as on the lecture's page. ``values`` refill it; ``errors`` are words by field."""
    return render("form.html", **_form(lecture, site, values or {}, errors or {}))


def form_again(lecture: Lecture, site: Site, *, values: Mapping[str, str], errors: Mapping[str, str]) -> Page:
    """The form once more, with what was typed and what is wrong."""
    context = _form(lecture, site, values, errors)
    return Page("Fel i formuläret", render("form_again.html", when=wording.when(lecture), **context))


def answer(lecture: Lecture, state: State) -> Page:
    """The thank-you page (a seat) or the waiting-list page."""
    if state is State.CONFIRMED:
        return Page("Tack", render("thanks.html", lecture=lecture, when=wording.when(lecture)))
    return Page("Väntelista", render("waiting.html", lecture=lecture, when=wording.when(lecture)))


def asked(lecture: Lecture) -> Page:
    """What one who is asked to confirm does next."""
    return Page("Nästan klart", render("asked.html", lecture=lecture, when=wording.when(lecture)))


def standing(view: Standing, here: str, now: datetime) -> Page:
    """The registrant's own page; ``here`` is its path."""
    lecture, registration = view.lecture, view.registration
    return Page(
        "Din anmälan",
        render(
            "standing.html",
            lecture=lecture,
            registration=registration,
            person=view.person,
            place=view.place,
            here=here,
            tips=view.person is not None and view.person.tips and view.registration.tips_ended is None,
            when=wording.when(lecture),
            registered=wording.moment(datetime.fromisoformat(registration.registered.at)),
            sectors=SECTORS,
            seat=view.seat and not lecture.cancelled,
            started=now >= lecture.start,
            open=lecture.is_open(now),
        ),
    )


def erased() -> Page:
    """After the data were deleted."""
    return Page("Raderat", render("erased.html"))


def end_tips(action: str) -> Page:
    """Asks whether letters about other lectures shall end; ``action`` is the path that ends them."""
    return Page("Mejl om föreläsningar", render("tips.html", action=action))


def tips_ended() -> Page:
    """After those letters were ended."""
    words = "Du får inga fler mejl om kommande föreläsningar."
    kept = "Är du anmäld till en föreläsning får du fortfarande besked om den."
    return message("Klart", words, kept, links=LECTURES)


def closed(lecture: Lecture, now: datetime) -> Page:
    """Why nobody can sign up, or nothing can be changed any more."""
    if lecture.cancelled:
        why = "Föreläsningen är inställd."
    elif now >= lecture.start:
        why = f"Föreläsningen började {wording.moment(lecture.start)}. Efter det går det inte att anmäla sig eller avboka."
    else:
        why = f"Anmälan stängde {wording.moment(lecture.closes)}."
    return message("Anmälan är stängd", why, links=LECTURES)


def message(title: str, *paragraphs: str, links: tuple[tuple[str, str], ...] = ()) -> Page:
    """A page that says one thing and where to go from there."""
    return Page(title, render("message.html", title=title, paragraphs=paragraphs, links=links))


def _form(lecture: Lecture, site: Site, values: Mapping[str, str], errors: Mapping[str, str]) -> dict:
    typed = {name: values.get(name, "") for name in FIELDS}
    return {
        "lecture": lecture,
        "site": site,
        "values": typed,
        "errors": errors,
        "sectors": SECTORS,
        "mark": values.get(MARK, ""),
    }
