"""The data files: every field is checked with what it is, and all faults of all files are told at once."""

import random
import re
import shutil
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins import fields
from plugins.data import load, read
from tests.plugins.small_site import DATA, ROOT

TODAY = date(2026, 11, 25)


@pytest.fixture
def told(tmp_path):
    """``told(file, old, new)``: what is told when ``old`` in one of the good files is ``new`` instead."""
    folder = tmp_path / "content/data"
    folder.mkdir(parents=True)

    def change(file: str, old: str = "", new: str = "") -> list[str]:
        for name, text in DATA.items():
            lines = "\n".join(line.strip() for line in text.strip().split("\n"))
            assert name != file or old in lines
            (folder / name).write_text(lines.replace(old, new, 1) if name == file else lines, "utf-8")
        return [f"{fault.file.removeprefix('content/data/')}: {fault}" for fault in read(folder, TODAY)[1]]

    change.folder = folder
    return change


def test_good_files_have_no_faults_and_a_number_is_dialled_as_it_is_read(told):
    assert told("telephones.toml", "08-644 20 32", "070-174 06 05") == []

    data, _ = read(told.folder, TODAY)

    assert {key: phone["tel"] for key, phone in data.phones.items()} == {
        "jouren": "+46701740605",
        "nod": "112",
        "kvinnofrid": "+4620505050",
    }


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ('"08-644 20 3"', "”08-644 20 3” är inget telefonnummer som går att ringa. Räkna siffrorna."),
        ('"08-644"', "”08-644” är inget telefonnummer som går att ringa."),
        ('"08-644 20 32\\n"', "Texten har radbrytning eller tabb. Skriv den på en rad."),
        ("112", '”112” är ingen text. Sätt raka citattecken om: "112".'),
        ("true", "”true” är ingen text. Skriv en text mellan raka citattecken"),
        ('["08-644 20 32"]', '”["08-644 20 32"]” är ingen text.'),
        ('"ring oss"', "”ring oss” är inget telefonnummer som går att ringa."),
        ('" "', "Fältet är tomt. Fyll i det eller ta bort raden."),
    ],
)
def test_a_number_that_cannot_be_dialled_is_told(told, new, words):
    (fault,) = told("telephones.toml", '"08-644 20 32"', new)

    assert fault.startswith(f"telephones.toml: rad 2, jouren.number: {words}")


def test_a_tel_that_says_something_else_is_told_with_both(told):
    good = 'number = "08-644 20 32"'

    assert told("telephones.toml", good, f'{good}\ntel = "+4686442032"') == []
    assert told("telephones.toml", good, 'number = "08-123 45 67"\ntel = "+4686442032"') == [
        "telephones.toml: rad 3, jouren.tel: ”+4686442032” är inte det som ”08-123 45 67” rings som: +4681234567. "
        "Ta bort raden tel: den görs av number."
    ]


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ('"info@qjouren,se"', "”info@qjouren,se” är ingen e-postadress. Skriv den som namn@exempel.se."),
        ('"qjouren.se"', "”qjouren.se” är ingen e-postadress."),
        ('"info@qjouren"', "”info@qjouren” är ingen e-postadress."),
        ('"Anna <info@qjouren.se>"', "”<info@qjouren.se>” syns som det står."),
        (
            '"Info@Qjouren.se"',
            "”Info@Qjouren.se” skrivs med små bokstäver, utan å, ä och ö. Menade du info@qjouren.se?",
        ),
        (
            '"info@qjören.se"',
            "”info@qjören.se” skrivs med små bokstäver, utan å, ä och ö. Menade du info@xn--qjren-kua.se?",
        ),
        ('["info@qjouren.se"]', '”["info@qjouren.se"]” är ingen text.'),
    ],
)
def test_an_address_that_no_letter_reaches_is_told(told, new, words):
    (fault,) = told("organisation.toml", '"info@qjouren.se"', new)

    assert fault.startswith(f"organisation.toml: rad 3, email: {words}")


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("www.smhi.se", "”www.smhi.se” börjar inte med https://. Menade du https://www.smhi.se?"),
        ("http://www.smhi.se/", "”http://www.smhi.se/” börjar inte med https://. Menade du https://www.smhi.se/?"),
        ("//www.smhi.se/", "”//www.smhi.se/” börjar inte med https://. Menade du https://www.smhi.se/?"),
        ("javascript:alert(1)", "”javascript:alert(1)” börjar inte med https://. Skriv hela adressen"),
        ("  ", "Fältet är tomt."),
        ("https://smhi/", "”https://smhi/” är ingen webbadress."),
        ("https://a@www.smhi.se/", "”https://a@www.smhi.se/” är ingen webbadress."),
        ("https://www.smhi.se:8000/", "”https://www.smhi.se:8000/” är ingen webbadress."),
        ("https://192.0.2.1/", "”https://192.0.2.1/” är ingen webbadress."),
        ("https://[::1/", "”https://[::1/” är ingen webbadress."),
        ("https://www.smhi.se/a b", "”https://www.smhi.se/a b” har ett mellanslag eller ett tecken som inte får"),
        ("https://WWW.smhi.se/", "”https://WWW.smhi.se/”: skriv ”www.smhi.se” med små bokstäver."),
        ("https://www.smhi.se/?fran=jouren", "”https://www.smhi.se/?fran=jouren” har ett ? eller #."),
        ("https://www.smhi.se/#", "”https://www.smhi.se/#” har ett ? eller #."),
        ("https://qjouren.se/", "”https://qjouren.se/” är den egna webbplatsen. Nödutgången ska leda till en annan"),
    ],
)
def test_an_exit_that_leads_nowhere_or_tells_where_from_is_told(told, new, words):
    (fault,) = told("organisation.toml", "https://www.smhi.se/", new)

    assert fault.startswith(f"organisation.toml: rad 4, exit_url: {words}")


