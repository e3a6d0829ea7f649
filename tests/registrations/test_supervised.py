"""The collector under a supervisor such as systemd: it takes the open socket, tells when it is ready, and ends losing nobody."""

import socket
import threading

import requests

from tests.support import Collector, coming, publish

UNDER = """
import os, sys
os.dup2(int(os.environ["LISTENER"]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "registrations", "serve"])
"""


def start(folder, listener, **settings):
    """The collector with ``listener`` handed over, as systemd does it."""
    return Collector(
        folder,
        command=("-c", UNDER),
        pass_fds=(listener.fileno(),),
        LISTENER=str(listener.fileno()),
        **settings,
    )


def test_a_new_start_loses_no_request(tmp_path):
    publish(tmp_path, coming())
    answers, stop = [], threading.Event()

    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/anmalan/ekonomiskt-vald"

        def sign_up(who):
            number = 0
            while not stop.is_set():
                form = {"email": f"{who}.{number}@exempel.se", "name": "Alias"}
                answers.append(requests.post(url, data=form, timeout=30, allow_redirects=False).status_code)
                number += 1

        collector = start(tmp_path, listener)
        crowd = [threading.Thread(target=sign_up, args=(who,)) for who in range(4)]
        for each in crowd:
            each.start()
        for _ in range(3):
            before = len(answers)
            while len(answers) < before + 20:
                threading.Event().wait(0.01)
            assert collector.stop() == 0
            collector = start(tmp_path, listener)
        stop.set()
        for each in crowd:
            each.join()
        collector.stop()

    assert len(answers) > 60
    assert set(answers) == {303}
    assert len(list((tmp_path / "store/ekonomiskt-vald/people").glob("*.json"))) == len(answers)


def test_it_tells_when_it_is_ready(tmp_path):
    publish(tmp_path, coming())
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told, socket.create_server(("127.0.0.1", 0)) as listener:
        told.bind(str(tmp_path / "told"))
        told.settimeout(20)

        with start(tmp_path, listener, NOTIFY_SOCKET=str(tmp_path / "told")) as collector:
            assert told.recv(100) == b"READY=1"
            assert requests.get(f"{collector.url}/healthz", timeout=20).ok


def test_a_socket_meant_for_another_process_is_not_taken(tmp_path):
    publish(tmp_path, coming())

    with Collector(tmp_path, LISTEN_PID="1", LISTEN_FDS="1") as collector:
        assert requests.get(f"{collector.url}/healthz", timeout=20).ok
