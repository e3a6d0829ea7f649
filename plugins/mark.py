"""``content/mark.svg``: the shelter's mark, which stands in every page. Only shapes and colours may be in it.

The file is put into HTML as it is, so it is held to what XML and HTML read alike. Pure.
"""

import re
from xml.parsers import expat

from plugins.faults import Fault, nearest, quote
from plugins.source import enumerated

LARGEST = 10_000  # bytes: it is sent with every page
DEEPEST = 30
SVG = "http://www.w3.org/2000/svg"
_DRAWN = "svg g title desc defs path rect circle ellipse line polyline polygon"
ELEMENTS = frozenset(f"{_DRAWN} linearGradient radialGradient stop clipPath mask".split())
_SHAPE = "d points x y x1 y1 x2 y2 cx cy r rx ry fx fy width height transform pathLength"
_PAINT = (
    "fill fill-opacity fill-rule stroke stroke-width stroke-linecap stroke-linejoin stroke-miterlimit stroke-dasharray "
    "stroke-dashoffset stroke-opacity opacity color stop-color stop-opacity clip-path clip-rule mask vector-effect "
    "paint-order display visibility overflow"
)
_REST = (
    "id version viewBox preserveAspectRatio offset gradientUnits gradientTransform spreadMethod clipPathUnits maskUnits "
    "maskContentUnits href role aria-hidden aria-label focusable data-name baseProfile"
)
ATTRIBUTES = frozenset(f"{_SHAPE} {_PAINT} {_REST}".split())
XLINK, XML = "http://www.w3.org/1999/xlink href", "http://www.w3.org/XML/1998/namespace space"
EXPORT = "I Illustrator: Arkiv, Exportera, SVG, och vid Styling (Formatering) välj Presentation Attributes."
PLAIN = "Spara som ”Vanlig SVG” (Plain SVG)."
ADVICE = {
    "style": f"Färgerna ska stå i formerna. {EXPORT}",
    "script": "Märket får inte innehålla program. Ta bort det.",
    "image": "Märket får inte innehålla fotografier. Rita det med former.",
    "text": "Gör om texten till kurvor innan du sparar, så ser den likadan ut överallt.",
    "foreignObject": "Märket får bara innehålla former.",
    "use": "Skriv ut formen i stället för att hänvisa till den. I Illustrator: Objekt, Expandera.",
    "metadata": PLAIN,
}
_BESIDE = re.compile(r"<!--.*?-->|<\?.*?\?>", re.DOTALL)
_PREFIX = re.compile(r"<[\w-]+:[\w-]*")
_LOCAL = re.compile(r"\s*url\(\s*(['\"]?)#[\w.-]+\1\s*\)\s*")


def shapes(text: str) -> str:
    """Return the mark as it stands in a page: without comments and what only XML reads."""
    return _BESIDE.sub("", text).strip()


def check(file: str, text: str) -> list[Fault]:
    """Return what is wrong with the mark."""
    if len(text.encode()) > LARGEST:
        size = f"{len(text.encode()) / 1000:.0f} kB"
        words = f"Märket är {size} stort. Det följer med varje sida: högst {LARGEST // 1000} kB. Förenkla det. {PLAIN}"
        return [Fault(file=file, words=words)]
    if "<svg" not in text:
        return [Fault(file=file, words="Filen är ingen SVG-bild. Spara om den som SVG.")]
    if match := _PREFIX.search(text):
        words = f"{quote(match[0])}: element med kolon i namnet får inte stå i märket. {PLAIN}"
        return [Fault(file=file, words=words, line=text.count("\n", 0, match.start()) + 1)]
    return _Reading(file).read(text)


class _Reading:
    """One pass over the file by the XML parser of the standard library, which knows the line of everything."""

    def __init__(self, file: str):
        self.file, self.faults, self.depth = file, [], 0
        self.parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartCdataSectionHandler = self._cdata

    def read(self, text: str) -> list[Fault]:
        try:
            self.parser.Parse(text.encode(), True)
        except _Stopped:
            pass
        except expat.ExpatError as error:
            words = "Bilden är inte hel: något element är inte avslutat eller felskrivet. Spara om den som SVG."
            self.faults.append(Fault(file=self.file, words=words, line=error.lineno))
        return self.faults

    def _refuse(self, words: str, value: str | None = None) -> None:
        if all(fault.words != words for fault in self.faults):  # a drawing program repeats itself
            self.faults.append(Fault(file=self.file, words=words, line=self.parser.CurrentLineNumber, value=value))

    def _doctype(self, *_: object) -> None:
        self._refuse(f"Ta bort raden som börjar med <!DOCTYPE, och det som hör till den. {PLAIN}")
        raise _Stopped  # what it declares is never read

    def _cdata(self) -> None:
        self._refuse("<![CDATA[ får inte stå i märket. Ta bort det.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        space, _, tag = name.rpartition(" ")
        if self.depth > DEEPEST:
            self._refuse(f"Märket har för många grupper i varandra. {PLAIN}")
            raise _Stopped
        if self.depth == 1 and tag != "svg":
            self._refuse(f"Filen börjar med {quote(f'<{tag}>')}. Spara om den som SVG.")
            raise _Stopped
        if space not in ("", SVG) or tag not in ELEMENTS:
            self._refuse(f"{quote(f'<{tag}>')} får inte stå i märket. {_advice(tag, space)}", tag)
            return
        for attribute, value in attributes.items():
            if words := _wrong(attribute, value):
                self._refuse(words, value)

    def _end(self, _: str) -> None:
        self.depth -= 1


class _Stopped(Exception):
    """The rest isn't worth reading."""


def _advice(tag: str, space: str) -> str:
    if tag in ADVICE and space in ("", SVG):
        return ADVICE[tag]
    if space not in ("", SVG):
        return PLAIN
    guess = nearest(tag, ELEMENTS)
    return (
        f"Menade du <{guess}>?"
        if guess
        else f"Det får vara former, till exempel {enumerated(('path', 'rect', 'circle'))}."
    )


def _wrong(attribute: str, value: str) -> str:
    if attribute == XML:
        return ""
    name = "href" if attribute == XLINK else attribute
    written = quote(f"{name}='{value}'")
    if name in ("style", "class"):
        return f"{quote(name)} har ingen verkan på webbplatsen. {ADVICE['style']}"
    if " " in name:
        return f"{quote(name.rpartition(' ')[2])} är ett ritprograms egen uppgift. {PLAIN}"
    if name not in ATTRIBUTES:
        return f"{written} får inte stå i märket. Ta bort det."
    if name == "href" and not re.fullmatch(r"#[\w.-]+", value):
        return f"{quote(value)} leder ut ur märket. Det får bara hänvisa till sina egna delar, till exempel #form."
    if "(" in value and "url" in value.casefold() and not _LOCAL.fullmatch(value):
        return f"{quote(value)} hämtar något från en annan plats. Ta bort det."
    return ""
