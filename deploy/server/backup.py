"""Encrypted copies of what can't be made again, by restic, to any place that restic knows; and the way back.

A copy may be taken at any moment: restic reads log/ before people/, so whoever the copied log names is in the copy, and a person
that it doesn't name yet is ordered at the next start, as after a crash. What was purged is gone from the copies 30 days later:
older ones are forgotten whatever machine or folder they came from, and no unused data is left in the others.

Root takes the copies, so that whoever may push can neither read their password nor delete them.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from deploy.server.home import Home, Refused, as_owner, say

WHAT = ("store", "repo.git", "visits")
KEPT = ("--keep-within-hourly", "2d", "--keep-within-daily", "29d")  # and the first backup after that deletes it
LATE = 2 * 86400  # seconds; then somebody should look
ENV, DONE = "backup.env", "backed-up"  # the time of DONE is that of the last copy
PREFIX = ".restore-"


def make(home: Home, *, first: bool) -> None:
    """Take a copy, and forget the old ones. Raises Refused."""
    store = home.settings().get("REGISTRATIONS_STORE", "")
    if store != f"file:{home.store}":
        raise Refused(f"Anmälningarna ligger inte i {home.store}. Kopiera dem med registrations copy.")
    if not home.store.is_dir():
        raise Refused(f"{home.store} saknas. Ta tillbaka anmälningarna först: jour restore.")
    _restic(home, "init") if first else _restic(home, "unlock")  # the latter: what a backup left that was killed
    there = [home.path / name for name in WHAT if (home.path / name).exists()]
    _restic(home, "backup", "--quiet", "--host", "jour", *there, home.etc / "settings.env")
    old = ("forget", "--quiet", "--host", "jour", "--group-by", "", *KEPT)
    _restic(home, *old, "--prune", "--max-unused", "0")
    home.state.mkdir(exist_ok=True)
    (home.state / DONE).touch()
    say("Säkerhetskopian är tagen.")


def restore(home: Home, snapshot: str, arguments: tuple[str, ...], *, only_try: bool) -> int:
    """Hand the copy over to the user that it belongs to, who runs ``arguments`` (``put_back``). Gives the exit status."""
    command, environment = _command(home, "dump", snapshot, "/")
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as restic:
        flags = ("--try",) if only_try else ()
        status = as_owner(home.path, *arguments, "put-back", *flags, stdin=restic.stdout)
        restic.stdout.close()
        words = restic.stderr.read().decode("utf-8", "replace").strip()
    if restic.returncode:
        raise Refused(f"Säkerhetskopian: restic dump gick inte ({words[-500:]}).")
    return status


def put_back(home: Home, *, only_try: bool) -> None:
    """The sign-ups of the copy on standard input, the repository if there is none, and the counts that are missing.

    The sign-ups that were there are set aside. ``only_try`` shows that it can be done and changes nothing. Raises Refused.
    """
    for left in home.path.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir=home.path) as folder:
        if subprocess.run(["tar", "-x", "--no-same-owner", "-C", folder], check=False).returncode:
            raise Refused("Säkerhetskopian gick inte att packa upp.")
        store = next((path for path in Path(folder).rglob("store") if path.is_dir()), None)
        if store is None:
            raise Refused("I säkerhetskopian finns inga anmälningar. Välj en annan: docs/drift.md, Backup.")
        people = sum(1 for _ in store.glob("*/people/*.json"))
        if only_try:
            lectures = sum(1 for _ in store.glob("*/log"))
            say(f"Säkerhetskopian går att läsa: {people} personer i {lectures} föreläsningar.")
            return
        _put_back(home, store)
        for settings in Path(folder).rglob("settings.env"):
            shutil.copy(settings, home.path / "settings.env.from-backup")
        say(f"Anmälningarna är tillbaka: {people} personer.")
    say("Den som raderades efter att kopian togs finns med igen. Radera på nytt: jour registrations erase E-POST.")


def is_on(home: Home) -> bool:
    """Whether copies should be taken."""
    return (home.etc / ENV).exists()


def warning(home: Home) -> str | None:
    """Words when copies should be taken and haven't been for long."""
    done = home.state / DONE
    age = time.time() - done.stat().st_mtime if done.exists() else None
    if not is_on(home) or (age is not None and age < LATE):
        return None
    last = f"för {age / 86400:.0f} dagar sedan" if age else "aldrig"
    return f"Obs! Säkerhetskopian togs senast: {last}. Se docs/drift.md, Backup."


def aside(home: Home) -> list[Path]:
    """Sign-ups that a restore set aside or left: personal data that nothing purges."""
    return sorted([*home.path.glob("store.before-*"), *home.path.glob(f"{PREFIX}*")])


def _put_back(home: Home, store: Path) -> None:
    copied = store.parent
    if home.store.exists():
        old = home.store.with_name(f"store.before-{time.strftime('%Y%m%d-%H%M%S')}")
        home.store.rename(old)
        say(f"Det som låg där ligger i {old}. Radera det när du har sett att allt stämmer.")
    store.rename(home.store)
    repository = copied / "repo.git"
    if repository.exists() and not home.commit("main"):
        home.git("fetch", "--quiet", str(repository), "+refs/heads/*:refs/heads/*")
        say("Texterna är tillbaka. Publicera dem: jour publish")
    home.visits.mkdir(exist_ok=True)
    for day in copied.glob("visits/*.json"):
        if not (home.visits / day.name).exists():
            shutil.copy(day, home.visits)


def _restic(home: Home, *arguments: str | Path) -> None:
    command, environment = _command(home, *arguments)
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Refused(f"Säkerhetskopian: restic {arguments[0]} gick inte ({done.stderr.strip()[-500:]}).")


def _command(home: Home, *arguments: str | Path) -> tuple[list[str], dict[str, str]]:
    """What to run, and in which environment. Raises Refused when copies aren't set up."""
    chosen = home.settings(ENV)
    if not chosen.get("RESTIC_REPOSITORY") or not chosen.get("RESTIC_PASSWORD"):
        words = f"skriv RESTIC_REPOSITORY och RESTIC_PASSWORD i {home.etc}/{ENV}"
        raise Refused(f"Säkerhetskopior är inte påslagna: {words}.")
    cache = os.environ.get("CACHE_DIRECTORY", "/var/cache/jour")
    return ["restic", *map(str, arguments)], {**os.environ, "RESTIC_CACHE_DIR": cache, **chosen}
