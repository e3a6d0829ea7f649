"""News: their dates, their list in order, their feed."""

import re
from datetime import date

import pytest

from plugins.news import day

TODAY = date(2027, 1, 11)


@pytest.fixture
def news(site):
    """A site with a page for the news; ``news(file, **headers)`` writes one."""
    site.page("aktuellt.md", Title="Aktuellt", Template="news")

    def write(file, body="Text.", **changes):
        headers = {"Title": "Nytt", "Window": "Aktuellt", "Date": "2023", "Summary": f"Kort. ({file})"} | changes
        lines = [f"{name}: {value}" for name, value in headers.items()]
        return site.write(f"content/news/{file}", "\n".join([*lines, "", body, ""]))

    return write


@pytest.mark.parametrize(
    ("text", "first", "words"),
    [
        ("2023-11-25", date(2023, 11, 25), "25 november 2023"),
        ("Mars 2023", date(2023, 3, 1), "mars 2023"),
        ("hösten 2022", date(2022, 9, 1), "hösten 2022"),
        ("2022", date(2022, 1, 1), "2022"),
    ],
)
def test_a_day_is_as_exact_as_it_is_known(text, first, words):
    assert (day(text, today=TODAY).first, day(text, today=TODAY).words) == (first, words)


@pytest.mark.parametrize("text", ["", "i går", "2023-02-30", "mars", "någon 2023", "1899", "2024-W10", "20240301"])
def test_what_is_no_day_is_refused_with_an_example(text):
    with pytest.raises(
        ValueError, match=r"^är ingen dag\. Skriv till exempel 2023-11-25, mars 2023, hösten 2022 eller 2023\.$"
    ):
        day(text, today=TODAY)


@pytest.mark.parametrize("text", ["2027-01-12", "2099", "mars 2027", "hösten 2027"])
def test_a_day_that_is_to_come_is_refused(text):
    with pytest.raises(ValueError, match=r"^har inte varit än\. Skriv en dag till och med i dag, 2027-01-11\.$"):
        day(text, today=TODAY)


def test_a_year_that_cannot_be_right_is_refused():
    with pytest.raises(ValueError, match=r"^har ett årtal som inte kan stämma\.$"):
        day("0001-01-01", today=TODAY)


def test_the_list_and_the_feed_have_the_latest_first(site, news):
    news("2022-gammalt.md", Title="Gammalt", Date="hösten 2022")
    news("2023-nytt.md", Title="Nyast", Date="2023-11-25")
    news("mitten.md", Title="Mitten", Date="mars 2023")

    site.build()

    shown = site.text("aktuellt/index.html")
    assert re.findall(r'<a href="/(aktuellt/[^"]+?/)">(.*?)</a>', shown) == [
        ("aktuellt/nytt/", "Nyast"),
        ("aktuellt/mitten/", "Mitten"),
        ("aktuellt/gammalt/", "Gammalt"),
    ]
    assert '<p class="when">25 november 2023</p>' in site.text("aktuellt/nytt/index.html")
    assert re.findall("<title>(.*?)</title>", site.text("aktuellt/atom.xml")) == [
        "Aktuellt – Qjouren",
        *("Nyast", "Mitten", "Gammalt"),
    ]
    assert "<id>tag:www.qjouren.se,2024:aktuellt/nytt</id>" in site.text("aktuellt/atom.xml")


def test_every_fault_is_told_with_its_file(news, report):
    news("fel.md", Date="snart")

    assert report() == (
        "Webbplatsen byggdes inte: 1 fel att rätta.\n\ncontent/news/fel.md\n"
        "  rad 3, Date: ”snart” är ingen dag. Skriv till exempel 2023-11-25, mars 2023, hösten 2022 eller 2023.\n\n"
    )
