"""What is checked in every text, beside its headers: links, headings, numbers, slips in the Markdown. Told with all other faults.

Pure but for its thin edge. A false alarm is worse than a miss: it keeps a good page from being published.
"""

import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from pelican.plugins import signals

from plugins.data import Data, is_stale
from plugins.faults import Fault, collected, nearest, quote
from plugins.lectures.feeds import ATOM, CALENDAR
from plugins.lectures.generator import FOLDER
from plugins.source import Source, below_content

LONGEST_SUMMARY = 200  # letters: what a search engine shows, and a card has room for
POINTLESS = {
    "här",
    "läs mer",
    "läs mer här",
    "klicka här",
    "länk",
    "länken",
    "mer",
    "here",
    "click here",
    "read more",
    "more",
    "link",
}
THEME_IDS = {"innehall", "anmalan", "mer", "sedan"}  # places that the templates give a page

Found = Iterator[tuple[int, str]]  # line in the file and words
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\]\[]+)\]\((?P<target>[^)\s]*)[^)]*\)")
_SPACED = re.compile(r"\[[^\]\[]+\] \((?:https?:|/|\{|#|\w+\.md)")
_HEADING = re.compile(r"(#{1,6})(\s*)(.*?)\s*#*\s*(?:\{[^}]*\})?$")
_ID = re.compile(r"\{[^}]*#([\w-]+)[^}]*\}")
_ITEM = re.compile(r"(?:[-*+]|\d{1,2}\.) +\S")
_TAG = re.compile(r"</?(?!(?:br|img)\b)[a-z][a-z0-9]*\b[^>]*>", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+:/.,=-])(?:\+46[ -]?|0)\d{1,3}[ -]\d{2,3}(?: ?\d{2,3}){1,3}(?![\w-])")
_EMAIL = re.compile(r"(?<![\w:.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PERSON = re.compile(r"(?<!\d)(?:19|20)?(\d{2})(\d{2})(\d{2})[-+]\d{4}(?!\d)")
_MEETING = re.compile(
    r"zoom\.(?:us|com)/(?:j|my|w)/|teams\.microsoft\.com/l/meetup|meet\.google\.com/\w", re.IGNORECASE
)
OLDEST = 5  # texts to check again that are named
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|lorem ipsum)\b", re.IGNORECASE)


def check(source: Source, data: Data, published: Mapping[str, Collection[str]]) -> list[Fault]:
    """A fault for each thing in the body to mend. ``published``: the ids in each page, by its path from the root of the site."""
    lines = list(_text(source))
    findings: list[tuple[int, str]] = []
    for look in (_links, _headings, _slips, _numbers(data), _targets(source, published)):
        findings += look(lines)
    return [Fault(file=source.file, words=words, line=number) for number, words in findings]


def ids(source: Source) -> set[str]:
    """The places in a text that a link may lead to."""
    return {match[1] for _, line in source.lines() if "#" in line for match in _ID.finditer(line)} | THEME_IDS


def summaries(sources: Collection[Source]) -> list[Fault]:
    """A fault for each summary that another file has too, unless it is a lecture held again; and each that is too long."""
    faults = []
    first: dict[str, str] = {}
    for source in sources:
        for header in source.headers:
            if header.name.casefold() != "summary" or not header.value:
                continue
            said = []
            before = first.setdefault(header.value, source.file)
            if before != source.file and not below_content(source.file).startswith(f"{FOLDER}/"):
                said.append(f"Sammanfattningen står också i {before}. Skriv något som skiljer sidorna åt.")
            if len(header.value) > LONGEST_SUMMARY:
                said.append(f"Sammanfattningen har {len(header.value)} tecken. Korta den till {LONGEST_SUMMARY}.")
            faults += [Fault(file=source.file, words=words, line=header.line, header=header.name) for words in said]
    return faults


def _text(source: Source) -> Iterator[tuple[int, str]]:
    """The lines that are text; a line of code is empty, and code within a line is gone."""
    fenced = False
    for number, line in source.lines():
        if line.startswith(("```", "~~~")):
            fenced = not fenced
            line = ""
        if fenced or line.startswith(("    ", "\t")):
            line = ""
        yield number, re.sub(r"(`+)(?!`).*?\1", "", line) if "`" in line else line


