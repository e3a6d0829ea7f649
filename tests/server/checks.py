"""The server as docs/drift.md makes it, on a fresh Debian: each section's commands are run, and what they promise is looked at.

In order: one machine is installed, published to, broken, backed up, lost and moved from Caddy to nginx.
"""

import json
import os
import re
import shlex
import threading
from datetime import datetime, timedelta
from pathlib import Path

import boto3
import pytest

from registrations import headers
from registrations.catalogue import policy_of
from tests import observatory
from tests.objects import BUCKET, KEYS, Objects
from tests.server import document
from tests.server.machine import Machine
from tests.server.visitor import SITE, get, look, sign_up, wanted

PEOPLE = "/srv/jour/store/ekonomiskt-vald/people"
LECTURE = """Title: Ekonomiskt våld
Start: 2030-02-13 12:00
End: 13:00
Speaker: Inbjuden föreläsare
Seats: 300
Join: https://zoom.example/j/hemlig
Summary: Om skulder, lån och kontroll.

En timme om ett ämne.
"""
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or not Path("/etc/debian_version").exists(), reason="needs root on Debian or Ubuntu"
)


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    """One for all of them."""
    machine = Machine(tmp_path_factory.mktemp("machine"))
    yield machine
    machine.stop()


@pytest.fixture(scope="module")
def bucket():
    """An S3 server for the copies."""
    with Objects() as server:
        yield boto3.resource(
            "s3",
            endpoint_url=f"http://127.0.0.1:{server.port}",
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        ).Bucket(BUCKET)


def ca(machine: Machine) -> Path:
    """What Caddy's own certificates are signed with."""
    return machine.root / "var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt"


def write(machine: Machine, path: str, text: str) -> None:
    """A file of the writer's, committed."""
    file = machine.root / "home/skrivare/site" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    machine.run("chown -R skrivare: /home/skrivare")
    machine.run(f"cd site; git add -A; git commit -qm 'Ändrar {path}'", user="skrivare")


def push(machine: Machine, *options: str, check: bool = True) -> str:
    """What a push says."""
    said = machine.run(f"cd site; git push {' '.join(options)} live main", user="skrivare", check=check)
    return "\n".join(line.removeprefix("remote: ").rstrip() for line in said.splitlines())


def test_one_command_makes_a_server_of_a_fresh_debian_and_again_changes_nothing(machine):
    machine.run(
        "useradd -m -s /bin/bash skrivare; runuser -u skrivare -- ssh-keygen -qt ed25519 -N '' -f ~skrivare/.ssh/id_ed25519"
    )
    machine.run(
        "cp ~skrivare/.ssh/id_ed25519.pub keys.pub; printf 'StrictHostKeyChecking accept-new\\n' > ~skrivare/.ssh/config"
    )
    machine.run("git config --global user.name Skrivare; git config --global user.email s@example.org", user="skrivare")

    machine.run("mkdir /srv/jour; mount -t tmpfs -o size=2500m tmpfs /srv/jour")  # a disk that can be filled

    document.run(machine, "Set up", only=0)

    again = machine.run("make -C project install")
    assert "Installed: nothing had to be changed." in again
    changed = machine.run("make -C project install PREVIEWS=visa.jour.localhost; grep PREVIEWS /etc/jour/settings.env")
    assert "changing /etc/caddy/jour.caddy" in changed
    assert "PREVIEWS=visa.jour.localhost" in changed
    machine.run("make -C project install PREVIEWS=prova.jour.localhost")
    wrong = machine.run("make -C project install SITE=https://jour.localhost/", check=False)
    assert "is no name of a host" in wrong


def test_a_push_over_ssh_publishes(machine):
    machine.run("git clone -q /srv/project.git site", user="skrivare")
    write(machine, "content/lectures/2027-02-10-ekonomiskt-vald.md", LECTURE)

    document.run(machine, "Publish", only=0)
    said = document.run(machine, "Publish", only=1)

    print(re.search(r"Publicerat på .*", said)[0])
    document.run(machine, "Set up", only=1)
    assert "(ED25519)" in document.run(machine, "Set up", only=2)
    machine.run(
        f"cp /{ca(machine).relative_to(machine.root)} /usr/local/share/ca-certificates/caddy.crt; update-ca-certificates"
    )
    page = get("/forelasningar/ekonomiskt-vald/", ca(machine))
    assert page.status == 200
    assert b"zoom.example" not in page.read()
    assert sign_up("eva", ca(machine)) == 303
    letters = machine.run("until cat /srv/jour/outbox/*.eml 2>/dev/null; do sleep 1; done", seconds=60)
    assert f"{SITE}/anmalan/ekonomiskt-vald/" in letters.replace("=\n", "")


