"""One part of a FHIR export, its resources told apart by patient, as event tables. It can be a process of its own.

Reading a record from its resources takes longer than all else together, and patients have nothing to do with each
other: every core reads parts.
"""

import gc
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyarrow as pa

from facetwise.audit.mapping.from_records import RecordRows, rows_of_record, write_rows
from facetwise.audit.mapping.mapped import Unmapped
from facetwise.audit.reading.rejects import FILE, Reason, Rejects, rejecting
from facetwise.documents import DocumentError, read_json_value
from facetwise.fhir import read_bundle

TABLE = "fhir"
STOPPED = 3
"""How a process ends that tells problems."""

TOLD_EVERY = 100
"""Patients after which a process says how far it is."""


class Line(NamedTuple):
    """A resource with where it stands."""

    file: int
    number: int
    patient: bytes
    kind: bytes
    content: bytes

    def written(self) -> bytes:
        """The line as a part holds it."""
        fields = (self.patient.hex().encode(), b"%d" % self.file, b"%d" % self.number, self.kind, self.content)
        return b"\t".join(fields) + b"\n"


def read_line(text: bytes) -> Line:
    """A line of a part."""
    name, number, row, kind, content = text.rstrip(b"\n").split(b"\t", 4)
    return Line(int(number), int(row), bytes.fromhex(name.decode()), kind, content)


class Count(msgspec.Struct):
    """What became of the resources."""

    resources: int = 0
    rejected: int = 0
    of_nobody: int = 0
    patients: int = 0
    without_procedures: int = 0

    def add(self, part: "Count") -> None:
        """Count in a part, whose resources were counted when they were told apart."""
        self.rejected += part.rejected
        self.patients += part.patients
        self.without_procedures += part.without_procedures

    def named(self) -> dict[str, int]:
        """The counts with their names."""
        return {
            "resources": self.resources,
            "resources rejected": self.rejected,
            "resources about no patient": self.of_nobody,
            "patients": self.patients,
            "patients without procedures": self.without_procedures,
        }


class Drawn(msgspec.Struct):
    """What became of one part: counts, and what the record has no place for, counted too."""

    count: Count
    unmapped: list[tuple[tuple[str, str, str], int]]


class Work(msgspec.Struct):
    """What a process is given: the files of the export, and parts with the folder to write each to."""

    files: list[str]
    parts: list[tuple[str, str]]


def draw_parts(work: Work, told: Callable[[int], None]) -> list[Drawn]:
    """Every part as event tables, and its rejected rows, in its folder. `told` is called with the resources done.

    Raises `DocumentError` where the disk is full.
    """
    files = [Path(file) for file in work.files]
    drawn: list[Drawn] = []
    for part, folder in work.parts:
        before = sum(one.count.resources for one in drawn)
        drawn.append(_draw(Path(part), files, Path(folder), lambda done: told(before + done)))  # noqa: B023
    return drawn


def _draw(part: Path, files: list[Path], folder: Path, told: Callable[[int], None]) -> Drawn:
    count, unmapped = Count(), Unmapped()
    with rejecting(folder / FILE) as rejects:
        write_rows(_records(part, files, rejects, unmapped, count, told), folder)
    part.unlink()
    return Drawn(count, list(unmapped.counts.items()))


def reject(rejects: Rejects, file: Path, lines: list[tuple[int, bytes]], why: str) -> None:
    """Reject lines of one file."""
    texts = [msgspec.json.encode({"text": content.decode("utf-8", "replace")}).decode() for _, content in lines]
    constant = {"file": str(file), "reason": str(Reason.UNREADABLE), "column": "", "detail": why}
    told = {name: pa.array([value] * len(lines)) for name, value in constant.items()}
    numbers = pa.array([number for number, _ in lines], pa.int64())
    rejects.add(TABLE, pa.table({**told, "row": numbers, "original": pa.array(texts)}))


def _records(
    part: Path, files: list[Path], rejects: Rejects, unmapped: Unmapped, count: Count, told: Callable[[int], None]
) -> Iterator[RecordRows]:
    """The rows of every patient who had a procedure."""
    lines: dict[bytes, list[Line]] = {}
    with part.open("rb") as file:
        for text in file:
            line = read_line(text)
            lines.setdefault(line.patient, []).append(line)
    for patient in sorted(lines):
        count.patients += 1
        own = sorted(lines.pop(patient))
        count.resources += len(own)
        if all(line.kind != b"Procedure" for line in own):
            count.without_procedures += 1
        elif (rows := _read(patient.decode(), own, files, rejects, unmapped, count)) is not None:
            yield rows
        if count.patients % TOLD_EVERY == 0:
            told(count.resources)


def _read(
    patient: str, lines: list[Line], files: list[Path], rejects: Rejects, unmapped: Unmapped, count: Count
) -> RecordRows | None:
    """The rows of one patient; None, and all lines rejected, where the patient cannot be read."""
    try:
        resources = [read_json_value(line.content) for line in lines]
        if not any(line.kind == b"Patient" for line in lines):
            resources.append({"resourceType": "Patient", "id": patient})
            unmapped.add("Patient", "Patient", "the export has no resource of a patient it speaks of")
        entries = [{"resource": resource} for resource in resources]
        found = read_bundle({"resourceType": "Bundle", "type": "collection", "entry": entries})
    except DocumentError as error:
        for number in dict.fromkeys(line.file for line in lines):
            own = [(line.number, line.content) for line in lines if line.file == number]
            reject(rejects, files[number], own, str(error))
        count.rejected += len(lines)
        return None
    for one in found.unmapped:
        unmapped.add(_kind(one.where), one.what, one.why)
    rows = rows_of_record(found.record, patient)
    for loss in rows.lost:
        unmapped.add("events", loss.fact, "known only within bounds, seen differently later, or of no one procedure")
    return rows


def _kind(where: str) -> str:
    """The type of the resource that a listing names: `entry[3] Procedure/abc`."""
    found = re.search(r"^entry\[\d+\] (\w+)", where)
    return found.group(1) if found else "Bundle"


def main() -> None:
    """The process: work as JSON on its input; lines of numbers, then what became of the parts, on its output."""
    gc.disable()  # a record has no cycles, and a part is small
    work = msgspec.json.decode(sys.stdin.buffer.read(), type=Work)
    try:
        drawn = draw_parts(work, lambda done: print(done, flush=True))
    except DocumentError as error:
        print(msgspec.json.encode(error.problems).decode())
        sys.exit(STOPPED)
    print(msgspec.json.encode(drawn).decode())


if __name__ == "__main__":
    main()
