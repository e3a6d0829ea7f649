"""The command line, as the communicator runs it."""

import csv
import io
import json
import subprocess
import sys

import openpyxl
import pytest

from registrations.catalogue import CatalogueFile
from registrations.desk import Desk
from registrations.folder import FolderStore
from registrations.form import Applicant
from tests.support import ROOT, coming, environment, letters, publish

NAUGHTY = '=HYPERLINK("http://exempel.se")'


@pytest.fixture
def folder(tmp_path):
    publish(tmp_path, coming("liten", seats=1), coming("annan"))
    desk = Desk(FolderStore(tmp_path / "store"), CatalogueFile(tmp_path / "catalogue.json"))
    for name, email in ((NAUGHTY, "anna@exempel.se"), ("Bea", "bea@exempel.se")):
        desk.sign_up("liten", Applicant(email=email, name=name, organisation="+46", sector="vard", tips=True))
    return tmp_path


def run(folder, *arguments, **settings):
    command = [sys.executable, "-m", "registrations", *map(str, arguments)]
    return subprocess.run(command, env=environment(folder, **settings), capture_output=True, text=True, check=False)


def test_list_shows_who_has_a_seat_and_who_waits(folder):
    done = run(folder, "list", "liten")

    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[1] == "1 har plats av 1, 1 väntar, 0 avbokade eller raderade"
    assert lines[2].split() == ["Nr", "Status", "Anmäld", "Namn", "E-post", "Organisation", "Område", "Tips", "Brev"]
    assert "plats" in lines[3]
    assert "anna@exempel.se" in lines[3]
    assert "väntar" in lines[4]
    assert "bea@exempel.se" in lines[4]


def test_list_without_a_lecture_counts_them_all(folder):
    done = run(folder, "list", "--json")

    assert json.loads(done.stdout) == {
        "liten": {"seats": 1, "confirmed": 1, "waiting": 1, "cancelled": 0},
        "annan": {"seats": 300, "confirmed": 0, "waiting": 0, "cancelled": 0},
    }
    assert "liten" in run(folder, "list").stdout


def test_list_in_json_is_for_programs(folder):
    rows = json.loads(run(folder, "list", "liten", "--json").stdout)

    assert [(row["number"], row["state"], row["email"]) for row in rows] == [
        (1, "confirmed", "anna@exempel.se"),
        (2, "waiting", "bea@exempel.se"),
    ]


def test_the_exported_csv_opens_in_a_swedish_spreadsheet_and_holds_no_formula(folder):
    done = run(folder, "export", "liten", folder / "anmalda.csv")

    data = (folder / "anmalda.csv").read_bytes()
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert done.returncode == 0
    assert "2 anmälda" in done.stderr
    assert data.startswith(b"\xef\xbb\xbf")
    assert rows[1][3] == f"'{NAUGHTY}"
    assert rows[1][5] == "'+46"
    assert rows[2][3:5] == ["Bea", "bea@exempel.se"]


def test_the_exported_workbook_holds_texts_only(folder):
    run(folder, "export", "liten", folder / "anmalda.xlsx")

    sheet = openpyxl.load_workbook(folder / "anmalda.xlsx").active
    assert sheet["D2"].value == NAUGHTY
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert {cell.hyperlink for row in sheet.iter_rows() for cell in row} == {None}
    assert (folder / "anmalda.xlsx").stat().st_mode & 0o077 == 0


def test_send_hands_over_what_is_due_once(folder):
    assert run(folder, "send").stdout == "2 skickade, 0 avvisade, 0 kvar.\n"
    assert run(folder, "send").stdout == "0 skickade, 0 avvisade, 0 kvar.\n"
    assert {letter["To"] for letter in letters(folder)} == {"anna@exempel.se", "bea@exempel.se"}
    assert run(folder, "list", "liten").stdout.splitlines()[3].endswith("bekräftelse")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("list", "nej"), 2, "nej: det finns ingen sådan föreläsning. De som finns: liten, annan"),
        (("export", "liten", "a.txt"), 2, "filen ska sluta på .xlsx eller .csv"),
        (("export", "liten", "/dev/null/a.csv"), 1, "går inte att skriva"),
        (("lista",), 2, "Fel: Kommandot 'lista' finns inte. Menade du 'list'?"),
    ],
)
def test_what_cant_be_done_is_said_in_a_sentence(folder, arguments, status, words):
    done = run(folder, *arguments)

    assert done.returncode == status
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_lecture_whose_file_was_taken_away_is_named_with_those_signed_up(folder):
    publish(folder, coming("annan"))

    words = "liten: filen saknas i content/lectures, men 2 är anmälda. Lägg tillbaka den."
    assert words in run(folder, "list").stderr
    assert words in run(folder, "list", "liten").stderr


def test_without_the_packages_it_says_how_to_get_them(folder):
    bare = "import sys, runpy; sys.path.insert(0, sys.argv[1]); runpy.run_module('registrations')"
    command = [sys.executable, "-I", "-S", "-c", bare, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Paketet ")
    assert "Traceback" not in done.stderr


def test_a_damaged_log_is_named_by_list(folder):
    (folder / "store/liten/log/00000001.json").write_text("[")

    done = run(folder, "list", "liten")

    assert done.returncode == 1
    assert "liten/log/00000001.json: är skadad" in done.stderr


@pytest.mark.parametrize("command", [(), ("serve",), ("list",), ("export",), ("send",)])
def test_every_command_has_help(folder, command):
    done = run(folder, *command, "--help")

    assert done.returncode == 0
    assert "--help" in done.stdout


def test_a_wrong_setting_is_said_with_status_two(folder):
    done = run(folder, "list", REGISTRATIONS_STORE="nej")

    assert (done.returncode, done.stderr) == (
        2,
        "REGISTRATIONS_STORE='nej': skriv file:MAPP, s3://HINK/MAPP, az://BEHÅLLARE/MAPP eller gs://HINK/MAPP.\n",
    )
