"""A power cut takes nothing that was answered. The same without fsync must lose some, or the test proves nothing."""

import secrets

import pytest

from tests.crash.campaign import Campaign
from tests.crash.disk import Disk, NotAllowed

CARELESS = ("-m", "tests.crash.careless", "serve")


@pytest.fixture
def disk(tmp_path):
    try:
        with Disk(tmp_path) as mounted:
            yield mounted
    except NotAllowed as reason:
        pytest.skip(f"no disk of its own can be mounted here: {reason}")


@pytest.mark.timeout(300)
def test_a_power_cut_takes_nothing_that_was_answered(tmp_path, disk):
    seed = secrets.randbelow(10**6)

    result = Campaign(tmp_path, seed=seed, disk=disk).run(6)

    assert result.faults == [], f"seed {seed}"
    assert result.seen.answered


def test_without_fsync_a_power_cut_takes_what_was_answered(tmp_path, disk):
    campaign = Campaign(tmp_path, seed=1, disk=disk, command=CARELESS)

    result = campaign.run(6)

    assert any("is lost" in fault or "no such lecture" in fault for fault in result.faults)
