"""Sign-ups as rows: for the list on the screen and the exported file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from registrations.catalogue import ZONE, Lecture
from registrations.desk import Desk
from registrations.form import SECTORS
from registrations.letters import Kind
from registrations.roster import ACTIVE, Registration, State

STATES = {
    State.CONFIRMED: "plats",
    State.WAITING: "väntar",
    State.CANCELLED: "avbokad",
    State.ERASED: "raderad",
    State.LAPSED: "bekräftade inte",
}
LETTERS = {
    Kind.VERIFY: "fråga",
    Kind.CONFIRMED: "bekräftelse",
    Kind.WAITING: "väntelista",
    Kind.SEAT: "fått plats",
    Kind.CHANGED: "ändring",
    Kind.CANCELLED: "avbokning",
    Kind.CALLED_OFF: "inställt",
    Kind.REMINDER: "påminnelse",
    Kind.JOIN: "länk",
    Kind.RERUN: "repris",
    Kind.TIPS: "tips",
}
HEADINGS = ("Nr", "Status", "Anmäld", "Namn", "E-post", "Organisation", "Område", "Tips", "Brev")

# A spreadsheet takes a cell that begins so as a formula, which could send its contents away.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, kw_only=True, repr=False)
class Row:
    """One sign-up. Holds personal data; empty strings when they are deleted."""

    number: int
    state: State
    verified: bool  # False: she is, or was, asked to confirm
    registered: datetime
    name: str
    email: str
    organisation: str
    sector: str
    tips: bool
    letters: tuple[str, ...]  # handed over, or refused for good or for now with a code

    def cells(self) -> tuple[str, ...]:
        """As text, in the order of HEADINGS."""
        return (
            str(self.number),
            STATES[self.state] + " (ej bekräftad)" * (self.state in ACTIVE and not self.verified),
            self.registered.astimezone(ZONE).strftime("%Y-%m-%d %H.%M"),
            self.name,
            self.email,
            self.organisation,
            self.sector,
            "ja" if self.tips else "",
            ", ".join(self.letters),
        )


def rows(desk: Desk, lecture: Lecture) -> Iterator[Row]:
    """The sign-ups of a lecture in their order. Raises StoreError."""
    people = desk.people(lecture.slug)
    for number, registration in enumerate(desk.log(lecture.slug).read().registrations.values(), 1):
        person = people.read(registration.id)
        yield Row(
            number=number,
            state=registration.state,
            verified=registration.verified,
            registered=datetime.fromisoformat(registration.registered.at),
            name=person.name if person else "",
            email=person.email if person else "",
            organisation=person.organisation if person else "",
            sector=SECTORS.get(registration.sector, ""),
            tips=bool(person and person.tips and not registration.tips_ended),
            letters=_letters(registration),
        )


def csv_file(rows: Iterator[Row]) -> bytes:
    """For Excel as it is set up in Sweden: semicolons, UTF-8 with a mark. No cell can become a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow(_harmless(cell) for cell in row.cells())
    return text.getvalue().encode("utf-8-sig")


def xlsx_file(rows: Iterator[Row]) -> bytes:
    """A workbook with one sheet. Every cell is a string and never a formula or a link."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Anmälda")
        bold = workbook.add_format({"bold": True})
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row.cells()):
                sheet.write_string(line, column, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return file.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _letters(registration: Registration) -> tuple[str, ...]:
    refused = (
        f"{LETTERS.get(letter, letter)} nekad {refusal.code}" for letter, refusal in registration.refused.items()
    )
    deferred = (
        f"{LETTERS.get(letter, letter)} väntar, servern svarade {refusal.code}"
        for letter, refusal in registration.deferred.items()
    )
    return (*(LETTERS.get(letter, letter) for letter in registration.sent), *refused, *deferred)
