"""How pictures are made: pixels in, bytes out. Each has a version in its name, since what it gives is kept."""

import io
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

FORMATS = ("avif", "webp", "jpeg")  # the smallest first; the last is for all browsers
QUALITY = {"avif": 60, "webp": 78, "jpeg": 82}
VERSION = "1"  # of everything below


def photo(path: str, width: int) -> Image.Image:
    """The picture in that width, upright, in sRGB, and nothing with it but its pixels."""
    with Image.open(Path(path)) as image:
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        if profile and upright.mode in ("RGB", "L", "CMYK"):
            upright = _to_srgb(upright, profile)
        flat = _flat(upright)
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


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):  # a profile that can't be read says nothing
        return image


def _flat(image: Image.Image) -> Image.Image:
    """On white where one can see through it."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    white = Image.new("RGBA", seen.size, "white")
    return Image.alpha_composite(white, seen).convert("RGB")
