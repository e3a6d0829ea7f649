"""What is the shelter's own in the look: its mark, ``content/mark.svg``, and, if it likes, other colours, ``content/look.css``.

``look.css`` sets the tokens of ``theme/static/tokens.css`` anew. The pictures that a shared link shows have the same colours.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup
from pelican.plugins import signals

from plugins.assets import AssetError, Assets
from plugins.faults import Fault, stop

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


def read(content: Path, assets: Assets) -> Own:
    """The shelter's own. Stops the build with words when the mark is missing or a file can't be used."""
    name = f"{content.name}/{MARK}"
    try:
        mark = assets.take(MARK, content / MARK)
        look = assets.take(LOOK, content / LOOK) if (content / LOOK).exists() else None
    except AssetError as error:
        kind = "SVG" if error.path.name == MARK else "CSS"
        words = f"Filen går inte att använda. Spara den som {kind} i UTF-8."
        if not error.path.exists():
            words = "Filen saknas. Märket står överst på varje sida."
        stop([Fault(file=f"{content.name}/{error.path.name}", words=words)])
    if "<svg" not in mark:
        stop([Fault(file=name, words="Filen är ingen SVG-bild. Spara om den som SVG.")])
    texts = [look or "", assets(TOKENS)]
    return Own(
        mark=mark,
        look=look,
        colours=Colours(ground=_colour("deep", texts), text=_colour("on-deep", texts), glow=_colour("glow", texts)),
    )


def _colour(name: str, texts: list[str]) -> str:
    """The first value of the token, which is the light one."""
    found = (re.search(rf"--{name}:\s*(#[0-9a-fA-F]{{3,6}})\b", text) for text in texts)
    return next(match[1] for match in found if match)


def _initialized(pelican: object) -> None:
    settings = pelican.settings
    settings["OWN"] = read(Path(settings["PATH"]), settings["ASSETS"])
    settings["JINJA_GLOBALS"] = {**settings["JINJA_GLOBALS"], "own": settings["OWN"]}


def _finalized(pelican: object) -> None:
    Path(pelican.settings["OUTPUT_PATH"], ICON).write_bytes(b"")


def register() -> None:
    """Pelican calls this."""
    signals.initialized.connect(_initialized)
    signals.finalized.connect(_finalized)
