"""What stands between a script and the lists, and between a script and somebody's mailbox."""

from datetime import timedelta

import pytest

from registrations.age import OLDEST, YOUNGEST, Age, Marks
from registrations.errors import StoreError
from registrations.folder import FolderStore
from registrations.letters import DAY, HELD
from registrations.limits import shorten
from registrations.listing import rows
from registrations.people import Person
from tests.bench.abuse import ASKED, LECTURES, REFUSED, TAKEN, World, colleagues, fakes, mailbox
from tests.support import NOW


@pytest.mark.parametrize(
    ("way", "networks", "taken", "asked", "refused"),
    [
        ("fills every field", "many", 0, 130, 0),
        ("too fast", "many", 0, 130, 0),
        ("no script", "one", 60, 60, 10),
        ("no script", "many", 60, 70, 0),
        ("one mark, waits", "many", 5, 125, 0),
        ("own mark, waits", "one", 120, 0, 10),
        ("own mark, waits", "many", 130, 0, 0),  # this gets through, unless everybody is asked to confirm
    ],
)
def test_each_layer_stops_what_it_is_for_and_who_does_not_confirm_leaves_nothing(way, networks, taken, asked, refused):
    seen, active, people = fakes(way, networks=networks, count=130)

    assert (seen[TAKEN], seen[ASKED], seen[REFUSED]) == (taken, asked, refused)
    assert (active, people) == (taken, taken)


def test_where_everybody_is_asked_no_made_up_address_stays():
    assert fakes("own mark, waits", networks="many", count=50, verify=True) == ({ASKED: 50}, 0, 0)


@pytest.mark.parametrize("script", [True, False])
def test_forty_colleagues_behind_one_address_are_not_even_asked(script):
    assert colleagues(script=script) == {TAKEN: 40}


@pytest.mark.parametrize(
    ("way", "days", "instances", "most"),
    [("own mark, waits", 1, 3, 10), ("fills every field", 1, 3, 10), ("own mark, waits", 3, 1, 16)],
)
def test_a_mailbox_gets_few_letters_however_many_posts_networks_and_instances(way, days, instances, most):
    seen, letters = mailbox(way, count=400, days=days, instances=instances)

    assert seen[REFUSED] == 0
    assert 4 <= letters <= most


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def people(world):
    return world.people("ett"), world.active("ett")


def test_the_unconfirmed_are_let_go_two_hours_after_the_letter_and_no_sooner(world):
    world.sign_up("ett", "anna@exempel.se", svar="x")
    world.now += timedelta(hours=5)  # no letter has gone yet: the mail server may have been down
    world.deliver()
    world.now += HELD - timedelta(seconds=1)
    world.deliver()
    assert people(world) == (1, 1)

    world.now += timedelta(seconds=1)
    world.deliver()

    assert people(world) == (0, 0)
    assert world.mailboxes == {"anna@exempel.se": 1}


def test_the_unconfirmed_to_whom_no_letter_can_be_sent_are_let_go_after_a_day(world, monkeypatch):
    monkeypatch.setattr("registrations.courier.due", lambda *_: ())
    world.sign_up("ett", "anna@exempel.se", svar="x")

    world.now += DAY
    world.deliver()

    assert people(world) == (0, 0)


def test_one_who_signs_up_as_people_do_is_not_held_up_by_an_unconfirmed_one_in_her_name(world):
    world.sign_up("ett", "anna@exempel.se", svar="x")
    world.deliver()
    assert world.sign_up("ett", "anna@exempel.se", token=world.mark("ett", age=timedelta(seconds=9))) == TAKEN

    world.now += HELD
    world.deliver()

    assert people(world) == (1, 1)
    assert world.mailboxes == {"anna@exempel.se": 2}


def test_who_did_not_confirm_may_sign_up_again(world):
    for _ in range(2):
        world.sign_up("ett", "anna@exempel.se", svar="x")
        world.deliver()
        world.now += HELD
        world.deliver()
    world.sign_up("ett", "anna@exempel.se")
    world.deliver()

    assert people(world) == (1, 1)
    assert world.mailboxes == {"anna@exempel.se": 3}


