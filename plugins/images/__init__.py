"""Pictures: those of the texts, published in the sizes that screens need and without a trace of where they were taken; and those
that a shared link shows, drawn for each lecture.

In a text: ``![what the picture shows](odenplan.jpg)``, with the file in ``content/images``.
"""

import re
from pathlib import Path

from pelican.plugins import signals

from plugins.faults import Fault
from plugins.images.cache import Cache
from plugins.images.picture import Pictures
from plugins.source import Source

PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\](?:\((?P<src>[^)\s]*)[^)]*\)|\[[^\]]*\])")
_RAW = re.compile(r"<(img|picture|source)\b", re.IGNORECASE)


def check(source: Source, settings: dict) -> list[Fault]:
    """A fault for each picture in the body that can't be published as it stands."""
    pictures: Pictures = settings["PICTURES"]
    faults = []
    for number, line in source.lines():
        if "![" not in line and "<" not in line:
            continue
        if _RAW.search(line):
            words = "Bilder skrivs med Markdown: ![vad bilden visar](bild.jpg). Ta bort HTML-taggen."
            faults.append(Fault(file=source.file, words=words, line=number))
        for match in PICTURE.finditer(line):
            words = pictures.unfit(match["src"] or "", match["alt"])
            if words:
                faults.append(Fault(file=source.file, words=words, line=number, value=match[0]))
    return faults


def _initialized(pelican: object) -> None:
    settings = pelican.settings
    settings["PICTURES"] = Pictures(Path(settings["PATH"]) / "images")


def _finalized(pelican: object) -> None:
    """The pages are written: now the pictures that they show."""
    settings = pelican.settings
    cache = Cache(Path(settings["CACHE_PATH"]) / "images")
    cache.publish(settings["PICTURES"].jobs, Path(settings["OUTPUT_PATH"]))


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.finalized.connect(_finalized)
