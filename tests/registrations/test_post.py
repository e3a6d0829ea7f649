"""Letters through a real mail server that the test starts."""

import socket
import subprocess
import sys
import threading
from email import message_from_bytes, policy

import pytest
import requests
from aiosmtpd.controller import Controller

from registrations.errors import SettingError
from registrations.post import Outbox, Smtp, post_from
from tests.support import Collector, coming, environment, own_page, publish


class Mailbox:
    """What the mail server does with letters: keeps them, or refuses as it is told."""

    def __init__(self):
        self.letters, self.answers, self.arrived = [], {}, threading.Condition()

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address)
        if answer:
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
    assert said.startswith("1 skickade, 1 avvisade, 1 kvar.\nBreven väntar: smtp://127.0.0.1: svarade 451")
    assert "exempel.se" not in said
    mailbox.answers = {}
    assert send(tmp_path, REGISTRATIONS_MAIL=mail.setting)[1] == "1 skickade, 0 avvisade, 0 kvar.\n"
    assert [letter["To"] for letter in mailbox.letters] == ["a@exempel.se", "senare@exempel.se"]


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
