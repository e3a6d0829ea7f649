"""Pages: how their files are read, and how they hang together (menu, parents, children)."""

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from pelican.generators import PagesGenerator
from pelican.plugins import signals
from pelican.readers import BaseReader

from plugins import facts, images, links, news, prose, search
from plugins.faults import Fault, collected, nearest, quote
from plugins.files import markdown_files
from plugins.lectures.slugs import slug_of
from plugins.source import Source, below_content, enumerated, fields, name, read

NEEDED = ("Title", "Window", "Summary")
NEEDED_NEWS = (*NEEDED, "Date")
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
LAST = 1_000_000  # the order of a page that doesn't say its own

T = TypeVar("T")


class Reader(BaseReader):
    """Reads a page for Pelican, which gets a whole page even when the file has faults: they are told together, later."""

    file_extensions = ()  # listed in the setting READERS, so that no other build in this process meets it

    def read(self, source_path: str) -> tuple[str, dict]:
        """The body as HTML, and the headers as Pelican's metadata."""
        source, faults = read(name(source_path, self.settings["PATH"]), Path(source_path).read_bytes())
        metadata, unfit = metadata_of(source)
        if faults and not source.headers:
            unfit = []  # nothing could be read: don't say of each header that it is missing too
        unknown = facts.check(source, self.settings["DATA"]) + images.check(source, self.settings)
        collected(self.settings).extend([*faults, *unfit, *unknown])
        links.remember(source, self.settings)
        return prose.of(self.settings).html(source.body, metadata["lang"]), metadata


def metadata_of(source: Source) -> tuple[dict, list[Fault]]:
    """What the headers say, under Pelican's names, with a value for each header; and what is wrong with them."""
    found, faults = fields(source, KNOWN)
    path, told = below_content(source.file), below_content(source.file).startswith(news.FOLDER)
    needed = NEEDED_NEWS if told else NEEDED
    faults += [Fault(file=source.file, words="Fältet saknas.", header=each) for each in needed if each not in found]

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
        "checked": take("Checked", _day, None),
        "sources": take("Sources", str, ""),
        "template": take("Template", partial(_one_of, TEMPLATES), news.TEMPLATE if told else TEMPLATES[0]),
        "when": take("Date", news.day, None),
        "slug": f"{news.LIST}/{slug_of(path)}" if told else path.partition("/")[2].removesuffix(".md"),
        "lead": take("Lead", str, ""),
        "menu": take("Menu", partial(_one_of, MENUS), "no"),
        "then": take("Next", _slugs, ()),
        "status": take("Status", partial(_one_of, STATUSES), STATUSES[0]),
        "lang": take("Lang", partial(_one_of, LANGUAGES), LANGUAGES[0]),
    }
    metadata["translates"] = take("Translates", str, metadata["slug"])
    return metadata, faults


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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("är inget datum. Skriv till exempel 2025-01-31.") from None


def _generated(generator: PagesGenerator) -> None:
    """Give every page its parents, its children and what comes next; and the templates the menus."""
    for folder in generator.settings["PAGE_PATHS"]:
        collected(generator.settings).extend(markdown_files(generator.path, folder)[1])
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
    collected(generator.settings).extend(_astray(pages, by_slug, generator.path))
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


def _astray(pages: list, known: Collection[str], content: str) -> list[Fault]:
    """A fault for each page that names one which isn't there."""
    faults = []
    for page in pages:
        named = [("Next", slug) for slug in page.then] + [("Translates", page.translates)] * (page.lang != "sv")
        for header, slug in named:
            if slug not in known:
                guess = nearest(slug, known)
                hint = f"Menade du {guess}?" if guess else "Skriv till exempel stod."
                words = f"Sidan {quote(slug)} finns inte. {hint}"
                faults.append(Fault(file=name(page.source_path, content), words=words, header=header, value=slug))
    return faults


def register() -> None:
    """Pelican calls this."""
    signals.page_generator_finalized.connect(_generated)
