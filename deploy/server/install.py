"""``sudo make install``: this machine becomes the shelter's server. Debian 12 or later.

It can be run again, with another name or after an upgrade: it changes what differs, and says what it does.
"""

import argparse
import filecmp
import grp
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from string import Template

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
ETC, STATE, LOG = Path("/etc/jour"), Path("/var/lib/jour"), Path("/var/log/jour")
TOOLS = Path("/usr/local/lib/jour")
CADDYFILE = Path("/etc/caddy/Caddyfile")
COMMAND = Path("/usr/local/bin/jour")
PARTS = ("deploy", "registrations", "requirements")
PACKAGES = ("git", "python3-venv", "openssh-server", "sudo", "caddy", "restic", "goaccess", "logrotate")
ASKED = ("SITE", "ALSO", "PREVIEWS")  # of whoever installs, and kept in settings.env
HEAD = "# The server's settings: README, Settings, and docs/drift.md. Then: sudo systemctl restart jour-collector"
ASKABLE = ("help", "releases", "old", "rollback", "registrations", "export", "visits", "status")  # over ssh
UNITS = ("jour-collector.socket", "jour-collector.service", "jour-backup.timer", "jour-visits.timer")


class Wrong(Exception):
    """The installation can't go on; the words say why and what to do."""


def main() -> int:
    """Install, and say what was changed. Gives the exit status."""
    parser = argparse.ArgumentParser(prog="make install", description=__doc__.partition("\n")[0])
    parser.add_argument("--site", default="", help="the site's name: www.example.org")
    parser.add_argument("--also", default="", help="another name that leads there: example.org")
    parser.add_argument("--previews", default="", help="the name of the previews' host: prova.example.org")
    parser.add_argument("--key", type=Path, help="a file with the public ssh keys of all who may publish")
    parser.add_argument("--home", type=Path, default=Path("/srv/jour"))
    parser.add_argument("--user", default="jour")
    try:
        Installation(parser.parse_args()).run()
    except Wrong as error:
        print(f"Not installed: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        print(f"Not installed: `{command}` failed. Mend what it says above and run this again.", file=sys.stderr)
        return 1
    return 0


class Installation:
    """The steps, in their order."""

    def __init__(self, asked: argparse.Namespace):
        self.home, self.user, self.key = asked.home, asked.user, asked.key
        self.settings = ETC / "settings.env"
        known = dict(line.split("=", 1) for line in self._lines() if "=" in line and not line.startswith("#"))
        self.names = {name: getattr(asked, name.lower()) or known.get(name, "") for name in ASKED}
        self.values = {
            **{"home": str(self.home), "etc": str(ETC), "state": str(STATE), "user": self.user, "jour": str(COMMAND)},
            **{"port": known.get("PORT", "8000"), **{name.lower(): value for name, value in self.names.items()}},
        }
        self.changed: list[str] = []

    def run(self) -> None:
        """All of it. Raises Wrong, CalledProcessError."""
        self._check()
        self._packages()
        self._user()
        self._tools()
        self._folders()
        self._write_settings()
        self._repository()
        self._keys()
        self._etc()
        self._start()
        done = f"{len(self.changed)} things changed" if self.changed else "nothing had to be changed"
        print(f"Installed: {done}. Publish with: git push {self.user}@{self.names['SITE']}:repo.git main")

    def _check(self) -> None:
        if os.geteuid() != 0:
            raise Wrong("it has to be run as root: sudo make install SITE=www.example.org")
        if not Path("/etc/debian_version").exists():
            raise Wrong("this is made for Debian. docs/drift.md tells what it does, to be done by hand elsewhere.")
        if not self.names["SITE"]:
            raise Wrong("say what the site is called: sudo make install SITE=www.example.org")
        for name, value in self.names.items():
            if value and not all(part and part.replace("-", "").isalnum() for part in value.split(".")):
                raise Wrong(f"{name}={value} is no name of a host. Write it like www.example.org, without https://")
        known = (
            "Made by deploy/server/install.py",
            "The Caddyfile is an easy way to configure",
        )  # ours, Debian's example
        if CADDYFILE.exists() and not any(words in CADDYFILE.read_text() for words in known):
            raise Wrong(f"Caddy serves other sites here ({CADDYFILE}). Take a machine that is the shelter's only.")
        if self.key and not self.key.is_file():
            raise Wrong(f"KEY={self.key}: there is no such file.")

    def _packages(self) -> None:
        missing = [name for name in PACKAGES if not _installed(name)]
        if missing:
            self._say(f"packages: {' '.join(missing)}")
            quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
            _run(*quiet, "update")
            _run(*quiet, "install", "--no-install-recommends", *missing, stdout=subprocess.DEVNULL)

    def _user(self) -> None:
        try:
            pwd.getpwnam(self.user)
        except KeyError:
            self._say(f"user {self.user}, who may push and nothing else")
            shell = ("--shell", "/usr/bin/git-shell", "--password", "*")
            _run("useradd", "--system", "--user-group", "--no-create-home", "--home-dir", ETC, *shell, self.user)

    def _tools(self) -> None:
        new = TOOLS.with_name(f".{TOOLS.name}.new")
        shutil.rmtree(new, ignore_errors=True)
        for part in PARTS:
            shutil.copytree(ROOT / part, new / part, ignore=shutil.ignore_patterns("__pycache__"))
        _run("chmod", "-R", "go=rX", new)
        TOOLS.mkdir(exist_ok=True)
        for part in PARTS:
            if not _same(new / part, TOOLS / part):
                self._say(f"{TOOLS / part}")
                shutil.rmtree(TOOLS / part, ignore_errors=True)
                (new / part).rename(TOOLS / part)
        shutil.rmtree(new)
        lock, done = TOOLS / "requirements/main.txt", TOOLS / ".venv/made-of.txt"
        wanted = f"{sys.version}\n{lock.read_text()}"
        if not done.exists() or done.read_text() != wanted:
            self._say(f"{TOOLS}/.venv, with the locked packages")
            _run(sys.executable, "-m", "venv", "--clear", TOOLS / ".venv")
            _run(TOOLS / ".venv/bin/python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock)
            done.write_text(wanted)
        places = f"--home {self.home} --etc {ETC} --state {STATE} --told 'sudo -n {COMMAND} changed'"
        command = f'#!/bin/sh\n# The server of the site: jour --help\nexec {TOOLS}/deploy/server/jour {places} "$@"\n'
        self._file(COMMAND, command, mode=0o755)

    def _folders(self) -> None:
        """Root makes what is root's. Below HOME the user makes everything herself: she could lead root elsewhere by a link."""
        for path, owner, group, mode in (
            (self.home, self.user, self.user, 0o700),
            (ETC, "root", "root", 0o755),
            (ETC / ".ssh", "root", "root", 0o755),
            (ETC / "git-shell-commands", "root", "root", 0o755),
            (STATE, "root", "root", 0o755),
            (STATE / "previews", "root", "caddy", 0o750),  # their names are secrets
            (Path("/etc/caddy/jour"), "root", "caddy", 0o750),
            (LOG, "caddy", self.user, 0o2750),
        ):
            if not path.exists():
                self._say(f"{path}/")
                path.mkdir(parents=True)
            shutil.chown(path, owner, group)
            path.chmod(mode)
        self._as_user("mkdir", "-p", "-m", "700", self.home / "store", self.home / "outbox", self.home / "visits")
        access = LOG / "access.log"  # made here: Caddy would make it unreadable for the one who counts
        if not access.exists():
            self._say(f"{access}")
            _run("install", "-m", "640", "-o", "caddy", "-g", self.user, "/dev/null", access)

    def _write_settings(self) -> None:
        wanted = {
            **self.names,
            "SITEURL": f"https://{self.names['SITE']}",
            "PORT": self.values["port"],
            "REGISTRATIONS_CATALOGUE": f"{self.home}/current/catalogue.json",
        }
        first = {"REGISTRATIONS_STORE": f"file:{self.home}/store", "REGISTRATIONS_MAIL": f"outbox:{self.home}/outbox"}
        lines = self._lines() or [HEAD]
        names = {line.split("=", 1)[0] for line in lines}
        kept = [line for line in lines if line.split("=", 1)[0] not in wanted]
        kept += [f"{name}={value}" for name, value in first.items() if name not in names]
        text = "\n".join([*kept, *(f"{name}={value}" for name, value in wanted.items())]) + "\n"
        self._file(self.settings, text, mode=0o640, group=self.user)

    def _repository(self) -> None:
        repository, hooks = self.home / "repo.git", TOOLS / "hooks"
        for hook in (HERE / "hooks").iterdir():
            self._file(hooks / hook.name, self._filled(hook), mode=0o755)
        if not repository.exists():
            self._say(f"{repository}")
            self._as_user("git", "init", "-q", "--bare", "-b", "main", repository)
        for name, value in (("receive.advertisePushOptions", "true"), ("core.hooksPath", str(hooks))):
            self._as_user("git", "-C", repository, "config", name, value)
        if not (ETC / "repo.git").is_symlink():
            self._say(f"{ETC}/repo.git")
            (ETC / "repo.git").symlink_to(repository)
        user = pwd.getpwnam(self.user)  # git serves nobody from a place that is another's
        os.chown(ETC / "repo.git", user.pw_uid, user.pw_gid, follow_symlinks=False)
        for name in ASKABLE:
            text = f'#!/bin/sh\nexec {COMMAND} {name} "$@"\n'
            self._file(ETC / "git-shell-commands" / name, text, mode=0o755)

    def _keys(self) -> None:
        if not self.key:
            return
        keys = [line.strip() for line in self.key.read_text().splitlines() if line.strip() and not line.startswith("#")]
        text = "".join(f"restrict {line}\n" for line in keys)
        self._file(ETC / ".ssh/authorized_keys", text, mode=0o644)

    def _etc(self) -> None:
        for path in sorted(path for path in (HERE / "etc").rglob("*") if path.is_file()):
            if path.parent.name != "caddy":
                mode = 0o440 if path.parent.name == "sudoers.d" else 0o644
                self._file(Path("/etc") / path.relative_to(HERE / "etc"), self._filled(path), mode=mode)
        self._file(Path("/etc/caddy/jour.caddy"), self._caddy(), mode=0o644)
        self._file(CADDYFILE, (HERE / "etc/caddy/Caddyfile").read_text(), mode=0o644)

    def _caddy(self) -> str:
        folder = HERE / "etc/caddy"
        parts = {
            name: self._filled(folder / f"{name}.caddy") if self.values[name] else "" for name in ("also", "previews")
        }
        return Template((folder / "jour.caddy").read_text()).substitute({**self.values, **parts})

    def _start(self) -> None:
        _run("visudo", "-cqf", "/etc/sudoers.d/jour")
        _run("systemctl", "daemon-reload")
        server = "nginx" if Path("/etc/nginx/jour").is_dir() else "caddy"
        _run("systemctl", "enable", "-q", "--now", "ssh", server, *UNITS)
        _run(COMMAND, "changed")
        _run(
            "caddy",
            "validate",
            "--config",
            "/etc/caddy/Caddyfile",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if self.changed:
            # Caddy can't be told by its old door to open another: it starts anew with a new Caddyfile.
            how = "restart" if str(CADDYFILE) in self.changed else "reload-or-restart"
            _run("systemctl", how, server)
            if (self.home / "app").exists():
                _run("systemctl", "restart", "jour-collector.service")

    def _as_user(self, *command: str | Path) -> None:
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(ETC), "LANG": "C.UTF-8"}
        _run("setsid", "--wait", "runuser", "-u", self.user, "--", *command, env=environment, cwd="/")

    def _filled(self, path: Path) -> str:
        return Template(path.read_text()).substitute(self.values)

    def _lines(self) -> list[str]:
        return self.settings.read_text().splitlines() if self.settings.exists() else []

    def _file(self, path: Path, text: str, *, mode: int, group: str = "root") -> None:
        """Write it in one step if it differs."""
        if not path.exists() or path.read_text() != text:
            self._say(f"{path}")
            path.parent.mkdir(parents=True, exist_ok=True)
            new = path.with_name(f".{path.name}.new")
            new.unlink(missing_ok=True)
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(text)
                os.fchown(file.fileno(), 0, grp.getgrnam(group).gr_gid)
                os.fchmod(file.fileno(), mode)
            new.replace(path)

    def _say(self, words: str) -> None:
        self.changed.append(words)
        print(f"changing {words}", flush=True)


def _installed(package: str) -> bool:
    asked = ["dpkg-query", "-W", "-f", "${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout == "installed"


def _same(one: Path, other: Path) -> bool:
    if not other.is_dir():
        return False
    compared = filecmp.dircmp(one, other, ignore=["__pycache__"])
    if compared.left_only or compared.right_only or compared.funny_files:
        return False
    _, differ, errors = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)
    return not differ and not errors and all(_same(one / name, other / name) for name in compared.common_dirs)


def _run(*command: str | Path, **options: object) -> None:
    subprocess.run([str(part) for part in command], check=True, **options)


if __name__ == "__main__":
    sys.exit(main())
