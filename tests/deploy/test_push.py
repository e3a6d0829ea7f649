"""A real ``git push`` to a real repository with the real hooks: published, refused, queued, killed, taken back."""

import fcntl
import os
import pwd
import re
import subprocess
import sys
import threading
import time
from datetime import datetime

import pytest
import requests

from tests.deploy.server import NAMED, collector, make, run, said
from tests.support import ROOT

LECTURE = "lectures/2030-02-13-ekonomiskt-vald.md"


@pytest.fixture
def server(tmp_path):
    """One that nobody has pushed to."""
    return make(tmp_path)


def test_a_push_publishes_and_says_where_and_how_long_it_took(server):
    words = server.publish("Första")

    assert "Bygger webbplatsen …" in words
    assert "Publicerat på https://www.exempeljouren.example/ efter " in words
    assert "Behöver du prata med någon?" in server.page()
    assert server.current.stat().st_mode & 0o777 == 0o700  # join links are in the code and in the catalogue
    assert (server.current / "catalogue.json").stat().st_mode & 0o777 == 0o600
    server.replace("pages/stod.md", "Skriv vad ni erbjuder.", "Vi lyssnar.")
    server.publish()
    assert "Vi lyssnar." in server.page("stod/index.html")


def test_a_push_with_faults_is_refused_with_all_of_them_and_nothing_changes(server):
    server.publish("Första")
    before, visible = server.page(), server.current.resolve()
    server.replace(LECTURE, "Start: 2030-02-13 12:00", "Start: 2030-02-30 12:00")
    server.write("pages/fel.md", "Title: Fel\n\n[här](/finns-inte/)\n")
    server.commit()

    done = server.push()

    assert done.returncode != 0
    words = said(done)
    assert "content/lectures/2030-02-13-ekonomiskt-vald.md" in words
    assert "rad 2, Start: ”2030-02-30 12:00”" in words
    assert "rad 3: Länken heter bara ”här”." in words
    assert "Inget är ändrat: den tidigare webbplatsen visas." in words
    assert (server.page(), server.current.resolve()) == (before, visible)
    assert run("git", "show", "-s", "--format=%s", "main", cwd=server.home / "repo.git").stdout == "Första\n"
    assert [path.name for path in (server.home / "releases").iterdir()] == [visible.name]


def test_what_hurts_those_who_are_signed_up_is_asked_about_before_it_mails_them(server):
    server.publish("Första")
    with collector(server) as running:
        form = {"email": "eva@exempel.se", "name": "Eva"}
        assert requests.post(f"{running.url}/anmalan/ekonomiskt-vald", data=form, timeout=20).ok
    server.replace(LECTURE, "2030-02-13 12:00", "2030-02-20 12:00")
    server.commit()
    words = "Ekonomiskt våld: flyttas till onsdag 20 februari 2030 kl. 12.00–13.00. 1 anmäld får besked om ny tid."

    refused = server.push()

    assert refused.returncode != 0
    assert words in said(refused)
    assert "Är det meningen? Publicera då med:\n\n  git push -o ja live main\n\n" in said(refused)
    assert "13 februari" in server.page("forelasningar/index.html")
    agreed = server.push("-o", "ja")
    assert agreed.returncode == 0, agreed.stderr
    assert words in said(agreed)
    assert "20 februari" in server.page("forelasningar/index.html")
    server.replace(LECTURE, "Seats: 100", "Seats: 50")
    assert "får färre platser, 50 i stället för 100" in server.publish("Mindre sal\n\nJa: mejla")
    assert server.tool("rollback").returncode == 0  # more seats again, which hurts nobody
    back = server.tool("rollback")
    assert (back.returncode, "flyttas till onsdag 13 februari 2030" in back.stdout) == (1, True)
    first = server.tool("releases").stdout.splitlines()[-1].split()[0]
    user = pwd.getpwuid(os.geteuid()).pw_name
    assert f"Skriv då:\n\n  ssh {user}@www.exempeljouren.example rollback {first} --ja\n" in back.stdout
    assert server.tool("rollback", first, "--ja").returncode == 0


