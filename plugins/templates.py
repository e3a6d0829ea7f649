"""Only the theme's own templates, compiled once and shared by all generators.

Pelican falls back on the templates of its bundled theme, which aren't written for autoescaping: a template that the theme
lacks should be missed, not replaced.
"""

from collections.abc import Callable, Hashable
from pathlib import Path

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
from markupsafe import Markup
from pelican.generators import Generator
from pelican.plugins import signals

# ArticlesGenerator opens these even when there is no article; nothing is ever rendered from them here.
_OPENED_BY_PELICAN = dict.fromkeys(("archives.html", "author.html", "category.html", "tag.html"), "")


def _generator_init(generator: Generator) -> None:
    if "TEMPLATES" not in generator.settings:
        own = FileSystemLoader(Path(generator.theme) / "templates")
        generator.env.loader = ChoiceLoader([own, DictLoader(_OPENED_BY_PELICAN)])
        generator.settings["TEMPLATES"] = generator.env
    generator.env = generator.settings["TEMPLATES"]


class Once:
    """``once(key, macro)`` in a template: what the macro gave the first time. Every page has the same foot."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, Markup] = {}

    def __call__(self, key: Hashable, macro: Callable[[], Markup]) -> Markup:
        if key not in self._kept:
            self._kept[key] = macro()
        return self._kept[key]


def _initialized(pelican: object) -> None:
    pelican.settings["JINJA_GLOBALS"] = {**pelican.settings["JINJA_GLOBALS"], "once": Once()}


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.generator_init.connect(_generator_init)
