"""The picture that a shared link to a lecture shows: its title, time and speaker in the site's look."""

import hashlib
import re
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from plugins.images.cache import Job
from plugins.own import Colours

SIZES = {"dela": (1200, 630), "dela-kvadrat": (1080, 1080)}  # a link's preview; a square for Instagram
EDGE = 80  # pixels
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
    _sign(pen, name, colours)
    words = _font("PublicSans-SemiBold", WORDS)
    below = [line for text in (when, speaker) for line in _lines(_plain(text, words), words, room)]
    foot = height - EDGE - len(below) * WORDS * 1.4
    top = EDGE + 110
    if mark:
        pen.text((EDGE, top), mark, font=words, fill=colours.glow)
        top += WORDS * 1.5
    font, lines = _fitting(title, room, foot - top - 30)
    for line in lines:
        pen.text((EDGE, top), line, font=font, fill=colours.text)
        top += font.size * 1.15
    for line in below:
        pen.text((EDGE, foot), line, font=words, fill=colours.glow if line == below[0] else colours.text)
        foot += WORDS * 1.4
    return image


def _sign(pen: ImageDraw.ImageDraw, name: str, colours: Colours) -> None:
    """The name, and before it its first letter in a square: Pillow can't draw the mark, which is an SVG."""
    font = _font("Gelasio-Bold", 46)
    words = _plain(name, font)
    pen.rounded_rectangle((EDGE, EDGE, EDGE + 68, EDGE + 68), radius=16, fill=colours.glow)
    pen.text((EDGE + 34, EDGE + 34), words[:1], font=font, fill=colours.ground, anchor="mm")
    pen.text((EDGE + 92, EDGE + 34), words, font=font, fill=colours.text, anchor="lm")


def _fitting(title: str, width: float, height: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest letters in which the title has room, and its lines."""
    for size in range(TITLE, LEAST, -4):
        font = _font("Gelasio-Bold", size)
        lines = _lines(_plain(title, font), font, width)
        if len(lines) * size * 1.15 <= height and all(font.getlength(line) <= width for line in lines):
            return font, lines
    font = _font("Gelasio-Bold", LEAST)
    lines = _lines(_plain(title, font), font, width)
    most = max(int(height // (LEAST * 1.15)), 1)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1].rstrip(' .,–-')} …"]
    return font, lines


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


def _plain(text: str, font: ImageFont.FreeTypeFont) -> str:
    """Without signs that the font lacks, such as emoji."""
    nothing = bytes(font.getmask("\uffff"))
    kept = "".join(letter if letter == " " or _has(font, letter, nothing) else "" for letter in text)
    return re.sub(r"\s+", " ", kept).strip()


def _has(font: ImageFont.FreeTypeFont, letter: str, nothing: bytes) -> bool:
    return letter.isspace() or bytes(font.getmask(letter)) != nothing


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)
