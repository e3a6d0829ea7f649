"""The whole calendar of letters over a simulated clock: from the first sign-up until after the lecture."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registrations.catalogue import ZONE, Lecture
from registrations.desk import stamp, terms
from registrations.letters import SEATED, Kind, due, hour_before
from registrations.roster import Roster, State, check
from tests.support import lecture

STEP = timedelta(minutes=10)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass
class World:
    """A lecture, its log, and a courier that comes when it is told to. ``answer`` is the mail server's: 0 is yes."""

    held: Lecture
    now: datetime
    answer: object = lambda id, kind: 0
    roster: Roster = field(default_factory=Roster)
    sent: list = field(default_factory=list)  # (now, id, kind), in the order of handing over
    refused: list = field(default_factory=list)  # (now, id, kind, code)
    happened: list = field(default_factory=list)  # (number, now, event)

    def happens(self, *events):
        """An entry of the log."""
        number = self.roster.number + 1
        entry = check(json.loads(json.dumps([{"at": stamp(self.now), **event} for event in events])))
        self.roster.fold(number, entry)
        self.happened += [(number, self.now, event) for event in entry]

    def publish(self, **changes):
        """A build that changes the lecture."""
        self.held = replace(self.held, **changes)
        news = [event for event in terms(self.held) if self.roster.changes(event)]
        if news:
            self.happens(*news)

    def move(self, by):
        self.publish(start=self.held.start + by, end=self.held.end + by, closes=self.held.closes + by)

    def sign_up(self, id, address=None):
        self.happens({"kind": "registered", "id": id, "address": address or f"address of {id}", "sector": ""})

    def deliver(self):
        """What the courier does: hand over what is due, and note it."""
        for letter in [letter for letter in due(self.roster, self.held, self.now) if not letter.rests(self.now)]:
            self.check(letter)
            code = self.answer(letter.id, letter.kind)
            note = {"id": letter.id, "letter": letter.kind}
            if code:
                self.refused.append((self.now, letter.id, letter.kind, code))
                self.happens({"kind": "refused" if code >= 500 else "deferred", **note, "code": code})
            else:
                self.sent.append((self.now, letter.id, letter.kind))
                self.happens({"kind": "sent", **note, "of": self.roster.number})

    def check(self, letter):
        """What holds for every letter when it is handed over."""
        registration = self.roster.registrations[letter.id]
        assert registration.state is not State.ERASED
        assert self.now < self.held.end
        if letter.kind in (Kind.REMINDER, Kind.JOIN):
            assert registration.state is State.CONFIRMED
            assert not self.held.cancelled
            hour = earliest(letter.kind, self.held)
            assert hour <= self.now < (self.held.start if letter.kind is Kind.REMINDER else self.held.end)
            assert datetime.fromisoformat(registration.seated.at) < hour
            assert letter.kind is Kind.REMINDER or self.held.join
        if letter.kind is Kind.REMINDER and self.held.join:
            assert self.now < self.held.start.astimezone(UTC) - HOUR

    def told(self, id):
        """The letters to one, in order."""
        return [kind for _, each, kind in self.sent if each == id]


def earliest(kind, held):
    """Reckoned in another way than the rule: by the date and the clock on the wall."""
    if kind is Kind.JOIN:
        return held.start.astimezone(UTC) - HOUR
    start = held.start.astimezone(ZONE)
    day = start.date() - timedelta(days=1)
    return datetime(day.year, day.month, day.day, start.hour, start.minute, tzinfo=ZONE).astimezone(UTC)


def lecture_at(*when, **values):
    return lecture(start=datetime(*when, tzinfo=ZONE), **values)


def days_before(held, *, days=0, hours=0, minutes=0):
    return held.start.astimezone(UTC) - timedelta(days=days, hours=hours, minutes=minutes)


