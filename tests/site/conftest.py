"""The real site, built once and served, and a browser to look at it with."""

import time
from types import SimpleNamespace

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import ARGUMENTS, system_browser
from tests.site.built import build, free_port, serve
from tests.support import letters


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """``.url``, ``.folder`` (store and outbox) and ``.output`` (the built pages)."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    output = build(folder, SITEURL=f"http://127.0.0.1:{port}")
    with serve(folder, output, port) as collector:
        yield SimpleNamespace(url=collector.url, folder=folder, output=output)


@pytest.fixture(scope="session")
def playwright():
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=system_browser(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def inbox(site):
    """Gives the letter to an address, once it has come."""

    def letter_to(address, *, subject=""):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for letter in letters(site.folder):
                if letter["To"] == address and subject in letter["Subject"]:
                    return letter
            time.sleep(0.05)
        raise AssertionError(f"no letter to {address}")

    return letter_to


@pytest.fixture
def visit(chromium, site):
    """Open a page in a fresh window: ``visit("/", javascript=True)``. At the end nothing may have gone elsewhere."""
    windows, requests, faults = [], [], []

    def open_page(path="/", *, javascript=True, **options):
        window = chromium.new_context(java_script_enabled=javascript, base_url=site.url, locale="sv-SE", **options)
        windows.append(window)
        page = window.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: requests.append(request))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(path)
        return page

    yield open_page
    kept = [window.cookies() or window.storage_state()["origins"] for window in windows]
    for window in windows:
        window.close()
    assert not any(kept), "a cookie or something in storage was kept"
    allowed = (site.url, "https://www.smhi.se/")  # and only the exit leads to the second
    assert [request.url for request in requests if not request.url.startswith(allowed)] == []
    assert [fault for fault in faults if "422" not in fault] == []