def test_the_services_are_sound_and_shut_in(machine):
    machine.run("systemd-analyze verify /etc/systemd/system/jour-*.{service,socket,timer}")

    scores = machine.run(
        "systemd-analyze security --no-pager jour-collector.service jour-backup.service jour-visits.service"
    )
    found = dict(re.findall(r"^(jour\S*\.service)\s+([\d.]+)", scores, re.MULTILINE))
    assert float(found["jour-collector.service"]) <= 1.5
    assert float(found["jour-backup.service"]) <= 3
    assert float(found["jour-visits.service"]) <= 3


def test_faults_and_harm_are_refused_over_ssh_and_the_old_site_stays(machine):
    path = "content/lectures/2027-02-10-ekonomiskt-vald.md"
    write(machine, path, LECTURE.replace("Seats: 300", "Seats: många"))
    said = push(machine, check=False)
    assert machine.status != 0
    assert "Seats: ”många”" in said
    assert "Inget är ändrat: den tidigare webbplatsen visas." in said
    write(machine, path, LECTURE.replace("2030-02-13 12:00", "2030-02-14 12:00"))
    said = push(machine, check=False)
    assert "1 anmäld får besked om ny tid" in said
    assert b"13 februari" in get("/forelasningar/ekonomiskt-vald/", ca(machine)).read()
    said = push(machine, "-o ja")
    print(re.search(r"Publicerat på .*", said)[0])
    assert b"14 februari" in get("/forelasningar/ekonomiskt-vald/", ca(machine)).read()
    shell = machine.run("ssh jour@jour.localhost 'ls /'", user="skrivare", check=False)
    assert "unrecognized command" in shell


def test_new_code_takes_over_without_losing_a_request(machine):
    answers, stop = [], threading.Event()

    def visit(who: int) -> None:
        number = 0
        while not stop.is_set():
            answers.append((sign_up(f"{who}.{number}", ca(machine)), get("/stod/", ca(machine)).status))
            number += 1

    machine.run("echo REGISTRATIONS_LIMITS=off >> /etc/jour/settings.env; systemctl restart jour-collector")
    before = int(machine.run(f"ls {PEOPLE} | wc -l"))
    crowd = [threading.Thread(target=visit, args=(who,)) for who in range(3)]
    for each in crowd:
        each.start()
    wording = machine.root / "home/skrivare/site/registrations/wording.py"
    write(machine, "registrations/wording.py", f"{wording.read_text('utf-8')}\n# changed\n")
    said = push(machine)
    stop.set()
    for each in crowd:
        each.join()

    assert "Anmälan har startat om med ny kod." in said
    assert set(answers) == {(303, 200)}
    assert int(machine.run(f"ls {PEOPLE} | wc -l")) == before + len(answers)
    machine.run("sed -i /REGISTRATIONS_LIMITS/d /etc/jour/settings.env; systemctl restart jour-collector")


def test_code_that_cannot_start_is_taken_back(machine):
    serve = machine.root / "home/skrivare/site/registrations/serve.py"
    good = serve.read_text("utf-8")
    write(machine, "registrations/serve.py", f"raise SystemExit('trasig')\n{good}")

    said = push(machine, check=False)

    assert "Anmälan kunde inte starta med den nya koden." in said
    assert sign_up("efter", ca(machine)) == 303
    write(machine, "registrations/serve.py", good)
    assert "Publicerat på" in push(machine)


def test_a_collector_that_is_killed_is_up_again(machine):
    machine.run("systemctl kill -s KILL jour-collector.service")

    assert sign_up("direkt", ca(machine)) == 303


def test_a_full_disk_keeps_the_old_site_and_says_no_to_sign_ups(machine):
    before = machine.run("readlink /srv/jour/current; ls /srv/jour/releases")
    page = "content/pages/ge.md"
    text = (machine.root / "home/skrivare/site" / page).read_text("utf-8")
    write(machine, page, f"{text}\nNytt.\n")

    for room in ("2M", "0"):
        machine.run(f"head -c 4G /dev/zero > /srv/jour/full 2>/dev/null || truncate -s -{room} /srv/jour/full")
        said = push(machine, check=False)

        assert machine.status != 0, said
        assert room == "0" or "Är disken full?" in said, said
        assert machine.run("readlink /srv/jour/current; ls /srv/jour/releases") == before
        assert get("/ge/", ca(machine)).status == 200
    assert sign_up("full", ca(machine)) == 503
    machine.run("rm /srv/jour/full")
    assert sign_up("full", ca(machine)) == 303
    push(machine)
    assert b"Nytt." in get("/ge/", ca(machine)).read()


