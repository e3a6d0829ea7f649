"""What every store must do. A store's own test class inherits this and supplies ``open_store``."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from registrations.errors import Unusable
from registrations.store import check_format


class StoreContract:
    """Inherit, and give a fixture ``open_store``: a call that opens the same store once more."""

    @pytest.fixture
    def store(self, open_store):
        return open_store()

    def test_what_is_written_is_read_by_another_who_opens_the_store(self, store, open_store):
        store.write("a/people/x.json", b"one")
        store.settle("a/people")

        assert open_store().read("a/people/x.json") == b"one"

    def test_a_name_that_nobody_wrote_reads_as_nothing(self, store):
        assert store.read("a/log/00000001.json") is None
        assert store.names("a/log") == []

    def test_names_come_in_order_and_without_what_is_half_written(self, store):
        for number in (3, 1, 2):
            assert store.claim(f"a/log/0000000{number}.json", b"x")

        assert store.names("a/log") == ["00000001.json", "00000002.json", "00000003.json"]

    def test_names_after_one_are_those_that_come_later(self, store):
        for number in (1, 2, 9, 10):
            store.claim(f"a/log/{number:08}.json", b"x")

        assert store.names("a/log", "00000002.json") == ["00000009.json", "00000010.json"]
        assert store.names("a/log", "00000010.json") == []
        assert store.names("a/log", "00000009") == ["00000009.json", "00000010.json"]

    def test_folders_are_among_the_names_and_the_stores_own_names_are_not(self, store):
        store.claim("a/log/00000001.json", b"x")
        store.claim("a/key", b"x")
        store.claim("b/key", b"x")
        with store.turn("a/.letters.turn", wait=False), store.turn("a/.turn"):
            assert store.names("") == ["a", "b"]
            assert store.names("a") == ["key", "log"]
            assert store.names("", "a") == ["b"]
            assert store.walk() == ["a/key", "a/log/00000001.json", "b/key"]

    def test_an_empty_store_has_no_names(self, store):
        assert store.names("") == []
        assert store.walk() == []

    def test_what_is_written_again_is_read_as_the_last_that_was_written(self, store, open_store):
        store.write("health.json", b"one")
        open_store().write("health.json", b"two")

        assert store.read("health.json") == b"two"

    def test_a_claimed_name_is_never_overwritten(self, store, open_store):
        assert store.claim("a/log/00000001.json", b"first")

        assert not open_store().claim("a/log/00000001.json", b"second")
        assert store.read("a/log/00000001.json") == b"first"

    def test_of_many_who_claim_a_name_at_once_one_gets_it(self, open_store):
        together = threading.Barrier(8)

        def race(number):
            store = open_store()
            together.wait()
            return [store.claim(f"a/log/{turn:08}.json", f"{number}".encode()) for turn in range(20)]

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(race, range(8)))

        assert [sum(each) for each in zip(*won, strict=True)] == [1] * 20

    def test_a_deleted_name_is_gone_and_may_be_deleted_again(self, store):
        store.write("a/people/x.json", b"one")

        store.delete("a/people/x.json")
        store.delete("a/people/x.json")

        assert store.read("a/people/x.json") is None
        assert store.names("a/people") == []

    def test_a_turn_that_another_has_is_not_given(self, store, open_store):
        with store.turn("a/turn", wait=False) as mine, open_store().turn("a/turn", wait=False) as theirs:
            assert (mine, theirs) == (True, False)

        with open_store().turn("a/turn", wait=False) as free:
            assert free
        with open_store().turn("a/turn", wait=False) as free_again:
            assert free_again

    def test_a_store_of_a_newer_version_is_refused(self, store):
        check_format(store)
        check_format(store)
        store.delete("format.json")
        store.claim("format.json", b'{"format": 2}')

        with pytest.raises(Unusable, match="format 2"):
            check_format(store)
