"""The store in a folder."""

import errno
import os
import re
import stat
import time

import pytest

from registrations import folder as module
from registrations.desk import Desk
from registrations.errors import StoreError
from registrations.folder import FolderStore
from registrations.form import Applicant
from tests.registrations.contract import StoreContract
from tests.support import NOW, catalogue, lecture


class TestFolderStore(StoreContract):
    @pytest.fixture
    def open_store(self, tmp_path):
        return lambda: FolderStore(tmp_path / "store")


def test_files_and_folders_are_for_their_owner_only(tmp_path):
    store = FolderStore(tmp_path / "store")

    store.write("a/people/x.json", b"one")
    store.claim("a/log/00000001.json", b"x")

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "store", *(tmp_path / "store").rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}


def test_a_claim_is_on_the_disk_before_it_is_answered(tmp_path, monkeypatch):
    calls = []
    real_fsync, real_link = os.fsync, os.link
    monkeypatch.setattr(
        os, "fsync", lambda handle: calls.append(os.readlink(f"/proc/self/fd/{handle}")) or real_fsync(handle)
    )
    store = FolderStore(tmp_path, publish=lambda *names: calls.append("link") or real_link(*names))
    store.claim("a/log/00000001.json", b"x")
    calls.clear()

    store.claim("a/log/00000002.json", b"x")

    assert calls[0].startswith(f"{tmp_path}/a/log/.tmp-")
    assert calls[1:] == ["link", f"{tmp_path}/a/log"]


def test_a_sign_up_is_on_the_disk_before_it_is_answered(tmp_path, monkeypatch):
    calls, fsync, link = [], os.fsync, os.link

    def note(handle):
        calls.append(os.readlink(f"/proc/self/fd/{handle}").removeprefix(f"{tmp_path}"))
        fsync(handle)

    terms = catalogue(lecture("liten"))
    store = FolderStore(tmp_path / "store", publish=lambda *names: calls.append("link") or link(*names))
    desk = Desk(store, lambda: terms, clock=lambda: NOW)
    monkeypatch.setattr(os, "fsync", note)
    for number in range(2):
        calls.clear()
        desk.sign_up("liten", Applicant(email=f"{number}@exempel.se", name="A", organisation="", sector="", tips=False))

    kept = [re.sub(r"/\.tmp-.*", "/temporary", call) for call in calls]
    assert kept == [
        "/store/liten/people/temporary",
        "/store/liten/log/temporary",
        "/store/liten/people",
        "link",
        "/store/liten/log",
    ]


def test_a_folder_that_another_process_made_is_made_durable_all_the_same(tmp_path, monkeypatch):
    (tmp_path / "store/liten/people").mkdir(parents=True)
    synced, fsync = [], os.fsync
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}")) or fsync(handle)
    )

    FolderStore(tmp_path / "store").write("liten/people/x.json", b"one")

    assert f"{tmp_path}/store/liten" in synced


def test_an_fsync_that_fails_stops_the_store_and_is_not_tried_again(tmp_path, monkeypatch):
    store, tries = FolderStore(tmp_path), []

    def broken(handle):
        tries.append(handle)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    for _ in range(2):
        with pytest.raises(StoreError, match=r"Input/output error"):
            store.claim("format.json", b"x")

    assert len(tries) == 1
    assert os.listdir(tmp_path) == []


def test_a_store_that_has_stopped_says_of_nothing_that_it_is_durable(tmp_path, monkeypatch):
    store, real = FolderStore(tmp_path), os.fsync
    store.claim("a/log/00000001.json", b"x")
    monkeypatch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
    with pytest.raises(StoreError):
        store.claim("a/log/00000002.json", b"x")
    monkeypatch.setattr(os, "fsync", real)  # the kernel has forgotten what it lost

    with pytest.raises(StoreError):
        store.settle("a/log")


def test_what_an_interrupted_write_left_is_swept_when_it_is_old(tmp_path):
    store = FolderStore(tmp_path)
    store.write("a/people/x.json", b"one")
    for name, age in ((".tmp-old", module.ABANDONED + 5), (".tmp-new", 0)):
        path = tmp_path / "a/people" / name
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)

    store.sweep("a/people")

    assert sorted(os.listdir(tmp_path / "a/people")) == [".tmp-new", "x.json"]


def test_a_folder_that_was_taken_away_is_made_again(tmp_path):
    store = FolderStore(tmp_path / "store")
    store.claim("a/log/00000001.json", b"x")
    (tmp_path / "store").rename(tmp_path / "elsewhere")
    with pytest.raises(StoreError):
        store.claim("a/log/00000002.json", b"x")

    assert store.claim("a/log/00000002.json", b"x")
