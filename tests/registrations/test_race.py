"""Two processes, 64 people, 10 seats. And the same without the guard, which must oversell, or the test proves nothing."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
import requests

from tests.support import Collector, coming, publish

SEATS, PEOPLE = 10, 64
PLAIN = ("-m", "registrations", "serve")
SLOW = ("-m", "tests.registrations.unguarded", "guarded")
UNGUARDED = ("-m", "tests.registrations.unguarded")


def race(folder, command):
    """64 threads sign up at once, half of them to each process; gives their answers and the log's events by entry."""
    publish(folder, coming("lopp", seats=SEATS))
    together = threading.Barrier(PEOPLE)
    with ExitStack() as stack:
        processes = [stack.enter_context(Collector(folder, command=command)) for _ in range(2)]

        def sign_up(number):
            with requests.Session() as session:
                url = processes[number % 2].url
                session.get(f"{url}/healthz", timeout=20)
                together.wait()
                form = {"email": f"{number}@exempel.se", "name": "A"}
                answer = session.post(f"{url}/anmalan/lopp", form, headers={"Accept": "application/json"}, timeout=60)
                return answer.status_code, answer.json().get("status")

        with ThreadPoolExecutor(PEOPLE) as pool:
            answers = list(pool.map(sign_up, range(PEOPLE)))
    entries = sorted((folder / "store/lopp/log").glob("*.json"))
    return answers, {int(path.stem): json.loads(path.read_bytes()) for path in entries}


@pytest.mark.parametrize("command", [PLAIN, SLOW], ids=["as it is", "with a slow disk"])
def test_sixty_four_race_for_the_last_ten_seats_in_two_processes(tmp_path, command):
    answers, log = race(tmp_path, command)

    assert [code for code, _ in answers] == [201] * PEOPLE
    assert [status for _, status in answers].count("confirmed") == SEATS
    assert [status for _, status in answers].count("waiting") == PEOPLE - SEATS
    assert sorted(log) == list(range(1, len(log) + 1))
    named = [event["id"] for events in log.values() for event in events if event["kind"] == "registered"]
    assert len(named) == len(set(named)) == PEOPLE
    people = {path.stem for path in (tmp_path / "store/lopp/people").glob("*.json")}
    assert set(named) == people


def test_without_the_guard_the_same_race_oversells(tmp_path):
    answers, _ = race(tmp_path, UNGUARDED)

    assert [status for _, status in answers].count("confirmed") > SEATS