LECTURES = {
    "a day like others": (lecture_at(2027, 2, 10, 12), 24),
    "summer time has begun that night": (lecture_at(2027, 3, 28, 12), 23),
    "winter time has begun that night": (lecture_at(2027, 10, 31, 12), 25),
    "summer time begins during the lecture": (lecture_at(2027, 3, 28, 1, 30), 24),
    "in the hour that comes twice": (lecture_at(2027, 10, 31, 2, 30), 24),
    "the day before lacks that time": (lecture_at(2027, 3, 29, 2, 30), 23),
    "at midnight": (lecture_at(2027, 1, 1, 0), 24),
}


@pytest.mark.parametrize(("held", "hours"), LECTURES.values(), ids=LECTURES)
def test_the_calendar_from_the_first_sign_up_until_after_the_lecture(held, hours):
    held = replace(held, seats=3)
    start, end = held.start.astimezone(UTC), held.end.astimezone(UTC)
    world = World(held, days_before(held, days=40))
    world.publish()
    plan = {
        days_before(held, days=30): lambda: [world.sign_up(id) for id in ("early", "gone", "erased", "waited", "line")],
        days_before(held, days=3): lambda: world.happens({"kind": "cancelled", "id": "gone"}),
        days_before(held, days=2): lambda: world.happens({"kind": "erased", "id": "erased"}),
        days_before(held, hours=hours) + STEP: lambda: world.publish(seats=4) or world.sign_up("late"),
        days_before(held, minutes=30): lambda: world.publish(seats=5) or world.sign_up("last"),
    }

    while world.now < end + timedelta(days=1):
        plan.pop(world.now, lambda: None)()
        world.deliver()
        world.now += STEP

    assert not plan
    first, day, hour = days_before(held, days=30), days_before(held, hours=hours), start - HOUR
    assert [(when, kind) for when, id, kind in world.sent if id == "early"] == [
        (first, Kind.CONFIRMED),
        (day, Kind.REMINDER),
        (hour, Kind.JOIN),
    ]
    assert world.told("gone") == [Kind.CONFIRMED, Kind.CANCELLED]
    assert world.told("erased") == [Kind.CONFIRMED]
    assert world.told("waited") == [Kind.WAITING, Kind.SEAT, Kind.REMINDER, Kind.JOIN]
    assert world.told("line") == [Kind.WAITING, Kind.SEAT, Kind.REMINDER, Kind.JOIN]
    assert world.told("late") == [Kind.CONFIRMED, Kind.JOIN]
    assert world.told("last") == [Kind.CONFIRMED]


def test_both_letters_go_again_when_the_lecture_has_been_moved_after_them():
    world = World(LECTURES["a day like others"][0], days_before(LECTURES["a day like others"][0], days=10))
    world.publish()
    world.sign_up("a")
    run(world, until=world.held.start - timedelta(minutes=30))
    assert world.told("a") == [Kind.CONFIRMED, Kind.REMINDER, Kind.JOIN]

    world.move(timedelta(days=7))
    run(world, until=world.held.end)

    assert world.told("a")[3:] == [Kind.CHANGED, Kind.REMINDER, Kind.JOIN]


def test_the_link_that_comes_in_the_last_hour_is_mailed_once():
    held = lecture_at(2027, 2, 10, 12, join=None)
    world = World(held, days_before(held, days=10))
    world.publish()
    world.sign_up("a")
    run(world, until=held.start - timedelta(minutes=30))
    assert world.told("a") == [Kind.CONFIRMED, Kind.REMINDER]

    world.publish(join="https://zoom.example/j/hemlig")
    run(world, until=held.end)

    assert world.told("a")[2:] == [Kind.CHANGED]


def test_a_confirmation_that_the_server_puts_off_keeps_no_join_letter():
    held = lecture_at(2027, 2, 10, 12)
    world = World(held, days_before(held, days=10), answer=lambda id, kind: 451 if world.now < hour_before(held) else 0)
    world.publish()
    world.sign_up("a")

    run(world, until=held.end)

    assert world.told("a") == [Kind.JOIN]


