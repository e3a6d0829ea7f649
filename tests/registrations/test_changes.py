"""What a push means for those who are signed up, told before it is published."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta

import pytest
import requests

from registrations.catalogue import write
from registrations.changes import Count, changes
from tests.support import NOW, START, Collector, catalogue, coming, environment, lecture, publish, wait_for_letters

COUNTS = {"ekonomiskt-vald": Count(confirmed=3, waiting=2)}
LATER = START + timedelta(days=7)


def told(before, *after, counts=COUNTS, now=NOW):
    return [(change.words, change.harm) for change in changes(catalogue(before), catalogue(*after), counts, now)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ({}, {"status": "cancelled"}, "Ekonomiskt våld: ställs in. 5 anmälda får mejl om det."),
        ({"status": "cancelled"}, {}, "Ekonomiskt våld: blir av ändå. 5 anmälda får mejl om det."),
        (
            {},
            {"start": LATER},
            "Ekonomiskt våld: flyttas till onsdag 17 februari 2027 kl. 12.00–13.00. 5 anmälda får besked om ny tid.",
        ),
        (
            {},
            {"seats": 2},
            "Ekonomiskt våld: får färre platser, 2 i stället för 300. 3 har plats och behåller den.",
        ),
    ],
)
def test_what_nobody_should_do_by_mistake_is_asked_about(before, after, words):
    assert told(lecture(**before), lecture(**after)) == [(words, True)]


def test_a_lecture_that_is_taken_away_is_asked_about_with_the_way_out():
    ((words, harm),) = told(lecture())

    assert harm
    assert words.startswith("Ekonomiskt våld: filen är borta, men 5 är anmälda, och de får inget veta.")
    assert "Status: cancelled" in words


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"seats": 301}, "Ekonomiskt våld: får fler platser. 2 som väntar får plats och mejl om det."),
        ({"join": "https://zoom.example/j/ny"}, "Ekonomiskt våld: länken är ny. 3 med plats får mejl om det."),
    ],
)
def test_what_helps_them_is_told_and_not_asked_about(after, words):
    assert told(lecture(), lecture(**after)) == [(words, False)]


def test_nothing_is_told_when_nobody_is_signed_up_when_it_is_over_or_when_nothing_changes():
    assert told(lecture(), counts={}) == []
    assert told(lecture(), now=START + timedelta(hours=2)) == []
    assert told(lecture(), lecture(title="Nytt namn")) == []
    assert told(lecture(status="cancelled"), lecture(status="cancelled", start=LATER)) == []


def test_the_command_says_it_and_changes_nothing(tmp_path):
    here = coming()
    publish(tmp_path, here)
    with Collector(tmp_path) as collector:
        form = {"email": "a@exempel.se", "name": "A"}
        assert requests.post(f"{collector.url}/anmalan/ekonomiskt-vald", data=form, timeout=20).ok
        wait_for_letters(tmp_path, 1)

    def run(*lectures):
        write(catalogue(*lectures), tmp_path / "new.json")
        command = [sys.executable, "-m", "registrations", "changes", str(tmp_path / "new.json")]
        done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, cwd=tmp_path)
        return done.returncode, done.stdout

    kept = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*"))
    assert run(replace(here, title="Annat")) == (0, "")
    assert run(replace(here, join="https://zoom.example/j/ny")) == (
        0,
        "Ekonomiskt våld: länken är ny. 1 med plats får mejl om det.\n",
    )
    code, words = run()
    assert (code, words.startswith("Ekonomiskt våld: filen är borta, men 1 är anmälda")) == (1, True)
    assert kept == sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*"))
