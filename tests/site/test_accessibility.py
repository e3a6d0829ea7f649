"""Every page for everybody: axe-core finds nothing, the keyboard's way is sensible, focus never hidden, errors announced."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.site.test_browser import fill_in
from tests.support import own_page

NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
LOOKS = [(NARROW, "dark"), (WIDE, "light")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HIDDEN = """() => {
  const box = document.activeElement.getBoundingClientRect()
  const bar = document.querySelector('.exit')
  if (bar.contains(document.activeElement)) return null
  const seen = box.height > 0 && box.bottom > bar.getBoundingClientRect().bottom && box.top < innerHeight
  const above = box.top < bar.getBoundingClientRect().bottom - 1 && box.height < innerHeight / 2
  return seen && !above ? null : document.activeElement.outerHTML.slice(0, 120)
}"""


def found(page):
    """What axe-core objects to, as words."""
    page.evaluate(AXE_SCRIPT)
    return looked(page)


def looked(page):
    """The same where axe-core is in the page already."""
    results = page.evaluate("options => axe.run(options)", {"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        f"{each['id']}: {node['html'][:150]} {node['failureSummary']}"
        for each in results["violations"]
        for node in each["nodes"]
    ]


def paths(site):
    files = site.output.rglob("index.html")
    return sorted(f"/{file.parent.relative_to(site.output)}/".replace("/./", "/") for file in files)


@pytest.mark.parametrize("part", range(4))
def test_axe_finds_nothing_on_any_page(visit, site, part):
    page = visit("/")
    wrong = {}
    for path in [*paths(site), "/404.html"][part::4]:
        page.goto(path)
        page.evaluate(AXE_SCRIPT)
        for size, scheme in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            if words := looked(page):
                wrong[path, scheme] = words

    assert wrong == {}


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_axe_finds_nothing_in_the_form_and_in_what_it_leads_to(visit, inbox, size, scheme):
    email = f"disa-{scheme}@exempel.se"
    page = visit("/forelasningar/kommande/", viewport=size, color_scheme=scheme)
    wrong = []
    fill_in(page, email="disa", name="")
    page.get_by_label("Var arbetar du?").select_option("Skola och förskola")
    wrong += found(page)
    page.get_by_role("button", name="Anmäl mig").click()
    page.get_by_role("alert").wait_for()
    wrong += found(page)
    fill_in(page, email=email)
    page.get_by_role("button", name="Anmäl mig").click()
    page.get_by_role("heading", level=1, name="Anmälan").or_(page.get_by_role("heading", level=1)).first.wait_for()
    wrong += found(page)
    page.goto(own_page(inbox(email)))
    wrong += found(page)

    assert wrong == []


def test_axe_finds_what_is_wrong(visit):
    page = visit("/stod/")
    page.evaluate("document.querySelector('main p').innerHTML = '<button></button>'")

    assert any(words.startswith("button-name") for words in found(page))


@pytest.mark.parametrize("path", ["/", "/stod/", "/forelasningar/kommande/", "/siffror/2023/", "/sok/"])
@pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
def test_what_has_the_focus_is_never_under_the_exit(visit, path, key):
    page = visit(path, viewport=NARROW)
    page.evaluate("document.querySelector('.menu details').open = true")
    stops, seen = 0, set()
    for _ in range(150):
        page.keyboard.press(key)
        mark = page.evaluate(
            "document.activeElement === document.body ? null : document.activeElement.outerHTML.slice(0, 200)"
        )
        if mark is None or (mark in seen and stops > 15):
            break
        seen.add(mark)
        stops += 1
        page.wait_for_timeout(15)  # a frame, in which the browser scrolls
        hidden = page.evaluate(HIDDEN)
        assert hidden is None, hidden

    assert stops > 10


def test_a_screen_reader_meets_the_ways_out_first_and_the_parts_in_a_sensible_order(visit):
    tree = visit("/stod/").locator("body").aria_snapshot()
    parts = [
        'link "Hoppa till innehållet"',
        'link "Lämna sidan snabbt"',
        "banner",
        'navigation "Huvudmeny"',
        "main",
        "contentinfo",
        'region "',
    ]
    places = [tree.find(part) for part in parts]

    assert -1 not in places, (dict(zip(parts, places, strict=True)), tree[:3000])
    assert places == sorted(places), tree[:3000]


def test_a_field_in_error_says_so_where_it_is(visit):
    page = visit("/forelasningar/kommande/")
    fill_in(page, email="x", name="")
    page.get_by_role("button", name="Anmäl mig").click()
    page.get_by_role("alert").wait_for()

    for field, words in (("E-post", "E-postadressen går inte att använda."), ("Namn", "Skriv ditt namn.")):
        box = page.get_by_label(field)
        described = box.evaluate(
            "box => box.getAttribute('aria-describedby').split(' ').map(id => document.getElementById(id).innerText).join(' ')"
        )
        assert words in described
        assert box.get_attribute("aria-invalid") == "true"


@pytest.mark.parametrize(
    "path", ["/", "/stod/", "/forelasningar/", "/forelasningar/kommande/", "/siffror/2023/", "/fakta/"]
)
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_screen(visit, path, width):
    page = visit(
        path, viewport={"width": width, "height": 256 if width == 320 else 700}
    )  # 320 by 256: 1280 by 1024 at 400 %

    assert page.evaluate("document.documentElement.scrollWidth") <= width