def test_the_sites_own_address_has_no_path(told):
    (fault,) = told("organisation.toml", '"https://www.qjouren.se"', '"https://www.qjouren.se/start"')

    assert fault == (
        "organisation.toml: rad 2, url: ”https://www.qjouren.se/start” har något efter namnet. Skriv bara https://www.qjouren.se."
    )


@pytest.mark.parametrize(
    ("line", "told_of"),
    [
        ('org_number = "802471-7236"', None),
        ('bankgiro = "403-2850"', None),
        ('postal_address = ["Box 1", "123 45 Stad"]', None),
        ('org_number = "802471-7237"', "org_number: ”802471-7237” stämmer inte: kontrollsiffran är fel."),
        ('org_number = "8024717236"', "org_number: ”8024717236” har fel form. Skriv det med bindestreck: 123456-7897."),
        ('bankgiro = "403-2851"', "bankgiro: ”403-2851” stämmer inte: kontrollsiffran är fel."),
        ("bankgiro = 4032850", "bankgiro: ”4032850” är ingen text."),
        (
            'postal_address = "Box 1, Stad"',
            "postal_address: ”Box 1, Stad” är ingen lista. Skriv den mellan hakparenteser",
        ),
        ("postal_address = []", 'postal_address: Listan är tom. Skriv till exempel ["Box 1", "123 45 Stad"].'),
        ('postal_address = ["Box 1", 5]', "postal_address: ”5” är ingen text."),
        ('social = "https://x.example"', "social: ”https://x.example” är ingen avdelning. Skriv [social] sist i filen"),
        ('social = {x = "http://x.example"}', "social.x: ”http://x.example” börjar inte med https://."),
        ('social = {"X/Y" = "https://x.example"}', "social.X/Y: ”X/Y” duger inte som namn"),
        ('namnet = "A"', "namnet: Fältet finns inte. Menade du name?"),
        ('hemsida = "A"', "hemsida: Fältet finns inte. Menade du url?"),
        ('qqq = "A"', "qqq: Fältet finns inte. Det som finns är name, url, email, exit_url, source, checked,"),
    ],
)
def test_what_an_organisation_may_have_is_checked(told, line, told_of):
    faults = told("organisation.toml", 'source = "', f'{line}\nsource = "')

    if told_of is None:
        assert faults == []
    else:
        (fault,) = faults
        assert fault.startswith(f"organisation.toml: rad 5, {told_of}")


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("2026-11-26", "2026-11-26 har inte varit än. Skriv dagen då du kontrollerade uppgiften."),
        ("1999-12-31", "1999-12-31 är före år 2000."),
        ('"i går"', "”i går” är inget datum. Skriv till exempel checked = 2025-01-31."),
        ('"20250101"', "”20250101” är inget datum."),
        ('"2025-W10"', "”2025-W10” är inget datum."),
        ('"2025-02-30"', "”2025-02-30” är inget datum."),
        ("20250101", "”20250101” är inget datum."),
        ("2025-01-01T10:00:00", "”2025-01-01 10:00:00” är inget datum."),
    ],
)
def test_a_day_when_nothing_can_have_been_checked_is_told(told, new, words):
    (fault,) = told("facts.toml", "2026-06-30", new)

    assert fault.startswith("facts.toml: rad 4, normalisering.checked: ")
    assert words in fault


