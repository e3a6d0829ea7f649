"""The forge's workflow: its steps are run as the forge would, with an ``aws`` that answers from here and real servers else."""

import http.server
import io
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest
import yaml

from registrations import published
from registrations.bucket import Bucket
from registrations.catalogue import Policy
from registrations.desk import Desk
from registrations.form import Applicant
from registrations.headers import security, static_host
from tests.deploy.server import NAMED
from tests.objects import Objects
from tests.support import ROOT, Collector, coming, publish

TEXT = (ROOT / ".github/workflows/publish.yml").read_text("utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]
PAGE = (ROOT / "deploy/forge.md").read_text("utf-8")
SECRET = "smtps://jour:hemligt=ord@mail.example"
PASSED_ON = ROOT / "deploy/cloudflare/functions/anmalan/[[path]].js"
CALL = """
const { onRequest } = await import(process.argv[1])
const answer = await onRequest({
  request: new Request('https://www.exempeljouren.example' + process.argv[3], JSON.parse(process.argv[4])),
  env: { COLLECTOR: process.argv[2] }
})
console.log(JSON.stringify({ status: answer.status, to: answer.headers.get('Location'), body: await answer.text() }))
"""
AWS = """#!{python}
import json, pathlib, sys
said, words = pathlib.Path({said!r}), " ".join(sys.argv[1:])
files = [pathlib.Path(word[7:]).read_text() for word in sys.argv if word.startswith("file://")]
with said.open("a") as log:
    print(json.dumps([words, files]), file=log)
print(next((answer for part, answer in {answers!r}.items() if part in words), ""))
"""


def run(name, folder, *, answers=None, cwd=ROOT, **environment):
    """The ended process of the step ``name``, run as the forge does. ``answers``: what ``aws`` prints, by a part of its words."""
    step = next(step for step in STEPS if step.get("name") == name)
    aws = folder / "bin" / "aws"
    aws.parent.mkdir(exist_ok=True)
    aws.write_text(AWS.format(python=sys.executable, said=str(folder / "aws.log"), answers=answers or {}))
    aws.chmod(0o755)
    given = {"PATH": f"{aws.parent}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8"}
    given |= {"RUNNER_TEMP": str(folder), "GITHUB_ENV": str(folder / "env"), "GITHUB_OUTPUT": str(folder / "output")}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, cwd=cwd, env={**given, "STACK": "registrations", **environment}, capture_output=True, text=True
    )


def called(folder):
    """What ``aws`` was asked, and what stood in the files that it was given."""
    return [json.loads(line) for line in (folder / "aws.log").read_text("utf-8").splitlines()]


