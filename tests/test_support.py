"""What a test starts is gone when it ends."""

import time

import pytest

from tests.stores.running import Programs
from tests.support import Collector

DEAF = "trap '' TERM; sleep 1000 & echo $! > child; touch ready; wait"
QUICK = "sleep 1000 & echo $! > child; touch ready; exit 0"


def is_there(pid):
    """Whether the process runs; a zombie that nobody has asked about doesn't."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("script", [DEAF, QUICK])
def test_a_program_ends_with_all_that_it_has_started(tmp_path, monkeypatch, script):
    monkeypatch.setattr("tests.stores.running.SECONDS", 0.2)
    programs = Programs(tmp_path)
    programs.start("sh", "-c", script, cwd=tmp_path)
    while not (tmp_path / "ready").exists():
        time.sleep(0.01)
    child = int((tmp_path / "child").read_text())
    assert is_there(child)

    programs.stop()

    deadline = time.monotonic() + 10
    while is_there(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_there(child)


def test_a_collector_that_says_nothing_is_not_left_running(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.support.PATIENCE", 1.0)
    script = "import os, time; open('pid', 'w').write(str(os.getpid())); time.sleep(1000)"

    with pytest.raises(AssertionError, match="did not start"):
        Collector(tmp_path, command=("-c", script))

    assert not is_there(int((tmp_path / "pid").read_text()))
