"""The theme's own words, a set for each language: ``theme/words.toml``."""

import tomllib
from pathlib import Path

from pelican.plugins import signals


def _initialized(pelican: object) -> None:
    words = tomllib.loads(Path(pelican.theme, "words.toml").read_text("utf-8"))
    pelican.settings["WORDS"] = words
    pelican.settings["JINJA_GLOBALS"] = {**pelican.settings["JINJA_GLOBALS"], "words": words}


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