def test_a_sign_up_that_a_crash_left_without_its_place_is_still_asked_to_confirm(world):
    desk = world.desks[0]
    id = "0" * 32
    person = Person(email="anna@exempel.se", name="A", at="2027-01-11T09:30:00Z", verify=True)
    for name, data in desk.people("ett").file(id, person).items():
        desk.store.write(name, data)

    desk.put_in_order()

    assert [each.id for each in desk.log("ett").read().unverified] == [id]


def test_the_list_says_who_has_not_confirmed(world):
    world.sign_up("ett", "anna@exempel.se", svar="x")
    world.deliver()
    assert [row.cells()[1] for row in rows(world.desks[0], LECTURES[0])] == ["plats (ej bekräftad)"]

    world.now += HELD
    world.deliver()

    assert [row.cells()[1:5] for row in rows(world.desks[0], LECTURES[0])] == [
        ("bekräftade inte", "2027-01-11 10.30", "", "")
    ]


MARKS = [
    (timedelta(seconds=YOUNGEST), Age.GOOD),
    (timedelta(seconds=OLDEST), Age.GOOD),
    (timedelta(seconds=OLDEST + 1), Age.NONE),
    (timedelta(seconds=YOUNGEST - 1), Age.BAD),
    (timedelta(seconds=-60), Age.BAD),
]


@pytest.mark.parametrize(("age", "expected"), MARKS)
def test_a_mark_is_good_from_some_seconds_to_some_hours(tmp_path, age, expected):
    moment = NOW.replace(microsecond=0)

    assert (
        Marks(FolderStore(tmp_path)).read(Marks(FolderStore(tmp_path)).make("ett", moment), "ett", moment + age)
        is expected
    )


@pytest.mark.parametrize(
    "forge",
    [
        lambda mark: "ett",
        lambda mark: "." + mark,
        lambda mark: mark[:-1],
        lambda mark: mark + "0",
        lambda mark: "0" + mark,
        lambda mark: mark.replace(".", ".0", 1),
        lambda mark: mark.partition(".")[0] + ".",
        lambda mark: "\udc80å.0",
        lambda mark: mark * 1000,
    ],
)
def test_a_mark_that_was_made_up_or_changed_is_bad(tmp_path, forge):
    marks = Marks(FolderStore(tmp_path))

    assert marks.read(forge(marks.make("ett", NOW)), "ett", NOW + timedelta(minutes=1)) is Age.BAD


def test_a_mark_is_for_one_lecture_and_one_store(tmp_path):
    mark, later = Marks(FolderStore(tmp_path / "a")).make("ett", NOW), NOW + timedelta(minutes=1)

    assert Marks(FolderStore(tmp_path / "a")).read(mark, "tva", later) is Age.BAD
    assert Marks(FolderStore(tmp_path / "b")).read(mark, "ett", later) is Age.BAD


def test_an_empty_key_signs_nothing(tmp_path):
    (tmp_path / "marks.key").touch()

    with pytest.raises(StoreError, match=r"marks\.key: är tom\. Radera filen"):
        Marks(FolderStore(tmp_path)).make("ett", NOW)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
        ("2001:db8:1:2::1", "2001:db8:1:ff::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:100::1", False),
        ("unknown", "unknown", True),
        ("unknown", "192.0.2.1", False),
    ],
)
def test_networks_are_told_apart_by_their_shortened_address(one, other, same):
    assert (shorten(one) == shorten(other)) is same


class Counting(FolderStore):
    """Counts what is read."""

    reads = 0

    def read(self, name):
        self.reads += 1
        return super().read(name)


def test_a_mark_costs_the_store_nothing_after_the_first(tmp_path):
    store = Counting(tmp_path)
    marks = Marks(store)
    mark = marks.make("ett", NOW)
    before = store.reads

    for _ in range(100):
        marks.read(mark, "ett", NOW + timedelta(minutes=1))

    assert store.reads == before


def test_two_who_open_the_page_in_the_same_second_have_a_mark_each(tmp_path):
    marks = Marks(FolderStore(tmp_path))

    assert len({marks.make("liten", NOW) for _ in range(40)}) == 40
    assert marks.read(marks.make("liten", NOW), "liten", NOW + timedelta(seconds=9)) is Age.GOOD
