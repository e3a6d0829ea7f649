"""Visits counted by the real GoAccess from logs as Caddy and nginx write them: the right numbers, and nothing but numbers."""

import fcntl
import gzip
import json
import stat
from datetime import date, datetime

import pytest

from deploy.server import visits, year
from tests.stores.running import install

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)
ODD = 'Mozilla/5.0 (X11; Linux x86_64) "\\ä\x01\ud800 Firefox/140.0'
ROBOTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Mobile Safari/537.36 (compatible; Bytespider)",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
    "curl/8.5.0",
    "",
)
ID = "0123456789abcdef0123456789abcdef"
LATER = date(2027, 1, 1)
ADDRESSES = ("192.0.2.0", "198.51.100.0", "2001:db8::")


@pytest.fixture(scope="module", autouse=True)
def _goaccess(tmp_path_factory):
    with (tmp_path_factory.getbasetemp().parent / "apt.lock").open("w") as lock:  # the tests run beside each other
        fcntl.flock(lock, fcntl.LOCK_EX)
        install("goaccess", program="goaccess")


@pytest.fixture
def logs(tmp_path):
    """A folder for logs."""
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(tmp_path):
    """A folder for counts, not made yet."""
    return tmp_path / "visits"


def line(moment, path="/", *, agent=FIREFOX, address=ADDRESSES[0], status=200, method="GET", caddy=False):
    """One that nginx writes, or Caddy, at ``moment`` in Stockholm (``2026-11-23 12:00``)."""
    request = {"remote_ip": address, "proto": "HTTP/2.0", "method": method, "host": "www.example.org", "uri": path}
    entry = {"ts": datetime.fromisoformat(moment).replace(tzinfo=visits.ZONE).timestamp() + 0.25, "request": request}
    if caddy:
        entry |= {"level": "info", "logger": "http.log.access.log0", "msg": "handled request", "user_agent": agent}
    else:
        request["headers"] = {"User-Agent": [agent]}
    return json.dumps({**entry, "duration": 0.00002, "size": 3, "status": status})


def write(path, *lines):
    """A log, packed if its name says so."""
    data = "".join(f"{each}\n" for each in lines).encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)


