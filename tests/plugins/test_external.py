"""Links to other sites, asked of a real server."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from plugins.external import addresses, ask
from tests.support import ROOT

MOVES = {"/gammal": (301, "/ny"), "/tillfallig": (302, "/ny"), "/runt": (301, "/runt")}


class Pages(BaseHTTPRequestHandler):
    def do_GET(self):
        status, place = MOVES.get(
            self.path, (404 if self.path == "/borta" else 403 if self.path == "/blyg" else 200, None)
        )
        self.send_response(status)
        if place:
            self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def url():
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", None),
        ("/blyg", None),
        ("/tillfallig", None),
        ("/borta", "sidan svarar 404. Leta upp rätt adress, eller ta bort länken."),
        ("/gammal", "sidan har flyttat till {url}/ny. Skriv den adressen."),
        ("/runt", "sidan skickar runt i en cirkel. Leta upp rätt adress."),
    ],
)
def test_what_a_site_answers(url, path, words):
    assert ask(f"{url}{path}") == (words and words.format(url=url))


def test_a_site_that_is_not_there():
    assert ask("http://127.0.0.1:9/").startswith("det finns ingen sådan webbplats")


def test_texts_and_data_are_read_and_a_join_link_never(tmp_path):
    (tmp_path / "content/data").mkdir(parents=True)
    (tmp_path / "content/a.md").write_text(
        "Title: A\nJoin: https://meet.example/hemlig\n\nSe [Lagen](https://lag.example/sfs_(2021)) och https://b.example/x.\n"
    )
    (tmp_path / "content/data/organisation.toml").write_text('name = "J"\nurl = "https://jour.example"\n')

    places = addresses(tmp_path / "content")

    assert {address: [(each.file, each.line) for each in found] for address, found in places.items()} == {
        "https://lag.example/sfs_(2021)": [("content/a.md", 4)],
        "https://b.example/x": [("content/a.md", 4)],
        "https://jour.example": [("content/data/organisation.toml", 2)],
    }


def test_the_command_tells_each_place_and_fails(url, tmp_path):
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text(
        f"Title: A\n\n[ett]({url}/borta#del)\n\n[två]({url}/)\n\n[tre]({url}/borta)\n"
    )

    done = subprocess.run(
        [sys.executable, "-m", "plugins.external", str(tmp_path / "content")], cwd=ROOT, capture_output=True, text=True
    )

    words = f"”{url}/borta”: sidan svarar 404. Leta upp rätt adress, eller ta bort länken."
    assert done.returncode == 1
    assert done.stderr.splitlines() == [f"content/a.md, rad 3: {words}", f"content/a.md, rad 7: {words}"]
    assert done.stdout == "2 länkar till andra webbplatser, 2 att rätta.\n"
