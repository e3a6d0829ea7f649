"""The collector with fsync switched off, for the negative control only: what it answers, a power cut takes away."""

import os

from registrations.cli import main

os.fsync = lambda handle: None

if __name__ == "__main__":
    main()
