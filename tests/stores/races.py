"""Races in real object stores, and the negative control of each: without the guard they must be lost.

``make test-stores`` runs this; its name keeps it out of ``make test``.
"""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from registrations.bucket import Bucket
from registrations.log import ENTRY
from registrations.roster import Roster, check
from tests.objects import Objects, environment
from tests.proxy import Fault, Proxy
from tests.registrations.contract import StoreContract
from tests.registrations.test_cli import run
from tests.stores.racers import NAMES, PEOPLE, PROCESSES, SEATS, claim_names, race, sign_up
from tests.stores.running import install
from tests.support import Collector, coming, publish

pytestmark = pytest.mark.timeout(600)  # Debian's packages may have to be fetched
AWAY = 30.0
FAKETIME = "/usr/$LIB/faketime/libfaketime.so.1"


class TestContract(StoreContract):
    @pytest.fixture
    def open_store(self, place):
        return place.open


def log_of(store):
    """The entries by number, and the ids that they name."""
    entries = [name for name in store.names("lopp/log") if ENTRY.fullmatch(name)]
    assert entries == [f"{number:08}.json" for number in range(1, len(entries) + 1)]
    events = [event for name in entries for event in json.loads(store.read(f"lopp/log/{name}"))]
    return [event["id"] for event in events if event["kind"] == "registered"]


def test_a_name_has_one_winner_among_eight_processes(place):
    won = race(claim_names, place, guarded=True)

    assert [sum(each) for each in zip(*won, strict=True)] == [1] * NAMES


def test_without_the_guard_a_name_has_several_winners(place):
    won = race(claim_names, place, guarded=False)

    assert max(sum(each) for each in zip(*won, strict=True)) > 1


def broken_promises(runs, store):
    """What each was told against what the log says in the end, and the seats."""
    told = {email: state for each in runs for email, state in each.items()}
    named = log_of(store)
    roster = Roster()
    for number, name in enumerate((name for name in store.names("lopp/log") if ENTRY.fullmatch(name)), 1):
        roster.fold(number, check(json.loads(store.read(f"lopp/log/{name}"))))
    people = {id: json.loads(store.read(f"lopp/people/{id}.json"))["email"] for id in set(named)}
    checks = {
        "more or fewer seats were given than there are": list(told.values()).count("confirmed") == SEATS,
        "somebody is not in the log": len(set(named)) == len(told) == PROCESSES * PEOPLE,
        "somebody is there twice": len(named) == len(set(named)),
        "somebody was told something else": {people[id]: str(roster.answers[id]) for id in people} == told,
    }
    return [words for words, held in checks.items() if not held]


def test_eight_processes_fill_the_seats_and_lose_and_double_nobody(place):
    assert broken_promises(race(sign_up, place, guarded=True), place.open()) == []


def test_without_the_guard_the_same_race_breaks_promises(place):
    assert broken_promises(race(sign_up, place, guarded=False), place.open()) != []


def test_check_store_trusts_it(place, tmp_path):
    done = run(tmp_path, "check-store", REGISTRATIONS_STORE=place.setting, **place.environment)

    assert done.returncode == 0, done.stderr
    assert "Vinnare per namn: 1." in done.stdout
    assert place.open().names(".check") == []


@pytest.mark.parametrize("wrong", ["bucket", "key"])
def test_what_is_set_wrongly_is_a_sentence_and_status_2(place, tmp_path, wrong):
    setting, variables = place.setting, dict(place.environment)
    if wrong == "bucket":
        setting, words = setting.replace("anmalningar", "finns-inte"), "det finns ingen sådan hink"
    else:
        name = next(name for name in variables if name.endswith(("SECRET_ACCESS_KEY", "ACCOUNT_KEY")))
        variables[name], words = "aGVtbGln", "nyckeln godkänns inte"

    check_refusal(run(tmp_path, "check-store", REGISTRATIONS_STORE=setting, **variables), words)
    assert place.open().names(".check") == []


def test_a_clock_an_hour_off_is_a_sentence_and_status_2(place, tmp_path):
    if place.setting.startswith("az:"):
        pytest.skip("Azurite takes requests from any hour")
    install("faketime", program="faketime")
    hour_ahead = {"LD_PRELOAD": FAKETIME, "FAKETIME": "+1h"}

    done = run(tmp_path, "check-store", REGISTRATIONS_STORE=place.setting, **place.environment, **hour_ahead)

    check_refusal(done, "datorns klocka går fel")


def check_refusal(done, words):
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), (done.stdout, done.stderr)
    assert words in done.stderr
    assert "aGVtbGln" not in done.stderr


def test_a_store_that_is_away_for_thirty_seconds_is_said_and_loses_nobody(tmp_path):
    """Six people who try until they are answered yes; in between they are told to come back."""
    publish(tmp_path, coming("lopp", seats=2))
    with Objects() as objects, Proxy(objects.port) as proxy:
        where = {"REGISTRATIONS_STORE": objects.url(), **environment(proxy.port)}
        codes, counting = [], threading.Lock()
        with Collector(tmp_path, **where) as collector:
            back = time.monotonic() + AWAY
            proxy.choose = lambda call: Fault.ABSENT if time.monotonic() < back else Fault.NONE

            def insist(number):
                while time.monotonic() < back + 60:
                    form = {"email": f"{number}@exempel.se", "name": "A"}
                    answer = requests.post(
                        f"{collector.url}/anmalan/lopp", form, headers={"Accept": "application/json"}, timeout=60
                    )
                    with counting:
                        codes.append(answer.status_code)
                    if answer.status_code == 201:
                        return
                    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)

            with ThreadPoolExecutor(6) as pool:
                list(pool.map(insist, range(6)))

        store = Bucket(where["REGISTRATIONS_STORE"], objects.environment)
        assert codes.count(201) == 6
        assert codes.count(503) >= 6
        named = log_of(store)
        kept = [json.loads(store.read(f"lopp/people/{id}.json"))["email"] for id in named]
        assert sorted(kept) == [f"{number}@exempel.se" for number in range(6)]
