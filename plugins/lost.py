"""Words of a text that its page doesn't have: Markdown drops cells that a table has no heading for, and more. Pure."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable
from html import unescape

from plugins.places import plain_of

_WORD = re.compile(r"[^\W_]+")
_NUMBERED = re.compile(r"^[ \t>]*(?:(?:[-*+:]|\d+\.)[ \t]+)+", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def lost_words(body: str, shown: Iterable[str], *, replaced: Collection[str] = ()) -> list[str]:
    """Return the words of ``body`` that aren't among what is ``shown``, as they are written, in their order.

    ``replaced``: what stands in the body for something else, such as ``{telefon:jouren}`` or the name of a link's target.
    """
    for each in replaced:
        body = body.replace(each, " ", body.count(each))
    body = _BREAK.sub(" ", _NUMBERED.sub(" ", unicodedata.normalize("NFKC", unescape(body))))
    whole = " ".join(shown)
    page = Counter(_words(whole))
    missing = Counter(_words(body)) - page
    if not missing:
        return []
    letters = plain_of(whole)  # a word may be part of a longer one there: ord**fet** is "ordfet"
    counts = Counter(_words(body))
    gone = {word for word in missing if letters.count(plain_of(word)) < counts[word]}
    return [word for word in dict.fromkeys(_WORD.findall(body)) if word.casefold() in gone]


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
