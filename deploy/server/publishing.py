"""What a ``git push`` does on the server: build strictly beside the site, tell what it means, switch in one step. Or refuse.

Everything lies in one folder, HOME:

    repo.git/     what is pushed to; its hooks call ``receive`` (before anything is taken in) and ``announce`` (after)
    releases/     the last ten and the one in app, each with code/, site/, catalogue.json, frame.html and release.json
    current       leads to the release that visitors see
    app           leads to the release whose code the collector runs
    previews/     other branches, each under a name that nobody guesses
    venvs/        Python environments, by the hash of what they are made of
    cache/        what a build need not make again
    settings.env  the collector's settings (README), and PREVIEWS, the domain of the previews
    restart       the fingerprint of the code that the collector was last told to start with; written when it must start again

A crash at any point leaves ``current`` where it was. Exit status 0 done, 1 refused, 2 asked for wrongly.
"""

import fcntl
import hashlib
import hmac
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import click

MAIN = "refs/heads/main"
BRANCHES = "refs/heads/"
NOTHING = "0" * 40  # git's word for a branch that isn't there
KEPT = 10  # releases; RELEASES in settings.env
SECONDS = 60  # that a build may take; BUILD_SECONDS in settings.env
YES = "ja"  # git push -o ja, or a line "Ja: mejla" in the commit's message
CODE = ("registrations", "requirements")  # what the collector runs


class Refused(Exception):
    """The push is refused; the words say why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """A build that is ready. ``folder`` has all of it."""

    folder: Path
    commit: str
    title: str
    code: str  # fingerprint of what the collector runs
    told: tuple[str, ...]  # what those who are signed up will notice
    began: float  # when the push came; seconds since 1970

    @classmethod
    def read(cls, folder: Path) -> "Release":
        """The release in ``folder``. Raises OSError or ValueError when it isn't whole."""
        return cls(folder=folder, **json.loads((folder / "release.json").read_text("utf-8")))

    def write(self) -> None:
        """Last of all: a folder without it is no release."""
        values = {name: value for name, value in asdict(self).items() if name != "folder"}
        (self.folder / "release.json").write_text(json.dumps(values, ensure_ascii=False), "utf-8")


