"""CMS's quarterly files of correct coding edits, as CMS lays them out: practitioner pairs, and units of a day.

Pairs come as text with tabs or commas and seven columns: column 1, column 2, a mark for those from before 1996,
effective date, deletion date or `*`, modifier indicator, rationale. Units come as CSV: code, value, adjudication
indicator with words behind it, rationale. Both start with a copyright notice and headings, which are skipped.
"""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, cast

from facetwise.coding.codebook import codebook
from facetwise.coding.edits import LoadedFile, PairEdit, UnitLimit, quarter_of
from facetwise.documents import DocumentError, Problem

_CODE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
_DATE = re.compile(r"[0-9]{8}")
_MOST_PROBLEMS = 20
"""A file with more is not one of CMS's, or badly damaged: reading on would tell nothing new."""


def read_edit_file(data: bytes, file: str, quarter: str | None = None) -> LoadedFile:
    """A file of pairs or units, reduced to what concerns the codes that Facetwise knows.

    Every row is checked. `quarter`, written 2026Q3, stands where the file's name does not say it. Raises
    `DocumentError` with every problem and its line.
    """
    _refuse_other_files(data, file)
    reading = _Reading(_text(data), file)
    known = codebook().codes
    pairs: list[PairEdit] = []
    units: list[UnitLimit] = []
    for row in reading.rows():
        if isinstance(row, UnitLimit):
            units += [row] if row.code in known else []
        elif row.first in known or row.second in known:
            pairs.append(row)
    quarter = quarter or quarter_in(file)
    if reading.kind is None and not reading.problems:
        what = "No rows of CMS's edits were found"
        remedy = "Give the practitioner file of pairs (.txt) or of units (.csv) as CMS publishes it"
        reading.problems.append(Problem("", what, remedy, file))
    elif quarter is None:
        what, remedy = "The name of the file does not say its quarter", "Add --quarter, such as 2026Q3"
        reading.problems.append(Problem("", what, remedy, file))
    if reading.problems or quarter is None:
        raise DocumentError(reading.problems)
    return LoadedFile(
        kind="units" if reading.kind is UnitLimit else "pairs",
        quarter=quarter,
        file=file.replace("\\", "/").rpartition("/")[2],
        rows_read=reading.count,
        pairs=tuple(pairs),
        units=tuple(units),
    )


def quarter_in(file: str) -> str | None:
    """The quarter that CMS's file name says: `…2026q3…`, or `…Eff_07-01-2026…`."""
    if named := re.search(r"(20[0-9]{2})[-_ ]?q([1-4])", file, re.IGNORECASE):
        return f"{named.group(1)}Q{named.group(2)}"
    if since := re.search(r"eff_?([0-9]{2})-([0-9]{2})-(20[0-9]{2})", file, re.IGNORECASE):
        month, day, year = since.groups()
        try:
            return quarter_of(datetime.date.fromisoformat(f"{year}-{month}-{day}"))
        except ValueError:
            return None
    return None


def _refuse_other_files(data: bytes, file: str) -> None:
    if data.startswith(b"PK"):
        what, remedy = "This is a ZIP or Excel file", "Unzip it and give the .txt (pairs) or .csv (units) inside"
        raise DocumentError([Problem("", what, remedy, file)])
    if not data.strip():
        raise DocumentError([Problem("", "The file is empty", "Download it again", file)])
    if "ccioph" in file.lower() or b"Outpatient Hospital Services MUE" in data[:10_000]:
        what, remedy = "These are the edits of outpatient hospitals", "Give those of practitioner services"
        raise DocumentError([Problem("", what, remedy, file)])
    if b"Supplier Services MUE" in data[:10_000]:
        what, remedy = "These are the edits of equipment suppliers", "Give those of practitioner services"
        raise DocumentError([Problem("", what, remedy, file)])


def _text(data: bytes) -> str:
    """CMS saves some files in the Windows character set, for the signs of its copyright notice."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


class _Unreadable(ValueError):
    """A row that is none of CMS's: what was found, and what is expected."""


class _Reading:
    """One walk over the rows, collecting problems. `kind` is what the rows are, None before the first."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.kind: type | None = None
        self.count = 0
        self.problems: list[Problem] = []

    def rows(self) -> Iterator[PairEdit | UnitLimit]:
        """Every row below the headings. Headings are rows that start with no code."""
        for number, cells in self._cells():
            if len(self.problems) >= _MOST_PROBLEMS:
                return
            try:
                row = self._row(cells)
            except _Unreadable as error:
                what, remedy = error.args
                self.problems.append(Problem("", what, remedy, self.file, number, 1))
                continue
            if row is not None:
                self.count += 1
                yield row

    def _cells(self) -> Iterator[tuple[int, list[str]]]:
        """The cells of each row that holds any, with the number of its line."""
        delimiter = "\t" if self.text.count("\t") > self.text.count(",") else ","
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=delimiter)
        try:
            for row in reader:
                cells = [cell.strip() for cell in row]
                if any(cells):
                    yield reader.line_num, cells
        except csv.Error as error:
            what = f"Not readable as a table: {error}"
            self.problems.append(Problem("", what, "Download the file again", self.file, reader.line_num, 1))

    def _row(self, cells: list[str]) -> PairEdit | UnitLimit | None:
        """A row as what it holds; None for a heading."""
        if not _CODE.fullmatch(cells[0]):
            if self.kind is not None:
                raise _Unreadable(f'"{cells[0][:40]}" is no code', "The file may be damaged: download it again")
            return None
        cells = [*cells, *[""] * 7]
        row = _pair(cells) if _CODE.fullmatch(cells[1]) else _unit(cells)
        if self.kind not in (None, type(row)):
            raise _Unreadable("Pairs and units in one file", "Give CMS's files one by one")
        self.kind = type(row)
        return row


def _pair(cells: list[str]) -> PairEdit:
    first, second, before_1996, since, until, indicator = cells[:6]
    if before_1996 not in ("", "*"):
        raise _Unreadable(f'"{before_1996[:20]}" in the third column', "Expected: * or nothing")
    to = None if until in ("", "*") else _day(until)
    if indicator not in ("0", "1", "9"):
        raise _Unreadable(f'"{indicator[:20]}" is no modifier indicator', "Expected: 0, 1 or 9")
    return PairEdit(first, second, _day(since), to, cast(Literal["0", "1", "9"], indicator))


def _unit(cells: list[str]) -> UnitLimit:
    code, value, indicator = cells[:3]
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise _Unreadable(f'"{value[:20]}" is no number of units', "Expected: a whole number")
    if not re.match(r"[123]\b", indicator):
        raise _Unreadable(f'"{indicator[:20]}" is no adjudication indicator', "Expected: 1, 2 or 3")
    return UnitLimit(code, int(value), cast(Literal["1", "2", "3"], indicator[0]))


@lru_cache(maxsize=4096)
def _day(text: str) -> datetime.date:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise _Unreadable(f'"{text[:20]}" is no date', "Expected: YYYYMMDD") from None
