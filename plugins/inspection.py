"""What is found in one text when it has become HTML: what is wrong with it, where it links, and which places it has. Pure.

A false alarm keeps a good page from being published, and a miss publishes what nobody should see. So what is looked at is what
the page will have, and not how it was written.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from plugins import facts, leftovers, never, private
from plugins.allowed import ELEMENTS
from plugins.data import Data
from plugins.faults import quote
from plugins.lost import lost_words
from plugins.places import Places
from plugins.rendered import Block, Link, Rendered, Strange, parse

POINTLESS = {
    *("här", "läs mer", "läs mer här", "klicka här", "länk", "länken", "mer"),
    *("here", "click here", "read more", "more", "link"),
}
INTERNAL = re.compile(r"[{|](?P<what>filename|static|attach|index|category|tag|author)[|}](?P<path>[^#?]*)")

# Places that the templates give a page.
THEME_IDS = {
    *("innehall", "anmalan", "mer", "sedan", "ring", "kommande", "tidigare", "nasta", "sidor", "ord", "svar", "fel"),
    *("register", "vem", "email", "name", "organisation", "sector", "tips"),
}
_FENCE = re.compile(r"[ \t>]*(?:`{3,}|~{3,}).*")
_ITEM = re.compile(r"( *)(?:[-*+]|\d{1,2}\.) +\S")
_TABBED = re.compile(r"[^\s>][^\s>]\S*\t+\S")  # not what follows the sign of a list
_TIGHT = re.compile(r"[ \t>]*(#{1,6})[^#\s]")
_ODD = re.compile(r"\S\t|^ +(?:[-*+]|\d+\.) |^[ \t>]*(?:`{3}|~{3}|#+[^#\s]|=+[ \t]*$|-+[ \t]*$)", re.MULTILINE)
_UNDERLINE = re.compile(r"^[ >]*(?:=+|-+)[ \t]*$", re.MULTILINE)

Said = tuple[str, str, int]  # words, the evidence to find the line by, and the block that it stands in
Placed = tuple[int, str]  # line of the body, counted from 0, and words or an address


@dataclass(frozen=True, kw_only=True)
class Inspection:
    """What was found in one body."""

    faults: tuple[Placed, ...] = ()
    links: tuple[Placed, ...] = ()  # those to other pages and to places, which can be checked when all is read
    ids: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Mapping) -> "Inspection":
        """Return the inspection that was kept as JSON."""
        faults, links = (tuple((line, text) for line, text in document[name]) for name in ("faults", "links"))
        return cls(faults=faults, links=links, ids=tuple(document["ids"]))


def inspect(
    body: str,
    html: str,
    *,
    data: Data,
    pictures: Sequence[tuple[str, str, str | None]] = (),
    labels: Mapping[str, str] | None = None,
) -> Inspection:
    """Return what is to be said of ``html``, which Markdown made of ``body``.

    ``pictures``: the name, the description and what is wrong with each. ``labels``: what ``[label]: target`` lines define.
    """
    found = parse(html)
    said = [*_strange(found, data), *_blocks(found.blocks, data), *_headings(found.blocks), *_ids(found.ids)]
    said += [(words, src, 0) for src, _, words in pictures if words]
    said += [(words, evidence, 0) for _, alt, _ in pictures for words, evidence in _attribute(alt, data)]
    links: list[tuple[str, int]] = []
    for link in found.links:
        said += [(words, evidence, link.block) for words, evidence in _link(link, data)]
        if re.match(r"[{|#/]", link.target):
            links.append((link.target, link.block))
    if not said:  # or else the same may be said twice
        said += _lost(body, found, data, pictures, labels or {})
    ids = tuple(name for name, _ in found.ids)
    if not said and not links and not _ODD.search(body):
        return Inspection(ids=ids)
    lines = _Lines(body, found.blocks)
    faults = [(lines.of(evidence, block), words) for words, evidence, block in said]
    faults += [*_lines(body), *_underlined(body, found.blocks, lines)]
    return Inspection(
        faults=tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault[0])),
        links=tuple((lines.of(target, block), target) for target, block in links),
        ids=ids,
    )


class _Lines:
    """The lines that blocks and words stand on; the blocks are looked for in their order."""

    def __init__(self, body: str, blocks: Sequence[Block]):
        self._places = Places(body)
        self._blocks: list[int] = []
        near = 0
        for block in blocks:
            line = self._places.line(block.text, near) if block.text.strip() else None
            near = line if line is not None and line >= near else near
            self._blocks.append(near)

    def of(self, evidence: str, block: int) -> int:
        near = self._blocks[block] if 0 <= block < len(self._blocks) else 0
        line = self._places.line(evidence, near)
        return near if line is None else line

    def text(self, line: int) -> str:
        return self._places.text(line)


def _lines(body: str) -> Iterator[Placed]:
    """What only the line itself shows: Markdown makes code or a heading of it all the same."""
    above: int | None = None  # how far the item above is indented
    before = ""
    for number, line in enumerate(body.split("\n")):
        if item := _ITEM.match(line):
            indent = len(item[1])
            if above is not None and above < indent < above + 4:
                yield number, f"Punkten under en punkt behöver fyra mellanslag till före {quote(line.strip())}."
            else:
                above = indent
        elif line[:1].strip() and not before.strip():
            above = None
        before = line
        if _TABBED.search(line):
            yield number, "Det finns en tabb i texten. Skriv mellanslag, eller en tabell med | mellan delarna."
        if match := _FENCE.match(line):
            yield number, f"{quote(match[0].strip())} gör texten till programkod. Ta bort raden."
        elif match := _TIGHT.match(line):
            words = f"Skriv ett mellanslag efter {match[1]}, om det ska bli en rubrik, annars \\ före"
            yield number, f"{words}: {quote(line.strip())}."


def _strange(found: Rendered, data: Data) -> Iterator[Said]:
    for each in found.strange:
        if each.tag == "img":  # a picture that can't be published, which is said by itself
            continue
        block = found.blocks[each.block] if 0 <= each.block < len(found.blocks) else Block("p")
        evidence = (
            block.text if each.attribute is None else "{" if each.attribute in ("id", "class") else each.attribute
        )
        if (each.tag, each.attribute) == ("ol", "start"):  # its first item is the next block
            evidence = found.blocks[each.block + 1].text
        if each.tag == "pre":
            evidence = f"    {block.text.splitlines()[0] if block.text.strip() else ''}"
        if (
            each.attribute and each.attribute.partition(":")[0] in facts.KINDS
        ):  # at the end of a heading, or two in a row
            yield from ((words, brace, each.block) for words, brace in facts.unknown(f"{{{each.attribute}}}", data))
            continue
        yield _strange_words(each, block), evidence, each.block


def _strange_words(each: Strange, block: Block) -> str:
    text = block.text.strip().split("\n")[0]
    if each.tag == "h1":
        return f"Sidans rubrik står i fältet Title. Skriv ## framför {quote(text)}."
    if each.tag in ("h5", "h6"):
        return f"Rubriken är för långt ner. Skriv ####, ### eller ## framför {quote(text)}."
    if each.tag == "a" and each.attribute is None:
        return f"En länk kan inte stå i en annan. Skriv numret eller adressen utanför länken i {quote(text)}."
    if each.tag == "pre":
        return f"Raden börjar med mellanslag eller tabb och blir då programkod. Ta bort dem framför {quote(text)}."
    if each.attribute == "id" and "id" in ELEMENTS[each.tag]:
        return "Namnet på en plats får bara ha små bokstäver, siffror och bindestreck: {#sa-har}."
    if (each.tag, each.attribute) == ("ol", "start"):
        return (
            "Talet och punkten gör raden till en numrerad lista. Börja raden med ett ord, eller skriv \\ före punkten."
        )
    if each.attribute:
        return (
            f"{quote('{' + each.attribute + '}')} går inte att använda. Det som får stå sist i en rubrik är {{#plats}}."
        )
    return f"{quote(f'<{each.tag}>')} får inte stå på sidan. Skriv om texten utan det."


def _blocks(blocks: Sequence[Block], data: Data) -> Iterator[Said]:
    for at, block in enumerate(blocks):
        for words, evidence in private.found_in(block.text, data, block.linked):
            yield words, evidence, at
        for words, evidence in facts.unknown(block.written, data):
            yield words, evidence, at
        if block.tag != "pre":
            for words, evidence in leftovers.found_in(block.tag, block.written):
                yield words, evidence, at


def _headings(blocks: Sequence[Block]) -> Iterator[Said]:
    level, seen = 1, set()
    for at, block in enumerate(blocks):
        if not re.fullmatch(r"h[2-6]", block.tag):
            continue
        deep, text = int(block.tag[1]), " ".join(block.text.split())
        if not text and not block.generated:
            yield "Rubriken är tom. Skriv en text, eller ta bort raden.", "##", at
            continue
        if deep > level + 1:
            yield f"Rubriken hoppar över en nivå. Skriv {'#' * (level + 1)} framför {quote(text)}.", text, at
        if text.isupper() and len(text) > 5:
            yield f"Skriv inte hela rubriken med stora bokstäver: {quote(text)}.", text, at
        if text.casefold() in seen:
            yield f"Rubriken {quote(text)} står redan på sidan. Skriv en annan.", text, at
        if re.match(r"#+\s", text):
            yield f"Rubriken har för många #: {quote(text)}.", text, at
        seen.add(text.casefold())
        level = deep


def _underlined(body: str, blocks: Sequence[Block], lines: "_Lines") -> Iterator[Placed]:
    """Headings that nobody meant: Markdown makes one of a line that has --- or === below it."""
    if not _UNDERLINE.search(body):
        return
    for at, block in enumerate(blocks):
        if block.tag in ("h1", "h2") and (text := block.text.strip()):
            line = lines.of(text, at)
            if not lines.text(line).lstrip(" >-*+0123456789.").startswith("#"):
                words = f"Raden med --- eller === under {quote(text)} gör den till en rubrik."
                yield line, f"{words} Skriv ## framför en rubrik, och lämna en tom rad före en linje."


def _ids(ids: Sequence[tuple[str, int]]) -> Iterator[Said]:
    seen = set()
    for name, block in ids:
        if name in seen:
            yield f"Två platser heter {{#{name}}}. Byt namn på en av dem.", f"#{name}", block
        if name in THEME_IDS:
            yield f"{{#{name}}} finns redan på sidan. Välj ett annat namn.", f"#{name}", block
        yield from ((words, f"#{name}", block) for words, _ in private.in_address(name))
        seen.add(name)


def _link(link: Link, data: Data) -> Iterator[tuple[str, str]]:
    """What is wrong with a link, each time with the evidence."""
    text, target = " ".join(link.text.split()), link.target
    if not text:
        yield f"Länken till {quote(target)} har ingen text. Skriv vart den leder: [hur du får stöd](…).", target
    elif text.strip(" .!*_").casefold() in POINTLESS:
        words = f"Länken heter bara {quote(text)}. Skriv vart den leder, till exempel [hur du får stöd](…)."
        yield words, f"[{text}]"
    elif re.match(r"(https?:|www\.)", text, re.IGNORECASE) and _bare(text) != _bare(target):
        yield f"Länken {quote(text)} visar en adress men leder till en annan. Skriv med ord vart den leder.", text
    for words in _target(target, data):
        yield words, target.removeprefix("mailto:") or link.text
    yield from _attribute(link.title, data)


def _attribute(text: str, data: Data) -> Iterator[tuple[str, str]]:
    """What is wrong with the description of a picture or the title of a link: words that Markdown leaves as they are."""
    shown = unescape(text)
    if match := re.search(r"\|\w+\|", shown):  # Pelican takes it for a link where href= stands before it
        yield f"{quote(match[0])} får inte stå i en beskrivning. Skriv med ord.", match[0]
    yield from private.found_in(shown, data)
    yield from facts.unknown(shown, data)
    yield from leftovers.found_in("p", shown)


def _bare(address: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?|/$", "", address.casefold())


def _target(target: str, data: Data) -> Iterator[str]:
    scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", target, re.IGNORECASE)
    if never.is_meeting(target):
        yield "Vägen in i ett möte får inte stå i en text som alla kan läsa. Skriv länken i föreläsningens fält Join."
    elif re.search(r"[\s\x00-\x1f\x7f”“„\\<>]", target):
        yield f"Länken {quote(target)} har tecken som inte får stå i en adress, till exempel mellanslag. Rätta adressen."
    elif scheme and scheme[0].casefold() == "mailto":
        yield from filter(None, [private.target_of_letter(target, data)])
    elif scheme and scheme[0].casefold() == "tel":
        yield from filter(None, [private.target_of_call(target, data)])
    elif scheme and scheme[0].casefold() == "http":
        yield f"Länken {quote(target)} är inte säker. Skriv https: om sidan finns så."
    elif scheme and scheme[0].casefold() == "https":
        if not _is_site(target):
            yield f"Länken {quote(target)} är ingen adress till en webbplats. Kopiera den från webbläsaren."
        elif (parts := urlsplit(target)).hostname == urlsplit(str(data.org.get("url"))).hostname:
            yield f"Länken {quote(target)} går till den egna webbplatsen. Skriv {parts.path or '/'} så prövas den."
        yield from (words for words, _ in private.in_address(target))
    elif not re.match(r"/(?!/)|#|[{|](?:filename|static|attach|index|category|tag|author)[|}]", target):
        words = "Skriv {filename}/pages/stod.md, /forelasningar/ eller https://…"
        if re.match(r"www\.", target, re.IGNORECASE):
            words = f"Skriv https://{target}"
        elif re.fullmatch(r"[\w./-]+\.md", target):
            words = f"Skriv {{filename}}{'/pages/' if '/' not in target else ''}{target}"
        elif "@" in target:
            words = "Skriv {epost:jouren} utan länk."
        yield f"Länken {quote(target)} går inte att använda. {words}"


def _is_site(target: str) -> bool:
    try:
        parts = urlsplit(target)
        return "." in (parts.hostname or "").strip(".") and parts.username is None and parts.port != 0
    except ValueError:
        return False


def _lost(
    body: str,
    found: Rendered,
    data: Data,
    pictures: Sequence[tuple[str, str, str | None]],
    labels: Mapping[str, str],
) -> Iterator[Said]:
    """Words that the page doesn't have."""
    replaced = facts.references(body, data)
    shown = [*found.shown, *(part for src, alt, _ in pictures for part in (src, alt))]
    whole = " ".join(shown)
    used = [label for label, target in labels.items() if target in whole]
    words = lost_words(body, [*shown, *used], replaced=replaced)
    if words:
        said = " ".join(words)
        yield (
            f"{quote(said)} försvinner från sidan. Har en tabellrad fler delar än rubriken, har en bild text inom "
            "citattecken efter filnamnet, eller börjar en rad med [ord]: så skriv om den.",
            words[0],
            0,
        )
