"""The function: the collector on a platform that starts a process when somebody calls, over an object store.

``handler`` answers AWS Lambda's function URLs and API Gateway (payload 2.0) with the same WSGI app as the server, and a
scheduled events, ``{"task": "round"}`` and ``{"task": "house"}``, with what the server does between requests.
"""

import os
from functools import cache
from typing import Any

from apig_wsgi import make_lambda_handler

from registrations import settings
from registrations.desk import Desk
from registrations.errors import SettingError, complain
from registrations.limits import Limits
from registrations.web import application

DEFAULTS = {"REGISTRATIONS_CATALOGUE": settings.PUBLISHED}
LOCAL = ("file:", "outbox:")  # which are gone with the process


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer one event. Raises SettingError when the function is set up so that nothing could be kept."""
    match event.get("task"):
        case "round":
            return round()
        case "house":
            return house()
        case _:
            return _http()(event, context)


def round() -> dict[str, int | str]:
    """Every minute: put in order whom an instance left behind, and send the letters that are due; gives counts."""
    courier = _courier()
    _desk().put_in_order(past=False)
    done = courier.round()
    if done.problem:  # the schedule throws away what we return
        complain(f"Breven väntar: {done.problem}")
    return {"sent": done.sent, "refused": done.refused, "left": done.left, "problem": done.problem}


def house() -> dict[str, str]:
    """Every hour: delete personal data whose time is out, and what isn't needed any more."""
    _courier().keep_house()
    return {}


@cache
def _http() -> Any:
    chosen = _settings(letters=False)
    limits = Limits(on=chosen.limits, proxies=chosen.proxies)
    return make_lambda_handler(application(_desk(), chosen.catalogue, limits, verify=chosen.verify))


@cache
def _courier() -> Any:
    from registrations.courier import Courier  # 150 ms to import, and a sign-up needs none of it

    return Courier(_desk(), _settings(letters=True).post)


@cache
def _desk() -> Desk:
    chosen = _settings(letters=False)
    return Desk(chosen.store, chosen.catalogue)


@cache
def _settings(*, letters: bool) -> settings.Settings:
    for name in ("REGISTRATIONS_STORE", *(("REGISTRATIONS_MAIL",) if letters else ())):
        value = os.environ.get(name, "")
        if not value or value.startswith(LOCAL):
            words = "en funktion har ingen disk. Välj ett objektlager (s3://…) och en mejlserver (smtps://…)."
            raise SettingError(name, value.partition(":")[0], words)
    return settings.read({**DEFAULTS, **os.environ}, letters=letters)