@pytest.mark.parametrize("minutes", [20 * 60, 30])
def test_who_got_her_seat_after_the_hour_is_not_reminded_even_if_her_confirmation_is_put_off(minutes):
    held = lecture_at(2027, 2, 10, 12)
    world = World(held, days_before(held, days=10), answer=lambda id, kind: 451 if kind is Kind.CONFIRMED else 0)
    world.publish()
    run(world, until=held.start - timedelta(minutes=minutes))
    world.sign_up("late")

    run(world, until=held.start - timedelta(minutes=minutes) + HOUR)
    run(world, until=held.end)

    assert world.told("late") == [Kind.JOIN] * (minutes > 60)


def test_nobody_is_reminded_of_what_has_begun():
    held = lecture_at(2027, 2, 10, 12, join=None)
    world = World(held, days_before(held, days=10))
    world.publish()
    world.sign_up("a")
    run(world, until=held.start - timedelta(days=2))
    world.now = days_before(held, minutes=-10)  # the server was down, or nobody ran the courier

    run(world, until=held.end)

    assert world.told("a") == [Kind.CONFIRMED]


def test_the_pauses_begin_anew_with_the_next_letter_of_the_kind():
    held = lecture_at(2027, 2, 10, 12)
    world = World(held, days_before(held, days=10))
    world.publish()
    world.sign_up("a")
    world.deliver()
    for by in (1, 2):
        world.move(timedelta(days=by))
        codes = iter([451, 451, 451])
        world.answer = lambda id, kind, codes=codes: next(codes, 0)
        run(world, until=world.now + HOUR)

    gaps = [later[0] - sooner[0] for sooner, later in pairwise(world.refused)]
    assert world.told("a") == [Kind.CONFIRMED, Kind.CHANGED, Kind.CHANGED]
    assert gaps == [STEP, STEP, HOUR - 2 * STEP, STEP, STEP]
    assert world.roster.registrations["a"].deferred == {}


def test_a_reminder_does_not_hide_a_change_that_the_server_has_put_off():
    held = lecture_at(2027, 2, 10, 12)
    world = World(held, days_before(held, days=10))
    world.publish()
    world.sign_up("a")
    run(world, until=held.start - timedelta(hours=25))
    world.answer = lambda id, kind: 451 if kind is Kind.CHANGED and world.now < days_before(held, hours=20) else 0
    world.move(HOUR)

    run(world, until=held.end)

    assert world.told("a") == [Kind.CONFIRMED, Kind.REMINDER, Kind.CHANGED, Kind.JOIN]


def test_a_confirmation_that_comes_in_the_last_hour_is_the_only_letter_then():
    held = lecture_at(2027, 2, 10, 12)
    world = World(held, days_before(held, days=10))
    world.publish()
    world.sign_up("a")
    world.now = days_before(held, minutes=50)  # the server was down, or nobody ran the courier

    run(world, until=held.end)

    assert world.told("a") == [Kind.CONFIRMED]


def run(world, *, until):
    while world.now < until.astimezone(UTC):
        world.deliver()
        world.now += STEP


ids = st.integers(0, 9)
actions = st.one_of(
    st.tuples(st.just("sign up"), ids),
    st.tuples(st.just("again"), ids),
    st.tuples(st.just("cancel"), ids),
    st.tuples(st.just("erase"), ids),
    st.tuples(st.just("seats"), st.integers(0, 6)),
    st.tuples(st.just("move"), st.sampled_from([-48, -24, -2, -1, 1, 2, 25, 72])),
    st.tuples(st.just("status"), st.sampled_from(["published", "cancelled"])),
    st.tuples(st.just("join"), st.sampled_from([None, "https://zoom.example/j/1", "https://zoom.example/j/2"])),
)
gaps = st.sampled_from([0, 1, 5, 9, 10, 30, 60, 61, 300, 1380, 1440, 1500, 2000])  # minutes
codes = st.sampled_from([0] * 8 + [451, 451, 550])
starts = st.sampled_from([held for held, _ in LECTURES.values()])


