"""What root reads of what the pushing user left: plain files only, and nothing by way of a link."""

import os

import pytest

from deploy.server import guarded


@pytest.fixture
def home(tmp_path):
    """HOME, with a secret beside it."""
    (tmp_path / "outside/inner").mkdir(parents=True)
    (tmp_path / "outside/secret").write_text("hemligt")
    (tmp_path / "outside/inner/secret").write_text("hemligt")
    home = tmp_path / "home"
    (home / "site/stod").mkdir(parents=True)
    (home / "site/index.html").write_text("Start")
    (home / "site/stod/index.html").write_text("Stöd")
    return home


def test_a_plain_file_is_read(home):
    assert guarded.text(home, "site", "stod", "index.html") == "Stöd"


@pytest.mark.parametrize("what", ["link", "pipe", "device", "folder", "no text", "missing", "folder by a link"])
def test_what_is_no_plain_file_of_hers_is_nothing(home, what):
    path, parts = home / "x", ("x",)
    if what == "link":
        path.symlink_to("../outside/secret")
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "device":
        path.symlink_to("/dev/zero")
    elif what == "folder":
        path.mkdir()
    elif what == "no text":
        path.write_bytes(b"\xff\xfe")
    elif what == "folder by a link":
        path.symlink_to("../outside")
        parts = ("x", "secret")

    assert guarded.text(home, *parts) is None


def test_a_copy_holds_the_plain_files_and_takes_the_place_of_the_one_before(home, tmp_path):
    target = tmp_path / "state/site"
    (home / "site/link.html").symlink_to("../../outside/secret")
    (home / "site/folder").symlink_to("../../outside")
    os.mkfifo(home / "site/pipe")

    assert guarded.mirror(home, "site", target=target)
    assert sorted(os.listdir(target)) == ["index.html", "stod"]
    assert (target / "stod/index.html").read_text() == "Stöd"
    (home / "site/index.html").write_text("Nytt")
    assert guarded.mirror(home, "site", target=target)
    assert (target / "index.html").read_text() == "Nytt"
    assert len(os.listdir(target.parent)) == 2  # the link and what it leads to


def test_a_copy_that_is_not_there_or_leads_elsewhere_changes_nothing(home, tmp_path):
    target = tmp_path / "state/site"
    guarded.mirror(home, "site", target=target)
    (home / "away").symlink_to("../outside")

    assert not guarded.mirror(home, "missing", target=target)
    with pytest.raises(OSError, match="away"):
        guarded.mirror(home, "away", target=target)
    assert (target / "index.html").read_text() == "Start"
    assert len(os.listdir(target.parent)) == 2


def test_a_copy_that_would_fill_the_disk_is_not_made(home, tmp_path):
    with pytest.raises(ValueError, match="för stor"):
        guarded.mirror(home, "site", target=tmp_path / "state/site", most=5)
    assert os.listdir(tmp_path / "state") == []


@pytest.mark.parametrize("where", ["../outside", "/etc", "releases//a", "."])
def test_a_release_is_below_home(home, where):
    (home / "current").symlink_to(where)

    assert guarded.link(home, "current") == []
