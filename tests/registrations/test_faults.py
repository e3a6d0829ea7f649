"""Damaged files, disks that are full or read-only, crashes and mail servers that are down: nothing is lost or half done."""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import time

import pytest
import requests

from tests.support import Collector, coming, environment, own_page, publish, wait_for_letters, wait_for_notes

JSON = {"Accept": "application/json"}
DAC_OVERRIDE, DAC_READ_SEARCH = 1, 2  # what lets root write where it may not
DROP_BOUNDING = 24

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets root lose its right to write everywhere")


def obey_file_modes():
    for capability in (DAC_OVERRIDE, DAC_READ_SEARCH):
        ctypes.CDLL(None).prctl(DROP_BOUNDING, capability, 0, 0, 0)


def start(folder, *, preexec_fn=None, **settings):
    """Exit status and words of a start that is expected to fail, by all commands alike that use the setting."""
    ends = set()
    for command in ("serve", "send", *(["list"] if "REGISTRATIONS_STORE" in settings else [])):
        done = subprocess.run(
            [sys.executable, "-m", "registrations", command],
            env=environment(folder, **settings),
            preexec_fn=preexec_fn,
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
        ends.add((done.returncode, done.stdout + done.stderr))
    (end,) = ends
    return end


def sign_up(collector, email, slug="liten", **options):
    form = {"email": email, "name": "A"}
    return requests.post(f"{collector.url}/anmalan/{slug}", form, headers=JSON, timeout=20, **options)


def files(folder):
    return {path: path.read_bytes() for path in (folder / "store").rglob("*") if path.is_file() and path.name[0] != "."}


def test_a_damaged_entry_stops_its_lecture_loudly_and_no_other(tmp_path):
    publish(tmp_path, coming("liten", seats=3), coming("annan"))
    with Collector(tmp_path) as collector:
        sign_up(collector, "a@exempel.se")
        wait_for_letters(tmp_path, 1)
    damaged = tmp_path / "store/liten/log/00000001.json"
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[: len(whole) // 2])
    before = {path: data for path, data in files(tmp_path).items() if "liten" in str(path)}

    with Collector(tmp_path) as collector:
        refused, taken = sign_up(collector, "b@exempel.se"), sign_up(collector, "b@exempel.se", "annan")
        said = collector.said()

    assert (refused.status_code, taken.status_code) == (503, 201)
    assert "inget är sparat" in refused.json()["error"]
    assert "liten/log/00000001.json: är skadad" in said
    assert {path: data for path, data in files(tmp_path).items() if "liten" in str(path)} == before
    damaged.write_bytes(whole)
    with Collector(tmp_path) as collector:
        assert sign_up(collector, "b@exempel.se").json() == {"status": "confirmed"}


def test_a_missing_entry_is_named_and_its_number_is_not_given_away(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        for number in range(2):
            sign_up(collector, f"{number}@exempel.se")
        wait_for_letters(tmp_path, 2)
    (tmp_path / "store/liten/log/00000001.json").unlink()

    with Collector(tmp_path) as collector:
        assert sign_up(collector, "b@exempel.se").status_code == 503
        assert "liten/log/00000001.json: saknas" in collector.said()

    assert not (tmp_path / "store/liten/log/00000001.json").exists()


def test_a_full_disk_is_answered_503_leaves_nothing_half_written_and_recovers_by_itself(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        sign_up(collector, "a@exempel.se")
        wait_for_notes(tmp_path, "liten", 1)
        before = files(tmp_path)

        old = resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        full = [sign_up(collector, f"{number}@exempel.se") for number in range(3)]
        health = requests.get(f"{collector.url}/healthz", timeout=20)
        assert files(tmp_path) == before
        resource.prlimit(collector.process.pid, resource.RLIMIT_FSIZE, old)
        after = sign_up(collector, "b@exempel.se")

    assert {answer.status_code for answer in full} == {503}
    assert full[0].headers["Retry-After"] == "30"
    assert health.status_code == 503
    assert (after.status_code, after.json()) == (201, {"status": "confirmed"})


@linux
def test_a_read_only_folder_is_answered_503_and_recovers_by_itself(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path, preexec_fn=obey_file_modes) as collector:
        sign_up(collector, "a@exempel.se")
        wait_for_notes(tmp_path, "liten", 1)
        for folder in ("people", "log"):
            (tmp_path / "store/liten" / folder).chmod(0o500)
            before = files(tmp_path)
            assert sign_up(collector, f"{folder}@exempel.se").status_code == 503
            assert files(tmp_path) == before
            (tmp_path / "store/liten" / folder).chmod(0o700)

        assert sign_up(collector, "b@exempel.se").status_code == 201


def test_who_was_written_but_not_ordered_is_ordered_at_the_next_start(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        sign_up(collector, "a@exempel.se")
        page = own_page(wait_for_letters(tmp_path, 1)[0])
    id = page.split("/")[3]
    left = "f" * 32
    person = json.loads((tmp_path / f"store/liten/people/{id}.json").read_text())
    (tmp_path / f"store/liten/people/{left}.json").write_text(json.dumps(person | {"email": "b@exempel.se"}))

    with Collector(tmp_path) as collector:
        told = wait_for_letters(tmp_path, 2)[1]
        shown = requests.get(collector.url + own_page(told), timeout=20)

    assert told["To"] == "b@exempel.se"
    assert own_page(told) == f"/anmalan/liten/{left}/"
    assert "Du har en plats." in shown.text


def test_a_catalogue_that_is_gone_or_damaged_is_said_and_mended_by_a_build(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        (tmp_path / "catalogue.json").write_text("{")
        broken = sign_up(collector, "a@exempel.se")
        publish(tmp_path, coming("liten", seats=3))
        mended = sign_up(collector, "a@exempel.se")

        assert (broken.status_code, mended.status_code) == (503, 201)
        assert "catalogue.json: är ingen katalog" in collector.said()


def test_an_editors_backup_copy_beside_the_entries_is_no_entry(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        sign_up(collector, "a@exempel.se")
        wait_for_letters(tmp_path, 1)
    (tmp_path / "store/liten/log/00000001.json~").write_text("copy")

    with Collector(tmp_path) as collector:
        assert sign_up(collector, "b@exempel.se").status_code == 201


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("REGISTRATIONS_STORE", "var/x", "skriv file:MAPP"),
        ("REGISTRATIONS_MAIL", "smtp://anna:hemlig@", "skriv outbox:MAPP"),
        ("REGISTRATIONS_LIMITS", "av", "skriv on eller off"),
        ("REGISTRATIONS_PROXIES", "192.0.2.0/8", "skriv webbserverns adress eller nät"),
        ("SITEURL", "qjouren.se", "skriv webbplatsens adress"),
        ("PORT", "http", "skriv ett tal"),
        ("HOST", "finnsinte.invalid", "det finns ingen sådan adress"),
        ("REGISTRATIONS_MAIL", "smtp://user:hem@hemlig#x@host", "skriv outbox:MAPP"),
        ("REGISTRATIONS_CATALOGUE", "/finns/inte.json", "Bygg webbplatsen först"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_a_sentence(tmp_path, setting, value, words):
    publish(tmp_path, coming())

    with pytest.raises(AssertionError) as said:
        Collector(tmp_path, **{setting: value})

    assert words in str(said.value)
    assert "hemlig" not in str(said.value)
    assert "Traceback" not in str(said.value)


def test_a_taken_port_is_said_in_a_sentence(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path) as first:
        port = first.url.rpartition(":")[2]
        with pytest.raises(AssertionError, match="porten används av ett annat program"):
            Collector(tmp_path, PORT=port)


@pytest.mark.parametrize("setting", ["REGISTRATIONS_STORE", "REGISTRATIONS_MAIL"])
def test_a_folder_that_is_a_file_is_said_in_a_sentence(tmp_path, setting):
    publish(tmp_path, coming())
    (tmp_path / "file").write_text("a file")
    kind = "file" if setting == "REGISTRATIONS_STORE" else "outbox"

    for value in (f"{kind}:{tmp_path}/file", f"{kind}:{tmp_path}/file/below"):
        code, said = start(tmp_path, **{setting: value})

        assert code == 2
        assert f"{setting}='{value}': {tmp_path}/file är ingen mapp" in said
    assert {path.name for path in tmp_path.iterdir()} == {"catalogue.json", "frame.html", "file"}


@linux
@pytest.mark.parametrize("setting", ["REGISTRATIONS_STORE", "REGISTRATIONS_MAIL"])
def test_a_folder_that_nobody_may_write_is_said_in_a_sentence(tmp_path, setting):
    publish(tmp_path, coming())
    (tmp_path / "locked").mkdir(mode=0o500)
    kind = "file" if setting == "REGISTRATIONS_STORE" else "outbox"

    for value in (f"{kind}:{tmp_path}/locked", f"{kind}:{tmp_path}/locked/below/it"):
        code, said = start(tmp_path, preexec_fn=obey_file_modes, **{setting: value})

        assert code == 2
        assert f"{setting}='{value}': mappen {tmp_path}/locked går inte att skriva i" in said
    assert {path.name for path in tmp_path.iterdir()} == {"catalogue.json", "frame.html", "locked"}


def test_sign_ups_go_on_when_the_outbox_cant_be_written_and_letters_follow(tmp_path):
    publish(tmp_path, coming("liten", seats=3))
    with Collector(tmp_path) as collector:
        (tmp_path / "outbox").write_text("in the way")
        assert sign_up(collector, "a@exempel.se").status_code == 201
        deadline = time.monotonic() + 20
        while "Breven väntar" not in collector.said():
            assert time.monotonic() < deadline
            time.sleep(0.02)
        os.unlink(tmp_path / "outbox")
        sign_up(collector, "b@exempel.se")  # the courier looks again when somebody signs up

        assert {letter["To"] for letter in wait_for_letters(tmp_path, 2)} == {"a@exempel.se", "b@exempel.se"}
    shutil.rmtree(tmp_path / "outbox")


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.1])
def test_it_ends_whenever_it_is_asked_to(tmp_path, delay):
    publish(tmp_path, coming("liten", seats=3))
    collector = Collector(tmp_path)
    time.sleep(delay)

    assert collector.stop() == 0
    assert "Traceback" not in collector.said()
