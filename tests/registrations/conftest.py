"""A collector as a process of its own, over HTTP."""

import pytest

from tests.objects import Objects
from tests.support import Collector, coming, publish

LECTURES = (
    coming(seats=300),
    coming("liten", seats=3),
    coming("forbi", days=-3),
    coming("installd", status="cancelled"),
)


@pytest.fixture
def collector(tmp_path):
    publish(tmp_path, *LECTURES)
    with Collector(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def objects():
    with Objects() as running:
        yield running
