"""The courier beside people who sign up and cancel: it neither stumbles nor sends what is no longer true."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from registrations.courier import Courier
from registrations.desk import Desk
from registrations.errors import StoreError
from registrations.folder import FolderStore
from registrations.form import Applicant
from tests.support import NOW, catalogue, lecture


@dataclass
class Counter:
    """A post that takes everything, and calls somebody before each letter."""

    before: object = lambda number: None
    taken: list = field(default_factory=list)

    @contextmanager
    def open(self):
        yield self

    def forget(self, whose):
        pass

    def sweep(self):
        pass

    def hand_over(self, name, message):
        self.taken.append((message["To"], message["Subject"]))
        self.before(len(self.taken))


def desk_of(folder, *, seats=300):
    terms = catalogue(lecture("liten", seats=seats))
    return Desk(FolderStore(folder), lambda: terms, clock=lambda: NOW)


def sign_up(desk, number):
    desk.sign_up("liten", Applicant(email=f"{number}@exempel.se", name="A", organisation="", sector="", tips=False))


def test_those_who_sign_up_while_letters_are_sent_get_theirs_too(tmp_path):
    desk, post = desk_of(tmp_path), Counter()
    courier = Courier(desk, post)
    clients = [threading.Thread(target=lambda k=k: [sign_up(desk, f"{k}-{n}") for n in range(15)]) for k in range(6)]

    for client in clients:
        client.start()
    while any(client.is_alive() for client in clients):
        assert courier.round().problem == ""
    courier.round()

    assert sorted(to for to, _ in post.taken) == sorted(f"{k}-{n}@exempel.se" for k in range(6) for n in range(15))


def test_a_letter_that_is_no_longer_true_when_its_turn_comes_is_not_sent(tmp_path):
    desk, post = desk_of(tmp_path, seats=1), Counter()
    for number in range(3):
        sign_up(desk, number)
    first, second, _ = desk.log("liten").read().registrations

    def act(number):
        if number == 1:
            desk.erase("liten", second)
            desk.cancel("liten", first)

    post.before = act
    Courier(desk, post).round()

    assert post.taken == [
        ("0@exempel.se", "Bekräftelse på din anmälan 10 februari"),
        ("2@exempel.se", "Bekräftelse på din anmälan 10 februari"),
    ]


def test_a_fault_of_ours_does_not_end_the_letters(tmp_path, capfd):
    desk, post = desk_of(tmp_path), Counter()
    sign_up(desk, 1)
    courier = Courier(desk, post)
    failing = threading.Event()

    def fail_once(number):
        if not failing.is_set():
            failing.set()
            raise ZeroDivisionError

    post.before = fail_once
    running = threading.Thread(target=courier.run)
    running.start()
    failing.wait(10)
    while len(post.taken) < 2:
        courier.call()
    courier.stop()
    running.join(10)

    assert {to for to, _ in post.taken} == {"1@exempel.se"}
    assert "ZeroDivisionError" in capfd.readouterr().err


class Unwritable(FolderStore):
    """Keeps sign-ups, but can't be told of letters while ``full``."""

    full = False

    def claim(self, name, data, **options):
        if self.full and "/log/" in name:
            raise StoreError(name, "full")
        return super().claim(name, data, **options)


def test_a_log_that_cant_be_written_does_not_send_the_same_letter_twice(tmp_path):
    terms, store, post = catalogue(lecture("liten")), Unwritable(tmp_path), Counter()
    desk = Desk(store, lambda: terms, clock=lambda: NOW)
    sign_up(desk, 1)
    courier = Courier(desk, post)

    store.full = True
    for _ in range(3):
        assert courier.round().problem.endswith("full")
    store.full = False
    courier.round()

    assert len(post.taken) == 1
    assert "confirmed" in next(iter(desk.log("liten").read().registrations.values())).sent


def test_two_couriers_on_one_store_send_nothing_twice(tmp_path):
    desk, post = desk_of(tmp_path), Counter()
    for number in range(6):
        sign_up(desk, number)
    post.before = lambda number: time.sleep(0.02)
    couriers = [Courier(desk_of(tmp_path), post) for _ in range(2)]

    threads = [threading.Thread(target=courier.round) for courier in couriers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(post.taken) == 6


def test_one_damaged_person_keeps_no_letter_from_the_others(tmp_path):
    desk, post = desk_of(tmp_path), Counter()
    for number in range(3):
        sign_up(desk, number)
    first = next(iter(desk.log("liten").read().registrations))
    (tmp_path / f"liten/people/{first}.json").write_text("{")

    done = Courier(desk, post).round()

    assert (done.sent, done.left) == (2, 1)
    assert "en persons fil är skadad" in done.problem
    assert first not in done.problem


def test_a_damaged_log_keeps_no_letter_from_the_other_lectures(tmp_path, capfd):
    terms = catalogue(lecture("liten"), lecture("annan"))
    desk, post = Desk(FolderStore(tmp_path), lambda: terms, clock=lambda: NOW), Counter()
    for slug in terms.lectures:
        desk.sign_up(slug, Applicant(email=f"{slug}@exempel.se", name="A", organisation="", sector="", tips=False))
    (tmp_path / "liten/log/00000001.json").write_text("[")
    again = Desk(FolderStore(tmp_path), lambda: terms, clock=lambda: NOW)

    problem = Courier(again, post)._try_round()

    assert [to for to, _ in post.taken] == ["annan@exempel.se"]
    assert "liten/log/00000001.json: är skadad" in problem
    assert "liten/log/00000001.json: är skadad" in capfd.readouterr().err
