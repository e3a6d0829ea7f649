"""Hypothesis tries the same examples at every run: a red test then tells of the change. ``HYPOTHESIS=random`` tries new ones."""

import os

from hypothesis import settings

settings.register_profile("same", derandomize=os.environ.get("HYPOTHESIS") != "random")
settings.load_profile("same")
