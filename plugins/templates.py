"""Only the theme's own templates, compiled once and shared by all generators.

Pelican falls back on the templates of its bundled theme, which aren't written for autoescaping: a template that the theme
lacks should be missed, not replaced.
"""

from pathlib import Path

from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader
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


def register() -> None:
    """Pelican calls this."""
    signals.generator_init.connect(_generator_init)
