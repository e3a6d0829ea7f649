"""Pages: how their files are read, and how they hang together (menu, parents, children)."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from pelican.generators import PagesGenerator
from pelican.plugins import signals
from pelican.readers import BaseReader

from plugins import addresses, news, prose, search
from plugins.faults import Fault, collected, nearest, quote, unforeseen
from plugins.prose import Read
from plugins.source import Source, below_content, enumerated, fields, name, read

NEEDED = ("Title", "Window", "Summary")
NEEDED_NEWS = (*NEEDED, "Date")
EXAMPLES = {
    "Title": "Få stöd",
    "Window": "Stöd",
    "Summary": "Så når du oss, och det här kan du få.",
    "Date": "2023-11-25",
}
KNOWN = (
    *NEEDED,
    *(
        "Date",
        "Lead",
        "Audience",
        "Order",
        "Checked",
        "Sources",
        "Template",
        "Menu",
        "Next",
        "Status",
        "Lang",
        "Translates",
    ),
)
AUDIENCES = ("utsatt", "anhorig", "yrkesverksam", "alla")
STATUSES = ("published", "draft", "hidden")
TEMPLATES = ("page", "start", "easy", "lectures", "news", news.TEMPLATE, search.TEMPLATE)
LANGUAGES = ("sv", "en")
MENUS = ("main", "foot", "no")
LINKED = {  # pages that the theme itself leads to, and what for
    "index": "Det är startsidan.",
    "webblasare": "Alla sidor länkar dit. Skriv hur man surfar säkrare.",
    "personuppgifter": "Formuläret länkar dit. Skriv vad ni sparar om den som anmäler sig.",
    "forelasningar": "Där står föreläsningarna. Skriv Template: lectures bland fälten.",
}
MEANT = {
    "titel": "Title", "rubrik": "Title", "fönster": "Window", "flik": "Window", "sammanfattning": "Summary",
    "beskrivning": "Summary", "description": "Summary", "datum": "Date", "dag": "Date", "ingress": "Lead",
    "målgrupp": "Audience", "läsare": "Audience", "ordning": "Order", "plats": "Order", "kontrollerad": "Checked",
    "kontrollerat": "Checked", "källor": "Sources", "källa": "Sources", "mall": "Template", "meny": "Menu",
    "nästa": "Next", "vidare": "Next", "språk": "Lang", "översätter": "Translates", "översättning": "Translates",
}  # fmt: skip
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_YEAR = 2000  # of a date that can be right
LAST = 1_000_000  # the order of a page that doesn't say its own

T = TypeVar("T")


class Reader(BaseReader):
    """Reads a page for Pelican, which gets a whole page even when the file has faults: they are told together, later."""

    file_extensions = ()  # listed in the setting READERS, so that no other build in this process meets it

    def read(self, source_path: str) -> tuple[str, dict]:
        """Return the body as HTML, and the headers as Pelican's metadata."""
        file = name(source_path, self.settings["PATH"])
        try:
            return self._read(file, Path(source_path).read_bytes())
        except Exception as error:  # one file's trouble hides nothing that is to be said of the others
            unforeseen(error, file, self.settings)
            return "", metadata_of(Source(file=file, headers=(), body="", body_line=1), self._today())[0]

    def _read(self, file: str, data: bytes) -> tuple[str, dict]:
        source, faults = read(file, data)
        metadata, unfit = metadata_of(source, self._today())
        if is_lecture(source):
            unfit = [Fault(file=file, words="Det här ser ut som en föreläsning. Flytta filen till content/lectures.")]
        elif faults and not source.headers:
            unfit = []  # nothing could be read: don't say of each header that it is missing too
        dated = below_content(file).startswith(news.FOLDER)
        if words := addresses.unfit(file, dated=dated):
            unfit.append(Fault(file=file, words=words))
        text = prose.of(self.settings).text(source.body, metadata["lang"])
        collected(self.settings).extend([*faults, *unfit])
        prose.remember(Read(source=source, text=text), self.settings)
        return text.html, self._alone(source, metadata)

    def _alone(self, source: Source, metadata: dict) -> dict:
        """The metadata, with an address that no page before has: Pelican would stop at the second. The fault is told later."""
        slug, original = metadata["slug"], metadata["translates"]
        nameless = not slug.rpartition("/")[2]  # which is told already
        if nameless or (metadata["status"] != "draft" and not addresses.claim(slug, source.file, self.settings)):
            slug = f"{slug}--{source.file}"
        versions = self.settings.setdefault("VERSIONS", {}).setdefault((original, metadata["lang"]), [])
        versions.append(source)
        alone = original == metadata["slug"] or len(versions) > 1
        return metadata | {"slug": slug, "translates": slug if alone else original}

    def _today(self) -> date:
        return self.settings["NOW"].date()


