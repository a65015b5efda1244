"""Billed lines, and their reading from a CSV file as a spreadsheet or a billing system saves it.

The columns are claim, date, code, modifiers, units, diagnosis, place and, if wanted, contractor, in any order.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from facetwise.coding.claim_dates import Dates, Unreadable, dates_of, iso_date, month_first
from facetwise.documents import DocumentError, Problem, did_you_mean
from facetwise.documents.json_reading import LARGEST_DOCUMENT
from facetwise.records import Contractor, Place

COLUMNS = ("claim", "date", "code", "modifiers", "units", "diagnosis", "place", "contractor")
OPTIONAL = ("contractor",)
OF_PATIENTS = ("beneficiary", *COLUMNS)
NEEDED_OF_PATIENTS = ("beneficiary", "date", "code")

PLACES = {
    "11": Place.OFFICE,
    "19": Place.HOSPITAL_OUTPATIENT,
    "22": Place.HOSPITAL_OUTPATIENT,
    "24": Place.AMBULATORY_SURGICAL_CENTER,
    "21": Place.HOSPITAL_INPATIENT,
}
"""CMS's numbers for the place of service."""


class ClaimLine(msgspec.Struct, frozen=True, kw_only=True):
    """One billed line. `line` is its number in the file, counted from 1; an empty place is None.

    `beneficiary` is whom it was for, where a file holds the claims of several.
    """

    line: int
    claim: str
    date: datetime.date
    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    diagnoses: tuple[str, ...] = ()
    place: Place | None = None
    contractor: Contractor | None = None
    beneficiary: str = ""

    def __str__(self) -> str:
        """The line as it stands on a claim: `64493-LT-KX × 1`."""
        return "-".join((self.code, *self.modifiers)) + f" × {self.units}"


def read_claims(data: bytes, file: str) -> tuple[ClaimLine, ...]:
    """The lines of a claim file. Raises `DocumentError` with every problem, its line and a remedy."""
    if len(data) > LARGEST_DOCUMENT:
        raise DocumentError([Problem("", "The file is too large", "Give the claims of one patient", file)])
    read = _read(data, file, COLUMNS, OPTIONAL)
    if read.problems:
        raise DocumentError(read.problems)
    return read.lines


class Row(NamedTuple):
    """What could be read of one row, by column, whatever else is wrong with it. `line` counts from 1."""

    line: int
    cells: dict[str, Any]


class ClaimFile(NamedTuple):
    """An extract of claims: its lines, everything that is wrong with it, and what could be read all the same."""

    lines: tuple[ClaimLine, ...]
    problems: tuple[Problem, ...]
    rows: tuple[Row, ...]
    columns: tuple[str, ...]
    dates: Dates

    def column(self, name: str) -> int:
        """Where a column stands, counted from 1."""
        return self.columns.index(name) + 1


def claims_of_patients(data: bytes, file: str) -> ClaimFile:
    """An extract with a column `beneficiary`; only that, the date and the code are needed.

    Places that are not told apart are left out. Raises `DocumentError` for what is no text.
    """
    optional = tuple(name for name in OF_PATIENTS if name not in NEEDED_OF_PATIENTS)
    return _read(data, file, OF_PATIENTS, optional)


def _read(data: bytes, file: str, columns: tuple[str, ...], optional: tuple[str, ...]) -> ClaimFile:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as CSV in UTF-8", file)]) from None
    reading = _Reading(text, file, columns, optional)
    lines = tuple(reading.lines())
    if not reading.problems and not lines:
        reading.add(1, "", "The file has no claim lines", "Give the column names, then one row a line")
    return ClaimFile(lines, tuple(reading.problems), tuple(reading.rows), tuple(reading.columns), reading.dates)


