"""The command line of the server, ``jour``. Exit status 0 done, 1 refused or not well, 2 asked for wrongly."""

import json
import os
import subprocess
import sys
import tempfile
import traceback
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from deploy.server import backup as backups
from deploy.server import crash, front, publish, release, status, visits, year
from deploy.server.build import python
from deploy.server.home import Home, Refused, as_owner, is_ours, say
from registrations import swedish

AS_ROOT = ("changed", "backup", "restore")  # the others never run as root
LOGS = Path("/var/log/jour")
PUBLISHING = ("receive", "announce", "publish", "rollback")
UNCHANGED = "Inget är ändrat: den tidigare webbplatsen visas."
UNITS = ("jour-backup.timer", "jour-backup.service", "jour-collector.socket", "jour-collector.service")
FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group(cls=swedish.Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--home", type=click.Path(path_type=Path, file_okay=False, exists=True), required=True, hidden=True)
@click.option("--etc", type=FOLDER, hidden=True)
@click.option("--state", type=FOLDER, hidden=True)
@click.option("--told", default="", hidden=True)
@click.pass_context
def cli(context: click.Context, home: Path, etc: Path | None, state: Path | None, told: str) -> None:
    """Webbplatsens server. Ett git push publicerar; det här är för allt annat."""
    os.umask(0o022)
    if os.geteuid() == 0 and not is_ours(home) and context.invoked_subcommand not in AS_ROOT:
        sys.exit(as_owner(home, *sys.argv[1:]))
    context.obj = Home(home, etc=etc, state=state, told=told)


@cli.command(hidden=True)
@click.pass_obj
def receive(home: Home) -> None:
    """Bygg det som skickas, och säg nej om något är fel. Kallas av pre-receive."""
    with home.alone():
        publish.receive(home, _updates())


@cli.command(hidden=True)
@click.pass_obj
def announce(home: Home) -> None:
    """Visa det som är byggt. Kallas av post-receive."""
    with home.alone():
        publish.announce(home, _updates())


@cli.command("publish")
@click.pass_obj
def publish_(home: Home) -> None:
    """Bygg och visa det senaste en gång till."""
    with home.alone():
        publish.again(home)


@cli.command()
@click.pass_obj
def releases(home: Home) -> None:
    """Visa de versioner som finns kvar."""
    visible = release.at(home.current)
    for each in (each for each in release.whole(home) if each.shown):
        mark = "*" if visible and each.folder == visible.folder else " "
        click.echo(f"{mark} {each.folder.name}  {each.title}")


@cli.command()
@click.argument("name", required=False)
@click.option("--ja", "agreed", is_flag=True, help="Ja, mejla dem som berörs.")
@click.pass_obj
def rollback(home: Home, name: str | None, agreed: bool) -> None:
    """Gå tillbaka till en äldre version.

    Till den före den som visas, eller till NAME (se releases). Ändringen finns kvar i dina filer: rätta den eller skriv
    git revert innan du publicerar nästa gång, annars kommer den tillbaka.
    """
    with home.alone():
        target, meaning = publish.back(home, name, agreed=agreed)
    click.echo(f"Visar {target.folder.name}  {target.title}")
    for line in meaning.told:
        click.echo(f"  {line}")


@cli.command()
@click.pass_obj
def old(home: Home) -> None:
    """Visa uppgifter som inte har kontrollerats på ett år."""
    folder = home.current.resolve()
    if not (folder / "code/plugins/old.py").exists():
        raise Refused("Den version som visas kan inte svara på det. Publicera en nyare först.")
    command = [python(folder), "-m", "plugins.old"]
    sys.exit(subprocess.run(command, cwd=folder / "code", env=home.environment(), check=False).returncode)


@cli.command("help")
@click.pass_context
def help_(context: click.Context) -> None:
    """Visa den här listan."""
    click.echo(context.parent.get_help())


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def registrations(home: Home, arguments: tuple[str, ...]) -> None:
    """Anmälningarna: registrations list, access, erase."""
    sys.exit(_registrations(home, *arguments))


@cli.command()
@click.argument("slug")
@click.argument("kind", type=click.Choice(["xlsx", "csv"]), default="xlsx")
@click.pass_obj
def export(home: Home, slug: str, kind: str) -> None:
    """Hämta de anmälda till SLUG, för Excel.

    Filen skrivs ut, så led den till en fil hos dig: export ekonomiskt-vald > lista.xlsx. Den innehåller personuppgifter.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"lista.{kind}")
        code = _registrations(home, "export", slug, str(file), stdout=sys.stderr)
        if code:
            sys.exit(code)
        click.get_binary_stream("stdout").write(file.read_bytes())


@cli.command("status")
@click.pass_obj
def status_(home: Home) -> None:
    """Visa hur servern mår.

    Vad som visas, om anmälningar tas emot, om disken har plats och när säkerhetskopian togs. Slutar med 1 om något
    behöver ses till.
    """
    well, lines = status.look(home)
    click.echo("\n".join(lines))
    sys.exit(0 if well else 1)


@cli.command()
@click.option("--logs", type=click.Path(path_type=Path, file_okay=False), default=LOGS, help="Webbserverns loggar.")
@click.pass_obj
def count(home: Home, logs: Path) -> None:
    """Räkna gårdagens besök. Görs varje natt.

    Räknar alla dagar som är slut och finns i webbserverns loggar.
    """
    today = datetime.now(ZoneInfo("Europe/Stockholm")).date()
    for day in visits.count(logs, home.visits, today=today):
        click.echo(f"Räknad: {day}")


@cli.command("visits")
@click.argument("which", metavar="YEAR", type=int)
@click.option("--json", "as_json", is_flag=True, help="Skriv JSON, för program.")
@click.pass_obj
def visits_(home: Home, which: int, as_json: bool) -> None:
    """Antal besök under YEAR, för årsberättelsen."""
    if as_json:
        click.echo(json.dumps(year.figures(home.visits, which), ensure_ascii=False, indent=1))
    else:
        click.echo(year.report(home.visits, which))


@cli.command()
@click.option("--first", is_flag=True, help="Första gången: gör platsen som kopiorna ska till.")
@click.pass_obj
def backup(home: Home, first: bool) -> None:
    """Ta en säkerhetskopia. Görs varje timme.

    Den är krypterad. Kopior som är äldre än 30 dagar tas bort.
    """
    backups.make(home, first=first)


@cli.command()
@click.argument("snapshot", default="latest")
@click.option("--try", "only_try", is_flag=True, help="Se bara att det går.")
@click.pass_obj
def restore(home: Home, snapshot: str, only_try: bool) -> None:
    """Ta tillbaka allt ur en säkerhetskopia.

    Den senaste, eller SNAPSHOT (namnet som restic snapshots visar). Anmälan stoppas så länge. De anmälningar som fanns
    läggs undan. Den som raderades efter att kopian togs finns med igen.
    """
    running = [unit for unit in UNITS if not only_try and _systemctl("is-active", "--quiet", unit)]
    if running:
        _systemctl("stop", *running)
    try:
        options = sys.argv[1 : sys.argv.index("restore")]
        sys.exit(backups.restore(home, snapshot, tuple(options), only_try=only_try))
    finally:
        if running:
            _systemctl("start", *(unit for unit in running if unit != "jour-backup.service"))


@cli.command("put-back", hidden=True)
@click.option("--try", "only_try", is_flag=True)
@click.pass_obj
def put_back(home: Home, only_try: bool) -> None:
    """Ta tillbaka det som kommer på standard in. Kallas av restore."""
    with home.alone():
        backups.put_back(home, only_try=only_try)


@cli.command(hidden=True)
@click.pass_obj
def changed(home: Home) -> None:
    """Låt webbserver och anmälan ta in det som är nytt. Kallas efter varje publicering, som root."""
    sys.exit(0 if front.take_up(home) else 1)


def _systemctl(*arguments: str) -> bool:
    return subprocess.run(["systemctl", *arguments], check=False).returncode == 0


def _registrations(home: Home, *arguments: str, **options: object) -> int:
    """Run the collector's own commands, of the release whose code it runs. Gives the exit status. Raises Refused."""
    folder = home.app.resolve()
    if not (folder / "venv").exists():
        raise Refused("Inget är publicerat än.")
    command = [python(folder), "-m", "registrations", *arguments]
    return subprocess.run(command, cwd=folder / "code", env=home.environment(), check=False, **options).returncode


def _updates() -> publish.Updates:
    """What git tells a hook: old, new and name of each branch."""
    return [tuple(line.split(maxsplit=2)) for line in sys.stdin.read().splitlines()]


def _run(work: object) -> None:
    """Do it, and end the process; every refusal is words and not a traceback."""
    try:
        work()
    except (Refused, visits.Unreadable) as error:
        _end(str(error))
    except subprocess.SubprocessError as error:
        _end(f"Servern kunde inte slutföra ett steg ({error}).")
    except OSError as error:
        _end(f"Servern kunde inte läsa eller skriva ({error.strerror or error}). Är disken full?")
    except Exception:
        _end(_crashed(traceback.format_exc()))
    sys.exit(0)


def _crashed(trace: str) -> str:
    """What is said of a fault of ours. Root writes nothing below HOME, and reads the traceback itself."""
    home = Path(sys.argv[sys.argv.index("--home") + 1])
    return crash.told(Home(home), trace, "jour") if is_ours(home) else trace


def _end(words: str) -> None:
    publishing = any(name in sys.argv for name in PUBLISHING)
    say(f"\n{words}\n\n{UNCHANGED}" if publishing else words)
    sys.exit(1)


if __name__ == "__main__":
    _run(lambda: cli(prog_name="jour"))
