"""What root does after a push: the web server takes up pages and headers, and the collector starts again for new code.

Nothing that was pushed is run here. Of what it left only files and hashes are read (``guarded``), and the web server serves
copies, so that a link among the pages can't show what only the web server may read.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from deploy.server import guarded, preview
from deploy.server.home import Home
from registrations import headers
from registrations.catalogue import Policy, policy_of

CADDY, NGINX = Path("/etc/caddy/jour"), Path("/etc/nginx/jour")  # nginx only where somebody has made the folder
COLLECTOR = "jour-collector.service"
SECRET = re.compile(r"[0-9a-f]{32}")
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def take_up(home: Home) -> bool:
    """Have the web server and the collector take up what is new. False when the collector can't run the new code."""
    try:
        _copy(home)
    except (OSError, ValueError) as error:  # the copies that were there are served on
        print(f"Webbserverns kopia är den tidigare: {error}", file=sys.stderr)
    _load(home, "caddy", CADDY, for_caddy(home))
    _load(home, "nginx", NGINX, for_nginx(home))
    code = guarded.text(home.path, "restart") or ""
    if not FINGERPRINT.fullmatch(code):
        return True
    if code == _noted(home, "started") and _systemctl("is-active", "--quiet", COLLECTOR):
        return True
    if not _systemctl("restart", COLLECTOR):
        return False
    _note(home, "started", code)
    return True


def for_caddy(home: Home) -> dict[str, str]:
    """Caddy's files: the headers of the site, and the previews."""
    return {"headers.caddy": headers.caddy(_of_site(home)), "previews.caddy": "\n".join(_previews(home))}


def for_nginx(home: Home) -> dict[str, str]:
    """nginx' file: the headers of the site."""
    return {"headers.conf": headers.nginx(_of_site(home))}


def _copy(home: Home) -> None:
    """What is served without the collector: the site while it doesn't answer, and the previews."""
    if release := guarded.link(home.path, "current"):
        guarded.mirror(home.path, *release, "site", target=home.state / "site")
    copies = home.state / "previews"
    there = [name for name in guarded.names(home.path, "previews") if SECRET.fullmatch(name)]
    for name in there:
        guarded.mirror(home.path, "previews", name, "site", target=copies / name)
    for old in copies.iterdir() if copies.is_dir() else ():
        if not any(old.name == name or old.name.startswith(f".{name}") for name in there):
            old.unlink() if old.is_symlink() else shutil.rmtree(old, ignore_errors=True)


def _load(home: Home, server: str, folder: Path, wanted: dict[str, str]) -> None:
    """Write the server's files and have it read them, if they aren't what it read last."""
    state = sha256(json.dumps(wanted).encode()).hexdigest()
    if not folder.is_dir() or _noted(home, server) == state:
        return
    for name, text in wanted.items():
        _write(folder / name, text) if text else (folder / name).unlink(missing_ok=True)  # Caddy imports no empty file
    if _systemctl("try-reload-or-restart", server):
        _note(home, server, state)


def _previews(home: Home) -> Iterator[str]:
    for name in guarded.names(home.path, "previews"):
        policy = _policy(guarded.text(home.path, "previews", name, preview.POLICY))
        if SECRET.fullmatch(name) and policy:
            unlisted = "".join(f'\theader {header} "{value}"\n' for header, value in headers.UNLISTED.items())
            protected = "".join(f"\t{line}\n" for line in headers.caddy(policy).splitlines())
            yield (
                f'@{name} header Authorization "Basic {preview.token(name)}"\n'
                f"handle @{name} {{\n{protected}{unlisted}"
                f"\troot * {home.state}/previews/{name}\n\tfile_server {{\n\t\thide _headers\n\t}}\n}}\n"
            )


def _of_site(home: Home) -> Policy:
    text = guarded.text(home.path, *guarded.link(home.path, "current"), "catalogue.json")
    return _policy(text, "policy") or Policy()


def _policy(text: str | None, *inside: str) -> Policy | None:
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        document = json.loads(text or "")
        for name in inside:
            document = document[name]
        return policy_of(document)
    return None


def _noted(home: Home, name: str) -> str | None:
    with suppress(OSError):
        return (home.state / name).read_text("utf-8")
    return None


def _note(home: Home, name: str, text: str) -> None:
    _write(home.state / name, text)


def _write(path: Path, text: str) -> None:
    """In one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, "utf-8")
    os.replace(new, path)


def _systemctl(*arguments: str) -> bool:
    return subprocess.run(["systemctl", *arguments], check=False).returncode == 0
