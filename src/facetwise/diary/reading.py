"""One block's diary from a file: CSV as a spreadsheet saves it, or JSON.

The CSV starts with `# key: value` lines (agent, steroid, baseline, scale, sedation, block at, date) and has the columns
`minutes` or `time`, `score`, and any of `stated_relief`, `provoked`, `asleep`, `analgesic`, `side`, `scale`. An empty
cell is not documented.
"""

import csv
import datetime
import io
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from facetwise.documents import DocumentError, Problem, convert, did_you_mean, read_json_value
from facetwise.records import (
    Agent,
    AgentName,
    Diary,
    DiaryEntry,
    Kind,
    PainScore,
    Procedure,
    Scale,
    Sedation,
    StatedRelief,
)

_UNDATED = datetime.date(1, 1, 1)
"""A diary need not say on which day it was kept; nothing in its scoring depends on it."""


class DiaryDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One block's diary by itself, as `facetwise diary` takes it in JSON."""

    entries: tuple[DiaryEntry, ...]
    date: datetime.date | None = None
    scale: Scale = Scale.NRS
    pain_before: PainScore | None = None
    agents: tuple[Agent, ...] | None = None
    sedation: Sedation | None = None
    stated_relief: StatedRelief | None = None


def read_diary(data: bytes, name: str) -> Procedure:
    """The diary in a file called `name`, as the block it belongs to.

    A name ending in `.json` is read as JSON, anything else as CSV. Raises `DocumentError` with every problem.
    """
    try:
        document = _read_json(data) if name.lower().endswith(".json") else _read_csv(data)
    except DocumentError as error:
        raise error.in_file(name) from None
    return Procedure(
        kind=Kind.MEDIAL_BRANCH_BLOCK,
        date=document.date or _UNDATED,
        agents=document.agents,
        sedation=document.sedation,
        pain_before=document.pain_before,
        stated_relief=document.stated_relief,
        diary=Diary(entries=document.entries, scale=document.scale),
    )


def _read_json(data: bytes) -> DiaryDocument:
    value = read_json_value(data)
    if isinstance(value, dict) and "diary" in value:  # a procedure cut out of a record
        value = {**value, **(value["diary"] if isinstance(value["diary"], dict) else {})}
        value = {key: item for key, item in value.items() if key in DiaryDocument.__struct_fields__}
    return convert(value, DiaryDocument)


def _read_csv(data: bytes) -> DiaryDocument:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as CSV in UTF-8")]) from None
    return _CsvReading(text).document()