class Server:
    """All that lies in HOME."""

    def __init__(self, home: Path):
        self.home = home.resolve()
        self.repository = self.home / "repo.git"
        self.current = self.home / "current"
        self.app = self.home / "app"
        self._releases = self.home / "releases"
        self._previews = self.home / "previews"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Two pushes wait for each other."""
        self.home.mkdir(parents=True, exist_ok=True)
        with (self.home / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Någon annan publicerar just nu. Väntar …")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def settings(self) -> dict[str, str]:
        """``settings.env``, a NAME=value a line."""
        try:
            lines = (self.home / "settings.env").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return {}
        pairs = (line.split("=", 1) for line in lines if "=" in line and not line.lstrip().startswith("#"))
        return {name.strip(): value.strip().strip("\"'") for name, value in pairs}

    def releases(self) -> list[Release]:
        """Those that are whole, the newest first."""
        found = []
        for folder in self._releases.glob("[0-9]*"):
            try:
                found.append(Release.read(folder))
            except (OSError, ValueError, TypeError):
                continue
        return sorted(found, key=lambda release: release.began, reverse=True)

    def visible(self) -> Release | None:
        """The release that visitors see."""
        try:
            return Release.read(self.current.resolve(strict=True))
        except (OSError, ValueError, TypeError):
            return None

    def prepare(self, commit: str) -> Release:
        """A release of ``commit``, not shown yet. Raises Refused."""
        self._releases.mkdir(parents=True, exist_ok=True)
        self._sweep()
        began = time.time()
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=self._releases))  # for this user only: join links are in it
        try:
            self._build(commit, folder, catalogue=folder / "catalogue.json")
            told = self._told(folder, asked=not self._agreed(commit))
            final = self._releases / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(began))}-{commit[:10]}"
            while final.exists():
                final = final.with_name(f"{final.name}x")
            release = Release(
                folder=folder,
                commit=commit,
                title=self._git("show", "-s", "--format=%s", commit).strip(),
                code=_fingerprint(folder / "code"),
                told=told,
                began=began,
            )
            release.write()
            folder.rename(final)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return Release.read(final)

    def show(self, release: Release) -> bool:
        """Let visitors see it, in one step. True when the collector has to start again for its code."""
        _lead(self.current, release.folder)
        if _code_of(self.app) != release.code:
            _lead(self.app, release.folder)
        started = self.home / "restart"
        before = started.read_text() if started.exists() else None
        if before != release.code:
            started.write_text(release.code)
        self._prune()
        return before not in (None, release.code)

    def preview(self, branch: str, commit: str) -> str | None:
        """Build a branch under its private address; gives the address, or None when previews are off. Raises Refused."""
        domain = self.settings().get("PREVIEWS")
        if not domain:
            return None
        name = self._secret_name(branch)
        self._previews.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=self._previews))
        try:
            address = f"https://{name}.{domain}"
            self._build(commit, folder, catalogue=folder / "catalogue.json", SITEURL=address, PREVIEW="on")
            for path in (folder / "code", folder / "catalogue.json", folder / "frame.html"):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            folder.chmod(0o755)  # nothing secret is left in it, and a web server serves it
            self.forget_preview(branch)
            folder.rename(self._previews / name)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return address

    def forget_preview(self, branch: str) -> None:
        """The branch is gone."""
        shutil.rmtree(self._previews / self._secret_name(branch), ignore_errors=True)

    def changes(self, folder: Path) -> tuple[bool, tuple[str, ...]]:
        """Whether somebody should say yes first, and what those who are signed up notice when ``folder`` is shown."""
        if not (self.current / "catalogue.json").exists():
            return False, ()
        environment = self._environment(REGISTRATIONS_CATALOGUE=str(self.current / "catalogue.json"))
        command = [self._python(folder / "code"), "-m", "registrations", "changes", str(folder / "catalogue.json")]
        done = subprocess.run(
            command, cwd=folder / "code", env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        if done.returncode not in (0, 1) or (done.returncode and not done.stdout):
            raise Refused(f"Det gick inte att se vad de anmälda märker av ändringen:\n{done.stderr.strip()}")
        return bool(done.returncode), tuple(done.stdout.splitlines())

    def _build(self, commit: str, folder: Path, *, catalogue: Path, **settings: str) -> None:
        code, site = folder / "code", folder / "site"
        code.mkdir()
        self._unpack(commit, code)
        if not (code / "publishconf.py").exists():
            raise Refused("Det som skickades är inte webbplatsen: publishconf.py saknas.")
        seconds = int(self.settings().get("BUILD_SECONDS", SECONDS))
        cache = json.dumps(str(self.home / "cache"))
        command = [self._python(code), "-m", "pelican", "content", "-s", "publishconf.py", "-o", str(site)]
        options = ["--fatal", "warnings", "--log-handler", "plain", "-e", f"CACHE_PATH={cache}"]
        environment = self._environment(REGISTRATIONS_CATALOGUE=str(catalogue), **settings)
        with tempfile.TemporaryFile("w+") as words:
            process = subprocess.Popen(
                [*command, *options],
                cwd=code,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                start_new_session=True,  # so that all it has started can be ended with it
            )
            try:
                status = process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise Refused(f"Bygget tog mer än {seconds} sekunder och avbröts. Försök igen.") from None
            finally:
                _end(process)
            words.seek(0)
            said = words.read().strip()
        if status:
            raise Refused(said or "Bygget misslyckades utan att säga varför.")
        if said:
            say(said)

    def _told(self, folder: Path, *, asked: bool) -> tuple[str, ...]:
        harm, told = self.changes(folder)
        if harm and asked:
            lines = "\n".join(f"  {line}" for line in told)
            raise Refused(
                f"Det här märker de som är anmälda:\n{lines}\n\n"
                "Är det meningen? Publicera då med: git push -o ja\n"
                "eller skriv en rad ”Ja: mejla” sist i ditt commit-meddelande."
            )
        return told

    def _agreed(self, commit: str) -> bool:
        count = int(os.environ.get("GIT_PUSH_OPTION_COUNT") or 0)
        options = {os.environ.get(f"GIT_PUSH_OPTION_{number}", "").casefold() for number in range(count)}
        message = self._git("show", "-s", "--format=%B", commit).casefold().splitlines()
        return YES in options or f"{YES}: mejla" in (line.strip() for line in message)

    def _unpack(self, commit: str, folder: Path) -> None:
        archive = subprocess.Popen(
            ["git", "archive", "--format=tar", commit],
            cwd=self.repository,
            stdout=subprocess.PIPE,
        )
        taken = subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=False)
        archive.stdout.close()
        if archive.wait() or taken.returncode:
            raise Refused("Det som skickades gick inte att packa upp. Är disken full? Se docs/drift.md.")

    def _python(self, code: Path) -> str:
        """The Python of the environment that the code's lock describes; made when it is new."""
        lock = code / "requirements" / "main.txt"
        key = hashlib.sha256(
            b"".join(path.read_bytes() for path in sorted(lock.parent.glob("*.txt")) if path.stem != "test")
        ).hexdigest()[:16]
        folder, done = self.home / "venvs" / key, self.home / "venvs" / f"{key}.done"
        if not done.exists():
            say("Paketen är nya. Det tar en minut att hämta dem …")
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(folder, ignore_errors=True)
            try:
                for command in (
                    [sys.executable, "-m", "venv", folder],
                    [folder / "bin/python", "-m", "pip", "install", "-q", "--require-hashes", "-r", lock],
                ):
                    subprocess.run(command, check=True, capture_output=True, text=True)
            except subprocess.CalledProcessError as error:
                raise Refused(f"Paketen gick inte att hämta:\n{error.stderr.strip()[-1000:]}") from error
            done.touch()
        return str(folder / "bin" / "python")

    def _environment(self, **settings: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "REGISTRATIONS_"))}
        return {**kept, **self.settings(), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **settings}

    def _secret_name(self, branch: str) -> str:
        key = self.home / "previews.key"
        if not key.exists():
            key.write_text(secrets.token_hex(32))
            key.chmod(0o600)
        return hmac.new(key.read_bytes(), branch.encode(), hashlib.sha256).hexdigest()[:24]

    def _git(self, *arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments],
            cwd=self.repository,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    def commit(self, ref: str) -> str | None:
        """What the branch points at."""
        try:
            return self._git("rev-parse", "--verify", "--quiet", ref).strip()
        except subprocess.CalledProcessError:
            return None

    def _sweep(self) -> None:
        """What a push left that was cut off. Only one runs at a time."""
        for parent in (self._releases, self._previews):
            for folder in parent.glob(".new-*"):
                shutil.rmtree(folder, ignore_errors=True)

    def _prune(self) -> None:
        used = {self.current.resolve(), self.app.resolve()}
        for release in self.releases()[int(self.settings().get("RELEASES", KEPT)) :]:
            if release.folder not in used:
                shutil.rmtree(release.folder, ignore_errors=True)


