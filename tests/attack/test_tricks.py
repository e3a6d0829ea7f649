"""Forged and replayed links, posts from elsewhere, names that lie, and markup in every field."""

import pytest
import requests

from tests.support import own_page, wait_for_letters

NASTY = "<img src=x onerror=alert(1)>\"'&"


def sign_up(collector, *, headers=None, slug="ekonomiskt-vald", **values):
    form = {"email": "anna@exempel.se", "name": "Anna"} | values
    return requests.post(f"{collector.url}/anmalan/{slug}", form, headers=headers, timeout=20, allow_redirects=False)


def act(collector, page, what):
    return requests.post(f"{collector.url}{page}{what}", timeout=20, allow_redirects=False).status_code


def test_a_link_that_is_replayed_acts_once_and_one_that_is_forged_never(collector):
    sign_up(collector)
    page = own_page(wait_for_letters(collector.folder, 1)[0])
    forged = page[:-2] + ("0/" if page[-2] != "0" else "1/")

    assert [act(collector, forged, what) for what in ("avboka", "radera", "bekrafta", "tips")] == [404] * 4
    assert [act(collector, page, "avboka") for _ in range(2)] == [303, 303]
    assert act(collector, page.replace("ekonomiskt-vald", "liten"), "radera") == 404  # another lecture's
    assert [act(collector, page, "radera") for _ in range(2)] == [303, 303]  # the second finds nothing to do
    assert act(collector, page, "bekrafta") == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "ond.exempel.se"},
        {"X-Forwarded-Host": "ond.exempel.se", "X-Forwarded-Proto": "javascript"},
        {"Forwarded": "host=ond.exempel.se"},
        {"X-Original-URL": "/anmalan/ond.exempel.se", "X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_a_name_that_a_client_gives_the_server_is_in_no_answer_and_no_letter(collector, headers):
    answers = [
        sign_up(collector, headers=headers),
        sign_up(collector, headers=headers, email="fel"),
        *(
            requests.get(f"{collector.url}{path}", headers=headers, timeout=20, allow_redirects=False)
            for path in ("/anmalan/ekonomiskt-vald", "/anmalan/ekonomiskt-vald/tack/", "/anmalan/openapi.json", "/x")
        ),
    ]
    (letter,) = wait_for_letters(collector.folder, 1)

    for answer in answers:
        assert "ond.exempel" not in answer.text + str(answer.headers)
        assert answer.headers["Cache-Control"] == "no-store"  # nothing to poison
    assert answers[0].headers["Location"] == "/anmalan/ekonomiskt-vald/tack/"
    assert b"ond.exempel" not in letter.as_bytes()


def test_a_form_that_a_page_of_another_site_sends_is_to_be_confirmed(collector):
    ours = sign_up(collector, headers={"Sec-Fetch-Site": "same-origin"})
    theirs = sign_up(collector, headers={"Sec-Fetch-Site": "cross-site"}, email="bea@exempel.se")

    assert ours.headers["Location"].endswith("/tack/")
    assert theirs.headers["Location"].endswith("/bekrafta/")


def test_markup_in_a_field_is_text_on_every_page_and_in_no_letter(collector):
    wrong = sign_up(collector, name=NASTY, organisation=NASTY, email=NASTY, sector=NASTY, tips=NASTY)
    sign_up(collector, name=NASTY, organisation=NASTY)
    (letter,) = wait_for_letters(collector.folder, 1)
    own = requests.get(collector.url + own_page(letter), timeout=20).text

    for page in (wrong.text, own):
        assert "<img" not in page
        assert "&lt;img src=x" in page
    assert b"onerror" not in letter.as_bytes()


@pytest.mark.parametrize(
    "slug", ["..%2f..%2fhealthz", "%2e%2e", "liten%00", "liten%0d%0aSet-Cookie:%20a=b", "%C0%AE", "x" * 4000, "liten;x"]
)
def test_a_path_with_tricks_in_it_leads_nowhere(collector, slug):
    answers = [
        requests.post(
            f"{collector.url}/anmalan/{slug}", {"email": "a@exempel.se", "name": "A"}, timeout=20, allow_redirects=False
        ),
        requests.get(f"{collector.url}/anmalan/liten/{slug}/", timeout=20, allow_redirects=False),
        requests.post(f"{collector.url}/anmalan/{slug}/{'0' * 32}/avboka", timeout=20, allow_redirects=False),
    ]

    assert {answer.status_code for answer in answers} <= {400, 404, 405}
    assert all("Set-Cookie" not in answer.headers for answer in answers)
    assert "Traceback" not in collector.said()
    assert {path.name for path in (collector.folder / "store").iterdir()} <= {
        "format.json",
        "ekonomiskt-vald",
        "liten",
        "installd",
    }
