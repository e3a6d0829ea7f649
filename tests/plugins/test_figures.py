"""Charts: drawn from the years' figures, with the same figures in a table behind."""

import xml.etree.ElementTree as etree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.figures import Chart, charts, figure, number, suggest

YEARS = """
    ["2023"]
    source = "årsrapporten"
    checked = 2023-12-31

    ["2023".stod]
    title = "Stöd"
    rows = [["Samtal", 1485], ["Besök", 225]]
"""


def test_a_chart_and_its_table_stand_where_the_text_asks_for_them(site):
    site.write("content/data/years.toml", YEARS)
    site.page("siffror.md", "Så många:\n\n{diagram:2023.stod}\n\nSlut.")

    shown = site.build().text("siffror/index.html")

    assert '<svg aria-label="Stapeldiagram. Samtal 1\xa0485, Besök 225."' in shown
    assert 'width="100.0%"' in shown
    assert 'width="15.2%"' in shown
    assert '<th scope="row">Samtal</th>' in shown
    assert "<td>1\xa0485</td>" in shown
    assert "{diagram" not in shown


def test_what_cannot_be_drawn_is_told(site, report):
    site.write("content/data/years.toml", YEARS.replace("225", '"många"'))
    assert (
        'years.toml\n  rad 7, 2023.stod.rows: ”["Besök", "många"]” är ingen rad. Skriv ett ord och ett tal' in report()
    )

    site.write("content/data/years.toml", YEARS)
    site.page("siffror.md", "{diagram:2023.stöd}\n\nText {diagram:2023.stod} i en mening.")
    said = report()

    assert "rad 5: ”{diagram:2023.stöd}” finns inte i content/data. Menade du {diagram:2023.stod}?" in said
    assert "rad 7: ”{diagram:2023.stod}” måste stå på en egen rad, med en tom rad före och efter." in said


@given(st.lists(st.tuples(st.text(max_size=20), st.integers(0, 10**9) | st.floats(0, 1e6)), min_size=1, max_size=9))
def test_every_bar_is_seen_and_none_is_wider_than_the_page(rows):
    drawn = figure(Chart("Rubrik", tuple(rows))).find("svg")

    shares = [float(bar.get("width").removesuffix("%")) for bar in drawn.iter("rect")]
    assert len(shares) == len(rows)
    assert all(0 < share <= 100 for share in shares)
    assert int(drawn.get("height")) >= len(rows) * 40
    etree.tostring(drawn)


def test_numbers_are_written_as_in_swedish():
    assert [number(value) for value in (7, 1485, 21.3, 1_000_000)] == ["7", "1\xa0485", "21,3", "1\xa0000\xa0000"]


def test_a_years_other_entries_are_no_charts():
    assert charts({"2023": {"source": "a", "checked": "b"}}) == ({}, [])


def chart(**changed):
    return {"2023": {"stod": {"title": "Stöd", "rows": [["Samtal", 12]]} | changed}}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["Besök"], '”["Besök"]” är ingen rad. Skriv ett ord och ett tal: ["Samtal", 12].'),
        (["Besök", "1 485"], '”["Besök", "1 485"]” är ingen rad. Skriv ett ord och ett tal: ["Besök", 1485].'),
        (["Besök", True], '”["Besök", true]” är ingen rad. Skriv ett ord och ett tal: ["Samtal", 12].'),
        (["Besök", 21, 3], 'Skriv decimaler med punkt: ["Besök", 21.3]. Tusental skriver du utan mellanrum.'),
        (["Besök", -1], '”["Besök", -1]” är ingen rad. Talet måste vara 0 eller mer, och högst 1\xa0000'),
        (["Besök", float("nan")], "Talet måste vara 0 eller mer"),
        (["Besök", float("inf")], "Talet måste vara 0 eller mer"),
        ([5, 5], "”[5, 5]” är ingen rad."),
        (["", 5], "Fältet är tomt."),
        (["**Besök**", 5], "”**” syns som det står."),
        (["samtal", 5], "”samtal” står på två rader. Ta bort den ena eller skriv vad som skiljer dem."),
        ("Besök", "”Besök” är ingen rad."),
    ],
)
def test_a_row_that_is_none_is_told_and_the_chart_not_drawn(row, words):
    found, (unfit,) = charts(chart(rows=[["Samtal", 12], row]))

    assert found == {}
    assert words in unfit.words
    assert unfit.path == ("2023", "stod", "rows")


@pytest.mark.parametrize(
    ("changed", "path", "words"),
    [
        ({"title": " "}, ("2023", "stod", "title"), "Fältet är tomt. Fyll i det eller ta bort raden."),
        ({"title": 5}, ("2023", "stod", "title"), '”5” är ingen text. Sätt raka citattecken om: "5".'),
        ({"rubrik": "A"}, ("2023", "stod", "rubrik"), "Menade du title?"),
        ({"x": 1}, ("2023", "stod", "x"), "Ett diagram har bara title och rows."),
        (
            {"rows": []},
            ("2023", "stod", "rows"),
            'Diagrammet saknar title eller rows. Skriv till exempel rows = [["Samtal", 12]].',
        ),
        ({"rows": [["a", 1]] * 31}, ("2023", "stod", "rows"), "Diagrammet har 31 rader. Skriv högst 30."),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_told(changed, path, words):
    _, (unfit,) = charts(chart(**changed))

    assert (unfit.path, unfit.words) == (path, words)


def test_a_chart_that_texts_cannot_refer_to_is_told():
    _, (unfit,) = charts({"2023": {"Stöd & råd": {"title": "A", "rows": [["a", 1]]}}})

    assert (
        unfit.words == "”Stöd & råd” duger inte som namn: bara a till z, siffror, - och _. Skriv till exempel stod-rad."
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("2024.stöd", "Menade du {diagram:2024.stod}?"),
        ("2024.forelasningar", 'Lägg till ["2024".forelasningar] med title och rows i content/data/years.toml.'),
        ("2025.stod", 'Lägg till ["2025".stod] med title och rows i content/data/years.toml.'),
        ("stod", "Skriv år, punkt och diagrammets namn, till exempel {diagram:2023.stod}."),
        ("i fjol.stod", "Skriv år, punkt och diagrammets namn, till exempel {diagram:2023.stod}."),
    ],
)
def test_only_a_chart_of_the_same_year_is_suggested(key, words):
    assert suggest(key, {"2023.stod", "2023.forelasningar", "2024.stod"}) == words