def say(words: str) -> None:
    """To the one who pushes."""
    print(words, flush=True)


def receive(server: Server, updates: list[tuple[str, str, str]]) -> None:
    """Before anything is taken in: build all that is pushed. Raises Refused."""
    for _, new, ref in updates:
        if ref == MAIN:
            if new == NOTHING:
                raise Refused("Grenen main är webbplatsen och går inte att ta bort.")
            say("Bygger webbplatsen …")
            server.prepare(new)
        elif ref.startswith(BRANCHES) and new != NOTHING:
            branch = ref.removeprefix(BRANCHES)
            say(f"Bygger en förhandsvisning av {branch} …")
            address = server.preview(branch, new)
            say(
                f"Förhandsvisning: {address}/" if address else "Förhandsvisningar är inte påslagna. Grenen sparas bara."
            )


def announce(server: Server, updates: list[tuple[str, str, str]]) -> None:
    """After it is taken in: show what was built, if no later push has done so."""
    for _, new, ref in updates:
        if ref == MAIN and new == server.commit(MAIN):
            release = next((release for release in server.releases() if release.commit == new), None)
            if release is None:
                raise Refused("Det som byggdes finns inte kvar. Skicka en gång till med en ny ändring.")
            restart = server.show(release)
            for line in release.told:
                say(f"  {line}")
            if restart:
                say("Anmälan startar om med ny kod.")
            seconds = f"{time.time() - release.began:.1f}".replace(".", ",")
            address = server.settings().get("SITEURL") or _address(release)
            say(f"Publicerat på {address}/ efter {seconds} s.")
        elif ref.startswith(BRANCHES) and new == NOTHING:
            server.forget_preview(ref.removeprefix(BRANCHES))


