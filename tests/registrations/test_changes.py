"""What a push means for those who are signed up, told before it is published."""

import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import requests

from registrations.catalogue import ZONE, Catalogue, write
from registrations.changes import Count, Mailing, changes
from tests.support import (
    NOW,
    SITE,
    START,
    Collector,
    catalogue,
    coming,
    environment,
    lecture,
    publish,
    wait_for_letters,
)

COUNTS = {"ekonomiskt-vald": Count(confirmed=3, waiting=2)}
LATER = START + timedelta(days=7)


def told(before, *after, counts=COUNTS, now=NOW):
    return [(change.words, change.harm) for change in changes(catalogue(before), catalogue(*after), counts, now)]


def words(before, *after, **options):
    """Only the words, of what is told and never asked about."""
    found = told(before, *after, **options)
    assert [harm for _, harm in found] == [False] * len(found)
    return [each for each, _ in found]


def added(new, *, now=NOW, mailings=None):
    """What is said of a lecture that wasn't there."""
    return [change.words for change in changes(catalogue(), catalogue(new), {}, now, mailings)]


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
        (
            {},
            {"title": "Nytt namn"},
            "Ekonomiskt våld: ny titel, Nytt namn. 5 anmälda får inget veta om ny titel.",
        ),
        (
            {},
            {"speaker": "Eva Ek"},
            "Ekonomiskt våld: ny föreläsare, Eva Ek. 5 anmälda får inget veta om ny föreläsare.",
        ),
        (
            {},
            {"speaker": "Eva Ek", "start": LATER},
            "Ekonomiskt våld: flyttas till onsdag 17 februari 2027 kl. 12.00–13.00. 5 anmälda får besked om ny tid.",
        ),
        (
            {},
            {"start": START - timedelta(days=365)},
            "Ekonomiskt våld: flyttas till tisdag 10 februari 2026 kl. 12.00–13.00, men den dagen har varit: "
            "5 anmälda får inget veta. Står rätt år i Start?",
        ),
    ],
)
def test_what_nobody_should_do_by_mistake_is_asked_about(before, after, words):
    assert told(lecture(**before), lecture(**after)) == [(words, True)]


def test_a_lecture_that_is_taken_away_is_asked_about_with_the_way_out():
    ((words, harm),) = told(lecture())

    assert harm
    assert words.startswith("Ekonomiskt våld: försvinner från webbplatsen, men 5 är anmälda och får inget veta.")
    assert "Status: cancelled" in words
    assert "Har filen bytt namn ger du den det gamla namnet." in words


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ({"seats": 301}, "Ekonomiskt våld: får fler platser. 2 som väntar får plats och mejl om det."),
        ({"join": "https://zoom.example/j/ny"}, "Ekonomiskt våld: länken är ny. 3 med plats får mejl om det."),
    ],
)
def test_what_helps_them_is_told_and_not_asked_about(after, words):
    assert told(lecture(), lecture(**after)) == [(words, False)]


def test_a_new_link_tells_those_with_a_seat_of_a_new_speaker_too():
    new = lecture(join="https://zoom.example/j/ny", speaker="Eva Ek")

    assert told(lecture(), new) == [
        ("Ekonomiskt våld: länken är ny. 3 med plats får mejl om det.", False),
        ("Ekonomiskt våld: ny föreläsare, Eva Ek. 2 anmälda får inget veta om ny föreläsare.", True),
    ]


def test_what_has_been_held_is_not_made_into_the_next_one():
    now = START + timedelta(days=1)

    assert told(lecture(), lecture(start=LATER, title="Nästa"), now=now) == [
        (
            "Ekonomiskt våld: är redan hållen, och 5 är anmälda till den. Gör en ny fil för nästa föreläsning.",
            True,
        )
    ]
    assert told(lecture(status="cancelled"), lecture(start=LATER), now=now) == [
        ("Ekonomiskt våld: blir av ändå. 5 anmälda får mejl om det.", True)
    ]


def test_those_who_have_not_confirmed_are_not_promised_a_letter():
    counts = {"ekonomiskt-vald": Count(confirmed=1, waiting=3, asked=2)}

    assert told(lecture(), lecture(status="cancelled"), counts=counts) == [
        ("Ekonomiskt våld: ställs in. 4 anmälda får mejl om det.", True)
    ]
    assert words(lecture(seats=3), lecture(seats=4), counts=counts) == [
        "Ekonomiskt våld: får fler platser. 1 som väntar får plats och mejl om det."
    ]


