"""Facts and texts that were checked long ago."""

import os
import subprocess
import sys
from datetime import date

from plugins.data import Data
from plugins.old import old
from tests.plugins.small_site import ROOT
from tests.plugins.texts import bare


def test_what_was_checked_more_than_a_year_ago_is_listed_the_oldest_first():
    texts = [bare(Checked="2025-08-31"), bare(file="content/pages/b.md", Checked="2026-02-01"), bare(Checked="")]
    data = Data(org={"checked": date(2026, 5, 1)}, phones={"bris": {"checked": date(2024, 8, 31)}})

    assert old(texts, data, date(2027, 1, 11)) == [
        "2024-08-31 content/data/telephones.toml bris",
        "2025-08-31 content/pages/stod.md",
    ]


def test_a_build_tells_in_one_line_how_many_there_are(site, capsys):
    site.page("stod.md", Checked="2025-01-01")
    site.page("om.md", Checked="2025-01-02")

    site.build()

    assert (
        capsys.readouterr().err
        == "2 uppgifter kontrollerades för mer än ett år sedan. Se vilka: make old, eller på servern: ssh … old\n"
    )


def test_the_whole_list_is_printed_on_request(site):
    site.page("stod.md", Checked="2025-01-01")

    done = subprocess.run(
        [sys.executable, "-m", "plugins.old", str(site.root / "content")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert "2025-01-01 content/pages/stod.md" in done.stdout.splitlines()
