"""What a ``git push`` does on the server: build beside the site, tell what it means, switch in one step. Or refuse.

A crash at any point leaves ``current`` where it was. Every function here is called by one process at a time (``Home.alone``).
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from deploy.server import backup, preview, release
from deploy.server.build import SECONDS, build, python
from deploy.server.home import Home, Refused, say
from deploy.server.release import Release

MAIN = "refs/heads/main"
BRANCHES = "refs/heads/"
NOTHING = "0" * 40  # git's word for a branch that isn't there
YES = "ja"  # git push -o ja, or a line "Ja: mejla" in the commit's message

LOG = "Felet står i serverns logg: journalctl -u jour-collector."

Updates = list[tuple[str, str, str]]  # old and new commit, and the name, of each branch


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
            address = preview.make(home, branch, new)
            say(f"Förhandsvisning: {address}" if address else "Förhandsvisningar är inte påslagna. Grenen sparas bara.")


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
        build(home, commit, folder)
        harm, told = changes(home, folder)
        if harm and not agreed:
            raise Refused(
                f"{noticed(told)}\n\nÄr det meningen? Publicera då med: git push -o ja\n"
                "eller skriv en rad ”Ja: mejla” sist i ditt commit-meddelande."
            )
        final = home.releases / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime(began))}-{commit[:10]}"
        while final.exists():
            final = final.with_name(f"{final.name}x")
        title, code = home.git("show", "-s", "--format=%s", commit).strip(), release.fingerprint(folder / "code")
        Release(folder=folder, commit=commit, title=title, code=code, told=told, began=began).write()
        folder.rename(final)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Release.read(final)


def back(home: Home, name: str | None, *, agreed: bool) -> Release:
    """Show the release before the one that is seen, or ``name``. Raises Refused."""
    known, visible = [each for each in release.whole(home) if each.shown], release.at(home.current)
    older = [each for each in known if visible is None or each.began < visible.began]
    target = next((each for each in known if each.folder.name == name), None) if name else next(iter(older), None)
    if target is None:
        raise Refused("Det finns ingen sådan version. De som finns visas av releases.")
    harm, told = changes(home, target.folder)
    if harm and not agreed:
        raise Refused(f"{noticed(told)}\n\nÄr det meningen? Skriv då rollback --ja.")
    if _switch(home, target) is None:
        raise Refused(f"Anmälan kunde inte starta med den versionen. {LOG}")
    return target


def changes(home: Home, folder: Path) -> tuple[bool, tuple[str, ...]]:
    """Whether somebody should say yes first, and what those who are signed up notice when ``folder`` is shown."""
    if not (home.current / "catalogue.json").exists():
        return False, ()
    environment = home.environment(REGISTRATIONS_CATALOGUE=str(home.current / "catalogue.json"))
    command = [python(folder), "-m", "registrations", "changes", str(folder / "catalogue.json")]
    done = subprocess.run(
        command, cwd=folder / "code", env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    if done.returncode not in (0, 1) or (done.returncode and not done.stdout):
        raise Refused(f"Det gick inte att se vad de anmälda märker av ändringen:\n{done.stderr.strip()}")
    return bool(done.returncode), tuple(done.stdout.splitlines())


def noticed(told: tuple[str, ...]) -> str:
    """What those who are signed up notice, in words for the one who decides."""
    return "\n".join(["Det här märker de som är anmälda:", *(f"  {line}" for line in told)])


def _show(home: Home, built: Release) -> None:
    restart = _switch(home, built)
    if restart is None:
        shutil.rmtree(built.folder, ignore_errors=True)
        words = "Rätta det, eller ta tillbaka ändringen med git revert, och skicka igen."
        raise Refused(f"Anmälan kunde inte starta med den nya koden. {LOG} {words}")
    for line in built.told:
        say(f"  {line}")
    if restart:
        say("Anmälan har startat om med ny kod.")
    seconds = f"{time.time() - built.began:.1f}".replace(".", ",")
    say(f"Publicerat på {_address(home, built)}/ efter {seconds} s.")
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
