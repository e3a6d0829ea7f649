"""The HTTP contract, row by row, over HTTP against a real process."""

import json
import re
import time
from dataclasses import replace

import pytest
import requests

from registrations.form import LONGEST
from tests.registrations.conftest import LECTURES
from tests.support import Collector, coming, letters, own_page, publish, wait_for_letters, wait_for_notes

LITEN = LECTURES[1]
JSON = {"Accept": "application/json"}
ANNA = {"email": "anna@exempel.se", "name": "Anna", "organisation": "Kommunen", "sector": "vard", "tips": "ja"}


def post(collector, path, data=None, **options):
    return requests.post(collector.url + path, data=data, allow_redirects=False, timeout=20, **options)


def get(collector, path, **options):
    return requests.get(collector.url + path, allow_redirects=False, timeout=20, **options)


def text(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def sign_up(collector, email, slug="liten"):
    return post(collector, f"/anmalan/{slug}", {"email": email, "name": "A"}, headers=JSON).json()["status"]


def state(collector, slug):
    told = get(collector, f"/anmalan/{slug}/lage").json()
    assert told.pop("token")
    return told


def test_a_sign_up_from_the_form_leads_to_the_thank_you_page(collector):
    answer = post(collector, "/anmalan/ekonomiskt-vald", ANNA)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmalan/ekonomiskt-vald/tack/")
    page = get(collector, answer.headers["Location"])
    assert page.status_code == 200
    assert "Tack, vi har tagit emot din anmälan" in page.text
    assert "anna" not in page.text.lower()


def test_letters_about_other_lectures_are_ended_by_a_button_and_never_by_a_link(collector):
    post(collector, "/anmalan/ekonomiskt-vald", ANNA)
    post(collector, "/anmalan/liten", ANNA)
    here, there = (own_page(letter) for letter in wait_for_letters(collector.folder, 2))
    assert "Mejl om kommande föreläsningar Ja" in text(get(collector, here).text)

    page = get(collector, f"{here}tips")
    assert "Vill du sluta få mejl om kommande föreläsningar?" in page.text
    assert f'action="{here}tips"' in page.text
    assert "Mejl om kommande föreläsningar Ja" in text(get(collector, there).text)  # looking has changed nothing

    done = post(collector, f"{here}tips")
    assert (done.status_code, "Du får inga fler mejl om kommande föreläsningar." in done.text) == (200, True)
    for each in (here, there):
        assert "Mejl om kommande föreläsningar Nej" in text(get(collector, each).text)
        assert "Du har en plats." in get(collector, each).text


@pytest.mark.parametrize(
    "how", [{"data": {"List-Unsubscribe": "One-Click"}}, {"files": {"List-Unsubscribe": (None, "One-Click")}}]
)
def test_a_mail_program_ends_them_with_one_press_and_is_not_led_elsewhere(collector, how):
    post(collector, "/anmalan/liten", ANNA)
    here = own_page(wait_for_letters(collector.folder, 1)[0])

    answer = requests.post(f"{collector.url}{here}tips", allow_redirects=False, timeout=20, **how)

    assert answer.status_code == 200
    assert "Mejl om kommande föreläsningar Nej" in text(get(collector, here).text)
    assert post(collector, f"{here}tips", headers=JSON).json() == {"status": "tips-ended"}
    assert post(collector, f"/anmalan/liten/{'0' * 32}/tips").status_code == 404


def test_a_sign_up_by_a_program_is_answered_in_json(collector):
    answer = post(collector, "/anmalan/ekonomiskt-vald", ANNA, headers=JSON)

    assert (answer.status_code, answer.json()) == (201, {"status": "confirmed"})


def test_a_full_lecture_leads_to_the_waiting_list(collector):
    statuses = [sign_up(collector, f"{number}@exempel.se") for number in range(4)]

    answer = post(collector, "/anmalan/liten", {"email": "5@exempel.se", "name": "A"})

    assert statuses == ["confirmed"] * 3 + ["waiting"]
    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmalan/liten/vantelista/")
    assert "Du står på väntelistan" in get(collector, answer.headers["Location"]).text


def test_bad_input_gives_the_form_back_with_what_was_typed_and_words_beside_each_field(collector):
    answer = post(
        collector, "/anmalan/liten", {"email": 'ann"a', "name": "", "organisation": "<b>K", "sector": "skola"}
    )

    assert answer.status_code == 422
    assert 'value="ann&#34;a"' in answer.text
    assert 'value="&lt;b&gt;K"' in answer.text
    assert '<option value="skola" selected>' in answer.text
    summary = answer.text[answer.text.index("error-summary") : answer.text.index("<form")]
    assert 'role="alert" tabindex="-1" id="fel" autofocus' in summary
    assert '<a href="#email">' in summary
    assert '<a href="#name">' in summary
    assert re.search(r'id="email"[^>]*aria-describedby="email-tips email-fel"\s+aria-invalid="true"', answer.text)
    assert letters(collector.folder) == []


def test_bad_input_from_a_program_gives_words_by_field(collector):
    answer = post(collector, "/anmalan/liten", {"email": "x", "name": "A"}, headers=JSON)

    assert answer.status_code == 422
    assert answer.json() == {
        "errors": {"email": "E-postadressen går inte att använda. Skriv den så här: namn@exempel.se"}
    }


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("path", "options", "status", "words"),
    [
        ("/anmalan/finns-inte", {"data": ANNA}, 404, "Adressen finns inte"),
        ("/anmalan/..%2f..%2fetc", {"data": ANNA}, 404, "finns inte"),
        ("/anmalan/forbi", {"data": ANNA}, 410, "Föreläsningen började"),
        ("/anmalan/installd", {"data": ANNA}, 410, "Föreläsningen är inställd."),
        ("/anmalan/liten", {"data": b"a" * 16_385, "headers": FORM}, 413, "Det du skickade är för stort."),
        ("/anmalan/liten", {"data": b"{}", "headers": {"Content-Type": "application/json"}}, 415, "som ett formulär"),
        ("/anmalan/liten", {"files": {"email": b"x"}}, 415, "som ett formulär"),
        ("/anmalan/liten/tack/", {"data": ANNA}, 405, "kan inte användas så"),
    ],
)
def test_what_cant_be_taken_is_answered_by_a_page_and_by_json_that_say_what_to_do(
    collector, path, options, status, words
):
    headers = options.pop("headers", {})

    page = post(collector, path, **options, headers=headers)
    program = post(collector, path, **options, headers=headers | JSON)

    assert (page.status_code, program.status_code) == (status, status)
    assert words in text(page.text)
    assert "<main>" in page.text
    assert program.json()["error"]


