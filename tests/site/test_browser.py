"""The pages in Chromium, with and without JavaScript: signing up, faults, cancelling by the letter, leaving."""

import re
import time

import pytest

from registrations.age import YOUNGEST
from tests.support import own_page


def fill_in(page, *, email, name="Anna"):
    page.get_by_label("E-post").fill(email)
    page.get_by_label("Namn").fill(name)


def take_time(page):
    """Wait until the form, marked by the script with when it was opened, is as old as a person's."""
    page.locator("form [name=token][value]:not([value=''])").wait_for(state="attached")
    opened = int(page.locator("form [name=token]").input_value().partition("-")[0], 16)
    while time.time() < opened + YOUNGEST:
        time.sleep(0.05)


@pytest.mark.parametrize("javascript", [True, False])
def test_signing_up_and_cancelling_by_the_link_in_the_letter(visit, inbox, javascript):
    email = f"anna-{javascript}@exempel.se".lower()
    page = visit("/forelasningar/kommande/", javascript=javascript)
    fill_in(page, email=email)
    page.get_by_label("Var arbetar du?").select_option("Skola och förskola")
    page.get_by_text("Mejla mig också").click()
    assert page.get_by_label("Mejla mig också").is_checked()
    if javascript:
        take_time(page)

    page.get_by_role("button", name="Anmäl mig").click()

    page.get_by_role("heading", level=1, name="Tack, vi har tagit emot din anmälan", exact=True).wait_for()
    assert page.url.endswith("/anmalan/kommande/tack/")
    page.goto(own_page(inbox(email)))
    page.get_by_text("Du har en plats.").wait_for()
    page.get_by_text("Skola och förskola").wait_for()
    page.get_by_role("button", name="Avboka").click()
    page.get_by_text("Du är avbokad.").wait_for()
    assert inbox(email, subject="Din avbokning")
    page.get_by_role("button", name="Radera mina uppgifter").click()
    page.get_by_role("heading", level=1, name="Dina uppgifter är raderade", exact=True).wait_for()


@pytest.mark.parametrize("javascript", [True, False])
def test_one_who_is_asked_to_confirm_does_so_by_the_button_on_her_page(visit, inbox, javascript):
    email = f"bea-{javascript}@exempel.se".lower()
    page = visit("/forelasningar/kommande/", javascript=javascript)
    fill_in(page, email=email)
    page.locator("[name=svar]").fill("x")  # as a script does that fills in everything

    page.get_by_role("button", name="Anmäl mig").click()

    page.get_by_role("heading", level=1, name="Nästan klart", exact=True).wait_for()
    page.goto(own_page(inbox(email, subject="Bekräfta din anmälan")))
    page.get_by_text("Du har inte bekräftat din anmälan än.").wait_for()
    page.get_by_role("button", name="Bekräfta").click()
    page.get_by_text("Du har en plats.").wait_for()
    assert inbox(email, subject="Bekräftelse på din anmälan")


@pytest.mark.parametrize("javascript", [True, False])
def test_nobody_meets_the_field_that_is_there_for_scripts(visit, javascript):
    page = visit("/forelasningar/kommande/", javascript=javascript)
    trap = page.locator("form [name=svar]")

    assert "Lämna tomt" not in page.locator("form").aria_snapshot()  # as assistive technology has it
    assert "Anmäl mig" in page.locator("form").aria_snapshot()
    around = trap.locator("..").bounding_box()
    assert (around["width"], around["height"]) == (1, 1)
    assert trap.get_attribute("autocomplete") == "off"
    page.get_by_label("Mejla mig också").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator("button:focus").inner_text() == "Anmäl mig"  # after the notice's two links


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"email": ""}, "E-post", "Skriv din e-postadress. Dit skickar vi besked och länk."),
        ({"email": "anna"}, "E-post", "E-postadressen går inte att använda. Skriv den så här: namn@exempel.se"),
        ({"email": "a@exempel.se", "name": ""}, "Namn", "Skriv ditt namn. Det går bra med ett alias."),
    ],
)
def test_each_error_is_in_a_summary_in_focus_and_beside_its_field(visit, javascript, typed, field, words):
    page = visit("/forelasningar/kommande/", javascript=javascript)
    fill_in(page, **typed)

    page.get_by_role("button", name="Anmäl mig").click()

    summary = page.get_by_role("alert")
    summary.get_by_role("heading", name="Anmälan är inte sparad än").wait_for()
    if javascript:  # reading the focus needs a script, even where the page itself needs none
        assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    box = page.get_by_label(field)
    assert box.get_attribute("aria-invalid") == "true"
    assert words in page.locator(f"#{box.get_attribute('aria-describedby').split()[-1]}").inner_text()
    assert page.get_by_label("E-post").input_value() == typed["email"]
    summary.get_by_role("link", name=words).click()
    assert page.url.endswith(f"#{box.get_attribute('id')}")


