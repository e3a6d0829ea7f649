"""``check-store``: a store that keeps its word passes, each kind that doesn't is found out."""

import os

import pytest

from registrations.checking import NAMES, check_store
from registrations.errors import SettingError, StoreError
from registrations.folder import FolderStore
from registrations.settings import store_from
from tests.objects import Objects, environment, hurried
from tests.proxy import Fault, Proxy
from tests.registrations.test_cli import run


def test_a_folder_keeps_its_word(tmp_path):
    found = check_store(lambda: FolderStore(tmp_path / "store"))

    assert found.faults == ()
    assert found.winners == (1,) * NAMES
    assert FolderStore(tmp_path / "store").walk() == []
    assert not [path for path in (tmp_path / "store").rglob("*") if path.is_file()]


def test_an_object_store_keeps_its_word_and_the_command_says_so(objects, tmp_path):
    url = objects.url()
    done = run(tmp_path, "check-store", REGISTRATIONS_STORE=url, **objects.environment)

    assert done.returncode == 0, done.stderr
    assert "16 skrivare tävlade om 20 namn. Vinnare per namn: 1." in done.stdout
    assert "Platsen går att använda." in done.stdout
    assert store_from(url, objects.environment).names(".check") == []


def test_one_that_lets_several_win_is_refused(tmp_path):
    with Objects("unlocked") as cheating:
        done = run(tmp_path, "check-store", REGISTRATIONS_STORE=cheating.url(), **cheating.environment)

    assert done.returncode == 1
    assert "mer än en vinnare" in done.stderr
    assert "Använd inte den här platsen" in done.stderr


def test_one_that_doesnt_know_the_condition_lets_all_win(objects):
    url = objects.url()
    with Proxy(objects.port, lambda call: Fault.UNCONDITIONAL) as proxy:
        found = check_store(lambda: hurried(url, environment(proxy.port)), writers=4, names=3)

    assert found.winners == (4, 4, 4)
    assert found.faults[0].startswith("3 av 3 namn fick mer än en vinnare, som mest 4.")


class Nobodys(FolderStore):
    def claim(self, name, data, **more):
        return False


class Swapped(FolderStore):
    def claim(self, name, data, **more):
        return super().claim(name, b"other", **more)


class Stale(FolderStore):
    def write(self, name, data):
        if self.read(name) is None:
            super().write(name, data)


class Listless(FolderStore):
    def names(self, folder, after=""):
        return super().names(folder, after)[:-1]


class Deaf(FolderStore):
    def names(self, folder, after=""):
        return super().names(folder)


class Clinging(FolderStore):
    def delete(self, name):
        pass


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Nobodys, "fick ingen vinnare"),
        (Swapped, "höll något annat"),
        (Stale, "gick inte att läsa"),
        (Listless, "fanns inte i listan"),
        (Deaf, "Listan från ett visst namn"),
        (Clinging, "gick inte att radera"),
    ],
)
def test_every_other_lie_is_found_too(tmp_path, kind, words):
    found = check_store(lambda: kind(tmp_path), writers=2, names=4)

    assert any(words in fault for fault in found.faults), found


def test_one_that_cant_be_reached_is_said(objects):
    with Proxy(objects.port, lambda call: Fault.SKEWED) as proxy, pytest.raises(StoreError, match="klocka"):
        check_store(lambda: hurried("s3://anmalningar/x", environment(proxy.port)), writers=4)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"REGISTRATIONS_STORE": "s3://"}, "skriv s3://NAMN"),
        ({"REGISTRATIONS_STORE": "ftp://hink"}, "skriv file:MAPP, s3://HINK/MAPP"),
        ({"AWS_ACCESS_KEY_ID": ""}, "AWS_ACCESS_KEY_ID='': saknas"),
        ({"AWS_ENDPOINT_URL": "objekt"}, "skriv en adress"),
        ({"REGISTRATIONS_STORE": "s3://finnsinte/x"}, "det finns ingen sådan hink"),
    ],
)
@pytest.mark.parametrize("command", [("serve",), ("check-store",), ("list",)])
def test_a_store_that_cant_be_used_is_a_sentence_and_status_2(objects, tmp_path, command, settings, words):
    given = {"REGISTRATIONS_STORE": objects.url(), **objects.environment, **settings}

    done = run(tmp_path, *command, **given)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert words in done.stderr
    assert os.listdir(tmp_path) == []


def test_the_variables_that_are_passed_in_are_those_that_count(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nyckel")

    with pytest.raises(SettingError):
        store_from("s3://hink", {})
