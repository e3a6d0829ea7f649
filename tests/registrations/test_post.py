"""Letters through a real mail server that the test starts."""

import socket
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
import requests
from aiosmtpd.controller import Controller

from registrations.courier import Courier, Round
from registrations.desk import Desk
from registrations.errors import SettingError
from registrations.folder import FolderStore
from registrations.form import Applicant
from registrations.post import Outbox, Smtp, post_from
from tests.support import NOW, Clock, Collector, catalogue, coming, environment, lecture, own_page, publish

NOT_NOW = "Mejlservern tar inte emot alla brev just nu. De prövas igen senare."


class Mailbox:
    """What the mail server does with letters: keeps them, or refuses as it is told."""

    def __init__(self):
        self.letters, self.answers, self.arrived = [], {}, threading.Condition()
        self.refused = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address)
        if answer:
            self.refused += 1
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with self.arrived:
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self.arrived.notify_all()
        return "250 OK"

    def wait(self, count):
        with self.arrived:
            self.arrived.wait_for(lambda: len(self.letters) >= count, 20)
        assert len(self.letters) == count
        return self.letters


@pytest.fixture
def mailbox():
    return Mailbox()


class MailServer:
    """A mail server that can be stopped and started again on the same port."""

    def __init__(self, mailbox):
        self._mailbox = mailbox
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = free.getsockname()[1]
        self.setting = f"smtp://127.0.0.1:{self._port}"
        self.start()

    def start(self):
        self._controller = Controller(self._mailbox, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def stop(self):
        if self._controller:
            self._controller.stop()
        self._controller = None


@pytest.fixture
def mail(mailbox):
    server = MailServer(mailbox)
    yield server
    server.stop()


def sign_up(collector, email):
    form = {"email": email, "name": "A"}
    return requests.post(f"{collector.url}/anmalan/liten", form, timeout=20, allow_redirects=False)


def send(folder, **settings):
    done = subprocess.run(
        [sys.executable, "-m", "registrations", "send"],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_letter_comes_through_a_mail_server_and_its_link_works(tmp_path, mail, mailbox):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path, REGISTRATIONS_MAIL=mail.setting) as collector:
        sign_up(collector, "anna@räksmörgås.se")

        letter = mailbox.wait(1)[0]

        assert letter["To"] == "anna@xn--rksmrgs-5wao1o.se"
        assert letter["Subject"].startswith("Bekräftelse på din anmälan")
        assert "Du har en plats." in requests.get(collector.url + own_page(letter), timeout=20).text


def test_a_server_that_is_down_delays_letters_and_loses_none(tmp_path, mail, mailbox):
    publish(tmp_path, coming("liten", seats=3))
    mail.stop()
    with Collector(tmp_path, REGISTRATIONS_MAIL=mail.setting) as collector:
        assert sign_up(collector, "a@exempel.se").status_code == 303
    code, said = send(tmp_path, REGISTRATIONS_MAIL=mail.setting)
    assert (code, said) == (
        1,
        "0 skickade, 0 avvisade, 1 kvar.\nBreven väntar: smtp://127.0.0.1: ConnectionRefusedError Connection refused\n",
    )
    mail.start()

    assert send(tmp_path, REGISTRATIONS_MAIL=mail.setting) == (0, "1 skickade, 0 avvisade, 0 kvar.\n")
    assert send(tmp_path, REGISTRATIONS_MAIL=mail.setting) == (0, "0 skickade, 0 avvisade, 0 kvar.\n")

    assert [letter["To"] for letter in mailbox.letters] == ["a@exempel.se"]


def test_one_refused_for_good_is_noted_and_stops_nobody_else(tmp_path, mail, mailbox):
    mailbox.answers = {"nej@exempel.se": "550 no such mailbox", "senare@exempel.se": "451 try later"}
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        (tmp_path / "outbox").write_text("in the way")
        for name in ("nej", "senare", "a"):
            sign_up(collector, f"{name}@exempel.se")

    code, said = send(tmp_path, REGISTRATIONS_MAIL=mail.setting)

    assert code == 1
    assert said == f"1 skickade, 1 avvisade, 1 kvar.\n{NOT_NOW}\n"
    mailbox.answers = {}
    assert send(tmp_path, REGISTRATIONS_MAIL=mail.setting) == (1, f"0 skickade, 0 avvisade, 1 kvar.\n{NOT_NOW}\n")
    assert [letter["To"] for letter in mailbox.letters] == ["a@exempel.se"]
    shown = listed(tmp_path, REGISTRATIONS_MAIL=mail.setting)
    assert "bekräftelse nekad 550" in shown["nej"]
    assert "bekräftelse väntar, servern svarade 451" in shown["senare"]
    assert shown["a"].endswith("bekräftelse")


def listed(folder, **settings):
    """What ``list`` says of each."""
    done = subprocess.run(
        [sys.executable, "-m", "registrations", "list", "liten"],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=True,
    )
    return {line.split("@")[0].split()[-1]: line for line in done.stdout.splitlines() if "@" in line}


def test_one_refused_for_now_is_tried_again_after_a_while_by_whichever_process(tmp_path, mail, mailbox):
    mailbox.answers = {"senare@exempel.se": "451 try later"}
    terms, clock = catalogue(lecture("liten")), Clock(NOW)
    desk = Desk(FolderStore(tmp_path / "store"), lambda: terms, clock=clock)
    desk.sign_up("liten", Applicant(email="senare@exempel.se", name="A", organisation="", sector="", tips=False))

    def round():
        again = Desk(FolderStore(tmp_path / "store"), lambda: terms, clock=clock)
        return Courier(again, post_from(mail.setting)).round()

    round()
    for tries, minutes in enumerate((1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440), 1):
        clock.now += timedelta(minutes=minutes, seconds=-1)
        assert (round().left, mailbox.refused) == (1, tries)
        clock.now += timedelta(seconds=1)
        assert (round().left, mailbox.refused) == (1, tries + 1)

    mailbox.answers = {}
    clock.now += timedelta(hours=24)

    assert (round().sent, round().left) == (1, 0)
    assert len(mailbox.letters) == 1


def test_a_server_that_is_closing_delays_all_and_nothing_is_noted_of_any(tmp_path, mail, mailbox):
    terms = catalogue(lecture("liten"))
    desk = Desk(FolderStore(tmp_path / "store"), lambda: terms, clock=Clock(NOW))
    for name in ("a", "b"):
        desk.sign_up("liten", Applicant(email=f"{name}@exempel.se", name="A", organisation="", sector="", tips=False))
    mailbox.answers = {"a@exempel.se": "421 shutting down"}
    before = desk.log("liten").read().number
    courier = Courier(desk, post_from(mail.setting))

    assert courier.round() == Round(left=2, problem="smtp://127.0.0.1: svarade 421")
    assert desk.log("liten").read().number == before

    mailbox.answers = {}
    assert courier.round() == Round(sent=2)


def test_a_new_lecture_is_told_through_a_mail_server_and_ended_with_one_press(tmp_path, mail, mailbox):
    """Sign-ups of two days ago, a lecture published two hours ago, and the real clock of ``send``."""
    old, new = coming("liten"), coming("ny", days=60)
    terms, clock = [catalogue(old)], Clock(datetime.now(UTC) - timedelta(days=2))
    desk = Desk(FolderStore(tmp_path / "store"), lambda: terms[0], clock=clock)
    for name in ("anna", "nej", "senare"):
        applicant = Applicant(email=f"{name}@exempel.se", name="A", organisation="", sector="", tips=True)
        desk.sign_up("liten", applicant)
    courier = Courier(desk, post_from(mail.setting))
    courier.round()
    terms[0], clock.now = catalogue(old, new), datetime.now(UTC) - timedelta(hours=2)
    courier.round()
    publish(tmp_path, old, new)
    mailbox.letters.clear()
    mailbox.answers = {"nej@exempel.se": "550 no such mailbox", "senare@exempel.se": "451 try later"}

    code, said = send(tmp_path, REGISTRATIONS_MAIL=mail.setting)

    assert (code, said) == (1, f"1 skickade, 1 avvisade, 1 kvar.\n{NOT_NOW}\n")
    letter = mailbox.letters[0]
    assert letter["From"] == "Föreläsningar <info@testjouren.se>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with Collector(tmp_path, REGISTRATIONS_MAIL=mail.setting) as collector:
        path = urlsplit(letter["List-Unsubscribe"].strip("<>")).path
        answer = requests.post(
            collector.url + path, {"List-Unsubscribe": "One-Click"}, timeout=20, allow_redirects=False
        )
        assert answer.status_code == 200
    assert desk.log("liten").read().registrations[path.split("/")[3]].tips_ended


def test_send_beside_a_server_that_is_sending_sends_nothing_twice(tmp_path, mail, mailbox):
    publish(tmp_path, coming("liten"))
    settings = {"REGISTRATIONS_MAIL": mail.setting}
    with Collector(tmp_path, **settings) as collector:
        for number in range(12):
            sign_up(collector, f"{number}@exempel.se")
            if number % 4 == 0:
                send(tmp_path, **settings)

        mailbox.wait(12)
        send(tmp_path, **settings)

    assert sorted(letter["To"] for letter in mailbox.letters) == sorted(f"{number}@exempel.se" for number in range(12))


@pytest.mark.parametrize(
    ("text", "kind"),
    [("outbox:var/outbox", Outbox), ("smtp://localhost:25", Smtp), ("smtps://a:b%40c@mail.exempel.se", Smtp)],
)
def test_a_good_setting_gives_a_post_that_hides_its_password(text, kind):
    post = post_from(text)

    assert isinstance(post, kind)
    assert "b%40c" not in repr(post)


@pytest.mark.parametrize(
    "text", ["", "outbox:", "smtp://", "http://mail", "smtp://a:hemlig@host:port", "smtp://host/x"]
)
def test_a_bad_setting_says_what_to_write(text):
    with pytest.raises(SettingError, match="skriv outbox:MAPP") as said:
        post_from(text)

    assert "hemlig" not in str(said.value)
