"""Why a picture can't be published, in an editor's words: what the file is instead, and what to do with it."""

from collections.abc import Callable

from plugins.faults import quote

_EXPORT = (
    "Spara den som JPEG. Mac: öppna den i Förhandsvisning och välj Arkiv > Exportera. "
    "Windows: öppna den i Foton och välj Spara som."
)
_HEIC = (
    "som många webbläsare inte kan visa. Exportera den som JPEG i Förhandsvisning på en Mac (Arkiv > Exportera). "
    "På en iPhone: välj Inställningar > Kamera > Format > Mest kompatibelt, så blir nya bilder JPEG."
)
_DRAWN = "Öppna den i programmet som den är gjord i, och exportera den som PNG."
_CAMERA = (".3fr", ".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".rw2", ".srw")
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"}
_FILM_BRANDS = (b"iso", b"mp4", b"M4", b"qt", b"3g", b"avc1")
_AVIF_BRANDS = {b"avif", b"avis"}
_BOX = slice(4, 8)  # where a file of the MP4 family says "ftyp"; its brands follow


class Unfit(Exception):
    """Says in Swedish why a picture can't be published."""


def refusal(name: str, data: bytes) -> str | None:
    """Say what to do with a file that is something else than a picture for the web; None when it may be one.

    What it is shows in its first bytes: an extension is easily changed, and often has been.
    """
    if not data:
        return f"Bilden {quote(name)} är tom. Lägg dit filen igen."
    if name.lower().endswith(_CAMERA) and not data.startswith(b"\xff\xd8\xff"):
        return (
            f"Bilden {quote(name)} är en råfil från en kamera. Exportera den som JPEG i programmet för kamerans bilder."
        )
    for begins, words in _KINDS:
        if begins(data):
            return f"Bilden {quote(name)} är {words}"
    return None


def _starts(*with_: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(with_)


def _brands(data: bytes) -> set[bytes]:
    if data[_BOX] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4]), 400)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def _heif(data: bytes) -> bool:
    brands = _brands(data)
    return bool(brands & _HEIF_BRANDS) and not brands & _AVIF_BRANDS


def _film(data: bytes) -> bool:
    return any(brand.startswith(_FILM_BRANDS) for brand in _brands(data)) and not _brands(data) & _AVIF_BRANDS


def _other_riff(data: bytes) -> bool:
    return data[:4] == b"RIFF" and data[8:12] in (b"AVI ", b"WAVE")


def _markup(*words: bytes) -> Callable[[bytes], bool]:
    def begins(data: bytes) -> bool:
        start = data[:1000].lower().removeprefix(b"\xef\xbb\xbf").lstrip()
        return start.startswith(b"<") and any(word in start for word in words)

    return begins


_KINDS = (
    (_heif, f"av slaget HEIC, {_HEIC}"),
    (_starts(b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), f"av slaget TIFF. {_EXPORT}"),
    (_starts(b"GIF8"), f"av slaget GIF. {_EXPORT}"),
    (_starts(b"BM"), f"av slaget BMP. {_EXPORT}"),
    (_starts(b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"), f"av slaget JPEG 2000. {_EXPORT}"),
    (_starts(b"\0\0\0\x0cJXL ", b"\xff\x0a"), f"av slaget JPEG XL. {_EXPORT}"),
    (_starts(b"\0\0\1\0", b"icns"), f"en ikon. {_EXPORT}"),
    (lambda data: b"crx " in _brands(data), "en råfil från en kamera. Exportera den som JPEG."),
    (_starts(b"FUJIFILMCCD-RAW", b"IIRO", b"IIU\0"), "en råfil från en kamera. Exportera den som JPEG."),
    (_starts(b"%PDF"), "en PDF. Ta en skärmbild av den, eller exportera den som PNG i Förhandsvisning på en Mac."),
    (_starts(b"8BPS"), "en Photoshop-fil. Öppna den i Photoshop och välj Arkiv > Exportera > Exportera som: JPEG."),
    (_starts(b"%!PS", b"\xc5\xd0\xd3\xc6"), f"en ritning (EPS). {_DRAWN}"),
    (_markup(b"<svg"), f"en ritning (SVG). {_DRAWN}"),
    (
        _markup(b"<!doctype html", b"<html"),
        "en webbsida. Högerklicka på bilden på webbsidan och välj Spara bild som.",
    ),
    (
        _starts(b"PK\3\4", b"PK\5\6", b"\xd0\xcf\x11\xe0", b"{\\rtf"),
        "ett dokument eller en zip-fil. Öppna den, spara bilden som finns i den, och lägg bilden i content/images.",
    ),
    (
        lambda data: _film(data) or _other_riff(data) or data.startswith(b"\x1a\x45\xdf\xa3"),
        "en film eller ett ljud. Ta en skärmbild ur filmen, eller länka till den.",
    ),
)
