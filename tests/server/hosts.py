"""The built site on Cloudflare Pages' own local runtime, before a real collector: protected as on our own server."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
import requests

from registrations.catalogue import parse
from registrations.headers import security
from tests import npm
from tests.site.built import build, free_port
from tests.stores.running import Programs
from tests.support import ROOT, Collector

HEADERS = {"User-Agent": "Mozilla/5.0", "Accept": "text/html"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """``(address, policy, store)``."""
    folder, port = tmp_path_factory.mktemp("pages"), free_port()
    site = build(folder, SITEURL=f"http://127.0.0.1:{port}")
    policy = parse((folder / "catalogue.json").read_text("utf-8")).policy
    work = folder / "deploy"
    shutil.copytree(ROOT / "deploy/cloudflare", work)
    with Collector(folder) as collector:
        settings = {"name": "jouren", "compatibility_date": "2026-11-01", "pages_build_output_dir": str(site)}
        (work / "wrangler.json").write_text(json.dumps(settings | {"vars": {"COLLECTOR": collector.url}}))
        command = [*npm.locked(ROOT / "requirements/wrangler", "wrangler"), "pages", "dev", "--port", str(port)]
        programs = Programs(folder)
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        environment |= {"WRANGLER_SEND_METRICS": "false", "CI": "1", "HOME": str(folder)}
        try:
            programs.start(*command, "--ip", "127.0.0.1", cwd=work, env=environment)
            programs.wait(lambda: answers(port), "Cloudflare's runtime")
            yield f"http://127.0.0.1:{port}", policy, folder / "store"
        finally:
            programs.stop()


def answers(port):
    """Whether somebody answers there."""
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/stod/", 200),
        ("/forelasningar/kommande/", 200),
        ("/forelasningar/kommande/dela.png", 200),
        ("/finns-inte/", 404),
        ("/anmalan/kommande/lage", 200),
        ("/anmalan/finns-inte", 404),
        ("/healthz", 200),
    ],
)
def test_every_kind_of_answer_is_protected(pages, path, status):
    address, policy, _ = pages

    answer = requests.get(address + path, headers=HEADERS, timeout=30, allow_redirects=False)

    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in security(policy)} == security(policy)


def test_a_sign_up_is_stored_and_answered(pages):
    address, _, store = pages

    form = {"email": "eva@exempel.se", "name": "Eva"}
    answer = requests.post(f"{address}/anmalan/kommande", data=form, headers=HEADERS, timeout=30, allow_redirects=False)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmalan/kommande/tack/")
    assert len(list((store / "kommande/people").glob("*.json"))) == 1
