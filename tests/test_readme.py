"""README and code say the same: every make target, command, setting and lecture header stands there."""

import re
import tomllib
from datetime import date

import pytest

from plugins import pages
from plugins.lectures import headers
from plugins.source import read
from registrations.cli import cli
from registrations.settings import DEFAULTS
from tests.support import NOW, ROOT

README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


@pytest.mark.parametrize("target", re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
def test_every_make_target_is_in_the_readme(target):
    assert f"| `make {target}` |" in README


@pytest.mark.parametrize("command", sorted(cli.commands))
def test_every_command_is_in_the_readme(command):
    assert f"| `{command}` |" in README


@pytest.mark.parametrize(
    "option", sorted({option for each in cli.commands.values() for p in each.params for option in p.opts})
)
def test_every_option_is_in_the_readme(option):
    assert not option.startswith("--") or f"`{option}" in README


@pytest.mark.parametrize("setting", sorted(DEFAULTS))
def test_every_setting_is_in_the_readme_with_its_default(setting):
    row = next(line for line in README.splitlines() if line.startswith("|") and f"`{setting}`" in line.split("|")[1])

    assert not DEFAULTS[setting] or f"`{DEFAULTS[setting]}`" in row


def test_no_setting_is_read_that_the_readme_does_not_have():
    code = [*ROOT.glob("*.py"), *(ROOT / "plugins").rglob("*.py"), *(ROOT / "registrations").rglob("*.py")]
    read = {name for path in code for name in re.findall(r'"((?:REGISTRATIONS_)[A-Z]+)"', path.read_text("utf-8"))}

    assert read <= set(DEFAULTS)


@pytest.mark.parametrize("header", headers.KNOWN)
def test_every_lecture_header_is_in_the_readme(header):
    assert f"| `{header}` |" in README


@pytest.mark.parametrize("header", pages.KNOWN)
def test_every_page_header_is_in_the_readme(header):
    assert re.search(rf"^\| (`\w+`, )?`{header}`(, `\w+`)? \|", README, re.MULTILINE)


def test_the_example_page_is_one_that_can_be_published():
    example = re.search(r"```\n(Title: Få stöd\n.*?)```", README, re.DOTALL)[1]

    source, faults = read("content/pages/stod.md", example.encode())

    assert faults + pages.metadata_of(source, date.today())[1] == []


def test_every_folder_of_the_map_is_there_and_none_is_missing():
    told = set(re.findall(r"^([a-z]+)/  ", README, re.MULTILINE))
    there = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}

    assert told >= there - {"docs", "output", "deploy"}
    assert told <= there | {"var"}


def test_the_example_lecture_is_one_that_can_be_published():
    example = re.search(r"```\n(Title: .*?)```", README, re.DOTALL)[1]

    reading, faults = headers.read("2027-02-10-ekonomiskt-vald.md", example.encode(), now=NOW)

    assert faults == []
    assert (reading.slug, reading.entry.when.seats) == ("ekonomiskt-vald", 300)


def test_the_licence_is_the_one_that_the_package_names():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert project["license"] == "EUPL-1.2"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")
