"""How easy the pages for her and for relatives are to read: LIX, the Swedish measure (C.-H. Björnsson, 1968).

Words a sentence, and words of more than six letters in a hundred. Up to 30 is very easy, up to 40 easy. A heading, an item of a
list and a line of the easy page are sentences of their own.
``pytest -rP tests/site/test_reading.py`` prints each page's heaviest.
"""

import re
from html.parser import HTMLParser

import pytest

from tests.support import ROOT

EASY, EASIEST = 35, 25
BLOCKS = ("p", "li", "h1", "h2", "h3", "dt", "dd", "td", "th", "figcaption", "summary", "br")
SKIPPED = ("nav", "svg", "script", "style", "footer", "table")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class Text(HTMLParser):
    """The sentences of a page's ``main``: pieces of blocks, cut where a sentence ends."""

    def __init__(self, html):
        super().__init__()
        self.blocks, self._skipped, self._inside = [""], 0, False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self._inside = self._inside or tag == "main"
        self._skipped += tag in SKIPPED
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "main"
        self._skipped -= tag in SKIPPED
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data):
        if self._inside and not self._skipped:
            self.blocks[-1] += data

    @property
    def sentences(self):
        pieces = [
            piece for block in self.blocks for piece in re.split(r"(?<=[.!?:])\s+(?=[A-ZÅÄÖ”\"])|\n", block.strip())
        ]
        return [words for words in map(_WORD.findall, pieces) if words]


def lix(sentences):
    """The measure of some sentences, each a list of words."""
    words = [word for sentence in sentences for word in sentence]
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


def support_pages():
    """Path of the built page and the most that its LIX may be."""
    pages = ROOT / "content" / "pages"
    for file in sorted(pages.rglob("*.md")):
        text = file.read_text("utf-8")
        swedish = not re.search(r"^Lang: en", text, re.MULTILINE)
        if swedish and re.search(r"^(Audience: (utsatt|anhorig)|Template: start)", text, re.MULTILINE):
            place = "index.html" if file.stem == "index" else f"{file.relative_to(pages).with_suffix('')}/index.html"
            easiest = re.search(r"^Template: easy", text, re.MULTILINE)
            yield pytest.param(place, EASIEST if easiest else EASY, id=place)


@pytest.mark.parametrize(("place", "most"), list(support_pages()))
def test_a_page_about_support_is_easy_to_read(site, place, most):
    sentences = Text((site.output / place).read_text("utf-8")).sentences
    worst = sorted(sentences, key=lambda sentence: lix([sentence]), reverse=True)[:5]
    told = "\n".join(f"  {lix([sentence]):.0f}: {' '.join(sentence)}" for sentence in worst)

    assert len(sentences) > 5
    print(f"{place}: LIX {lix(sentences):.1f}, at most {most}. The heaviest sentences:\n{told}")
    assert lix(sentences) <= most


def test_the_measure_is_bjornssons():
    html = (
        "<main><p>Det är bra. Kvinnojouren hjälper dig.</p><nav>Startsida</nav><h2>Ring oss</h2></main><p>Utanför.</p>"
    )
    sentences = Text(html).sentences

    assert sentences == [["Det", "är", "bra"], ["Kvinnojouren", "hjälper", "dig"], ["Ring", "oss"]]
    assert lix(sentences) == pytest.approx(8 / 3 + 100 * 2 / 8)