def test_a_body_far_too_large_is_refused_in_words_by_the_server_itself(collector):
    answer = post(collector, "/anmalan/liten", b"a" * 1_500_000, headers=FORM)

    assert answer.status_code == 413
    assert "Inget är sparat" in answer.content.decode()


def test_too_many_from_one_network_are_asked_to_wait(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path, REGISTRATIONS_LIMITS="on") as collector:
        answers = [
            post(collector, "/anmalan/ekonomiskt-vald", {"email": f"{n}@exempel.se", "name": "A"}) for n in range(121)
        ]

        assert [answer.status_code for answer in answers] == [303] * 120 + [429]
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 601
        assert "Anmälan är inte sparad" in answers[-1].text


def test_forty_colleagues_behind_one_address_sign_up_unhindered(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path, REGISTRATIONS_LIMITS="on") as collector:
        answers = [
            post(collector, "/anmalan/ekonomiskt-vald", {"email": f"{n}@exempel.se", "name": "A"}) for n in range(40)
        ]

        assert {answer.status_code for answer in answers} == {303}


def test_the_answer_is_the_same_for_an_address_that_is_registered_already(collector):
    sign_up(collector, "anna@exempel.se")
    new, again = (
        post(collector, "/anmalan/liten", {"email": email, "name": "A"})
        for email in ("b@exempel.se", "ANNA@exempel.se")
    )

    assert (new.status_code, new.headers["Location"], new.content) == (
        again.status_code,
        again.headers["Location"],
        again.content,
    )
    sign_up(collector, "c@exempel.se")
    deadline = time.monotonic() + 10
    while len(kept := list((collector.folder / "store/liten/people").iterdir())) > 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert len(kept) == 3  # nothing of the second sign-up


