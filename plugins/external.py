"""``python -m plugins.external``: whether the links to other sites still lead somewhere. Asked for by hand, never by a build.

Only texts and data are read, never a lecture's headers: its ``Join`` is a secret.
Exit status 0 when all of them answer, 1 when some don't.
"""

import re
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import requests

from plugins import source
from plugins.faults import quote

SECONDS = 15  # that a site has to answer
AT_ONCE = 8  # questions
AGENT = {"User-Agent": "Mozilla/5.0 (link check)", "Accept": "*/*"}
SHY = (401, 403, 405, 429, 999)  # what sites answer that want no programs: nothing is said of the link
MOVED = (301, 308)
_ADDRESS = re.compile(r"https?://[^\s<>\"'|\\^`{}\[\]]+")


@dataclass(frozen=True, order=True, kw_only=True)
class Place:
    """Where an address stands."""

    file: str
    line: int


def addresses(content: Path) -> dict[str, list[Place]]:
    """Each address in the texts and the data below ``content``, with its places."""
    found: dict[str, list[Place]] = {}
    for path in sorted([*content.rglob("*.md"), *content.glob("data/*.toml")]):
        name, data = source.name(str(path), str(content)), path.read_bytes()
        lines = (
            source.read(name, data)[0].lines()
            if path.suffix == ".md"
            else enumerate(data.decode("utf-8", "replace").split("\n"), start=1)
        )
        for number, line in lines:
            for match in _ADDRESS.finditer(line):
                found.setdefault(_whole(match[0]), []).append(Place(file=name, line=number))
    return found


def _whole(address: str) -> str:
    """Without the point that ends the sentence, and the bracket that ends Markdown's link."""
    address = address.partition("#")[0].rstrip(".,:;!?")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,:;!?")
    return address


def ask(address: str) -> str | None:
    """What is wrong with the address, in words; None when it leads somewhere or doesn't say."""
    try:
        answer = requests.get(address, headers=AGENT, timeout=SECONDS, stream=True)
    except requests.exceptions.SSLError:
        return "sidans certifikat går inte att lita på. Ta bort länken, eller skriv till dem som har sidan."
    except requests.exceptions.Timeout:
        return f"sidan svarade inte inom {SECONDS} sekunder. Försök igen senare."
    except requests.exceptions.TooManyRedirects:
        return "sidan skickar runt i en cirkel. Leta upp rätt adress."
    except requests.RequestException:
        return "det finns ingen sådan webbplats, eller så är den nere. Leta upp rätt adress."
    with answer:
        if answer.status_code >= 400 and answer.status_code not in SHY:
            return f"sidan svarar {answer.status_code}. Leta upp rätt adress, eller ta bort länken."
        if answer.history and all(step.status_code in MOVED for step in answer.history):
            return f"sidan har flyttat till {answer.url}. Skriv den adressen."
    return None


def report(content: Path) -> tuple[int, list[str]]:
    """How many addresses there are, and a line for each place of one that should be mended."""
    places = addresses(content)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(places, pool.map(ask, places), strict=True))
    return len(places), [
        f"{place.file}, rad {place.line}: {quote(address)}: {words}"
        for place, address, words in sorted(_told(places, answers))
    ]


def _told(places: dict[str, list[Place]], answers: dict[str, str | None]) -> Iterable[tuple[Place, str, str]]:
    return ((place, address, words) for address, words in answers.items() if words for place in places[address])


def main(content: Path) -> int:
    """Ask and tell. Gives the exit status."""
    count, lines = report(content)
    for line in lines:
        print(line, file=sys.stderr)
    print(f"{count} länkar till andra webbplatser, {len(lines)} att rätta.")
    return 1 if lines else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "content")))
