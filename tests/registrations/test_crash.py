"""The collector killed at bad moments loses nobody and doubles nobody; and the check that says so finds what is wrong."""

import json
import secrets
from dataclasses import replace

import pytest

from registrations.courier import Courier
from registrations.desk import Desk
from registrations.folder import FolderStore
from registrations.form import Applicant
from tests.crash.campaign import Campaign
from tests.crash.check import faults, faults_at_rest
from tests.crash.mail import arrived
from tests.crash.seen import Seen
from tests.support import NOW, Taker, catalogue, lecture

ROUNDS = 20  # make test-crash runs 200


@pytest.mark.timeout(300)
def test_killed_twenty_times_it_keeps_every_answer_once_and_every_letter_arrives(tmp_path):
    seed = secrets.randbelow(10**6)

    result = Campaign(tmp_path, seed=seed).run(ROUNDS)

    assert result.faults == [], f"python -m tests.crash {ROUNDS} {seed}"
    assert result.rounds == ROUNDS
    assert len(result.seen.answered) > 20
    assert len(result.seen.letters) >= len(result.seen.answered)
    assert result.seen.refused == 0


class Post(Taker):
    """Puts letters among those that were seen."""

    def __init__(self, letters):
        self._letters = letters

    def hand_over(self, name, message):
        self._letters.append(arrived(message["To"], message.as_bytes()))


@pytest.fixture
def whole(tmp_path):
    """A store with two seats, where one of four has cancelled, and what was seen of it."""
    terms, seen, store = catalogue(lecture("liten", seats=2)), Seen(), tmp_path / "store"
    desk = Desk(FolderStore(store), lambda: terms, clock=lambda: NOW)
    courier = Courier(desk, Post(seen.letters))
    for name in ("a", "b", "c", "d"):
        email = f"{name}@exempel.se"
        seen.tried[email], seen.lecture[email] = 1, "liten"
        applicant = Applicant(email=email, name="A", organisation="", sector="", tips=False)
        seen.answered[email] = desk.sign_up("liten", applicant)
    courier.round()
    desk.cancel("liten", next(iter(desk.log("liten").read().registrations)))
    seen.cancelled.add("a@exempel.se")
    courier.round()
    return store, seen


def test_the_check_has_nothing_to_say_of_a_whole_store(whole):
    assert faults(*whole) + faults_at_rest(*whole) == []


def log(store):
    return sorted((store / "liten/log").glob("*.json"))


def person(store, name):
    return next(path for path in (store / "liten/people").iterdir() if f'"{name}@' in path.read_text())


def last_entry_lost(store, seen):
    log(store)[3].unlink()  # the last sign-up
    for path in log(store)[3:]:
        path.rename(path.with_name(f"{int(path.stem) - 1:08}.json"))


def number_missing(store, seen):
    log(store)[4].unlink()


def sign_up_doubled(store, seen):
    entry = log(store)[0]
    entry.with_name(f"{len(log(store)) + 1:08}.json").write_bytes(entry.read_bytes())


def address_doubled(store, seen):
    event = next(event for event in json.loads(log(store)[1].read_bytes()) if event["kind"] == "registered")
    again = event | {"id": "f" * 32, "address": "0" * 32}
    (store / f"liten/log/{len(log(store)) + 1:08}.json").write_text(json.dumps([again]))
    (store / f"liten/people/{'f' * 32}.json").write_bytes(person(store, "b").read_bytes())


def told_by_letter_alone(store, seen):
    del seen.answered["d@exempel.se"]
    last_entry_lost(store, seen)


def lecture_lost(store, seen):
    (store / "liten").rename(store.parent / "elsewhere")


def cancelling_lost(store, seen):
    for path in log(store):
        events = [event for event in json.loads(path.read_bytes()) if event["kind"] != "cancelled"]
        path.write_text(json.dumps(events))


def told_of_a_seat_she_has_not(store, seen):
    seen.answered["d@exempel.se"] = "confirmed"


def seat_promised_by_letter(store, seen):
    promise = next(letter for letter in seen.letters if letter.to == "b@exempel.se")
    seen.letters.append(replace(promise, to="d@exempel.se"))


def person_lost(store, seen):
    person(store, "c").unlink()


def person_too_many(store, seen):
    (store / f"liten/people/{'e' * 32}.json").write_text('{"email": "e@exempel.se"}')


def letter_lost(store, seen):
    seen.letters[:] = [letter for letter in seen.letters if "fått en plats" not in letter.subject]


def noted_letter_lost(store, seen):
    seen.letters[:] = [
        letter for letter in seen.letters if (letter.to, letter.subject[:10]) != ("c@exempel.se", "Du står på")
    ]


def message_id_changed(store, seen):
    seen.letters.append(replace(seen.letters[0], id="<another@testjouren.se>"))


@pytest.mark.parametrize(
    ("doctor", "words"),
    [
        (last_entry_lost, "d@exempel.se was answered and is lost"),
        (told_by_letter_alone, "d@exempel.se was told by letter and is lost"),
        (number_missing, "a number is missing"),
        (sign_up_doubled, "one sign-up stands in the log 2 times"),
        (address_doubled, "b@exempel.se has 2 sign-ups"),
        (lecture_lost, "answered, and the store has no such lecture"),
        (cancelling_lost, "a@exempel.se was told that she is cancelled, and is not"),
        (told_of_a_seat_she_has_not, "d@exempel.se was told of a seat that she has not"),
        (seat_promised_by_letter, "3 were told of a seat, and there are 2"),
        (person_lost, "1 in the log have no person's file"),
        (person_too_many, "1 persons' files have nobody in the log"),
        (letter_lost, "c@exempel.se is confirmed and no letter said so"),
        (noted_letter_lost, "the log says that c@exempel.se was sent waiting, and it never arrived"),
        (message_id_changed, "with 2 Message-IDs"),
    ],
)
def test_the_check_finds(whole, doctor, words):
    doctor(*whole)

    assert words in "\n".join(faults(*whole) + faults_at_rest(*whole))