def test_a_push_tells_what_became_of_the_lectures_after_the_result_and_the_builds_own_words_last(server):
    words = server.work / "plugins/words.py"
    words.write_text(f"import sys\nprint('Byggets egna ord.', file=sys.stderr)\n{words.read_text('utf-8')}", "utf-8")
    first = server.publish("Första").splitlines()
    text = (server.work / "content" / LECTURE).read_text("utf-8")
    new = (
        text.replace("Ekonomiskt våld", "Natvåld")
        .replace("2030-02-13 12:00", "2030-03-13 12:00")
        .replace("Example: yes\n", "")
    )
    server.write("lectures/2030-03-13-natvald.md", "\n".join(line for line in new.split("\n") if "Join:" not in line))
    server.write("lectures/2026-01-02-fel-ar.md", new.replace("Natvåld", "Fel år").replace("2030-03-13", "2026-01-02"))

    said = server.publish("Nya").splitlines()

    result = next(number for number, line in enumerate(said) if line.startswith("Publicerat på "))
    assert said[result + 1 : result + 4] == [
        "  Ny: Fel år, fredag 2 januari 2026 kl. 12.00, 100 platser.",
        "  Fel år: Observera: 2 januari 2026 har varit. Står rätt år i Start?",
        "  Ny: Natvåld, onsdag 13 mars 2030 kl. 12.00, 100 platser, anmälan öppen tills den börjar, länk saknas.",
    ]
    assert said[result + 4] == "Byggets egna ord."
    assert [line for line in said[:result] if "ord" in line] == []
    result = next(number for number, line in enumerate(first) if line.startswith("Publicerat på "))
    assert first[result + 1] == "  Det finns 1 kommande föreläsning och 0 som har varit."
    assert "Avsändare i mejlen blir" in first[result + 2]
    server.replace("pages/stod.md", "Skriv vad ni erbjuder.", "Vi lyssnar.")
    quiet = server.publish().splitlines()
    result = next(number for number, line in enumerate(quiet) if line.startswith("Publicerat på "))
    assert quiet[result + 1] == "Byggets egna ord."


def test_what_has_grown_old_is_asked_of_the_release_that_is_shown(server):
    settings, plugin = server.work / "pelicanconf.py", server.work / "plugins/old.py"
    new, text = settings.read_text("utf-8"), plugin.read_text("utf-8")
    settings.write_text(new.replace('    "plugins.old",\n', ""), "utf-8")
    plugin.unlink()
    server.publish("Första")
    unable = server.tool("old")
    settings.write_text(new, "utf-8")
    plugin.write_text(text, "utf-8")
    server.replace("pages/stod.md", "Summary:", "Checked: 2020-01-01\nSummary:")
    server.publish("Andra")

    able = server.tool("old")

    assert unable.returncode == 1
    assert unable.stdout == "Den version som visas kan inte svara på det. Publicera en nyare först.\n"
    assert able.returncode == 0
    assert "2020-01-01 content/pages/stod.md" in able.stdout.splitlines()


def test_a_fault_in_the_code_is_a_sentence_and_its_traceback_a_file(server):
    server.publish("Första")
    before = server.page()
    settings = server.work / "pelicanconf.py"
    settings.write_text(f"{settings.read_text('utf-8')}\nraise RuntimeError('fel i koden')\n", "utf-8")
    commit = server.commit()
    (server.home / "trace").mkdir()
    for number in range(12):
        (server.home / f"trace/2020010{number // 10}-{number:06}-a.txt").write_text("gammalt")

    done = server.push()

    words = said(done)
    kept = sorted((server.home / "trace").iterdir())
    assert done.returncode != 0
    assert (
        f"Bygget stannade på ett fel i koden, inte i din text. Felet står i {kept[-1]} på servern. "
        "Skicka det till den som sköter webbplatsens kod.\n\nInget är ändrat: den tidigare webbplatsen visas."
    ) in words
    assert "Traceback" not in done.stderr
    assert "RuntimeError" not in done.stderr
    assert len(kept) == 10
    assert kept[-1].name.endswith(f"-{commit[:10]}.txt")
    assert kept[-1].stat().st_mode & 0o777 == 0o600
    assert "RuntimeError: fel i koden" in kept[-1].read_text("utf-8")
    assert server.page() == before