def test_without_anybody_signed_up_it_is_told_and_not_asked_about():
    def said(**after):
        return words(lecture(), lecture(**after), counts={})

    assert said(start=LATER) == [
        "Ekonomiskt våld: flyttas till onsdag 17 februari 2027 kl. 12.00–13.00. Ingen är anmäld."
    ]
    assert said(status="cancelled") == ["Ekonomiskt våld: ställs in. Ingen är anmäld."]
    assert said(title="Nytt namn") == ["Ekonomiskt våld: ny titel, Nytt namn."]
    assert said(seats=50) == ["Ekonomiskt våld: har 50 platser i stället för 300."]
    assert said(join=None) == ["Ekonomiskt våld: länken till mötet är borttagen."]
    assert said(example=True) == ["Ekonomiskt våld: är nu ett exempel."]
    assert said(start=START - timedelta(days=365), closes=START - timedelta(days=365)) == [
        "Ekonomiskt våld: flyttas till tisdag 10 februari 2026 kl. 12.00–13.00. Observera: den dagen har varit."
    ]
    assert words(lecture(), counts={}) == ["Ekonomiskt våld: försvinner från webbplatsen."]


@pytest.mark.parametrize(
    ("closes", "sentence"),
    [
        (NOW - timedelta(days=1), "Observera: anmälan stängde redan söndag 10 januari 2027 kl. 10.30. Ändra Closes om"),
        (NOW + timedelta(days=1), "Observera: anmälan stänger tisdag 12 januari 2027 kl. 10.30, 29 dagar före"),
        (START - timedelta(days=2), "anmälan är öppen till måndag 8 februari 2027 kl. 12.00."),
    ],
)
def test_when_the_sign_up_closes_is_told(closes, sentence):
    (said,) = words(lecture(), lecture(closes=closes))

    assert said.startswith(f"Ekonomiskt våld: {sentence}")


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        (
            {},
            ["Ny: Ekonomiskt våld, onsdag 10 februari 2027 kl. 12.00, 300 platser, anmälan öppen tills den börjar."],
        ),
        (
            {"join": None, "closes": START - timedelta(days=1)},
            [
                "Ny: Ekonomiskt våld, onsdag 10 februari 2027 kl. 12.00, 300 platser, "
                "anmälan öppen till tisdag 9 februari 2027 kl. 12.00, länk saknas."
            ],
        ),
        (
            {"start": datetime(2026, 1, 2, 12, tzinfo=ZONE)},
            [
                "Ny: Ekonomiskt våld, fredag 2 januari 2026 kl. 12.00, 300 platser.",
                "Ekonomiskt våld: Observera: 2 januari 2026 har varit. Står rätt år i Start?",
            ],
        ),
        (
            {"closes": NOW - timedelta(days=1)},
            [
                "Ny: Ekonomiskt våld, onsdag 10 februari 2027 kl. 12.00, 300 platser.",
                "Ekonomiskt våld: Observera: anmälan stängde redan söndag 10 januari 2027 kl. 10.30. "
                "Ändra Closes om den ska vara öppen.",
            ],
        ),
        (
            {"start": NOW + timedelta(hours=1), "join": None},
            [
                "Ny: Ekonomiskt våld, måndag 11 januari 2027 kl. 11.30, 300 platser, "
                "anmälan öppen tills den börjar, länk saknas.",
                "Ekonomiskt våld: Observera: den börjar inom ett dygn, och länken till mötet saknas. Skriv Join i filen.",
            ],
        ),
        (
            {"example": True, "status": "cancelled"},
            ["Nytt exempel: Ekonomiskt våld, onsdag 10 februari 2027 kl. 12.00, 300 platser, inställd."],
        ),
    ],
)
def test_a_new_lecture_is_told_as_it_is(values, lines):
    assert added(lecture(**values)) == lines


@pytest.mark.parametrize(
    ("hour", "people", "sentence"),
    [
        (NOW + timedelta(hours=1), 12, "Ekonomiskt våld: mejl om den går 11.30 till 12 personer."),
        (NOW + timedelta(days=1), 1, "Ekonomiskt våld: mejl om den går tisdag 12 januari kl. 10.30 till 1 person."),
        (NOW, 2, "Ekonomiskt våld: mejl om den går genast till 2 personer."),
    ],
)
def test_whose_letters_go_and_when(hour, people, sentence):
    mailings = {"ekonomiskt-vald": [Mailing(hour=hour, people=people)]}

    assert added(lecture(), mailings=mailings)[-1] == sentence


