"""``{diagram:2023.stod}`` on a line of its own in a text: a chart of figures in ``content/data/years.toml``, with a table behind.

The chart is SVG in the page, drawn at build time. Its bars are shares of the width, so that the words keep their size on any
screen; it has the page's colours, forced ones too.
"""

import math
import re
import xml.etree.ElementTree as etree
from collections.abc import Collection
from dataclasses import dataclass

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension

from plugins import fields
from plugins.faults import nearest

ROW, BAR = 46, 14  # pixels
AFTER_CODE = 75  # priority among Markdown's blocks: code comes before
LONGEST, MOST, GREATEST = 100, 30, 10**12  # letters of a heading, rows, a figure
EXAMPLE = 'Diagrammet saknar title eller rows. Skriv till exempel rows = [["Samtal", 12]].'
_BLOCK = re.compile(r"\{\s*diagram\s*:([^{}]*)\}")


@dataclass(frozen=True)
class Chart:
    """What is drawn: a heading, and how many of each, none below 0."""

    title: str
    rows: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Unfit:
    """Why something of ``years.toml`` can't be drawn; ``text`` stands on the line of it."""

    path: tuple[str, ...]
    words: str
    text: str = ""


def charts(years: dict) -> tuple[dict[str, Chart], list[Unfit]]:
    """Return the charts in the table by their keys, ``2023.stod``, and what can't be drawn."""
    found: dict[str, Chart] = {}
    unfit: list[Unfit] = []
    for year, entry in years.items():
        for name, chart in entry.items():
            if not isinstance(chart, dict):
                continue
            wrong = _unfit((year, name), chart)
            if not wrong:
                found[f"{year}.{name}"] = Chart(
                    chart["title"], tuple((words, number) for words, number in chart["rows"])
                )
            unfit += wrong
    return found, unfit


def suggest(key: str, known: Collection[str]) -> str:
    """Return what to write for a chart that there isn't: one of the same year, or else what to add to ``years.toml``.

    A chart of another year would show that year's figures under this one's heading.
    """
    year, dot, name = key.partition(".")
    if not (dot and fields.YEAR.fullmatch(year)):
        return "Skriv år, punkt och diagrammets namn, till exempel {diagram:2023.stod}."
    guess = nearest(name, [each.partition(".")[2] for each in known if each.startswith(f"{year}.")])
    if guess:
        return f"Menade du {{diagram:{year}.{guess}}}?"
    return f'Lägg till ["{year}".{fields.as_name(name) or "stod"}] med title och rows i content/data/years.toml.'


def _unfit(path: tuple[str, str], chart: dict) -> list[Unfit]:
    unfit = [Unfit(path, fields.bad_name(path[1]))] if not fields.NAME.fullmatch(path[1]) else []
    for key in chart:
        if key not in ("title", "rows"):
            guess = {"rubrik": "title", "titel": "title", "rader": "rows"}.get(key.casefold())
            unfit.append(
                Unfit((*path, key), f"Menade du {guess}?" if guess else "Ett diagram har bara title och rows.")
            )
    if "title" not in chart or "rows" not in chart:
        return [*unfit, Unfit(path, EXAMPLE)]
    if words := fields.text(LONGEST)(chart["title"]):
        unfit.append(Unfit((*path, "title"), words))
    return unfit + [Unfit((*path, "rows"), words, text) for words, text in _unfit_rows(chart["rows"])]


def _unfit_rows(rows: object) -> list[tuple[str, str]]:
    """What is wrong in words, with a text that stands on the line of it."""
    if not isinstance(rows, list) or not rows:
        return [(EXAMPLE, "")]
    if len(rows) > MOST:
        return [(f"Diagrammet har {len(rows)} rader. Skriv högst {MOST}.", "")]
    wrong, seen = [], set()
    for row in rows:
        label = row[0] if isinstance(row, list) and row and isinstance(row[0], str) else ""
        words = _wrong_row(row)
        if not words and label.casefold() in seen:
            words = f"{fields.shown(label)} står på två rader. Ta bort den ena eller skriv vad som skiljer dem."
        seen.add(label.casefold())
        if words:
            wrong.append((words, f'"{label}"'))
    return wrong


def _wrong_row(row: object) -> str:
    wrong = f"{fields.shown(row)} är ingen rad."
    if not isinstance(row, list) or len(row) < 2 or not isinstance(row[0], str):
        return f'{wrong} Skriv ett ord och ett tal: ["Samtal", 12].'
    if words := fields.text(LONGEST)(row[0]):
        return words
    value = row[1]
    if len(row) == 3 and all(type(each) is int for each in row[1:]):
        return (
            f'{wrong} Skriv decimaler med punkt: ["{row[0]}", {row[1]}.{row[2]}]. Tusental skriver du utan mellanrum.'
        )
    if len(row) > 2 or type(value) not in (int, float):
        digits = re.sub(r"\s", "", value).replace(",", ".") if isinstance(value, str) and len(row) == 2 else ""
        label, meant = (row[0], digits) if re.fullmatch(r"\d{1,12}(\.\d+)?", digits) else ("Samtal", 12)
        return f'{wrong} Skriv ett ord och ett tal: ["{label}", {meant}].'
    if not (math.isfinite(value) and 0 <= value <= GREATEST):
        return f"{wrong} Talet måste vara 0 eller mer, och högst {number(GREATEST)}."
    return ""


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
        return bool(match) and match[1].strip() in self.known

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        parent.append(figure(self.known[_BLOCK.fullmatch(blocks.pop(0).strip())[1].strip()]))