def counts(kept):
    """All that is kept, by day."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(kept.iterdir())}


def test_a_day_is_counted_as_people_read_it_and_nothing_but_counts_is_kept(logs, kept):
    noon = "2026-11-23 12:00"
    people = [
        line(noon, "/kontakt/"),
        line(noon, "/kontakt/", caddy=True),  # the same person; both servers' ways
        line(noon, "/", address=ADDRESSES[1]),
        line(noon, "/kontakt/", agent=PHONE, address=ADDRESSES[2], caddy=True),
        line(noon, "/forelasningar/?q=x", agent=ODD, address=ADDRESSES[2]),
    ]
    others = [
        *(line(noon, "/kontakt/", agent=robot, address="203.0.113.0") for robot in ROBOTS),
        line(noon, "/finns-ej/", address="203.0.113.0", status=404),
        line(noon, "/", address="203.0.113.0", method="HEAD"),
        line(noon, "/theme/style.css", address="203.0.113.0"),
        line(noon, "/bilder/lokal.webp", address="203.0.113.0"),
        line(noon, f"/anmalan/ekonomiskt-vald/{ID}/", address="203.0.113.0"),
        line(noon, "/anmalan/ekonomiskt-vald/tack/", address="203.0.113.0"),
        line(noon, f"/en/{ID}/", address="203.0.113.0"),
        line(noon, "/%6bontakt/", address="203.0.113.0"),
        line(noon, "//kontakt/<b>/", address="203.0.113.0"),
    ]
    write(logs / "access.log", *others, *people)

    assert visits.count(logs, kept, today=date(2026, 11, 24)) == [date(2026, 11, 23)]

    pages = {
        "/": {"views": 1, "visitors": 1},
        "/forelasningar/": {"views": 1, "visitors": 1},
        "/kontakt/": {"views": 3, "visitors": 2},
    }
    assert counts(kept) == {"2026-11-23": {"visitors": 4, "views": 5, "pages": pages, "unreadable": 0}}
    words = "".join(path.name + path.read_text("utf-8") for path in kept.iterdir())
    for secret in (*ADDRESSES, "203.0.113", "Mozilla", "Firefox", "bot", ID, "anmalan", "12:00", str(1795431600)[:6]):
        assert secret not in words


def test_nobody_can_end_the_count_with_a_browser_that_goaccess_cannot_read(logs, kept):
    noon = "2026-11-23 12:00"
    agents = [ODD, f"{FIREFOX} {'x' * 9000}", "\ud800", "\0", "%", " ", FIREFOX]
    lines = [line(noon, agent=agent) for agent in agents]
    write(logs / "access.log", *lines, line(noon, f"/{'x' * 9000}/"), line(noon, "/local/", address="fe80::1%eth0"))

    visits.count(logs, kept, today=LATER)

    assert counts(kept)["2026-11-23"] == {
        "visitors": 4,
        "views": 4,
        "pages": {"/": {"views": 3, "visitors": 3}, "/local/": {"views": 1, "visitors": 1}},
        "unreadable": 0,
    }


def test_a_day_begins_and_ends_at_midnight_in_stockholm_when_the_clock_is_changed_too(logs, kept):
    moments = (
        "2026-10-24 23:59:59",
        "2026-10-25 00:00:00",
        "2026-10-25 02:30",
        "2026-10-25 23:59:59",
        "2026-10-26 00:00",
    )
    write(logs / "access.log", *(line(moment, f"/{place}/") for place, moment in enumerate(moments)))

    visits.count(logs, kept, today=date(2026, 10, 26))

    days = counts(kept)
    assert {day: sorted(numbers["pages"]) for day, numbers in days.items()} == {
        "2026-10-24": ["/0/"],
        "2026-10-25": ["/1/", "/2/", "/3/"],
    }
    assert days["2026-10-25"]["visitors"] == 1


def test_rotated_logs_are_one_log_and_a_second_count_changes_nothing(logs, kept):
    write(logs / "access.log.2.gz", line("2026-11-20 12:00"), line("2026-11-21 08:00"))
    write(logs / "access.log.1", line("2026-11-21 20:00"), line("2026-11-23 12:00", status=404))
    write(logs / "access.log.1.gz", line("2026-11-21 20:00"))  # being packed
    write(logs / "access.log", line("2026-11-24 07:00"), line("2026-11-25 07:00"))
    first = [date(2026, 11, day) for day in (20, 21, 22, 23, 24)]

    assert visits.count(logs, kept, today=date(2026, 11, 25)) == first
    before = counts(kept)
    assert [numbers["views"] for numbers in before.values()] == [
        1,
        2,
        0,
        0,
        1,
    ]  # a day on which nobody came is counted too

    for path in logs.iterdir():
        path.unlink()
    write(logs / "access.log", line("2026-11-24 23:00"), line("2026-11-25 07:00"))
    assert visits.count(logs, kept, today=date(2026, 11, 25)) == []
    assert counts(kept) == before
    assert visits.count(logs, kept, today=date(2026, 11, 26)) == [date(2026, 11, 25)]


def test_a_wrong_clock_does_not_make_thousands_of_days_without_visits(logs, kept):
    write(logs / "access.log", line("1970-01-02 12:00"), line("2026-11-23 12:00"))

    assert visits.count(logs, kept, today=LATER) == [date(1970, 1, 2), date(2026, 11, 23)]


def test_lines_that_cannot_be_read_are_counted_and_the_others_too(logs, kept):
    good = line("2026-11-23 12:00")
    odd = [
        "{",
        "[]",
        '"x"',
        "null",
        "\0" * 50,
        good[:-20],
        good.replace("192.0.2.0", "x"),
        good.replace('"ts": 1', '"ts": 1e99'),
    ]
    write(logs / "access.log", odd[0], good, *odd[1:], "", line("2026-11-24 12:00"))

    visits.count(logs, kept, today=LATER)

    numbers = counts(kept)
    assert numbers["2026-11-23"]["unreadable"] == len(odd)
    assert numbers["2026-11-23"]["views"] == 1
    assert numbers["2026-11-24"]["unreadable"] == 0
    assert "Rader i loggen som inte gick att läsa: 8" in year.report(kept, 2026)


def test_a_file_that_is_no_log_is_told_of_after_the_others_are_counted(logs, kept):
    write(logs / "access.log", line("2026-11-23 12:00"))
    write(logs / "access.log.1", '192.0.2.0 - - [22/Nov/2026:12:00:00 +0100] "GET / HTTP/1.1" 200 3')
    packed = gzip.compress("".join(f"{line(f'2026-11-21 12:{minute:02}')}\n" for minute in range(60)).encode())
    (logs / "access.log.2.gz").write_bytes(packed[: len(packed) - 20])

    with pytest.raises(ValueError, match="gick inte att läsa") as error:
        visits.count(logs, kept, today=LATER)

    assert all(name in str(error.value) for name in ("access.log.1 ", "access.log.2.gz "))
    assert "access.log " not in str(error.value)
    assert counts(kept)["2026-11-23"]["views"] == 1


def test_an_empty_log_has_no_days_and_a_missing_one_is_told_of(logs, kept):
    with pytest.raises(OSError, match="finns ingen logg"):
        visits.count(logs, kept, today=LATER)
    write(logs / "access.log")
    assert visits.count(logs, kept, today=LATER) == []


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "GoAccess finns inte här"),
        ("echo '==7== Format Errors' >&2; exit 1", "slutade med 1.*\nFormat Errors"),
        ("echo Segmentation fault", "kunde inte räkna 2026-11-23"),
        ("echo '{}'", "annan version"),
        (
            'echo \'{"general": {"failed_requests": 1, "valid_requests": 0, "unique_visitors": 0}, "requests": {"data": []}}\'',
            "1 av 1 föll bort",
        ),
    ],
)
def test_a_goaccess_that_fails_is_not_taken_for_a_day_without_visits(logs, kept, tmp_path, monkeypatch, script, words):
    write(logs / "access.log", line("2026-11-23 12:00"))
    programs = tmp_path / "bin"
    programs.mkdir()
    if script:
        program = programs / "goaccess"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{programs}")

    with pytest.raises((ValueError, OSError), match=words):
        visits.count(logs, kept, today=LATER)

    assert not list(kept.glob("*"))


def test_the_owners_own_settings_of_goaccess_do_not_count(logs, kept, tmp_path, monkeypatch):
    (tmp_path / ".goaccessrc").write_text("exclude-ip 192.0.2.0\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    write(logs / "access.log", line("2026-11-23 12:00"))

    visits.count(logs, kept, today=LATER)

    assert counts(kept)["2026-11-23"]["visitors"] == 1


def keep(kept, numbers):
    """Days that are counted: visits by day. Each visit reads the first page, and every other one a second page too."""
    kept.mkdir()
    for day, number in numbers.items():
        pages = {"/": {"views": number, "visitors": number}, "/kontakt/": {"views": number, "visitors": number // 2}}
        whole = {"visitors": number, "views": 2 * number, "pages": pages if number else {}, "unreadable": 0}
        (kept / f"{day}.json").write_text(json.dumps(whole))


def test_the_report_is_what_the_annual_report_needs(kept):
    numbers = {f"2026-11-{day:02}": day for day in range(1, 13)} | {
        "2026-11-25": 6202,
        "2026-12-24": 0,
        "2025-12-31": 999,
    }
    keep(kept, numbers)

    assert year.report(kept, 2026).replace("\xa0", " ") == (
        "Besök på webbplatsen 2026\n"
        "\n"
        "Räknade dagar: 14 av 365\n"
        "I snitt 449 besök om dagen, som mest 6 202 (25 november)\n"
        "Totalt 6 280 besök och 12 560 sidvisningar\n"
        "\n"
        "Dagarna med flest besök\n"
        "  25 november  6 202\n"
        "  12 november     12\n"
        "  11 november     11\n"
        "  10 november     10\n"
        "  9 november       9\n"
        "  8 november       8\n"
        "  7 november       7\n"
        "  6 november       6\n"
        "  5 november       5\n"
        "  4 november       4\n"
        "\n"
        "De mest lästa sidorna, med antal besök\n"
        "  /          6 280\n"
        "  /kontakt/  3 137\n"
        "\n"
        "Ett besök är en webbläsare under en dag. Kända robotar är borträknade. Adresserna är förkortade,\n"
        "så två med likadana webbläsare i samma nät räknas som ett besök.\n"
    )
    figures = year.figures(kept, 2026)
    assert {
        name: figures[name] for name in ("year", "counted", "days", "visits", "views", "average", "unreadable")
    } == {
        **{"year": 2026, "counted": 14, "days": 365, "visits": 6280, "views": 12560},
        **{"average": 448.6, "unreadable": 0},
    }
    assert figures["top_days"][0] == {"day": "2026-11-25", "visits": 6202}
    assert figures["top_pages"][1] == {"path": "/kontakt/", "visits": 3137, "views": 6280}
    assert json.loads(json.dumps(figures)) == figures


def test_the_report_of_few_visits_of_none_of_a_whole_year_and_of_no_year(kept):
    keep(kept, {"2026-01-01": 1, "2026-01-02": 0, "2026-01-03": 0, "2027-01-01": 0})
    for number in range(366):
        day = date.fromordinal(date(2028, 1, 1).toordinal() + number)
        (kept / f"{day}.json").write_text((kept / "2026-01-01.json").read_text())

    assert "I snitt 0,3 besök om dagen, som mest 1 (1 januari)" in year.report(kept, 2026)
    assert "Räknade dagar: 1 av 365\nIngen besökte webbplatsen de dagarna." in year.report(kept, 2027)
    assert "Räknade dagar: alla 366\n" in year.report(kept, 2028)
    assert year.report(kept, 2025) == "Det finns inga räknade dagar från 2025.\n"
    assert year.figures(kept, 2025)["average"] is None


def test_a_kept_day_that_is_broken_is_told_of(kept):
    keep(kept, {"2026-01-01": 1})
    (kept / "2026-01-02.json").write_text("{}")

    with pytest.raises(ValueError, match=r"2026-01-02\.json är inte en räknad dag"):
        year.report(kept, 2026)
