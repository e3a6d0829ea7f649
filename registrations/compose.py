"""Letters in words: text and HTML from the same sentences, with a calendar file for those who have a seat.

Nothing that a stranger typed stands in subject or text, so that the form can't be used to write to somebody else.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from registrations import ical, wording
from registrations.catalogue import Lecture, Site
from registrations.letters import STANDING, Kind, Letter
from registrations.people import Person
from registrations.roster import Registration, Roster, State
from registrations.views import render

SENDER = "Anmälan"  # neutral: it shows on a locked screen
NEWS_SENDER = "Föreläsningar"  # another name, so that a rule in a mailbox can tell them apart


class _Headers(HeaderRegistry):
    """Remembers the class that the library would make anew for each header of each letter: a third of a letter's cost."""

    def __init__(self) -> None:
        super().__init__()
        self._made: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        name = name.lower()
        if name not in self._made:
            self._made[name] = super().__getitem__(name)
        return self._made[name]


POLICY = SMTP.clone(cte_type="7bit", header_factory=_Headers())  # 7bit: every server takes it
UNFOLDED = POLICY.clone(max_line_length=998)  # folding would turn a long address in a header into encoded words


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a letter says, before it is text or HTML."""

    subject: str
    opening: str
    facts: tuple[tuple[str, str], ...] = ()
    link: tuple[str, str] | None = None  # words, address
    paragraphs: tuple[str, ...] = ()
    page: tuple[str, str] | None = None  # words, the registrant's own page


def page_address(site: Site, slug: str, id: str) -> str:
    """The registrant's own page."""
    return f"{site.url}/anmalan/{slug}/{id}/"


def compose(
    letter: Letter, person: Person, *, lecture: Lecture, site: Site, roster: Roster, now: datetime
) -> EmailMessage:
    """The letter, ready to be handed over. Its Message-ID is the same each time it is composed."""
    page = page_address(site, lecture.slug, letter.id)
    words = _words(letter, lecture=lecture, site=site, roster=roster, page=page)
    message = _message(words, person, sender=SENDER, site=site, now=now)
    message["Message-ID"] = message_id(site, letter.id, letter.kind, letter.copy)
    if method := _calendar_method(letter):
        entry = calendar_entry(method, letter.registration, person, lecture=lecture, site=site, roster=roster, now=now)
        params = {"method": method}
        message.add_alternative(entry.decode(), subtype="calendar", params=params)
        message.add_attachment(entry.decode(), subtype="calendar", params=params, filename="kalender.ics")
    return message


def compose_news(
    kind: Kind,
    person: Person,
    *,
    missed: Lecture | None,
    page: str,
    id: str,
    lecture: Lecture,
    site: Site,
    now: datetime,
) -> EmailMessage:
    """The letter about a new ``lecture`` to one who signed up for another; ``page`` and ``id`` are of that registration.

    ``missed`` is the lecture that this one repeats. A mail program can end such letters with one press (RFC 8058).
    """
    stop = f"{page}tips"
    message = _message(
        _news(kind, lecture, missed, site=site, stop=stop), person, sender=NEWS_SENDER, site=site, now=now
    )
    message["Message-ID"] = message_id(site, id, kind, lecture.slug)
    message["List-Unsubscribe"] = f"<{stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return message


def _message(words: Words, person: Person, *, sender: str, site: Site, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=POLICY)
    message["From"] = formataddr((sender, site.email))
    message["To"] = _ascii(person.email)
    message["Subject"] = words.subject
    message["Date"] = format_datetime(now.astimezone(UTC))
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = "sv"
    message.set_content(render("letter.txt", words=words, site=site))
    message.add_alternative(render("letter.html", words=words, site=site), subtype="html")
    message.policy = UNFOLDED
    return message


def calendar_entry(
    method: str,
    registration: Registration,
    person: Person,
    *,
    lecture: Lecture,
    site: Site,
    roster: Roster,
    now: datetime,
) -> bytes:
    """The registrant's calendar entry as a file; ``method`` as in ``ical.personal``."""
    return ical.personal(
        method,
        lecture,
        site=site,
        id=registration.id,
        email=_ascii(person.email),
        sequence=roster.sequence(registration),
        stamp=now,
    )


def message_id(site: Site, id: str, kind: Kind, copy: int | str) -> str:
    """Stable, and tells nobody the registration's id."""
    known_by = f"letter {id} {kind} {copy}"
    return f"<{hashlib.sha256(known_by.encode()).hexdigest()[:32]}@{site.email.rpartition('@')[2]}>"


