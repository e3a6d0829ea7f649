"""Every page, the collector's too, is valid HTML: html-validate finds nothing."""

import json
import subprocess
from pathlib import Path

import pytest
import requests

from tests import npm
from tests.support import ROOT, own_page

RULES = Path(__file__).parent / ".htmlvalidate.json"


def validate(*files):
    """What html-validate says of each file: ``file:line rule: words``."""
    command = [*npm.locked(ROOT / "requirements" / "html", "html-validate"), "--config", RULES, "-f", "json"]
    done = subprocess.run([*command, *files], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [
        f"{Path(report['filePath']).name}:{each['line']} {each['ruleId']}: {each['message']}"
        for report in json.loads(done.stdout)
        for each in report["messages"]
    ]


@pytest.fixture
def answers(site, inbox, tmp_path):
    """The collector's pages, one file each."""
    form = f"{site.url}/anmalan/kommande"
    taken = requests.post(form, data={"email": "cecilia@exempel.se", "name": "Cecilia"}, timeout=20)
    made = {
        "thanks": taken,
        "faulty": requests.post(form, data={"email": "x", "name": ""}, timeout=20),
        "own": requests.get(f"{site.url}{own_page(inbox('cecilia@exempel.se'))}", timeout=20),
        "unknown": requests.post(f"{site.url}/anmalan/finns-inte", data={}, timeout=20),
        "over": requests.post(f"{site.url}/anmalan/forbi", data={}, timeout=20),
        "no-form": requests.post(form, data=b"x", headers={"Content-Type": "text/plain"}, timeout=20),
    }
    for name, answer in made.items():
        (tmp_path / f"{name}.html").write_text(answer.text, "utf-8")
    assert [answer.status_code for answer in made.values()] == [200, 422, 200, 404, 410, 415]
    return sorted(tmp_path.glob("*.html"))


def test_every_page_of_the_site_is_valid(site):
    pages = sorted(site.output.rglob("*.html"))

    assert len(pages) > 40
    assert validate(*pages) == []


def test_every_answer_of_the_collector_is_valid(answers):
    assert validate(*answers) == []


def test_what_is_wrong_is_found(tmp_path):
    (tmp_path / "a.html").write_text('<!DOCTYPE html><html lang="sv"><head><title>A</title></head><body><p><div></p>')

    assert any("close-order" in each for each in validate(tmp_path / "a.html"))
