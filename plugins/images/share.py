"""The picture that a shared link to a lecture shows: its title, time and speaker in the site's look."""

import hashlib
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from plugins.images.cache import Job
from plugins.own import Colours

SIZES = {"dela": (1200, 630), "dela-kvadrat": (1080, 1080)}  # a link's preview; a square for Instagram
EDGE = 80  # pixels
HEAVY, PLAIN = "Gelasio-Bold", "PublicSans-SemiBold"
UNTITLED = "Föreläsning"  # in place of a title in letters that the font lacks
TITLE, LEAST, WORDS = 92, 34, 40  # sizes of letters
_FONTS = Path(__file__).parent / "fonts"


def jobs(folder: str, *, name: str, title: str, when: str, speaker: str, mark: str, colours: Colours) -> list[Job]:
    """The pictures of one lecture, below the address ``folder``. ``mark``: "Inställd", "Repris" or nothing."""
    values = (name, title, when, speaker, mark, colours)
    key = hashlib.sha256(repr(values).encode()).hexdigest()
    return [
        Job(key=f"{key}-{kind}", file=f"{folder}{kind}.png", kind="png", make=draw, values=(size, *values))
        for kind, size in SIZES.items()
    ]


def draw(
    size: tuple[int, int], name: str, title: str, when: str, speaker: str, mark: str, colours: Colours
) -> Image.Image:
    """The picture. No letter is cut: a long title gets more lines and smaller letters."""
    width, height = size
    image = Image.new("RGB", size, colours.ground)
    pen = ImageDraw.Draw(image)
    room = width - 2 * EDGE
    _sign(pen, name, room - 92, colours)
    words = _font(PLAIN, WORDS)
    times = _cut(_lines(_drawable(when, PLAIN), words, room), 2, words, room)
    below = times + _cut(_lines(_named(speaker), words, room), 2, words, room)
    foot = height - EDGE - len(below) * WORDS * 1.4
    top = EDGE + 110
    if mark:
        pen.text((EDGE, top), mark, font=words, fill=colours.glow)
        top += WORDS * 1.5
    font, lines = _fitting(_whole(title, HEAVY) or UNTITLED, room, foot - top - 30)
    for line in lines:
        pen.text((EDGE, top), line, font=font, fill=colours.text)
        top += font.size * 1.15
    for place, line in enumerate(below):
        pen.text((EDGE, foot), line, font=words, fill=colours.glow if place < len(times) else colours.text)
        foot += WORDS * 1.4
    return image


def _sign(pen: ImageDraw.ImageDraw, name: str, room: float, colours: Colours) -> None:
    """The name, and before it its first letter in a square: Pillow can't draw the mark, which is an SVG."""
    words = _drawable(name, HEAVY)
    pen.rounded_rectangle((EDGE, EDGE, EDGE + 68, EDGE + 68), radius=16, fill=colours.glow)
    pen.text((EDGE + 34, EDGE + 34), words[:1], font=_font(HEAVY, 46), fill=colours.ground, anchor="mm")
    font = next(
        (font for size in range(46, 20, -2) if (font := _font(HEAVY, size)).getlength(words) <= room), _font(HEAVY, 20)
    )
    for line in _cut(_lines(words, font, room), 1, font, room):
        pen.text((EDGE + 92, EDGE + 34), line, font=font, fill=colours.text, anchor="lm")


def _fitting(title: str, width: float, height: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which the title has room, and its lines."""
    for size in range(TITLE, LEAST, -4):
        font = _font(HEAVY, size)
        lines = _lines(title, font, width)
        if len(lines) * size * 1.15 <= height and all(font.getlength(line) <= width for line in lines):
            return font, lines
    font = _font(HEAVY, LEAST)
    return font, _cut(_lines(title, font, width), max(int(height // (LEAST * 1.15)), 1), font, width)


def _cut(lines: list[str], most: int, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """At most so many lines; what is left out shows as an ellipsis."""
    if len(lines) <= most:
        return lines
    last = lines[most - 1].rstrip(" .,–-")
    while last and font.getlength(f"{last} …") > width:
        last = last[:-1].rstrip()
    return [*lines[: most - 1], f"{last} …"]


def _lines(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines += _pieces(word, font, width)
    return lines


def _pieces(word: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """A word that is wider than a line, in parts."""
    parts = [""]
    for letter in word:
        if font.getlength(f"{parts[-1]}{letter}-") > width:
            parts[-1] += "-"
            parts.append("")
        parts[-1] += letter
    return parts


def _whole(text: str, font: str) -> str:
    """The text, or nothing when letters of it can't be drawn: half a word says something else, or nothing."""
    drawable = _drawable(text, font)
    lost = Counter(_composed(text)) - Counter(drawable)
    return "" if any(_matters(letter) for letter in lost) or not any(map(_matters, drawable)) else drawable


def _named(speaker: str) -> str:
    """Who speaks, or nothing when the name after "Föreläsare:" is missing or can't be drawn."""
    drawable = _whole(speaker, PLAIN)
    return drawable if any(map(_matters, drawable.rpartition(":")[2])) else ""


def _drawable(text: str, font: str) -> str:
    """Without signs that the font lacks, such as emoji."""
    kept = "".join(" " if letter.isspace() else letter for letter in _composed(text) if _has(font, letter))
    return re.sub(r" +", " ", kept).strip()


def _composed(text: str) -> str:
    """å as one letter, which fonts have, and not as a and its ring."""
    return unicodedata.normalize("NFC", text)


def _matters(letter: str) -> bool:
    """Whether a word without it is another: true of letters, digits and accents, and not of emoji and control characters."""
    return unicodedata.category(letter)[0] in "LN" or unicodedata.combining(letter) != 0


@cache
def _has(font: str, letter: str) -> bool:
    """Whether the font draws it: not as the box that stands for all it lacks, and not as nothing."""
    if letter.isspace():
        return True
    letters = _font(font, WORDS)
    drawn = bytes(letters.getmask(letter))
    return any(drawn) and drawn != bytes(letters.getmask("\uffff"))


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)
