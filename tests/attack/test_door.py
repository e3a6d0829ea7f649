"""Who stands in the door: connections that never ask, requests that never end, and bytes that mean two things."""

import resource
import socket
import threading
import time
from contextlib import suppress

import pytest
import requests

from registrations.door import Door
from tests.attack.wire import connect, is_open, request, say, statuses
from tests.registrations.conftest import LECTURES
from tests.support import Collector, letters, own_page, publish, wait_for_letters, wait_until

FORM = b"email=anna%40exempel.se&name=Anna"
OPENED = min(10_000, resource.getrlimit(resource.RLIMIT_NOFILE)[1] - 1000)  # connections
HALF = b"POST /anmalan/liten HTTP/1.1\r\nHost: exempel.se\r\nX-Slow: "


@pytest.fixture(scope="module")
def collector(tmp_path_factory):
    folder = tmp_path_factory.mktemp("door")
    publish(folder, *LECTURES)
    with Collector(folder) as running:
        yield running
        assert "Traceback" not in running.said()


@pytest.fixture
def crowd():
    """Connections to be closed in the end, and room for them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPENED + 1000, hard), hard))
    opened = []
    yield opened
    for connection in opened:
        connection.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def alive(collector):
    return requests.get(f"{collector.url}/healthz", timeout=20).status_code == 200


def sign_up(collector, email):
    form = {"email": email, "name": "A"}
    return requests.post(
        f"{collector.url}/anmalan/ekonomiskt-vald", form, timeout=20, allow_redirects=False
    ).status_code


@pytest.mark.parametrize("start", [b"", HALF, request("POST", "/anmalan/liten", "Content-Length: 33", body=FORM)[:-9]])
def test_more_connections_than_there_is_room_for_keep_nobody_out(collector, crowd, start):
    for _ in range(OPENED):
        crowd.append(connect(collector.url))
        crowd[-1].sendall(start)

    assert [sign_up(collector, f"{len(start)}.{number}@exempel.se") for number in range(5)] == [303] * 5
    assert sum(map(is_open, crowd)) <= 1000
    assert alive(collector)


def test_with_few_files_allowed_the_store_has_enough_of_them(tmp_path, crowd):
    publish(tmp_path, *LECTURES)
    lines = (
        "import resource, runpy, sys",
        "resource.setrlimit(resource.RLIMIT_NOFILE, (512, 512))",
        "sys.argv = ['registrations', 'serve']",
        "runpy.run_module('registrations', run_name='__main__')",
    )
    with Collector(tmp_path, command=("-c", "\n".join(lines))) as collector:
        for _ in range(600):
            crowd.append(connect(collector.url))

        assert sign_up(collector, "few@exempel.se") == 303
        assert len(wait_for_letters(tmp_path, 1)) == 1


@pytest.fixture
def hasty():
    """A door that waits half a second; gives its address."""

    def app(environ, start_response):
        environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    listener = socket.create_server(("127.0.0.1", 0))
    door = Door(app, listener, threads=2, most=50, patience=0.5)
    thread = threading.Thread(target=door.run)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    door.close()
    door.task_dispatcher.shutdown()
    thread.join(20)


@pytest.mark.parametrize("start", [b"", HALF, request("POST", "/", "Content-Length: 60000", body=b"a")])
def test_who_sends_slowly_is_shown_out_however_eagerly_she_goes_on(hasty, start):
    with connect(hasty) as connection:
        connection.sendall(start)
        deadline = time.monotonic() + 20
        while is_open(connection) and time.monotonic() < deadline:
            if start:
                with suppress(OSError):
                    connection.sendall(b"a")
            time.sleep(0.05)

        assert not is_open(connection)
    assert requests.get(hasty, timeout=20).text == "ok"


def test_who_never_reads_the_answers_keeps_nobody_waiting(collector):
    asked = request("GET", "/anmalan/liten/tack/") * 100
    with connect(collector.url) as connection:
        connection.settimeout(0.5)
        with suppress(OSError):  # it stops reading when it can't get rid of the answers
            for _ in range(1000):
                connection.sendall(asked)

        assert sign_up(collector, "reads@exempel.se") == 303


def test_requests_sent_in_one_go_are_answered_in_their_order(collector):
    last = request("GET", "/healthz", "Connection: close")

    answer = say(collector.url, request("GET", "/anmalan/finns-inte/lage") + request("GET", "/anmalan/liten") + last)

    assert statuses(answer) == [404, 303, 200]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET", "/healthz", f"X-Long: {'a' * 20_000}"), 431),
        (request("GET", "/healthz", *(f"X-{n}: a" for n in range(5000))), 431),
        (request("GET", f"/anmalan/{'a' * 20_000}"), 431),
        (request("GET", f"/anmalan/{'a' * 15_000}", "Connection: close"), 404),
        (request("GET", "/healthz", *(f"X-{n}: a" for n in range(1000)), "Connection: close"), 200),
        (request("POST", "/anmalan/liten", "Content-Length: 999999999", body=FORM), 413),
        (request("POST", "/anmalan/liten", f"Content-Length: {'9' * 5000}", body=FORM), 400),
        (request("GET", "http://[/healthz"), 400),
        (request("GET", "/healthz", "X-A: a\0b"), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # a browser that wants TLS
        (b"get /healthz HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_is_too_large_or_no_request_is_refused_and_nothing_else_happens(collector, sent, status):
    assert statuses(say(collector.url, sent)) == [status]
    assert alive(collector)


def letters_to_target(collector):
    return [each for each in letters(collector.folder) if "target" in each["To"]]


@pytest.fixture(scope="module")
def erasing(collector):
    """A request that would erase somebody, and a question whether she is still there."""
    sign_up(collector, "target@exempel.se")
    wait_until(lambda: letters_to_target(collector), collector.log)
    page = own_page(letters_to_target(collector)[0])
    return request("POST", f"{page}radera", "Content-Length: 0"), collector.url + page


TWO_LENGTHS = [
    ["Transfer-Encoding: chunked"],
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ["Transfer-Encoding: chunked", "Content-Length: 5"],
    ["Transfer-Encoding:\r\n chunked", "Content-Length: 5"],
    ["Content-Length: 5", "Content-Length: 0"],
    ["Content-Length: 5", "Content-Length: 5"],
    ["Content-Length: 5, 5"],
    ["Content-Length: +5"],
    ["Content-Length: -1"],
    ["Content-Length: 0x5"],
    ["Content-Length: 5 5"],
    ["Content-Length:"],
    ["Content-Length : 5"],
    ["Transfer-Encoding : chunked"],
    ["Transfer-Encoding: xchunked"],
    ["Transfer-Encoding: \x0bchunked"],
    ["Transfer-Encoding: chunked, identity"],
    ["Transfer-Encoding: identity"],
    ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked, x"],
    ["X: a\nTransfer-Encoding: chunked"],
    ["X: a\rContent-Length: 5"],
    [" Content-Length: 5"],
]


@pytest.mark.parametrize("headers", TWO_LENGTHS)
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_two_servers_could_read_in_two_ways_is_refused_with_all_that_follows(collector, erasing, headers, version):
    smuggled, page = erasing
    sent = request("POST", "/anmalan/liten", *headers, body=b"0\r\n\r\n" + smuggled, version=version)

    answered = statuses(say(collector.url, sent))

    assert answered in ([400], [501])
    assert requests.get(page, timeout=20).status_code == 200


def test_a_form_that_is_shorter_than_it_says_is_not_taken(collector):
    sent = request("POST", "/anmalan/liten", "Content-Length: 33", body=FORM[:-3])

    assert statuses(say(collector.url, sent)) == []
    assert b"anna" not in b"".join(path.read_bytes() for path in (collector.folder / "store/liten").rglob("*.json"))