def _address(release: Release) -> str:
    return json.loads((release.folder / "catalogue.json").read_text("utf-8"))["site"]["url"]


def _fingerprint(code: Path) -> str:
    """Of what the collector runs: a push that leaves it alone needs no new start."""
    seen = hashlib.sha256()
    for path in sorted(path for name in CODE for path in (code / name).rglob("*") if path.is_file()):
        seen.update(f"{path.relative_to(code)}\0".encode() + path.read_bytes())
    return seen.hexdigest()


def _code_of(link: Path) -> str | None:
    try:
        return Release.read(link.resolve(strict=True)).code
    except (OSError, ValueError, TypeError):
        return None


def _lead(link: Path, folder: Path) -> None:
    """Let ``link`` lead to ``folder`` in one step."""
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(os.path.relpath(folder, link.parent))
    os.replace(new, link)


def _end(process: subprocess.Popen) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _updates() -> list[tuple[str, str, str]]:
    """What git tells a hook: old, new and name of each branch."""
    return [tuple(line.split(maxsplit=2)) for line in sys.stdin.read().splitlines()]


def _home(environment: Mapping[str, str]) -> Path:
    """HOME of the hooks: git runs them in the repository."""
    return Path(environment["JOUR_HOME"]) if "JOUR_HOME" in environment else Path.cwd().resolve().parent


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="Mappen där allt ligger.")
@click.pass_context
def cli(context: click.Context, home: Path | None) -> None:
    """Publicering på servern. Hookarna i git kallar på receive och announce; releases och rollback är för hand."""
    context.obj = Server(home or _home(os.environ))


@cli.command("receive")
@click.pass_obj
def receive_(server: Server) -> None:
    """Bygg det som skickas, och säg nej om något är fel. Kallas av pre-receive."""
    with server.alone():
        receive(server, _updates())


@cli.command("announce")
@click.pass_obj
def announce_(server: Server) -> None:
    """Visa det som är byggt. Kallas av post-receive."""
    with server.alone():
        announce(server, _updates())


@cli.command()
@click.pass_obj
def releases(server: Server) -> None:
    """Visa de versioner som finns kvar, den nyaste först."""
    visible = server.visible()
    for release in server.releases():
        mark = "*" if visible and release.folder == visible.folder else " "
        click.echo(f"{mark} {release.folder.name}  {release.title}")


@cli.command()
@click.argument("name", required=False)
@click.option("--ja", "agreed", is_flag=True, help="Ja, mejla dem som berörs.")
@click.pass_obj
def rollback(server: Server, name: str | None, agreed: bool) -> None:
    """Gå tillbaka till versionen före den som visas, eller till NAME (se releases)."""
    with server.alone():
        known, visible = server.releases(), server.visible()
        if name:
            target = next((release for release in known if release.folder.name == name), None)
        else:
            older = [release for release in known if visible and release.began < visible.began]
            target = older[0] if older else None
        if target is None:
            raise Refused("Det finns ingen sådan version. De som finns visas av releases.")
        harm, told = server.changes(target.folder)
        if harm and not agreed:
            lines = "\n".join(f"  {line}" for line in told)
            raise Refused(f"Det här märker de som är anmälda:\n{lines}\n\nÄr det meningen? Skriv då rollback --ja.")
        server.show(target)
        click.echo(f"Visar {target.folder.name}  {target.title}")


def main() -> None:
    """Run the command line; every refusal is words and not a traceback."""
    try:
        cli(standalone_mode=True)
    except Refused as error:
        say(f"\n{error}\n\nInget är ändrat: den tidigare webbplatsen visas.")
        sys.exit(1)
    except subprocess.SubprocessError as error:
        say(f"\nServern kunde inte slutföra ett steg ({error}). Inget är ändrat: den tidigare webbplatsen visas.")
        sys.exit(1)
    except OSError as error:
        say(
            f"\nServern kunde inte skriva ({error.strerror}). Är disken full? Inget är ändrat: den tidigare webbplatsen visas."
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
