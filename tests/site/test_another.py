"""Another shelter: the example folder alone, built, served and signed up with; nothing of Qjouren is left in it."""

import re
import shutil

import pytest
import requests

from tests.deploy.server import run
from tests.site.built import build, free_port, serve
from tests.support import ROOT, letters, wait_for_letters

CONTENT = ROOT / "docs/annan-jour/content"
OURS = re.compile(rb"qjour|644 ?20 ?32|6442032|802471|23126|Stockholms? kvinnojour", re.IGNORECASE)


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    """``(address, folder)`` of the other shelter's site."""
    root, folder, port = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("other"), free_port()
    for name in ("theme", "plugins", "registrations"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(CONTENT, root / "content")
    shutil.copy(ROOT / "pelicanconf.py", root)
    site = build(folder, content=root / "content", lectures=None, root=root, SITEURL=f"http://127.0.0.1:{port}")
    with serve(folder, site, port) as collector:
        yield collector.url, folder


def test_nothing_of_us_is_in_its_pages_its_pictures_names_or_what_the_collector_gets(other):
    _, folder = other
    files = [path for path in folder.rglob("*") if path.is_file() and "store" not in path.parts]

    assert len(files) > 12
    assert [path for path in files if OURS.search(path.read_bytes()) or OURS.search(path.name.encode())] == []


def test_its_own_name_number_mark_and_colours_are_there(other):
    url, _ = other
    page = requests.get(f"{url}/", timeout=20)

    for own in ("Start – Exempeljouren", "070-174 06 05", "#4a2c5a", "--accent: #5d2a7a"):
        assert own in page.text
    assert (CONTENT / "mark.svg").read_text("utf-8").strip() in page.text


def test_somebody_signs_up_and_its_letter_and_answers_are_its_own(other):
    url, folder = other
    answer = requests.post(
        f"{url}/anmalan/ekonomiskt-vald", data={"email": "eva@exempel.se", "name": "Eva"}, timeout=20
    )
    (letter,) = wait_for_letters(folder, 1)

    assert answer.ok
    assert "Exempeljouren" in answer.text
    assert letter["From"].addresses[0].addr_spec == "info@exempeljouren.example"
    texts = [answer.text.encode(), *(part.get_payload(decode=True) or b"" for part in letters(folder)[0].walk())]
    assert [text for text in texts if OURS.search(text)] == []


def test_new_code_is_taken_over_and_no_text_with_it(tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"

    def git(folder, *command):
        return run("git", *command, cwd=folder)

    def write(folder, name, text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    ours.mkdir()
    git(ours, "init", "-q", "-b", "main")
    for name in ("code.py", "content/shared.md", "content/edited.md", "content/deleted.md"):
        write(ours, name, "old\n")
    git(ours, "add", "-A")
    git(ours, "commit", "-q", "-m", "Old")
    git(tmp_path, "clone", "-q", str(ours), "theirs")
    (theirs / "content/deleted.md").unlink()
    write(theirs, "content/edited.md", "their own\n")
    git(theirs, "commit", "-qam", "Our own")
    for name in ("code.py", "content/shared.md", "content/edited.md", "content/deleted.md", "content/lectures/new.md"):
        write(ours, name, "new\n")
    git(ours, "add", "-A")
    git(ours, "commit", "-q", "-m", "New")
    text = (ROOT / "docs/annan-jour.md").read_text("utf-8")
    commands = text.rpartition("```\ngit fetch")[2].partition("```")[0]

    git(theirs, "remote", "add", "qjouren", str(ours))
    run("sh", "-ec", f"git fetch{commands}", cwd=theirs)

    assert (theirs / "code.py").read_text() == "new\n"
    content = {path.name: path.read_text() for path in (theirs / "content").rglob("*") if path.is_file()}
    assert content == {"shared.md": "old\n", "edited.md": "their own\n"}
    assert git(theirs, "status", "--short").stdout == ""


def test_the_code_and_the_theme_name_nobody_but_as_an_example():
    files = [path for folder in ("theme", "plugins", "registrations") for path in (ROOT / folder).rglob("*.*")]
    named = [
        f"{path.name}: {line.strip()}"
        for path in files
        if path.suffix in (".py", ".html", ".css", ".js", ".toml")
        for line in path.read_text("utf-8").splitlines()
        if OURS.search(line.encode())
        and "till exempel" not in line
        and '# "' not in line
        and "as it is written" not in line
    ]

    assert named == []
