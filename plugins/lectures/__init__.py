"""Lectures: from the communicator's Markdown to their pages, lists and feeds, and to the collector's private catalogue."""

from pathlib import Path

from pelican.plugins import signals

from plugins.lectures.generator import LecturesGenerator
from plugins.lectures.private import check_path
from registrations.errors import SettingError


def _initialized(pelican: object) -> None:
    try:
        check_path(Path(pelican.settings["LECTURES_CATALOGUE"]), Path(pelican.output_path))
    except SettingError as error:
        raise SystemExit(str(error)) from error


def _get_generators(pelican: object) -> type[LecturesGenerator]:
    return LecturesGenerator


def _finalized(pelican: object) -> None:
    """The build has succeeded: now the collector may know."""
    if handover := pelican.settings.pop("HANDOVER", None):
        handover.write(pelican.settings["ASSETS"].policy())


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.get_generators.connect(_get_generators)
    signals.finalized.connect(_finalized)
