"""What a text may become on a page: the elements, their attributes, and where links lead. Whatever isn't listed is a fault.

The list is of what Markdown makes here and of what our own extensions add (numbers, charts, pictures); HTML in a text is never
passed on at all.
"""

import re

# Each attribute with what its value has to look like.
_ANY = r"(?s:.*)"
_NAME = r"[a-zåäö][a-z0-9åäö-]*"
_ID = {"id": _NAME}
ELEMENTS: dict[str, dict[str, str]] = {
    **dict.fromkeys(("h2", "h3", "h4", "p", "li", "dt"), _ID),
    **{tag: {} for tag in ("ul", "dl", "dd", "strong", "em", "code", "br", "hr", "blockquote", "thead", "tr")},
    "ol": {"start": r"\d{1,3}"},
    "table": {},
    "tbody": {},
    "th": {"class": "right|center", "scope": "row"},
    "td": {"class": "right|center"},
    "a": {"href": _ANY, "title": _ANY},  # where it leads is checked by itself
    # {telefon:…}
    "span": {"class": "call"},
    "small": {},
    # {diagram:…}
    "figure": {"class": "chart"},
    "figcaption": {},
    "details": {},
    "summary": {},
    "caption": {"class": "visually-hidden"},
    "svg": {"role": "img", "aria-label": _ANY, "width": "100%", "height": r"\d+"},
    "text": {"x": r"\d+", "y": r"\d+"},
    "tspan": {"font-weight": "bold"},
    "rect": {"x": r"\d+", "y": r"\d+", "width": r"[\d.]+%", "height": r"\d+", "rx": r"\d"},
    # ![…](…)
    "picture": {},
    "source": {"type": r"image/\w+", "srcset": r"[\w/., -]+", "sizes": _ANY},
    "img": {
        **{"src": r"/[\w/.-]+", "srcset": r"[\w/., -]+", "sizes": _ANY, "alt": _ANY, "width": r"\d+", "height": r"\d+"},
        **{"loading": "lazy", "decoding": "async"},
    },
}
GENERATED = {("span", "call"), ("figure", "chart")}  # what our own extensions write: its words aren't the text's
_PATTERNS = {tag: {name: re.compile(value) for name, value in each.items()} for tag, each in ELEMENTS.items()}


def strange_attribute(tag: str, attributes: list[tuple[str, str | None]]) -> str | None:
    """Return the name of the first attribute that an element of this kind may not have, not with that value, or not twice.

    HREF beside href is the same one twice: browsers take the first.
    """
    patterns = _PATTERNS.get(tag, {})
    seen = set()
    for name, value in attributes:
        if name in seen or name not in patterns or not patterns[name].fullmatch(value or ""):
            return name
        seen.add(name)
    return None
