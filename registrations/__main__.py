"""``python -m registrations``."""

from registrations.cli import main

main()
