"""How pictures are made: pixels in, bytes out. Each has a version in its name, since what it gives is kept."""

import io
from contextlib import suppress
from pathlib import Path

from PIL import Image, ImageCms

from plugins.images.reading import Unreadable, opened, reading, upright

FORMATS = ("avif", "webp", "jpeg")  # the smallest first; the last is for all browsers
QUALITY = {"avif": 60, "webp": 78, "jpeg": 82}
HIGHEST = 16_383  # pixels in either direction: the least that one of the formats has room for (WebP)
_SPACE = slice(16, 20)  # where a colour profile says what it describes (ICC.1, 7.2.6); Pillow fails on other than ASCII
_SPACES = {b"RGB ": "RGB", b"GRAY": "L", b"CMYK": "CMYK"}  # and what Pillow calls that
VERSION = "2"  # of everything below


def photo(path: str, width: int) -> Image.Image:
    """The picture in that width, upright, in sRGB, and nothing with it but its pixels."""
    with opened(Path(path).read_bytes()) as image:
        flat = _to_srgb(_flat(_eight_bits(upright(image))), image.info.get("icc_profile"))
    height = max(round(flat.height * width / flat.width), 1)
    return flat.resize((width, height), Image.Resampling.LANCZOS)


def encoded(image: Image.Image, kind: str) -> bytes:
    """The pixels in a format, without metadata."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    file = io.BytesIO()
    options = {
        "jpeg": {"progressive": True, "optimize": True},
        "webp": {"method": 4},
        "avif": {"speed": 6},
        "png": {"optimize": True},
    }
    bare.save(file, kind.upper(), **options[kind], **({"quality": QUALITY[kind]} if kind in QUALITY else {}))
    return file.getvalue()


def _eight_bits(image: Image.Image) -> Image.Image:
    """A scan has 65,536 tones of grey, of which Pillow's own conversion makes all but the darkest 256 white."""
    if not image.mode.startswith("I"):
        return image
    tones = image.convert("I").point(lambda tone: tone / 256).convert("L")
    tones.info.pop("transparency", None)  # one of the 65,536
    return tones


def _flat(image: Image.Image) -> Image.Image:
    """On white where one can see through it; in a mode that a colour profile can describe."""
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        white = Image.new("RGBA", seen.size, "white")
        return Image.alpha_composite(white, seen).convert("RGB")
    return image if image.mode in _SPACES.values() else image.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The colours as the profile means them; a profile that can't be read, or is of another kind, says nothing."""
    if profile and _SPACES.get(profile[_SPACE]) == image.mode:
        with suppress(Unreadable), reading():
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            image = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return image.convert("RGB")
