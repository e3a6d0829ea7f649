"""How many visited the site, from the web server's log, without watching anybody.

The log has shortened addresses, no queries, nothing of a sign-up, and is gone after seven days (docs/drift.md). Once a day has
ended, its page views are told to GoAccess, which knows the robots and says how many visited. What is kept of the day is one file
of counts, ``2026-11-23.json``:

    {"visitors": 21, "views": 64, "pages": {"/kontakt/": {"views": 9, "visitors": 8}}, "unreadable": 0}

GoAccess could add up the days by itself, in a database that ``--persist`` writes. It isn't used: it holds every address and every
browser for as long as it lives, and so a visitor would be known long after the log is gone. Here GoAccess gets one day by a
pipe, writes no file, and forgets. It isn't told the hour either.

A visitor is an address and a browser on one day, as GoAccess sees it: two in the same network with like browsers are one, and who
comes back the next day is counted again. Only pages that were there (200) count: who tries a thousand addresses is nobody.
"""

import gzip
import ipaddress
import json
import os
import re
import subprocess
import tempfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Stockholm")
GAP = 8  # days without a line that are days without a visit; more than a log lives is a clock that was wrong
LONGEST = 400  # letters of a browser's name or an address: at a line of 4,096 GoAccess gives up the whole day
SECONDS = 300  # that GoAccess may take for a day

PAGE = re.compile(r"(/[a-z0-9][a-z0-9-]*)*/")  # every page of the site is written so
SECRET = re.compile(r"/anmalan/.*|.*[0-9a-f]{32}.*")  # a registration's own page; the web server leaves it out too
ODD = re.compile(r"[^ !#-\[\]-~]")  # what JSON escapes, and GoAccess gives up the whole day for some of it
CRAWLERS = ("Bot", "bot", "Spider", "spider", "Crawler", "crawler", "Headless")  # more than GoAccess knows by itself

PANELS = (  # VISITORS and REQUESTS are left
    *("REQUESTS_STATIC", "NOT_FOUND", "HOSTS", "OS", "BROWSERS", "VISIT_TIMES", "VIRTUAL_HOSTS", "REFERRERS"),
    *("REFERRING_SITES", "KEYPHRASES", "STATUS_CODES", "REMOTE_USER", "CACHE_STATUS", "GEO_LOCATION", "MIME_TYPE"),
    "TLS_TYPE",
)
COMMAND = (
    *("goaccess", "-", "--log-format=CADDY", "--output=json", "--max-items=100000", "--no-global-config"),
    *("--no-progress", "--no-parsing-spinner", "--ignore-crawlers", "--unknowns-as-crawlers"),
    *(f"--ignore-panel={panel}" for panel in PANELS),
)

View = tuple[str, str, str]  # address, browser, page
UNLIKE = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError, RecursionError)  # no such line


class Unreadable(ValueError):
    """A log, GoAccess or a kept day says something that can't be understood; the words say which."""


class Missing(OSError):
    """There is no log, or no GoAccess."""


@dataclass
class Day:
    """What the logs say of one day: views, and how many of its lines can't be read."""

    views: Counter[View] = field(default_factory=Counter)
    unreadable: int = 0


def count(logs: Path, kept: Path, *, today: date) -> list[date]:
    """Write a file of counts in ``kept`` for each day before ``today`` that ``logs`` reach over and that has none.

    Gives the new days. Raises Missing, and Unreadable when all that can be read is counted.
    """
    days, faults = _read(logs)
    new = []
    for day in _span(days):
        if day >= today or _file(kept, day).exists():
            continue
        try:
            _write(_file(kept, day), _counts(day, days.get(day, Day())))
            new.append(day)
        except Unreadable as error:
            faults.append(str(error))
    if faults:
        raise Unreadable("\n".join([*faults, "Resten är räknat."]))
    return new


def _span(days: Iterable[date]) -> list[date]:
    """``days`` and those between them, on which nobody came."""
    known = sorted(days)
    between = [
        before + timedelta(number)
        for before, after in pairwise(known)
        if (after - before).days <= GAP
        for number in range(1, (after - before).days)
    ]
    return sorted([*known, *between])


def _read(logs: Path) -> tuple[dict[date, Day], list[str]]:
    """The days of all logs, and words about those that can't be read to their end. Raises Missing."""
    paths = sorted(logs.glob("access.log*"))
    paths = [path for path in paths if path.suffix != ".gz" or path.with_suffix("") not in paths]  # it's being packed
    if not paths:
        raise Missing(f"I {logs} finns ingen logg (access.log).")
    days: dict[date, Day] = defaultdict(Day)
    faults = []
    with ExitStack() as opened:
        files = [(path, opened.enter_context(path.open("rb"))) for path in paths]  # all at once: they move when rotated
        for path, file in files:
            if not _take(file, days, packed=path.suffix == ".gz"):
                faults.append(f"{path} gick inte att läsa, eller inte hela.")
    return dict(days), faults


