"""Markdown that didn't become what it was meant to: signs that would be seen on the page, lists that are running text. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from plugins.faults import quote
from plugins.never import is_meeting

Found = Iterator[tuple[str, str]]  # what is to be said, and the words that it is said of

_TAG = re.compile(r"<(?=[a-zA-Z/!?])[^<>]{0,300}>?")
_LINK = re.compile(r"!?\[[^\]\[]*\] ?\([^()\n]{0,300}\)?|!?\[[^\]\[]*\] ?\[[^\]\[]*\]")
_CUT = re.compile(r"!?\[[^\]\[]*\] \((?:https?:|/|\{|#|\w+\.md)")
_WIKI = re.compile(r"\[\[[^\]\n]*\]\]")
_BARE = re.compile(r"(?:https?://|www\.)[^\s<>\"”)]+", re.IGNORECASE)
_BOLD = re.compile(r"[^\s*]{0,30}\*\*[^*\n]{0,40}|(?<!\w)__[^_\s][^_\n]{0,40}")
_SIGNS = (
    (re.compile("\ufffd"), "Tecknet finns inte. Skriv det för hand"),
    (re.compile(r"~~[^~\n]+~~"), "Genomstruken text finns inte här. Ta bort ~~"),
    (re.compile(r"\[\^[^\]]*\]"), "Fotnoter finns inte här. Skriv det i texten i stället"),
    (re.compile(r"^\[[ xX]?\] "), "Kryssrutor finns inte här. Ta bort rutan"),
    (re.compile(r"```|~~~"), "Tecknen syns på sidan. Ta bort dem"),
    (
        re.compile(r"^(?:={2,}|-{2,}|\*{3,})[ \u00a0]*$", re.MULTILINE),
        "Raden syns på sidan. Skriv ## framför en rubrik, och lämna en tom rad före en linje",
    ),
    (
        re.compile(r"^[ \u00a0|:–—-]*[-–—][ \u00a0:]*\|[ \u00a0|:–—-]*$", re.MULTILINE),
        "Tabellen blir ingen tabell. Lämna en tom rad före den, och skriv | --- | --- | under rubrikerna, med lika många delar",
    ),
    (re.compile(r"^[ \u00a0]*#{1,6}[ \u00a0]", re.MULTILINE), "Rubriken blir ingen rubrik. Lämna en tom rad före den"),
)
_ITEM = re.compile(r"(?:[-*+]|\d{1,2}\.) +\S")
# What Word and Mac put before the items of a list.
_BULLET = re.compile(
    r"^[ \u00a0]*(?:[•·▪‣◦●■□➢✓✔\uf0b7\uf0a7]\s*|[-–—*+o§][\t\u00a0]\s*|o {2,}|[–—] {2,}|\d{1,2}\)\s+|[a-z]\) )(?=[\w\"”(*])",
    re.MULTILINE,
)


def found_in(tag: str, text: str) -> Found:
    """Yield what would be seen as it is written, in words, each with the words that it was found in. ``tag``: of the block."""
    if "<" in text and (match := _TAG.search(text)):
        note = "En dold anmärkning skulle synas på sidan. Ta bort den"
        yield (
            f"{note if match[0].startswith('<!--') else 'Skriv Markdown i stället för HTML'}: {quote(match[0])}.",
            match[0],
        )
    yield from _links(text)
    if match := _BOLD.search(text):
        yield "En fet text börjar eller slutar fel. Skriv ** tätt intill orden, på båda sidor: **orden**.", match[0]
    for pattern, words in _SIGNS:
        if match := pattern.search(text):
            yield f"{words}: {quote(match[0].strip())}.", match[0].strip()
    yield from _lists(tag, text)


def _links(text: str) -> Found:
    rest = text
    for match in _LINK.finditer(text) if "[" in text else ():
        if not ("](" in match[0] or "][" in match[0] or _CUT.match(match[0])):
            continue
        rest = rest.replace(match[0], " ")
        if _CUT.match(match[0]):
            yield f"Ta bort mellanslaget i {quote(match[0])}: det ska stå [text](adress).", match[0]
        elif match[0].startswith("!"):
            yield f"Bilden {quote(match[0])} är inte rätt skriven. Skriv ![vad bilden visar](bild.jpg).", match[0]
        else:
            hint = "Skriv [text](adress), utan mellanslag i adressen."
            yield f"Länken {quote(match[0])} är inte rätt skriven. {hint}", match[0]
    if match := _WIKI.search(rest):
        yield f"Länken {quote(match[0])} är inte rätt skriven. Skriv [text](adress).", match[0]
    for match in _BARE.finditer(rest):
        if not is_meeting(match[0]):  # which is said already
            yield f"Adressen {quote(match[0])} blir ingen länk. Skriv med ord vart den leder: [ord](adress).", match[0]


def _lists(tag: str, text: str) -> Found:
    if match := _BULLET.search(text):
        sign = match[0].strip()
        right = "1. " if sign[:1].isdigit() else "- "
        words = f"Punkten blir löpande text. Skriv {quote(right)} i stället för {quote(sign)} först på raden."
        yield words, text[match.start() :].strip().split("\n")[0]
    lines = text.split("\n") if tag in ("p", "li", "dd") else []
    for sign in (r"[-*+](?=[^\W\d_])", "[–—] ?", r"[^|\n]*[^\s|] \| "):
        if any(re.match(sign, before) and re.match(sign, line) for before, line in pairwise(lines)):
            first = next(line for line in lines if re.match(sign, line))
            wanted = (
                "en tabell, med raden | --- | --- | under rubrikerna"
                if "|" in sign
                else "en lista, med - och ett mellanslag"
            )
            yield f"Raderna blir löpande text: {quote(first)}. Skriv {wanted}.", first
    for before, line in pairwise(lines):
        if _ITEM.match(line) and before.strip() and not _ITEM.match(before):
            yield "Listan behöver en tom rad före, annars blir den en del av stycket ovanför.", line
