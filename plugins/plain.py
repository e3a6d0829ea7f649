"""Plain text as people's programs save it: with or without a byte order mark, with any line ends, composed or not. Pure."""

import re
import unicodedata

# What git leaves in a file where two people have changed the same lines.
CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?:\s|$)|={7}\s*$")
# UTF-8 that was read as Latin-1 or Windows-1252: Ã¶ for ö, Â for a space, â€ for a dash or a quote. Or the mark of what was lost.
GARBLED = re.compile(
    "[ÃÂ][\u0080-\u00bf\u2018-\u203a\u20ac\u0152\u0153\u0160\u0161\u017d\u017e\u0192\u02c6\u02dc]|â€|\ufffd"
)
OTHERS = {  # how the files of other programs begin, and what to do
    b"PK\x03\x04": "ett Word-dokument eller en zip-fil. Kopiera texten till en ny fil i en textredigerare.",
    b"\xd0\xcf\x11\xe0": "ett gammalt Word-dokument. Kopiera texten till en ny fil i en textredigerare.",
    b"{\\rtf": "i formatet RTF. Välj Format > Gör till vanlig text i TextEdit, och spara igen.",
    b"%pdf": "en PDF. Kopiera texten till en ny fil i en textredigerare.",
    b"<!doctype": "en webbsida. Kopiera texten till en ny fil i en textredigerare.",
    b"<html": "en webbsida. Kopiera texten till en ny fil i en textredigerare.",
}


def decode(data: bytes) -> tuple[str, str, int | None]:
    """Return the text, or else in words why there is none, and on which line when that is known."""
    again = "Spara om den med teckenkodningen UTF-8."
    begins = data.lstrip()[:9].lower()
    for start, kind in OTHERS.items():
        if begins.startswith(start.lower()):
            return "", f"Filen är {kind}", None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data[:200].count(b"\x00") > len(data[:200]) // 4:
        return "", f"Filen är sparad som UTF-16, som Anteckningar kallar ”Unicode”. {again}", None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", f"Filen är inte sparad som UTF-8. {again}", data.count(b"\n", 0, error.start) + 1
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")), "", None
