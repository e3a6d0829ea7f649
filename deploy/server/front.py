"""What root does after a push: the web server takes up the headers of the pages, and the collector starts again for new code.

Nothing that was pushed is run here, and of what it left only hashes and names are read, each held against its form.
"""

import json
import re
import subprocess
from pathlib import Path

from deploy.server import preview
from deploy.server.home import Home
from registrations import headers
from registrations.catalogue import Policy, policy_of

CADDY, NGINX = Path("/etc/caddy/jour"), Path("/etc/nginx/jour")  # nginx only where somebody has made the folder
STARTED = Path("/var/lib/jour/started")  # the fingerprint of the code that the collector started with
HEX = re.compile(r"[0-9a-f]{24}")


def take_up(home: Home, *, systemctl: str = "systemctl") -> bool:
    """Have the web server and the collector take up what is new. True when they did."""
    done = True
    for server, folder, wanted in (("caddy", CADDY, for_caddy(home)), ("nginx", NGINX, for_nginx(home))):
        if folder.is_dir() and write(folder, wanted):
            done = _run(systemctl, "try-reload-or-restart", server) and done
    code = _text(home.path / "restart")
    if code and (code != _text(STARTED) or not _run(systemctl, "is-active", "--quiet", "jour.service")):
        if not _run(systemctl, "restart", "jour.service"):
            return False
        STARTED.parent.mkdir(parents=True, exist_ok=True)
        STARTED.write_text(code)
    return done


def write(folder: Path, wanted: dict[str, str]) -> bool:
    """Write what differs. True when something did."""
    changed = False
    for name, text in wanted.items():
        if (_text(folder / name) or "") != text:
            (folder / name).write_text(text)
            changed = True
        if not text:  # Caddy can't import a file with nothing in it
            (folder / name).unlink(missing_ok=True)
    return changed


def for_caddy(home: Home) -> dict[str, str]:
    """The lines of the site and of the previews."""
    previews = "\n".join(_preview(folder) for folder in _previews(home))
    return {"headers.caddy": headers.caddy(_of_site(home)), "previews.caddy": previews}


def for_nginx(home: Home) -> dict[str, str]:
    """The lines of the site."""
    return {"headers.conf": headers.nginx(_of_site(home))}


def _previews(home: Home) -> list[Path]:
    if not home.previews.is_dir():
        return []
    return sorted(folder for folder in home.previews.iterdir() if HEX.fullmatch(folder.name))


def _preview(folder: Path) -> str:
    policy = _policy(folder / preview.POLICY)
    if policy is None:
        return ""
    unlisted = "".join(f'\theader {name} "{value}"\n' for name, value in headers.UNLISTED.items())
    protected = "".join(f"\t{line}\n" for line in headers.caddy(policy).splitlines())
    return (
        f'@{folder.name} header Authorization "Basic {preview.token(folder.name)}"\n'
        f"handle @{folder.name} {{\n{protected}{unlisted}"
        f"\troot * {folder}/site\n\tfile_server {{\n\t\thide _headers\n\t}}\n}}\n"
    )


def _of_site(home: Home) -> Policy:
    return _policy(home.current / "catalogue.json", "policy") or Policy()


def _policy(path: Path, *inside: str) -> Policy | None:
    try:
        document = json.loads(path.read_text("utf-8"))
        for name in inside:
            document = document[name]
        return policy_of(document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _text(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except OSError:
        return None


def _run(*command: str) -> bool:
    return subprocess.run(command, check=False).returncode == 0
