"""The sign-up form: what may stand in it, and what is said when it can't be taken. In Swedish, as the visitor meets it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

SECTORS = {
    "socialtjanst": "Socialtjänst",
    "vard": "Hälso- och sjukvård",
    "rattsvasende": "Polis och rättsväsende",
    "skola": "Skola och förskola",
    "juridik": "Advokat eller jurist",
    "ideell": "Ideell organisation eller jour",
    "annat": "Annat",
}
LONGEST = {"email": 254, "name": 100, "organisation": 150}
FIELDS = ("email", "name", "organisation", "sector", "tips")
UNREAD = 1000  # letters: what is longer fits no field, and to compose so many accents would take long
MARK = "token"  # hidden: the form's signed age, if a script has fetched it
TRAP = "svar"  # nobody sees it: who fills it in is a script that fills in everything

UNUSABLE = "E-postadressen går inte att använda. Skriv den så här: namn@exempel.se"

# Marks that turn the direction of text: they can make a name look like another in a list.
_DIRECTION = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, kw_only=True, repr=False)
class Applicant:
    """A form that can be taken. Does not print: it holds personal data."""

    email: str
    name: str
    organisation: str
    sector: str
    tips: bool

    def __repr__(self) -> str:
        return "Applicant(…)"


def read(values: Mapping[str, str]) -> tuple[Applicant | None, dict[str, str]]:
    """The applicant, or None and what is wrong: ``{field: words}`` in the order of the form."""
    errors: dict[str, str] = {}
    text = {name: clean(values.get(name, "")) for name in FIELDS}
    email = _email(text["email"], errors)
    if not text["name"]:
        errors["name"] = "Skriv ditt namn. Det går bra med ett alias."
    for name, what in (("name", "Namnet är för långt"), ("organisation", "Organisationens namn är för långt")):
        if len(text[name]) > LONGEST[name]:
            errors[name] = f"{what}. Skriv högst {LONGEST[name]} tecken."
    if text["sector"] and text["sector"] not in SECTORS:
        errors["sector"] = "Välj ett område i listan, eller hoppa över frågan."
    if text["tips"] not in ("", "ja"):
        errors["tips"] = "Kryssa i rutan, eller lämna den tom."
    if errors:
        return None, errors
    return (
        Applicant(
            email=email,
            name=text["name"],
            organisation=text["organisation"],
            sector=text["sector"],
            tips=text["tips"] == "ja",
        ),
        {},
    )


def clean(text: str) -> str:
    """One line of text as people see it: composed letters, single spaces, no control or direction marks.

    What is far too long for any field stays as it is."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    if len(text) > UNREAD:
        return text
    kept = (" " if letter.isspace() else letter for letter in unicodedata.normalize("NFC", text))
    shown = (letter for letter in kept if unicodedata.category(letter) not in ("Cc", "Cs") and letter not in _DIRECTION)
    return " ".join("".join(shown).split())


def _email(text: str, errors: dict[str, str]) -> str:
    from email_validator import EmailNotValidError, validate_email  # 46 ms to import

    if not text:
        errors["email"] = "Skriv din e-postadress. Dit skickar vi besked och länk."
        return ""
    if len(text) > LONGEST["email"]:
        errors["email"] = f"E-postadressen är för lång. Skriv högst {LONGEST['email']} tecken."
        return ""
    if "=?" in text:  # an encoded word: in a letter's header it would turn into something else
        errors["email"] = UNUSABLE
        return ""
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        errors["email"] = UNUSABLE
        return ""
