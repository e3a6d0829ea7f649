"""Which letters are due, what they say, and what a mail program can do with them."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from zoneinfo import ZoneInfo

import icalendar
import pytest

from registrations import ical
from registrations.compose import compose
from registrations.desk import stamp
from registrations.letters import Kind, due
from registrations.people import Person
from registrations.roster import Roster
from tests.support import NOW, SITE, START, lecture

ID = "0123456789abcdef0123456789abcdef"
NAUGHTY = "Anna\r\nBcc: offer@exempel.se"


def history(*events, seats=1):
    """A roster of a lecture with one seat and these events, an entry each, a minute apart."""
    terms = [
        {"kind": "scheduled", "start": stamp(START), "end": stamp(START + timedelta(hours=1)), "at": stamp(NOW)},
        {"kind": "seats", "seats": seats, "at": stamp(NOW)},
    ]
    roster = Roster()
    roster.fold(1, terms)
    for number, event in enumerate(events, 2):
        roster.fold(number, [{"at": stamp(NOW + timedelta(minutes=number)), **event}])
    return roster


def registered(id):
    return {"kind": "registered", "id": id, "address": f"address of {id}", "sector": ""}


def sent(id, letter, **values):
    return {"kind": "sent", "id": id, "letter": letter, **values}


def kinds(roster, *, now=NOW, **values):
    return [(letter.id, letter.kind) for letter in due(roster, lecture(seats=1, **values), now)]


def test_who_has_a_seat_and_who_waits_are_told_so_once():
    roster = history(registered("a"), registered("b"))
    assert kinds(roster) == [("a", Kind.CONFIRMED), ("b", Kind.WAITING)]

    told = history(registered("a"), registered("b"), sent("a", "confirmed"), sent("b", "waiting"))

    assert kinds(told) == []


def test_a_seat_that_falls_free_is_told_as_that():
    roster = history(registered("a"), registered("b"), sent("b", "waiting"), {"kind": "cancelled", "id": "a"})

    assert kinds(roster) == [("a", Kind.CANCELLED), ("b", Kind.SEAT)]


def test_one_who_got_her_seat_before_the_first_letter_is_just_confirmed():
    roster = history(registered("a"), registered("b"), {"kind": "cancelled", "id": "a"})

    assert kinds(roster) == [("a", Kind.CANCELLED), ("b", Kind.CONFIRMED)]


def test_a_lecture_called_off_is_told_to_those_concerned():
    roster = history(registered("a"), registered("b"), registered("c"), {"kind": "cancelled", "id": "c"})

    assert kinds(roster, status="cancelled") == [("a", Kind.CALLED_OFF), ("b", Kind.CALLED_OFF), ("c", Kind.CANCELLED)]


def test_nothing_is_sent_to_the_erased_nor_refused_again_nor_after_the_lecture():
    roster = history(registered("a"), {"kind": "erased", "id": "a"})
    refused = history(registered("a"), {"kind": "refused", "id": "a", "letter": "confirmed", "code": 550})

    assert kinds(roster) == []
    assert kinds(refused) == []
    assert kinds(history(registered("a")), now=START + timedelta(hours=1)) == []


@pytest.mark.parametrize(("minutes", "expected"), [(9, []), (10, [("a", Kind.CONFIRMED)])])
def test_a_letter_asked_for_again_is_sent_again_at_most_every_ten_minutes(minutes, expected):
    first = stamp(NOW)
    later = stamp(NOW + timedelta(minutes=minutes))
    again = {"kind": "registered", "id": "a2", "address": "address of a", "sector": "", "at": later}

    roster = history(registered("a"), sent("a", "confirmed", at=first), again)

    assert kinds(roster) == expected
    assert kinds(history(registered("a"), sent("a", "confirmed", at=first), again, sent("a", "confirmed"))) == []


def again(number):
    """The address of a signs up once more."""
    return {**registered(f"a{number}"), "address": "address of a"}


def test_at_most_three_copies_are_sent_to_one_registration():
    events, minute, copies = [registered("a"), sent("a", "confirmed")], 0, 0
    for number in range(6):
        minute += 20
        events.append({**again(number), "at": stamp(NOW + timedelta(minutes=minute))})
        if kinds(history(*events)):
            copies += 1
            events.append(sent("a", "confirmed", at=stamp(NOW + timedelta(minutes=minute))))

    assert copies == 3


def asked(id, **values):
    return {**registered(id), "verify": True, **values}


def test_one_who_is_asked_to_confirm_is_told_nothing_else():
    roster = history(asked("a"), asked("b"))
    assert kinds(roster) == [("a", Kind.VERIFY), ("b", Kind.VERIFY)]
    for event in (
        sent("a", "verify"),
        moved(),
        link("new"),
        {"kind": "seats", "seats": 2},
        {"kind": "cancelled", "id": "a"},
        {"kind": "erased", "id": "a"},
        {"kind": "lapsed", "id": "a"},
    ):
        roster = history(asked("a"), sent("a", "verify"), event)
        assert kinds(roster) == []
        assert kinds(roster, status="cancelled") == []
    assert kinds(history(asked("a")), status="cancelled") == []


@pytest.mark.parametrize("confirms", [{"kind": "verified", "id": "a"}, again(1)])
def test_one_who_has_confirmed_is_told_where_she_stands(confirms):
    asked_first = (asked("a"), sent("a", "verify"), registered("b"), sent("b", "waiting"), confirms)
    waits = (registered("b"), sent("b", "confirmed"), asked("a"), sent("a", "verify"), confirms)

    assert kinds(history(*asked_first)) == [("a", Kind.CONFIRMED)]
    assert kinds(history(*waits)) == [("a", Kind.WAITING)]


def test_an_address_that_never_confirms_is_asked_more_and_more_seldom():
    events, told = [], []
    for hour in range(96):  # somebody signs it up anew each time that it has lapsed
        at, id = NOW + timedelta(hours=3 * hour), f"a{hour}"
        events.append(asked(id, address="address of a", at=stamp(at)))
        if list(due(history(*events), lecture(seats=1, start=START + timedelta(days=90)), at)):
            told.append(3 * hour)
            events.append(sent(id, "verify", at=stamp(at)))
        events.append({"kind": "lapsed", "id": id})

    assert told == [0, 3, 6, 9, 21, 66, 237]


def test_a_refused_question_is_not_asked_on_and_on():
    refused = {"kind": "refused", "id": "a", "letter": "verify", "code": 550, "at": stamp(NOW)}
    anew = asked("b", address="address of a")
    events = (asked("a"), refused, {"kind": "lapsed", "id": "a"}, anew)

    assert kinds(history(*events), now=NOW + timedelta(minutes=9)) == []
    assert kinds(history(*events), now=NOW + timedelta(minutes=10)) == [("b", Kind.VERIFY)]


def test_the_question_is_neutral_and_has_neither_link_nor_calendar():
    letter = composed(history(asked(ID)))

    assert letter["Subject"] == "Bekräfta din anmälan 10 februari"
    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert f"Bekräfta anmälan:\nhttp://127.0.0.1/anmalan/ekonomiskt-vald/{ID}/\n" in text
    whole = letter.as_string()
    assert not any(word in whole for word in ("Anna", "Bcc", "zoom.example", "text/calendar"))
    assert list(letter.iter_attachments()) == []


def moved(at=START + timedelta(days=7)):
    return {"kind": "scheduled", "start": stamp(at), "end": stamp(at + timedelta(hours=1))}


def link(fingerprint):
    return {"kind": "link", "link": fingerprint}


def test_a_changed_time_is_told_once_to_those_who_knew_the_old_one():
    known = (registered("a"), registered("b"), sent("a", "confirmed"), sent("b", "waiting"), moved(), registered("c"))

    assert kinds(history(*known)) == [("a", Kind.CHANGED), ("b", Kind.CHANGED), ("c", Kind.WAITING)]
    told = (sent("a", "changed"), sent("b", "changed"), sent("c", "waiting"))
    assert kinds(history(*known, *told)) == []
    again = moved(START + timedelta(days=9))
    assert [kind for _, kind in kinds(history(*known, *told, again))] == [Kind.CHANGED] * 3


def test_a_new_link_is_told_to_those_with_a_seat_only():
    known = (registered("a"), registered("b"), sent("a", "confirmed"), sent("b", "waiting"), link("new"))

    assert kinds(history(*known)) == [("a", Kind.CHANGED)]


def test_a_seat_comes_before_the_news_of_a_change():
    known = (registered("a"), registered("b"), sent("b", "waiting"), moved(), sent("b", "changed"))

    assert ("b", Kind.SEAT) in kinds(history(*known, {"kind": "cancelled", "id": "a"}))


def test_a_lecture_restored_and_called_off_again_is_told_each_time():
    def status(value):
        return {"kind": "status", "status": value}

    off = (registered("a"), sent("a", "confirmed"), status("cancelled"), sent("a", "called-off"))
    assert kinds(history(*off), status="cancelled") == []
    assert kinds(history(*off, status("published"))) == [("a", Kind.CHANGED)]
    restored = (*off, status("published"), sent("a", "changed"), status("cancelled"))
    assert kinds(history(*restored), status="cancelled") == [("a", Kind.CALLED_OFF)]


def test_a_letter_that_was_refused_is_tried_again_when_she_asks_for_it():
    refused = {"kind": "refused", "id": "a", "letter": "confirmed", "code": 552, "at": stamp(NOW)}
    later = stamp(NOW + timedelta(days=2))
    again = {"kind": "registered", "id": "a2", "address": "address of a", "sector": "", "at": later}

    assert kinds(history(registered("a"), refused)) == []
    assert kinds(history(registered("a"), refused, again)) == [("a", Kind.CONFIRMED)]


def test_the_news_of_a_change_brings_the_calendar_entry_up_to_date():
    first = composed(history(registered(ID)))
    news = composed(history(registered(ID), sent(ID, "confirmed"), moved()), start=START + timedelta(days=7))

    assert news["Subject"] == "Ändring 17 februari"
    assert "Föreläsningen har ändrats. Du har kvar din plats." in news.get_body(("plain",)).get_content()
    was, now = (icalendar.Calendar.from_ical(next(each.iter_attachments()).get_content()) for each in (first, news))
    assert now.events[0]["uid"] == was.events[0]["uid"]
    assert now.events[0]["sequence"] > was.events[0]["sequence"]
    assert now.events[0].start == START + timedelta(days=7)


def composed(roster, *, email="anna@exempel.se", **values):
    """The first letter that is due, as it comes out of the other end of a mail server."""
    held = lecture(seats=1, **values)
    letter = next(due(roster, held, NOW))
    person = Person(email=email, name=NAUGHTY, organisation=NAUGHTY)
    message = compose(letter, person, lecture=held, site=SITE, roster=roster, now=NOW)
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_the_confirmation_says_what_is_needed_and_no_more():
    letter = composed(history(registered(ID)))

    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert (
        text
        == f"""Hej!

