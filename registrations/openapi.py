"""The API described (OpenAPI 3.1): what a program may post and what it is answered."""

from registrations.catalogue import Site
from registrations.form import LONGEST, SECTORS


def document(site: Site) -> dict:
    """The description as a JSON document."""
    slug = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[a-z0-9-]+$"}}
    id = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Anmälan till {site.name}s föreläsningar", "version": "1"},
        "servers": [{"url": site.url}],
        "paths": {
            "/anmalan/{slug}": {"parameters": [slug], "post": _sign_up()},
            "/anmalan/{slug}/lage": {"parameters": [slug], "get": _state()},
            "/anmalan/{slug}/{id}/": {
                "parameters": [slug, id],
                "get": {
                    "summary": "The registrant's own page",
                    "responses": {
                        "200": {"description": "Status and what is stored", "content": {"text/html": {}}},
                        **_faults(404, 503),
                    },
                },
            },
            "/anmalan/{slug}/{id}/avboka": {"parameters": [slug, id], "post": _act("Cancel", 404, 410, 503)},
            "/anmalan/{slug}/{id}/radera": {"parameters": [slug, id], "post": _act("Erase", 404, 503)},
            "/healthz": {
                "get": {
                    "summary": "Whether sign-ups can be stored",
                    "responses": {"200": _json("They can", {"ok": {"type": "boolean"}}), **_faults(503)},
                }
            },
        },
    }


def _sign_up() -> dict:
    text = {name: {"type": "string", "maxLength": length} for name, length in LONGEST.items()}
    fields = text | {"sector": {"enum": ["", *SECTORS]}, "tips": {"enum": ["", "ja"]}}
    body = {"type": "object", "required": ["email", "name"], "properties": fields}
    return {
        "summary": "Sign up for a lecture",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": body}}},
        "responses": {
            "201": _json("Stored", {"status": {"enum": ["confirmed", "waiting"]}}),
            "303": {"description": "Stored; without Accept: application/json"},
            "422": _json("Bad input", {"errors": {"type": "object", "additionalProperties": {"type": "string"}}}),
            **_faults(404, 410, 413, 415, 429, 503),
        },
    }


def _state() -> dict:
    parts = {"open": {"type": "boolean"}, "seats": {"enum": ["many", "few", "none"]}}
    return {"summary": "Whether there are seats", "responses": {"200": _json("Now", parts), **_faults(404, 503)}}


def _act(what: str, *faults: int) -> dict:
    done = _json("Done", {"status": {"enum": ["cancelled", "erased"]}})
    return {"summary": what, "responses": {"200": done, "303": {"description": "Done"}, **_faults(*faults)}}


def _faults(*codes: int) -> dict:
    names = {
        404: "Unknown lecture or registration",
        410: "Past, closed or called off",
        413: "Over 16 kB",
        415: "Not a form",
        429: "Too many; Retry-After says when",
        503: "Can't be stored now; Retry-After says when",
    }
    return {str(code): _json(names[code], {"error": {"type": "string"}}) for code in codes}


def _json(description: str, properties: dict) -> dict:
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