def test_who_may_push_stays_who_she_is_whatever_she_leaves(machine):
    def as_writer(script: str, *, check: bool = True) -> str:
        return machine.run(f"runuser -u jour -- bash -c {shlex.quote(script)}", check=check)

    machine.run(
        "install -m 600 /dev/null ~root/secret; echo hemligt > ~root/secret; stat -c '%U %a' /etc ~root > ~root/before"
    )
    kept = machine.run("cat /srv/jour/restart")
    as_writer("cd /srv/jour; ln -sf ~root/secret restart; sudo -n /usr/local/bin/jour changed")
    as_writer("cd /srv/jour; rm restart; mkfifo restart; timeout 20 sudo -n /usr/local/bin/jour changed; rm restart")
    as_writer("cd /srv/jour; ln -s /dev/zero restart; timeout 20 sudo -n /usr/local/bin/jour changed; rm restart")
    as_writer(f"cd /srv/jour; printf {kept} > restart")
    name = "0" * 32
    as_writer(
        f"cd /srv/jour; mkdir -p previews/{name}/site; echo '{{\"script\": []}}' > previews/{name}/policy.json; "
        f"ln -s /var/lib/caddy/.local/share/caddy/pki/authorities/local/root.key previews/{name}/site/key; "
        f"echo hej > previews/{name}/site/hej; sudo -n /usr/local/bin/jour changed"
    )
    token = machine.run(f"printf prova:{name} | base64 -w0")
    found = {
        path: get(path, ca(machine), "https://prova.jour.localhost", Authorization=f"Basic {token}").status
        for path in ("/hej", "/key")
    }
    assert found == {"/hej": 200, "/key": 404}
    as_writer(f"rm -r /srv/jour/previews/{name}; sudo -n /usr/local/bin/jour changed")
    as_writer("cd /srv/jour; mv outbox aside; ln -s /etc outbox")
    machine.run("make -C project install")
    as_writer("cd /srv/jour; rm outbox; mv aside outbox")

    assert machine.run("stat -c '%U %a' /etc ~root | diff - ~root/before") == ""
    assert machine.run("grep -rl hemligt /var/lib/jour /etc/caddy/jour || true") == ""
    for script in (
        "sudo -n /bin/id",
        "sudo -n /usr/local/bin/jour backup",
        "cat /etc/jour/backup.env ~root/secret",
        "echo x >> /etc/jour/.ssh/authorized_keys",
        "mv /etc/jour/.ssh /etc/jour/other",
        "ls /var/lib/jour/previews",
        "curl -s --max-time 5 http://127.0.0.1:2019/config/",
        "curl -s --max-time 5 --unix-socket /var/lib/caddy/admin.sock http://localhost/config/",
    ):
        as_writer(script, check=False)
        assert machine.status != 0, script
    main = "/srv/jour/app/code/registrations/__main__.py"
    spy = "import os, sys\ntry: os.open('/dev/tty', 0); print('terminal')\nexcept OSError: print('none')\nsys.exit()\n"
    as_writer(f"cp {main} /srv/jour/kept; printf {shlex.quote(spy)} > {main}")
    assert machine.run("script -qec 'jour registrations list' /dev/null").strip() == "none"
    own = shlex.quote("""python3 -c "open('/dev/tty'); print('terminal')" """)
    assert machine.run(f"script -qec {own} /dev/null").strip() == "terminal"  # root's own programs have it
    as_writer(f"mv /srv/jour/kept {main}")


def test_every_kind_of_answer_through_caddy_is_protected(machine):
    look(
        machine,
        ca(machine),
        answering=True,
        redirects=("https://www.jour.localhost", "http://jour.localhost", "http://www.jour.localhost"),
    )
    grade = observatory.score("jour.localhost", ca=ca(machine))
    print(grade)
    assert (grade.grade, grade.failed) == ("A+", ())
    assert grade.found["redirection"] == "redirection-to-https"

    machine.run("systemctl stop jour-collector.socket jour-collector.service")
    look(machine, ca(machine), answering=False)
    assert observatory.score("jour.localhost", ca=ca(machine)).grade == "A+"
    machine.run("systemctl start jour-collector.socket jour-collector.service")


