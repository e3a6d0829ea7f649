"""Instances that know nothing of each other sign people up in one bucket: no seat twice, nobody lost, few requests."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from registrations.bucket import Bucket
from registrations.desk import Desk
from registrations.errors import StoreError, Unclear
from registrations.form import Applicant
from registrations.roster import State
from tests.support import NOW, catalogue, lecture

TERMS = catalogue(lecture("liten", seats=10))


@pytest.fixture
def open_desk(objects):
    url = objects.url()

    def opened(kind=Bucket):
        return Desk(kind(url, objects.environment), lambda: TERMS, clock=lambda: NOW)

    opened().people("liten").fingerprint("")  # makes the lecture's key, as the first round of letters does
    return opened


def sign_up(desk, number):
    return desk.sign_up(
        "liten", Applicant(email=f"{number}@exempel.se", name="A", organisation="", sector="", tips=False)
    )


def log_of(store):
    names = [name for name in store.names("liten/log") if name[0] == "0"]
    assert names == [f"{number:08}.json" for number in range(1, len(names) + 1)]
    return [json.loads(store.read(f"liten/log/{name}")) for name in names]


def test_forty_cold_instances_sign_one_person_each_up_to_one_lecture(open_desk):
    desks, together = [open_desk() for _ in range(40)], threading.Barrier(40)

    def signed_up(number):
        together.wait()
        return sign_up(desks[number], number)

    with ThreadPoolExecutor(40) as pool:
        states = list(pool.map(signed_up, range(40)))

    entries = log_of(desks[0].store)
    named = [event["id"] for events in entries for event in events if event["kind"] == "registered"]
    assert (states.count(State.CONFIRMED), states.count(State.WAITING)) == (10, 30)
    assert len(named) == len(set(named)) == 40
    assert {f"{id}.json" for id in named} == set(desks[0].store.names("liten/people"))
    assert len(entries) < 25  # they named each other


class DiesBeforeItsClaim(Bucket):
    """The instance is gone when it should claim a number."""

    def claim(self, name, data, **options):
        if "/log/" in name:
            raise StoreError(name, "gone")
        return super().claim(name, data, **options)


def test_one_whose_instance_died_is_put_in_the_log_by_the_next(open_desk):
    with pytest.raises(Unclear):
        sign_up(open_desk(DiesBeforeItsClaim), "a")
    desk = open_desk()
    sign_up(desk, "b")

    ids = [event["id"] for events in log_of(desk.store) for event in events if event["kind"] == "registered"]
    kept = {desk.people("liten").read(id).email for id in ids}
    assert kept == {"a@exempel.se", "b@exempel.se"}


def test_a_pack_saves_a_new_instance_the_reading_of_each_entry(open_desk, monkeypatch):
    desk = open_desk()
    for number in range(9):
        sign_up(desk, number)
    reads, real = [], Bucket.read
    monkeypatch.setattr(Bucket, "read", lambda store, name: reads.append(name) or real(store, name))
    roster = open_desk().log("liten").read()

    assert roster.number == 9
    assert roster.confirmed == 9
    assert len([name for name in reads if "/log/" in name]) <= 4


def test_a_damaged_pack_is_no_loss(open_desk):
    desk = open_desk()
    for number in range(6):
        sign_up(desk, number)
    desk.store.write("liten/log/pack.json", b'[[{"kind": "nonsense"}]]')

    assert open_desk().log("liten").read().confirmed == 6
    assert sign_up(open_desk(), "one more") is State.CONFIRMED


def test_wishes_that_came_true_are_cleared_away(open_desk):
    desk = open_desk()
    sign_up(desk, "a")
    assert [name for name in desk.store.names("liten/log") if name.startswith("wish-")]

    desk.sweep()

    assert [name for name in desk.store.names("liten/log") if name.startswith("wish-")] == []
    assert [name for name in desk.store.names("liten/log") if name.endswith(".json")]