@pytest.mark.parametrize("line", ["a." * 50_000, 'a = "' + "\\" * 50_000])
def test_a_line_that_would_take_minutes_is_told_at_once(told, line):
    (fault,) = told("facts.toml", "[normalisering]", line)

    assert fault == "facts.toml: rad 1: Raden är för lång. Dela den: högst 5000 tecken på en rad."


@pytest.mark.parametrize("new", ["2026-11-25", '"2026-11-25"', "2000-01-01"])
def test_today_is_a_day_and_so_is_a_text_like_one(told, new):
    assert told("facts.toml", "2026-06-30", new) == []


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("<b>Gränser</b>", "”<b>” syns som det står. Skriv ren text, utan HTML och Markdown."),
        ("**Gränser**", "”**” syns som det står."),
        ("[Gränser](/x/)", "”](” syns som det står."),
        ("Gränser&nbsp;flyttas", "”&nbsp;” syns som det står."),
        ("Ring {telefon:jouren}", "”{” syns som det står. Klamrar fungerar bara i sidornas texter."),
        ("Gränser\\u200b flyttas", "Texten har ett osynligt tecken (U+200B). Skriv om den för hand."),
        ("Gränser\\nflyttas", "Texten har radbrytning eller tabb."),
        ("GrÃ¤nser flyttas", "”GrÃ¤nser flyttas” är felkodat. Menade du ”Gränser flyttas”?"),
        ("Gr\ufffdnser flyttas", "”Gr\ufffdnser flyttas” är felkodat. Skriv om det för hand."),
        ("Gränser ", "”Gränser ” börjar eller slutar med mellanslag. Ta bort det."),
        ("Född 900101-9802", "Ett personnummer får inte stå på webbplatsen."),
        ("Möt oss på https://zoom.us/j/123", "Vägen in i ett möte får inte stå i en text"),
        ("å" * 601, f"”{'å' * 59}…” har 601 tecken. Skriv högst 600."),
    ],
)
def test_a_text_that_would_look_broken_is_told(told, new, words):
    (fault,) = told("facts.toml", "Gränser flyttas.", new)

    assert fault.startswith(f"facts.toml: rad 2, normalisering.text: {words}")


@pytest.mark.parametrize(
    "new", ["Mer än 3 < 5 & mindre", "A – B: ”C”, 50 % (D) 1/2 Ã", "4 kap. 4 a § é ü", "5\u00a0695"]
)
def test_what_people_write_is_no_fault(told, new):
    assert told("facts.toml", "Gränser flyttas.", new) == []


def test_a_swedish_name_is_told_once_and_its_field_is_not_missing_too(told):
    assert told("telephones.toml", 'number = "112"', 'nummer = "112"') == [
        "telephones.toml: rad 8, nod.nummer: Fältet finns inte. Menade du number?"
    ]


def test_a_section_that_texts_cannot_refer_to_is_told(told):
    text = '["Välj att sluta"]\nnumber = "112"\nname = "A"\nsource = "B"\nchecked = 2025-01-01\n\n[nod]'

    assert told("telephones.toml", "[nod]", text) == [
        "telephones.toml: rad 7, Välj att sluta: ”Välj att sluta” duger inte som namn: bara a till z, siffror, - och _. "
        "Skriv till exempel valj-att-sluta."
    ]


YEARS = (
    '["2023"]\nsource = "A"\nchecked = 2024-01-01\n["2023".stod]\ntitle = "Stöd"\nrows = [\n["A", 1],\n["B", 2],\n]\n'
)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            '["2023"]',
            'kalla = "x"\n["2023"]',
            'rad 1, kalla: ”kalla” står utanför alla avdelningar. Skriv till exempel ["2023"]',
        ),
        ('"B", 2', '"B", -2', 'rad 8, 2023.stod.rows: ”["B", -2]” är ingen rad.'),
        ('"B", 2', '"A", 2', "rad 7, 2023.stod.rows: ”A” står på två rader."),
        ("checked", "kontrollerad", "rad 3, 2023.kontrollerad: Fältet finns inte. Menade du checked?"),
        (
            'source = "A"\n',
            "",
            'rad 1, 2023: Posten saknar source. Det ska stå under ["2023"] på en egen rad, före årets diagram.',
        ),
        ('title = "Stöd"', 'title = ""', "rad 5, 2023.stod.title: Fältet är tomt."),
    ],
)
def test_a_fault_among_the_years_has_its_line(told, old, new, words):
    (told.folder / "years.toml").write_text(YEARS.replace(old, new), "utf-8")

    (fault,) = told("")

    assert fault.startswith(f"years.toml: {words}")


