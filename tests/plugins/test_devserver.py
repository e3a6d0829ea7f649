"""The development server, as a process of its own."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
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


def sign_up(server, slug, email, tips=""):
    form = urllib.parse.urlencode({"email": email, "name": "Anna", "tips": tips}).encode()
    with urllib.request.urlopen(f"{server.address}/anmalan/{slug}", data=form, timeout=5) as answer:
        assert answer.status == 200


def test_a_letter_is_told_and_read_with_links_that_work(site, serve):
    site.lecture("vald.md", Start=START, Join="https://zoom.example/j/hemlig")
    server = serve()
    assert f"Breven går att läsa på {server.address}/_brev/ (bara här).\n" in server.said("Breven går att")

    sign_up(server, "vald", "anna@example.org")
    line = re.search(r"^Brev: Bekräftelse till a…@example\.org: (\S+)$", server.said("Brev: "), re.MULTILINE)
    listed = server.page("/_brev/")
    letter = server.page(line[1].removeprefix(server.address))
    own = re.search(r'href="(/anmalan/vald/[0-9a-f]{32}/)"', letter)[1]

    assert "till anna@example.org" in listed
    assert f'href="{line[1].removeprefix(server.address)}"' in listed
    assert "Länkarna i breven är personliga." in listed
    assert "Du har en plats på föreläsningen." in letter
    assert '<a href="https://zoom.example/j/hemlig">https://zoom.example/j/hemlig</a>' in letter
    assert "Bilaga: kalender.ics" in letter
    assert "anna@example.org" in server.page(own)
    assert "<b>Ekonomiskt våld</b>" in server.page(f"{line[1].removeprefix(server.address)}.html")


def test_a_build_tells_what_a_push_would_and_several_letters_are_one_line(site, serve):
    site.lecture("vald.md", Start=START, Join="https://zoom.example/j/hemlig")
    server = serve()
    for number in range(3):
        sign_up(server, "vald", f"{number}@example.org")
    until(lambda: len(list((site.root / "var/outbox").glob("*.eml"))) == 3, server)

    site.lecture("vald.md", Start=START.replace("12:00", "13:15"), End="14:15", Join="https://zoom.example/j/hemlig")

    assert f"3 brev: Ändring: {server.address}/_brev/\n" in server.said("3 brev")
    said = server.said()
    assert re.search(
        r"Webbplatsen är byggd .*\n  Ekonomiskt våld: flyttas till .* kl\. 13\.15–14\.15\. 3 anmälda får ", said
    )
    assert "  En push av detta frågar dig först.\n" in said
    site.lecture("vald.md", Start="2026-01-02 12:00", Join="https://zoom.example/j/hemlig")
    assert "men den dagen har varit: 3 anmälda får inget veta." in server.said("men den dagen har varit")
    (site.root / "content/lectures/vald.md").unlink()
    site.lecture("ny.md", Title="Nytt", Start=START, Closes="2026-01-02 12:00")
    assert "  Nytt: Observera: anmälan stängde redan fredag 2 januari 2026 kl. 12.00." in server.said("stängde redan")


def test_a_build_that_changes_nothing_for_lectures_says_nothing_of_them(site, serve):
    site.lecture("vald.md", Start=START)
    server = serve()
    server.page("/")

    site.page("stod.md", Title="Nytt")
    server.shows("/stod/", "<h1>Nytt</h1>")
    until(lambda: server.log.read_text("utf-8").count("Webbplatsen är byggd") == 2, server)

    assert "Ekonomiskt våld" not in server.said()


def ask(server, path, **headers):
    """The status and the headers of the answer to a request with just these headers."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=5)
    connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, answer.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:8000"}, 200),
        ({"Host": "angripare.example"}, 404),  # whose name leads to 127.0.0.1
        ({"Host": "127.0.0.1.angripare.example"}, 404),
        ({"X_Forwarded_For": "192.0.2.7"}, 404),  # somebody lets others in through a tunnel
    ],
)
def test_only_a_browser_on_this_machine_reads_the_letters(site, serve, headers, status):
    server = serve()
    server.said("Breven går att läsa")

    found, sent = ask(server, "/_brev/", **headers)

    assert found == status
    assert sent["Cache-Control"] == "no-store"
    if status == 200:
        assert sent["X-Robots-Tag"] == "noindex, nofollow"
        assert "frame-ancestors 'none'" in sent["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/_brev/../catalogue.json", "/_brev/..%2fcatalogue", "/_brev/nix", "/_brev/nix.html"])
def test_nothing_but_a_letter_in_the_folder_is_read(site, serve, path):
    server = serve()
    server.said("Breven går att läsa")

    assert ask(server, path)[0] == 404


@pytest.mark.parametrize("environment", [{"HOST": "0.0.0.0"}, {"REGISTRATIONS_MAIL": "smtp://127.0.0.1:1"}])
def test_without_an_outbox_or_open_to_others_there_are_no_such_pages(site, serve, environment):
    server = serve(**environment)
    port = re.search(r"http://(?:127\.0\.0\.1|0\.0\.0\.0):(\d+)", server.said("Webbplatsen visas på"))[1]

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/_brev/", timeout=5)

    assert error.value.code == 404
    assert "_brev" not in server.said()
    error.value.close()


def test_a_fault_in_the_code_is_a_sentence_and_its_traceback_a_file(site, serve):
    site.page("stod.md", Title="Ett")
    server = serve()
    server.shows("/stod/", "<h1>Ett</h1>")

    site.write("theme/templates/page.html", "{% nonsense %}")
    said = server.said("Den tidigare versionen visas")

    assert (
        "Bygget stannade på ett fel i koden, inte i din text. Felet står i var/trace.txt. "
        "Skicka det till den som sköter webbplatsens kod.\n"
        "Den tidigare versionen visas tills felen är rättade. Rätta och spara, så byggs den igen.\n"
    ) in said
    assert "Traceback" not in said
    assert "TemplateSyntaxError" in (site.root / "var/trace.txt").read_text("utf-8")
    assert "<h1>Ett</h1>" in server.page("/stod/")
