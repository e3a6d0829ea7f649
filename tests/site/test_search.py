"""The search in Chromium: what is typed finds, goes nowhere and stays nowhere."""

import pytest


def found(page):
    return page.locator("main ol.found a").all_inner_texts()


def test_what_one_calls_it_finds_the_page_without_a_request(visit):
    page = visit("/sok/")
    page.wait_for_load_state("networkidle")  # the icon comes after the page
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.get_by_label("Vad söker du?").press_sequentially("misshandel")

    page.get_by_role("status").filter(has_text="sidor").wait_for()
    assert "Anmälan, skydd och pengar" in found(page)
    assert asked == []
    assert page.url.endswith("/sok/")


@pytest.mark.parametrize(
    ("typed", "first"), [("surfa", "Surfa säkrare"), ("SKULD", "Ekonomiskt våld"), ("support", "Getting support")]
)
def test_the_page_that_is_about_it_comes_first(visit, typed, first):
    page = visit("/sok/")

    page.get_by_label("Vad söker du?").press_sequentially(typed)

    assert found(page)[0] == first


def test_the_button_leads_to_the_first_hit_and_sends_nothing(visit):
    page = visit("/sok/")
    page.get_by_label("Vad söker du?").press_sequentially("surfa")

    page.get_by_role("button", name="Sök").click()

    assert page.locator("a:focus").inner_text() == "Surfa säkrare"
    assert page.url.endswith("/sok/")


def test_no_hit_says_what_to_do_and_leaves_the_list(visit):
    page = visit("/sok/")

    page.get_by_label("Vad söker du?").press_sequentially("xyzzy")

    page.get_by_role("status").filter(has_text="Ingen sida har de orden.").wait_for()
    page.locator("#sidor").get_by_role("link", name="Få stöd", exact=True).wait_for()


def test_nothing_typed_is_there_when_one_comes_back(visit):
    page = visit("/sok/")
    page.get_by_label("Vad söker du?").press_sequentially("skuld")

    page.get_by_role("link", name="Ekonomiskt våld").first.click()
    page.get_by_role("heading", level=1, name="Ekonomiskt våld").wait_for()
    page.go_back()

    assert page.get_by_label("Vad söker du?").input_value() == ""
    page.locator("#sidor").get_by_role("link", name="Få stöd", exact=True).wait_for()


def test_without_javascript_the_page_lists_everything(visit):
    page = visit("/sok/", javascript=False)

    assert page.locator("form").count() == 0 or not page.locator("form").is_visible()
    names = page.locator("#sidor a").all_inner_texts()
    assert {
        "Få stöd",
        "För anhöriga",
        "Föreläsningen kommande",
        "Getting support",
        "270 lyssnade på en föreläsning",
    } <= set(names)