Du har en plats på föreläsningen. Den är gratis och hålls på Zoom.

Föreläsning: Ekonomiskt våld
Tid: onsdag 10 februari 2027 kl. 12.00–13.00
Föreläsare: Inbjuden föreläsare

Så kommer du in i mötet:
https://zoom.example/j/hemlig

Kan du inte komma? Avboka gärna, så får någon annan din plats.

Har du inte anmält dig? Då har någon skrivit fel adress. Gå till sidan här nedanför och radera uppgifterna.

Se vad vi har sparat, avboka eller radera dina uppgifter:
http://127.0.0.1/anmalan/ekonomiskt-vald/{ID}/

Hälsningar
Testjouren
info@testjouren.se, 08-644 20 32
http://127.0.0.1
"""
    )


def test_the_envelope_is_neutral_and_nobody_answers_it_by_machine():
    letter = composed(history(registered(ID)))

    assert letter["Subject"] == "Bekräftelse på din anmälan 10 februari"
    assert letter["From"] == "Anmälan <info@testjouren.se>"
    assert letter["To"] == "anna@exempel.se"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert ID not in letter["Message-ID"]


def test_nothing_that_a_stranger_typed_is_in_the_letter():
    whole = composed(history(registered(ID))).as_string()

    assert "Anna" not in whole
    assert "Bcc" not in whole


def test_the_same_letter_has_the_same_message_id_and_a_second_copy_another():
    first, same = composed(history(registered(ID))), composed(history(registered(ID)))
    later = stamp(NOW + timedelta(minutes=30))
    again = {"kind": "registered", "id": "b", "address": f"address of {ID}", "sector": "", "at": later}

    copy = composed(history(registered(ID), sent(ID, "confirmed"), again))

    assert first["Message-ID"] == same["Message-ID"]
    assert copy["Message-ID"] != first["Message-ID"]


def test_an_international_domain_is_written_as_mail_servers_know_it():
    assert composed(history(registered(ID)), email="anna@räksmörgås.se")["To"] == "anna@xn--rksmrgs-5wao1o.se"


def test_the_confirmation_brings_a_calendar_entry_that_programs_take_over():
    letter = composed(history(registered(ID)))

    alternative = letter.get_body(("related", "html")), letter.get_payload(0).get_payload()[-1]
    attachment = next(letter.iter_attachments())
    for part in (alternative[1], attachment):
        assert part.get_content_type() == "text/calendar"
        assert part.get_param("method") == "REQUEST"
    calendar = icalendar.Calendar.from_ical(attachment.get_content())
    event = calendar.events[0]
    assert calendar["method"] == "REQUEST"
    assert (event.start, event.end) == (START, START + timedelta(hours=1))
    assert event["dtstart"].params["TZID"] == "Europe/Stockholm"
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert event["attendee"] == "mailto:anna@exempel.se"
    assert event["organizer"] == "mailto:info@testjouren.se"
    assert event["summary"] == "Digital lunchföreläsning"
    assert event["location"] == "https://zoom.example/j/hemlig"
    assert ID not in attachment.get_content()  # others may see the calendar


def test_the_waiting_list_letter_has_the_place_but_neither_link_nor_calendar():
    letter = composed(history(registered("a"), sent("a", "confirmed"), registered(ID)))

    assert letter["Subject"] == "Du står på väntelistan 10 februari"
    assert "Du står på väntelistan som nummer 1." in letter.get_body(("plain",)).get_content()
    assert "zoom.example" not in letter.as_string()
    assert list(letter.iter_attachments()) == []


@pytest.mark.parametrize(
    ("events", "values"),
    [
        ((sent(ID, "confirmed"), {"kind": "cancelled", "id": ID}), {}),
        ((sent(ID, "confirmed"),), {"status": "cancelled"}),
    ],
)
def test_a_seat_given_up_or_called_off_is_taken_out_of_the_calendar(events, values):
    first = composed(history(registered(ID)))
    last = composed(history(registered(ID), *events), **values)

    was, now = (icalendar.Calendar.from_ical(next(each.iter_attachments()).get_content()) for each in (first, last))
    assert now["method"] == "CANCEL"
    assert now.events[0]["status"] == "CANCELLED"
    assert now.events[0]["uid"] == was.events[0]["uid"]
    assert now.events[0]["sequence"] >= was.events[0]["sequence"]


def test_a_confirmation_without_a_link_says_when_it_comes():
    text = composed(history(registered(ID)), join=None).get_body(("plain",)).get_content()

    assert "Länken till mötet kommer i ett mejl före föreläsningen." in text


def test_the_public_calendar_never_has_the_join_link():
    data = ical.published([lecture(), lecture("annan")], site=SITE, stamp=NOW)

    calendar = icalendar.Calendar.from_ical(data)
    assert b"zoom.example" not in data
    assert calendar["method"] == "PUBLISH"
    assert {event["organizer"] for event in calendar.events} == {"mailto:info@testjouren.se"}
    assert [event["uid"] for event in calendar.events] == ["ekonomiskt-vald@testjouren.se", "annan@testjouren.se"]


def test_the_time_zone_in_our_calendars_is_stockholms():
    calendar = icalendar.Calendar.from_ical(ical.published([lecture()], site=SITE, stamp=NOW))
    ours, theirs = calendar.timezones[0].to_tz(), ZoneInfo("Europe/Stockholm")

    for day in range(0, 365 * 12):
        noon = datetime(2026, 1, 1, 12) + timedelta(days=day)
        assert noon.replace(tzinfo=ours).utcoffset() == noon.replace(tzinfo=theirs).utcoffset(), noon


def test_a_lecture_restored_says_that_it_will_be_held_after_all():
    events = (
        {"kind": "status", "status": "cancelled"},
        sent(ID, "called-off"),
        {"kind": "status", "status": "published"},
    )

    text = composed(history(registered(ID), sent(ID, "confirmed"), *events)).get_body(("plain",)).get_content()

    assert "Föreläsningen blir av ändå. Du har kvar din plats." in text


def coming_letter(now, **values):
    """The letter that one who was confirmed long ago is sent at ``now``."""
    held, roster = lecture(seats=1, **values), history(registered(ID), sent(ID, "confirmed"))
    letter = next(due(roster, held, now))
    message = compose(
        letter, Person(email="anna@exempel.se", name=NAUGHTY), lecture=held, site=SITE, roster=roster, now=now
    )
    return message_from_bytes(message.as_bytes(), policy=policy.default)


def test_the_reminder_names_the_day_and_has_the_way_in_and_the_way_out():
    letter = coming_letter(START - timedelta(days=1))

    text = letter.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert letter["Subject"] == "Påminnelse 10 februari"
    assert letter["From"] == "Anmälan <info@testjouren.se>"
    assert (
        text
        == f"""Hej!

