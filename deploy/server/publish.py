"""What a ``git push`` does on the server: build beside the site, tell what it means, switch in one step. Or refuse.

A crash at any point leaves ``current`` where it was. Every function here is called by one process at a time (``Home.alone``).
"""

import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from deploy.server import backup, crash, preview, release
from deploy.server.build import SECONDS, build, python
from deploy.server.home import Home, Refused, say
from deploy.server.release import Release

MAIN = "refs/heads/main"
BRANCHES = "refs/heads/"
NOTHING = "0" * 40  # git's word for a branch that isn't there
YES = "ja"  # a push option, or a line "Ja: mejla" in the commit's message
PUSH = "git push -o ja live main"  # the whole of it: without "live main" git pushes to another place, and exits with 0

LOG = "Felet står i serverns logg: journalctl -u jour-collector."

Updates = list[tuple[str, str, str]]  # old and new commit, and the name, of each branch


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What a build means: a line for all that happens, those of them that the signed-up notice, and whether to ask first."""

    told: tuple[str, ...] = ()
    felt: tuple[str, ...] = ()
    harm: bool = False


def receive(home: Home, updates: Updates) -> None:
    """Before anything is taken in: build all that is pushed. Raises Refused."""
    for _, new, ref in updates:
        if ref == MAIN:
            if new == NOTHING:
                raise Refused("Grenen main är webbplatsen och går inte att ta bort.")
            say("Bygger webbplatsen …")
            prepare(home, new, agreed=_agreed(home, new))
        elif ref.startswith(BRANCHES) and new != NOTHING:
            branch = ref.removeprefix(BRANCHES)
            say(f"Bygger en förhandsvisning av {branch} …")
            _preview(preview.make(home, branch, new))


def announce(home: Home, updates: Updates) -> None:
    """After it is taken in: show what was built, if no later push has done so."""
    for _, new, ref in updates:
        if ref == MAIN and new == home.commit("main"):
            built = next((each for each in release.whole(home) if each.commit == new), None)
            if built is None:
                raise Refused("Det som byggdes finns inte kvar. Skicka en gång till med en ny ändring.")
            _show(home, built)
        elif ref.startswith(BRANCHES) and ref != MAIN:
            if new == NOTHING:
                preview.forget(home, ref.removeprefix(BRANCHES))
            home.tell()


def again(home: Home) -> None:
    """Build and show what the repository has, without a push: after a move, or when what a build is made of has changed."""
    commit = home.commit("main")
    if commit is None:
        raise Refused("Ingenting är publicerat än. Det första som skickas till main publiceras.")
    say("Bygger webbplatsen …")
    _show(home, prepare(home, commit, agreed=False))


def prepare(home: Home, commit: str, *, agreed: bool) -> Release:
    """A release of ``commit``, not shown yet. Raises Refused."""
    home.releases.mkdir(parents=True, exist_ok=True)
    for left in (*home.releases.glob(".new-*"), *home.previews.glob(".new-*")):  # by a push that was cut off
        shutil.rmtree(left, ignore_errors=True)
    began = time.time()
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=home.releases))
    try:
        words = build(home, commit, folder)
        meaning = changes(home, folder, commit)
        if meaning.harm and not agreed:
            raise Refused(
                f"{noticed(meaning)}\n\nÄr det meningen? Publicera då med:\n\n  {PUSH}\n\n"
                "eller skriv en rad ”Ja: mejla” sist i ditt commit-meddelande."
            )
        final = home.releases / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(began))}-{commit[:10]}"
        while final.exists():
            final = final.with_name(f"{final.name}x")
        title, code = home.git("show", "-s", "--format=%s", commit).strip(), release.fingerprint(folder / "code")
        made = Release(
            folder=folder, commit=commit, title=title, code=code, told=meaning.told, began=began, words=words
        )
        made.write()
        folder.rename(final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Release.read(final)


def back(home: Home, name: str | None, *, agreed: bool) -> tuple[Release, Meaning]:
    """Show the release before the one that is seen, or ``name``; gives it, and what that means. Raises Refused."""
    known, visible = [each for each in release.whole(home) if each.shown], release.at(home.current)
    older = [each for each in known if visible is None or each.began < visible.began]
    target = next((each for each in known if each.folder.name == name), None) if name else next(iter(older), None)
    if target is None:
        raise Refused("Det finns ingen sådan version. De som finns visas av releases.")
    meaning = changes(home, target.folder, target.commit)
    if meaning.harm and not agreed:
        command = _ask(home, target, "rollback", target.folder.name, "--ja")
        raise Refused(f"{noticed(meaning)}\n\nÄr det meningen? Skriv då:\n\n  {command}")
    if _switch(home, target) is None:
        raise Refused(f"Anmälan kunde inte starta med den versionen. {LOG}")
    return target, meaning


def changes(home: Home, folder: Path, commit: str) -> Meaning:
    """What happens when ``folder`` is shown, asked of its own code. Raises Refused."""
    first = not (home.current / "catalogue.json").exists()
    environment = home.environment(REGISTRATIONS_CATALOGUE=str(home.current / "catalogue.json"))
    command = [python(folder), "-m", "registrations", "changes", "--json", str(folder / "catalogue.json")]
    done = subprocess.run(
        command, cwd=folder / "code", env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode not in (0, 1) or not done.stdout:
        if first:  # nobody is signed up, and code of before this was told can't compare with nothing
            return Meaning()
        words = crash.told(home, done.stderr.strip(), commit[:10])
        raise Refused(f"Det gick inte att se vad de anmälda märker av ändringen:\n{words}")
    found = json.loads(done.stdout)
    return Meaning(
        told=tuple(change["words"] for change in found),
        felt=tuple(change["words"] for change in found if change.get("felt", True)),
        harm=any(change["harm"] for change in found),
    )


def noticed(meaning: Meaning) -> str:
    """What those who are signed up notice, in words for the one who decides."""
    return "\n".join(["Det här märker de som är anmälda:", *(f"  {line}" for line in meaning.felt)])


def _ask(home: Home, target: Release, *words: str) -> str:
    """The whole command that asks the server something, from the writer's own computer."""
    user = pwd.getpwuid(home.path.stat().st_uid).pw_name
    host = home.settings().get("SITE") or urlsplit(_address(home, target)).hostname
    return f"ssh {user}@{host} {' '.join(words)}"


