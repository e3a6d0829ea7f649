"""The commands in docs/drift.md, with names and places that exist in the machine."""

import re
import sys
from collections.abc import Mapping

from tests.server.machine import PROJECT, Machine
from tests.support import ROOT

BLOCK = re.compile(r"^```sh (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HERE = {
    "https://git.example.org/jour.git": PROJECT,
    "www.example.org": "jour.localhost",
    "prova.example.org": "prova.jour.localhost",
    "ALSO=example.org": "ALSO=www.jour.localhost",
    "2026": "$(date +%Y)",
}
USERS = {"server": "root", "writer": "skrivare"}

_parts = re.split(r"^## (.*)$", (ROOT / "docs/drift.md").read_text("utf-8"), flags=re.MULTILINE)[1:]
BLOCKS = {heading: BLOCK.findall(text) for heading, text in zip(_parts[::2], _parts[1::2], strict=True)}
_run: set[tuple[str, int]] = set()


def run(machine: Machine, section: str, *, only: int | None = None, here: Mapping[str, str] | None = None) -> str:
    """Run the section's commands, or the block ``only``, and give what they said. ``here``: more names that stand for others."""
    said = []
    for number, (who, commands) in enumerate(BLOCKS[section]):
        if only in (None, number):
            for written, real in {**HERE, **(here or {})}.items():
                commands = commands.replace(written, real)
            folder = "cd site\n" if who == "writer" else ""
            print(f"\n  {section}, {number + 1}: {commands.partition(chr(10))[0]}", file=sys.__stderr__, flush=True)
            said.append(machine.run(folder + commands, user=USERS[who]))
            _run.add((section, number))
    return "".join(said)


def left() -> list[tuple[str, int]]:
    """The blocks that nobody has run."""
    every = {(section, number) for section, blocks in BLOCKS.items() for number in range(len(blocks))}
    return sorted(every - _run)
