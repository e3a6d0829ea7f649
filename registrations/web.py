"""The HTTP entrance: a WSGI app that is thin. Each answer is a page in the site's look, or JSON for who asks for it.

Nothing is logged but faults, and those name a lecture, never a person.
"""

import json
import traceback
from collections.abc import Callable

import falcon

from registrations import form, headers, openapi, pages
from registrations.age import Age, Marks
from registrations.catalogue import Source
from registrations.desk import Closed, Desk, Unknown, stamp
from registrations.errors import CatalogueError, RegistrationsError, StoreError, Unclear, complain
from registrations.limits import PER_MARK, UNMARKED, Limits, TooMany
from registrations.pages import Page
from registrations.people import is_id
from registrations.roster import State

LARGEST = 16 * 1024  # bytes of a form
FORM = "application/x-www-form-urlencoded"
FEW = 10  # "few" seats are left from here on, or from a tenth of the lecture's seats
RETRY = 30  # seconds to wait when the store can't write

Call = Callable[[str], None]


def application(
    desk: Desk, catalogue: Source, limits: Limits, *, verify: bool = False, call_courier: Call = lambda slug: None
) -> falcon.App:
    """The app over a desk. ``verify``: everybody is asked to confirm. ``call_courier`` hears of lectures with new letters."""
    app = falcon.App(middleware=[_Protection(catalogue)])
    app.req_options.strip_url_path_trailing_slash = True
    answers = _Answers(catalogue)
    resource = _Collector(desk, limits, answers, call_courier, verify)
    app.add_route("/anmalan/openapi.json", resource, suffix="openapi")
    app.add_route("/anmalan/{slug}", resource)
    app.add_route("/anmalan/{slug}/lage", resource, suffix="state")
    app.add_route("/anmalan/{slug}/tack", resource, suffix="thanks")
    app.add_route("/anmalan/{slug}/vantelista", resource, suffix="waiting")
    app.add_route("/anmalan/{slug}/bekrafta", resource, suffix="asked")
    app.add_route("/anmalan/{slug}/raderat", resource, suffix="erased")
    app.add_route("/anmalan/{slug}/{id}", resource, suffix="own")
    app.add_route("/anmalan/{slug}/{id}/kalender.ics", resource, suffix="calendar")
    app.add_route("/anmalan/{slug}/{id}/bekrafta", resource, suffix="verify")
    app.add_route("/anmalan/{slug}/{id}/avboka", resource, suffix="cancel")
    app.add_route("/anmalan/{slug}/{id}/radera", resource, suffix="erase")
    app.add_route("/anmalan/{slug}/{id}/tips", resource, suffix="tips")
    app.add_route("/healthz", resource, suffix="health")
    for kind in (RegistrationsError, falcon.HTTPError, Exception):
        app.add_error_handler(kind, answers.fault)
    return app


class _Protection:
    """The visitor's safety on every answer."""

    def __init__(self, catalogue: Source):
        self._catalogue = catalogue

    def process_response(self, req: falcon.Request, resp: falcon.Response, resource: object, succeeded: bool) -> None:
        resp.set_headers(headers.of_answer(self._catalogue.policy(), req.env))
        if req.path.startswith("/anmalan/"):
            resp.set_header("X-Robots-Tag", "noindex")


