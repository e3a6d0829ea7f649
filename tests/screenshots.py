"""``make screenshots``: the README's picture, made from the real site. ``python -m tests.screenshots FOLDER`` takes them all.

In FOLDER: each page below at 360 and 1280 px, in light and dark.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import ARGUMENTS, system_browser
from tests.site.built import build, free_port, serve
from tests.support import ROOT

PICTURE = ROOT / "docs" / "startsida.png"
PAGES = (
    "/",
    "/stod/",
    "/fakta/psykiskt/",
    "/forelasningar/",
    "/forelasningar/ekonomiskt-vald/",
    "/anmalan/ekonomiskt-vald/tack/",
)
WIDTHS = {360: 740, 1280: 800}


def main(folder: Path | None) -> None:
    """Make the README's picture, or every picture in ``folder``."""
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        port = free_port()
        site = build(Path(work), lectures=None, SITEURL=f"http://127.0.0.1:{port}")
        browser = playwright.chromium.launch(executable_path=system_browser(), args=ARGUMENTS)
        with serve(Path(work), site, port) as collector:
            if folder is None:
                _shoot(browser, f"{collector.url}/", PICTURE, width=1280)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                _all(browser, collector.url, folder)
        browser.close()


def _all(browser: Browser, url: str, folder: Path) -> None:
    for path in PAGES:
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                name = f"{path.strip('/').replace('/', '-') or 'start'}-{width}-{scheme}.png"
                _shoot(browser, url + path, folder / name, width=width, scheme=scheme, whole=True)


def _shoot(browser: Browser, url: str, file: Path, *, width: int, scheme: str = "light", whole: bool = False) -> None:
    size = {"width": width, "height": WIDTHS[width]}
    window = browser.new_context(viewport=size, color_scheme=scheme, locale="sv-SE")
    page = window.new_page()
    page.goto(url, wait_until="networkidle")
    file.parent.mkdir(exist_ok=True)
    page.screenshot(path=file, full_page=whole)
    window.close()
    print(file)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
