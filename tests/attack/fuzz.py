"""Made-up input for everything that reads what others wrote: forms, log entries, catalogues, marks, wishes.

``python -m tests.attack.fuzz [INPUTS]`` tries 100,000 in all; ``make test`` a few thousand. Each target raises nothing but what
it promises, and what a log entry's check lets through can be folded without breaking a rule.
"""

import io
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from pathlib import Path
from urllib.parse import quote_plus, urlencode

from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registrations import catalogue, form
from registrations.age import Age, Marks
from registrations.catalogue import CatalogueFile
from registrations.crowd import _wished
from registrations.desk import Desk
from registrations.errors import CatalogueError
from registrations.folder import FolderStore
from registrations.limits import Limits
from registrations.roster import _PARTS, Roster, check
from registrations.web import application
from tests.support import NOW, lecture, publish

INPUTS = 100_000
KNOWN = {200, 201, 303, 400, 404, 405, 410, 413, 415, 422, 429}

TEXT = st.text(max_size=300) | st.sampled_from(
    ["", "a@exempel.se", "=?utf-8?q?x?=@exempel.se", "a\r\nBcc: b@exempel.se", "\x00", "💥" * 99]
)
NAMES = st.sampled_from([*form.FIELDS, form.MARK, form.TRAP]) | st.text(max_size=9)
FORMS = st.dictionaries(NAMES, TEXT, max_size=9).map(urlencode) | st.text(max_size=99).map(quote_plus)
BODIES = FORMS.map(str.encode) | st.binary(max_size=400)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda more: st.lists(more) | st.dictionaries(st.text(max_size=9), more),
    max_leaves=9,
)
IDS = st.sampled_from("abcdef")
TIMES = st.sampled_from([f"2027-0{month}-1{day}T10:00:00Z" for month in (1, 2, 3) for day in range(9)])
VALUES = IDS | TIMES | st.integers(-9, 9) | st.sampled_from(["confirmed", "published", "cancelled"]) | JSON
EVENTS = st.fixed_dictionaries(
    {"kind": st.sampled_from([*_PARTS]) | st.text(max_size=5), "at": TIMES | JSON},
    optional=dict.fromkeys(sorted({part for parts in _PARTS.values() for part in parts}), VALUES),
)


def forms(folder: Path) -> Callable:
    """Whatever is posted is answered as the API says, and nothing is written on stderr."""
    published = CatalogueFile(publish(folder, lecture("liten", seats=3)))
    desk = Desk(FolderStore(folder / "store"), published, clock=lambda: NOW)
    client = TestClient(application(desk, published, Limits(on=False)))

    def post(body: bytes, slug: str, json_wanted: bool) -> None:
        said = io.StringIO()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            **({"Accept": "application/json"} if json_wanted else {}),
        }
        with redirect_stderr(said):
            answer = client.simulate_post(f"/anmalan/{slug}", body=body, headers=headers)
        assert answer.status_code in KNOWN, (answer.status_code, body)
        assert not said.getvalue(), said.getvalue()

    return given(BODIES, st.sampled_from(["liten", "liten", "liten", "finnsinte", "..", "liten/lage"]), st.booleans())(
        post
    )


def entries(folder: Path) -> Callable:
    """What the check lets through is folded, and those with a seat never exceed the seats that there ever were."""

    def fold(batches: list) -> None:
        roster, most = Roster(), 0
        for number, events in enumerate(batches, 1):
            try:
                known = check(json.loads(json.dumps(events)))
            except ValueError:
                continue
            roster.fold(number, known)
            most = max([most, *(event["seats"] for event in known if event["kind"] == "seats")])
            assert roster.confirmed <= max(most, 0)
            assert roster.confirmed == sum(each.state == "confirmed" for each in roster.registrations.values())

    return given(st.lists(st.lists(EVENTS, max_size=5) | JSON, max_size=6))(fold)


def catalogues(folder: Path) -> Callable:
    """A catalogue is read, or refused in words."""
    whole = json.loads(
        catalogue.dump(
            catalogue.Catalogue.of([lecture()], site=catalogue.Site(name="a", url="b", email="c@d", phone="e"))
        )
    )

    def parse(part: str, value: object, text: str) -> None:
        for candidate in (text, json.dumps({**whole, part: value})):
            with suppress(CatalogueError):
                catalogue.parse(candidate)

    return given(st.sampled_from([*whole]), JSON, st.text(max_size=99))(parse)


def marks(folder: Path) -> Callable:
    """Nothing made up is ever taken for a mark of ours."""
    ours = Marks(FolderStore(folder / "marks"))
    good = ours.make("liten", NOW)

    def read(text: str, cut: int, other: str) -> None:
        for mark in (text, good[:cut] + text, good[:cut] + other + good[cut + 1 :]):
            if mark != good:
                assert ours.read(mark, "liten", NOW) is not Age.GOOD
            assert ours.read(mark, "annan", NOW) is not Age.GOOD

    return given(st.text(max_size=120), st.integers(0, 60), st.characters())(read)


def wishes(folder: Path) -> Callable:
    """The name of an object is an event that can be folded, or none."""

    def read(name: str) -> None:
        event = _wished(name)
        assert event is None or check([event]) == [event]

    return given(st.text(max_size=60) | st.from_regex(r"wish-[0-9TZ]{1,16}-[\w-]{1,80}", fullmatch=True))(read)


TARGETS = {"forms": forms, "entries": entries, "catalogues": catalogues, "marks": marks, "wishes": wishes}


def run(name: str, inputs: int, folder: Path) -> None:
    """Try so many inputs on one target. Raises what Hypothesis found, made small."""
    limits = settings(max_examples=inputs, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    limits(TARGETS[name](folder))()


def main() -> None:
    """Try them all."""
    inputs = int(sys.argv[1]) if len(sys.argv) > 1 else INPUTS
    for name in TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            run(name, inputs // len(TARGETS), Path(folder))
        print(f"{name}: {inputs // len(TARGETS)} inputs, nothing found", flush=True)


if __name__ == "__main__":
    main()
