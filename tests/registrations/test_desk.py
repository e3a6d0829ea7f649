"""The desk between a sign-up that fails and another process that puts it in order: no seat is left without a person."""

import pytest

from registrations.desk import Desk
from registrations.errors import StoreError, Unclear
from registrations.folder import FolderStore
from registrations.form import Applicant
from registrations.roster import State
from tests.support import NOW, catalogue, lecture

TERMS = catalogue(lecture("liten", seats=3))
ANNA = Applicant(email="a@exempel.se", name="A", organisation="", sector="", tips=False)


class Failing(FolderStore):
    """Fails when it should publish an entry, after ``meanwhile`` was called."""

    def __init__(self, root, meanwhile):
        super().__init__(root, publish=self._fail)
        self._meanwhile = meanwhile

    def _fail(self, source, target):
        if "/log/" not in target:
            return FolderStore(self.root)._publish(source, target)
        self._meanwhile()
        raise OSError(28, "No space left on device")


def desk_over(store):
    return Desk(store, lambda: TERMS, clock=lambda: NOW)


def standing_of(folder):
    desk = desk_over(FolderStore(folder))
    roster = desk.log("liten").read()
    named = {id for id, each in roster.registrations.items() if each.state is not State.ERASED}
    return named, set(desk.people("liten").ids())


def test_one_who_was_not_taken_leaves_nothing(tmp_path):
    with pytest.raises(StoreError):
        desk_over(Failing(tmp_path, lambda: None)).sign_up("liten", ANNA)

    assert standing_of(tmp_path) == (set(), set())


def test_one_who_was_not_taken_but_put_in_order_by_another_process_stays(tmp_path):
    other = desk_over(FolderStore(tmp_path))
    waits = []

    def meanwhile():
        if not waits:
            waits.append(True)
            other.log("liten")._store.turn = _no_turn  # the turn is the first process's
            other.put_in_order()

    with pytest.raises(StoreError):
        desk_over(Failing(tmp_path, meanwhile)).sign_up("liten", ANNA)

    named, kept = standing_of(tmp_path)
    assert named == kept
    assert len(named) == 1


def test_one_whose_file_goes_while_another_process_puts_her_in_order_gives_up_her_seat(tmp_path):
    first = desk_over(FolderStore(tmp_path))
    first.sign_up("liten", ANNA)
    left = first.people("liten")
    id = "f" * 32
    for name, data in left.file(id, left.read(next(left.ids()))).items():
        first.store.write(name, data.replace(b"a@exempel.se", b"b@exempel.se"))
    other = desk_over(FolderStore(tmp_path))
    real = other.store.claim

    def claim(name, data, **options):
        left.delete(id)  # the process that failed cleans up
        return real(name, data, **options)

    other.store.claim = claim
    other.put_in_order()

    named, kept = standing_of(tmp_path)
    assert named == kept
    assert id not in named


def test_an_entry_whose_folder_cant_be_synced_may_be_there_and_nobody_is_told_that_it_is_not(tmp_path, monkeypatch):
    store = FolderStore(tmp_path)
    desk = desk_over(store)
    desk.sign_up("liten", ANNA)
    real = store._sync_folder

    def sync(folder):
        if folder.endswith("/log"):
            raise OSError(5, "Input/output error")
        real(folder)

    monkeypatch.setattr(store, "_sync_folder", sync)
    with pytest.raises(Unclear):
        desk.sign_up("liten", Applicant(email="b@exempel.se", name="B", organisation="", sector="", tips=False))

    named, kept = standing_of(tmp_path)
    assert named == kept
    assert len(named) == 2


def _no_turn(name, *, wait=True):
    from contextlib import nullcontext

    return nullcontext(True)
