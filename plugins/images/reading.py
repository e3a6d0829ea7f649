"""Pictures as Pillow reads them. Files come from phones, scanners and mail: some are damaged, and a few are attacks."""

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

LARGEST = 50_000_000  # pixels: what unfolds to more is a mistake or an attack
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)


class Unreadable(Exception):
    """The file is damaged, or no picture of a kind that is published."""


class TooLarge(Exception):
    """The picture has more than ``LARGEST`` pixels."""


class Moving(Exception):
    """The file holds several pictures that are shown one after the other."""


@contextmanager
def reading() -> Iterator[None]:
    """Turn whatever Pillow raises for a damaged file, errors of any kind, into Unreadable, and its warnings into nothing.

    For calls of Pillow alone, so that a mistake of our own still shows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except TooLarge:
            raise
        except Exception as error:
            raise Unreadable from error


@contextmanager
def opened(data: bytes) -> Iterator[Image.Image]:
    """Give the picture in ``data``, its pixels read. Raises Unreadable, TooLarge or Moving, before anything large is unfolded."""
    with reading():
        image = _recognised(io.BytesIO(data))
        moves = getattr(image, "n_frames", 1) > 1
    with image:
        if image.width * image.height > LARGEST:
            raise TooLarge
        if moves:
            raise Moving
        with reading():
            image.load()
            _ = image.has_transparency_data  # which publishing will ask, and which fails on a palette that is missing
        yield image


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Return its size as it is to be seen."""
    return image.size[::-1] if _orientation(image) in _SIDEWAYS else image.size


def upright(image: Image.Image) -> Image.Image:
    """Return it as it is to be seen. Pillow's own exif_transpose writes the metadata anew, and fails where they are damaged."""
    turn = _TURNS.get(_orientation(image))
    return image if turn is None else image.transpose(turn)


def _recognised(file: io.BytesIO) -> Image.Image:
    if file.getbuffer()[:3] == b"\xff\xd8\xff":
        return JpegImageFile(
            file
        )  # Image.open takes a phone's file, with a preview beside the picture, for one that moves
    try:
        return Image.open(file, formats=("PNG", "WEBP", "AVIF"))
    except Image.DecompressionBombError as error:
        raise TooLarge from error


def _orientation(image: Image.Image) -> int:
    """1 to 8, as Exif counts; 1 also when the metadata can't be read: the pixels can."""
    try:
        with reading():
            found = image.getexif().get(_ORIENTATION)
    except Unreadable:
        return 1
    return found if found in tuple(_TURNS) else 1
