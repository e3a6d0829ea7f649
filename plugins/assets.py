"""``asset("style.css")`` in a template: the text of a file in ``theme/static``, put into the page itself.

A page then needs no more requests and leaves fewer traces (SAFETY 10). The pages' policy pins each script and style by the
hash of exactly the text that was put in.
"""

import hashlib
from base64 import b64encode
from pathlib import Path

from markupsafe import Markup
from pelican.plugins import signals

from registrations.catalogue import Policy


class AssetError(Exception):
    """A template asks for a file that can't be put into a page."""

    def __init__(self, path: Path, words: str):
        super().__init__(f"{path}: {words}")
        self.path = path


class Assets:
    """The files in ``folder``, and which of them the pages of this build hold."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._used: dict[str, Markup] = {}

    def __call__(self, name: str) -> Markup:
        """The text of ``name``, ready for a page. Raises AssetError."""
        if name not in self._used:
            self._used[name] = self._read(self.folder / name)
        return self._used[name]

    def take(self, name: str, path: Path) -> Markup:
        """The text of a file elsewhere, under a ``name`` of its own. Raises AssetError."""
        self._used[name] = self._read(path)
        return self._used[name]

    def policy(self) -> Policy:
        """The hashes of the scripts and styles that were asked for."""
        return Policy(script=self._hashes(".js"), style=self._hashes(".css"))

    def _read(self, path: Path) -> Markup:
        try:
            # A byte order mark would hide the first rule; the line ends are "\n", as a browser sees them when it hashes.
            text = path.read_text("utf-8-sig")
        except OSError as error:
            names = (
                ", ".join(sorted(file.name for file in self.folder.iterdir())) if self.folder.is_dir() else "nothing"
            )
            raise AssetError(path, f"can't be read ({error.strerror}); the folder holds {names}") from error
        except UnicodeDecodeError as error:
            raise AssetError(path, "is not text in UTF-8") from error
        if "</script" in text.lower() or "</style" in text.lower():
            raise AssetError(path, "would end its own element: write '<\\/' for '</' in it")
        return Markup(text)

    def _hashes(self, kind: str) -> tuple[str, ...]:
        return tuple(sorted(_hash(text) for name, text in self._used.items() if name.endswith(kind)))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _initialized(pelican: object) -> None:
    assets = Assets(Path(pelican.theme) / "static")
    pelican.settings["JINJA_GLOBALS"] = {**pelican.settings["JINJA_GLOBALS"], "asset": assets}
    pelican.settings["ASSETS"] = assets


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
