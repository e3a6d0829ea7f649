"""What was made of a text by the build before is kept, so that only what is new is made again: ``CACHE_PATH/texts.json``.

The key of each is what it was made of, the code and the data included. A file that can't be used is as good as none.
"""

import hashlib
import json
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from pelican.plugins import signals

import registrations

FILE = "texts.json"
MAKERS = ("markdown", "icalendar")  # packages whose next version may make something else


class Kept:
    """Texts by what they were made of. Those that a build doesn't ask for are forgotten at its end."""

    def __init__(self, file: Path, made_by: str):
        self._file, self._made_by = file, made_by
        self._before, self._now = _read(file), {}

    def of(self, *made_of: str, make: Callable[[], str]) -> str:
        """What ``make`` gives, now or when it was asked for the same in an earlier build."""
        key = hashlib.sha256("\0".join((self._made_by, *made_of)).encode()).hexdigest()
        if key not in self._now:
            before = self._before.get(key)
            self._now[key] = make() if before is None else before
        return self._now[key]

    def save(self) -> None:
        """Have it ready for the next build."""
        if self._now.keys() == self._before.keys():
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        temporary.write_text(json.dumps(self._now, ensure_ascii=False), "utf-8")
        temporary.replace(self._file)


def _read(file: Path) -> dict[str, str]:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    whole = isinstance(found, dict) and all(isinstance(text, str) for text in found.values())
    return found if whole else {}


def _makers(settings: dict) -> str:
    """A fingerprint of what makes the texts: code, data, words, and the packages' versions."""
    code = [
        path for folder in (Path(__file__).parent, Path(registrations.__file__).parent) for path in folder.rglob("*.py")
    ]
    data = Path(settings["PATH"], "data").glob("*.toml")
    seen = hashlib.sha256(repr([settings["MARKDOWN"], *map(version, MAKERS)]).encode())
    for path in sorted([*code, *data, Path(settings["THEME"], "words.toml")]):
        seen.update(path.read_bytes())
    return seen.hexdigest()


def _initialized(pelican: object) -> None:
    settings = pelican.settings
    settings["KEPT"] = Kept(Path(settings["CACHE_PATH"]) / FILE, _makers(settings))


def _finalized(pelican: object) -> None:
    pelican.settings["KEPT"].save()


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.finalized.connect(_finalized)
