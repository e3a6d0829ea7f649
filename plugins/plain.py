"""Plain text as people's programs save it: with or without a byte order mark, with any line ends, composed or not. Pure."""

import unicodedata

OTHERS = ((b"PK\x03\x04", "en Word- eller Excelfil"), (b"{\\rtf", "en RTF-fil"), (b"%PDF", "en PDF-fil"))


def decode(data: bytes) -> tuple[str, str, int | None]:
    """Return the text, or else in words why there is none, and on which line when that is known."""
    again = "Spara om den med teckenkodningen UTF-8."
    for start, kind in OTHERS:
        if data.startswith(start):
            return "", f"Det här är {kind}. Spara den som ren text med teckenkodningen UTF-8.", None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:200].count(b"\x00") > len(data[:200]) // 4:
        return "", f"Filen är sparad som UTF-16, som Anteckningar kallar ”Unicode”. {again}", None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", f"Filen är inte sparad som UTF-8. {again}", data.count(b"\n", 0, error.start) + 1
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")), "", None
