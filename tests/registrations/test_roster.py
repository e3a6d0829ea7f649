"""The roster's six rules, driven through random registrations, cancellations and changed seats."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registrations.roster import Roster, State, check

BEFORE, START, AFTER = "2027-01-11T09:30:00Z", "2027-02-10T11:00:00Z", "2027-02-10T11:00:01Z"

addresses = st.sampled_from([f"address-{number}" for number in range(12)])
picks = st.integers(0, 40)
steps = st.one_of(
    st.tuples(st.just("registered"), addresses),
    st.tuples(st.just("asked"), addresses),
    st.tuples(st.just("verified"), picks),
    st.tuples(st.just("lapsed"), picks),
    st.tuples(st.just("cancelled"), picks),
    st.tuples(st.just("erased"), picks),
    st.tuples(st.just("seats"), st.integers(0, 8)),
)


def events_of(steps, *, late_from):
    """The steps as the events of a log; from step ``late_from`` on, the lecture has started."""
    ids = []
    yield {"kind": "scheduled", "start": START, "end": START, "at": BEFORE}
    for number, (kind, value) in enumerate(steps):
        at = BEFORE if number < late_from else AFTER
        if kind in ("registered", "asked"):
            ids.append(f"id-{number}")
            verify = {"verify": True} if kind == "asked" else {}
            yield {"kind": "registered", "id": ids[-1], "address": value, "sector": "", "at": at, **verify}
        elif kind == "seats":
            yield {"kind": kind, "seats": value, "at": at}
        elif ids:
            yield {"kind": kind, "id": ids[value % len(ids)], "at": at}


def confirmed(roster):
    return [each.id for each in roster.registrations.values() if each.state is State.CONFIRMED]


@settings(max_examples=500)
@given(steps=st.lists(steps, max_size=60), late_from=st.integers(0, 90))
def test_random_histories_keep_the_six_rules(steps, late_from):
    roster = Roster()
    for number, event in enumerate(events_of(steps, late_from=late_from), 1):
        had, line, seats = confirmed(roster), roster.waiting, roster.seats or 0
        active = {each.address for each in roster.registrations.values() if each.active}
        asked = {each.id for each in roster.unverified}
        assert asked == {each.id for each in roster.registrations.values() if each.active and not each.verified}
        sure = [id for id in line if id not in asked]
        mine = next(
            (each for each in roster.registrations.values() if each.active and each.address == event.get("address")),
            None,
        )
        late, gone = event["at"] >= START, {event["id"]} if event["kind"] in ("erased", "lapsed") else set()

        roster.fold(number, [event])

        have, left = confirmed(roster), set(roster.waiting)
        gained = [id for id in have if id not in had]
        if event["kind"] == "registered" and event["address"] not in active and not late:  # rule 1
            assert (event["id"] in have) == (len(had) < seats and not (line if event.get("verify") else sure))
        still = {each.id for each in roster.unverified}
        if not late:  # rule 2: at once, and the longest wait first, of those who are sure
            assert not (roster.free and set(roster.waiting) - still)
            promoted = [id for id in line if id in gained]
            assert not promoted or not (left - still) & set(line[: line.index(promoted[-1])])
        assert not still & (set(gained) - {event.get("id")})  # nobody who is asked is given a seat later
        if event["kind"] == "seats":  # rule 3
            assert set(had) <= set(have)
        actives = [each.address for each in roster.registrations.values() if each.active]
        assert len(actives) == len(set(actives))  # rule 4
        if mine is not None and (mine.verified or event.get("verify")):
            assert (have, roster.waiting) == (had, line)
        if mine is not None and not event.get("verify"):
            assert roster.registrations[mine.id].verified
        if late:  # rule 5: only one who has her data erased goes, or did not confirm
            assert set(had) - set(have) <= gone
            assert not gained
        if gained:  # rule 6
            assert len(have) <= roster.seats
        assert roster.confirmed == len(have)


@given(steps=st.lists(steps, max_size=40))
def test_a_log_read_back_gives_the_same_roster(steps):
    events = list(events_of(steps, late_from=30))
    one_by_one, at_once = Roster(), Roster()

    for number, event in enumerate(events, 1):
        one_by_one.fold(number, [event])
    at_once.fold(1, check(json.loads(json.dumps(events))))

    assert confirmed(one_by_one) == confirmed(at_once)
    assert one_by_one.waiting == at_once.waiting


def asked(id, address, **values):
    return {"kind": "registered", "id": id, "address": address, "sector": "", "verify": True, "at": BEFORE, **values}


def test_one_who_is_asked_to_confirm_holds_her_seat_until_she_lapses():
    roster = Roster()
    roster.fold(1, [{"kind": "seats", "seats": 1, "at": BEFORE}, asked("a", "a")])
    roster.fold(2, [{"kind": "registered", "id": "b", "address": "b", "sector": "", "at": BEFORE}])
    assert (confirmed(roster), roster.waiting) == (["a"], ["b"])

    lapsed = {"kind": "lapsed", "id": "a", "at": BEFORE}
    assert roster.changes(lapsed)
    roster.fold(3, [lapsed])

    assert (confirmed(roster), roster.waiting) == (["b"], [])
    assert roster.registrations["a"].state is State.LAPSED
    assert not roster.changes({"kind": "verified", "id": "a", "at": BEFORE})  # too late


def test_one_who_is_asked_to_confirm_keeps_her_place_but_nobody_waits_for_her():
    roster = Roster()
    roster.fold(1, [{"kind": "seats", "seats": 0, "at": BEFORE}, asked("a", "a")])
    roster.fold(2, [{"kind": "registered", "id": "b", "address": "b", "sector": "", "at": BEFORE}])
    roster.fold(3, [{"kind": "seats", "seats": 1, "at": BEFORE}])
    assert (confirmed(roster), roster.waiting) == (["b"], ["a"])
    roster.fold(4, [{"kind": "registered", "id": "c", "address": "c", "sector": "", "at": BEFORE}])

    roster.fold(5, [{"kind": "verified", "id": "a", "at": BEFORE}])

    assert roster.waiting == ["a", "c"]
    roster.fold(6, [{"kind": "seats", "seats": 2, "at": BEFORE}])
    assert confirmed(roster) == ["a", "b"]


def test_the_answer_to_a_second_sign_up_is_that_of_a_first_one():
    roster = Roster()
    roster.fold(1, [{"kind": "seats", "seats": 1, "at": BEFORE}])

    for id in ("first", "again"):
        roster.fold(2, [{"kind": "registered", "id": id, "address": "same", "sector": "", "at": BEFORE}])

    assert roster.answers == {"first": State.CONFIRMED, "again": State.WAITING}
    assert roster.duplicate("again")
    assert not roster.duplicate("first")
    assert roster.registrations["first"].asked_again.at == BEFORE


def test_a_lecture_moved_to_a_later_day_lets_the_line_move_again():
    roster = Roster()
    roster.fold(1, [{"kind": "scheduled", "start": START, "end": START, "at": BEFORE}])
    roster.fold(2, [{"kind": "seats", "seats": 0, "at": BEFORE}])
    roster.fold(3, [{"kind": "registered", "id": "a", "address": "a", "sector": "", "at": BEFORE}])
    roster.fold(4, [{"kind": "seats", "seats": 1, "at": AFTER}])
    assert roster.waiting == ["a"]

    roster.fold(5, [{"kind": "scheduled", "start": "2027-03-10T11:00:00Z", "end": START, "at": AFTER}])

    assert confirmed(roster) == ["a"]


@pytest.mark.parametrize(
    "entry",
    [
        {},
        [1],
        [{"kind": "registered", "id": "a", "address": "a", "sector": "", "at": BEFORE, "verify": 1}],
        [{"kind": "_leave", "at": BEFORE}],
        [{"kind": "seats", "seats": "3", "at": BEFORE}],
        [{"kind": "seats"}],
    ],
)
def test_an_entry_that_is_no_list_of_known_events_is_refused_before_it_is_folded(entry):
    with pytest.raises(ValueError, match=r"entry|unknown|seats|verify"):
        check(entry)
