"""The real site built into a folder, with lectures that don't grow old, and the collector serving it."""

import shutil
import socket
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from registrations.catalogue import ZONE
from tests.support import ROOT, Collector, environment

LECTURES = {  # slug: headers beside title, times and speaker
    "kommande": {"Seats": "300", "Join": "https://zoom.example/j/hemlig-kommande", "Example": "yes"},
    "liten": {"Seats": "1", "Join": "https://zoom.example/j/hemlig-liten", "Rerun of": "kommande"},
    "installd": {"Seats": "300", "Join": "https://zoom.example/j/hemlig-installd", "Status": "cancelled"},
    "utkast": {"Seats": "300", "Join": "https://zoom.example/j/hemlig-utkast", "Status": "draft"},
    "forbi": {"Seats": "300"},
}
LINK = b"zoom.example"  # is in every join link, so nothing public may hold it


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def build(
    folder: Path,
    *,
    lectures: dict[str, dict[str, str]] | None = LECTURES,
    content: Path | None = None,
    root: Path = ROOT,
    **settings: str,
) -> Path:
    """Build the real content, with ``lectures`` in place of its own unless None; gives the folder of the site.

    ``content``: build that folder as it is instead. ``root``: where the settings and the code are.
    """
    if content is None:
        content = folder / "content"
        shutil.copytree(ROOT / "content", content)
    if lectures is not None:
        shutil.rmtree(content / "lectures")
        (content / "lectures").mkdir()
        for number, (slug, headers) in enumerate(lectures.items()):
            (content / "lectures" / f"{slug}.md").write_text(_lecture(slug, headers, days=30 + number), "utf-8")
    site = folder / "site"
    command = [
        "-m",
        "pelican",
        str(content),
        "-s",
        str(root / "pelicanconf.py"),
        "-o",
        str(site),
        "--fatal",
        "warnings",
    ]
    subprocess.run(
        [sys.executable, *command], env=environment(folder, **settings), cwd=root, check=True, capture_output=True
    )
    return site


def serve(folder: Path, site: Path, port: int) -> Collector:
    """The collector with the site in front, on ``port``."""
    return Collector(folder, command=("-m", "registrations", "serve", "--site", str(site)), PORT=str(port))


def _lecture(slug: str, headers: dict[str, str], *, days: int) -> str:
    start = datetime.now(ZONE).replace(hour=12, minute=0) + timedelta(days=-days if slug == "forbi" else days)
    lines = [
        f"Title: Föreläsningen {slug}",
        f"Start: {start:%Y-%m-%d %H:%M}",
        "End: 13:00",
        "Speaker: Inbjuden föreläsare",
    ]
    return "\n".join(
        [*lines, *(f"{name}: {value}" for name, value in headers.items()), "", "En timme om ett ämne.", ""]
    )
