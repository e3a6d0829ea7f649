"""An outbox that says what is put into it, for the one who tries the site: ``Brev: Bekräftelse till a…@example.org: …``."""

from collections import defaultdict
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from plugins.mailbox import PATH
from registrations.letters import Kind
from registrations.listing import LETTERS
from registrations.post import Outbox


class ToldOutbox(Outbox):
    """The folder ``root``; ``url`` is where its letters can be read, if anywhere. ``tell`` prints a line."""

    def __init__(self, root: Path, *, url: str | None, tell: Callable[[str], None]):
        super().__init__(root)
        self._url, self._tell = url, tell
        self._written: list[tuple[str, str]] = []  # names and addresses since the last settlement

    def hand_over(self, name: str, message: EmailMessage) -> None:
        super().hand_over(name, message)
        self._written.append((name, str(message["To"])))

    def settle(self) -> None:
        super().settle()
        written, self._written = self._written, []
        for line in lines(written, self._url):
            self._tell(line)


def lines(written: list[tuple[str, str]], url: str | None) -> list[str]:
    """A line for each letter, or one for all of a kind. ``written``: their names in the outbox, and whom they go to."""
    kinds = defaultdict(list)
    for name, address in written:
        kinds[name.split(".")[2]].append((name, address))
    found = []
    for kind, letters in kinds.items():
        label = LETTERS[Kind(kind)].capitalize()
        name, address = letters[0]
        what = f"Brev: {label} till {_shortened(address)}" if len(letters) == 1 else f"{len(letters)} brev: {label}"
        where = f": {url}{PATH}{name if len(letters) == 1 else ''}" if url else ""
        found.append(f"{what}{where}")
    return found


def _shortened(address: str) -> str:
    """``a…@example.org``: enough to know which of one's trials it is."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"
