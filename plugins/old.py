"""``python -m plugins.old``: which facts and texts were last checked more than a year ago, the oldest first.

A build only tells how many they are.
"""

import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from pelican.plugins import signals

from plugins import source
from plugins.data import Data, is_stale, load
from plugins.fields import day
from plugins.source import Source
from registrations.catalogue import ZONE


def old(sources: Iterable[Source], data: Data, today: date) -> list[str]:
    """Return a line for each fact and text that was checked more than 12 months before ``today``: ``2025-08-31 content/…``."""
    checked = [(each.file, header.value) for each in sources if (header := each.header("Checked"))]
    for file, entries in (("organisation", {"": data.org}), ("telephones", data.phones), ("facts", data.facts)):
        checked += [
            (f"content/data/{file}.toml {key}".strip(), str(entry["checked"])) for key, entry in entries.items()
        ]
    days = ((day(value), place) for place, value in checked)
    return sorted(f"{at} {place}" for at, place in days if at and is_stale(at, today))


def summary(count: int) -> str:
    """Return how many there are, in one line."""
    many = f"{count} uppgifter" if count > 1 else "1 uppgift"
    return f"{many} kontrollerades för mer än ett år sedan. Se vilka: make old, eller på servern: ssh … old"


def main(content: Path) -> int:
    """Print the list. Returns the exit status, 0."""
    texts = (source.read(source.name(str(path), str(content)), path.read_bytes())[0] for path in content.rglob("*.md"))
    lines = old(texts, load(content / "data"), datetime.now(ZONE).date())
    print("\n".join(lines) or "Alla uppgifter är kontrollerade under det senaste året.")
    return 0


def _finalized(pelican: object) -> None:
    """Say how many there are; after a good build, so that no fault is hidden by it."""
    settings = pelican.settings
    sources = [each.source for each in settings.get("READ", ())]
    if lines := old(sources, settings["DATA"], settings["NOW"].date()):
        # Not a warning in the log: that would end a build under --fatal warnings.
        print(summary(len(lines)), file=sys.stderr)


def register() -> None:
    """Pelican calls this."""
    signals.finalized.connect(_finalized)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "content")))
