"""Two granian workers on one folder with ``send`` beside them, as cron starts it: the rules hold, and no letter goes twice."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.crash.check import faults, faults_at_rest
from tests.crash.clients import Clients
from tests.crash.mail import MailServer
from tests.crash.seen import Seen
from tests.support import coming, environment, healthy, publish, wait_until, workers

SEATS = {"tjugo": 20, "fem": 5}


def send(folder, **settings):
    return subprocess.run(
        [sys.executable, "-m", "registrations", "send"],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def workers_of(process):
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [child for child in children.split() if "granian" in Path(f"/proc/{child}/cmdline").read_text()]


def written(worker):
    lines = Path(f"/proc/{worker}/io").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("syscw:"))


@pytest.mark.skipif(sys.platform != "linux", reason="who did the work is read from /proc")
def test_two_workers_and_send_beside_them_keep_the_rules_and_send_no_letter_twice(tmp_path):
    seen = Seen()
    publish(tmp_path, *(coming(slug, seats=seats) for slug, seats in SEATS.items()))
    with MailServer(seen.letters) as mail, workers(tmp_path, REGISTRATIONS_MAIL=mail.setting) as (process, port, log):
        wait_until(lambda: healthy(port), log)
        wait_until(lambda: log.read_text().count("Started worker") == 2, log)
        both = workers_of(process)
        before = [written(worker) for worker in both]
        over = threading.Event()

        def cron():
            while not over.is_set():
                send(tmp_path, REGISTRATIONS_MAIL=mail.setting)

        with ThreadPoolExecutor(2) as pool:  # two, since the next one may begin before the last has ended
            sending = [pool.submit(cron) for _ in range(2)]
            try:
                with Clients(seen, tuple(SEATS), ("127.0.0.1", port), seed=1) as clients:
                    clients.up.set()
                    wait_until(lambda: len(seen.answered) >= 150 and len(seen.cancelled) >= 2, log)
                again = next(
                    email for email in seen.answered if email not in seen.cancelled
                )  # leaves a person whom nobody needs
                form, url = {"email": again, "name": "A"}, f"http://127.0.0.1:{port}/anmalan/{seen.lecture[again]}"
                assert requests.post(url, form, timeout=20, allow_redirects=False).status_code == 303
            finally:
                over.set()
            assert [each.result() for each in sending] == [None, None]
        took = [written(worker) - start for worker, start in zip(both, before, strict=True)]
        wait_until(lambda: " 0 kvar" in send(tmp_path, REGISTRATIONS_MAIL=mail.setting), log)

    assert faults(tmp_path / "store", seen) + faults_at_rest(tmp_path / "store", seen) == []
    assert len({letter.id for letter in seen.letters}) == len(seen.letters)
    assert len(took) == 2
    assert min(took) > 20
    assert seen.refused == 0
    assert "Traceback" not in log.read_text("utf-8")


def test_a_worker_that_cant_start_says_why(tmp_path):
    publish(tmp_path, coming())
    (tmp_path / "store").write_text("a file")

    with workers(tmp_path) as (process, _, log):
        assert process.wait(30) != 0

    assert f"REGISTRATIONS_STORE='file:{tmp_path}/store': {tmp_path}/store är ingen mapp" in log.read_text("utf-8")


def test_the_app_of_a_worker_starts_no_thread_and_sends_no_letter(tmp_path):
    publish(tmp_path, coming())
    code = "import threading, registrations.wsgi; print(threading.active_count(), callable(registrations.wsgi.app))"

    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(tmp_path), capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("1 True\n", "")
    assert not os.path.exists(tmp_path / "outbox")
