"""What a visit leaves behind, and how one gets away: in Chromium with a profile on the disk, as a visitor has it.

The browser's own records (where she has been, what was open) are beyond every site's reach, and the site says so.
"""

import re
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.browser import ARGUMENTS, system_browser
from tests.site.built import build, free_port, serve
from tests.support import ROOT

NAME = "qjouren.localhost"  # the browser takes every name below localhost for this machine
EXIT = "https://www.smhi.se/"
WORDS = ("qjouren", "lämna sidan snabbt", "du behöver inte vara nykter")
THE_BROWSERS_OWN = re.compile(r"(^|/)(History(-journal)?$|Sessions/|Preferences$|segmentation_platform/)")


class Neutral(BaseHTTPRequestHandler):
    """The neutral site, as slow as its server's ``pause``; remembers who sent a referrer."""

    def do_GET(self):
        if self.path == "/":
            self.server.referrers.append(self.headers.get("Referer"))
        time.sleep(self.server.pause)
        body = b"<!DOCTYPE html><html lang=sv><title>V&auml;der</title><h1>V&auml;der</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Cached(SimpleHTTPRequestHandler):
    """Serves a site as most are served: the browser may keep it for a day."""

    def end_headers(self):
        self.send_header("Cache-Control", "max-age=86400")
        super().end_headers()

    def log_message(self, *_):
        pass


@contextmanager
def running(handler, port=0):
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def neutral():
    with running(Neutral) as server:
        server.referrers, server.pause = [], 0
        yield server


@pytest.fixture(scope="module")
def built(tmp_path_factory, neutral):
    """The site's folder and port; its exit leads to the neutral server."""
    folder, port = tmp_path_factory.mktemp("left"), free_port()
    build(folder, SITEURL=f"http://{NAME}:{port}")
    neutral_address = f"http://neutral.localhost:{neutral.server_port}/"  # no exit_url: those are on https
    pages = [path for path in folder.rglob("*.html") if EXIT in path.read_text("utf-8")]
    assert len(pages) > 50
    for page in pages:
        page.write_text(page.read_text("utf-8").replace(EXIT, neutral_address), "utf-8")
    return folder, port


@pytest.fixture
def serving(built):
    """The site as we serve it; gives its address."""
    folder, port = built
    with serve(folder, folder / "site", port):
        yield f"http://{NAME}:{port}"


@pytest.fixture
def window(playwright, tmp_path):
    """Opens a browser with a profile in ``tmp_path``."""
    opened = []

    def open_window(**options):
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=system_browser(), args=ARGUMENTS, locale="sv-SE", **options
        )
        opened.append(context)
        page = context.pages[0]
        page.set_default_timeout(10_000)
        return page

    yield open_window
    for context in opened:
        context.close()


def read_three_and_leave(page, url):
    for path in ("/", "/stod/", "/fakta/psykiskt/"):
        page.goto(url + path)
        page.get_by_role("heading", level=1).wait_for()
    leave(page)


def leave(page):
    page.locator(".exit").get_by_role("link", name="Lämna sidan snabbt").click()
    page.get_by_role("heading", name="Väder").wait_for()


def traces(profile):
    """The files of the profile that hold one of the words, in any of the ways that a browser writes text."""
    needles = [
        spelled.encode(code)
        for word in WORDS
        for spelled in (word, word.capitalize())
        for code in ("utf-8", "utf-16-le")
    ]
    return sorted(
        str(path.relative_to(profile))
        for path in profile.rglob("*")
        if path.is_file() and any(needle in path.read_bytes() for needle in needles)
    )


def ours(found):
    return [path for path in found if not THE_BROWSERS_OWN.search(path)]


def test_after_three_pages_and_the_exit_no_file_of_the_profile_holds_the_sites_name_or_text(window, serving, tmp_path):
    page = window()
    read_three_and_leave(page, serving)
    page.context.close()

    left = traces(tmp_path / "profile")
    assert any("History" in path for path in left)  # the search does find what the browser writes
    assert ours(left) == []


def test_the_same_search_finds_a_site_that_may_be_kept(window, built, tmp_path):
    folder, port = built
    with running(partial(Cached, directory=str(folder / "site")), port):
        page = window()
        read_three_and_leave(page, f"http://{NAME}:{port}")
        page.context.close()

    assert len([path for path in ours(traces(tmp_path / "profile")) if "Cache" in path]) > 1


def test_no_page_asks_another_origin_or_keeps_anything(window, serving, built):
    folder, _ = built
    page = window()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for file in sorted((folder / "site").rglob("*.html")):
        page.goto(f"{serving}/{file.relative_to(folder / 'site')}".removesuffix("index.html"))
        kept = page.evaluate(
            """async () => [document.cookie, localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
                'serviceWorker' in navigator ? (await navigator.serviceWorker.getRegistrations()).length : 0]"""
        )
        assert kept == ["", 0, 0, 0, 0], file
        assert page.context.cookies() == []

    assert len(asked) > 40
    assert [url for url in asked if not url.startswith(f"{serving}/")] == []


