"""Where in a file something stands that was found on its page. Markdown doesn't tell; so the words are looked for. Pure."""

import unicodedata
from html import unescape

SHORTER = (None, 40, 20, 10, 5)  # letters of the evidence that are looked for, the whole first


class Places:
    """The lines of a text, for finding on which of them words stand, however they are marked up or broken."""

    def __init__(self, body: str):
        self._lines = body.split("\n")
        letters, lines = [], []
        for number, line in enumerate(self._lines):
            plain = plain_of(line)
            letters.append(plain)
            lines += [number] * len(plain)
        self._letters, self._numbers = "".join(letters), lines

    def line(self, evidence: str, near: int = 0) -> int | None:
        """Return the first line from ``near`` on that holds the evidence, or else the first of all; counted from 0."""
        first = evidence.strip("\n").split("\n")[0].rstrip()
        for start in dict.fromkeys((near, 0)):
            for number in range(start, len(self._lines)):
                if first and first in self._lines[number]:
                    return number
            found = self._among_letters(plain_of(evidence), start)
            if found is not None:
                return found
        return None

    def text(self, number: int) -> str:
        """Return the line as it is written."""
        return self._lines[number] if 0 <= number < len(self._lines) else ""

    def _among_letters(self, plain: str, start: int) -> int | None:
        begin = next((at for at, number in enumerate(self._numbers) if number >= start), len(self._numbers))
        for length in SHORTER:
            wanted = plain[:length]
            if wanted and (at := self._letters.find(wanted, begin)) >= 0:
                return self._numbers[at]
        return None


def plain_of(text: str) -> str:
    """Return the letters and digits of a text: what is the same in Markdown and on the page."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", unescape(text)).casefold() if sign.isalnum())
