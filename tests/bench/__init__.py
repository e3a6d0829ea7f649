"""``python -m tests.bench``: how fast it is, as ratios in one run. Prints; asserts nothing."""
