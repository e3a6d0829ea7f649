"""The rules of the data files: which fields each has, what each must be, and in words what is wrong."""

from datetime import date

from plugins import fields, figures, toml
from plugins.faults import Fault, nearest, quote
from plugins.fields import Check
from plugins.phone import dialled
from plugins.source import enumerated
from plugins.toml import Document

NEEDED = {
    "organisation": ("name", "url", "email", "exit_url", "source", "checked"),
    "telephones": ("number", "name", "source", "checked"),
    "facts": ("text", "source", "checked"),
    "years": ("source", "checked"),
}
OPTIONAL = {
    "organisation": ("postal_address", "org_number", "bankgiro", "social"),
    "telephones": ("note", "tel"),
    "facts": (),
    "years": (),
}
FILES = (*NEEDED, "search")
OWN = {"jouren": "jourens eget nummer", "nod": "larmnumret"}  # what stands on every page, and in the letters
MEANT = {  # what people write instead, in small letters
    "number": "nummer telefon telefonnummer phone",
    "name": "namn titel",
    "source": "källa kalla",
    "checked": "kontrollerad kontrollerat datum date",
    "postal_address": "adress postadress address",
    "email": "mejl mejladress mail epost e-post epostadress",
    "url": "webbadress webbplats hemsida adress",
    "exit_url": "utgång utgang nödutgång nodutgang exit",
    "org_number": "orgnr org_nr organisationsnummer",
    "bankgiro": "bg bankgironummer",
    "social": "sociala sociala_medier",
    "note": "beskrivning anteckning notering not",
    "text": "fakta texten",
}


def faults_in(documents: dict[str, Document], today: date) -> list[Fault]:
    """Return what is wrong with the values of these files, each under its name without ``.toml``."""
    org = documents["organisation"].table if "organisation" in documents else {}
    checks = _checks(today, org)
    faults = []
    for name, document in documents.items():
        if name == "search":
            faults += _search(document)
        elif name == "organisation":
            faults += _entry(document, (), document.table, name, checks[name]) + _social(document)
        else:
            for key, entry in document.table.items():
                faults += _section(document, key, entry, name, checks[name])
        if name == "years":
            faults += _years(document, today)
        if name == "telephones":
            missing = ((key, words) for key, words in OWN.items() if key not in document.table)
            faults += [
                Fault(file=document.file, words=f"[{key}] saknas. Lägg tillbaka {words}.") for key, words in missing
            ]
    return faults


def _checks(today: date, org: dict) -> dict[str, dict[str, Check]]:
    """What each field of each file must be."""
    common = {"source": fields.text(200), "checked": fields.past_day(today), "name": fields.text(60)}
    return {
        "organisation": common
        | {
            "url": fields.origin,
            "email": fields.address,
            "exit_url": lambda value: fields.exit_link(value, org.get("url")),
            "postal_address": fields.listed(fields.text(60), 6, '["Box 1", "123 45 Stad"]'),
            "org_number": fields.checked_number("org_number"),
            "bankgiro": fields.checked_number("bankgiro"),
        },
        "telephones": common | {"number": fields.number, "note": fields.text(200)},
        "facts": common | {"text": fields.text(600)},
        "years": common,
    }


def _section(document: Document, key: str, entry: object, name: str, checks: dict[str, Check]) -> list[Fault]:
    if not isinstance(entry, dict):
        words = f"{quote(key)} står utanför alla avdelningar. "
        words += (
            'Skriv till exempel ["2023"] på en egen rad och uppgifterna under den.'
            if name == "years"
            else f"Skriv [{fields.as_name(key) or 'namn'}] på en egen rad och uppgifterna under den."
        )
        return [document.fault((key,), words)]
    faults = _entry(document, (key,), entry, name, checks)
    if name != "years" and not fields.NAME.fullmatch(key):
        faults.append(document.fault((key,), fields.bad_name(key)))
    if name == "telephones" and "tel" in entry and not fields.number(entry.get("number")):
        faults += _dialled_otherwise(document, key, entry)
    return faults


def _entry(document: Document, path: toml.Path, entry: dict, name: str, checks: dict[str, Check]) -> list[Fault]:
    """What is wrong with the fields of one section."""
    known = NEEDED[name] + OPTIONAL[name]
    faults, guessed = [], set()
    for key, value in entry.items():
        if key in known:
            if key in checks and (words := checks[key](value)):
                faults.append(document.fault((*path, key), words, value=str(value)))
        elif name != "years" or not isinstance(value, dict):  # a year's tables are its charts
            guess = _guess(key, known)
            guessed.add(guess)
            hint = f"Menade du {guess}?" if guess else f"Det som finns är {enumerated(known)}."
            faults.append(document.fault((*path, key), f"Fältet finns inte. {hint}"))
    missing = [key for key in NEEDED[name] if key not in entry and key not in guessed]
    if missing:
        year = f' Det ska stå under ["{path[0]}"] på en egen rad, före årets diagram.' if name == "years" else ""
        faults.append(document.fault(path, f"Posten saknar {enumerated(missing)}.{year}"))
    return faults


def _guess(key: str, known: tuple[str, ...]) -> str | None:
    meant = (name for name in known if key.casefold() in MEANT.get(name, "").split())
    return next(meant, None) or nearest(key, known)


def _dialled_otherwise(document: Document, key: str, entry: dict) -> list[Fault]:
    tel, number = entry["tel"], entry["number"]
    if tel == dialled(number):
        return []
    words = (
        f"{fields.shown(tel)} är inte det som {quote(number)} rings som: {dialled(number)}. "
        "Ta bort raden tel: den görs av number."
    )
    return [document.fault((key, "tel"), words, value=str(tel))]


def _social(document: Document) -> list[Fault]:
    social = document.table.get("social", {})
    if not isinstance(social, dict):
        words = f'{fields.shown(social)} är ingen avdelning. Skriv [social] sist i filen och under den instagram = "https://…".'
        return [document.fault(("social",), words)]
    links = [(("social", key), fields.link(value)) for key, value in social.items()]
    names = [(("social", key), fields.bad_name(key)) for key in social if not fields.NAME.fullmatch(key)]
    return [document.fault(path, words) for path, words in links + names if words]


def _years(document: Document, today: date) -> list[Fault]:
    years = {key: entry for key, entry in document.table.items() if isinstance(entry, dict)}
    faults = [
        document.fault((key,), f'{quote(key)} är inget år som har varit. Skriv till exempel ["{today.year - 1}"].')
        for key in years
        if not fields.YEAR.fullmatch(key) or int(key) > today.year
    ]
    return faults + [document.fault(each.path, each.words, text=each.text) for each in figures.charts(years)[1]]


def _search(document: Document) -> list[Fault]:
    words_of = fields.listed(fields.text(60), 60, '["gåva", "swish"]')
    faults = []
    for key, value in document.table.items():
        if isinstance(value, dict):
            words = f'Här får ingen avdelning stå. Skriv sidan och orden på en rad: "{key}" = ["gåva", "swish"].'
        elif key != key.strip("/") or "://" in key or " " in key:
            words = f'{quote(key)} är ingen adress på webbplatsen. Skriv den utan snedstreck i ändarna: "{key.strip("/ ")}".'
        else:
            words = words_of(value)
        if words:
            faults.append(document.fault((key,), words))
    return faults
