"""The collector itself over an object store: the same code, another setting."""

import json
import signal

import requests

from registrations.bucket import Bucket
from registrations.log import ENTRY
from tests.objects import environment
from tests.proxy import Fault, Proxy
from tests.registrations.test_cli import run
from tests.support import Collector, coming, own_page, publish, wait_for_letters

JSON = {"Accept": "application/json"}


def sign_up(collector, email):
    return requests.post(
        f"{collector.url}/anmalan/liten", {"email": email, "name": "Anna Bok"}, headers=JSON, timeout=60
    )


def test_it_signs_up_restarts_and_erases(tmp_path, objects):
    publish(tmp_path, coming("liten", seats=2))
    where = {"REGISTRATIONS_STORE": objects.url(), **objects.environment}
    store = Bucket(where["REGISTRATIONS_STORE"], objects.environment)
    with Collector(tmp_path, **where) as collector:
        statuses = [sign_up(collector, f"{number}@exempel.se").json()["status"] for number in range(3)]
        wait_for_letters(tmp_path, 3)
        collector.stop(signal.SIGTERM)
    assert statuses == ["confirmed", "confirmed", "waiting"]

    with Collector(tmp_path, **where) as collector:
        again = sign_up(collector, "3@exempel.se")
        first = next(letter for letter in wait_for_letters(tmp_path, 4) if letter["To"] == "0@exempel.se")
        erased = requests.post(f"{collector.url}{own_page(first)}radera", timeout=60)
        assert requests.get(f"{collector.url}/healthz", timeout=60).status_code == 200
        said = collector.said()

    assert (again.json()["status"], erased.status_code) == ("waiting", 200)
    names = store.walk()
    assert not [name for name in names if b"0@exempel.se" in store.read(name)]
    assert len([name for name in names if "/people/" in name]) == 3
    log = [json.loads(store.read(name)) for name in names if ENTRY.fullmatch(name.removeprefix("liten/log/"))]
    named = [event["id"] for entry in log for event in entry if event["kind"] == "registered"]
    assert len(named) == len(set(named)) == 4
    assert not (tmp_path / "store").exists()
    assert "Traceback" not in said
    assert json.loads(run(tmp_path, "list", "--json", **where).stdout)["liten"]["confirmed"] == 2


def test_a_store_that_is_away_for_a_moment_delays_a_sign_up_and_loses_none(tmp_path, objects):
    publish(tmp_path, coming("liten", seats=2))
    with Proxy(objects.port) as proxy:
        where = {"REGISTRATIONS_STORE": objects.url(), **environment(proxy.port)}
        with Collector(tmp_path, **where) as collector:
            away = iter([Fault.ABSENT] * 5)
            proxy.choose = lambda call: next(away, Fault.NONE)

            answer = sign_up(collector, "a@exempel.se")

            assert (answer.status_code, answer.json()) == (201, {"status": "confirmed"})
            assert proxy.faults.count(Fault.ABSENT) == 5
            wait_for_letters(tmp_path, 1)