class _Reading:
    """One walk over the rows of a file, collecting problems."""

    def __init__(self, text: str, file: str, accepted: tuple[str, ...], optional: tuple[str, ...]) -> None:
        self.file = file
        self.accepted = accepted
        self.optional = optional
        self.text = text
        self.problems: list[Problem] = []
        self.rows: list[Row] = []
        self.columns: list[str] = []
        self.dates = Dates.ISO

    def lines(self) -> Iterator[ClaimLine]:
        rows = [(number, row) for number, row in self._rows() if any(cell.strip() for cell in row)]
        if not rows:
            return
        self.columns = self._columns(rows[0][1], rows[0][0])
        if not self.columns:
            return
        readers = self._readers(rows[1:])
        for number, row in rows[1:]:
            if (line := self._line(readers, row, number)) is not None:
                yield line

    def _readers(self, rows: list[tuple[int, list[str]]]) -> dict[str, Callable[[str], Any]]:
        """How each column is read. An extract may have its dates with the month first, if it is sure that they are."""
        if "beneficiary" not in self.columns:
            return _READERS
        place = self.columns.index("date")
        dated = [(number, row[place].strip()) for number, row in rows if len(row) == len(self.columns)]
        self.dates = dates_of(text for _, text in dated)
        if self.dates is Dates.UNDECIDED:
            what = "Every date of the file may have the month first or the day first"
            self.add(dated[0][0], "date", what, "Write them YYYY-MM-DD, such as 2026-03-01")
        return _READERS | _LENIENT | {"date": iso_date if self.dates is Dates.ISO else month_first}

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row with the number of the line it starts on."""
        first = next((line for line in self.text.splitlines() if line.strip()), "")
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter, strict=True)
        start = 1
        try:
            for row in reader:
                yield start, row
                start = reader.line_num + 1
        except csv.Error as error:
            what = "The file ends inside a quoted cell" if "end of data" in str(error) else f"Not CSV: {error}"
            self.add(start, "", what, "Save or export it again")

    def _columns(self, row: list[str], number: int) -> list[str]:
        names = [cell.strip().lower() for cell in row]
        before = len(self.problems)
        for place, name in enumerate(names, 1):
            if name not in self.accepted:
                remedy = did_you_mean(name, list(self.accepted))
                self.add(number, "", f'There is no column "{name[:40]}"', remedy, place)
        for name in self.accepted:
            if name not in names and name not in self.optional:
                self.add(number, name, "This column is missing", f"The columns are {', '.join(self.accepted)}")
            elif names.count(name) > 1:
                self.add(number, name, "This column is given twice", "Keep one of the two")
        return names if len(self.problems) == before else []

    def _line(self, readers: dict[str, Callable[[str], Any]], row: list[str], number: int) -> ClaimLine | None:
        if len(row) != len(self.columns):
            what = f"The row has {len(row)} cells, the header {len(self.columns)}"
            self.add(number, "", what, "Complete the row; the file may have been cut off")
            return None
        before = len(self.problems)
        fields: dict[str, Any] = {"claim": ""}
        for name, cell in zip(self.columns, row, strict=True):
            try:
                fields["diagnoses" if name == "diagnosis" else name] = readers[name](cell.strip())
            except Unreadable as error:
                self.add(number, name, *error.args)
        self.rows.append(Row(number, fields))
        return ClaimLine(line=number, **fields) if len(self.problems) == before else None

    def add(self, line: int, where: str, what: str, remedy: str, column: int = 0) -> None:
        """Add a problem: in this column, or in that of `where`, or of the whole row."""
        if not column and where in self.columns:
            column = self.columns.index(where) + 1
        self.problems.append(Problem(where, what, remedy, self.file, line, column or 1))


def _claim(text: str) -> str:
    if not text:
        raise Unreadable("The claim has no number", "Give every row the number of its claim")
    return text


def _beneficiary(text: str) -> str:
    if not text:
        raise Unreadable("The row names nobody", "Give every row the patient's number")
    return text


def _code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}[0-9A-Za-z]|[A-Za-z][0-9]{4}", text):
        raise Unreadable(f'"{text[:40]}" is no procedure code', "Write its five characters, such as 64493")
    return text.upper()


def _modifiers(text: str) -> tuple[str, ...]:
    modifiers = [one.removeprefix("-").upper() for one in re.split(r"[\s,]+", text) if one]
    for one in modifiers:
        if not re.fullmatch(r"[0-9A-Z]{2}", one):
            raise Unreadable(f'"{one[:40]}" is no modifier', "Separate modifiers by spaces: KX LT")
    if len(set(modifiers)) < len(modifiers):
        raise Unreadable("A modifier is given twice", "Keep one of the two")
    return tuple(modifiers)


def _units(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) == 0:
        raise Unreadable(f'"{text[:40]}" is no number of units', "Write a whole number from 1 up")
    return int(text)


def _diagnoses(text: str) -> tuple[str, ...]:
    codes = [_with_point(one.upper()) for one in re.split(r"[\s,]+", text) if one]
    for one in codes:
        if not re.fullmatch(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", one):
            raise Unreadable(f'"{one[:40]}" is no diagnosis code', "Separate codes by spaces: M47.816 M47.817")
    return tuple(dict.fromkeys(codes))


def _with_point(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "." not in code else code


def _place(text: str) -> Place | None:
    if not text:
        return None
    if text not in PLACES:
        raise Unreadable(f'"{text[:40]}" is no place of service read here', f"Accepted: {', '.join(PLACES)}")
    return PLACES[text]


def _contractor(text: str) -> Contractor | None:
    words = [str(one) for one in Contractor]
    if text and text not in words:
        raise Unreadable(f'"{text[:40]}" is no contractor', did_you_mean(text, words))
    return Contractor(text) if text else None


_READERS: dict[str, Callable[[str], Any]] = {
    "claim": _claim,
    "date": iso_date,
    "code": _code,
    "modifiers": _modifiers,
    "units": _units,
    "diagnosis": _diagnoses,
    "place": _place,
    "contractor": _contractor,
}

_LENIENT: dict[str, Callable[[str], Any]] = {
    "beneficiary": _beneficiary,
    "claim": str,
    "units": lambda text: _units(text) if text else 1,
    "place": lambda text: PLACES.get(text),
}
"""How an extract of many patients is read otherwise: what it leaves open is no error of the file."""
