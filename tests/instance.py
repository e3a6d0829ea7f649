"""A function instance: a clean interpreter without site-packages, with nothing but the unpacked bundle, fed events as lines.

``python -I -S tests/instance.py FOLDER`` reads a JSON event a line and writes the handler's answer as a line.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlencode


class Instance:
    """One instance with ``environment`` and no other variable; ``took`` is the time to its first answer, in seconds."""

    def __init__(self, folder: Path, environment: dict[str, str]):
        self._began, self.took = time.perf_counter(), None
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def __enter__(self) -> "Instance":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            raise

    def send(self, event: dict) -> dict:
        """The handler's answer, or ``{"error": words}`` when it raised."""
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        self.took = self.took or time.perf_counter() - self._began
        return json.loads(answer)

    def memory(self) -> int:
        """Resident, in bytes."""
        text = Path(f"/proc/{self._process.pid}/statm").read_text("ascii")
        return int(text.split()[1]) * 4096


def post(path: str, *, accept: str = "application/json", address: str = "192.0.2.7", **form: str) -> dict:
    """A form as a function URL or API Gateway (payload 2.0) hands it over."""
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": accept, "host": "anmalan.exempel.se"}
    return {**get(path, address=address), "headers": headers, "body": urlencode(form)} | _http("POST", path, address)


def get(path: str, *, address: str = "192.0.2.7") -> dict:
    """A page asked for."""
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"accept": "text/html", "host": "anmalan.exempel.se"},
        "isBase64Encoded": False,
        **_http("GET", path, address),
    }


def _http(method: str, path: str, address: str) -> dict:
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": address, "userAgent": "test"}
    return {"requestContext": {"http": http}}


def main() -> None:
    """Answer events until the input ends."""
    sys.path.insert(0, sys.argv[1])
    from registrations.function import handler

    for line in sys.stdin:
        try:
            answer = handler(json.loads(line), None)
        except Exception as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