def _words(letter: Letter, *, lecture: Lecture, site: Site, roster: Roster, page: str) -> Words:
    day = wording.short_day(lecture.start)
    facts = (("Föreläsning", lecture.title), ("Tid", wording.when(lecture)), ("Föreläsare", lecture.speaker))
    own_page = "Se vad vi har sparat, avboka eller radera dina uppgifter:"
    not_me = (
        "Har du inte anmält dig? Då har någon skrivit fel adress. Gå till sidan här nedanför och radera uppgifterna."
    )
    join = ("Så kommer du in i mötet:", lecture.join) if lecture.join else None
    later = () if join else ("Länken till mötet kommer i ett mejl före föreläsningen.",)
    match letter.kind:
        case Kind.VERIFY:
            return Words(
                subject=f"Bekräfta din anmälan {day}",
                opening="Den här adressen är anmäld till en föreläsning. Är det du? Gå till sidan här nedanför och bekräfta.",
                facts=facts,
                paragraphs=(
                    "Gör det inom två timmar. Sedan gäller anmälan inte längre.",
                    "Är det inte du? Då behöver du inte göra något. Vi raderar uppgifterna efter två timmar.",
                ),
                page=("Bekräfta anmälan:", page),
            )
        case Kind.CONFIRMED:
            return Words(
                subject=f"Bekräftelse på din anmälan {day}",
                opening="Du har en plats på föreläsningen. Den är gratis och hålls på Zoom.",
                facts=facts,
                link=join,
                paragraphs=(*later, "Kan du inte komma? Avboka gärna, så får någon annan din plats.", not_me),
                page=(own_page, page),
            )
        case Kind.SEAT:
            return Words(
                subject=f"Du har fått en plats {day}",
                opening="En plats har blivit ledig och den är din. Du behöver inte göra något mer.",
                facts=facts,
                link=join,
                paragraphs=(*later, "Kan du inte komma? Avboka gärna, så går platsen till nästa i kön.", not_me),
                page=(own_page, page),
            )
        case Kind.WAITING:
            place = roster.place(letter.id)  # None if a seat has fallen free this very moment; that is her next letter
            return Words(
                subject=f"Du står på väntelistan {day}",
                opening=f"Föreläsningen är full. Du står på väntelistan{f' som nummer {place}' if place else ''}.",
                facts=facts,
                paragraphs=(
                    "Blir en plats ledig går den till den som har väntat längst. Då får du ett nytt mejl.",
                    not_me,
                ),
                page=(own_page, page),
            )
        case Kind.CHANGED:
            waits = letter.registration.state is State.WAITING
            keeps = "Du står kvar på väntelistan" if waits else "Du har kvar din plats"
            what = "blir av ändå" if _called_off(letter.registration) else "har ändrats"
            cannot = "Vill du inte vänta längre" if waits else "Kan du inte komma"
            return Words(
                subject=f"Ändring {day}",
                opening=f"Föreläsningen {what}. {keeps}. Så här gäller nu.",
                facts=facts,
                link=None if waits else join,
                paragraphs=(*(() if waits else later), f"{cannot}? Avboka gärna, så går platsen till någon annan."),
                page=(own_page, page),
            )
        case Kind.REMINDER:
            return Words(
                subject=f"Påminnelse {day}",
                opening=f"Snart är det dags. Du har en plats på föreläsningen {wording.weekday(lecture.start)}.",
                facts=facts,
                link=join,
                paragraphs=(*later, "Kan du inte komma? Avboka gärna, så får någon annan din plats."),
                page=(own_page, page),
            )
        case Kind.JOIN:
            return Words(
                subject=f"Länk till mötet {day}",
                opening=f"Här är länken till föreläsningen. Den börjar kl. {wording.clock(lecture.start)}.",
                facts=facts,
                link=join,
                paragraphs=(
                    "Andra i mötet kan se namnet som du skriver när du går in. Det får vara ett alias.",
                    "Länken är bara för dem som har en plats. Skicka den inte vidare.",
                ),
                page=(own_page, page),
            )
        case Kind.CANCELLED:
            return Words(
                subject=f"Din avbokning {day}",
                opening="Du är avbokad. Tack för att du sa till.",
                facts=facts,
                paragraphs=("Vill du vara med ändå? Anmäl dig igen på föreläsningens sida.",),
                page=("Föreläsningens sida:", site.url + lecture.path),
            )
        case Kind.CALLED_OFF:
            return Words(
                subject=f"Inställt {day}",
                opening="Föreläsningen är tyvärr inställd. Du behöver inte göra något.",
                facts=facts,
                paragraphs=("Fler föreläsningar finns på vår webbplats.",),
                page=("Alla föreläsningar:", f"{site.url}/forelasningar/"),
            )


def _news(kind: Kind, lecture: Lecture, missed: Lecture | None, *, site: Site, stop: str) -> Words:
    day = wording.short_day(lecture.start)
    if kind is Kind.RERUN:
        which = f" {missed.title} {wording.day(missed.start)}" if missed else ""
        subject, opening = f"Föreläsningen hålls igen {day}", "Nu håller vi föreläsningen en gång till."
        why = f"Du får mejlet eftersom du stod på väntelistan till föreläsningen{which} och inte fick någon plats."
    else:
        subject, opening = f"Ny föreläsning {day}", "Nu kan du anmäla dig till en ny föreläsning."
        why = "Du får mejlet eftersom du har bett oss mejla om kommande föreläsningar."
    return Words(
        subject=subject,
        opening=f"{opening} Den är gratis och hålls på Zoom.",
        facts=(("Föreläsning", lecture.title), ("Tid", wording.when(lecture)), ("Föreläsare", lecture.speaker)),
        link=("Läs mer och anmäl dig:", site.url + lecture.path),
        paragraphs=(why,),
        page=("Vill du inte ha fler mejl om kommande föreläsningar? Säg nej här:", stop),
    )


def _called_off(registration: Registration) -> bool:
    """Whether the last that she was told is that the lecture won't be held."""
    told = {kind: registration.sent[kind].number for kind in STANDING if kind in registration.sent}
    return max(told, key=told.get, default=None) == Kind.CALLED_OFF


def _calendar_method(letter: Letter) -> str | None:
    if letter.kind in (Kind.CONFIRMED, Kind.SEAT, Kind.CHANGED) and letter.registration.state is State.CONFIRMED:
        return "REQUEST"
    if letter.kind in (Kind.CANCELLED, Kind.CALLED_OFF) and letter.registration.seated:
        return "CANCEL"
    return None


def _ascii(email: str) -> str:
    """The address with its domain as mail servers know it."""
    import idna

    local, _, domain = email.rpartition("@")
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"
