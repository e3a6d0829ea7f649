"""``python -m registrations``."""

import sys

try:
    from registrations.cli import main
except ModuleNotFoundError as error:
    sys.exit(
        f"Paketet {error.name} saknas. Kör make devserver en gång och skriv sedan .venv/bin/python -m registrations …"
    )

main()