def asked_to_confirm(collector, email="anna@exempel.se"):
    """She signs up and is asked; gives her own page."""
    known = len(letters(collector.folder))
    answer = post(collector, "/anmalan/liten", {"email": email, "name": "A", "svar": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/anmalan/liten/bekrafta/")
    return own_page(wait_for_letters(collector.folder, known + 1)[-1])


def test_one_who_is_asked_to_confirm_has_her_seat_when_she_has_pressed_the_button(collector):
    page = asked_to_confirm(collector)
    shown = get(collector, "/anmalan/liten/bekrafta/")
    assert (shown.status_code, '<h1 tabindex="-1">Nästan klart</h1>' in shown.text) == (200, True)

    before = get(collector, page).text
    assert "Du har inte bekräftat din anmälan än." in before
    assert "zoom.example" not in before
    assert get(collector, f"{page}kalender.ics").status_code == 404
    assert get(collector, f"{page}bekrafta").headers["Location"] == page  # a scanner that opens links confirms nothing
    assert "Du har inte bekräftat din anmälan än." in get(collector, page).text

    answer = post(collector, f"{page}bekrafta")

    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    after = get(collector, page).text
    assert "Du har en plats." in after
    assert "zoom.example" in after
    assert "Bekräfta</button>" not in after
    assert wait_for_letters(collector.folder, 2)[1]["Subject"].startswith("Bekräftelse på din anmälan")
    assert post(collector, f"{page}bekrafta", headers=JSON).json() == {"status": "confirmed"}


def test_one_who_waits_and_confirms_is_told_her_place(collector):
    for number in range(3):
        sign_up(collector, f"{number}@exempel.se")
    wait_for_letters(collector.folder, 3)
    page = asked_to_confirm(collector)

    assert post(collector, f"{page}bekrafta", headers=JSON).json() == {"status": "waiting"}

    assert "Du står på väntelistan som nummer 1." in get(collector, page).text
    assert wait_for_letters(collector.folder, 5)[4]["Subject"].startswith("Du står på väntelistan")


def test_one_who_confirms_too_late_is_told_so_and_may_sign_up_again(collector):
    page = asked_to_confirm(collector)
    id = page.split("/")[3]
    number = wait_for_notes(collector.folder, "liten", 1) + 1
    entry = json.dumps([{"kind": "lapsed", "id": id, "at": "2027-01-11T09:30:00Z"}])
    (collector.folder / f"store/liten/log/{number:08}.json").write_text(entry)

    assert post(collector, f"{page}bekrafta", headers=JSON).json() == {"status": "lapsed"}

    shown = get(collector, page).text
    assert "Tiden har gått ut." in shown
    assert '<a href="/forelasningar/liten/">Anmäl dig igen</a>' in shown
    assert "Bekräfta</button>" not in shown


def test_the_setting_asks_everybody_to_confirm(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path, REGISTRATIONS_VERIFY="on") as collector:
        answer = post(collector, "/anmalan/ekonomiskt-vald", ANNA, headers=JSON)
        again = post(collector, "/anmalan/ekonomiskt-vald", ANNA, headers=JSON)

    assert (answer.status_code, answer.json()) == (201, {"status": "confirmed", "verify": True})
    assert again.json() == answer.json()


def test_the_question_does_not_tell_who_has_signed_up(collector):
    sign_up(collector, "anna@exempel.se")
    wait_for_letters(collector.folder, 1)
    asked_to_confirm(collector, "bea@exempel.se")
    known, asked, new = (
        post(collector, "/anmalan/liten", {"email": email, "name": "A", "svar": "x"}, headers=JSON)
        for email in ("anna@exempel.se", "bea@exempel.se", "cia@exempel.se")
    )

    assert known.json() == asked.json() == new.json() == {"status": "confirmed", "verify": True}


def test_a_mark_of_the_form_comes_back_with_the_form_when_there_is_a_fault_in_it(collector):
    token = get(collector, "/anmalan/liten/lage").json()["token"]

    answer = post(collector, "/anmalan/liten", {"email": "x", "name": "A", "token": token})

    assert f'<input name="token" type="hidden" value="{token}">' in answer.text


def test_a_mark_that_was_made_up_is_not_dropped_but_asked_to_confirm(collector):
    form = {"email": "anna@exempel.se", "name": "A", "token": "6b010e07.9295af196bc58688370ff29027d892c1"}

    assert post(collector, "/anmalan/liten", form, headers=JSON).json() == {"status": "confirmed", "verify": True}


def test_the_state_tells_before_the_form_is_filled_in(collector):
    assert state(collector, "ekonomiskt-vald") == {"open": True, "seats": "many"}
    assert state(collector, "liten") == {"open": True, "seats": "few"}
    assert get(collector, "/anmalan/forbi/lage").json()["open"] is False
    for number in range(3):
        sign_up(collector, f"{number}@exempel.se")

    assert state(collector, "liten") == {"open": True, "seats": "none"}


def test_the_own_page_shows_everything_and_its_buttons_act(collector):
    post(collector, "/anmalan/liten", ANNA)
    page = own_page(wait_for_letters(collector.folder, 1)[0])

    shown = text(get(collector, page).text)
    for part in (
        "Du har en plats.",
        "anna@exempel.se",
        "Anna",
        "Kommunen",
        "Hälso- och sjukvård",
        "zoom.example/j/hemlig",
    ):
        assert part in shown
    for act in ("avboka", "radera"):  # a scanner that opens links changes nothing
        assert get(collector, f"{page}{act}").headers["Location"] == page
    assert "Du har en plats." in get(collector, page).text

    answer = post(collector, f"{page}avboka")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert "Du är avbokad." in get(collector, page).text
    assert post(collector, f"{page}avboka").status_code == 303


def test_the_own_page_of_one_who_waits_says_her_place_and_keeps_the_link(collector):
    for number in range(5):
        sign_up(collector, f"{number}@exempel.se")
    last = next(letter for letter in wait_for_letters(collector.folder, 5) if letter["To"] == "4@exempel.se")

    shown = text(get(collector, own_page(last)).text)

    assert "Du står på väntelistan som nummer 2." in shown
    assert "zoom.example" not in shown
    assert get(collector, f"{own_page(last)}kalender.ics").status_code == 404


def test_the_calendar_file_of_the_own_page_is_for_those_with_a_seat(collector):
    sign_up(collector, "anna@exempel.se")
    page = own_page(wait_for_letters(collector.folder, 1)[0])

    answer = get(collector, f"{page}kalender.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "METHOD:PUBLISH" in answer.text
    assert "ATTENDEE" not in answer.text
    assert page not in answer.text  # whoever sees the calendar must not be able to cancel


def test_a_cancelled_seat_goes_to_the_one_who_waited_longest(collector):
    for number in range(5):
        sign_up(collector, f"{number}@exempel.se")
    first = next(letter for letter in wait_for_letters(collector.folder, 5) if letter["To"] == "0@exempel.se")

    post(collector, f"{own_page(first)}avboka")

    told = [(letter["To"], letter["Subject"].split(" ")[0]) for letter in wait_for_letters(collector.folder, 7)[5:]]
    assert sorted(told) == [("0@exempel.se", "Din"), ("3@exempel.se", "Du")]
    assert sign_up(collector, "ny@exempel.se") == "waiting"


def test_erasing_removes_the_person_and_leaves_the_count(collector):
    post(collector, "/anmalan/liten", ANNA)
    page = own_page(wait_for_letters(collector.folder, 1)[0])

    answer = post(collector, f"{page}radera")

    assert answer.headers["Location"] == "/anmalan/liten/raderat/"
    assert "Dina uppgifter är raderade" in get(collector, answer.headers["Location"]).text
    assert get(collector, page).status_code == 404
    stored = b"".join(path.read_bytes() for path in (collector.folder / "store").rglob("*") if path.is_file())
    assert b"anna" not in stored.lower()
    assert b'"kind": "registered"' in stored


def test_a_stranger_learns_nothing_from_the_limits(tmp_path):
    publish(tmp_path, coming())
    with Collector(tmp_path, REGISTRATIONS_LIMITS="on") as collector:

        def status(email, network):
            form = {"email": email, "name": "A"}
            return post(collector, "/anmalan/ekonomiskt-vald", form, headers={"X-Forwarded-For": network}).status_code

        status("anna@exempel.se", "192.0.2.1")  # she herself
        signed_up, unknown = (
            [status(email, network) for _ in range(7)]
            for email, network in (("anna@exempel.se", "198.51.100.1"), ("nobody@exempel.se", "203.0.113.1"))
        )

    assert signed_up == unknown == [303] * 6 + [429]


@pytest.mark.parametrize("slug", ["a%00b", "..", "x" * 300, "a%0aFALSK%1b[31m"])
@pytest.mark.parametrize("act", ["", "/avboka", "/radera"])
def test_a_lecture_that_was_made_up_is_not_found_and_not_logged(collector, slug, act):
    answer = post(collector, f"/anmalan/{slug}/{'0' * 32}{act}" if act else f"/anmalan/{slug}", ANNA)

    assert answer.status_code == 404
    assert "FALSK" not in collector.said()


def test_an_id_is_not_logged_when_its_file_cant_be_read(collector):
    post(collector, "/anmalan/liten", ANNA)
    page = own_page(wait_for_letters(collector.folder, 1)[0])
    person = collector.folder / "store/liten/people" / f"{page.split('/')[3]}.json"
    person.unlink()
    person.mkdir()

    assert get(collector, page).status_code == 503

    assert "people/….json: går inte att läsa" in collector.said()
    assert page.split("/")[3] not in collector.said()


def test_head_is_answered_as_get_without_the_body(collector):
    for path in ("/healthz", "/anmalan/liten/lage", "/anmalan/liten/tack/"):
        answer = requests.head(collector.url + path, timeout=20)

        assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("act", ["avboka", "radera"])
def test_an_id_that_was_guessed_acts_on_nothing(collector, act):
    assert post(collector, f"/anmalan/liten/{'0' * 32}/{act}").status_code == 404
    assert post(collector, f"/anmalan/liten/..%2f..%2fkey/{act}").status_code == 404


def test_every_answer_protects_the_visitor(collector):
    sign_up(collector, "anna@exempel.se")
    page = own_page(wait_for_letters(collector.folder, 1)[0])

    for path in (page, f"{page}kalender.ics", "/anmalan/liten/lage", "/anmalan/liten/tack/", "/finns-inte", "/healthz"):
        headers = get(collector, path).headers
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "no-referrer", path
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; "), path
        assert headers["X-Frame-Options"] == "DENY", path
        assert "Set-Cookie" not in headers, path
        assert "Server" not in headers, path


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", "A" * 10_000),
        ("organisation", "B" * 10_000),
        ("email", "c" * 10_000 + "@exempel.se"),
        ("sector", "d" * 10_000),
    ],
)
def test_a_field_of_ten_kilobytes_is_refused_in_words(collector, name, value):
    answer = post(collector, "/anmalan/liten", ANNA | {name: value}, headers=JSON)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [name]


def test_line_breaks_and_control_marks_never_reach_a_letters_header(collector):
    post(
        collector, "/anmalan/liten", ANNA | {"name": "Anna\r\nBcc: b@exempel.se\x00\u202e", "organisation": "=cmd()\n"}
    )

    letter = wait_for_letters(collector.folder, 1)[0]
    assert letter["Bcc"] is None
    assert letter["To"] == "anna@exempel.se"
    assert "Anna Bcc: b@exempel.se" in text(get(collector, own_page(letter)).text)


def test_the_api_is_described(collector):
    document = get(collector, "/anmalan/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    schema = document["paths"]["/anmalan/{slug}"]["post"]["requestBody"]["content"][
        "application/x-www-form-urlencoded"
    ]["schema"]
    assert set(schema["properties"]) == {"email", "name", "organisation", "sector", "tips", "token"}
    assert schema["properties"]["name"]["maxLength"] == LONGEST["name"]


def test_it_lives_as_long_as_the_store_can_be_written(collector):
    assert get(collector, "/healthz").json() == {"ok": True}


def test_a_lecture_that_is_published_later_can_be_signed_up_for_without_a_restart(collector):
    time.sleep(0.01)
    publish(collector.folder, coming("ny", seats=1))

    assert sign_up(collector, "anna@exempel.se", "ny") == "confirmed"
    assert post(collector, "/anmalan/liten", ANNA).status_code == 404


def test_more_seats_and_a_lecture_called_off_reach_those_concerned(collector):
    for number in range(4):
        sign_up(collector, f"{number}@exempel.se")
    wait_for_letters(collector.folder, 4)
    publish(collector.folder, replace(LITEN, seats=4))
    get(collector, "/anmalan/liten/lage")
    sign_up(collector, "4@exempel.se")
    assert [
        letter["To"] for letter in wait_for_letters(collector.folder, 6) if "fått en plats" in letter["Subject"]
    ] == ["3@exempel.se"]

    publish(collector.folder, replace(LITEN, seats=4, status="cancelled"))
    post(collector, "/anmalan/liten/" + "0" * 32 + "/avboka")
    collector.stop()

    with Collector(collector.folder):
        told = wait_for_letters(collector.folder, 11)
    assert sum(letter["Subject"].startswith("Inställt") for letter in told) == 5


def test_nothing_personal_is_logged(collector):
    post(collector, "/anmalan/liten", ANNA)
    page = own_page(wait_for_letters(collector.folder, 1)[0])
    get(collector, page)
    post(collector, f"{page}radera")
    collector.stop()

    said = collector.said()
    assert page.split("/")[3] not in said
    assert "anna" not in said.lower()
    assert json.dumps(said).count("\\n") <= 3
