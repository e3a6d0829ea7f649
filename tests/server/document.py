"""The commands in docs/drift.md, with names and places that exist in the machine."""

import re
from collections.abc import Iterator

from tests.server.machine import PROJECT, Machine
from tests.support import ROOT

DOCUMENT = ROOT / "docs/drift.md"
BLOCK = re.compile(r"^```sh (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE = {
    "https://git.example.org/jour.git": PROJECT,
    "sftp:backup@backup.example.org:jour": "/backup",
    "www.example.org": "jour.localhost",
    "prova.example.org": "prova.jour.localhost",
    "ALSO=example.org": "ALSO=www.jour.localhost",
    "2026": "$(date +%Y)",
}
USERS = {"server": "root", "writer": "skrivare"}


def sections() -> dict[str, str]:
    """The text of each section, by its heading."""
    parts = re.split(r"^## (.*)$", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def blocks(section: str) -> Iterator[tuple[str, str]]:
    """Who runs it, and the commands, for each block of a section."""
    for who, commands in BLOCK.findall(sections()[section]):
        for written, real in HERE.items():
            commands = commands.replace(written, real)
        yield who, commands


def run(machine: Machine, section: str, *, only: int | None = None) -> str:
    """Run the section's commands, or the block ``only``, and give what they said."""
    said = []
    for number, (who, commands) in enumerate(blocks(section)):
        if only in (None, number):
            folder = "cd site\n" if who == "writer" else ""
            said.append(machine.run(folder + commands, user=USERS[who]))
    return "".join(said)