def is_lecture(source: Source) -> bool:
    """Return whether the headers are those of a lecture."""
    names = {header.name.casefold() for header in source.headers}
    return "start" in names and len(names & {"end", "speaker", "seats", "join"}) > 1


def metadata_of(source: Source, today: date) -> tuple[dict, list[Fault]]:
    """Return what the headers say, under Pelican's names, with a value for each header; and what is wrong with them."""
    found, faults, guessed = fields(source, KNOWN, meant=MEANT)
    path, told = below_content(source.file), below_content(source.file).startswith(news.FOLDER)
    needed = NEEDED_NEWS if told else NEEDED
    missing = (each for each in needed if each not in found and each not in guessed)
    faults += [
        Fault(file=source.file, words=f"Fältet saknas. Skriv till exempel ”{each}: {EXAMPLES[each]}”.", header=each)
        for each in missing
    ]

    def take(header: str, convert: Callable[[str], T], default: T) -> T:
        try:
            return convert(found[header].value) if header in found else default
        except ValueError as error:
            words = f"{quote(found[header].value)} {error}"
            line, value = found[header].line, found[header].value
            faults.append(Fault(file=source.file, words=words, line=line, header=header, value=value))
            return default

    metadata = {
        "title": take("Title", str, ""),
        "window": take("Window", str, ""),
        "summary": take("Summary", str, ""),
        "audience": take("Audience", partial(_one_of, AUDIENCES), ""),
        "order": take("Order", _number, LAST),
        "checked": take("Checked", partial(_past_day, today=today), None),
        "sources": take("Sources", str, ""),
        "template": take("Template", partial(_one_of, TEMPLATES), news.TEMPLATE if told else TEMPLATES[0]),
        "when": take("Date", partial(news.day, today=today), None),
        "slug": f"{news.LIST}/{addresses.slug_of(path)}" if told else path.partition("/")[2].removesuffix(".md"),
        "lead": take("Lead", str, ""),
        "menu": take("Menu", partial(_one_of, MENUS), "no"),
        "then": take("Next", _slugs, ()),
        "status": take("Status", partial(_one_of, STATUSES), STATUSES[0]),
        "lang": take("Lang", partial(_one_of, LANGUAGES), LANGUAGES[0]),
    }
    metadata["translates"] = take("Translates", partial(_original, metadata["lang"]), metadata["slug"])
    if any(fault.header == "Lang" for fault in faults):  # which language it is has to be known first
        metadata["translates"] = metadata["slug"]
        faults = [fault for fault in faults if fault.header != "Translates"]
    return metadata, faults


def _original(lang: str, text: str) -> str:
    if lang == LANGUAGES[0]:
        raise ValueError("hör bara till en sida på ett annat språk. Skriv Lang: en, eller ta bort raden.")
    return text


def _one_of(allowed: tuple[str, ...], text: str) -> str:
    if text.casefold() not in allowed:
        raise ValueError(f"finns inte. Skriv {enumerated(allowed, 'eller')}.")
    return text.casefold()


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise ValueError("är inget heltal. Skriv till exempel 20.")
    return int(text)


