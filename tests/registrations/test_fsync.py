"""An fsync that fails stops the store: nothing is called saved any more until it is started again, and nothing is lost."""

import time

import pytest
import requests

from tests.crash.check import faults, faults_at_rest
from tests.crash.mail import MailServer
from tests.crash.seen import Seen
from tests.support import Collector, coming, publish

JSON = {"Accept": "application/json"}
EACH = 4  # a person's file, the log's entry, and the folder of each


def sign_up(collector, email, seen, slug="liten"):
    seen.tried[email], seen.lecture[email] = seen.tried[email] + 1, slug
    answer = requests.post(f"{collector.url}/anmalan/{slug}", {"email": email, "name": "A"}, headers=JSON, timeout=20)
    if answer.status_code == 201:
        seen.answered[email] = answer.json()["status"]
    return answer


def wait_until(holds, *, seconds=20):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def quiet(folder):
    """Whether nothing was written for a second: what the courier writes about its letter would be the one that fails."""
    return all(time.time() - path.stat().st_mtime > 1 for path in folder.rglob("*"))


@pytest.mark.parametrize("number", range(1, EACH + 1))
def test_an_fsync_that_fails_stops_the_store_until_the_next_start(tmp_path, number):
    publish(tmp_path, coming("liten", seats=2), coming("annan"))
    order, seen = tmp_path / "order", Seen()
    failing = ("-m", "tests.registrations.failing", "serve", str(order))
    with MailServer(seen.letters) as mail:
        with Collector(tmp_path, command=failing, REGISTRATIONS_MAIL="smtp://127.0.0.1:1") as collector:
            assert sign_up(collector, "a@exempel.se", seen).status_code == 201
            wait_until(lambda: quiet(tmp_path / "store"))

            order.write_text(str(number))
            failed = sign_up(collector, "b@exempel.se", seen)
            order.unlink()
            later = [sign_up(collector, "c@exempel.se", seen), sign_up(collector, "c@exempel.se", seen, "annan")]
            wait_until(lambda: requests.get(f"{collector.url}/healthz", timeout=20).status_code == 503)

            assert [answer.status_code for answer in (failed, *later)] == [503] * 3
            assert failed.headers["Retry-After"] == "30"
            assert "disken behöll inte det som skrevs (Input/output error)" in collector.said()

        assert faults(tmp_path / "store", seen) == []
        seen.lecture["c@exempel.se"] = "liten"
        with Collector(tmp_path, REGISTRATIONS_MAIL=mail.setting) as collector:
            assert requests.get(f"{collector.url}/healthz", timeout=20).status_code == 200
            answers = [sign_up(collector, f"{name}@exempel.se", seen) for name in ("b", "c")]
            wait_until(lambda: {letter.to[0] for letter in seen.letters} == {"a", "b", "c"})

    assert [answer.status_code for answer in answers] == [201, 201]
    assert seen.answered["a@exempel.se"] == "confirmed"
    assert faults(tmp_path / "store", seen) + faults_at_rest(tmp_path / "store", seen) == []
