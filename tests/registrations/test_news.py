"""Who hears of a new lecture, when, and how she says no to more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from registrations import privacy
from registrations.courier import Courier, Round
from registrations.desk import Desk, Unknown
from registrations.folder import FolderStore
from registrations.form import Applicant
from registrations.post import Outbox, Refused
from tests.registrations.test_courier import Counter
from tests.support import NOW, START, Clock, catalogue, lecture

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLD = lecture("gammal", seats=2)
NEW = lecture("ny", title="Komplex PTSD", start=START + timedelta(days=30))
RERUN = lecture("repris", rerun_of="gammal", start=START + timedelta(days=60))


class Recorder(Counter):
    """A post that refuses some: ``answers`` by address. Keeps the letters themselves too."""

    def __init__(self):
        super().__init__()
        self.answers, self.letters = {}, []

    def hand_over(self, name, message):
        if code := self.answers.get(message["To"]):
            raise Refused(code)
        super().hand_over(name, message)
        self.letters.append(message)


class House:
    """A desk whose catalogue and clock are set by the test, and a courier."""

    def __init__(self, folder):
        self.folder, self.clock, self.post = folder, Clock(NOW), Recorder()
        self.published = catalogue(OLD)
        self.open()
        self.send()

    def open(self):
        """As after a restart."""
        self.desk = Desk(FolderStore(self.folder / "store"), lambda: self.published, clock=self.clock)
        self.courier = Courier(self.desk, self.post)

    def publish(self, *lectures):
        self.published = catalogue(*lectures)
        self.send()

    def sign_up(self, name, slug="gammal", *, tips=True):
        person = Applicant(email=f"{name}@exempel.se", name="A", organisation="", sector="", tips=tips)
        self.desk.sign_up(slug, person)
        return list(self.desk.log(slug).read().registrations)[-1]

    def send(self, after=timedelta(0)):
        """A round of the courier, some time later; gives what it handed over."""
        self.clock.now += after
        before = len(self.post.taken)
        done = self.courier.round()
        assert done.problem == ""
        return sorted(self.post.taken[before:])


@pytest.fixture
def house(tmp_path):
    """Anna has a seat and wants tips, Bea has one and doesn't, Cia waits and doesn't, Dea waits and wants them."""
    house = House(tmp_path)
    for name, tips in (("anna", True), ("bea", False), ("cia", False), ("dea", True)):
        house.sign_up(name, tips=tips)
    assert len(house.send(HOUR)) == 4
    return house


NEWS = "Ny föreläsning 12 mars"
AGAIN = "Föreläsningen hålls igen 11 april"


def test_a_new_lecture_is_told_once_to_those_who_want_tips_an_hour_after_it_was_published(house):
    house.publish(OLD, NEW)

    assert house.send(HOUR - timedelta(seconds=1)) == []
    assert house.send(timedelta(seconds=1)) == [("anna@exempel.se", NEWS), ("dea@exempel.se", NEWS)]
    house.open()
    assert house.send(DAY) == []
    assert house.desk.log("ny").read().announced == {"tips"}


def test_what_was_there_when_she_signed_up_is_no_news_to_her(house):
    house.publish(OLD, NEW)
    house.sign_up("eva", tips=True)

    assert [to for to, subject in house.send(HOUR) if subject == NEWS] == ["anna@exempel.se", "dea@exempel.se"]


def test_who_has_found_the_lecture_herself_is_not_told_of_it(house):
    house.publish(OLD, NEW)
    house.sign_up("Anna", slug="ny")
    house.send()

    assert house.send(HOUR) == [("dea@exempel.se", NEWS)]


def test_one_who_is_signed_up_twice_hears_of_it_once(house):
    house.publish(OLD, lecture("mellan"))
    house.send(2 * HOUR)
    house.sign_up("anna", slug="mellan")
    house.send(DAY)
    house.publish(OLD, lecture("mellan"), NEW)

    assert house.send(HOUR) == [("anna@exempel.se", NEWS), ("dea@exempel.se", NEWS)]


@pytest.mark.parametrize("values", [{"example": True}, {"status": "cancelled"}, {"closes": NOW}])
def test_nobody_hears_of_an_example_nor_of_one_that_takes_no_sign_ups(house, values):
    house.publish(OLD, replace(NEW, **values))

    assert house.send(HOUR) == []
    assert house.send(DAY) == []


def test_the_erased_and_those_whose_time_is_out_hear_nothing(house):
    privacy.erase(house.desk, house.post, "anna@exempel.se")
    house.publish(OLD, NEW)
    assert house.send(HOUR) == [("dea@exempel.se", NEWS)]

    house.clock.now = START + HOUR + timedelta(days=30)
    privacy.purge(house.desk, house.post)
    house.publish(RERUN)

    assert house.send(2 * DAY) == []


def test_a_rerun_is_offered_first_to_those_who_waited_in_vain_and_a_day_later_to_the_others(house):
    house.clock.now = START + DAY
    house.publish(OLD, RERUN)

    taken = sorted(house.post.taken[-2:])
    assert taken == [("cia@exempel.se", AGAIN), ("dea@exempel.se", AGAIN)]
    assert house.send(DAY - timedelta(seconds=1)) == []
    assert house.send(timedelta(seconds=1)) == [("anna@exempel.se", "Ny föreläsning 11 april")]
    house.open()
    assert house.send(DAY) == []


def test_a_rerun_that_is_published_before_the_first_time_waits_until_nobody_can_get_a_seat_there(house):
    house.publish(OLD, RERUN)
    house.clock.now = START - timedelta(seconds=1)
    house.courier.round()
    assert not [subject for _, subject in house.post.taken if subject == AGAIN]

    assert house.send(timedelta(seconds=1)) == [("cia@exempel.se", AGAIN), ("dea@exempel.se", AGAIN)]
    assert house.send(DAY) == [("anna@exempel.se", "Ny föreläsning 11 april")]


def test_a_refusal_for_good_is_final_and_one_for_now_is_tried_again(house):
    house.post.answers = {"anna@exempel.se": 550, "dea@exempel.se": 451}
    house.publish(OLD, NEW)

    assert house.send(HOUR) == []
    assert house.send(timedelta(seconds=59)) == []
    house.open()  # the pause holds in another process too
    house.post.answers = {}
    assert house.courier.round() == Round(left=1)
    assert house.send(timedelta(seconds=1)) == [("dea@exempel.se", NEWS)]
    assert house.desk.log("ny").read().announced == {"tips"}


def test_whoever_has_just_signed_up_gets_her_letter_before_the_rest_of_the_news(house):
    for number in range(30):
        house.sign_up(number)
    house.send(HOUR)
    house.publish(OLD, NEW)
    house.clock.now += HOUR
    first = len(house.post.taken)

    def sign_up_in_the_middle(number):
        if number == first + 5:
            house.sign_up("ny", slug="ny", tips=False)
            house.courier.call()

    house.post.before = sign_up_in_the_middle
    done = house.courier.round()
    house.courier._called.clear()  # as ``run`` does
    house.courier.round()

    told = [to for to, _ in house.post.taken[first:]]
    assert (done.sent, done.left) == (25, 7)
    assert told.index("ny@exempel.se") == 25
    assert len(told) == len(set(told)) == 33


def test_people_are_read_once_for_a_lecture_and_not_in_every_round(house, monkeypatch):
    house.publish(OLD, NEW)
    house.post.answers = {"anna@exempel.se": 451}
    house.send(HOUR)
    read, people = [], house.desk.people("gammal")
    whole = people.ids
    monkeypatch.setattr(people, "ids", lambda: read.append(1) or whole())

    for _ in range(5):
        house.send(timedelta(minutes=30))

    assert read == []


def test_nobody_is_read_again_after_a_restart_once_all_have_been_told(house, monkeypatch):
    house.publish(OLD, NEW)
    house.send(HOUR)
    house.open()
    monkeypatch.setattr(house.desk.people("gammal"), "ids", None)

    assert house.send(DAY) == []


def test_a_letter_of_news_can_be_ended_with_one_press_and_says_who_sent_it_and_why(house):
    house.publish(OLD, NEW)
    house.send(HOUR)
    anna = house.desk.log("gammal").read().registrations

    letter = next(each for each in house.post.letters if each["Subject"] == NEWS and each["To"] == "anna@exempel.se")

    address = f"http://127.0.0.1/anmalan/gammal/{next(iter(anna))}/tips"
    raw = letter.as_bytes()
    assert f"\nList-Unsubscribe: <{address}>".encode() in raw.replace(b"\r\n", b"\n")  # in one piece, however long
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["From"] == "Föreläsningar <info@testjouren.se>"
    assert (
        letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
        == f"""Hej!