def test_a_branch_is_a_private_preview(machine):
    said = document.run(machine, "Publish", only=2)
    secret = re.search(r"https://prova:([0-9a-f]{32})@prova\.jour\.localhost/", said)[1]
    token = machine.run(f"printf prova:{secret} | base64 -w0")
    policy = policy_of(json.loads(machine.run(f"cat /srv/jour/previews/{secret}/policy.json")))
    host, key = "https://prova.jour.localhost", {"Authorization": f"Basic {token}"}

    assert get("/", ca(machine), host).status == 401
    assert get("/", ca(machine), host, Authorization="Basic cHJvdmE6ZmVs").status == 401
    for path, status in (
        ("/", 200),
        ("/forelasningar/ekonomiskt-vald/", 200),
        ("/anmalan/ekonomiskt-vald", 404),
        ("/x/", 404),
    ):
        answer = get(path, ca(machine), host, **key)
        assert (answer.status, path) == (status, path)
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        expected = headers.security(policy) if answer.status == 200 else wanted(machine)
        assert {name: answer.headers[name] for name in expected} == expected, path
        assert b"<form" not in answer.read()
    assert secret not in machine.run("cat /var/log/jour/access.log; journalctl --no-pager")
    document.run(machine, "Publish", only=3)
    assert get("/", ca(machine), host, **key).status == 401


def test_the_writer_asks_and_goes_back(machine):
    said = document.run(machine, "Ask, and go back")

    assert "Visar 20" in said
    assert "ekonomiskt-vald" in said
    assert (machine.root / "home/skrivare/site/lista.xlsx").read_bytes()[:2] == b"PK"
    assert "Kommandon:" in said
    machine.run("ssh-keygen -qt ed25519 -N '' -f other; make -C project install KEY=$PWD/other.pub")
    assert "Permission denied" in machine.run(
        "ssh -o BatchMode=yes jour@jour.localhost help", user="skrivare", check=False
    )
    machine.run("make -C project install KEY=$PWD/keys.pub")
    machine.run("rm ~skrivare/site/lista.xlsx; jour publish")


def test_no_log_tells_of_a_person(machine):
    get("/om/?sokt=hemligt", ca(machine), Referer="https://hemligt.example/", Cookie="a=hemligt").read()
    machine.run(
        f"curl -sk --interface 127.0.0.77 {SITE}/kontakt/ {SITE}/anmalan/ekonomiskt-vald/lage -o /dev/null -o /dev/null"
    )
    id = machine.run(f"ls {PEOPLE}").split()[0].removesuffix(".json")
    link = f"/anmalan/ekonomiskt-vald/{id}/"
    machine.run("systemctl stop jour-collector.socket jour-collector.service")
    get(link, ca(machine)).read()
    machine.run(f"curl -sk --interface 127.0.0.77 {SITE}{link} -o /dev/null")
    machine.run("systemctl start jour-collector.socket jour-collector.service")
    assert get(link, ca(machine)).status == 200

    logs = machine.run("cat /var/log/jour/access.log; journalctl --no-pager -u caddy -u jour-collector")

    assert '"uri":"/om/"' in logs
    assert '"remote_ip":"127.0.0.0"' in logs
    for secret in ("hemligt", "127.0.0.77", "exempel.se", link, "/anmalan/", "zoom.example"):
        assert secret not in logs, secret


def test_visits_are_counted_at_night_and_the_log_is_gone_after_seven_days(machine):
    yesterday = datetime.now() - timedelta(days=1)
    line = json.loads(machine.run('grep \'"uri":"/om/"\' /var/log/jour/access.log | tail -1'))
    lines = [
        {**line, "ts": yesterday.replace(hour=12).timestamp(), "request": {**line["request"], "uri": uri}}
        for uri in ("/om/", "/stod/")
    ]
    with (machine.root / "var/log/jour/access.log").open("a") as log:
        log.write("".join(f"{json.dumps(each)}\n" for each in lines))

    said = document.run(machine, "Visits")

    assert "1 besök" in said
    assert machine.run("cat /srv/jour/visits/*.json").count("127.0") == 0
    assert "1 besök" in machine.run("ssh jour@jour.localhost visits $(date +%Y)", user="skrivare")
    machine.run("logrotate -f /etc/logrotate.d/jour")
    get("/medlem/", ca(machine)).read()
    new = machine.run("cat /var/log/jour/access.log")
    assert "/medlem/" in new
    assert "/om/" not in new
    for _ in range(6):
        machine.run("logrotate -f /etc/logrotate.d/jour")
    assert "/om/" not in machine.run("cat /var/log/jour/*")


