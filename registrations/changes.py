"""What a new catalogue means, in words, before it is published: to those who signed up, to the one who publishes. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from registrations import wording
from registrations.catalogue import Catalogue, Lecture, Site

SOON = timedelta(days=1)  # before the start: then the link is missed
EARLY = timedelta(days=14)  # a sign-up that closes longer before the start than this was hardly meant to


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many are signed up for a lecture and are written to. ``asked``: those who haven't confirmed yet, and aren't."""

    confirmed: int = 0
    waiting: int = 0
    asked: int = 0

    @property
    def all(self) -> int:
        """With a seat or waiting."""
        return self.confirmed + self.waiting


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """A letter about a new lecture to those who signed up for others: when it goes, and to how many."""

    hour: datetime
    people: int


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that happens. ``harm``: nobody should do it by mistake, so it is asked about first.

    ``felt``: those who are signed up notice it; the rest is for the one who publishes.
    """

    slug: str  # empty: it concerns the site and no lecture
    words: str
    harm: bool = False
    felt: bool = False


Found = Iterator[tuple[str, bool, bool]]  # words about a lecture, harm, felt


def changes(
    old: Catalogue | None,
    new: Catalogue,
    counts: Mapping[str, Count],
    now: datetime,
    mailings: Mapping[str, Sequence[Mailing]] | None = None,
) -> list[Change]:
    """What happens when ``new`` takes the place of ``old``, if there is one; nothing when no lecture and no sender changes."""
    if old is None:
        return [*_first(new, now)]
    found = []
    for slug, before in old.lectures.items():
        after = new.lectures.get(slug)
        if after != before:
            about = [*_removed(before, counts.get(slug, Count()), now)] if after is None else []
            about += [*_changed(before, after, counts.get(slug, Count()), now)] if after else []
            found += [Change(slug=slug, words=f"{before.title}: {it[0]}", harm=it[1], felt=it[2]) for it in about]
            found += _mailed(slug, before.title, mailings, now)
    for slug, after in sorted(new.lectures.items(), key=lambda item: item[1].start):
        if slug not in old.lectures:
            found += [Change(slug=slug, words=words) for words in _added(after, now)]
            found += _mailed(slug, after.title, mailings, now)
    if found:
        named = {change.slug for change in found}
        found += [*_urgent((each for each in new.lectures.values() if each.slug not in named), now)]
    return [*found, *_site(old.site, new.site)]


def _removed(before: Lecture, count: Count, now: datetime) -> Found:
    if count.all and now < before.start:
        words = (
            f"försvinner från webbplatsen, men {wording.signed_up(count.all, 'är')} och får inget veta. "
            "Ska den ställas in skriver du Status: cancelled i filen i stället. "
            "Har filen bytt namn ger du den det gamla namnet."
        )
        yield words, True, True
    else:
        yield "försvinner från webbplatsen.", False, False


def _changed(before: Lecture, after: Lecture, count: Count, now: datetime) -> Found:
    moved = (before.start, before.end) != (after.start, after.end)
    if moved and now >= before.start and not before.cancelled and not after.is_past(now):
        held = f"är redan hållen, och {wording.signed_up(count.all, 'är')} till den" if count.all else "är redan hållen"
        yield f"{held}. Gör en ny fil för nästa föreläsning.", bool(count.all), bool(count.all)
        return
    if after.cancelled:
        if not before.cancelled:
            yield _to_all("ställs in", "mejl om det", after, count, now)
        return
    if before.cancelled:
        yield _to_all("blir av ändå", "mejl om det", after, count, now)
    elif moved:
        yield _to_all(f"flyttas till {wording.when(after)}", "besked om ny tid", after, count, now)
    yield from _seats(before, after, count, now)
    yield from _link(before, after, count, now)
    if not (moved or before.cancelled):
        yield from _unsaid(before, after, count, now)
    if before.example != after.example:
        yield "är nu ett exempel." if after.example else "är inget exempel längre.", False, False
    if (before.start, before.closes) != (after.start, after.closes):
        of_its_own = before.closes < before.start or after.closes < after.start
        yield from ((words, False, False) for words in _closing(after, now, told=of_its_own))
    yield from ((words, False, False) for words in _missing(after, now))


def _to_all(what: str, letter: str, after: Lecture, count: Count, now: datetime) -> tuple[str, bool, bool]:
    """What everybody who is signed up hears of, if the lecture is still to come: no letter tells of one that is over."""
    over = after.is_past(now)
    if not count.all:
        return f"{what}." + (" Observera: den dagen har varit." if over else " Ingen är anmäld."), False, False
    if over:
        words = f"{what}, men den dagen har varit: {wording.signed_up(count.all)} får inget veta. Står rätt år i Start?"
        return words, True, True
    return f"{what}. {wording.signed_up(count.all)} får {letter}.", True, True


def _seats(before: Lecture, after: Lecture, count: Count, now: datetime) -> Found:
    if after.seats == before.seats:
        return
    if not count.all or after.is_past(now):
        yield f"har {after.seats} platser i stället för {before.seats}.", False, False
    elif after.seats < before.seats:
        words = (
            f"får färre platser, {after.seats} i stället för {before.seats}. "
            f"{count.confirmed} har plats och behåller den."
        )
        yield words, True, True
    else:
        free = min(count.waiting, max(after.seats - count.confirmed - count.asked, 0))
        if free and now < after.start:
            yield f"får fler platser. {free} som väntar får plats och mejl om det.", False, True
        else:
            yield f"får fler platser, {after.seats} i stället för {before.seats}.", False, False


def _link(before: Lecture, after: Lecture, count: Count, now: datetime) -> Found:
    if after.join == before.join:
        return
    if not after.join:
        yield "länken till mötet är borttagen.", False, False
    elif count.confirmed and not after.is_past(now):
        yield f"länken är ny. {count.confirmed} med plats får mejl om det.", False, True
    else:
        yield "länken är ny." if before.join else "länken finns nu.", False, False


def _unsaid(before: Lecture, after: Lecture, count: Count, now: datetime) -> Found:
    """What no letter tells by itself. One about a new link has title and speaker too, and goes to those with a seat."""
    informed = bool(after.join and after.join != before.join)
    unaware = 0 if after.is_past(now) else count.waiting if informed else count.all
    for new, what, old in (
        (after.title, "ny titel", before.title),
        (after.speaker, "ny föreläsare", before.speaker),
    ):
        if new != old and unaware:
            yield f"{what}, {new}. {wording.signed_up(unaware)} får inget veta om {what}.", True, True
        elif new != old:
            yield f"{what}, {new}.", False, False


def _closing(lecture: Lecture, now: datetime, *, told: bool) -> Iterator[str]:
    """When the sign-up closes, when that is probably a mistake or, if not yet ``told``, news."""
    if lecture.cancelled or now >= lecture.start:
        return
    if now >= lecture.closes:
        yield f"Observera: anmälan stängde redan {wording.moment(lecture.closes)}. Ändra Closes om den ska vara öppen."
    elif lecture.start - lecture.closes > EARLY:
        days = (lecture.start.date() - lecture.closes.date()).days
        yield f"Observera: anmälan stänger {wording.moment(lecture.closes)}, {days} dagar före föreläsningen."
    elif told:
        yield f"anmälan är öppen {_until(lecture)}."


def _until(lecture: Lecture) -> str:
    return "tills den börjar" if lecture.closes >= lecture.start else f"till {wording.moment(lecture.closes)}"


def _missing(lecture: Lecture, now: datetime) -> Iterator[str]:
    """That the link is needed any moment."""
    if not (lecture.join or lecture.cancelled) and lecture.start - SOON <= now < lecture.end:
        yield "Observera: den börjar inom ett dygn, och länken till mötet saknas. Skriv Join i filen."


def _added(lecture: Lecture, now: datetime) -> Iterator[str]:
    parts = [lecture.title, wording.moment(lecture.start), f"{lecture.seats} platser"]
    if lecture.cancelled:
        parts.append("inställd")
    elif lecture.is_open(now):
        parts.append(f"anmälan öppen {_until(lecture)}")
    if not (lecture.join or lecture.cancelled or lecture.is_past(now)):
        parts.append("länk saknas")
    yield f"{'Nytt exempel' if lecture.example else 'Ny'}: {', '.join(parts)}."
    if now >= lecture.start:
        day = f"{wording.short_day(lecture.start)} {lecture.start.year}"
        yield f"{lecture.title}: Observera: {day} har varit. Står rätt år i Start?"
    for words in (*_closing(lecture, now, told=False), *_missing(lecture, now)):
        yield f"{lecture.title}: {words}"


def _mailed(slug: str, title: str, mailings: Mapping[str, Sequence[Mailing]] | None, now: datetime) -> Iterator[Change]:
    for mailing in (mailings or {}).get(slug, ()):
        who = "1 person" if mailing.people == 1 else f"{mailing.people} personer"
        yield Change(slug=slug, words=f"{title}: mejl om den går {_hour(mailing.hour, now)} till {who}.")


def _hour(hour: datetime, now: datetime) -> str:
    """``genast``, ``16.42``, or with the day when it isn't the same."""
    if hour <= now:
        return "genast"
    same = wording.day(hour) == wording.day(now)
    return wording.clock(hour) if same else wording.weekday(hour)


