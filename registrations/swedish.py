"""click's own words in Swedish, for every command line of ours: its help, and what it says of a call that it can't read.

click asks gettext for them, and has no Swedish. A catalogue of gettext's would be a compiled file, found only when the
environment asks for Swedish, as a server's doesn't; so the functions that click's modules call are led to this table.
"""

import sys
from gettext import gettext, ngettext

import click

WORDS = {
    "Usage:": "Användning:",
    "[OPTIONS]": "[VAL]",
    "COMMAND [ARGS]...": "KOMMANDO [VÄRDEN]...",
    "Options": "Val",
    "Commands": "Kommandon",
    "Positional arguments": "Värden",
    "Show this message and exit.": "Visa den här hjälpen.",
    "required": "måste anges",
    "default: {default}": "annars {default}",
    "Error: {message}": "Fel: {message}",
    "Aborted!": "Avbrutet.",
    "Try '{command} {option}' for help.": "Hjälp får du med: {command} {option}",
    "Missing command.": "Kommandot saknas.",
    "Missing argument": "Värdet saknas:",
    "Missing option": "Valet saknas:",
    "Missing parameter": "Värdet saknas:",
    "No such command {name!r}.": "Kommandot {name!r} finns inte.",
    "No such option {name!r}.": "Valet {name!r} finns inte.",
    "Did you mean {possibility}?": "Menade du {possibility}?",
    "(Did you mean one of: {possibilities}?)": "Menade du något av {possibilities}?",
    "Got unexpected extra argument ({args})": "Det är ett värde för mycket: {args}",
    "Got unexpected extra arguments ({args})": "Det är flera värden för mycket: {args}",
    "Option {name!r} does not take a value.": "Valet {name!r} tar inget värde.",
    "Option {name!r} requires an argument.": "Valet {name!r} måste ha ett värde.",
    "Invalid value: {message}": "Värdet går inte att använda: {message}",
    "Invalid value for {param_hint}: {message}": "Värdet för {param_hint} går inte att använda: {message}",
    "Choose from:\n\t{choices}": "Välj bland:\n\t{choices}",
    "{value!r} is not {choice}.": "{value!r} är inte {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} är inget av {choices}.",
    "{value!r} is not a valid {number_type}.": "{value!r} är inget heltal.",
    "{name} {filename!r} does not exist.": "{filename!r} finns inte.",
    "{name} {filename!r} is a file.": "{filename!r} är en fil och ingen mapp.",
    "{name} {filename!r} is a directory.": "{filename!r} är en mapp och ingen fil.",
    "{name} {filename!r} is not readable.": "{filename!r} får inte läsas.",
    "{name} {filename!r} is not writable.": "{filename!r} får inte skrivas.",
}


def install() -> None:
    """Lead click's modules to our words. Other users of gettext keep theirs."""
    for name, module in tuple(sys.modules.items()):
        if name == "click" or name.startswith("click."):
            for attribute, value in tuple(vars(module).items()):
                if value is gettext:
                    setattr(module, attribute, _word)
                elif value is ngettext:
                    setattr(module, attribute, _words)


class Command(click.Command):
    """A command whose line of usage is in Swedish, too; click doesn't ask gettext for that."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [WORDS.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]


class Group(click.Group):
    """Commands in Swedish."""

    command_class = Command

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [WORDS.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]


def _word(text: str) -> str:
    return WORDS.get(text, text)


def _words(one: str, several: str, count: int) -> str:
    return _word(one if count == 1 else several)


install()