class _CsvReading:
    """One walk over the lines of a CSV file, collecting problems."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.problems: list[Problem] = []
        self.settings: dict[str, Any] = {}
        self.block_at: int | None = None

    def document(self) -> DiaryDocument:
        header = self._read_settings()
        entries = self._read_rows(header)
        if not entries and not self.problems:
            self._add(header, "The diary has no entries", "Give one row a score, under minutes and score")
        if self.problems:
            raise DocumentError(self.problems)
        return DiaryDocument(entries=tuple(entries), **self.settings)

    def _read_settings(self) -> int:
        """Read the `# key: value` lines; the number of the line with the column names, counted from 1."""
        for number, line in enumerate(self.lines, start=1):
            if not line.strip():
                continue
            if not line.lstrip().startswith("#"):
                return number
            key, colon, value = line.lstrip("# \t").partition(":")
            key = key.strip().lower().replace(" ", "_")
            if colon and key in _SETTINGS:
                self._try(number, partial(self._set, key, value.strip()))
            elif colon:
                self._add(number, f'"{key}" is not known here', did_you_mean(key, list(_SETTINGS)))
        return len(self.lines)

    def _set(self, key: str, value: str) -> None:
        if key == "block_at":
            self.block_at = _clock(value)
        elif key in ("agent", "steroid"):
            agents = _agents(value)
            self.settings["agents"] = (*self.settings.get("agents", ()), *agents)
        else:
            field, reader = _SETTINGS[key]
            self.settings[field] = reader(value)

    def _read_rows(self, header: int) -> list[DiaryEntry]:
        text = "\n".join(self.lines[header - 1 :])
        first = self.lines[header - 1] if header <= len(self.lines) else ""
        delimiter = max(",;\t", key=first.count)
        try:
            rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
        except csv.Error as error:
            self._add(header, f"Not CSV: {error}", "Save it again as CSV")
            return []
        columns = self._columns(rows[0] if rows else [], header)
        entries = []
        for number, row in enumerate(rows[1:], start=header + 1):
            if any(cell.strip() for cell in row) and columns:
                entry = self._try(number, partial(self._entry, dict(zip(columns, row, strict=False))))
                entries += [entry] if entry else []
        return entries

    def _columns(self, names: list[str], line: int) -> list[str]:
        columns = [name.strip().lower().replace(" ", "_") for name in names]
        columns = ["provoked" if name == "activity" else name for name in columns]
        for name in columns:
            if name not in _COLUMNS:
                self._add(line, f'There is no column "{name[:40]}"', did_you_mean(name, list(_COLUMNS)))
        if not {"minutes", "time"} & set(columns):
            self._add(line, "There is no column for the time", "Add `minutes` after the block, or `time` as HH:MM")
        if "time" in columns and self.block_at is None:
            self._add(line, "Times need the time of the block", "Add a line `# block at: 09:30` above")
        return [] if self.problems else columns

    def _entry(self, cells: dict[str, str]) -> DiaryEntry:
        cells = {name: cell.strip() for name, cell in cells.items()}
        value: dict[str, Any] = {"minutes": self._minutes(cells)}
        value |= _score(cells.get("score", ""))
        if cells.get("stated_relief"):
            value["stated_relief_percent"] = _number(cells["stated_relief"].rstrip("% "))
        for column, field in (("provoked", "provoked"), ("asleep", "asleep"), ("analgesic", "rescue_analgesic")):
            if cells.get(column):
                value[field] = _yes_or_no(cells[column])
        for column in ("side", "scale"):
            if cells.get(column):
                value[column] = cells[column].lower()
        return convert(value, DiaryEntry)

    def _minutes(self, cells: dict[str, str]) -> int:
        if cells.get("minutes"):
            return int(_number(cells["minutes"]))
        if not cells.get("time"):
            raise ValueError("The row has no time")
        after = _clock(cells["time"]) - (self.block_at or 0)
        return after if after >= 0 else after + 24 * 60  # the diary went past midnight

    def _try(self, line: int, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except DocumentError as error:
            for problem in error.problems:
                self._add(line, f"{problem.where}: {problem.what}".lstrip(": "), problem.remedy)
        except ValueError as error:
            self._add(line, str(error), "Write a number, a range such as 3-5, yes or no; leave unknown cells empty")
        return None

    def _add(self, line: int, what: str, remedy: str) -> None:
        self.problems.append(Problem("", what, remedy, "", line, 1))


def _number(text: str) -> float:
    if not re.fullmatch(r"\d{1,6}([.,]\d{1,4})?", text):
        raise ValueError(f'"{text[:40]}" is not a number')
    return float(text.replace(",", "."))


def _score(text: str) -> dict[str, float]:
    """A score, a range such as 3-5, or nothing."""
    if not text:
        return {}
    low, dash, high = re.sub(r"\s*(?:–|—|-|to)\s*", "-", text).partition("-")
    return {"low": _number(low), "high": _number(high)} if dash else {"score": _number(text)}


def _yes_or_no(text: str) -> bool:
    if text.lower() in ("yes", "y", "true", "x", "1"):
        return True
    if text.lower() in ("no", "n", "false", "0"):
        return False
    raise ValueError(f'"{text[:40]}" is not yes or no')


def _clock(text: str) -> int:
    """Minutes since midnight."""
    match = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if match is None:
        raise ValueError(f'"{text[:40]}" is no time of day. Write it HH:MM')
    return int(match.group(1)) * 60 + int(match.group(2))


def _agents(text: str) -> tuple[Agent, ...]:
    """ "bupivacaine 0.5% 0.5 mL" as an agent; `none` as none."""
    if text.lower() in ("", "none", "no"):
        return ()
    name = text.split()[0].lower()
    if name not in list(AgentName):
        raise ValueError(f'"{name[:40]}" is no agent. {did_you_mean(name, [str(agent) for agent in AgentName])}')
    percent = re.search(r"(\d+(?:\.\d+)?)\s*%", text)
    volume = re.search(r"(\d+(?:\.\d+)?)\s*ml", text, re.IGNORECASE)
    dose = re.search(r"(\d+(?:\.\d+)?)\s*mg", text, re.IGNORECASE)
    amounts = {"concentration_percent": percent, "volume_ml": volume, "dose_mg": dose}
    return (convert({"name": name, **{key: float(m.group(1)) for key, m in amounts.items() if m}}, Agent),)


def _word(type_: type) -> Callable[[str], Any]:
    return lambda text: convert(text.lower(), type_)


_SETTINGS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "agent": ("agents", _agents),
    "steroid": ("agents", _agents),
    "baseline": ("pain_before", lambda text: convert(_score(text), PainScore)),
    "scale": ("scale", _word(Scale)),
    "sedation": ("sedation", _word(Sedation)),
    "stated_relief": ("stated_relief", lambda text: convert({"percent": _number(text.rstrip("% "))}, StatedRelief)),
    "date": ("date", _word(datetime.date)),
    "block_at": ("", _clock),
}

_COLUMNS = ("minutes", "time", "score", "stated_relief", "provoked", "asleep", "analgesic", "side", "scale")
