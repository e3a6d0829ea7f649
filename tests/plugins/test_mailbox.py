"""The pages with letters: a stranger's text stays text, a damaged letter is no fault, and no public entrance has them."""

import os
from email.message import EmailMessage
from wsgiref.util import setup_testing_defaults

import pytest
import requests

from plugins.mailbox import Mailbox
from plugins.postbox import ToldOutbox, lines
from registrations.post import Outbox
from tests.support import Collector, coming, healthy, letters, publish, wait_for_letters, wait_until, workers

NAME = "vald.0123456789abcdef.confirmed.0"


def letter(text="Hej!", html="<p>Hej!</p>", subject="Bekräftelse"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "info@example.org", "a@example.org", subject
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


@pytest.fixture
def outbox(tmp_path):
    return Outbox(tmp_path)


def ask(outbox, path, method="GET", **environ):
    """Status, headers and text of the answer."""
    values = {"PATH_INFO": path, "REQUEST_METHOD": method, "HTTP_HOST": "127.0.0.1:8000", "REMOTE_ADDR": "127.0.0.1"}
    values |= environ
    setup_testing_defaults(values)
    answered = []

    def app(environ, start_response):
        start_response("404 Not Found", [])
        return [b"somebody else's"]

    body = Mailbox(app, outbox, "https://www.exempel.se")(values, lambda *answer: answered.append(answer))
    status, headers = answered[0]
    return status, dict(headers), b"".join(body).decode()


def test_a_letter_is_text_and_its_links_lead_to_this_server(outbox):
    text = (
        "<script>x</script>\nhttps://www.exempel.se/anmalan/vald/1/\nhttp://127.0.0.1:1/anmalan/a/, https://b.example/."
    )
    outbox.hand_over(NAME, letter(text, subject="<b>Hej</b>"))

    _, headers, page = ask(outbox, f"/_brev/{NAME}")

    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "<h1>&lt;b&gt;Hej&lt;/b&gt;</h1>" in page
    assert '<a href="/anmalan/vald/1/">https://www.exempel.se/anmalan/vald/1/</a>' in page
    assert '<a href="/anmalan/a/">http://127.0.0.1:1/anmalan/a/</a>, <a href="https://b.example/">' in page
    assert "script-src 'self';" in headers["Content-Security-Policy"]


def test_a_letters_html_may_do_nothing(outbox):
    outbox.hand_over(NAME, letter(html="<script>x</script>"))

    _, headers, page = ask(outbox, f"/_brev/{NAME}.html")

    assert page.strip() == "<script>x</script>"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert headers["Content-Security-Policy"].endswith("; sandbox")
    assert headers["Cache-Control"] == "no-store"


def test_the_newest_letter_is_first_and_without_any_it_says_so(outbox):
    assert "Inga brev än." in ask(outbox, "/_brev/")[2]
    for number, name in enumerate(("gammal.a.tips.b", "ny.a.tips.b")):
        outbox.hand_over(name, letter(subject=name))
        os.utime(outbox.root / f"{name}.eml", (number, number))

    page = ask(outbox, "/_brev/")[2]

    assert page.index('href="/_brev/ny.a.tips.b"') < page.index('href="/_brev/gammal.a.tips.b"')


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"Content-Type: text/plain; charset=nix\n\n\xe5", b"Subject: =?x?\n\n"]
)
def test_a_damaged_letter_is_shown_as_far_as_it_goes(outbox, data):
    outbox.root.mkdir(exist_ok=True)
    (outbox.root / f"{NAME}.eml").write_bytes(data)

    assert ask(outbox, f"/_brev/{NAME}")[0] == "200 OK"
    assert ask(outbox, "/_brev/")[0] == "200 OK"


@pytest.mark.parametrize(
    "change",
    [
        {"method": "POST"},
        {"HTTP_HOST": "angripare.example"},
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
    ],
)
def test_whoever_else_asks_is_answered_by_the_site(outbox, change):
    assert ask(outbox, "/_brev/", **change)[2] == "somebody else's"


def test_a_batch_is_a_line_for_each_kind(tmp_path):
    told = []
    outbox = ToldOutbox(tmp_path, url="http://127.0.0.1:8000", tell=told.append)

    for name in ("a.1.changed.4", "a.2.changed.4", "a.3.confirmed.0"):
        outbox.hand_over(name, letter())
    outbox.settle()
    outbox.settle()

    assert told == [
        "2 brev: Ändring: http://127.0.0.1:8000/_brev/",
        "Brev: Bekräftelse till a…@example.org: http://127.0.0.1:8000/_brev/a.3.confirmed.0",
    ]
    assert lines([("a.3.tips.b", "å@example.org")], None) == ["Brev: Tips till å…@example.org"]


def test_the_server_and_the_workers_have_no_such_pages(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path) as collector:
        requests.post(
            f"{collector.url}/anmalan/ekonomiskt-vald", data={"email": "a@example.org", "name": "A"}, timeout=20
        )
        wait_for_letters(tmp_path, 1)
        name = next((tmp_path / "outbox").glob("*.eml")).stem

        served = [requests.get(f"{collector.url}/_brev/{each}", timeout=20).status_code for each in ("", name)]

    with workers(tmp_path, 1) as (_, port, log):
        wait_until(lambda: healthy(port), log)
        worked = [requests.get(f"http://127.0.0.1:{port}/_brev/{each}", timeout=20).status_code for each in ("", name)]

    assert (served, worked, len(letters(tmp_path))) == ([404, 404], [404, 404], 1)