def _links(lines: list[tuple[int, str]]) -> Found:
    for number, line in lines:
        if "[" not in line:
            continue
        if match := _SPACED.search(line):
            yield number, f"Ta bort mellanslaget i {quote(match[0])}: det ska stå [text](adress)."
        for match in _LINK.finditer(line):
            text = match["text"].strip(" .!*_").casefold()
            if text in POINTLESS:
                yield (
                    number,
                    f"Länken heter bara {quote(match['text'])}. Skriv vart den leder, till exempel [hur du får stöd](…).",
                )
            elif re.match(r"(https?:|www\.)", text):
                yield number, f"Länken {quote(match['text'])} visar en adress. Skriv med ord vart den leder."
            if match["target"].startswith("http:"):
                yield number, f"Länken {quote(match['target'])} är inte säker. Skriv https: om sidan finns så."


def _targets(source: Source, published: Mapping[str, Collection[str]]) -> Callable[[list[tuple[int, str]]], Found]:
    """Those that begin at the site's root, or lead to a place in a page; ``links`` takes those between files."""
    own = ids(source)

    def look(lines: list[tuple[int, str]]) -> Found:
        for number, line in lines:
            for match in _LINK.finditer(line) if "](" in line else ():
                target = match["target"]
                path, _, place = target.partition("#")
                if target.startswith("#"):
                    if place not in own:
                        yield number, f"Länken {quote(target)} leder ingenstans: inget på sidan heter {{#{place}}}."
                elif target.startswith("/"):
                    yield from _from_root(number, path, place, published)
                elif not re.match(r"[{|]|https?:|mailto:|tel:", target):
                    words = "Skriv {filename}/pages/stod.md, /forelasningar/ eller https://…"
                    yield number, f"Länken {quote(target)} går inte att använda. {words}"

    return look


def _from_root(number: int, path: str, place: str, published: Mapping[str, Collection[str]]) -> Found:
    if path not in published:
        guess = nearest(path, published)
        hint = f"Menade du {guess}?" if guess else "Skriv adressen som den står i webbläsaren."
        yield number, f"Länken {quote(path)} leder inte till något på webbplatsen. {hint}"
    elif place and place not in published[path]:
        yield number, f"Länken {quote(f'{path}#{place}')} leder till sidan, men inget på den heter {{#{place}}}."


def _headings(lines: list[tuple[int, str]]) -> Found:
    level, seen = 1, {}
    for number, line in lines:
        match = _HEADING.match(line) if line.startswith("#") else None
        if not match:
            continue
        marks, space, text = match.groups()
        if not text:
            yield number, "Rubriken är tom. Skriv en text, eller ta bort raden."
            continue
        if not space:
            yield number, f"Skriv ett mellanslag efter {marks}, annars blir det ingen rubrik: {quote(line)}."
            continue
        if len(marks) == 1:
            yield number, f"Sidans rubrik står i fältet Title. Skriv ## framför {quote(text)}."
        elif len(marks) > level + 1:
            yield number, f"Rubriken hoppar över en nivå. Skriv {'#' * (level + 1)} framför {quote(text)}."
        if text.isupper() and len(text) > 5:
            yield number, f"Skriv inte hela rubriken med stora bokstäver: {quote(text)}."
        if text.casefold() in seen:
            yield number, f"Rubriken {quote(text)} står redan på rad {seen[text.casefold()]}. Skriv en annan."
        seen.setdefault(text.casefold(), number)
        level = max(len(marks), 2)


def _slips(lines: list[tuple[int, str]]) -> Found:
    before = ""
    for number, line in lines:
        item, follows = _ITEM.match(line), before.strip() and not _ITEM.match(before) and before[:1] not in " #>|:"
        if item and follows:
            yield number, "Listan behöver en tom rad före, annars blir den en del av stycket ovanför."
        if match := _TAG.search(line) if "<" in line else None:
            yield number, f"Skriv Markdown i stället för HTML: {quote(match[0])}."
        if match := _UNFINISHED.search(line):
            yield number, f"Texten är inte färdig: {quote(match[0])}."
        if match := _MEETING.search(line):
            yield number, "Länken till ett möte får inte stå i en text som alla kan läsa. Skriv den i fältet Join."
        before = line
    yield from _unclosed(lines)


