"""Azurite, Microsoft's own stand-in for Azure Blob Storage, from npm."""

import base64
import hashlib
import hmac
from email.utils import formatdate
from pathlib import Path

import requests

from tests import npm
from tests.stores.running import Programs, free_port, listens

VERSION = "3.35.0"
ACCOUNT = "devstoreaccount1"  # both are Azurite's own, the same for everybody
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


class Azurite:
    """Runs below ``folder`` until ``stop``. ``environment`` is what a client needs."""

    def __init__(self, folder: Path):
        program = npm.program("azurite", VERSION, "azurite-blob")
        port = free_port()
        self._programs = Programs(folder)
        self._programs.start(
            *program, "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--location", folder, "--blobPort", str(port)
        )  # fmt: skip
        self.url = f"http://127.0.0.1:{port}/{ACCOUNT}"
        self.environment = {
            "AZURE_STORAGE_ENDPOINT": self.url,
            "AZURE_STORAGE_ACCOUNT_NAME": ACCOUNT,
            "AZURE_STORAGE_ACCOUNT_KEY": KEY,
        }
        try:
            self._programs.wait(lambda: listens(port), "Azurite")
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it."""
        self._programs.stop()

    def make_bucket(self, name: str) -> None:
        """A new container; obstore makes none, so the call is signed here."""
        headers = {"x-ms-date": formatdate(usegmt=True), "x-ms-version": "2023-11-03"}
        said = "\n".join(f"{header}:{value}" for header, value in headers.items())
        unsaid = "\n" * 12
        text = f"PUT{unsaid}{said}\n/{ACCOUNT}/{ACCOUNT}/{name}\nrestype:container"
        signature = base64.b64encode(hmac.digest(base64.b64decode(KEY), text.encode(), hashlib.sha256)).decode()
        headers["Authorization"] = f"SharedKey {ACCOUNT}:{signature}"
        requests.put(f"{self.url}/{name}?restype=container", headers=headers, timeout=20).raise_for_status()
