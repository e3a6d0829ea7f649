"""An object store in a process of its own: moto's server, made slow between its look and its put, with a lock around both.

``python -m tests.objects [unlocked]``: without the lock several writers win a name, as in some stores that are sold.
"""

import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping

import requests

from registrations.bucket import Bucket

BUCKET = "anmalningar"
LOOK = 0.005  # seconds between moto's look at the name and its put, so that two writers surely meet
KEYS = {"AWS_ACCESS_KEY_ID": "testnyckel", "AWS_SECRET_ACCESS_KEY": "testhemlighet", "AWS_REGION": "eu-north-1"}


class Objects:
    """The server while it runs. Each ``url()`` is an empty store of its own in its bucket."""

    def __init__(self, *how: str):
        command = [sys.executable, "-m", "tests.objects", *how]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            self.port = int(self._process.stdout.readline())
            self.environment = environment(self.port)
            requests.put(f"http://127.0.0.1:{self.port}/{BUCKET}", timeout=20).raise_for_status()
        except BaseException:  # nobody else will end it
            self.__exit__()
            raise

    def __enter__(self) -> "Objects":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def url(self) -> str:
        """The setting for a store that nobody has used."""
        return f"s3://{BUCKET}/{uuid.uuid4().hex[:8]}"


def environment(port: int) -> dict[str, str]:
    """The variables of a client that calls the server at ``port``."""
    return {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}


def hurried(url: str, variables: Mapping[str, str]) -> Bucket:
    """A client that soon calls an answer late, and soon gives up."""
    return Bucket(url, variables, timeout=0.5, patience=3)


def main() -> None:
    """Serve until the process is ended; prints the port."""
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer
    from moto.s3.models import S3Backend
    from moto.s3.responses import S3Response

    keep, answer, lock = S3Backend.put_object, S3Response.put_object, threading.Lock()

    def slowly(*values, **named):
        time.sleep(LOOK)
        return keep(*values, **named)

    def alone(self):
        with lock:
            return answer(self)

    S3Backend.put_object = slowly
    if "unlocked" not in sys.argv[1:]:
        S3Response.put_object = alone
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    print(server.get_host_and_port()[1], flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
