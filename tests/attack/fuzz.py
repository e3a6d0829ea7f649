"""Made-up input for everything that reads what others wrote: forms, log entries, damaged files, marks, wishes.

``python -m tests.attack.fuzz [INPUTS]`` tries 100,000 in all; ``make test`` a few thousand. Each target raises nothing but what
it promises, and what a log entry's check lets through can be folded without breaking a rule.
"""

import base64
import io
import json
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stderr
from pathlib import Path
from urllib.parse import quote_plus, urlencode

from falcon.testing import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registrations import form, news, published
from registrations.age import Age, Marks
from registrations.catalogue import CatalogueFile
from registrations.crowd import CrowdedLog, _wished
from registrations.desk import Desk
from registrations.errors import CatalogueError, StoreError
from registrations.folder import FolderStore
from registrations.letters import Kind, due, held_until
from registrations.limits import Limits
from registrations.listing import rows
from registrations.log import Log
from registrations.people import People
from registrations.published import PublishedCatalogue
from registrations.roster import _OPTIONAL, _PARTS, Roster, check
from registrations.store import read_format
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
JUNK = st.sampled_from(
    [
        None,
        True,
        -1,
        10**30,
        1.5,
        float("nan"),
        "",
        "x" * 99,
        "\ud800",
        "å",
        "2027-02-30T10:00:00Z",
        "2027-02-10",
        [],
        [[]],
        {},
    ]
)
IDS = st.sampled_from("abcdef")
TIMES = st.sampled_from([f"2027-0{month}-1{day}T10:00:00Z" for month in (1, 2, 3) for day in range(9)])
LETTERS = st.sampled_from([*Kind, "unheard-of"])
PARTS = {
    **{"id": IDS, "address": IDS, "sector": IDS, "start": TIMES, "end": TIMES, "at": TIMES, "letter": LETTERS},
    **{"seats": st.integers(-1, 4), "status": st.sampled_from(["published", "cancelled"]), "link": IDS},
    **{"code": st.sampled_from([0, 250, 451, 550, 10**9]), "verify": st.booleans(), "of": st.integers(-1, 9)},
}


@st.composite
def events(draw: st.DrawFn) -> object:
    """One that may stand in a log, or one with a part that is wrong, lacking or unheard of."""
    kind = draw(st.sampled_from([*_PARTS]))
    optional = [part for part in _OPTIONAL.get(kind, {}) if draw(st.booleans())]
    event = {"kind": kind, **{part: draw(PARTS[part]) for part in ["at", *_PARTS[kind], *optional]}}
    match draw(st.sampled_from(["whole", "whole", "whole", "junk", "less", "other"])):
        case "junk":
            event[draw(st.sampled_from([*event, "more"]))] = draw(JUNK)
        case "less":
            del event[draw(st.sampled_from([*event]))]
        case "other":
            return draw(JUNK)
    return event


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A file after somebody's hand, or a disk, has been at it."""
    start = draw(st.integers(0, len(whole)))
    end = draw(st.integers(start, len(whole)))
    inside = st.binary(max_size=9) | st.sampled_from(
        [b"[" * 200_000, b'{"a":' * 99_999, b"null", b"-1", b'"\\ud800"', b"1e999", b"9" * 5000, b"\xff\xfe"]
    )
    return whole[:start] + draw(inside) + whole[draw(st.sampled_from([start, start + 1, end])) :]


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
    """What the check lets through is folded and told, and those with a seat never exceed the seats that there ever were."""
    held = lecture(seats=3)

    def fold(batches: list) -> None:
        roster, most = Roster(), 0
        for number, entry in enumerate(batches, 1):
            try:
                known = check(json.loads(json.dumps(entry)))
            except ValueError:
                continue
            roster.fold(number, known)
            most = max([most, *(event["seats"] for event in known if event["kind"] == "seats")])
            assert roster.confirmed <= most
            assert roster.confirmed == sum(each.state == "confirmed" for each in roster.registrations.values())
        for now in (NOW, held.start, held.end):
            letters = [letter for letter in due(roster, held, now) if not letter.rests(now)]
            assert len(letters) <= 2 * len(roster.registrations)
            news.hours(held, roster, roster)
        for each in roster.registrations.values():
            assert held_until(each, roster).utcoffset() is not None

    return given(st.lists(st.lists(events(), max_size=5) | JUNK, max_size=6))(fold)


def files(folder: Path) -> Callable:
    """Whatever a file of ours has become, it is read, or refused in words that hold nothing of it."""
    store = FolderStore(folder / "store")
    publish(folder, lecture("liten", seats=3))
    published.publish(folder / "catalogue.json", store)
    desk = Desk(store, CatalogueFile(folder / "catalogue.json"), clock=lambda: NOW)
    desk.sign_up("liten", form.read({"email": "a@exempel.se", "name": "A"})[0])
    person = desk.people("liten")
    id = next(person.ids())
    places = [f"liten/people/{id}.json", "liten/log/00000001.json", "site.json", "format.json"]
    whole = {place: (folder / "store" / place).read_bytes() for place in places}
    whole["catalogue.json"] = (folder / "catalogue.json").read_bytes()
    whole["liten/log/pack.json"] = b"[" + whole["liten/log/00000001.json"] + b"]"

    def read(file: tuple[str, bytes]) -> None:
        place, data = file
        path = folder / "store" / place
        path.write_bytes(data)
        for look in (
            lambda: People(store, "liten").read(id),
            lambda: Log(store, "liten").read(),
            lambda: PackedLog(store).unpack(),
            lambda: PublishedCatalogue(store)(),
            lambda: CatalogueFile(folder / "store/catalogue.json")(),
            lambda: read_format(store),
            lambda: [each.cells() for each in rows(Desk(store, desk.catalogue), desk.catalogue().lectures["liten"])],
        ):
            said = ""
            try:
                look()
            except (StoreError, CatalogueError) as error:
                said = str(error)
            assert "exempel" not in said
            assert id not in said
        path.write_bytes(whole[place]) if place in places else path.unlink()

    return given(st.one_of(*(st.tuples(st.just(place), damaged(data)) for place, data in whole.items())))(read)


class PackedLog(CrowdedLog):
    """A log of which only the pack is read."""

    def __init__(self, store: FolderStore):
        super().__init__(store, "liten")

    def unpack(self) -> None:
        """As when many entries are there."""
        self._unpack(99)


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
    """The name of an object is a registration, or nothing."""

    def name_of(event: object) -> str:
        return f"wish-20270110T-{base64.urlsafe_b64encode(json.dumps(event).encode()).decode().rstrip('=')}"

    def read(name: str) -> None:
        event = _wished(name)
        assert event is None or (check([event]) == [event] and event["kind"] == "registered")

    return given(st.text(max_size=60) | st.builds(name_of, events()))(read)


TARGETS = {each.__name__: each for each in (forms, entries, files, marks, wishes)}


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