def _slugs(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _past_day(text: str, *, today: date) -> date:
    """A day that has been: ``2025-01-31``."""
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("är inget datum. Skriv till exempel 2025-01-31.")
    if day > today or day.year < FIRST_YEAR:
        raise ValueError(f"kan inte stämma: skriv en dag mellan {FIRST_YEAR}-01-01 och i dag, {today}.")
    return day


def _versions(found: Mapping[tuple[str, str], Sequence[Source]]) -> Iterator[Fault]:
    """Yield a fault for each file that is the same page in the same language as another. ``found``: by page and language."""
    for (slug, _), sources in found.items():
        for source in sources if len(sources) > 1 else ():
            header = source.header("Translates")
            others = enumerated([other.file for other in sources if other is not source])
            words = f"{others} är också sidan {quote(slug)} på det språket. Ändra en av dem."
            if header:
                yield Fault(file=source.file, words=words, line=header.line, header=header.name, value=header.value)


def _generated(generator: PagesGenerator) -> None:
    """Give every page its parents, its children and what comes next; and the templates the menus."""
    generator.pages.sort(key=lambda page: (page.order, page.slug))
    pages = sorted([*generator.pages, *generator.translations], key=lambda page: (page.order, page.slug))
    by_slug = {page.slug: page for page in pages}
    for page in pages:
        page.children = []
    for page in pages:
        page.parent = by_slug.get(page.slug.rpartition("/")[0])
        page.next = [by_slug[slug] for slug in page.then if slug in by_slug]
        if page.parent:
            page.parent.children.append(page)
    for page in pages:
        page.way = _way(page)
        page.children.sort(key=lambda child: child.when.first if child.when else date.min, reverse=True)
    collected(generator.settings).extend(_versions(generator.settings.get("VERSIONS", {})))
    collected(generator.settings).extend(_astray(pages, by_slug, generator))
    content = Path(generator.path).name
    collected(generator.settings).extend(
        Fault(file=f"{content}/pages/{slug}.md", words=f"Filen saknas. {words}")
        for slug, words in LINKED.items()
        if slug not in by_slug
    )
    menus: dict[tuple[str, str], list] = {}
    for page in pages:
        menus.setdefault((page.lang, page.menu), []).append(page)
    generator.context.update(
        pages=generator.pages,
        all_pages=pages,
        menu=lambda lang, where="main": menus.get((lang, where), []),
        in_menu={page.slug for page in pages if page.menu == "main"},
        fronts={lang: f"/{page.url}" for page in pages if page.slug in ("index", page.lang) for lang in (page.lang,)},
    )


def _way(page: object) -> list[tuple[str, str]]:
    """The pages above this one, from the top: address and title."""
    way, above = [], page.parent
    while above and above.slug != above.lang:  # a language's own front page stands first already
        way.insert(0, (f"/{above.url}", above.title))
        above = above.parent
    return way


def _astray(pages: list, known: Collection[str], generator: PagesGenerator) -> list[Fault]:
    """A fault for each page that names one which isn't there."""
    faults = []
    sources = {each.source.file: each.source for each in generator.settings.get("READ", ())}
    for page in pages:
        named = [("Next", slug) for slug in page.then] + [("Translates", page.translates)] * (page.lang != "sv")
        for header, slug in named:
            if slug not in known:
                guess = nearest(slug, known)
                hint = f"Menade du {guess}?" if guess else "Skriv till exempel stod."
                words = f"Sidan {quote(slug)} finns inte. {hint}"
                file = name(page.source_path, generator.path)
                written = sources[file].header(header) if file in sources else None
                line = written.line if written else None
                faults.append(Fault(file=file, words=words, line=line, header=header, value=slug))
    return faults


def register() -> None:
    """Pelican calls this."""
    signals.page_generator_finalized.connect(_generated)
