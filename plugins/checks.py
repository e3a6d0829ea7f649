"""What is checked of every file beside its body: the fields that are seen on the page, and summaries that say the same."""

import re
from collections.abc import Collection, Iterator

from pelican.plugins import signals

from plugins import leftovers, private
from plugins.data import Data
from plugins.faults import Fault, collected, quote
from plugins.lectures.generator import FOLDER
from plugins.prose import Read
from plugins.source import Header, Source, below_content

LONGEST_SUMMARY = 200  # letters: what a search engine shows, and a card has room for
SEEN = ("title", "window", "summary", "lead", "sources", "speaker")  # the fields whose words are published
# What the tab and the history shouldn't say of a page that is read by somebody who may be watched.
_TELLING = re.compile(
    r"våld|misshand|kvinnojour|tjejjour|kvinnofrid|övergrepp|incest|slagen|förtryck|violence|abuse|shelter|\brape",
    re.IGNORECASE,
)
# One sign of emphasis, or a letter written as HTML does; what else Markdown has, ``leftovers`` finds.
_MARK = re.compile(r"(?<!\w)([*_])(?=\S)[^*_]+(?<=\S)\1(?!\w)|&(?:#\w+|[a-z]+\d*);|`[^`]+`", re.IGNORECASE)


def check(read: Read, data: Data) -> list[Fault]:
    """Return what is to be mended in one file's body and in the fields that are seen."""
    source = read.source
    body = [
        Fault(file=source.file, words=words, line=source.body_line + line) for line, words in read.text.found.faults
    ]
    return body + [
        Fault(file=source.file, words=words, line=header.line, header=header.name, value=header.value)
        for header in source.headers
        if header.name.casefold() in SEEN
        for words in dict.fromkeys(_of_header(header, source, data))
    ]


def _of_header(header: Header, source: Source, data: Data) -> Iterator[str]:
    for words, _ in private.found_in(header.value, data):
        yield f"{words} Fältet är ren text, utan klamrar." if "{" in words else words
    for brace in re.findall(r"\{[^{}]*\}?|\}", header.value):
        yield f"{quote(brace)} skulle synas på sidan. Fältet är ren text: skriv numret i texten under i stället."
    marks = [evidence for _, evidence in leftovers.found_in("p", header.value)]
    for mark in marks or [match[0] for match in _MARK.finditer(header.value)]:
        yield f"{quote(mark)} syns som det står, för fältet är ren text. Skriv bara orden, utan tecken och adresser."
    if header.name.casefold() == "window" and (match := _TELLING.search(header.value)) and _may_be_watched(source):
        yield f"{quote(match[0])} syns på webbläsarens flik och i historiken. Skriv neutralt, till exempel ”Stöd”."


def _may_be_watched(source: Source) -> bool:
    audience = source.header("Audience")
    return audience is None or audience.value.casefold() != "yrkesverksam"


def summaries(sources: Collection[Source]) -> list[Fault]:
    """Return a fault for each summary that another file has too, unless it is a lecture held again; and each that is too long."""
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


def _check_all(generators: list) -> None:
    settings = generators[0].settings
    read: list[Read] = settings.get("READ", [])
    for each in read:
        collected(settings).extend(check(each, settings["DATA"]))
    collected(settings).extend(summaries([each.source for each in read]))


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_check_all)