class _Answers:
    """Pages or JSON, as the one who asks prefers."""

    def __init__(self, catalogue: Source):
        self._catalogue = catalogue

    def page(self, resp: falcon.Response, page: Page, *, status: str = falcon.HTTP_200) -> None:
        resp.status, resp.content_type = status, falcon.MEDIA_HTML
        try:
            resp.text = page.within(self._catalogue.frame())
        except (CatalogueError, StoreError):  # no build yet, or no store: the words are what matters
            resp.text = page.within(
                '<!doctype html><html lang="sv"><meta charset="utf-8"><title>{{title}}</title>{{main}}'
            )

    def json(self, resp: falcon.Response, document: object, *, status: str = falcon.HTTP_200) -> None:
        resp.status, resp.content_type = status, falcon.MEDIA_JSON
        resp.text = json.dumps(document, ensure_ascii=False)

    def fault(self, req: falcon.Request, resp: falcon.Response, error: Exception, params: dict) -> None:
        """Whatever went wrong, in words that say what to do."""
        status, title, words, wait = _words(error, req)
        if status == falcon.HTTP_500:
            complain("".join(traceback.format_tb(error.__traceback__)) + type(error).__name__)
        elif status == falcon.HTTP_503:
            complain(f"Svarade 503: {error}")
        if wait:
            resp.set_header("Retry-After", str(wait))
        if isinstance(error, falcon.HTTPError) and error.headers:
            resp.set_headers(error.headers)
        if wants_json(req):
            self.json(resp, {"error": words}, status=status)
        elif isinstance(error, Closed):
            self.page(resp, pages.closed(error.lecture, error.moment), status=status)
        else:
            links = pages.WAYS_ON if isinstance(error, falcon.HTTPNotFound) else pages.LECTURES
            self.page(resp, pages.message(title, words, links=links), status=status)


