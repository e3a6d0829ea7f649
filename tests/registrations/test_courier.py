"""The courier beside people who sign up and cancel: it neither stumbles nor sends what is no longer true."""

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta

from registrations.courier import Courier, Round
from registrations.desk import Desk
from registrations.errors import StoreError
from registrations.folder import FolderStore
from registrations.form import Applicant
from registrations.post import PostError
from tests.support import NOW, START, Clock, Taker, catalogue, lecture


@dataclass
class Counter(Taker):
    """A post that takes everything, and calls somebody before each letter."""

    before: object = lambda number: None
    taken: list = field(default_factory=list)

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


def test_the_letters_of_a_batch_are_noted_in_one_entry(tmp_path):
    desk, post = desk_of(tmp_path), Counter()
    for number in range(60):
        sign_up(desk, number)
    before = desk.log("liten").read().number

    assert Courier(desk, post).round().sent == 60

    assert desk.log("liten").read().number == before + 3
    assert Courier(desk_of(tmp_path), post).round() == Round()


def test_what_was_handed_over_before_the_server_went_is_noted(tmp_path):
    desk, post = desk_of(tmp_path), Counter()
    for number in range(5):
        sign_up(desk, number)

    def go_at_the_third(number):
        if number == 3:
            raise PostError("gone")

    post.before = go_at_the_third
    done = Courier(desk, post).round()
    post.before = lambda number: None
    Courier(desk_of(tmp_path), post).round()

    assert (done.sent, done.left, done.problem) == (2, 3, "gone")
    assert [to for to, _ in post.taken] == [f"{number}@exempel.se" for number in (0, 1, 2, 2, 3, 4)]


def test_letters_that_the_carrier_could_not_keep_go_again_as_the_same_letters(tmp_path):
    desk, post, names = desk_of(tmp_path), Counter(), []
    for number in range(3):
        sign_up(desk, number)
    keep, hand_over = post.settle, post.hand_over
    post.hand_over = lambda name, message: names.append((name, message["Message-ID"])) or hand_over(name, message)

    def fail():
        raise PostError("full")

    post.settle = fail
    assert Courier(desk, post).round() == Round(left=3, problem="full")
    post.settle = keep
    Courier(desk_of(tmp_path), post).round()

    assert names[:3] == names[3:]
    assert len(names) == 6


class Rush:
    """People sign up without a break: nobody is ever idle. Time passes only where somebody waits for that."""

    def __init__(self, seconds=float("inf")):
        self.time, self._seconds = 0.0, seconds

    def wait(self, timeout):
        passes = min(timeout, max(self._seconds - self.time, 0))
        self.time += passes
        return self.time >= self._seconds

    def set(self):
        pass

    clear = set


def test_letters_give_way_to_those_who_sign_up_and_to_nobody_else(tmp_path):
    desk, post = desk_of(tmp_path), Counter()
    for number in range(40):
        sign_up(desk, number)
    rush = desk.idle = Rush(seconds=12)

    Courier(desk, post, tick=lambda: rush.time).round()

    assert (rush.time, len(post.taken)) == (12, 40)


def test_no_letter_is_delayed_by_more_than_a_minute_because_others_sign_up(tmp_path):
    desk, post, handed = desk_of(tmp_path), Counter(), {}
    for number in range(30):
        sign_up(desk, number)
    rush = desk.idle = Rush()
    courier = Courier(desk, post, tick=lambda: rush.time)

    def late(number):
        handed[post.taken[-1][0]] = rush.time
        if number == 1:
            sign_up(desk, "late")

    post.before = late
    courier.round()
    assert len(post.taken) == 30
    assert set(handed.values()) == {30.0}
    courier.round()

    assert handed["late@exempel.se"] <= 60


def test_who_was_told_of_the_old_time_while_it_was_changed_is_told_of_the_new_one(tmp_path):
    held = lecture("liten")
    terms = [catalogue(held)]
    desk, post = Desk(FolderStore(tmp_path), lambda: terms[0], clock=lambda: NOW), Counter()
    sign_up(desk, 1)
    moved = replace(held, start=held.start + timedelta(days=7), end=held.end + timedelta(days=7))

    def move(number):
        if number == 1:  # the letter is with the server, but not noted yet
            terms[0] = catalogue(moved)
            desk.roster(moved)

    post.before = move
    courier = Courier(desk, post)
    courier.round()
    courier.round()

    assert [subject for _, subject in post.taken] == ["Bekräftelse på din anmälan 10 februari", "Ändring 17 februari"]