def test_a_change_of_one_lecture_reminds_of_another_whose_link_is_missed_today():
    today = lecture("idag", title="I dag", start=NOW + timedelta(hours=2), join=None)

    assert words(today, today) == []
    found = changes(catalogue(today), catalogue(today, lecture()), {}, NOW)
    assert [change.words for change in found][-1] == (
        "I dag: Observera: den börjar inom ett dygn, och länken till mötet saknas. Skriv Join i filen."
    )


def test_a_first_publication_tells_what_is_there():
    past = lecture("forra", start=NOW - timedelta(days=300))

    found = changes(None, catalogue(lecture(), past), {}, NOW)

    assert [(change.words, change.harm) for change in found] == [
        ("Det finns 1 kommande föreläsning och 1 som har varit.", False),
        (
            "Avsändare i mejlen blir info@testjouren.se. "
            "testjouren.se måste tillåta vår mejlserver (SPF), annars kommer de inte fram.",
            False,
        ),
    ]
    assert changes(None, catalogue(), {}, NOW)[0].words == "Det finns inga föreläsningar än."


def test_another_sender_is_told_with_what_it_takes():
    new = Catalogue(site=replace(SITE, email="ny@exempel.se", phone="08-1", name="Nya jouren"))

    found = changes(catalogue(), new, {}, NOW)

    assert [change.words for change in found] == [
        "Avsändare i mejlen blir ny@exempel.se. "
        "exempel.se måste tillåta vår mejlserver (SPF), annars kommer de inte fram.",
        "Telefonnumret i mejlen blir 08-1.",
        "Namnet i mejlen blir Nya jouren.",
    ]


def test_nothing_is_told_when_nothing_changes():
    assert told(lecture(), lecture()) == []
    assert told(lecture(), lecture(summary="Annat")) == []
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
    assert run(here) == (0, "")
    assert run(replace(here, title="Annat")) == (
        1,
        "Ekonomiskt våld: ny titel, Annat. 1 anmäld får inget veta om ny titel.\n",
    )
    assert run(replace(here, join="https://zoom.example/j/ny")) == (
        0,
        "Ekonomiskt våld: länken är ny. 1 med plats får mejl om det.\n",
    )
    code, words = run()
    assert (code, words.startswith("Ekonomiskt våld: försvinner från webbplatsen, men 1 är anmäld och")) == (1, True)
    assert kept == sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*"))


def test_the_command_counts_each_who_hears_of_a_new_lecture_once(tmp_path):
    here, other = coming(), coming("andra", title="Andra")
    publish(tmp_path, here, other)
    with Collector(tmp_path) as collector:
        for slug, email, tips in (
            ("ekonomiskt-vald", "a@exempel.se", "ja"),
            ("andra", "A@exempel.se", "ja"),
            ("andra", "b@exempel.se", "ja"),
            ("andra", "c@exempel.se", ""),
        ):
            form = {"email": email, "name": "A", "tips": tips}
            assert requests.post(f"{collector.url}/anmalan/{slug}", data=form, timeout=20).ok
        wait_for_letters(tmp_path, 4)
    time.sleep(1.1)  # who signs up in the second of the publication isn't told of it
    write(catalogue(here, other, coming("ny", title="Ny start")), tmp_path / "new.json")
    kept = sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*"))

    command = [sys.executable, "-m", "registrations", "changes", str(tmp_path / "new.json"), "--json"]
    began = datetime.now(ZONE)
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, cwd=tmp_path)

    ended = datetime.now(ZONE)
    found = [change["words"] for change in json.loads(done.stdout)]
    assert (done.returncode, len(found)) == (0, 2)
    assert found[0].startswith("Ny: Ny start, ")
    clocks = {f"{moment + timedelta(hours=1):%H.%M}" for moment in (began, ended)}
    assert any(f" {clock} till 2 personer." in found[1] for clock in clocks)
    assert kept == sorted((path, path.stat().st_mtime_ns) for path in (tmp_path / "store").rglob("*"))


def test_the_first_catalogue_has_none_before_it(tmp_path):
    write(catalogue(coming()), tmp_path / "new.json")

    command = [sys.executable, "-m", "registrations", "changes", str(tmp_path / "new.json")]
    done = subprocess.run(command, env=environment(tmp_path), capture_output=True, text=True, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Det finns 1 kommande föreläsning och 0 som har varit.\n")