class _Collector:
    def __init__(self, desk: Desk, limits: Limits, answers: _Answers, call_courier: Call, verify: bool):
        self._desk, self._limits, self._answers, self._call = desk, limits, answers, call_courier
        self._marks, self._verify = Marks(desk.store), verify

    def on_get(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        raise falcon.HTTPSeeOther(self._desk.lecture(slug).path)

    def on_post(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        lecture = self._desk.lecture(slug)
        self._desk.check_open(lecture)
        values = _values(req)
        applicant, errors = form.read(values)
        if applicant is None:
            if wants_json(req):
                self._answers.json(resp, {"errors": errors}, status=falcon.HTTP_422)
            else:
                page = pages.form_again(lecture, self._desk.catalogue().site, values=values, errors=errors)
                self._answers.page(resp, page, status=falcon.HTTP_422)
            return
        network = self._limits.sender(req.remote_addr, req.get_header("X-Forwarded-For") or "")
        near = self._limits.check(network=network, email=applicant.email)
        verify = self._doubts(slug, values, near=near, foreign=_is_foreign(req))
        state = self._desk.sign_up(slug, applicant, verify=verify)
        self._call(slug)
        if wants_json(req):
            self._answers.json(resp, {"status": state} | ({"verify": True} if verify else {}), status=falcon.HTTP_201)
        else:
            page = "bekrafta" if verify else "tack" if state is State.CONFIRMED else "vantelista"
            raise falcon.HTTPSeeOther(f"/anmalan/{slug}/{page}/")

    def _doubts(self, slug: str, values: dict[str, str], *, near: bool, foreign: bool) -> bool:
        """Whether a sign-up should be confirmed. Nothing here depends on who is registered: the answer shows it."""
        if self._verify or values.get(form.TRAP) or foreign:
            return True
        mark = values.get(form.MARK, "")
        match self._marks.read(mark, slug, self._desk.clock()):
            case Age.GOOD:
                return self._limits.often(mark, PER_MARK)
            case Age.NONE:
                return near or self._limits.often("unmarked", UNMARKED)
            case Age.BAD:
                return True

    def on_get_state(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        lecture = self._desk.lecture(slug)
        roster = self._desk.roster(lecture)
        seats = "many"
        if roster.takes(stamp(self._desk.clock())) is State.WAITING:
            seats = "none"
        elif roster.free <= max(FEW, lecture.seats // 10):
            seats = "few"
        moment = self._desk.clock()
        mark = self._marks.make(slug, moment)
        self._answers.json(resp, {"open": lecture.is_open(moment), "seats": seats, form.MARK: mark})

    def on_get_thanks(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        self._answers.page(resp, pages.answer(self._desk.lecture(slug), State.CONFIRMED))

    def on_get_waiting(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        self._answers.page(resp, pages.answer(self._desk.lecture(slug), State.WAITING))

    def on_get_asked(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        self._answers.page(resp, pages.asked(self._desk.lecture(slug)))

    def on_get_erased(self, req: falcon.Request, resp: falcon.Response, slug: str) -> None:
        self._answers.page(resp, pages.erased())

    def on_get_own(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        view = self._desk.standing(slug, _id(id))
        self._answers.page(resp, pages.standing(view, f"/anmalan/{slug}/{id}/", self._desk.clock()))

    def on_get_calendar(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        from registrations.compose import calendar_entry  # 130 ms to import, and a sign-up needs none

        view = self._desk.standing(slug, _id(id))
        if not view.seat or view.person is None:
            raise Unknown(slug)
        resp.data = calendar_entry(
            "PUBLISH",
            view.registration,
            view.person,
            lecture=view.lecture,
            site=self._desk.catalogue().site,
            roster=view.roster,
            now=self._desk.clock(),
        )
        resp.content_type = "text/calendar; charset=utf-8"
        resp.downloadable_as = "kalender.ics"

    def on_get_cancel(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        lecture = self._desk.lecture(slug)  # nothing that was made up is sent back in a header
        raise falcon.HTTPSeeOther(f"/anmalan/{lecture.slug}/{_id(id)}/")  # a GET never acts

    on_get_erase = on_get_verify = on_get_cancel

    def on_post_verify(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        state = self._desk.verify(slug, _id(id))
        self._call(slug)
        if wants_json(req):
            self._answers.json(resp, {"status": state})
        else:
            raise falcon.HTTPSeeOther(f"/anmalan/{slug}/{id}/")

    def on_post_cancel(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        self._desk.cancel(slug, _id(id))
        self._call(slug)
        if wants_json(req):
            self._answers.json(resp, {"status": State.CANCELLED})
        else:
            raise falcon.HTTPSeeOther(f"/anmalan/{slug}/{id}/")

    def on_post_erase(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        self._desk.erase(slug, _id(id))
        self._call(slug)
        if wants_json(req):
            self._answers.json(resp, {"status": State.ERASED})
        else:
            raise falcon.HTTPSeeOther(f"/anmalan/{slug}/raderat/")

    def on_get_tips(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        self._answers.page(resp, pages.end_tips(f"/anmalan/{slug}/{_id(id)}/tips"))

    def on_post_tips(self, req: falcon.Request, resp: falcon.Response, slug: str, id: str) -> None:
        """Also what a mail program posts by itself (RFC 8058), which follows no redirection: so the page is the answer."""
        from registrations.privacy import end_tips  # brings the mail clients with it, and a sign-up needs none

        end_tips(self._desk, slug, _id(id))
        if wants_json(req):
            self._answers.json(resp, {"status": "tips-ended"})
        else:
            self._answers.page(resp, pages.tips_ended())

    def on_get_health(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._desk.check_health()
        self._answers.json(resp, {"ok": True})

    on_head = on_get  # the server leaves the body out
    on_head_state = on_get_state
    on_head_own = on_get_own
    on_head_calendar = on_get_calendar
    on_head_cancel = on_head_erase = on_head_verify = on_get_cancel
    on_head_tips = on_get_tips
    on_head_thanks = on_get_thanks
    on_head_waiting = on_get_waiting
    on_head_asked = on_get_asked
    on_head_erased = on_get_erased
    on_head_health = on_get_health

    def on_get_openapi(self, req: falcon.Request, resp: falcon.Response) -> None:
        self._answers.json(resp, openapi.document(self._desk.catalogue().site))

    on_head_openapi = on_get_openapi


def wants_json(req: falcon.Request) -> bool:
    """Whether the client would rather have JSON than a page."""
    return req.client_prefers((falcon.MEDIA_HTML, falcon.MEDIA_JSON)) == falcon.MEDIA_JSON


def _id(text: str) -> str:
    if not is_id(text):
        raise Unknown(text)
    return text


def _values(req: falcon.Request) -> dict[str, str]:
    """The form's fields. Raises HTTPUnsupportedMediaType, HTTPContentTooLarge."""
    if (req.content_type or "").partition(";")[0].strip().lower() != FORM:
        raise falcon.HTTPUnsupportedMediaType()
    if (req.content_length or 0) > LARGEST:
        raise falcon.HTTPContentTooLarge()
    body = req.bounded_stream.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise falcon.HTTPContentTooLarge()
    values = falcon.uri.parse_query_string(body.decode("utf-8", "replace"), keep_blank=True, csv=False)
    return {name: value if isinstance(value, str) else value[0] for name, value in values.items()}


def _is_foreign(req: falcon.Request) -> bool:
    """Whether the browser says that a page of another site has sent the form. Such a page could use all its visitors."""
    return req.get_header("Sec-Fetch-Site") == "cross-site"


def _words(error: Exception, req: falcon.Request) -> tuple[str, str, str, int]:
    """Status, title, words and seconds to wait for an error."""
    match error:
        case Closed():
            return falcon.HTTP_410, "Anmälan är stängd", "Anmälan till föreläsningen är stängd.", 0
        case Unknown():
            words = "Adressen finns inte, eller så är uppgifterna raderade. Hela länken ur mejlet måste komma med."
            return falcon.HTTP_404, "Sidan finns inte", words, 0
        case TooMany():
            words = (
                "Det har kommit många anmälningar på kort tid. Anmälan är inte sparad. Vänta en stund och försök igen."
            )
            return falcon.HTTP_429, "Vänta en stund", words, error.seconds
        case StoreError() | CatalogueError() if req.method != "POST":
            words = "Vi kommer inte åt uppgifterna just nu. Försök igen om en stund, eller mejla oss."
            return falcon.HTTP_503, "Försök igen om en stund", words, RETRY
        case StoreError() | CatalogueError() if req.path.count("/") > 2:  # she acts on her own page
            words = "Vi kunde inte se om det gick igenom. Öppna din sida igen om en stund, eller mejla oss."
            return falcon.HTTP_503, "Försök igen om en stund", words, RETRY
        case Unclear():
            words = (
                "Vi kunde inte se om det sparades. Försök igen om en stund: du blir ändå bara anmäld en gång. "
                "Kommer det inget mejl, så mejla oss."
            )
            return falcon.HTTP_503, "Försök igen om en stund", words, RETRY
        case StoreError() | CatalogueError():
            words = "Vi kunde inte spara just nu, så inget är sparat. Försök igen om en stund, eller mejla oss."
            return falcon.HTTP_503, "Försök igen om en stund", words, RETRY
        case falcon.HTTPContentTooLarge():
            words = "Det du skickade är för stort. Anmälan är inte sparad. Gå till formuläret och skriv kortare."
            return falcon.HTTP_413, "För mycket text", words, 0
        case falcon.HTTPUnsupportedMediaType():
            words = f"Anmälan måste skickas som ett formulär ({FORM}). Använd formuläret på föreläsningens sida."
            return falcon.HTTP_415, "Inte ett formulär", words, 0
        case falcon.HTTPNotFound():
            return falcon.HTTP_404, "Sidan finns inte", "Den sida du letar efter finns inte. Kanske har den flyttat.", 0
        case falcon.HTTPMethodNotAllowed():
            return (
                falcon.HTTP_405,
                "Det går inte",
                "Adressen kan inte användas så. Börja om från föreläsningens sida.",
                0,
            )
        case falcon.HTTPError():
            return error.status, "Det gick inte", "Webbläsaren skickade något som vi inte kunde läsa. Försök igen.", 0
        case _:
            words = "Något gick fel hos oss. Försök igen om en stund, eller mejla oss."
            return falcon.HTTP_500, "Något gick fel", words, 0