def test_a_full_lecture_says_so_before_the_form_is_filled_in_and_keeps_a_line(visit, inbox):
    page = visit("/forelasningar/liten/")
    page.get_by_text("Det finns få platser kvar.").wait_for()
    for email in ("forst@exempel.se", "sedan@exempel.se"):
        page.goto("/forelasningar/liten/")
        fill_in(page, email=email)
        take_time(page)
        page.get_by_role("button", name="Anmäl mig").click()

    page.get_by_role("heading", level=1, name="Du står på väntelistan", exact=True).wait_for()
    page.goto("/forelasningar/liten/")
    page.get_by_text("Fullt. Du kan ställa dig på väntelistan.").wait_for()
    page.goto(own_page(inbox("sedan@exempel.se")))
    page.get_by_text("Du står på väntelistan som nummer 1.").wait_for()


@pytest.mark.parametrize(("path", "words"), [("forbi", "har redan hållits"), ("installd", "Föreläsningen är inställd")])
def test_a_lecture_that_is_over_or_called_off_has_no_form_and_says_why(visit, path, words):
    page = visit(f"/forelasningar/{path}/")

    page.get_by_text(re.compile(words)).first.wait_for()
    assert page.locator("form").count() == 0


@pytest.fixture
def neutral(chromium):
    """Stands in for the neutral site; gives the headers of each request that reached it."""
    seen = []

    def answer(route):
        seen.append(route.request.headers)
        route.fulfill(body="<title>Väder</title><h1>Väder</h1>", content_type="text/html; charset=utf-8")

    def stand_in(page):
        page.route("https://www.smhi.se/**", answer)
        return seen

    return stand_in


@pytest.mark.parametrize("javascript", [True, False])
def test_leaving_by_the_button_and_going_back_shows_the_page_before(visit, neutral, site, javascript):
    page = visit("/", javascript=javascript)
    seen = neutral(page)
    page.goto("/stod/")

    page.locator(".exit").get_by_role("link", name="Lämna sidan snabbt").click()

    page.get_by_role("heading", name="Väder").wait_for()
    assert [headers.get("referer") for headers in seen] == [None]
    page.go_back()
    before = "/" if javascript else "/stod/"  # with the script, the page that was left is gone from the history
    assert page.url == site.url + before
    page.get_by_role("heading", level=1).wait_for()  # and not a blank sheet for ever


@pytest.mark.parametrize("keys", [("ShiftLeft",) * 3, ("ShiftLeft", "ShiftRight", "ShiftLeft")])
def test_shift_three_times_leaves(visit, neutral, keys):
    page = visit("/stod/")
    seen = neutral(page)

    for number, key in enumerate(keys):
        page.keyboard.press(key)
        if number == 0:
            page.get_by_role("status").filter(has_text="två gånger till").wait_for()

    page.wait_for_url("https://www.smhi.se/**")
    assert [headers.get("referer") for headers in seen] == [None]


def test_shift_held_for_another_key_and_escape_are_not_counted(visit):
    page = visit("/forelasningar/kommande/")
    page.get_by_label("Namn").focus()

    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift+Tab", "Escape", "Escape", "Escape"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)

    assert page.url.endswith("/forelasningar/kommande/")
    assert page.get_by_label("Namn").input_value() == "ABC"


def test_the_exit_is_on_screen_wherever_one_has_scrolled(visit):
    page = visit("/fakta/psykiskt/", viewport={"width": 320, "height": 568})
    bar = page.locator(".exit").get_by_role("link", name="Lämna sidan snabbt")
    for share in (0, 0.5, 1):
        page.evaluate(f"scrollTo(0, document.body.scrollHeight * {share})")

        box = bar.bounding_box()
        assert box["height"] >= 44
        assert 0 <= box["y"] <= 568 - box["height"]
        on_top = f"document.elementFromPoint({box['x'] + box['width'] / 2}, {box['y'] + box['height'] / 2}).textContent"
        assert page.evaluate(on_top).strip() == "Lämna sidan snabbt"


def test_the_exit_is_second_in_the_tab_order_right_after_the_skip_link(visit):
    page = visit("/stod/")
    texts = []
    for _ in range(2):
        page.keyboard.press("Tab")
        texts.append(page.evaluate("document.activeElement.textContent").strip())

    assert texts == ["Hoppa till innehållet", "Lämna sidan snabbt"]
