"""The development server, as a process of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timedelta

import pytest

from tests.plugins.small_site import ROOT

PATIENCE = 20.0  # seconds; the rebuild itself is held to 2 s in the one test that measures it
START = f"{datetime.now() + timedelta(days=60):%Y-%m-%d} 12:00"


class Devserver:
    """``python -m plugins.devserver`` in the folder of a site."""

    def __init__(self, site, **environment):
        self.log = site.root / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "plugins.devserver"],
                cwd=site.root,
                env=os.environ | {"PYTHONPATH": str(ROOT), "HOST": "127.0.0.1", "PORT": "0"} | environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self, words=""):
        """What it has said, as soon as that holds ``words``."""
        return until(lambda: (text := self.log.read_text("utf-8")) and words in text and text, self)

    @property
    def address(self):
        return re.search(r"http://127\.0\.0\.1:\d+", self.said("Webbplatsen visas på"))[0]

    def page(self, path):
        try:
            with urllib.request.urlopen(self.address + path, timeout=5) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.read().decode()

    def shows(self, path, words):
        """Wait until the page has the words."""
        until(lambda: words in self.page(path), self)

    def end(self, number=signal.SIGINT):
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def until(found, server):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited in vain: {server.log.read_text('utf-8')}")


@pytest.fixture
def serve(site):
    """``serve()`` starts a server, which is ended with the test."""
    started = []

    def start(**environment):
        started.append(Devserver(site, **environment))
        return started[-1]

    yield start
    for server in started:
        server.process.kill()
        server.process.wait()


def test_it_shows_the_site_takes_sign_ups_and_says_where_everything_is(site, serve):
    site.lecture("vald.md", Start=START)
    server = serve()

    shown = server.page("/forelasningar/vald/")
    data = b"email=anna%40example.org&name=Anna"
    with urllib.request.urlopen(f"{server.address}/anmalan/vald", data=data, timeout=5) as answer:
        thanks = answer.url

    assert 'action="/anmalan/vald"' in shown
    assert f'"url": "{server.address}/forelasningar/vald/"' in shown
    assert thanks == f"{server.address}/anmalan/vald/tack/"
    assert server.said().splitlines()[1:3] == [
        f"Webbplatsen visas på {server.address}/ (avsluta med Ctrl-C).",
        "Anmälningar sparas i file:var/registrations, och breven lämnas till outbox:var/outbox.",
    ]
    assert len(list((site.root / "var/registrations/vald/people").iterdir())) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_quietly_when_asked_to(site, serve, number):
    server = serve()
    server.page("/")

    status = server.end(number)

    assert status == 0
    assert "Traceback" not in server.said()


def test_it_ends_quietly_during_the_first_build(site, serve):
    server = serve()
    until(lambda: (site.root / "var/builds").exists(), server)

    assert server.end() == 0
    assert server.log.read_text("utf-8") == ""
    assert list((site.root / "var/builds").iterdir()) == []


def test_a_change_is_shown_at_once_and_older_builds_go(site, serve):
    site.page("stod.md", Title="Ett")
    server = serve()
    server.shows("/stod/", "<h1>Ett</h1>")

    for number in range(3):
        site.page("stod.md", Title=f"Nummer {number}")
        server.shows("/stod/", f"<h1>Nummer {number}</h1>")

    deadline = time.monotonic() + 20
    while len(builds := list((site.root / "var/builds").iterdir())) != 2:  # the oldest goes when the newest is shown
        assert time.monotonic() < deadline, builds
        time.sleep(0.02)


def test_a_change_of_the_theme_or_the_settings_is_shown_too(site, serve):
    server = serve()
    server.page("/")

    site.write("theme/static/style.css", "body { color: #456 }\n")
    server.shows("/", "color: #456")
    settings = (site.root / "pelicanconf.py").read_text("utf-8")
    site.write("new.py", settings + 'MENU = SITENAME = "Ny"\n').replace(site.root / "pelicanconf.py")
    site.write("theme/templates/404.html", "{{ SITENAME }}")

    until(lambda: "Ny" in (site.root / "var/site/404.html").read_text("utf-8"), server)


def test_a_fault_is_told_and_the_last_good_site_stays_until_it_is_mended(site, serve):
    site.lecture("vald.md", Title="Ett", Start=START)
    server = serve()
    server.shows("/forelasningar/vald/", "<h1>Ett</h1>")

    site.lecture("vald.md", Title="Två", Start=START, Seats="x", Join="y")
    said = server.said("Den tidigare versionen visas")

    assert (
        "Webbplatsen byggdes inte: 2 fel att rätta.\n\ncontent/lectures/vald.md\n"
        "  rad 5, Seats: ”x” är inget heltal mellan 1 och 10000. Skriv bara siffror, till exempel 100.\n"
        "  rad 6, Join: Värdet är ingen länk som börjar med https://. Kopiera hela länken från mötets inbjudan.\n"
        "Den tidigare versionen visas tills felen är rättade. Rätta och spara, så byggs den igen.\n"
    ) in said
    assert "<h1>Ett</h1>" in server.page("/forelasningar/vald/")
    site.lecture("vald.md", Title="Tre", Start=START)
    server.shows("/forelasningar/vald/", "<h1>Tre</h1>")


def test_a_first_build_with_faults_waits_for_the_mending(site, serve):
    site.page("stod.md", Title=None)
    server = serve()

    server.said("Webbplatsen visas inte tills felen är rättade. Rätta och spara, så byggs den igen.\n")
    site.page("stod.md", Title="Nu så")

    server.shows("/stod/", "<h1>Nu så</h1>")


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "abc"}, "PORT='abc': skriv ett tal från 1 till 65535, eller 0 för vilken ledig port som helst.\n"),
        ({"SITEURL": "x"}, "SITEURL='x': skriv webbplatsens adress, till exempel https://www.qjouren.se\n"),
    ],
)
def test_a_setting_that_cannot_be_used_is_one_sentence(serve, environment, sentence):
    server = serve(**environment)

    assert server.process.wait(PATIENCE) == 2
    assert server.log.read_text("utf-8") == sentence


def test_a_port_that_is_taken_is_one_sentence(serve):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        server = serve(PORT=str(port))

        assert server.process.wait(PATIENCE) == 2
        assert server.log.read_text("utf-8") == (
            f"PORT='{port}': porten används av ett annat program. "
            f"Stäng det eller välj en annan, till exempel PORT={port + 1}.\n"
        )


def test_an_address_that_is_not_this_machines_is_one_sentence(serve):
    server = serve(HOST="192.0.2.1", PORT="8000")

    assert server.process.wait(PATIENCE) == 2
    assert server.log.read_text("utf-8") == (
        "HOST='192.0.2.1:8000': adressen går inte att använda (Cannot assign requested address). "
        "Skriv till exempel HOST=127.0.0.1 PORT=8000.\n"
    )
