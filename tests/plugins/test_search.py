"""The index of the search: what a page can be found by."""

import json
import re

from plugins.data import load
from plugins.search import Synonyms, unknown


def rows(site):
    """Path → (headings, text) of each page in the index, read as the script reads it."""
    shown = site.text("sok/index.html")
    index = json.loads(re.search(r'id="register">(.*?)</script>', shown, re.DOTALL)[1])
    return {path: index[int(at)] for at, path in re.findall(r'data-at="(\d+)"><a href="([^"]+)"', shown)}


def searchable(site):
    site.write("theme/templates/search.html", SEARCH)
    site.page("sok.md", Title="Sök", Window="Sök", Template="search")


SEARCH = """{% extends "base.html" %}{% block main %}
{% for each in found %}<li data-at="{{ loop.index0 }}"><a href="{{ each.path }}">{{ each.title }}</a></li>{% endfor %}
<script type="application/json" id="register">{{ search_index }}</script>{% endblock %}"""


def test_every_published_page_and_lecture_is_in_the_list_and_nothing_else(site):
    searchable(site)
    site.page("stod.md")
    site.page("utkast.md", Status="draft")
    site.page("dold.md", Status="hidden")
    site.lecture("vald.md", Join="https://meet.example/j/hemlig")
    site.lecture("plan.md", Status="draft")

    site.build()

    assert set(rows(site)) == {
        "/",
        "/forelasningar/",
        "/stod/",
        "/forelasningar/vald/",
        "/webblasare/",
        "/personuppgifter/",
    }
    assert "meet.example" not in site.text("sok/index.html")


def test_a_page_is_found_by_its_headings_its_text_and_what_people_call_it(site):
    searchable(site)
    site.write("content/data/search.toml", '"stod" = ["Kompis"]')
    site.page("stod.md", "## Våld & hot\n\nRing **när** du vill. Ett `</script>` i texten, också.")

    headings, text = rows(site.build())["/stod/"]

    assert headings.split() == ["hot", "kompis", "våld"]
    assert {"ring", "när", "vill", "också", "når"} <= set(text.split())  # the last from the summary
    assert "våld" not in text.split()


def test_a_page_that_is_not_there_is_told_with_its_line():
    synonyms = Synonyms(
        {"ge": ["swish"], "fakta/bran": ["umgänge"], "xyz": ["a"]}, file="search.toml", lines={"fakta/bran": 4}
    )

    guessed, other = unknown(synonyms, ["/ge/", "/fakta/barn/", "/"])

    assert (guessed.file, guessed.line, guessed.words) == (
        "search.toml",
        4,
        "Sidan ”fakta/bran” finns inte. Menade du ”fakta/barn”?",
    )
    assert other.words == "Sidan ”xyz” finns inte. Ta bort raden, eller skriv adressen till en sida som finns."


def test_the_words_of_a_file_know_their_lines(site):
    site.write("content/data/search.toml", '# Sök.\n\n"stod" = ["Kompis"]')

    (fault,) = unknown(load(site.root / "content/data").synonyms, ["/"])

    assert (fault.file, fault.line) == ("content/data/search.toml", 3)
