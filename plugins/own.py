"""What is the shelter's own in the look: its mark, ``content/mark.svg``, and, if it likes, other colours, ``content/look.css``.

``look.css`` sets the tokens of ``theme/static/tokens.css`` anew. The pictures that a shared link shows have the same colours.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from pelican.plugins import signals

from plugins import look, mark, plain
from plugins.assets import Assets
from plugins.faults import Fault, collected

MARK, LOOK, TOKENS = "mark.svg", "look.css", "tokens.css"
ICON = (
    "favicon.ico"  # empty: browsers ask for it unasked, and keep an icon on the disk beside the addresses of its pages
)


@dataclass(frozen=True, kw_only=True)
class Colours:
    """Those of a shared picture, as Pillow takes them: ``#123f37``."""

    ground: str
    text: str
    glow: str


@dataclass(frozen=True, kw_only=True)
class Own:
    """What templates and pictures need of it."""

    mark: Markup
    look: Markup | None
    colours: Colours


def read(content: Path, assets: Assets) -> tuple[Own, list[Fault]]:
    """Return the shelter's own, and what is wrong with it. With faults the theme's colours stand in for its own."""
    faults: list[Fault] = []
    tokens = assets(TOKENS)
    drawn = _text(content / MARK, faults)
    colours = _text(content / LOOK, faults) if (content / LOOK).exists() else None
    if drawn is not None:
        faults += mark.check(f"{content.name}/{MARK}", drawn)
    if colours is not None:
        faults += look.check(f"{content.name}/{LOOK}", colours, tokens)
    sheet = assets.take(LOOK, content / LOOK) if colours is not None and not faults else None
    texts = [sheet or "", tokens]
    own = Own(
        mark=Markup("" if faults else mark.shapes(drawn)),
        look=sheet,
        colours=Colours(ground=_colour("deep", texts), text=_colour("on-deep", texts), glow=_colour("glow", texts)),
    )
    return own, faults


def _text(path: Path, faults: list[Fault]) -> str | None:
    """The text of a file, or None with a fault more."""
    file = f"{path.parent.name}/{path.name}"
    try:
        text, words, line = plain.decode(path.read_bytes())
    except OSError as error:
        gone = path.name == MARK and isinstance(error, FileNotFoundError)
        words = (
            "Filen saknas. Märket står överst på varje sida."
            if gone
            else f"Filen går inte att läsa ({error.strerror})."
        )
        line = None
    if words:
        faults.append(Fault(file=file, words=words, line=line))
        return None
    return text


def _colour(name: str, texts: list[str]) -> str:
    """The first value of the token, which is the light one."""
    found = (re.search(rf"--{name}:\s*(#[0-9a-fA-F]{{3,6}})\b", text) for text in texts)
    return next(match[1] for match in found if match)


def _initialized(pelican: object) -> None:
    settings = pelican.settings
    settings["OWN"], faults = read(Path(settings["PATH"]), settings["ASSETS"])
    collected(settings).extend(faults)
    settings["JINJA_GLOBALS"] = {**settings["JINJA_GLOBALS"], "own": settings["OWN"]}


def _finalized(pelican: object) -> None:
    Path(pelican.settings["OUTPUT_PATH"], ICON).write_bytes(b"")


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.finalized.connect(_finalized)
