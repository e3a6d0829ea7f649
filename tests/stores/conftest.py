"""Each store, once for all races."""

import uuid
from dataclasses import dataclass

import pytest

from registrations.settings import store_from
from registrations.store import Store
from tests.stores.azurite import Azurite
from tests.stores.ceph import Ceph

BUCKET = "anmalningar"
SCHEMES = {"s3": Ceph, "az": Azurite}


@dataclass(frozen=True)
class Place:
    """A store that nobody has used, in a server that runs."""

    setting: str
    environment: dict[str, str]
    endpoint: str

    def open(self) -> Store:
        """The store, over connections of its own."""
        return store_from(self.setting, self.environment)


@pytest.fixture(scope="session", params=list(SCHEMES.values()), ids=["ceph", "azurite"])
def server(request, tmp_path_factory):
    running = request.param(tmp_path_factory.mktemp("server"))
    try:
        running.make_bucket(BUCKET)
        yield running
    finally:
        running.stop()


@pytest.fixture
def place(server):
    scheme = next(scheme for scheme, kind in SCHEMES.items() if isinstance(server, kind))
    return Place(f"{scheme}://{BUCKET}/{uuid.uuid4().hex[:8]}", server.environment, server.url)
