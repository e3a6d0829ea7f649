"""Encrypted copies of what can't be made again, by restic, to any place that restic knows; and the way back.

A copy may be taken at any moment: restic reads log/ before people/, so whoever the copied log names is in the copy, and a person
that it doesn't name yet is ordered at the next start, as after a crash. What was purged is gone from the copies 30 days later:
older ones are forgotten whatever machine or folder they came from, and no unused data is left in the others.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from deploy.server.home import Home, Refused, say

WHAT = ("store", "repo.git", "visits", "settings.env", "previews.key")
KEPT = ("--keep-within-hourly", "2d", "--keep-within-daily", "29d")  # and the first backup after that deletes it
LATE = 2 * 86400  # seconds; then somebody should look
DONE = "backed-up"  # its time is that of the last copy


def make(home: Home, *, first: bool) -> None:
    """Take a copy, and forget the old ones. Raises Refused."""
    store = home.settings().get("REGISTRATIONS_STORE", "")
    if not store.startswith("file:"):
        raise Refused(f"Anmälningarna ligger i {store.partition(':')[0]}, inte i en mapp. Kopiera dem med copy.")
    if first:
        _restic(home, "init")
    there = [name for name in WHAT if (home.path / name).exists()]
    _restic(home, "backup", "--quiet", "--host", "jour", *there)
    old = ("forget", "--quiet", "--host", "jour", "--group-by", "", *KEPT)
    _restic(home, *old, "--prune", "--max-unused", "0")
    (home.path / DONE).touch()
    say("Säkerhetskopian är tagen.")


def restore(home: Home, snapshot: str, *, only_try: bool) -> None:
    """Bring back the sign-ups of ``snapshot`` ("latest"), the repository if there is none, and the counts that are missing.

    The sign-ups that were there are set aside. ``only_try`` shows that it can be done and changes nothing. Raises Refused.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home.path) as folder:
        _restic(home, "restore", "--quiet", snapshot, "--target", folder)
        store = next((path for path in Path(folder).rglob("store") if path.is_dir()), None)
        if store is None:
            raise Refused("I säkerhetskopian finns inga anmälningar. Välj en annan: restic snapshots.")
        people = sum(1 for _ in store.glob("*/people/*.json"))
        if only_try:
            say(
                f"Säkerhetskopian går att läsa: {people} personer i {sum(1 for _ in store.glob('*/log'))} föreläsningar."
            )
            return
        _put_back(home, store)
        say(f"Anmälningarna är tillbaka: {people} personer.")
    say("Den som raderades efter att kopian togs finns med igen. Radera på nytt: registrations erase E-POST.")


def warning(home: Home) -> str | None:
    """Words when copies should be taken and haven't been for long."""
    if not home.settings("backup.env").get("RESTIC_REPOSITORY"):
        return None
    done = home.path / DONE
    age = time.time() - done.stat().st_mtime if done.exists() else None
    if age is not None and age < LATE:
        return None
    last = f"för {age / 86400:.0f} dagar sedan" if age else "aldrig"
    return f"Obs! Säkerhetskopian togs senast: {last}. Se docs/drift.md, Backup."


def aside(home: Home) -> list[Path]:
    """Sign-ups that a restore set aside: personal data that nothing purges."""
    return sorted(home.path.glob("store.before-*"))


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
    for day in copied.glob("visits/*.json"):
        if not (home.visits / day.name).exists():
            home.visits.mkdir(exist_ok=True)
            shutil.copy(day, home.visits)
    for name in ("settings.env", "previews.key"):
        if (copied / name).exists():
            shutil.copy(copied / name, home.path / f"{name}.from-backup")
            (home.path / f"{name}.from-backup").chmod(0o600)


def _restic(home: Home, *arguments: str) -> None:
    chosen = home.settings("backup.env")
    if not chosen.get("RESTIC_REPOSITORY") or not chosen.get("RESTIC_PASSWORD"):
        raise Refused(
            f"Säkerhetskopior är inte påslagna: skriv RESTIC_REPOSITORY och RESTIC_PASSWORD i {home.path}/backup.env."
        )
    cache = {"RESTIC_CACHE_DIR": str(home.path / "cache" / "restic")}
    done = subprocess.run(
        ["restic", *arguments],
        cwd=home.path,
        env={**os.environ, **cache, **chosen},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    if done.returncode:
        raise Refused(f"Säkerhetskopian: restic {arguments[0]} gick inte ({done.stderr.strip()[-500:]}).")