def test_a_fault_in_what_publishes_is_a_sentence_too(tmp_path):
    server = make(tmp_path, BUILD_SECONDS="en minut")
    server.commit("Första")

    done = server.push()

    (kept,) = (server.home / "trace").iterdir()
    assert f"Felet står i {kept} på servern." in said(done)
    assert "Traceback" not in done.stderr
    assert "ValueError" in kept.read_text("utf-8")


def test_back_is_one_command_and_the_last_releases_are_kept(tmp_path):
    server = make(tmp_path, RELEASES="3")
    for number in range(5):
        server.replace("pages/stod.md", f"Nummer {number - 1}." if number else "Skriv också", f"Nummer {number}.")
        server.publish(f"Nummer {number}")

    listed = server.tool("releases").stdout.splitlines()
    titles = [line.split("  ")[-1] for line in listed]
    assert titles == ["Nummer 4", "Nummer 3", "Nummer 2", "Nummer 0"]  # the collector runs the first one's code
    assert listed[0].startswith("* ")
    assert server.tool("rollback").returncode == 0
    assert "Nummer 3." in server.page("stod/index.html")
    assert server.tool("rollback").returncode == 0
    assert "Nummer 2." in server.page("stod/index.html")
    assert server.tool("rollback", listed[0].split()[1]).returncode == 0
    assert "Nummer 4." in server.page("stod/index.html")
    assert server.tool("rollback", "nej").returncode == 1


def test_no_request_is_lost_while_a_push_takes_effect(server):
    server.publish("Första")
    seen, wrong, stop = set(), [], threading.Event()
    with collector(server) as running:

        def visit():
            while not stop.is_set():
                page = requests.get(f"{running.url}/stod/", timeout=20)
                whole = page.ok and page.text.rstrip().endswith("</html>")
                seen.add("Vi lyssnar." in page.text) if whole else wrong.append(page.status_code)

        visitors = [threading.Thread(target=visit) for _ in range(4)]
        for each in visitors:
            each.start()
        server.replace("pages/stod.md", "Skriv vad ni erbjuder.", "Vi lyssnar.")
        server.publish()
        time.sleep(0.3)
        stop.set()
        for each in visitors:
            each.join()

    assert wrong == []
    assert seen == {False, True}


def test_another_branch_has_a_private_address_takes_no_sign_ups_and_goes_with_the_branch(tmp_path):
    server = make(tmp_path, PREVIEWS="prova.exempeljouren.example")
    server.publish("Första")
    server.replace("pages/stod.md", "Skriv vad ni erbjuder.", "Ett förslag.")
    server.commit()

    words = said(server.push(ref="HEAD:forslag"))

    (preview,) = (path for path in (server.home / "previews").iterdir())
    assert f"Förhandsvisning: https://prova:{preview.name}@prova.exempeljouren.example/" in words
    assert len(preview.name) == 32
    assert sorted(path.name for path in preview.iterdir()) == ["branch", "policy.json", "site"]
    page = (preview / "site/forelasningar/ekonomiskt-vald/index.html").read_text("utf-8")
    assert 'content="noindex, nofollow"' in page
    assert "<form" not in page
    assert "Ett förslag." in (preview / "site/stod/index.html").read_text("utf-8")
    assert "Ett förslag." not in server.page("stod/index.html")
    server.replace("pages/stod.md", "Ett förslag.", "Ett bättre förslag.")
    server.commit()
    assert preview.name in said(server.push(ref="HEAD:forslag"))  # who has the address sees the newest
    assert "Ett bättre förslag." in (preview / "site/stod/index.html").read_text("utf-8")
    assert server.push(ref=":forslag").returncode == 0
    assert list((server.home / "previews").iterdir()) == []


