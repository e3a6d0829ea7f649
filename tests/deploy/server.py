"""A server to push to, in a folder: a bare repository with the real hooks, and the one who writes beside it."""

import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from string import Template

from deploy.server.build import environment_key
from tests.site.built import free_port
from tests.support import ROOT, Collector

COMMAND = (str(ROOT / "deploy/server/jour"),)
TRACKED = ("theme", "plugins", "registrations", "requirements", "deploy")
FILES = ("pelicanconf.py", "publishconf.py", ".gitignore")
NAMED = {"GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "Test"}
NAMED |= {"GIT_COMMITTER_EMAIL": "t@example.org", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


def run(*command, cwd, check=True, **environment):
    """The ended process, with what it said; git's own settings don't count."""
    kept = {"PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8"}
    return subprocess.run(
        command, cwd=cwd, env={**kept, **NAMED, **environment}, check=check, capture_output=True, text=True, timeout=100
    )


@dataclass(frozen=True)
class Server:
    """HOME and the writer's working copy, whose content is the other shelter's example."""

    home: Path
    work: Path
    told: str = ""  # the command that has the collector take up what is new

    @property
    def current(self) -> Path:
        return self.home / "current"

    def page(self, path: str = "index.html") -> str:
        """What a visitor would get."""
        return (self.current / "site" / path).read_text("utf-8")

    def write(self, path: str, text: str) -> None:
        """A file of the content."""
        file = self.work / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def replace(self, path: str, before: str, after: str) -> None:
        """Change a file of the content."""
        text = (self.work / "content" / path).read_text("utf-8")
        assert before in text
        self.write(path, text.replace(before, after))

    def commit(self, message: str = "Ny text") -> str:
        """Everything that has changed; gives the commit."""
        run("git", "add", "-A", cwd=self.work)
        run("git", "commit", "-q", "--allow-empty", "-m", message, cwd=self.work)
        return run("git", "rev-parse", "HEAD", cwd=self.work).stdout.strip()

    def push(self, *options: str, ref: str = "HEAD:main") -> subprocess.CompletedProcess:
        """``git push``; what the server says stands in ``stderr``, each line after "remote: "."""
        return run("git", "push", *options, str(self.home / "repo.git"), ref, cwd=self.work, check=False)

    def publish(self, message: str = "Ny text", *options: str) -> str:
        """Commit and push; gives what the server said."""
        self.commit(message)
        done = self.push(*options)
        assert done.returncode == 0, done.stderr
        return said(done)

    def tool(self, *arguments: str) -> subprocess.CompletedProcess:
        """``jour`` by hand."""
        told = ("--told", self.told) if self.told else ()
        return run(*COMMAND, "--home", str(self.home), *told, *arguments, cwd=self.home, check=False)


def said(done: subprocess.CompletedProcess) -> str:
    """The server's words."""
    lines = (line.removeprefix("remote: ").rstrip() for line in done.stderr.splitlines() if line.startswith("remote:"))
    return "\n".join(line.removeprefix("remote:") for line in lines)


def make(folder: Path, *, content: Path = ROOT / "docs/annan-jour/content", told: str = "", **settings: str) -> Server:
    """A server that nobody has pushed to yet."""
    home, work = folder / "home", folder / "work"
    home.mkdir(parents=True)
    work.mkdir()
    for name in TRACKED:
        shutil.copytree(ROOT / name, work / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, work)
    shutil.copytree(content, work / "content")
    key = environment_key(ROOT)
    (home / "venvs").mkdir()
    (home / "venvs" / key).symlink_to(sys.prefix)  # the packages are there: nothing is fetched
    (home / "venvs" / f"{key}.done").touch()
    lines = {"REGISTRATIONS_STORE": f"file:{home}/store", "REGISTRATIONS_MAIL": f"outbox:{home}/outbox", **settings}
    (home / "settings.env").write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
    run("git", "init", "-q", "--bare", "-b", "main", str(home / "repo.git"), cwd=home)
    run("git", "config", "receive.advertisePushOptions", "true", cwd=home / "repo.git")
    for hook in ("pre-receive", "post-receive"):
        text = Template((ROOT / "deploy/server/hooks" / hook).read_text())
        file = home / "repo.git/hooks" / hook
        file.write_text(
            text.substitute(jour=shlex.join([*COMMAND, "--home", str(home), *(["--told", told] if told else [])]))
        )
        file.chmod(0o755)
    run("git", "init", "-q", "-b", "main", cwd=work)
    return Server(home, work, told)


def collector(server):
    """The collector over what visitors see, as the server runs it."""
    settings = dict(
        line.split("=", 1) for line in (server.home / "settings.env").read_text().splitlines() if line.startswith("REG")
    )
    folder = server.home / "run"
    folder.mkdir(exist_ok=True)
    command = ("-m", "registrations", "serve", "--site", str(server.current / "site"))
    return Collector(
        folder,
        command=command,
        PORT=str(free_port()),
        **settings | {"REGISTRATIONS_CATALOGUE": str(server.current / "catalogue.json")},
    )
