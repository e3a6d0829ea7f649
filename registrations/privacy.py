"""Personal data in the end: deleted 30 days after the lecture, or at once for whoever asks; shown to her who asks.

The log stays: without the people and the key of its fingerprints it says nothing about anybody.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta

from registrations.desk import Desk, Unknown, stamp
from registrations.errors import StoreError, complain
from registrations.post import Post, mark_of
from registrations.roster import Registration, State

KEPT = timedelta(days=30)  # after the end of the lecture


def purge(desk: Desk, post: Post) -> list[str]:
    """Delete people, key and undelivered letters of every lecture that ended long enough ago; gives those slugs.

    A lecture whose log can't be trusted is named on stderr and left alone.
    """
    purged = []
    for slug in desk.slugs():
        try:
            if _purge(desk, slug):
                purged.append(slug)
        except StoreError as error:
            complain(str(error))
    post.forget(purged)
    return purged


def _purge(desk: Desk, slug: str) -> bool:
    people, end = desk.people(slug), desk.log(slug).read().end
    if end is None or desk.clock() < datetime.fromisoformat(end) + KEPT:
        return False
    ids = list(people.ids())
    if not ids and not people.has_key():
        return False
    for id in ids:
        people.delete(id)
    people.delete_key()  # last: whoever finds it gone knows that the people are
    return True


def erase(desk: Desk, post: Post, email: str) -> int:
    """Delete all that is kept about an address, at once, and give up its seats; gives how many registrations."""
    found = list(_registrations_of(desk, email))
    for slug, registration in found:
        desk.erase(slug, registration.id)
    post.forget([mark_of(slug, registration.id) for slug, registration in found])
    return len(found)


def access(desk: Desk, email: str) -> list[dict]:
    """All that is stored about an address: a dict for each registration, and for each lecture that she was only told of."""
    signed_up = [
        {
            "lecture": slug,
            "state": registration.state,
            "person": asdict(person) if (person := desk.people(slug).read(registration.id)) else None,
            "letters": {letter: mark.at for letter, mark in registration.sent.items()},
            "refused": {letter: refusal.code for letter, refusal in registration.refused.items()},
            "deferred": {letter: refusal.code for letter, refusal in registration.deferred.items()},
            "tips ended": registration.tips_ended.at if registration.tips_ended else None,
        }
        for slug, registration in _registrations_of(desk, email)
    ]
    return [*signed_up, *_news_to(desk, email)]


def end_tips(desk: Desk, slug: str, id: str) -> None:
    """End the letters about other lectures to one who signed up, wherever her address is. Raises Unknown, StoreError."""
    known = slug in desk.catalogue().lectures or slug in desk.slugs()
    person = desk.people(slug).read(id) if known else None
    if person is None:
        raise Unknown(slug)
    for each, registration in _registrations_of(desk, person.email):
        desk.log(each).append({"kind": "tips-ended", "id": registration.id, "at": stamp(desk.clock())})


def _news_to(desk: Desk, email: str) -> Iterator[dict]:
    for slug in desk.slugs():
        address = desk.people(slug).known_fingerprint(email)
        if address and (told := desk.log(slug).read().told.get(address)):
            yield {"lecture": slug, "told": told.letter, "at": told.at, "code": told.code}


def _registrations_of(desk: Desk, email: str) -> Iterator[tuple[str, Registration]]:
    for slug in desk.slugs():
        address = desk.people(slug).known_fingerprint(email)
        if address is None:  # its people are deleted
            continue
        for registration in tuple(desk.log(slug).read().registrations.values()):
            if registration.address == address and registration.state is not State.ERASED:
                yield slug, registration
