"""What a published text may hold: elements, attributes, classes and addresses, written down for the page that a visitor gets.

Parsed with Lexbor, which reads HTML as browsers do, is well kept, and fast enough for ten thousand pages; the build knows
nothing of it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.inputs.site import BEGIN, END

ATTRIBUTES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("p", "h2", "h3", "h4", "h5", "h6", "ul", "li", "dl", "dt", "dd", "blockquote"), frozenset({"id"})),
    **dict.fromkeys(("em", "strong", "code", "hr", "br"), frozenset({"id"})),
    **dict.fromkeys(("table", "thead", "tbody", "tr"), frozenset({"id"})),
    **dict.fromkeys(("th", "td"), frozenset({"id", "class"})),
    **dict.fromkeys(("small", "picture"), frozenset()),
    "ol": frozenset({"id", "start"}),
    "span": frozenset({"class"}),
    "a": frozenset({"href", "title", "id"}),
    "source": frozenset({"type", "srcset", "sizes"}),
    "img": frozenset({"src", "srcset", "sizes", "alt", "title", "width", "height", "loading", "decoding"}),
}
CLASSES = {"call", "left", "center", "right"}  # a telephone number; how a column is set
MAILED = {"info@qjouren.se"}
CALLED = {"+4686442032", "112", "+4620505050"}
_ID = re.compile(r"[a-zåäö0-9_-]+", re.IGNORECASE)
_SIZE = re.compile(r"\d{1,9}")
_MEETING = re.compile(r"(?:^|\.)(?:zoom\.(?:us|com)|teams\.(?:microsoft|live)\.com|meet\.google\.com)$", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MARKS = {
    "\ufffd": "a sign that could not be read",
    "\u200b": "an invisible sign",
    "\u200e": "an invisible sign",
    "\ufeff": "an invisible sign",
    "\x00": "a control character",
}


def unchecked(html: str, files: set[str]) -> list[str]:
    """What stands in the page and may not. ``files``: all that is published, from the root of the site."""
    document = LexborHTMLParser(html)
    main = document.css("main")
    places = [node.attributes.get("id") for node in document.css(f"#{BEGIN}, #{END}")]
    if len(main) != 1 or places != [BEGIN, END] or (main[0].last_child or main[0]).attributes.get("id") != END:
        return ["the text breaks out of its place"]
    nodes = list(_between(main[0]))
    found = [words for node in nodes for words in _node(node)]
    found += [words for node in nodes for words in _addresses(node, document, files)]
    found += _page(document)
    shown = _shown(nodes)
    found += [words for sign, words in _MARKS.items() if sign in shown]
    found += [f"an address: {match[0]}" for match in _ADDRESS.finditer(shown) if match[0] not in MAILED]
    if re.search(r"^(?:<{7}|={7}|>{7})(?: |$)", shown, re.MULTILINE):
        found.append("a mark of a conflict")
    return found


def _between(main: LexborNode) -> Iterator[LexborNode]:
    """All nodes of the body, in order."""
    within = False
    for node in main.iter(include_text=True):
        name = node.attributes.get("id") if node.tag != "-text" else None
        if name in (BEGIN, END):
            within = name == BEGIN
        elif within:
            yield from node.traverse(include_text=True)


def _node(node: LexborNode) -> Iterator[str]:
    if node.tag == "-text":
        return
    allowed = ATTRIBUTES.get(node.tag)
    if allowed is None:
        yield f"<{node.tag}>"
        return
    for name, value in node.attributes.items():
        if name not in allowed:
            yield f"<{node.tag} {name}>"
        elif name == "class" and not set((value or "").split()) <= CLASSES:
            yield f"<{node.tag} class={value!r}>"
        elif name == "id" and not _ID.fullmatch(value or ""):
            yield f"<{node.tag} id={value!r}>"
        elif name in ("width", "height", "start") and not _SIZE.fullmatch(value or ""):
            yield f"<{node.tag} {name}={value!r}>"
    if node.tag == "img" and not (node.attributes.get("alt") or "").strip():
        yield "a picture without a description"
    if node.tag == "img" and node.parent.tag != "picture":
        yield "a picture that isn't ours"
    if node.tag == "a" and not (node.text() or "").strip() and not node.css_first("img"):
        yield "a link without words"


def _addresses(node: LexborNode, document: LexborHTMLParser, files: set[str]) -> Iterator[str]:
    if node.tag == "-text":
        return
    values = node.attributes
    for name in ("href", "src"):
        if name in values and (words := _address(node.tag, values[name] or "", document, files)):
            yield f"{words}: {values[name]!r}"
    for part in (values.get("srcset") or "").split(","):
        address = part.split()[0] if part.split() else ""
        if address and address.lstrip("/") not in files:
            yield f"no such picture: {address!r}"


def _address(tag: str, address: str, document: LexborHTMLParser, files: set[str]) -> str | None:
    scheme, rest = (address.partition(":")[0], address.partition(":")[2]) if ":" in address else ("", "")
    if tag in ("img", "source"):
        return None if address.startswith("/bilder/") and address.lstrip("/") in files else "a picture from elsewhere"
    if address.startswith("#"):
        names = [node.attributes.get("id") for node in document.css("[id]")]
        return None if unquote(address[1:]) in names else "a place that isn't there"
    if address.startswith("/") and not address.startswith("//"):
        path = unquote(urlsplit(address).path).lstrip("/")
        return None if path in files or f"{path}index.html" in files else "a page that isn't there"
    if scheme == "mailto":
        return None if rest in MAILED else "a letter to a stranger"
    if scheme == "tel":
        return None if rest in CALLED else "a number that isn't known"
    if scheme != "https":
        return "a link that may not be"
    try:
        host = unquote(urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        host = ""
    return "a link to a meeting" if _MEETING.search(host) else None if "." in host else "a link to nowhere"


def _page(document: LexborHTMLParser) -> Iterator[str]:
    if len(document.css("h1")) != 1:
        yield f"{len(document.css('h1'))} h1"
    counted = Counter(node.attributes.get("id") for node in document.css("[id]"))
    yield from (f"id {name!r} {count} times" for name, count in counted.items() if count > 1)
    if {node.tag for node in document.body.iter()} != {"main"}:
        yield "the text breaks out of its place"


def _shown(nodes: list[LexborNode]) -> str:
    """All that is read out or shown: text, and words in attributes."""
    text = [node.text_content or "" for node in nodes if node.tag == "-text"]
    told = [node.attributes.get(name) or "" for node in nodes if node.tag != "-text" for name in ("alt", "title")]
    return "\n".join(["".join(text), *told])


def published(output: Path) -> set[str]:
    """The files of a built site, as ``unchecked`` wants them."""
    return {str(path.relative_to(output)) for path in output.rglob("*") if path.is_file()}