Nu kan du anmäla dig till en ny föreläsning. Den är gratis och hålls på Zoom.

Föreläsning: Komplex PTSD
Tid: fredag 12 mars 2027 kl. 12.00–13.00
Föreläsare: Inbjuden föreläsare

Läs mer och anmäl dig:
http://127.0.0.1/forelasningar/ny/

Du får mejlet eftersom du har bett oss mejla om kommande föreläsningar.

Vill du inte ha fler mejl om kommande föreläsningar? Säg nej här:
{address}

Hälsningar
Testjouren
info@testjouren.se, 08-644 20 32
http://127.0.0.1
"""
    )


def test_the_offer_of_a_rerun_says_which_lecture_she_waited_for(house):
    house.clock.now = START + DAY
    house.publish(OLD, RERUN)

    text = house.post.letters[-1].get_body(("plain",)).get_content()

    assert "Nu håller vi föreläsningen en gång till." in text
    assert (
        "du stod på väntelistan till föreläsningen Ekonomiskt våld onsdag 10 februari 2027 och inte fick någon plats."
        in text
    )
    assert "zoom.example" not in text


def test_who_says_no_hears_no_more_from_any_of_her_sign_ups_but_is_told_of_her_own_lecture(house):
    house.publish(OLD, lecture("mellan"))
    house.send(2 * HOUR)
    house.sign_up("anna", slug="mellan")
    anna = next(iter(house.desk.log("gammal").read().registrations))
    house.send()

    privacy.end_tips(house.desk, "gammal", anna)
    privacy.end_tips(house.desk, "gammal", anna)

    house.publish(OLD, lecture("mellan"), NEW)
    assert house.send(HOUR) == [("dea@exempel.se", NEWS)]
    entries = [
        each for log in house.folder.glob("store/*/log/*.json") for each in [log.read_text()] if "tips-end" in each
    ]
    assert len(entries) == 2
    house.clock.now = START - HOUR
    assert ("anna@exempel.se", "Länk till mötet 10 februari") in house.send()


def test_a_new_yes_after_a_no_counts(house):
    anna = next(iter(house.desk.log("gammal").read().registrations))
    privacy.end_tips(house.desk, "gammal", anna)
    house.publish(OLD, lecture("mellan"))
    house.sign_up("anna", slug="mellan")
    house.send(DAY)
    house.publish(OLD, lecture("mellan"), NEW)

    assert ("anna@exempel.se", NEWS) in house.send(HOUR)


def test_no_to_an_unknown_or_erased_registration_is_unknown(house):
    anna = next(iter(house.desk.log("gammal").read().registrations))
    house.desk.erase("gammal", anna)

    for slug, id in (("gammal", anna), ("gammal", "0" * 32), ("..", "0" * 32)):
        with pytest.raises(Unknown):
            privacy.end_tips(house.desk, slug, id)


def test_news_in_the_outbox_goes_with_the_person_and_the_log_never_has_her_address(tmp_path):
    house = House(tmp_path)
    house.post = Outbox(tmp_path / "outbox")
    house.open()
    house.sign_up("anna")
    house.published = catalogue(OLD, NEW)
    for _ in range(2):
        house.clock.now += HOUR
        house.courier.round()
    assert len(list((tmp_path / "outbox").glob("gammal.*.tips.ny.eml"))) == 1
    shown = privacy.access(house.desk, "anna@exempel.se")
    assert shown[-1] == {"lecture": "ny", "told": "tips", "at": "2027-01-11T11:30:00Z", "code": 0}

    privacy.erase(house.desk, house.post, "anna@exempel.se")

    kept = [path for path in tmp_path.rglob("*") if path.is_file() and b"anna@" in path.read_bytes().lower()]
    assert kept == []
    assert list((tmp_path / "outbox").iterdir()) == []


def test_a_damaged_log_keeps_no_news_from_the_people_of_the_other_lectures(house, capfd):
    house.publish(OLD, lecture("skadad"))
    house.sign_up("eva", slug="skadad")
    house.send(DAY)
    (house.folder / "store/skadad/log/00000001.json").write_text("[")
    house.published = catalogue(OLD, NEW)
    house.open()
    house.send()

    assert house.send(HOUR) == [("anna@exempel.se", NEWS), ("dea@exempel.se", NEWS)]
    assert "skadad/log/00000001.json: är skadad" in capfd.readouterr().err


def test_who_was_asked_to_confirm_and_has_not_hears_of_nothing(tmp_path):
    house = House(tmp_path)
    person = Applicant(email="anna@exempel.se", name="A", organisation="", sector="", tips=True)
    house.desk.sign_up("gammal", person, verify=True)
    house.send(timedelta(minutes=1))
    house.publish(OLD, NEW)
    house.send(HOUR)

    assert [letter["Subject"].split()[0] for letter in house.post.letters] == ["Bekräfta"]