def _preview(made: tuple[str, str] | None) -> None:
    if made is None:
        say("Förhandsvisningar är inte påslagna. Grenen sparas bara.")
        return
    address, words = made
    say(f"Förhandsvisning: {address}")
    if words:
        say(words)


def _show(home: Home, built: Release) -> None:
    restart = _switch(home, built)
    if restart is None:
        shutil.rmtree(built.folder, ignore_errors=True)
        words = "Rätta det, eller ta tillbaka ändringen med git revert, och skicka igen."
        raise Refused(f"Anmälan kunde inte starta med den nya koden. {LOG} {words}")
    if restart:
        say("Anmälan har startat om med ny kod.")
    seconds = f"{time.time() - built.began:.1f}".replace(".", ",")
    say(f"Publicerat på {_address(home, built)}/ efter {seconds} s.")
    for line in built.told:
        say(f"  {line}")
    if built.words:
        say(built.words)
    if warning := backup.warning(home):
        say(warning)


def _switch(home: Home, target: Release) -> bool | None:
    """Show it, and have the collector run its code. True if it started anew; None if it couldn't: the one before is back."""
    before, first = release.at(home.current), not (home.path / "restart").exists()
    restart = release.show(home, target)
    if not home.tell():
        if before and before.folder != target.folder:
            release.show(home, before)
            home.tell()
        return None
    release.prune(home)
    return restart and not first


def _agreed(home: Home, commit: str) -> bool:
    count = int(os.environ.get("GIT_PUSH_OPTION_COUNT") or 0)
    options = {os.environ.get(f"GIT_PUSH_OPTION_{number}", "").casefold() for number in range(count)}
    message = home.git("show", "-s", "--format=%B", commit).casefold().splitlines()
    return YES in options or f"{YES}: mejla" in (line.strip() for line in message)


def _address(home: Home, built: Release) -> str:
    catalogue = json.loads((built.folder / "catalogue.json").read_text("utf-8"))
    return home.settings().get("SITEURL") or catalogue["site"]["url"]
