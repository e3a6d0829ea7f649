"""Empties the output folder when everything is read and nothing is at fault: a page that was taken away doesn't stay.

Pelican's own DELETE_OUTPUT_DIRECTORY does it before it reads, so that a fault in one lecture would empty the site.
"""

from pathlib import Path

from pelican.plugins import signals
from pelican.utils import clean_output_dir


def _clear(generators: list) -> None:
    settings = generators[0].settings
    output = Path(settings["OUTPUT_PATH"]).resolve()
    if not Path(settings["PATH"]).resolve().is_relative_to(output):  # never the folder that holds the content
        clean_output_dir(str(output), settings["OUTPUT_RETENTION"])


def register() -> None:
    """Pelican calls this."""
    signals.all_generators_finalized.connect(_clear)