def test_what_is_copied_comes_back_when_all_is_lost(machine, bucket):
    machine.run("systemctl stop jour-backup.timer")
    place = f"{bucket.meta.client.meta.endpoint_url}/{BUCKET}"
    document.run(machine, "Backup", only=0, here={"https://s3.example.org/jour": place})
    people = machine.run(f"ls {PEOPLE}")
    assert not any(b"eva@exempel.se" in each.get()["Body"].read() for each in bucket.objects.all())
    machine.run("systemctl start jour-backup")

    machine.run("rm -rf /srv/jour/store /srv/jour/repo.git/refs/heads/main /srv/jour/repo.git/packed-refs")
    machine.run("rm -rf /srv/jour/releases /srv/jour/current /srv/jour/app /srv/jour/restart")
    said = document.run(machine, "Backup", only=1)

    assert "Anmälningarna är tillbaka" in said
    assert machine.run(f"ls {PEOPLE}") == people
    assert sign_up("nyast", ca(machine)) == 303
    assert "eva@exempel.se" in machine.run("jour registrations list ekonomiskt-vald")
    assert get("/stod/", ca(machine)).status == 200
    document.run(machine, "Backup", only=2)
    assert "tagen det senaste dygnet" in document.run(machine, "Watch")


def test_no_copy_is_older_than_thirty_days_and_nothing_of_it_is_left(machine, bucket):
    restic = "set -a; . /etc/jour/backup.env; set +a; restic"
    machine.run("head -c 3000000 /dev/urandom > /srv/jour/store/gammal; chown jour /srv/jour/store/gammal")
    for days in (31, 400, 3):
        when = (datetime.now() - timedelta(days=days)).strftime("%Y-%m-%d %H:%M:%S")
        machine.run(f"{restic} backup -q --host jour --time '{when}' /srv/jour/store; rm -f /srv/jour/store/gammal")
    before = sum(each.size for each in bucket.objects.all())

    machine.run("systemctl start jour-backup")

    kept = json.loads(machine.run(f"{restic} snapshots --json"))
    oldest = min(datetime.fromisoformat(each["time"][:19]) for each in kept)
    assert timedelta(days=2) < datetime.now() - oldest < timedelta(days=4)
    assert sum(each.size for each in bucket.objects.all()) < before - 2_900_000
    machine.run(f"{restic} check")
    machine.run("touch -d '3 days ago' /var/lib/jour/backed-up")
    assert "Säkerhetskopian togs senast: för 3 dagar sedan" in machine.run("jour status", check=False)


def test_an_upgrade_and_a_move_are_commands(machine):
    said = document.run(machine, "Upgrade")
    assert "Installed:" in said
    document.run(machine, "Move to another server", only=0)
    assert "inactive" in machine.run("systemctl is-active jour-collector.service", check=False)
    document.run(machine, "Move to another server", only=1)
    document.run(machine, "Move to another server", only=2)
    assert sign_up("flyttad", ca(machine)) == 303


def test_nginx_in_caddys_place_protects_as_well(machine, tmp_path):
    machine.run(
        "mkdir -p /etc/nginx/jour; openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=jour.localhost "
        "-addext subjectAltName=DNS:jour.localhost -keyout /etc/nginx/jour/key.pem -out /etc/nginx/jour/certificate.pem"
    )
    document.run(machine, "With nginx")
    certificate = machine.root / "etc/nginx/jour/certificate.pem"

    look(machine, certificate, answering=True, redirects=("http://jour.localhost",))
    assert sign_up("nginx", certificate) == 303
    grade = observatory.score("jour.localhost", ca=certificate)
    assert (grade.grade, grade.found["redirection"]) == ("A+", "redirection-to-https")
    machine.run("systemctl stop jour-collector.socket jour-collector.service")
    look(machine, certificate, answering=False)
    machine.run("systemctl start jour-collector.socket jour-collector.service")
    get("/ge/?fraga=hemligt", certificate).read()
    lines = machine.run(
        "until grep /ge/ /var/log/jour/access.log; do sleep 0.2; done", seconds=20
    )  # written after the answer
    assert '"remote_ip":"127.0.0.0"' in lines
    assert "hemligt" not in machine.run("cat /var/log/jour/* /var/log/nginx/*")
    assert "nothing had to be changed" in machine.run("make -C project install")


def test_every_command_of_the_document_was_run():
    assert document.left() == []
