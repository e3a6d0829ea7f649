"""What a new catalogue means for those who have signed up, in words, before it is published. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from registrations import wording
from registrations.catalogue import Catalogue, Lecture


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many are signed up for a lecture."""

    confirmed: int = 0
    waiting: int = 0

    @property
    def all(self) -> int:
        """With a seat or waiting."""
        return self.confirmed + self.waiting


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that people will notice. ``harm``: nobody should do it by mistake, so it is asked about first."""

    slug: str
    words: str
    harm: bool


def changes(old: Catalogue, new: Catalogue, counts: Mapping[str, Count], now: datetime) -> list[Change]:
    """What those who are signed up will notice when ``new`` takes the place of ``old``. Lectures that are over don't count."""
    found = []
    for slug, before in old.lectures.items():
        count = counts.get(slug, Count())
        if count.all and now < before.start:
            told = _changed(before, new.lectures.get(slug), count)
            found += [Change(slug=slug, words=f"{before.title}: {words}", harm=harm) for words, harm in told]
    return found


def _changed(before: Lecture, after: Lecture | None, count: Count) -> Iterator[tuple[str, bool]]:
    if after is None:
        yield (
            f"filen är borta, men {count.all} är anmälda, och de får inget veta. Ska den ställas in skriver du "
            f"Status: cancelled i filen i stället.",
            True,
        )
        return
    if after.cancelled:
        if not before.cancelled:
            yield f"ställs in. {count.all} anmälda får mejl om det.", True
        return
    if before.cancelled:
        yield f"blir av ändå. {count.all} anmälda får mejl om det.", True
    elif (before.start, before.end) != (after.start, after.end):
        yield f"flyttas till {wording.when(after)}. {count.all} anmälda får besked om ny tid.", True
    if after.seats < before.seats:
        yield (
            f"får färre platser, {after.seats} i stället för {before.seats}. {count.confirmed} har plats och behåller den.",
            True,
        )
    if after.seats > before.seats and count.waiting:
        free = min(count.waiting, max(after.seats - count.confirmed, 0))
        yield f"får fler platser. {free} som väntar får plats och mejl om det.", False
    if after.join and after.join != before.join and count.confirmed:
        yield f"länken är ny. {count.confirmed} med plats får mejl om det.", False
