"""``copy FROM TO``: a whole store to another place, either way; resumable, verified, and never mixed."""

import json

import pytest

from registrations import copying
from registrations.bucket import Bucket
from registrations.catalogue import CatalogueFile
from registrations.desk import Desk
from registrations.errors import StoreError, Unusable
from registrations.folder import FolderStore
from registrations.form import Applicant
from registrations.store import check_format
from tests.registrations.test_cli import run
from tests.support import coming, publish


@pytest.fixture
def folder(tmp_path):
    publish(tmp_path, coming("liten", seats=2))
    desk = Desk(FolderStore(tmp_path / "store"), CatalogueFile(tmp_path / "catalogue.json"))
    for number in range(5):
        form = Applicant(email=f"{number}@exempel.se", name="A", organisation="", sector="", tips=False)
        desk.sign_up("liten", form)
    desk.check_health()
    with desk.store.turn("liten/.letters.turn", wait=False):
        pass
    return tmp_path


def contents(store):
    return {name: store.read(name) for name in store.walk() if name not in copying.PASSING}


def test_to_an_object_store_and_back_again_is_the_same(folder, objects):
    url = objects.url()
    source, bucket = FolderStore(folder / "store"), Bucket(url, objects.environment)
    listed = json.loads(run(folder, "list", "liten", "--json").stdout)

    there = run(folder, "copy", f"file:{folder}/store", url, **objects.environment)
    back = run(folder, "copy", url, f"file:{folder}/back", **objects.environment)

    assert (there.returncode, back.returncode) == (0, 0), there.stderr + back.stderr
    count = len(contents(source))
    assert f"{count} namn finns i {url}, {count} kopierade nu. Alla är lästa och jämförda." in there.stdout
    assert "Kopierar" in there.stderr
    assert contents(source) == contents(bucket) == contents(FolderStore(folder / "back"))
    moved = run(folder, "list", "liten", "--json", REGISTRATIONS_STORE=url, **objects.environment)
    assert json.loads(moved.stdout) == listed


def test_a_copy_that_was_cut_short_goes_on(folder, objects):
    source, target = FolderStore(folder / "store"), Bucket(objects.url(), objects.environment)
    work = copying.plan(source, target)
    for _ in copying.copy(source, target, work.missing[:4]):
        pass

    rest = copying.plan(source, target)
    assert len(rest.missing) == len(work.missing) - 4
    assert sorted(copying.copy(source, target, rest.missing)) == sorted(rest.missing)
    assert copying.verify(source, target) == len(work.names)
    assert contents(source) == contents(target)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("liten/log/00000001.json", "liten/log/00000001.json har annat innehåll"),
        ("annan/key", "här ligger 1 namn som inte finns i"),
        (f"liten/people/{'a' * 32}.json", "till exempel liten/people/…"),
    ],
)
def test_two_stores_are_not_mixed(folder, name, words):
    target = FolderStore(folder / "other")
    target.write(name, b"another's")
    before = contents(target)

    done = run(folder, "copy", f"file:{folder}/store", f"file:{folder}/other")

    assert done.returncode == 2
    assert words in done.stderr
    assert "a" * 32 not in done.stderr
    assert contents(target) == before


def test_a_newer_store_is_neither_read_nor_written(folder):
    newer, mine = FolderStore(folder / "newer"), f"file:{folder}/store"
    newer.write("format.json", b'{"format": 2}')

    for route in ((mine, f"file:{folder}/newer"), (f"file:{folder}/newer", mine)):
        done = run(folder, "copy", *route)
        assert done.returncode == 2
        assert "format 2" in done.stderr
    assert newer.walk() == ["format.json"]


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("file:finnsinte", "file:ny", "här ligger inga anmälningar"),
        ("file:store", "file:store", "samma plats"),
        ("store", "file:ny", "FROM='store': skriv file:MAPP"),
        ("file:store", "s3://", "TO='s3://': skriv s3://NAMN"),
        ("file:store", "s3://hink/mapp", "AWS_ACCESS_KEY_ID='': saknas"),
    ],
)
def test_what_cant_be_copied_is_a_sentence_and_status_2(folder, monkeypatch, source, target, words):
    monkeypatch.chdir(folder)

    done = run(folder, "copy", source, target)

    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert words in done.stderr
    assert not (folder / "ny").exists()


def test_a_copy_that_comes_out_different_is_said(folder):
    class Forgetful(FolderStore):
        def claim(self, name, data, **more):
            return super().claim(name, data[:-1], **more)

    source, target = FolderStore(folder / "store"), Forgetful(folder / "other")

    with pytest.raises(Unusable, match="annat innehåll"):
        list(copying.copy(source, target, copying.plan(source, target).missing))


def test_what_is_made_from_the_rest_is_left_behind_and_not_in_the_way(folder):
    source, target = FolderStore(folder / "store"), FolderStore(folder / "other")
    passing = ["site.json", "liten/log/pack.json", "liten/log/wish-20270111T093000Z-e30"]
    for name in passing:
        source.write(name, b"here")
        target.write(name, b"there")

    assert not set(passing) & set(copying.plan(source, target).names)


def test_who_signs_up_meanwhile_is_found_by_the_count(folder):
    source, target = FolderStore(folder / "store"), FolderStore(folder / "other")
    list(copying.copy(source, target, copying.plan(source, target).missing))
    source.write("liten/log/00000099.json", b"[]")

    with pytest.raises(StoreError, match="1 namn kom till"):
        copying.verify(source, target)


def test_an_empty_store_is_copied_as_one(tmp_path):
    source, target = FolderStore(tmp_path / "a"), FolderStore(tmp_path / "b")
    check_format(source)

    assert copying.plan(source, target).missing == ("format.json",)
