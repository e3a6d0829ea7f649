"""Previews: another branch than main, under an address that only those know who were given it.

All previews have one host, PREVIEWS in settings.env, and the secret stands before it as the browser's own user name and password:
``https://prova:SECRET@prova.example.org/``. A secret name below the domain would be public: every certificate's names are.
No sign-up is taken: the web server serves files, and passes nothing on.
"""

import json
import secrets
import shutil
import tempfile
from base64 import b64encode
from pathlib import Path

from deploy.server.build import build
from deploy.server.home import Home

USER = "prova"
POLICY = "policy.json"  # the hashes of the scripts and styles in its pages
BRANCH = "branch"  # its name


def make(home: Home, branch: str, commit: str) -> tuple[str, str] | None:
    """Build ``branch``; gives its address and what the build said, or None when previews are off. Raises Refused, OSError.

    The address stays the same as long as there is the branch.
    """
    host = home.settings().get("PREVIEWS")
    if not host:
        return None
    home.previews.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=home.previews))
    try:
        words = build(home, commit, folder, SITEURL=f"https://{host}", PREVIEW="on")
        catalogue = json.loads((folder / "catalogue.json").read_text("utf-8"))
        (folder / POLICY).write_text(json.dumps(catalogue["policy"]), "utf-8")
        (folder / BRANCH).write_text(branch, "utf-8")
        shutil.rmtree(folder / "code")
        for name in ("catalogue.json", "frame.html", "venv"):  # nothing secret is left
            (folder / name).unlink()
        secret = next((old.name for old in _of(home, branch)), None) or secrets.token_hex(16)
        forget(home, branch)
        folder.rename(home.previews / secret)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return f"https://{USER}:{secret}@{host}/", words


def forget(home: Home, branch: str) -> None:
    """The branch is gone."""
    for folder in _of(home, branch):
        shutil.rmtree(folder, ignore_errors=True)


def token(secret: str) -> str:
    """What a browser sends of it, after "Authorization: Basic"."""
    return b64encode(f"{USER}:{secret}".encode()).decode()


def _of(home: Home, branch: str) -> list[Path]:
    """The previews of ``branch``."""
    found = home.previews.glob(f"[0-9a-f]*/{BRANCH}")
    return [file.parent for file in found if file.read_text("utf-8") == branch]
