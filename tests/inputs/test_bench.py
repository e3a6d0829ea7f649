"""The bench itself: it sees what it is there to see, and takes what may be published for that."""

import io

import pytest
from PIL import Image

from tests.inputs.allowed import unchecked
from tests.inputs.building import amiss, told
from tests.inputs.contexts import BLOCKS, INLINES, LEAVES, Case
from tests.inputs.damage import damaged
from tests.inputs.findings import Findings, table
from tests.inputs.pictures import traces
from tests.inputs.probes import PROBES
from tests.inputs.site import BEGIN, END, page

FILES = {"webblasare/index.html", "bilder/torget-360.jpeg"}


def around(body):
    """A whole page."""
    return f'<!doctype html><title>x</title><body><main><h1>x</h1><i id="{BEGIN}"></i>{body}<i id="{END}"></i></main></body>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<script>1</script>", "<script>"),
        ("<p onclick=x>x</p>", "<p onclick>"),
        ("<p style='color:red'>x</p>", "<p style>"),
        ("<p class=MsoNormal>x</p>", "<p class>"),
        ("<h1>x</h1>", "2 h1"),
        ("<!-- Anna -->", "<-comment>"),
        ("<!-- Anna", "the text breaks out of its place"),
        ("</main><p>x</p>", "the text breaks out of its place"),
        ("<style>", "the text breaks out of its place"),
        ('<h2 id="a">x</h2><h3 id="a">y</h3>', "id 'a' 2 times"),
        ('<a href="JavaScript:alert(1)">x</a>', "a link that may not be: 'JavaScript:alert(1)'"),
        ('<a href="http://osaker.example">x</a>', "a link that may not be: 'http://osaker.example'"),
        ('<a href="//osaker.example">x</a>', "a link that may not be: '//osaker.example'"),
        ('<a href="/finnsinte/">x</a>', "a page that isn't there: '/finnsinte/'"),
        ('<a href="#finnsinte">x</a>', "a place that isn't there: '#finnsinte'"),
        ('<a href="https://ZOOM%2Eus/j/1">x</a>', "a link to a meeting: 'https://ZOOM%2Eus/j/1'"),
        ('<a href="https://x]y">x</a>', "a link to nowhere: 'https://x]y'"),
        ('<a href="mailto:anna@privat.example">x</a>', "a letter to a stranger: 'mailto:anna@privat.example'"),
        ('<a href="tel:+4681234567">x</a>', "a number that isn't known: 'tel:+4681234567'"),
        ('<img src="https://x.example/a.gif" alt="x">', "a picture from elsewhere: 'https://x.example/a.gif'"),
        ('<picture><img src="/bilder/torget-360.jpeg" alt=" "></picture>', "a picture without a description"),
        ("<p>anna@<b>privat</b>.example</p>", "an address: anna@privat.example"),
        ("<p>f\ufffdr</p>", "a sign that could not be read"),
        ("<p>x\n&gt;&gt;&gt;&gt;&gt;&gt;&gt; a1b2c3</p>", "a mark of a conflict"),
    ],
)
def test_what_may_not_be_in_a_page_is_seen(body, words):
    assert any(found.startswith(words) for found in unchecked(around(body), FILES))


def test_what_may_be_in_a_page_is_not_told():
    body = """<h2 id="stod">Få stöd</h2><p>Ring <span class="call"><a href="tel:112">112</a> <small>Syns.</small></span>
    eller <a href="mailto:info@qjouren.se">mejla</a>, <a href="/webblasare/#stod" title="Om spår">surfa säkrare</a>.</p>
    <picture><source type="image/avif" srcset="/bilder/torget-360.jpeg 360w" sizes="100vw">
    <img src="/bilder/torget-360.jpeg" alt="Torget" width="360" height="270"></picture>
    <table><thead><tr><th class="left">Ord</th></tr></thead><tbody><tr><td>x</td></tr></tbody></table>
    <ol start="2"><li><em>Ett</em> <a href="https://www.1177.se">1177</a></li></ol>"""

    assert unchecked(around(body), FILES) == []


def test_a_report_is_read_and_one_that_does_not_tell_where_or_in_swedish_is_seen():
    report = "Webbplatsen byggdes inte: 3 fel att rätta.\n\ncontent/pages/prov-a.md\n  rad 5: Länken finns inte.\n  Det är fel.\n"
    text = page("a", "x")

    faults = told(f"{report}\ncontent/pages/b.md\n  rad 99, Title: Invalid value (at line 21).\n")

    assert [(fault.file, fault.line) for fault in faults] == [
        ("content/pages/prov-a.md", 5),
        ("content/pages/prov-a.md", None),
        ("content/pages/b.md", 99),
    ]
    assert amiss(text, faults[:1]) is None
    assert amiss(text, faults[1:2]) == "no line: Det är fel."
    assert amiss(text, faults[2:]).startswith("line 99 of 6: ")
    assert amiss(text, told(report.replace("Länken finns inte", "Invalid value"))).startswith("not in Swedish: ")


def test_the_line_of_a_probe_is_known_whatever_is_put_around_it():
    probe = next(probe for probe in PROBES if probe.text == "900101-\n1234")
    cell, paragraph = (next(leaf for leaf in LEAVES if leaf.name == name) for name in ("cell", "paragraph"))
    quote, below = (next(block for block in BLOCKS if block.name == name) for name in ("quote", "sub-item"))
    plain = INLINES[0]

    deep = Case(probe, plain, paragraph, (quote, below))

    assert deep.body == "> - Vi finns här.\n>     - 900101-\n>         1234"
    assert deep.hot(5) == {5, 6, 7, 8}
    assert not Case(probe, plain, cell).possible
    assert Case(PROBES[0], plain, cell, (quote,)).hot(5) == {7}


def test_a_trace_in_a_published_picture_is_seen():
    exif = Image.Exif()
    exif[0x010F] = "Hemlig kamera"
    told, silent = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (9, 9)).save(told, "JPEG", exif=exif.tobytes(), comment=b"Anna")
    Image.new("RGB", (9, 9)).save(silent, "JPEG")

    assert traces(told.getvalue()) == ["published with comment", "published with exif", "published with EXIF"]
    assert traces(silent.getvalue()) == []
    assert traces(silent.getvalue()[:300]) == ["published and can't be opened: OSError"]


def test_damage_differs_by_number_and_is_the_same_at_every_run():
    file = io.BytesIO()
    Image.linear_gradient("L").save(file, "PNG")
    whole = file.getvalue()

    tried = [damaged(whole, whole, number) for number in range(40)]

    assert tried == [damaged(whole, whole, number) for number in range(40)]
    assert len(set(tried)) > 30
    assert sum(b"eXIf" in data for data in tried) > 5


def test_the_table_sums_up_and_shows_the_smallest_input_of_each_kind():
    one = Findings("one", tried=3, refused=1, published=2, unchecked=[("<b>: x", "long text"), ("<b>: y", "text")])
    two = Findings("two", tried=1, crashed=[("KeyError", "z")])

    assert table([one, two]).splitlines()[-1].split() == ["Together", "4", "1", "2", "1", "2", "0", "0"]
    assert one.examples() == ["2 × unchecked: <b>: y\n    'text'"]
