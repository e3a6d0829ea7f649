"""``make screenshots``: the README's picture, and every page in every look into ``var/screenshots``, to be looked at.

``python -m tests.screenshots /stod/ /sok/`` takes only those pages.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser import ARGUMENTS, system_browser
from tests.site.built import build, free_port, serve
from tests.support import ROOT

PICTURE = ROOT / "docs" / "startsida.png"
FOLDER = ROOT / "var" / "screenshots"
ANSWERS = ("/anmalan/ekonomiskt-vald/tack/", "/anmalan/ekonomiskt-vald/vantelista/", "/finns/inte/")
HEIGHTS = {320: 256, 360: 740, 768: 1024, 1280: 800}  # 320 by 256 is 1280 by 1024 at 400 %
LOOKS = {  # name: width, and what the browser is told of colours and media
    **{f"{width}-{scheme}": (width, {"color_scheme": scheme}) for width in HEIGHTS for scheme in ("light", "dark")},
    "360-forced": (360, {"forced_colors": "active"}),
    "768-print": (768, {"media": "print"}),
}
AS_IT_IS = {"color_scheme": "light", "forced_colors": "none", "media": "screen"}


def main(asked: list[str]) -> None:
    """Take the pictures."""
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        port = free_port()
        site = build(Path(work), lectures=None, SITEURL=f"http://127.0.0.1:{port}")
        browser = playwright.chromium.launch(executable_path=system_browser(), args=ARGUMENTS)
        with serve(Path(work), site, port) as collector:
            page = browser.new_page(locale="sv-SE")
            if not asked:
                page.set_viewport_size({"width": 1280, "height": HEIGHTS[1280]})
                page.goto(f"{collector.url}/")
                page.screenshot(path=PICTURE)
            FOLDER.mkdir(parents=True, exist_ok=True)
            for path in asked or [*_paths(site), *ANSWERS]:
                _shoot(page, collector.url, path)
        browser.close()


def _paths(site: Path) -> list[str]:
    return sorted(f"/{file.parent.relative_to(site)}/".replace("/./", "/") for file in site.rglob("index.html"))


def _shoot(page: Page, url: str, path: str) -> None:
    """One page in every look: all of it, and what the smallest phone shows first."""
    name = path.strip("/").replace("/", "-") or "start"
    page.goto(url + path)
    for look, (width, told) in LOOKS.items():
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        page.emulate_media(**AS_IT_IS | told)
        page.screenshot(path=FOLDER / f"{name}-{look}.png", full_page=width > 320)
    print(f"{FOLDER / name}-*.png")


if __name__ == "__main__":
    main(sys.argv[1:])
