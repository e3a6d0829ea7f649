"""What a visitor's browser fetches and shows, page by page: weight, requests, layout shifts; and Lighthouse on some of them."""

import gzip
import json
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import requests
from playwright.sync_api import Browser, sync_playwright

from tests import npm
from tests.browser import ARGUMENTS, system_browser
from tests.site.built import build, free_port, serve
from tests.support import ROOT

LIGHTHOUSE = "12.8.2"  # from npm, into var/
JUDGED = ("/", "/stod/", "/forelasningar/")
BUDGET, REQUESTS = 14_000, 2  # bytes as a server in front sends them, for a page about support
SLOW = 6  # times slower than this processor: a phone from 2015
SHIFTS = """() => new Promise(tell => new PerformanceObserver(list => tell(
    list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe({type: 'layout-shift', buffered: true})
    || setTimeout(() => tell(0), 300))"""


@dataclass(frozen=True)
class Visit:
    """One page in a fresh window of a slow phone."""

    path: str
    weight: int  # bytes, compressed
    requests: int
    shift: float  # cumulative layout shift
    seconds: float  # until it was loaded


def measure() -> None:
    """Print the heaviest pages, and what is over its budget."""
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        folder, port = Path(work), free_port()
        site = build(folder, lectures=None, SITEURL=f"http://127.0.0.1:{port}")
        with serve(folder, site, port) as collector:
            browser = playwright.chromium.launch(executable_path=system_browser(), args=ARGUMENTS)
            visits = [_visit(browser, collector.url, path) for path in _paths(site)]
            browser.close()
            _print(visits)
            _lighthouse(collector.url)


def _paths(site: Path) -> list[str]:
    return sorted(f"/{file.parent.relative_to(site)}/".replace("/./", "/") for file in site.rglob("index.html"))


def _support() -> set[str]:
    """The paths of the pages for her and for relatives."""
    pages = ROOT / "content" / "pages"
    return {
        "/" if file.stem == "index" else f"/{file.relative_to(pages).with_suffix('')}/"
        for file in pages.rglob("*.md")
        if file.stem == "index" or re.search(r"^Audience: (utsatt|anhorig)", file.read_text("utf-8"), re.MULTILINE)
    }


def _visit(browser: Browser, url: str, path: str) -> Visit:
    window = browser.new_context(viewport={"width": 360, "height": 640}, locale="sv-SE")
    page, fetched = window.new_page(), []
    window.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    page.on("response", lambda answer: fetched.append(answer.url))
    page.goto(url + path, wait_until="networkidle")
    shift = page.evaluate(SHIFTS)
    seconds = page.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart") / 1000
    window.close()
    files = {*fetched, f"{url}/favicon.ico"}  # a browser without a window doesn't ask for the icon
    weight = sum(len(gzip.compress(requests.get(file, timeout=20).content, 9)) for file in files)
    return Visit(path, weight, len(files), shift, seconds)


def _print(visits: list[Visit]) -> None:
    support = [visit for visit in visits if visit.path in _support()]
    for words, some in (("about support", support), ("of all kinds", visits)):
        heavy = max(some, key=lambda visit: visit.weight)
        print(
            f"{len(some)} pages {words}: {heavy.path} weighs most, {heavy.weight / 1000:.1f} kB; "
            f"most requests {max(visit.requests for visit in some)}; largest shift {max(visit.shift for visit in some):.3f}; "
            f"slowest on a processor {SLOW} times slower {max(visit.seconds for visit in some):.2f} s"
        )
    for visit in support:
        if visit.weight > BUDGET or visit.requests > REQUESTS or visit.shift:
            print(f"OVER its budget: {visit}")


def _lighthouse(url: str) -> None:
    """Lighthouse's four judgements as on a phone, out of 100."""
    program = npm.program("lighthouse", LIGHTHOUSE, "lighthouse")
    flags = f"--headless {' '.join(ARGUMENTS)}"
    for path in JUDGED:
        command = [*program, url + path, "--quiet", "--output=json", "--output-path=stdout", f"--chrome-flags={flags}"]
        environment = {**os.environ, "CHROME_PATH": system_browser() or ""}
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        judged = json.loads(done.stdout)["categories"].values()
        print(f"Lighthouse, {path}: " + ", ".join(f"{each['title']} {each['score'] * 100:.0f}" for each in judged))
