"""Pictures: those of the texts, published in the sizes that screens need and without a trace of where they were taken; and those
that a shared link shows, drawn for each lecture.

In a text: ``![what the picture shows](odenplan.jpg)``, with the file in ``content/images``.
"""

import sys
from pathlib import Path

from pelican.plugins import signals

from plugins.images.cache import Cache
from plugins.images.picture import Pictures

NAMED = 5  # unused pictures that are told by name


def _initialized(pelican: object) -> None:
    settings = pelican.settings
    settings["PICTURES"] = Pictures(Path(settings["PATH"]) / "images")


def _finalized(pelican: object) -> None:
    """The pages are written: now the pictures that they show."""
    settings = pelican.settings
    cache = Cache(Path(settings["CACHE_PATH"]) / "images")
    cache.publish(settings["PICTURES"].jobs, Path(settings["OUTPUT_PATH"]))
    if unused := settings["PICTURES"].unused():
        names = ", ".join(unused[:NAMED]) + (f" och {len(unused) - NAMED} till" if len(unused) > NAMED else "")
        print(f"Bilder i content/images som ingen text visar: {names}", file=sys.stderr)


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.finalized.connect(_finalized)