def _take(file: BinaryIO, days: dict[date, Day], *, packed: bool) -> bool:
    """Add the lines of ``file`` to ``days``; False when it breaks off, or has lines and none can be read.

    A line that can't be read belongs to the day of the one before, or, at the beginning, of the one after.
    """
    day, waiting, whole = None, 0, True
    lines = iter(gzip.GzipFile(fileobj=file) if packed else file)
    while True:
        try:
            line = next(lines, None)
        except (OSError, EOFError, zlib.error):
            line, whole = None, False
        if line is None:
            return whole and not (waiting and day is None)
        if not line.strip():
            continue
        try:
            day, view = _parse(line)
        except UNLIKE:
            waiting += 1
            view = None
        if day:
            days[day].unreadable += waiting
            waiting = 0
            if view:
                days[day].views[view] += 1


def _parse(line: bytes) -> tuple[date, View | None]:
    """The day of a line, and the view if a page was read. Raises what a line causes that is no such line."""
    entry = json.loads(line.decode("utf-8", "replace"))
    request = entry["request"]
    day = datetime.fromtimestamp(entry["ts"], ZONE).date()
    path = request["uri"].partition("?")[0]
    page = PAGE.fullmatch(path) and not SECRET.fullmatch(path) and len(path) <= LONGEST
    if not page or (request["method"], entry["status"]) != ("GET", 200):
        return day, None
    agent = entry["user_agent"] if "user_agent" in entry else request["headers"].get("User-Agent", [""])[0]
    address = ipaddress.ip_address(request["remote_ip"].partition("%")[0])
    return day, (str(address), ODD.sub("?", agent[:LONGEST]) or "-", path)


def _counts(day: date, seen: Day) -> dict[str, Any]:
    """What is kept of a day. Raises Missing or Unreadable."""
    nothing = {"visitors": 0, "views": 0, "pages": {}, "unreadable": seen.unreadable}
    if not seen.views:
        return nothing
    told = _goaccess(day, seen.views)
    try:
        failed, valid = told["general"]["failed_requests"], told["general"]["valid_requests"]
        pages = {
            entry["data"]: {"views": entry["hits"]["count"], "visitors": entry["visitors"]["count"]}
            for entry in told["requests"]["data"]
        }
        visitors = told["general"]["unique_visitors"]
    except (LookupError, TypeError) as error:
        raise Unreadable(f"GoAccess svar om {day} saknar {error}. Är det en annan version än 1.7?") from error
    if failed or valid != sum(page["views"] for page in pages.values()):
        raise Unreadable(f"GoAccess förstod inte alla rader om {day}: {failed} av {seen.views.total()} föll bort.")
    return {**nothing, "visitors": visitors, "views": valid, "pages": dict(sorted(pages.items()))}


def _goaccess(day: date, views: Counter[View]) -> dict[str, Any]:
    """GoAccess' own words about a day. Raises Missing or Unreadable."""
    with tempfile.TemporaryDirectory() as folder:
        crawlers = Path(folder) / "crawlers"
        crawlers.write_text("".join(f"{word}\tCrawlers\n" for word in CRAWLERS), "ascii")
        # its own settings (.goaccessrc, the system's) are kept away, and noon in UTC is the same day everywhere
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": folder, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        command = [*COMMAND, f"--browsers-file={crawlers}"]
        lines = "".join(_lines(day, views))
        try:
            done = subprocess.run(
                command, input=lines, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
            )
        except FileNotFoundError:
            raise Missing("GoAccess finns inte här. Installera det: apt install goaccess") from None
        except subprocess.TimeoutExpired:
            raise Unreadable(f"GoAccess blev inte färdigt med {day} på {SECONDS} sekunder.") from None
    try:
        return json.loads(done.stdout if done.returncode == 0 else "")
    except ValueError:
        said = re.sub(r"^==\d+==\s*", "", done.stderr, flags=re.MULTILINE).strip()
        raise Unreadable(f"GoAccess kunde inte räkna {day} (slutade med {done.returncode}):\n{said[-500:]}") from None


def _lines(day: date, views: Counter[View]) -> Iterator[str]:
    """The views in Caddy's format, all at noon: GoAccess has no need to know more."""
    noon = datetime.combine(day, time(12), UTC).timestamp()
    for (address, agent, path), times in views.items():
        request = {"remote_ip": address, "proto": "HTTP/1.1", "method": "GET", "host": "-", "uri": path}
        request["headers"] = {"User-Agent": [agent]}
        yield (json.dumps({"ts": noon, "request": request, "duration": 0.0, "size": 0, "status": 200}) + "\n") * times


def _file(kept: Path, day: date) -> Path:
    return kept / f"{day.isoformat()}.json"


def _write(path: Path, counts: dict[str, Any]) -> None:
    """In one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(counts, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, path)