def test_who_was_told_of_the_new_time_at_once_is_not_told_of_the_change(tmp_path):
    held = lecture("liten")
    terms = [catalogue(held)]
    desk, post = Desk(FolderStore(tmp_path), lambda: terms[0], clock=lambda: NOW), Counter()
    sign_up(desk, 1)
    sign_up(desk, 2)

    def build(number):
        if number == 1:  # the second letter is made after the new build
            terms[0] = catalogue(replace(held, start=held.start + timedelta(days=7), end=held.end + timedelta(days=7)))

    post.before = build
    courier = Courier(desk, post)
    courier.round()
    courier.round()

    assert post.taken == [
        ("1@exempel.se", "Bekräftelse på din anmälan 10 februari"),
        ("2@exempel.se", "Bekräftelse på din anmälan 17 februari"),
        ("1@exempel.se", "Ändring 17 februari"),
    ]


def test_a_missing_link_is_complained_of_once_the_day_before_and_once_in_the_last_hour(tmp_path, capfd):
    terms, clock = catalogue(lecture("liten", join=None)), Clock()
    desk = Desk(FolderStore(tmp_path), lambda: terms, clock=clock)
    sign_up(desk, 1)
    courier = Courier(desk, Counter())

    said = []
    for before in (timedelta(hours=25), timedelta(hours=24), timedelta(hours=2), timedelta(hours=1), timedelta(0)):
        clock.now = START - before
        courier.round()
        said.append(capfd.readouterr().err.count("liten börjar onsdag 10 februari kl. 12.00 men saknar länk"))

    assert said == [0, 1, 0, 1, 0]


def test_a_call_for_one_lecture_costs_no_look_at_the_others(tmp_path):
    terms = catalogue(*(lecture(slug) for slug in ("liten", "annan", "tredje")))
    desk = Desk(FolderStore(tmp_path), lambda: terms, clock=lambda: NOW)
    sign_up(desk, 1)
    courier, looks = Courier(desk, Counter()), []
    real = desk.roster
    desk.roster = lambda each: looks.append(each.slug) or real(each)

    assert courier.round({"liten"}).sent == 1

    assert set(looks) == {"liten"}


def test_a_lecture_that_is_over_is_looked_at_when_house_is_kept_and_not_in_each_round(tmp_path):
    over = lecture("liten", start=START - timedelta(days=40))
    terms = catalogue(over, lecture("annan"))
    desk = Desk(FolderStore(tmp_path), lambda: terms, clock=lambda: NOW)
    desk.roster(over)
    courier, looks = Courier(desk, Counter()), []
    real = desk.tidy
    desk.tidy = lambda slug: looks.append(slug) or real(slug)

    courier.round()
    courier.round()
    assert looks == ["annan", "annan"]

    courier.keep_house()
    assert "liten" in looks


def test_a_round_ends_before_its_turn_does_and_says_what_is_left(tmp_path):
    desk, post, passed = desk_of(tmp_path), Counter(), [0.0]
    for number in range(4):
        sign_up(desk, number)

    def slow(number):
        passed[0] += 100

    post.before = slow
    done = Courier(desk, post, tick=lambda: passed[0]).round()

    assert (done.sent, done.left) == (3, 1)
    assert Courier(desk_of(tmp_path), post).round().sent == 1


def test_who_could_not_be_asked_while_the_server_was_down_is_asked_before_she_is_let_go(tmp_path):
    clock, terms = Clock(NOW), catalogue(lecture("liten"))
    desk, post = Desk(FolderStore(tmp_path), lambda: terms, clock=clock), Counter()
    desk.sign_up(
        "liten", Applicant(email="a@exempel.se", name="A", organisation="", sector="", tips=False), verify=True
    )
    clock.now += timedelta(hours=30)

    Courier(desk, post).round()

    (registration,) = desk.log("liten").read().registrations.values()
    assert registration.active
    assert [subject for _, subject in post.taken] == ["Bekräfta din anmälan 10 februari"]
