"""The command line. What a communicator meets is in Swedish; exit status 0 done, 1 not done, 2 asked for wrongly."""

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

import click

from registrations import (
    audience,
    checking,
    copying,
    filesystem,
    headers,
    listing,
    privacy,
    published,
    settings,
    swedish,
    wording,
)
from registrations.catalogue import Lecture, parse, write_bytes
from registrations.courier import Courier
from registrations.desk import Desk
from registrations.errors import CatalogueError, RegistrationsError, SettingError, Unusable
from registrations.post import Post
from registrations.roster import State
from registrations.settings import DEFAULTS
from registrations.store import check_format

SERVERS = {"caddy": headers.caddy, "nginx": headers.nginx, "_headers": headers.static_host}
FILES: dict[str, Callable[..., bytes]] = {".csv": listing.csv_file, ".xlsx": listing.xlsx_file}


@click.group(cls=swedish.Group, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Anmälningar till föreläsningarna. Inställningar läses ur miljön och står i README."""


@cli.command()
@click.option("--site", type=click.Path(path_type=Path, exists=True, file_okay=False), help="Den byggda webbplatsen.")
def serve(site: Path | None) -> None:
    """Ta emot anmälningar och skicka brev, tills Ctrl-C.

    Adress och port tas från HOST och PORT (127.0.0.1:8000).
    """
    from registrations.serve import Server  # the other commands need no server

    server = Server(settings.read(os.environ), site=site)
    signal.signal(signal.SIGTERM, lambda *_: server.close())
    click.echo(f"Tar emot anmälningar på {server.url}/ (avsluta med Ctrl-C)", err=True)
    server.run()


@cli.command("list")
@click.argument("slug", required=False)
@click.option("--json", "as_json", is_flag=True, help="Skriv JSON, för program.")
def list_(slug: str | None, as_json: bool) -> None:
    """Visa vilka som har anmält sig till SLUG. Utan SLUG: alla föreläsningar och hur många som är anmälda."""
    desk = _desk()
    if slug is None:
        _list_lectures(desk, as_json)
        return
    lecture = _lecture(desk, slug)
    rows = list(listing.rows(desk, lecture))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], ensure_ascii=False, default=str, indent=1))
        return
    click.echo(f"{lecture.title}, {wording.when(lecture)}")
    click.echo(_counts(desk, lecture))
    if not (lecture.join or lecture.cancelled or lecture.is_past(desk.clock())):
        click.echo("Länken till mötet saknas. Skriv Join i filen och publicera.")
    _table([listing.HEADINGS, *(row.cells() for row in rows)])


@cli.command()
@click.argument("slug")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def export(slug: str, file: Path) -> None:
    """Spara de anmälda till SLUG som FILE: .xlsx för Excel, eller .csv.

    Filen innehåller personuppgifter. Radera den när du är klar.
    """
    make = FILES.get(file.suffix.lower())
    if make is None:
        raise click.UsageError(f"{file}: filen ska sluta på .xlsx eller .csv")
    desk = _desk()
    lecture = _lecture(desk, slug)
    rows = list(listing.rows(desk, lecture))
    try:
        write_bytes(file, make(rows))
    except OSError as error:
        _fail(f"{file}: går inte att skriva ({error.strerror}). Välj en annan mapp.")
    people = wording.signed_up(len(rows))
    click.echo(f"{file}: {people}. Filen innehåller personuppgifter: radera den när du är klar.", err=True)


@cli.command()
def send() -> None:
    """Ordna det som en krasch har lämnat och skicka de brev som ska skickas nu.

    Servern gör det av sig själv. Detta är för cron, eller för att se att posten går fram.
    """
    desk, post = _desk_and_post()
    desk.check_health()  # what can't be noted would be sent again every minute
    desk.put_in_order(past=False)
    done = Courier(desk, post).round()
    click.echo(f"{done.sent} skickade, {done.refused} avvisade, {done.left} kvar.")
    if done.problem:
        _fail(f"Breven väntar: {done.problem}")
    if done.left:
        _fail("Mejlservern tar inte emot alla brev just nu. De prövas igen senare.")


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), default=DEFAULTS["REGISTRATIONS_CATALOGUE"])
def publish(file: Path) -> None:
    """Lägg den byggda katalogen FILE och ramsidan bredvid den i lagret, för funktioner och flera servrar.

    De läser den när REGISTRATIONS_CATALOGUE är store. `make publish` gör detta av sig själv om lagret är ett objektlager.
    """
    chosen = settings.read(os.environ)
    check_format(chosen.store)
    catalogue = published.publish(file, chosen.store)
    click.echo(
        f"{len(catalogue.lectures)} föreläsningar ligger i {chosen.store!r}. De gäller inom tio sekunder.", err=True
    )


@cli.command("headers")
@click.argument("server", type=click.Choice(tuple(SERVERS)))
def headers_(server: str) -> None:
    """Skriv de huvuden som skyddar besökaren, som SERVER läser dem.

    Hör till den byggda webbplatsen: skriv ut dem igen när den har byggts.
    """
    catalogue = settings.read(os.environ, letters=False).catalogue()
    click.echo(SERVERS[server](catalogue.policy), nl=False)


@cli.command("changes")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--json", "as_json", is_flag=True, help="Skriv JSON, för program.")
def changes_(file: Path, as_json: bool) -> None:
    """Visa vad som händer om katalogen FILE börjar gälla: med föreläsningarna, och för dem som är anmälda. Ändrar inget.

    Slutar med status 1 om något av det bör sägas ja till först: att en föreläsning flyttas, ställs in, tas bort, får färre
    platser, eller får en ny titel eller föreläsare som de anmälda inte hör om.
    """
    desk = _desk()
    try:
        desk.catalogue.version()
        now = desk.catalogue()
    except FileNotFoundError:  # nothing is published yet
        now = None
    new = parse(file.read_text("utf-8", "replace"), path=str(file))
    found = audience.foretell(desk, audience.look(desk, now), new)
    if as_json:
        click.echo(json.dumps([asdict(change) for change in found], ensure_ascii=False, indent=1))
    else:
        for change in found:
            click.echo(change.words)
    sys.exit(any(change.harm for change in found))


@cli.command()
def purge() -> None:
    """Radera personuppgifter från föreläsningar som hölls för mer än 30 dagar sedan. Statistiken blir kvar.

    Servern gör det av sig själv varje timme.
    """
    desk, post = _desk_and_post()
    purged = privacy.purge(desk, post)
    Courier(desk, post).keep_house()  # with cron nobody else does it
    click.echo(f"Raderat: {', '.join(purged)}" if purged else "Det fanns inget att radera.")


@cli.command()
@click.argument("email")
def erase(email: str) -> None:
    """Radera allt om adressen EMAIL nu, i alla föreläsningar. Har hon en plats går den till nästa i kön."""
    desk, post = _desk_and_post()
    desk.put_in_order()  # one whom a crash left out of the log is found, too
    count = privacy.erase(desk, post, email)
    click.echo(f"Raderade anmälningar: {count}." if count else "Det fanns inget om den adressen.")


@cli.command()
@click.argument("email")
def access(email: str) -> None:
    """Visa allt som är sparat om adressen EMAIL, som JSON, för den som frågar vad vi vet om henne."""
    desk = _desk()
    desk.put_in_order()
    click.echo(json.dumps(privacy.access(desk, email), ensure_ascii=False, indent=1))


@cli.command("check-store")
def check_store() -> None:
    """Pröva om anmälningarna är säkra där REGISTRATIONS_STORE pekar: två som skriver samtidigt får aldrig samma nummer.

    Sexton skrivare tävlar om tjugo namn. Allt som provet skriver raderas.
    """
    text = settings.chosen("REGISTRATIONS_STORE", os.environ)
    found = checking.check_store(lambda: settings.store_from(text, os.environ))
    click.echo(
        f"{checking.WRITERS} skrivare tävlade om {checking.NAMES} namn. Vinnare per namn: {_spread(found.winners)}."
    )
    if found.faults:
        _fail("\n".join([*found.faults, "Använd inte den här platsen för anmälningar."]))
    click.echo("Det som skrivs går att läsa, lista och radera direkt. Platsen går att använda.")


@cli.command("copy")
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy_(source: str, target: str) -> None:
    """Kopiera alla anmälningar från FROM till TO. Båda skrivs som REGISTRATIONS_STORE, till exempel file:var/registrations.

    Stäng av anmälan först. Inget i FROM ändras. Avbryts kopieringen kör du samma kommando igen.
    """
    here = settings.store_from(source, os.environ, setting="FROM")
    there = settings.store_from(target, os.environ, setting="TO")
    if repr(here) == repr(there):
        raise click.UsageError("FROM och TO är samma plats.")
    work = copying.plan(here, there)
    already = len(work.names) - len(work.missing)
    with click.progressbar(length=len(work.names), label="Kopierar", file=sys.stderr) as bar:
        bar.update(already)
        for _ in copying.copy(here, there, work.missing):
            bar.update(1)
    count = copying.verify(here, there)
    click.echo(f"{count} namn finns i {there!r}, {len(work.missing)} kopierade nu. Alla är lästa och jämförda.")


def main() -> NoReturn:
    """Run the command line; every fault that was foreseen is a sentence and not a traceback."""
    try:
        cli()
    except (SettingError, CatalogueError, Unusable) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except RegistrationsError as error:
        _fail(str(error))


def _desk() -> Desk:
    """For the commands that send nothing: an outbox that can't be written doesn't concern them."""
    return _opened(settings.read(os.environ, letters=False))


def _desk_and_post() -> tuple[Desk, Post]:
    chosen = settings.read(os.environ)
    return _opened(chosen), chosen.post


def _opened(chosen: settings.Settings) -> Desk:
    filesystem.check(chosen)
    return Desk(chosen.store, chosen.catalogue)


def _lecture(desk: Desk, slug: str) -> Lecture:
    known = desk.catalogue().lectures
    if slug not in known:
        words = f"{slug}: det finns ingen sådan föreläsning. De som finns: {', '.join(known) or 'inga'}"
        raise click.UsageError(_without_file(desk, slug) or words)
    return known[slug]


def _list_lectures(desk: Desk, as_json: bool) -> None:
    counts = {slug: _count(desk, lecture) for slug, lecture in desk.catalogue().lectures.items()}
    if as_json:
        click.echo(json.dumps(counts, ensure_ascii=False, indent=1))
        return
    heading = ("Föreläsning", "Tid", "Platser", "Har plats", "Väntar", "Avbokade eller raderade")
    lines = [
        (
            slug,
            wording.when(lecture),
            *(str(counts[slug][part]) for part in ("seats", "confirmed", "waiting", "cancelled")),
        )
        for slug, lecture in sorted(desk.catalogue().lectures.items(), key=lambda item: item[1].start)
    ]
    _table([heading, *lines])
    for slug in desk.slugs():
        if words := _without_file(desk, slug):
            click.echo(words, err=True)


def _spread(winners: tuple[int, ...]) -> str:
    """1, or "1–3" when some had more."""
    least, most = min(winners), max(winners)
    return str(least) if least == most else f"{least}–{most}"


def _without_file(desk: Desk, slug: str) -> str:
    """What to say of a lecture that people are signed up for and that the catalogue doesn't have; or nothing."""
    if slug in desk.catalogue().lectures or slug not in desk.slugs():
        return ""
    count = sum(registration.active for registration in desk.log(slug).read().registrations.values())
    people = wording.signed_up(count, "är")
    return f"{slug}: filen saknas i content/lectures, men {people}. Lägg tillbaka den." if count else ""


def _count(desk: Desk, lecture: Lecture) -> dict[str, int]:
    roster = desk.log(lecture.slug).read()
    states = [registration.state for registration in roster.registrations.values()]
    return {
        "seats": lecture.seats,
        "confirmed": roster.confirmed,
        "waiting": len(roster.waiting),
        "cancelled": states.count(State.CANCELLED) + states.count(State.ERASED),
    }


def _counts(desk: Desk, lecture: Lecture) -> str:
    count, unverified = _count(desk, lecture), len(desk.log(lecture.slug).read().unverified)
    return (
        f"{count['confirmed']} har plats av {count['seats']}, {count['waiting']} väntar, "
        f"{count['cancelled']} avbokade eller raderade"
        + (f", {unverified} har inte bekräftat än" if unverified else "")
    )


def _table(lines: list[tuple[str, ...]]) -> None:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _fail(words: str) -> NoReturn:
    click.echo(words, err=True)
    sys.exit(1)
