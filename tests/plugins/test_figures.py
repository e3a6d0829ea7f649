"""Charts: drawn from the years' figures, with the same figures in a table behind."""

import xml.etree.ElementTree as etree

from hypothesis import given
from hypothesis import strategies as st

from plugins.figures import Chart, charts, figure, number

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
    assert "years.toml\n  [2023.stod]: ['Besök', 'många'] är ingen rad. Skriv ett ord och ett tal" in report()

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