def test_two_pushes_at_once_wait_for_each_other(server):
    server.commit("Första")
    with (server.home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = ["git", "push", str(server.home / "repo.git"), "HEAD:main"]
        process = subprocess.Popen(
            command, cwd=server.work, env={**os.environ, **NAMED}, stderr=subprocess.PIPE, text=True
        )
        time.sleep(1)
        waits = process.poll() is None
    words = process.communicate(timeout=60)[1]

    assert waits
    assert process.returncode == 0, words
    assert "Någon annan publicerar just nu. Väntar …" in words
    assert "Publicerat på" in words


def test_a_build_that_hangs_is_ended(tmp_path):
    server = make(tmp_path, BUILD_SECONDS="6")
    server.publish("Första")
    before = server.page()
    words = (server.work / "plugins/words.py").read_text("utf-8")
    (server.work / "plugins/words.py").write_text(f"import time\ntime.sleep(1000)\n{words}", "utf-8")
    server.commit()

    done = server.push()

    assert done.returncode != 0
    assert "Bygget tog mer än 6 sekunder och avbröts." in said(done)
    assert server.page() == before


def test_a_disk_that_takes_no_more_leaves_the_old_site(server):
    server.publish("Första")
    before = server.page()
    hook = server.home / "repo.git/hooks/pre-receive"
    whole = hook.read_text()
    hook.write_text(whole.replace("exec ", "ulimit -f 4\nexec "))  # no file may be larger than 2 or 4 kB
    server.replace("pages/stod.md", "Skriv vad ni erbjuder.", "Vi lyssnar.")
    server.commit()

    done = server.push()

    assert done.returncode != 0
    assert "Inget är ändrat: den tidigare webbplatsen visas." in said(done)
    assert server.page() == before
    hook.write_text(whole)
    assert server.push().returncode == 0
    assert "Vi lyssnar." in server.page("stod/index.html")


KILLER = """
import os, runpy, signal, sys

CHANGES = ("os.", "shutil.", "subprocess.Popen", "tempfile.")
seen = 0


def hook(event, arguments):
    global seen
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & os.O_ACCMODE != os.O_RDONLY
    if writes or event.startswith(CHANGES) and event not in ("os.listdir", "os.scandir", "os.putenv", "os.unsetenv"):
        seen += 1
        if seen == int(os.environ["STEP"]):
            os.kill(os.getpid(), signal.SIGKILL)


sys.argv[0] = "jour"
import click, deploy.server.publish
sys.addaudithook(hook)
runpy.run_module("deploy.server", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("hook", "command", "least"), [("pre-receive", "receive", 12), ("post-receive", "announce", 5)]
)
def test_killed_at_any_step_the_site_is_whole_and_the_next_push_mends_it(server, hook, command, least):
    server.publish("Nummer 0")
    server.replace("pages/stod.md", "Skriv också", "Nummer 0.")
    file = server.home / "repo.git/hooks" / hook
    whole = file.read_text()
    (server.home / "killer.py").write_text(KILLER)
    step = 0
    while True:
        step += 1
        server.replace("pages/stod.md", f"Nummer {step - 1}.", f"Nummer {step}.")
        server.commit(f"Nummer {step}")
        start = f"exec {sys.executable} -P {server.home}/killer.py --home {server.home} {command}"
        file.write_text(f"#!/bin/sh\nSTEP={step} PYTHONPATH={ROOT} {start}\n")

        done = server.push()

        shown = server.page("stod/index.html")
        assert shown.rstrip().endswith("</html>")
        assert (server.current / "catalogue.json").exists()
        assert (server.current / "release.json").exists()
        if "Publicerat på" in done.stderr:
            break
    file.write_text(whole)

    assert step > least  # so many steps were cut off
    server.publish("Efteråt")
    assert f"Nummer {step}." in server.page("stod/index.html")
    assert not list((server.home / "releases").glob(".new-*"))


def test_new_code_asks_for_a_new_start_and_new_texts_do_not(server):
    server.publish("Första")
    started, app = (server.home / "restart").read_text(), (server.home / "app").resolve()
    server.replace("pages/stod.md", "Skriv vad ni erbjuder.", "Vi lyssnar.")
    assert "startat om" not in server.publish()
    assert ((server.home / "restart").read_text(), (server.home / "app").resolve()) == (started, app)
    file = server.work / "registrations/wording.py"
    file.write_text(f"{file.read_text('utf-8')}\n# changed\n", "utf-8")

    assert "Anmälan har startat om med ny kod." in server.publish()
    assert (server.home / "restart").read_text() != started
    assert (server.home / "app").resolve() == server.current.resolve()


def test_what_was_refused_is_nothing_to_go_back_to(tmp_path):
    server = make(tmp_path, PREVIEWS="prova.exempeljouren.example")
    server.publish("Nummer 1")
    server.commit("Nummer 2")
    run("git", "branch", "forslag", cwd=server.work)
    run("git", "checkout", "-q", "forslag", cwd=server.work)
    server.write("pages/fel.md", "Title: Fel\n\n[här](/finns-inte/)\n")
    server.commit("Fel")

    refused = run("git", "push", str(server.home / "repo.git"), "main", "forslag", cwd=server.work, check=False)

    assert refused.returncode != 0
    run("git", "checkout", "-q", "main", cwd=server.work)
    server.publish("Nummer 3")
    assert [line.split("  ")[-1] for line in server.tool("releases").stdout.splitlines()] == ["Nummer 3", "Nummer 1"]
    assert "Nummer 1" in server.tool("rollback").stdout


def test_a_collector_that_cannot_start_leaves_the_release_before_and_every_good_one(tmp_path):
    failing = tmp_path / "failing"
    server = make(tmp_path, told=f"sh -c 'test ! -e {failing}'")
    server.publish("Nummer 1")
    server.publish("Nummer 2")
    failing.touch()
    server.commit("Nummer 3")

    done = server.push()
    back = server.tool("rollback")

    assert "Anmälan kunde inte starta med den nya koden." in said(done)
    assert back.returncode == 1
    assert "Anmälan kunde inte starta med den versionen." in back.stdout
    listed = [line.split("  ") for line in server.tool("releases").stdout.splitlines()]
    assert [each[-1] for each in listed] == ["Nummer 2", "Nummer 1"]
    assert listed[0][0].startswith("* ")
    failing.unlink()
    assert "Nummer 1" in server.tool("rollback").stdout


def test_a_first_publication_whose_collector_cannot_start_says_so(tmp_path):
    server = make(tmp_path, told="false")
    server.commit("Första")

    assert "Anmälan kunde inte starta" in said(server.push())


def test_what_is_not_the_site_and_a_deleted_main_are_refused(server):
    server.publish("Första")
    before = server.page()
    assert "Grenen main är webbplatsen och går inte att ta bort." in said(server.push(ref=":main"))
    (server.work / "publishconf.py").unlink()
    server.commit()

    done = server.push()

    assert done.returncode != 0
    assert "publishconf.py saknas" in said(done)
    assert server.page() == before


def test_the_feeds_tell_when_a_text_was_changed_though_the_server_has_no_git_beside_it(server):
    server.publish("Första")
    at = run("git", "log", "-1", "--format=%ct", cwd=server.work).stdout.strip()

    feed = server.page("forelasningar/atom.xml")

    told = re.search("<entry>.*?<published>(.*?)</published>", feed, re.DOTALL)[1]
    assert datetime.fromisoformat(told).timestamp() == int(at)