def _urgent(lectures: Iterator[Lecture], now: datetime) -> Iterator[Change]:
    for lecture in lectures:
        for words in _missing(lecture, now):
            yield Change(slug=lecture.slug, words=f"{lecture.title}: {words}")


def _first(new: Catalogue, now: datetime) -> Iterator[Change]:
    """What is there, in few lines."""
    past = sum(lecture.is_past(now) for lecture in new.lectures.values())
    coming = len(new.lectures) - past
    which = f"{coming} kommande {'föreläsning' if coming == 1 else 'föreläsningar'} och {past} som har varit"
    yield Change(slug="", words=f"Det finns {which if new.lectures else 'inga föreläsningar än'}.")
    yield Change(slug="", words=_sender(new.site.email))
    for lecture in new.lectures.values():
        for words in (*_closing(lecture, now, told=False), *_missing(lecture, now)):
            yield Change(slug=lecture.slug, words=f"{lecture.title}: {words}")


def _site(old: Site, new: Site) -> Iterator[Change]:
    """What letters say of those who send them."""
    if new.email != old.email:
        yield Change(slug="", words=_sender(new.email))
    if new.phone != old.phone:
        yield Change(slug="", words=f"Telefonnumret i mejlen blir {new.phone}.")
    if new.name != old.name:
        yield Change(slug="", words=f"Namnet i mejlen blir {new.name}.")


def _sender(email: str) -> str:
    domain = email.rpartition("@")[2]
    return f"Avsändare i mejlen blir {email}. {domain} måste tillåta vår mejlserver (SPF), annars kommer de inte fram."
