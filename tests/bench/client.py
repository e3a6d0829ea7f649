"""A client that signs people up and costs little itself: bare sockets, in a process of its own.

``python -m tests.bench.client HOST PORT SLUG CLIENTS SECONDS [RATE]`` prints ``{"rate": …, "p50": …, "p99": …}``; times in
ms. With RATE, sign-ups start at that many a second whatever the answers take, and a time counts from when it should start.
"""

import json
import secrets
import socket
import sys
import threading
import time


def main() -> None:
    """Run the clients and print what they saw."""
    host, port, slug, clients, seconds = sys.argv[1:6]
    rate = float(sys.argv[6]) if len(sys.argv) > 6 else 0.0
    times: list[float] = []
    begin = time.perf_counter() + 0.3
    end = begin + float(seconds)
    step = int(clients) / rate if rate else 0.0

    def work(number: int) -> None:
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        due = begin + step * number / int(clients)
        while due < end:
            time.sleep(max(due - time.perf_counter(), 0))
            start = due if rate else time.perf_counter()
            sign_up(connection, host, slug)
            now = time.perf_counter()
            times.append(now - start)
            due = due + step if rate else now
        connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(int(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - begin
    times.sort()
    p50, p99 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.99))
    print(json.dumps({"rate": len(times) / took, "p50": p50, "p99": p99, "count": len(times)}))


def sign_up(connection: socket.socket, host: str, slug: str) -> None:
    """One sign-up on an open connection. Raises RuntimeError unless it was stored."""
    body = f"email={secrets.token_hex(8)}@exempel.se&name=A&organisation=Kommunen&sector=vard".encode()
    head = (
        f"POST /anmalan/{slug} HTTP/1.1\r\nHost: {host}\r\nAccept: application/json\r\nContent-Length: {len(body)}\r\n"
    )
    connection.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n".encode() + body)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _receive(connection)
    headers, _, rest = answer.partition(b"\r\n\r\n")
    length = int(headers.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    while len(rest) < length:
        rest += _receive(connection)
    if not headers.startswith(b"HTTP/1.1 201"):
        raise RuntimeError(headers.decode())


def _receive(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise RuntimeError("the server closed the connection")
    return data


if __name__ == "__main__":
    main()