def _unclosed(lines: list[tuple[int, str]]) -> Found:
    """Bold text that begins in a paragraph and doesn't end in it."""
    count, begun = 0, 0
    for number, line in [*lines, (0, "")]:
        if line.strip():
            if "**" in line:
                begun = begun if count % 2 else number
                count += line.count("**") - line.count("***")
            continue
        if count % 2:
            yield begun, "En fet text börjar men slutar inte. Skriv ** på båda sidor om orden."
        count = 0


def _numbers(data: Data) -> Callable[[list[tuple[int, str]]], Found]:
    known = {re.sub(r"\D", "", phone["number"]): key for key, phone in data.phones.items()}
    email = data.org.get("email")

    def look(lines: list[tuple[int, str]]) -> Found:
        for number, line in lines:
            for match in _PHONE.finditer(line):
                key = known.get(re.sub(r"\D", "", match[0].replace("+46", "0")))
                if key:
                    yield (
                        number,
                        f"Skriv {{telefon:{key}}} i stället för {quote(match[0])}, så att numret bara står på ett ställe.",
                    )
                else:
                    yield (
                        number,
                        f"Numret {quote(match[0])} finns inte i content/data/telephones.toml. Lägg till det där med källa.",
                    )
            for match in _EMAIL.finditer(line) if "@" in line else ():
                if match[0].casefold() == email:
                    yield number, f"Skriv {{epost:jouren}} i stället för {quote(match[0])}."
                else:
                    yield (
                        number,
                        f"Adressen {quote(match[0])} finns inte i content/data. Skriv {{epost:jouren}}, eller ta bort den.",
                    )
            for match in _PERSON.finditer(line):
                if 1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31:
                    yield number, "Ett personnummer får inte stå på webbplatsen. Ta bort det."

    return look


def stale(sources: Collection[Source], today: date) -> list[str]:
    """The texts that were checked more than 12 months ago, the oldest first: ``content/pages/stod.md (2025-08-31)``.

    A few at a time, and how many more there are: a list of all would hide what else a build says.
    """
    found = sorted(
        (header.value, source.file)
        for source in sources
        for header in source.headers
        if header.name.casefold() == "checked" and header.value and is_stale(date.fromisoformat(header.value), today)
    )
    more = [f"och {len(found) - OLDEST} texter till"] if len(found) > OLDEST else []
    return [*(f"{file} ({day})" for day, file in found[:OLDEST]), *more]


def _check_all(generators: list) -> None:
    context, settings = generators[0].context, generators[0].settings
    sources = settings.get("SOURCES", ())
    places = {below_content(source.file): ids(source) for source in sources}
    published: dict[str, Collection[str]] = dict.fromkeys((CALENDAR, ATOM, "/aktuellt/atom.xml"), ())
    for path, page in context["generated_content"].items():
        if page is not None and getattr(page, "url", None) is not None:
            published[f"/{page.url.lstrip('/')}"] = places.get(below_content(f"content/{path}"), THEME_IDS)
    for source in sources:
        collected(settings).extend(check(source, settings["DATA"], published))
    collected(settings).extend(summaries(sources))


def _finalized(pelican: object) -> None:
    """Say what should be checked again; after a good build, so that no fault is hidden by it."""
    settings = pelican.settings
    today = settings["NOW"].date()
    if old := settings["DATA"].stale(today) + stale(settings.get("SOURCES", ()), today):
        # Not a warning in the log: that would end a build under --fatal warnings.
        lines = ["Kontrollera uppgifterna igen. Det är mer än ett år sedan sist:", *old]
        print("\n  ".join(lines), file=sys.stderr)


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_check_all)
    signals.finalized.connect(_finalized)
