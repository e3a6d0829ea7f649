"""Pictures that something has happened to: bytes changed, the end lost, chunks in disorder, another's or a broken EXIF block.

Pure: the same picture and the same number give the same damage.
"""

import io
import struct
import zlib
from collections.abc import Callable
from random import Random

from PIL import Image

_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
_ORIENTATION, _MAKE, _GPS, _EXIF = 0x0112, 0x010F, 0x8825, 0x8769


def damaged(data: bytes, other: bytes, number: int) -> bytes:
    """The picture ``data`` after one mishap or several. ``other``: a picture that pieces may come from."""
    random = Random(number)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = random.choice(MISHAPS)(data, other, random) or data
    return data


def _flipped(data: bytes, other: bytes, random: Random) -> bytes:
    """Some bytes become others; often those that say what is to come."""
    changed = bytearray(data)
    reach = len(data) if random.random() < 0.5 else min(len(data), 2000)
    for _ in range(random.choice((1, 2, 5, 20))):
        changed[random.randrange(reach)] = random.choice((0, 0xFF, 0x80, random.randrange(256)))
    return bytes(changed)


def _truncated(data: bytes, other: bytes, random: Random) -> bytes:
    return data[: random.randrange(1, len(data) + 1)]


def _doubled(data: bytes, other: bytes, random: Random) -> bytes:
    """A piece comes twice, or not at all, or from another picture."""
    begin, length = random.randrange(len(data)), random.randrange(1, 600)
    piece = random.choice((data[begin : begin + length] * 2, b"", other[begin : begin + length]))
    return data[:begin] + piece + data[begin + length :]


def _disordered(data: bytes, other: bytes, random: Random) -> bytes:
    """Two chunks change places, whole."""
    chunks = _chunks(data)
    if len(chunks) < 3:
        return _flipped(data, other, random)
    one, two = random.sample(range(1, len(chunks)), 2)
    chunks[one], chunks[two] = chunks[two], chunks[one]
    return b"".join(chunks)


def _spliced(data: bytes, other: bytes, random: Random) -> bytes:
    """A chunk of another picture comes in among its own."""
    chunks, strange = _chunks(data), _chunks(other)
    chunks.insert(random.randrange(1, len(chunks) + 1), random.choice(strange))
    return b"".join(chunks)


def _told(data: bytes, other: bytes, random: Random) -> bytes:
    """An EXIF block in which something is wrong, in a picture that is well."""
    block = bytearray(_exif(random))
    for _ in range(random.choice((0, 1, 2, 4, 8))):
        place = random.randrange(6, len(block)) if random.random() < 0.5 else random.randrange(6, min(90, len(block)))
        block[place] = random.choice((0, 1, 2, 5, 7, 12, 0xFF, random.randrange(256)))
    told = bytes(block[: random.randrange(8, len(block))] if random.random() < 0.1 else block)
    if data.startswith(_JPEG):
        return _JPEG + b"\xff\xe1" + struct.pack(">H", len(told) + 2) + told + data[2:]
    if data.startswith(_PNG):
        return data[:33] + _png_chunk(b"eXIf", told[6:]) + data[33:]
    return _saved_with(data, told) or _flipped(data, other, random)


MISHAPS: tuple[Callable[[bytes, bytes, Random], bytes], ...] = (
    _flipped,
    _truncated,
    _doubled,
    _disordered,
    _spliced,
    _told,
    _told,
    _told,
)


def _exif(random: Random) -> bytes:
    """A block such as a telephone writes: turned, with a maker, a place and a time."""
    exif = Image.Exif()
    exif[_ORIENTATION] = random.randrange(1, 9)
    exif[_MAKE] = "Telefon"
    exif[0x011A], exif[0x0128], exif[0x0132] = 72.0, 2, "2026:11:25 10:00:00"
    exif.get_ifd(_EXIF).update({0x9003: "2026:11:25 10:00:00", 0x927C: random.randbytes(40), 0x829A: 0.01})
    exif.get_ifd(_GPS).update({1: "N", 2: (59.0, 20.0, 33.0), 3: "E", 4: (18.0, 3.0, 9.0)})
    return exif.tobytes()


def _saved_with(data: bytes, exif: bytes) -> bytes | None:
    """The same picture saved anew with the block, where the format has no place that is easy to find."""
    file = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.save(file, image.format, exif=exif)
    except Exception:  # already damaged in another way
        return None
    return file.getvalue()


def _chunks(data: bytes) -> list[bytes]:
    """The parts of a JPEG, a PNG or a RIFF file, in order; together they are the file."""
    if data.startswith(_JPEG):
        return _segments(data)
    if data.startswith(_PNG):
        return _walked(data, 8, lambda at: 12 + int.from_bytes(data[at : at + 4]))
    if data.startswith(b"RIFF"):
        return _walked(data, 12, lambda at: 8 + (int.from_bytes(data[at + 4 : at + 8], "little") + 1) // 2 * 2)
    return _walked(data, 0, lambda at: max(int.from_bytes(data[at : at + 4]), 8))  # boxes, as in AVIF


def _segments(data: bytes) -> list[bytes]:
    parts, at = [data[:2]], 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] not in (b"\xda", b""):
        length = 2 + int.from_bytes(data[at + 2 : at + 4])
        parts.append(data[at : at + length])
        at += length
    return [*parts, data[at:]]


def _walked(data: bytes, at: int, length: Callable[[int], int]) -> list[bytes]:
    parts = [data[:at]] if at else []
    while at < len(data):
        step = length(at)
        parts.append(data[at : at + step])
        at += step
    return parts


def _png_chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)