@contextmanager
def server(answer):
    """The address of one that answers every GET and POST as ``answer(request)`` says: status, headers and body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, headers, body = answer(self)
            self.send_response(status)
            for header in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(*header)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def test_every_action_is_pinned_by_its_commit_and_keeps_no_token():
    uses = re.findall(r"uses: (.*)", TEXT)

    assert uses
    assert all(re.fullmatch(r"actions/(checkout|setup-python)@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)
    for step in STEPS:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {
                "persist-credentials": False,
                "fetch-depth": 0,
            }  # all commits: feeds tell their days


def test_each_job_may_do_no_more_than_it_needs_and_ends():
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in JOBS.items() if "permissions" in job} == {
        "function": {"contents": "read", "id-token": "write"}
    }
    assert all(job["timeout-minutes"] <= 60 for job in JOBS.values())
    for name in ("function", "site"):
        assert "github.ref == 'refs/heads/main'" in JOBS[name]["if"]
        assert JOBS[name]["environment"] == "live"


def test_nothing_from_outside_is_put_into_a_script():
    assert not [step["run"] for step in STEPS if "${{" in step.get("run", "")]


def test_the_collector_is_changed_before_the_catalogue_and_both_before_the_site():
    steps = [step.get("name") or step.get("run") for step in JOBS["function"]["steps"]]
    order = ["make publish", "Ask before people are mailed", "Create or change the stack"]

    assert [step for step in steps if step in order] == order
    assert steps[-1] == "Put catalogue and frame page into the store"
    assert JOBS["function"]["needs"] == "check"
    assert JOBS["site"]["needs"] == ["check", "function"]


def test_what_a_job_or_an_expression_names_is_there():
    asked = re.findall(r"\$\{\{(.*?)\}\}", TEXT) + [each["if"] for each in [*JOBS.values(), *STEPS] if "if" in each]
    needs = {name for job in JOBS.values() for name in re.findall(r"\w+", str(job.get("needs", "")))}
    names = [match for each in asked for match in re.findall(r"(?<![\w.])(\w+)\.(\w+)", re.sub(r"'[^']*'", "", each))]

    assert {context for context, _ in names} <= {"github", "inputs", "needs", "secrets", "steps", "vars"}
    assert {name for context, name in names if context == "needs"} | needs <= set(JOBS)
    assert {name for context, name in names if context == "steps"} <= {step.get("id") for step in STEPS}


def test_every_make_target_is_there():
    targets = {word for step in STEPS for word in re.findall(r"\bmake (\S+)", step.get("run", ""))}
    there = re.findall(r"^([a-z$()V./-]\S*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE | re.IGNORECASE)

    assert {"lint", "test", "publish", "function"} <= targets
    assert targets <= {name.replace("$(VENV)", ".venv") for name in there}


@pytest.mark.parametrize("kind", ["vars", "secrets"])
def test_every_variable_and_secret_stands_on_the_page_and_no_other(kind):
    rows = re.findall(r"^\| `(\w+)` \| (variable|secret) \|", PAGE, re.MULTILINE)

    assert set(re.findall(rf"\b{kind}\.(\w+)", TEXT)) == {
        name for name, what in rows if what == {"vars": "variable", "secrets": "secret"}[kind]
    }


def test_the_hosts_program_is_locked_by_hashes_without_addresses():
    folder = ROOT / "requirements/wrangler"
    lock = json.loads((folder / "package-lock.json").read_text("utf-8"))["packages"]
    wanted = json.loads((folder / "package.json").read_text("utf-8"))["dependencies"]

    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert lock.pop("")["dependencies"] == wanted
    assert all(
        "resolved" not in package and (package.get("integrity") or package.get("inBundle")) for package in lock.values()
    )
    assert "npm ci --prefix requirements/wrangler --ignore-scripts" in TEXT


@pytest.mark.parametrize("missing", ["AWS_REGION", "CODE_BUCKET", "MAIL"])
def test_half_a_setting_is_refused_by_name(tmp_path, missing):
    given = {"AWS_REGION": "eu-north-1", "CODE_BUCKET": "kod", "MAIL": SECRET}

    assert run("Refuse half a setting", tmp_path, **given).returncode == 0
    refused = run("Refuse half a setting", tmp_path, **given | {missing: ""})
    assert refused.returncode == 1
    assert missing in refused.stdout
    assert SECRET not in refused.stdout + refused.stderr


def test_signing_in_asks_the_forge_for_a_token_and_shows_no_key(tmp_path):
    def answer(request):
        asked.append((request.path, request.headers["Authorization"]))
        return 200, {}, b'{"value": "a.b.c"}'

    asked = []
    with server(answer) as address:
        done = run(
            "Sign in to AWS",
            tmp_path,
            answers={"assume-role-with-web-identity": "nyckel\themlig\tsession"},
            ACTIONS_ID_TOKEN_REQUEST_URL=f"{address}/token?version=1",
            ACTIONS_ID_TOKEN_REQUEST_TOKEN="bevis",
            AWS_ROLE="arn:aws:iam::123456789012:role/publish",
            GITHUB_RUN_ID="7",
        )

    assert done.returncode == 0, done.stderr
    assert asked == [("/token?version=1&audience=sts.amazonaws.com", "bearer bevis")]
    ((words, files),) = called(tmp_path)
    assert "--role-arn arn:aws:iam::123456789012:role/publish" in words
    assert files == ["a.b.c"]
    keys = "AWS_ACCESS_KEY_ID=nyckel\nAWS_SECRET_ACCESS_KEY=hemlig\nAWS_SESSION_TOKEN=session\n"
    assert (tmp_path / "env").read_text() == keys
    assert done.stdout == "::add-mask::hemlig\n::add-mask::session\n"
    assert not (tmp_path / "token").exists()
    assert not (tmp_path / "keys").exists()


def test_the_stack_gets_what_its_template_asks_for_and_no_secret_in_a_command(tmp_path):
    template = (ROOT / "deploy/function/template.yaml").read_text("utf-8")
    asked = yaml.load(re.sub(r"!(Sub|GetAtt|Ref) ", "", template), yaml.SafeLoader)["Parameters"]
    given = {"CODE_BUCKET": "kod", "GITHUB_SHA": "a" * 40, "MAIL": SECRET, "PROXIES": "", "VERIFY": "off"}

    done = run("Create or change the stack", tmp_path, SITEURL="https://www.exempeljouren.example", **given)

    assert done.returncode == 0, done.stderr
    ((words, (file,)),) = called(tmp_path)
    parameters = dict(each.split("=", 1) for each in json.loads(file))
    assert set(parameters) <= set(asked)
    assert {name for name, parameter in asked.items() if "Default" not in parameter} <= set(parameters)
    assert parameters["Mail"] == SECRET
    assert parameters["CodeKey"] == "a" * 40 + ".zip"
    assert re.fullmatch(asked["SiteUrl"]["AllowedPattern"], parameters["SiteUrl"])
    assert "--template-file deploy/function/template.yaml --stack-name registrations" in words
    assert SECRET not in words + done.stdout + done.stderr
    assert not (tmp_path / "parameters.json").exists()


STORE, FOUND, KEY = "OutputKey=='Store'", "list-stacks", "list-objects-v2"


@pytest.fixture(scope="module")
def objects():
    with Objects() as running:
        yield running


@pytest.fixture
def signed_up(objects, tmp_path):
    """A checkout whose new catalogue lacks a lecture that somebody is signed up for; gives how to ask about it."""
    before, lecture = tmp_path / "before", coming("ekonomiskt-vald")
    after = tmp_path / "checkout" / "var"
    before.mkdir()
    after.mkdir(parents=True)
    url = objects.url()
    store = Bucket(url, objects.environment)
    terms = published.publish(publish(before, lecture), store)
    Desk(store, lambda: terms).sign_up(
        "ekonomiskt-vald", Applicant(email="eva@exempel.se", name="Eva", organisation="", sector="", tips=False)
    )
    publish(after, coming("ny"))
    checkout = after.parent
    (checkout / "registrations").symlink_to(ROOT / "registrations")
    (checkout / ".venv/bin").mkdir(parents=True)
    python = checkout / ".venv/bin/python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)

    def ask(message="Ny text", **changed):
        answers = {FOUND: "registrations", STORE: url.removeprefix("s3://"), KEY: "site.json", **changed.pop("aws", {})}
        git = {"cwd": checkout, "check": True, "env": {**os.environ, **NAMED}}
        subprocess.run(["git", "init", "-q"], **git)
        subprocess.run(["git", "commit", "-q", "--allow-empty", "-m", message], **git)
        return run(
            "Ask before people are mailed", tmp_path, answers=answers, cwd=checkout, **objects.environment, **changed
        )

    ask.checkout = checkout
    return ask


def test_what_hurts_those_who_are_signed_up_is_asked_about_first(signed_up):
    refused = signed_up("Rensat, inte Ja: mejla\n\nJa: mejla dem inte")

    assert refused.returncode == 1
    assert "Ekonomiskt våld: försvinner från webbplatsen, men 1 är anmäld och" in refused.stdout
    assert "skriv en rad 'Ja: mejla' sist" in refused.stdout
    assert signed_up(AGREED="true").returncode == 0
    assert signed_up("Rensat\n\nja: Mejla").returncode == 0
    (signed_up.checkout / "var/catalogue.json").write_text("{}")
    broken = signed_up(AGREED="true")  # a yes is a yes to what can be seen
    assert broken.returncode == 1
    assert "can't be seen" in broken.stdout


@pytest.mark.parametrize("aws", [{FOUND: ""}, {STORE: "None"}, {KEY: "None"}], ids=["no stack", "no store", "empty"])
def test_the_first_time_nobody_is_asked(signed_up, aws):
    first = signed_up(aws=aws)

    assert (first.returncode, first.stdout) == (0, "Nothing is published yet.\n")


@pytest.mark.parametrize("address", ["", "None", "http://abc.example", "https://abc.example/", "https://a b/*", "x\ny"])
def test_a_site_whose_sign_ups_lead_nowhere_is_refused(tmp_path, address):
    assert run("Refuse a site without sign-up", tmp_path, COLLECTOR="https://abc.example").returncode == 0
    refused = run("Refuse a site without sign-up", tmp_path, COLLECTOR=address)
    assert refused.returncode == 1
    assert "COLLECTOR" in refused.stdout


def test_a_site_without_its_headers_is_refused(tmp_path):
    (tmp_path / "output").mkdir()

    assert run("Refuse a site without its headers", tmp_path, cwd=tmp_path).returncode == 1
    (tmp_path / "output/_headers").write_text("/*\n  Content-Security-Policy: default-src 'none'\n")
    assert run("Refuse a site without its headers", tmp_path, cwd=tmp_path).returncode == 0


def test_netlify_is_told_where_sign_ups_go(tmp_path):
    (tmp_path / "output").mkdir()

    run("Lead sign-ups to the collector (Netlify)", tmp_path, cwd=tmp_path, COLLECTOR="https://abc.example")

    assert (tmp_path / "output/_redirects").read_text().splitlines() == [
        "/anmalan/* https://abc.example/anmalan/:splat 200!",
        "/healthz https://abc.example/healthz 200!",
    ]


def test_netlify_is_sent_the_whole_site_and_the_token_in_no_command(tmp_path):
    def answer(request):
        sent.append((request.path, request.headers["Authorization"], request.headers["Content-Type"], request.body))
        return 200, {}, b"{}"

    sent = []
    (tmp_path / "output/stod").mkdir(parents=True)
    for name in ("_headers", "_redirects", "stod/index.html"):
        (tmp_path / "output" / name).write_text(name)
    with server(answer) as address:
        given = {"NETLIFY_API": address, "NETLIFY_SITE_ID": "jouren", "NETLIFY_AUTH_TOKEN": "hemligt"}
        done = run("Publish to Netlify", tmp_path, cwd=tmp_path, **given)

    assert done.returncode == 0, done.stderr
    ((path, token, kind, body),) = sent
    assert (path, token, kind) == ("/sites/jouren/deploys", "Bearer hemligt", "application/zip")
    files = zipfile.ZipFile(io.BytesIO(body))
    assert {"_headers", "_redirects", "stod/index.html"} <= set(files.namelist())
    assert files.read("stod/index.html") == b"stod/index.html"
    assert "hemligt" not in done.stdout + done.stderr
    step = next(step for step in STEPS if step.get("name") == "Publish to Netlify")
    assert '"Authorization' not in step["run"].partition("<<<")[0]
    assert not (tmp_path / "site.zip").exists()


@pytest.mark.parametrize(("missing", "status"), [("", 0), ("Referrer-Policy", 1)])
def test_a_host_that_leaves_a_header_out_fails_the_run(tmp_path, missing, status):
    headers = {name: value for name, value in security(Policy()).items() if name != missing}
    (tmp_path / "output").mkdir()
    (tmp_path / "output/_headers").write_text(static_host(Policy()))
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)

    with server(lambda request: (200, headers, b"")) as address:
        (tmp_path / "publishconf.py").write_text(f"SITEURL = {address!r}\n")
        done = run("Look at what visitors get", tmp_path, cwd=tmp_path, PAUSE="0")

    assert done.returncode == status, done.stderr
    assert f"answers without {missing}" in done.stdout if missing else done.stdout == ""


def test_cloudflare_is_told_where_sign_ups_go(tmp_path):
    (tmp_path / "deploy/cloudflare").mkdir(parents=True)
    given = {"COLLECTOR": "https://abc.example", "PROJECT": "jouren"}

    run("Lead sign-ups to the collector (Cloudflare Pages)", tmp_path, cwd=tmp_path, **given)

    told = json.loads((tmp_path / "deploy/cloudflare/wrangler.json").read_text())
    assert (told["name"], told["vars"]) == ("jouren", {"COLLECTOR": "https://abc.example"})
    assert (ROOT / "deploy/cloudflare" / told["pages_build_output_dir"]).resolve() == ROOT / "output"


def through_cloudflare(collector, path, **request):
    """What the visitor gets of ``path`` through the function that passes sign-ups on, run by our own Node."""
    node = Path(sys.executable).parent / "node"
    command = [node, "--input-type=module", "-e", CALL, PASSED_ON.as_uri(), collector, path, json.dumps(request)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_cloudflare_passes_a_sign_up_on_and_lets_the_browser_follow_the_answer(tmp_path):
    publish(tmp_path, coming("ekonomiskt-vald"))
    form = {"method": "POST", "body": "email=eva%40exempel.se&name=Eva"}
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}

    with Collector(tmp_path) as running:
        answer = through_cloudflare(running.url, "/anmalan/ekonomiskt-vald", headers=kind, **form)

    assert (answer["status"], answer["to"]) == (303, "/anmalan/ekonomiskt-vald/tack/")
    assert len(list((tmp_path / "store/ekonomiskt-vald/people").glob("*.json"))) == 1


@pytest.mark.parametrize(
    ("brought", "told"),
    [
        ({"CF-Connecting-IP": "192.0.2.7", "X-Forwarded-For": "203.0.113.1"}, "192.0.2.7"),
        ({"X-Forwarded-For": "203.0.113.1"}, ""),
    ],
)
def test_cloudflare_tells_whom_a_request_comes_from_and_not_what_she_says(brought, told):
    def answer(request):
        return 200, {}, json.dumps([request.path, request.headers.get("X-Forwarded-For", "")]).encode()

    with server(answer) as address:
        body = through_cloudflare(address, "/anmalan/a/lage?b=c&d=%2F", headers=brought)["body"]

    assert json.loads(body) == ["/anmalan/a/lage?b=c&d=%2F", told]
