"""What no text that somebody wrote has, and Markdown would take minutes or a stack for: endless lines, brackets in brackets."""

import re
from collections.abc import Iterator

from plugins.faults import quote

LONGEST = 5000  # signs of a line: a long paragraph has a fifth of that
DEEPEST = 20  # lists, quotes and brackets within each other
INDENTED = 100  # spaces first in a line
_BEGINS = re.compile(r"(?:[ \t]*(?:>|[-*+]|\d{1,9}\.)(?=[ \t>]))+")
_SIGN = re.compile(r"[\[\]()]")


def beyond(body: str) -> Iterator[tuple[int, str]]:
    """Yield what has to go before the text is converted: the line, counted from 0, and words."""
    depth = {"[": 0, "(": 0}
    for number, line in enumerate(body.split("\n")):
        if not line.strip():
            depth = dict.fromkeys(depth, 0)
        if len(line) > LONGEST:
            yield number, f"Raden har {len(line)} tecken. Dela den i stycken: högst {LONGEST} på en rad."
            continue
        spaces = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        if spaces > INDENTED:
            yield number, f"Raden börjar med {spaces} mellanslag. Ta bort dem."
        elif (begins := _BEGINS.match(line)) and len(re.findall(r"[>*+.-]", begins[0])) > DEEPEST:
            yield number, f"{quote(begins[0].strip())} först på raden är för många listor eller citat i varandra."
        for sign in _SIGN.findall(line):
            opening = "[" if sign in "[]" else "("
            depth[opening] = depth[opening] + 1 if sign == opening else max(depth[opening] - 1, 0)
            if depth[opening] > DEEPEST:
                yield number, f"Stycket har för många {opening} utan slut. Ta bort dem som inte ska vara där."
                depth = dict.fromkeys(depth, 0)
                break
