"""``{diagram:2023.stod}`` on a line of its own in a text: a chart of figures in ``content/data/years.toml``, with a table behind.

The chart is SVG in the page, drawn at build time. Its bars are shares of the width, so that the words keep their size on any
screen; it has the page's colours, forced ones too.
"""

import re
import xml.etree.ElementTree as etree
from dataclasses import dataclass

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

ROW, BAR = 46, 14  # pixels
AFTER_CODE = 75  # priority among Markdown's blocks: code comes before
_BLOCK = re.compile(r"\{\s*diagram\s*:\s*([^{}]*?)\s*\}")


@dataclass(frozen=True)
class Chart:
    """What is drawn: a heading, and how many of each, none below 0."""

    title: str
    rows: tuple[tuple[str, float], ...]


def charts(years: dict) -> tuple[dict[str, Chart], list[str]]:
    """The charts in the table by their keys, ``2023.stod``; and in words what can't be drawn."""
    found, faults = {}, []
    for year, entry in years.items():
        for name, chart in entry.items():
            if not isinstance(chart, dict):
                continue
            rows = chart.get("rows")
            if not isinstance(chart.get("title"), str) or not isinstance(rows, list) or not rows:
                faults.append(f"[{year}.{name}] saknar title eller rows. Skriv till exempel rows = [[”Samtal”, 12]].")
            elif bad := [row for row in rows if not _is_row(row)]:
                faults.append(f"[{year}.{name}]: {bad[0]} är ingen rad. Skriv ett ord och ett tal: [”Samtal”, 12].")
            else:
                found[f"{year}.{name}"] = Chart(chart["title"], tuple((words, number) for words, number in rows))
    return found, faults


def number(value: float) -> str:
    """As Swedes write it: ``5 695`` and ``21,3``, with a space that doesn't break."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def figure(chart: Chart) -> etree.Element:
    """The chart and its table as HTML."""
    whole = etree.Element("figure", {"class": "chart"})
    etree.SubElement(whole, "figcaption").text = chart.title
    whole.append(_drawing(chart))
    details = etree.SubElement(whole, "details")
    etree.SubElement(details, "summary").text = "Siffrorna i en tabell"
    table = etree.SubElement(details, "table")
    etree.SubElement(table, "caption", {"class": "visually-hidden"}).text = chart.title
    body = etree.SubElement(table, "tbody")
    for words, value in chart.rows:
        row = etree.SubElement(body, "tr")
        etree.SubElement(row, "th", scope="row").text = words
        etree.SubElement(row, "td").text = number(value)
    return whole


def _drawing(chart: Chart) -> etree.Element:
    said = ", ".join(f"{words} {number(value)}" for words, value in chart.rows)
    height = ROW * len(chart.rows)
    drawing = etree.Element(
        "svg", {"role": "img", "aria-label": f"Stapeldiagram. {said}.", "width": "100%", "height": str(height)}
    )
    most = max(value for _, value in chart.rows) or 1
    for line, (words, value) in enumerate(chart.rows):
        top = line * ROW
        label = etree.SubElement(drawing, "text", x="0", y=str(top + 18))
        label.text = f"{words} "
        etree.SubElement(label, "tspan", {"font-weight": "bold"}).text = number(value)
        share = f"{max(100 * value / most, 0.5):.1f}%"  # what is small can be seen too
        etree.SubElement(drawing, "rect", x="0", y=str(top + 25), width=share, height=str(BAR), rx="3")
    return drawing


def _is_row(row: object) -> bool:
    return (
        isinstance(row, list)
        and len(row) == 2
        and isinstance(row[0], str)
        and type(row[1]) in (int, float)
        and row[1] >= 0
    )


class Charts(Extension):
    """The Markdown extension."""

    def __init__(self, known: dict[str, Chart]):
        super().__init__()
        self.known = known

    def extendMarkdown(self, md: Markdown) -> None:
        md.parser.blockprocessors.register(_Block(md, self.known), "figures", AFTER_CODE)


class _Block(BlockProcessor):
    def __init__(self, md: Markdown, known: dict[str, Chart]):
        super().__init__(md.parser)
        self.known = known

    def test(self, parent: etree.Element, block: str) -> bool:
        match = _BLOCK.fullmatch(block.strip())
        return bool(match) and match[1] in self.known

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        parent.append(figure(self.known[_BLOCK.fullmatch(blocks.pop(0).strip())[1]]))
