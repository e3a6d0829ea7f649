"""What click itself says, on every command line of ours: in Swedish, from real processes."""

import re
import subprocess
import sys

import pytest

from deploy.server.__main__ import cli as server
from registrations.cli import cli as collector
from tests.support import environment

COLLECTOR = ("registrations",)
SERVER = ("deploy.server", "--home", ".")
ENGLISH = re.compile(
    r"\b(?:Usage|Options|Commands|Show|Error|Missing|No such|Invalid|Got|Did you|Try|required|OPTIONS|ARGS)\b"
)


def said(folder, *words):
    """The exit status, and what a process of ``python -m words`` says."""
    command = [sys.executable, "-m", *words]
    done = subprocess.run(command, env=environment(folder), cwd=folder, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("program", [COLLECTOR, SERVER])
def test_the_help_is_in_swedish(tmp_path, program):
    status, words = said(tmp_path, *program, "--help")

    assert status == 0
    assert re.match(r"Användning: .* \[VAL\] KOMMANDO \[VÄRDEN\]\.\.\.\n", words)
    assert "\nVal:\n  -h, --help  Visa den här hjälpen.\n" in words
    assert "\nKommandon:\n" in words
    assert not ENGLISH.search(words)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ((*COLLECTOR, "export"), "Fel: Värdet saknas: 'SLUG'."),
        ((*COLLECTOR, "export", "ekonomiskt-vald"), "Fel: Värdet saknas: 'FILE'."),
        ((*COLLECTOR, "export", "--bort"), "Fel: Valet '--bort' finns inte."),
        ((*COLLECTOR, "lits"), "Fel: Kommandot 'lits' finns inte. Menade du 'list'?"),
        ((*COLLECTOR, "purge", "nu"), "Fel: Det är ett värde för mycket: nu"),
        ((*COLLECTOR, "purge", "nu", "då"), "Fel: Det är flera värden för mycket: nu då"),
        ((*COLLECTOR, "list", "--json=1"), "Fel: Valet '--json' tar inget värde."),
        ((*COLLECTOR, "changes", "nix"), "Fel: Värdet för 'FILE' går inte att använda: 'nix' finns inte."),
        ((*COLLECTOR, "serve", "--site"), "Fel: Valet '--site' måste ha ett värde."),
        ((*SERVER,), "Fel: Kommandot saknas."),
        ((*SERVER, "visits"), "Fel: Värdet saknas: 'YEAR'."),
        ((*SERVER, "visits", "i år"), "Fel: Värdet för 'YEAR' går inte att använda: 'i år' är inget heltal."),
        ((*SERVER, "utgivningar"), "Fel: Kommandot 'utgivningar' finns inte."),
    ],
)
def test_a_call_that_cannot_be_read_is_answered_in_swedish(tmp_path, call, sentence):
    status, words = said(tmp_path, *call)

    assert (status, words.splitlines()[-1]) == (2, sentence)
    assert not ENGLISH.search(words)


@pytest.mark.parametrize("group", [collector, server])
def test_so_is_the_help_of_every_command(group):
    for name, command in group.commands.items():
        if command.context_settings.get("help_option_names") == []:  # hands all that it is given on
            continue
        context = command.make_context(name, [], resilient_parsing=True)

        words = command.get_help(context)

        assert words.startswith("Användning: "), name
        assert not ENGLISH.search(words), name