def test_back_leads_to_the_page_before_and_forward_away_again(window, serving, neutral):
    page = window()
    page.goto(f"{serving}/")
    page.goto(f"{serving}/stod/")
    leave(page)

    page.go_back()
    page.get_by_role("heading", level=1).wait_for()
    assert page.url == f"{serving}/"
    page.go_forward()
    page.get_by_role("heading", name="Väder").wait_for()
    assert set(neutral.referrers) == {None}


LEAVING = """() => {
  const link = document.querySelector('.exit a')
  link.click()
  link.click()
  const sheet = document.querySelector('.sheet').getBoundingClientRect()
  const covers = sheet.x === 0 && sheet.y === 0 && sheet.width === innerWidth && sheet.height === innerHeight
  return [document.querySelectorAll('.sheet').length, covers, document.body.checkVisibility()]
}"""


def test_leaving_twice_leaves_once_and_shows_a_blank_sheet_meanwhile(window, serving, neutral):
    page = window()
    page.goto(f"{serving}/stod/")
    neutral.pause = 1
    try:
        assert page.evaluate(LEAVING) == [1, True, False]
        page.get_by_role("heading", name="Väder").wait_for()
    finally:
        neutral.pause = 0

    page.go_back()
    assert page.url == "about:blank"  # the page that was left is not in the history of this window


@pytest.mark.parametrize("kept", [True, False])
def test_a_page_that_the_browser_brings_back_is_whole(window, built, neutral, kept):
    """``kept``: from the browser's memory, sheet and all, as browsers do if a site lets them; else perhaps loaded anew."""
    page = window(ignore_default_args=["--disable-back-forward-cache"])
    folder, port = built
    with (
        running(partial(Cached, directory=str(folder / "site")), port) if kept else serve(folder, folder / "site", port)
    ):
        bring_back(page, f"http://{NAME}:{port}", neutral, kept)


def bring_back(page, url, neutral, kept):
    page.goto(f"{url}/")
    page.goto(f"{url}/stod/")
    session = page.context.new_cdp_session(page)  # Playwright itself waits for the navigation that is to be cut short

    def look(expression):
        answer = session.send("Runtime.evaluate", {"expression": expression, "returnByValue": True})
        return answer["result"].get("value")

    def wait_for(path):
        deadline = time.monotonic() + 10
        while look("location.href + document.readyState") != f"{url}{path}complete":
            assert time.monotonic() < deadline, look("location.href")
            time.sleep(0.02)

    look("addEventListener('pageshow', event => { window.brought = event.persisted })")
    neutral.pause = 5
    try:
        assert look(f"({LEAVING})()") == [1, True, False]
        entries = session.send("Page.getNavigationHistory")["entries"]
        session.send(
            "Page.navigateToHistoryEntry", {"entryId": entries[-2]["id"]}
        )  # before the neutral site has answered
        wait_for("/")
        session.send("Page.navigateToHistoryEntry", {"entryId": entries[-1]["id"]})
        wait_for("/stod/")
    finally:
        neutral.pause = 0

    assert look("window.brought") or not kept  # a browser may keep ours as well
    assert look("document.querySelectorAll('.sheet').length") == 0
    assert look("document.body.checkVisibility()") is True


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("colours", ["active", "none"])
def test_the_exit_by_keyboard_alone_at_four_hundred_per_cent(window, serving, javascript, colours):
    page = window(
        viewport={"width": 320, "height": 256},
        forced_colors=colours,
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )
    page.goto(f"{serving}/stod/")
    bar = page.locator(".exit").get_by_role("link", name="Lämna sidan snabbt").bounding_box()
    assert (bar["x"], bar["y"], bar["width"]) == (0, 0, 320)
    assert bar["height"] >= 44

    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="Väder").wait_for()


def test_in_forced_colours_the_exit_is_told_from_its_ground_by_a_border(window, serving):
    page = window(forced_colors="active")
    page.goto(f"{serving}/stod/")

    style = page.locator(".exit .leave").evaluate(
        "link => { const s = getComputedStyle(link); return [s.borderTopColor, s.backgroundColor, s.borderBottomWidth, s.color] }"
    )
    border, ground, width, colour = style
    assert border != ground
    assert colour != ground
    assert width == "2px"


def test_on_paper_there_is_no_exit(window, serving):
    page = window()
    page.goto(f"{serving}/stod/")
    page.emulate_media(media="print")

    assert not page.locator(".exit").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()


def test_the_neutral_site_is_one_that_is_not_ours(built):
    text = (ROOT / "content/data/organisation.toml").read_text("utf-8")
    assert re.search(rf'^exit_url = "{re.escape(EXIT)}"$', text, re.MULTILINE)
