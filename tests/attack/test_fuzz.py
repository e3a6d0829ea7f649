"""The short form of ``python -m tests.attack.fuzz``."""

import pytest

from tests.attack.fuzz import TARGETS, run


@pytest.mark.parametrize("target", TARGETS)
def test_made_up_input_meets_no_surprise(target, tmp_path):
    run(target, 300, tmp_path)