Snart är det dags. Du har en plats på föreläsningen onsdag 10 februari kl. 12.00.

Föreläsning: Ekonomiskt våld
Tid: onsdag 10 februari 2027 kl. 12.00–13.00
Föreläsare: Inbjuden föreläsare

Så kommer du in i mötet:
https://zoom.example/j/hemlig

Kan du inte komma? Avboka gärna, så får någon annan din plats.

Se vad vi har sparat, avboka eller radera dina uppgifter:
http://127.0.0.1/anmalan/ekonomiskt-vald/{ID}/

Hälsningar
Testjouren
info@testjouren.se, 08-644 20 32
http://127.0.0.1
"""
    )


def test_a_reminder_without_a_link_says_that_it_is_coming():
    text = coming_letter(START - timedelta(days=1), join=None).get_body(("plain",)).get_content()

    assert "Länken till mötet kommer i ett mejl före föreläsningen." in text


def test_the_join_letter_has_the_link_and_asks_not_to_pass_it_on():
    letter = coming_letter(START - timedelta(hours=1))

    text = letter.get_body(("plain",)).get_content()
    assert letter["Subject"] == "Länk till mötet 10 februari"
    assert "Här är länken till föreläsningen. Den börjar kl. 12.00." in text
    assert "https://zoom.example/j/hemlig" in text
    assert "Skicka den inte vidare." in text


def test_a_long_address_is_written_in_one_piece():
    email = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.se"

    letter = composed(history(registered(ID)), email=email)

    assert f"\r\nTo: {email}\r\n" in letter.as_string().replace("\n", "\r\n").replace("\r\r", "\r")
    assert "=?" not in letter.as_string().partition("To:")[2].partition("Subject:")[0]


def test_a_registration_has_the_same_entry_in_the_calendar_and_another_has_another():
    uids = {
        icalendar.Calendar.from_ical(
            ical.personal("REQUEST", lecture(slug), site=SITE, id=id, email="a@exempel.se", sequence=1, stamp=NOW)
        ).events[0]["uid"]
        for slug in ("liten", "annan", "liten")
        for id in (ID, ID[::-1])
    }

    assert len(uids) == 4


def test_the_news_to_one_who_waits_speaks_of_the_list_and_not_of_a_seat():
    events = (sent("a", "confirmed"), registered(ID), sent(ID, "waiting"), moved(), sent("a", "changed"))

    text = composed(history(registered("a"), *events)).get_body(("plain",)).get_content()

    assert "Du står kvar på väntelistan." in text
    assert "Vill du inte vänta längre?" in text
    assert "zoom.example" not in text


def test_one_who_has_not_confirmed_is_neither_reminded_nor_told_the_way():
    roster = history(asked("a"), sent("a", "verify"))
    told = history(asked("a"), sent("a", "verify"), {"kind": "verified", "id": "a"}, sent("a", "confirmed"))

    for before in (timedelta(hours=23), timedelta(minutes=59)):
        assert kinds(roster, now=START - before) == []
    assert kinds(told, now=START - timedelta(hours=23)) == [("a", Kind.REMINDER)]
