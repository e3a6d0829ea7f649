"""How the server is: what is shown, whether sign-ups are taken, room, copies."""

import shutil
import time
import urllib.error
import urllib.request

from deploy.server import backup, release
from deploy.server.home import Home

LEAST = 1_000_000_000  # bytes that should be free


def look(home: Home) -> tuple[bool, list[str]]:
    """Whether all is well, and a line for each thing."""
    found = [_shown(home), _answers(home), _room(home), _copies(home)]
    return all(well for well, _ in found), [words for _, words in found]


def _shown(home: Home) -> tuple[bool, str]:
    visible = release.at(home.current)
    if visible is None:
        return False, "Sidan: inget är publicerat än."
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(visible.began))
    return True, f"Sidan: {visible.title} ({when})"


def _answers(home: Home) -> tuple[bool, str]:
    port = home.settings().get("PORT", "8000")
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10):
            return True, "Anmälan: tas emot"
    except (urllib.error.URLError, OSError) as error:
        return False, f"Anmälan: tas inte emot ({error}). Se journalctl -u jour-collector"


def _room(home: Home) -> tuple[bool, str]:
    free = shutil.disk_usage(home.path).free
    return free >= LEAST, f"Disken: {free / 1e9:.1f} GB ledigt".replace(".", ",")


def _copies(home: Home) -> tuple[bool, str]:
    if left := backup.aside(home):
        return False, f"Säkerhetskopian: {left[-1]} är undanlagda anmälningar. Radera dem när allt stämmer."
    if warning := backup.warning(home):
        return False, warning
    on = backup.is_on(home)
    return on, "Säkerhetskopian: tagen det senaste dygnet" if on else "Säkerhetskopian: inte påslagen"
