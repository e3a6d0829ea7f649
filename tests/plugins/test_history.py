"""When a text was changed: by git, and never by the time of its file."""

import os
import re
import subprocess

from plugins.history import parse

NAMED = {"GIT_AUTHOR_NAME": "Test", "GIT_AUTHOR_EMAIL": "t@example.org", "GIT_COMMITTER_NAME": "Test"}
NAMED |= {"GIT_COMMITTER_EMAIL": "t@example.org", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}


def commit(root, day):
    dated = {"GIT_AUTHOR_DATE": f"{day}T12:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    for command in (["git", "add", "-A"], ["git", "commit", "-qm", "Ny text"]):
        subprocess.run(command, cwd=root, env=os.environ | NAMED | dated, check=True)


def test_the_first_and_the_last_commit_of_a_file_are_found():
    spans = parse("@200\n\ncontent/news/å.md\n@100\n\ncontent/news/å.md\ncontent/pages/b.md\n")

    assert {file: (span.first.timestamp(), span.last.timestamp()) for file, span in spans.items()} == {
        "content/news/å.md": (100, 200),
        "content/pages/b.md": (100, 100),
    }


def test_the_feeds_tell_what_git_and_the_text_say_and_not_when_files_were_written(site):
    site.page("aktuellt.md", Title="Aktuellt", Template="news")
    news = site.write("content/news/2023-x.md", "Title: X\nWindow: X\nSummary: Kort.\nDate: 2023-11-25\n\nText.\n")
    lecture = site.lecture("vald.md")
    subprocess.run(["git", "init", "-q"], cwd=site.root, check=True)
    commit(site.root, "2026-02-01")
    lecture.write_text(lecture.read_text("utf-8") + "Mer.\n", "utf-8")
    commit(site.root, "2026-03-01")
    site.build()
    before = {path: site.text(path) for path in ("aktuellt/atom.xml", "forelasningar/atom.xml")}

    os.utime(news, (0, 0))
    os.utime(lecture, (2_000_000_000, 2_000_000_000))
    site.build()

    assert {path: site.text(path) for path in before} == before
    assert re.findall("<(?:published|updated)>(.*?)<", before["aktuellt/atom.xml"]) == [
        "2026-02-01T12:00:00+00:00",
        "2023-11-25T00:00:00+01:00",
        "2026-02-01T12:00:00+00:00",
    ]
    assert re.findall("<(?:published|updated)>(.*?)<", before["forelasningar/atom.xml"]) == [
        "2026-03-01T12:00:00+00:00",
        "2026-02-01T12:00:00+00:00",
        "2026-03-01T12:00:00+00:00",
    ]


def test_an_empty_feed_is_not_as_new_as_the_build(site):
    assert "<updated>2024-01-01T00:00:00+00:00</updated>" in site.build().text("forelasningar/atom.xml")
