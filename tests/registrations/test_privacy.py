"""Personal data are deleted when they should be, everywhere, and the counts stay."""

from datetime import timedelta

import pytest

from registrations import privacy
from registrations.courier import Courier
from registrations.desk import Desk
from registrations.folder import FolderStore
from registrations.form import Applicant
from registrations.post import Outbox
from registrations.roster import State
from tests.support import START, Clock, catalogue, lecture

LECTURES = catalogue(lecture("liten", seats=1), lecture("annan"), lecture("annan-repris"))
END = START + timedelta(hours=1)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def post(tmp_path):
    return Outbox(tmp_path / "outbox")


@pytest.fixture
def desk(tmp_path, clock, post):
    """Anna is signed up for all three, Bea for the small one; letters are sent."""
    desk = Desk(FolderStore(tmp_path / "store"), lambda: LECTURES, clock=clock)
    for slug in LECTURES.lectures:
        sign_up(desk, slug, "Anna@exempel.se", "Anna Unik")
    sign_up(desk, "liten", "bea@exempel.se", "Bea")
    Courier(desk, post).round()
    return desk


def sign_up(desk, slug, email, name):
    desk.sign_up(slug, Applicant(email=email, name=name, organisation="Unika byrån", sector="vard", tips=True))


def traces(folder, *words):
    """The files that hold one of the words, in name or text."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in paths if any(word in path.name.encode() + path.read_bytes().lower() for word in words)]


def test_all_about_an_address_is_erased_at_once_and_its_seat_goes_to_the_next(tmp_path, desk, post):
    assert len(traces(tmp_path, b"anna@exempel.se")) == 6

    assert privacy.erase(desk, post, "ANNA@exempel.se") == 3

    assert traces(tmp_path, b"anna@", b"anna unik") == []
    assert [each.state for each in desk.log("liten").read().registrations.values()] == [State.ERASED, State.CONFIRMED]
    assert len(traces(tmp_path, b"bea@exempel.se")) == 2
    assert privacy.erase(desk, post, "anna@exempel.se") == 0


def test_erasing_by_the_own_pages_button_takes_the_letters_in_the_outbox_too(tmp_path, desk, post):
    for slug in LECTURES.lectures:
        desk.erase(slug, next(iter(desk.log(slug).read().registrations)))

    Courier(desk, post).round()

    assert traces(tmp_path, b"anna@", b"anna unik") == []
    assert len(traces(tmp_path / "outbox", b"bea@exempel.se")) == 2  # she has a seat now


def test_people_and_key_are_deleted_thirty_days_after_the_lecture_and_the_counts_stay(tmp_path, desk, post, clock):
    clock.now = END + timedelta(days=30) - timedelta(seconds=1)
    assert privacy.purge(desk, post) == []
    clock.now = END + timedelta(days=30)

    assert privacy.purge(desk, post) == ["annan", "annan-repris", "liten"]

    assert traces(tmp_path, b"@exempel.se", b"anna unik", b"bea@", b"unika") == []
    assert not list((tmp_path / "store").rglob("key"))
    again = Desk(FolderStore(tmp_path / "store"), lambda: LECTURES, clock=clock).log("liten").read()
    assert (again.confirmed, len(again.waiting)) == (1, 1)
    assert {each.sector for each in again.registrations.values()} == {"vard"}
    assert privacy.purge(desk, post) == []
    assert desk.standing("liten", next(iter(again.registrations))).person is None


def test_a_lecture_that_the_catalogue_has_forgotten_is_purged_too(tmp_path, desk, post, clock):
    clock.now = END + timedelta(days=31)
    forgetful = Desk(FolderStore(tmp_path / "store"), catalogue, clock=clock)

    assert privacy.purge(forgetful, post) == ["annan", "annan-repris", "liten"]
    assert traces(tmp_path, b"@exempel.se") == []


def test_the_courier_purges_by_itself(tmp_path, desk, post, clock):
    clock.now = END + timedelta(days=31)
    courier = Courier(desk, post)
    courier.stop()

    courier.run()
    assert traces(tmp_path, b"@exempel.se") != []  # stopped before it began
    assert courier._try_round() == ""

    assert traces(tmp_path, b"@exempel.se") == []


def test_whoever_asks_is_shown_all_that_is_stored_about_her(desk):
    shown = privacy.access(desk, "anna@exempel.se")

    assert [each["lecture"] for each in shown] == ["annan", "annan-repris", "liten"]
    assert shown[0]["person"] == {
        "email": "Anna@exempel.se",
        "name": "Anna Unik",
        "organisation": "Unika byrån",
        "sector": "vard",
        "tips": True,
        "at": "2027-01-11T09:30:00Z",
        "verify": False,
    }
    assert shown[0]["letters"] == {"confirmed": "2027-01-11T09:30:00Z"}
    assert privacy.access(desk, "nobody@exempel.se") == []