def act(world, what, value, number):
    registrations = world.roster.registrations
    id = next((id for id in reversed(registrations) if id.endswith(f"of {value}")), None)
    match what:
        case "sign up" | "again" if world.held.is_open(world.now):
            world.sign_up(f"{number} of {value}", address=f"address-{value}")
        case "cancel" if id and registrations[id].active and world.now < world.held.start:
            world.happens({"kind": "cancelled", "id": id})
        case "erase" if id:
            world.happens({"kind": "erased", "id": id})
        case "seats" | "status" | "join":
            world.publish(**{what: value})
        case "move":
            world.move(timedelta(hours=value))


@settings(max_examples=150, deadline=None)
@given(
    held=starts,
    seats=st.integers(1, 4),
    history=st.lists(st.tuples(gaps, actions), max_size=40),
    answers=st.lists(codes, min_size=1, max_size=30),
)
def test_whatever_happens_no_letter_goes_twice_without_cause_nor_out_of_season(held, seats, history, answers):
    world = World(replace(held, seats=seats), days_before(held, days=4))
    world.answer = lambda id, kind: answers[(len(world.sent) + len(world.refused)) % len(answers)]
    world.publish()

    for number, (gap, (what, value)) in enumerate(history):
        for _ in range(gap // 10):
            world.deliver()
            world.now += STEP
        world.now += timedelta(minutes=gap % 10)
        act(world, what, value, number)
    while world.now < world.held.end + HOUR:
        world.deliver()
        world.now += STEP

    check_causes(world)
    check_pauses(world)
    for registration in world.roster.registrations.values():  # a letter that has come through leaves no pause behind
        for kind, refusal in registration.deferred.items():
            assert kind not in registration.sent or registration.sent[kind].number <= refusal.number


CAUSES = {
    Kind.CHANGED: {"scheduled", "status", "link", "registered"},
    Kind.CALLED_OFF: {"status", "scheduled", "registered"},
    Kind.REMINDER: {"scheduled", "status"},
    Kind.JOIN: {"scheduled", "status"},
    Kind.CONFIRMED: {"registered"},
    Kind.WAITING: {"registered"},
    Kind.SEAT: {"registered"},
    Kind.CANCELLED: set(),
}


def check_causes(world):
    """Between two letters of one kind to one registration something has happened that is a reason for the second."""
    last = {}
    for number, _, event in world.happened:
        if event["kind"] != "sent":
            continue
        key = event["id"], event["letter"]
        if key in last:
            between = {each["kind"] for when, _, each in world.happened if last[key] < when < number}
            assert between & CAUSES[event["letter"]], (key, between)
        last[key] = number


def check_pauses(world):
    """A letter that was put off is tried again after 1 minute, then 2, 4, …; anew once it was taken or refused for good."""
    tries = {}
    for when, id, kind, code in sorted(world.refused + [(*each, 0) for each in world.sent], key=lambda each: each[0]):
        if code != 451:
            tries.pop((id, kind), None)
            continue
        seen = tries.setdefault((id, kind), [])
        if seen:
            assert when - seen[-1] >= min(MINUTE * 2 ** (len(seen) - 1), timedelta(hours=24))
        seen.append(when)


@settings(max_examples=100, deadline=None)
@given(held=starts, history=st.lists(st.tuples(gaps, actions), max_size=30))
def test_with_a_mail_server_that_says_yes_all_who_have_a_seat_know_the_way_when_it_begins(held, history):
    world = World(replace(held, seats=3), days_before(held, days=4))
    world.publish()
    for number, (gap, (what, value)) in enumerate(history):
        for _ in range(gap // 10):
            world.deliver()
            world.now += STEP
        act(world, what, value, number)
        world.deliver()
    while world.now < world.held.start:
        world.deliver()
        world.now += STEP
    world.deliver()

    assert list(due(world.roster, world.held, world.now)) == []
    for registration in world.roster.registrations.values():
        if registration.state is not State.CONFIRMED or not world.held.join or world.held.cancelled:
            continue
        since = max(mark.number for mark in (world.roster.moved, world.roster.linked) if mark)
        known = [registration.sent[kind].number for kind in (*SEATED, Kind.JOIN) if kind in registration.sent]
        if world.now < world.held.end:
            assert max(known) >= since
