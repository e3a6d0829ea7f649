"""Real object stores, which ``make test-stores`` installs, starts and races. ``make test`` leaves them alone."""
