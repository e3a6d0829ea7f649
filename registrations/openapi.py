"""The API described (OpenAPI 3.1): what a program may post and what it is answered.

Each answer is JSON for who asks for it by ``Accept`` and a page for everybody else.
"""

from registrations.catalogue import Site
from registrations.form import LONGEST, MARK, SECTORS
from registrations.roster import State

FAULTS = {
    404: "Unknown lecture or registration",
    410: "Past, closed or called off",
    413: "Over 16 kB",
    415: "Not a form",
    429: "Too many; Retry-After says when",
    503: "Can't be stored now; Retry-After says when",
}
SLUG = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}
PAGE = {"text/html": {}}
SEE = {"description": "Where to look", "headers": {"Location": {"schema": {"type": "string"}, "required": True}}}
DONE = {**SEE, "description": "Done; without Accept: application/json"}


def document(site: Site) -> dict:
    """The description as a JSON document."""
    own = "/anmalan/{slug}/{id}"
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Anmälan till {site.name}s föreläsningar", "version": "1"},
        "servers": [{"url": site.url}],
        "paths": {
            "/anmalan/{slug}": {"parameters": [SLUG], "post": _sign_up(), "get": _see("The lecture's page")},
            "/anmalan/{slug}/lage": {"parameters": [SLUG], "get": _state()},
            "/anmalan/{slug}/tack/": {"parameters": [SLUG], "get": _page("After a sign-up: there is a seat", 404, 503)},
            "/anmalan/{slug}/vantelista/": {"parameters": [SLUG], "get": _page("After a sign-up: she waits", 404, 503)},
            "/anmalan/{slug}/bekrafta/": {"parameters": [SLUG], "get": _page("After a sign-up: confirm it", 404, 503)},
            "/anmalan/{slug}/raderat/": {"parameters": [SLUG], "get": _page("After her data were deleted", 404)},
            f"{own}/": {"parameters": [SLUG, ID], "get": _page("The registrant's own page", 404, 503)},
            f"{own}/kalender.ics": {"parameters": [SLUG, ID], "get": _calendar()},
            f"{own}/bekrafta": {
                "parameters": [SLUG, ID],
                "get": _see("The registrant's own page"),
                "post": _act("Confirm", 404, 503, states=State),
            },
            f"{own}/avboka": {
                "parameters": [SLUG, ID],
                "get": _see("The registrant's own page"),
                "post": _act("Cancel", 404, 410, 503, states=[State.CANCELLED]),
            },
            f"{own}/radera": {
                "parameters": [SLUG, ID],
                "get": _see("The registrant's own page"),
                "post": _act("Erase", 404, 503, states=[State.ERASED]),
            },
            f"{own}/tips": {
                "parameters": [SLUG, ID],
                "get": _page("Asks whether letters about other lectures shall end", 404),
                "post": _end_tips(),
            },
            "/healthz": {
                "get": {
                    "summary": "Whether sign-ups can be stored",
                    "responses": {"200": _json("They can", {"ok": {"const": True}}), **_faults(503)},
                }
            },
        },
    }


def _sign_up() -> dict:
    text = {name: {"type": "string", "maxLength": length} for name, length in LONGEST.items()}
    text["email"]["format"] = "email"
    token = {
        "type": "string",
        "description": "From /lage, some seconds old. Without it, when many come, a sign-up is to be confirmed by letter",
    }
    fields = text | {"sector": {"enum": ["", *SECTORS]}, "tips": {"enum": ["", "ja"]}, MARK: token}
    body = {"type": "object", "required": ["email", "name"], "properties": fields}
    bad = _json("Bad input", {"errors": {"type": "object", "additionalProperties": {"type": "string"}}})
    return {
        "summary": "Sign up for a lecture",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": body}}},
        "responses": {
            "201": _json(
                "Stored; with verify, only for two hours unless it is confirmed by the button that a letter leads to",
                {"status": {"enum": ["confirmed", "waiting"]}, "verify": {"const": True}},
                required=("status",),
            ),
            "303": {**DONE, "description": "Stored; without Accept: application/json"},
            "422": {**bad, "content": bad["content"] | PAGE},
            **_faults(404, 410, 413, 415, 429, 503),
        },
    }


def _state() -> dict:
    parts = {"open": {"type": "boolean"}, "seats": {"enum": ["many", "few", "none"]}, MARK: {"type": "string"}}
    return {"summary": "Whether there are seats", "responses": {"200": _json("Now", parts), **_faults(404, 503)}}


def _page(what: str, *faults: int) -> dict:
    return {"summary": what, "responses": {"200": {"description": "A page", "content": PAGE}, **_faults(*faults)}}


def _see(what: str) -> dict:
    return {"summary": f"{what}: a GET never acts", "responses": {"303": SEE, **_faults(404, 503)}}


def _calendar() -> dict:
    entry = {"description": "For one who has a seat", "content": {"text/calendar": {}}}
    return {"summary": "Her calendar entry", "responses": {"200": entry, **_faults(404, 503)}}


def _act(what: str, *faults: int, states: type[State] | list[State]) -> dict:
    done = _json("Done", {"status": {"enum": [state.value for state in states]}})
    return {"summary": what, "responses": {"200": done, "303": DONE, **_faults(*faults)}}


def _end_tips() -> dict:
    done = _json("Ended", {"status": {"const": "tips-ended"}})
    done["content"] |= PAGE
    return {
        "summary": "End the letters about other lectures to this address; also by RFC 8058",
        "responses": {"200": done, **_faults(404, 503)},
    }


def _faults(*codes: int) -> dict:
    faults = {str(code): _json(FAULTS[code], {"error": {"type": "string"}}) for code in codes}
    for code, fault in faults.items():
        fault["content"] |= PAGE
        if code in ("429", "503"):
            fault["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return faults


def _json(description: str, properties: dict, *, required: tuple[str, ...] | None = None) -> dict:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
    }
    return {"description": description, "content": {"application/json": {"schema": schema}}}