@pytest.mark.parametrize("year", ["23", "2027", "i fjol", "12023"])
def test_a_year_that_is_none_is_told(told, year):
    (told.folder / "years.toml").write_text(YEARS.replace("2023", year), "utf-8")

    (fault,) = told("")

    assert f'rad 1, {year}: ”{year}” är inget år som har varit. Skriv till exempel ["2025"].' in fault


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('"ge" = "gåva"', 'rad 1, ge: ”gåva” är ingen lista. Skriv den mellan hakparenteser: ["gåva", "swish"].'),
        ('"ge" = ["gåva", 90]', 'rad 1, ge: ”90” är ingen text. Sätt raka citattecken om: "90".'),
        ('"ge" = []', "rad 1, ge: Listan är tom."),
        ('"ge" = [""]', "rad 1, ge: Fältet är tomt."),
        (
            '"/ge/" = ["gåva"]',
            'rad 1, /ge/: ”/ge/” är ingen adress på webbplatsen. Skriv den utan snedstreck i ändarna: "ge".',
        ),
        (
            '[ge]\nord = ["gåva"]',
            'rad 1, ge: Här får ingen avdelning stå. Skriv sidan och orden på en rad: "ge" = ["gåva", "swish"].',
        ),
    ],
)
def test_words_for_the_search_that_cannot_be_used_are_told(told, text, words):
    (told.folder / "search.toml").write_text(text, "utf-8")

    (fault,) = told("")

    assert fault.startswith(f"search.toml: {words}")


def test_a_file_that_nothing_reads_is_told_but_not_what_a_computer_leaves(told):
    for name in ("Telefoner.toml", "year.toml", "Thumbs.db", ".DS_Store"):
        (told.folder / name).write_text("", "utf-8")

    assert told("") == [
        "Telefoner.toml: Filen används inte. Menade du telephones.toml? Byt namn på den eller flytta den.",
        "year.toml: Filen används inte. Menade du years.toml? Byt namn på den eller flytta den.",
    ]


def test_all_faults_of_all_files_are_told_at_once(told):
    (told.folder / "years.toml").write_text("x = y\nz: 1\n", "utf-8")
    (told.folder / "search.toml").write_text('"ge" = 1', "utf-8")

    faults = told("organisation.toml", 'name = "Qjouren"', "name = 5\nhej = 1")

    assert [fault.partition(",")[0].partition(": ”")[0] for fault in faults] == [
        "years.toml: rad 1",
        "years.toml: rad 2",
        "organisation.toml: rad 1",
        "organisation.toml: rad 2",
        "search.toml: rad 1",
    ]


def test_a_folder_that_is_not_there_names_each_file_that_must_be(tmp_path, capsys):
    with pytest.raises(SystemExit):
        load(tmp_path / "content/data")

    assert capsys.readouterr().err.count("Filen saknas. Lägg tillbaka den.") == 3


SIGNS = '"[]={}#,.:”“\\-0aÅ<>*\n\u00a0\u200b'


@pytest.mark.parametrize("file", sorted(path.name for path in (ROOT / "content/data").iterdir()))
def test_a_damaged_file_is_read_or_told_in_swedish_with_its_line(tmp_path, file):
    folder = tmp_path / "content/data"
    shutil.copytree(ROOT / "content/data", folder)
    whole, chance = (folder / file).read_text("utf-8"), random.Random(file)
    told = []

    for _ in range(40):
        text = whole
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(text))
            text = text[:at] + chance.choice(["", chance.choice(SIGNS)]) + text[at + chance.randint(0, 1) :]
        (folder / file).write_text(text, "utf-8")
        told += read(folder, TODAY)[1]

    assert {fault.file for fault in told} == {f"content/data/{file}"}
    assert [fault for fault in told if fault.line is None and "saknas" not in fault.words] == []
    assert [fault for fault in told if re.search("Expected|Invalid|Unclosed|Cannot|at line", fault.words)] == []


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes() | st.times(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
)
def test_whatever_a_value_is_every_check_answers_in_words(value):
    checks = [
        fields.text(60), fields.address, fields.link, fields.origin, fields.number, fields.checked_number("bankgiro"),
        fields.past_day(TODAY), fields.listed(fields.text(60), 3, "[]"), lambda each: fields.exit_link(each, value),
    ]  # fmt: skip

    assert all(isinstance(check(value), str) for check in checks)
