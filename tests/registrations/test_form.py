"""What may stand in the form, and what is said when it can't be taken."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registrations import form

GOOD = {"email": "anna@exempel.se", "name": "Anna", "organisation": "Kommunen", "sector": "vard", "tips": "ja"}


def test_a_good_form_gives_an_applicant():
    applicant, errors = form.read(GOOD)

    assert errors == {}
    assert (applicant.email, applicant.name, applicant.organisation) == ("anna@exempel.se", "Anna", "Kommunen")
    assert (applicant.sector, applicant.tips) == ("vard", True)


def test_only_email_and_name_are_needed():
    applicant, errors = form.read({"email": "anna@exempel.se", "name": "A"})

    assert errors == {}
    assert (applicant.organisation, applicant.sector, applicant.tips) == ("", "", False)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "", "Skriv din e-postadress. Dit skickar vi besked och länk."),
        ("email", "anna", "E-postadressen går inte att använda. Skriv den så här: namn@exempel.se"),
        ("email", "anna@@exempel.se", "E-postadressen går inte att använda. Skriv den så här: namn@exempel.se"),
        (
            "email",
            "a@exempel.se, b@exempel.se",
            "E-postadressen går inte att använda. Skriv den så här: namn@exempel.se",
        ),
        ("email", "=?utf-8?q?b=40exempel=2ese?=@exempel.se", form.UNUSABLE),
        ("email", "a" * 10_000, "E-postadressen är för lång. Skriv högst 254 tecken."),
        ("name", " \u200f\x00 ", "Skriv ditt namn. Det går bra med ett alias."),
        ("name", "A" * 10_000, "Namnet är för långt. Skriv högst 100 tecken."),
        ("organisation", "A" * 151, "Organisationens namn är för långt. Skriv högst 150 tecken."),
        ("sector", "annan", "Välj ett område i listan, eller hoppa över frågan."),
        ("tips", "kanske", "Kryssa i rutan, eller lämna den tom."),
    ],
)
def test_each_fault_is_said_beside_its_field(field, value, words):
    applicant, errors = form.read(GOOD | {field: value})

    assert applicant is None
    assert errors == {field: words}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna@EXEMPEL.SE", "Anna@exempel.se"),
        ("anna+lunch@exempel.se", "anna+lunch@exempel.se"),
        ("anna@räksmörgås.se", "anna@räksmörgås.se"),
        ("  anna@exempel.se\r\n", "anna@exempel.se"),
    ],
)
def test_addresses_that_people_have_are_taken(typed, kept):
    applicant, _ = form.read(GOOD | {"email": typed})

    assert applicant.email == kept


def test_a_name_on_several_lines_becomes_one_line():
    applicant, _ = form.read(GOOD | {"name": "Anna\r\nBcc: b@exempel.se\x00\u202e"})

    assert applicant.name == "Anna Bcc: b@exempel.se"


@given(st.dictionaries(st.sampled_from(form.FIELDS), st.text(max_size=300)))
def test_whatever_is_typed_gives_an_applicant_or_words(values):
    applicant, errors = form.read(values)

    assert (applicant is None) == bool(errors)
    assert set(errors) <= set(form.FIELDS)
    if applicant:
        for text in (applicant.email, applicant.name, applicant.organisation):
            assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in text)
