"""FHIR R4 bulk export, one resource a line, as events: sorted by patient on disk, then read one patient at a time."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
import pyarrow as pa

from facetwise.audit.mapping.from_records import ORIGIN, RecordRows, rows_of_record, write_rows
from facetwise.audit.mapping.mapped import UNMAPPED, Mapped, Unmapped
from facetwise.audit.reading.ordering import Progress
from facetwise.audit.reading.rejects import Reason, Rejects, rejecting
from facetwise.audit.reading.side_files import told_of_disk
from facetwise.audit.reading.working_database import Workspace
from facetwise.documents import DocumentError, Problem, read_json_value
from facetwise.fhir import read_bundle

_TABLE = "fhir"
_OPEN_FILES = 1 << 8
_GROWTH = 1 << 4
"""Times that decoded JSON is larger than its text, and more: what memory has to hold of one part."""


class _Reference(msgspec.Struct):
    reference: str | None = None


class _Header(msgspec.Struct):
    """What tells whose a resource is."""

    resourceType: str  # noqa: N815
    id: str | None = None
    subject: _Reference | None = None
    patient: _Reference | None = None


class _Line(NamedTuple):
    """A resource with where it stands."""

    file: int
    number: int
    patient: bytes
    kind: bytes
    content: bytes


class _Count:
    """What became of the resources."""

    def __init__(self) -> None:
        self.resources = self.rejected = self.of_nobody = self.patients = self.without_procedures = 0

    def named(self) -> dict[str, int]:
        """The counts with their names."""
        return {
            "resources": self.resources,
            "resources rejected": self.rejected,
            "resources about no patient": self.of_nobody,
            "patients": self.patients,
            "patients without procedures": self.without_procedures,
        }


def map_fhir(path: Path, workspace: Workspace, progress: Progress | None = None) -> Mapped:
    """The `*.ndjson` files of a folder as an event table in the workspace.

    A line that is no resource is rejected, and so are all resources of a patient who cannot be read. What the record
    has no place for is counted. Raises `DocumentError` where there is nothing to read.
    """
    files = _files(path)
    folder = workspace.folder / _TABLE
    count, unmapped = _Count(), Unmapped()
    with rejecting(folder / "rejected-resources.parquet") as rejects:
        parts = _partitioned(files, folder, workspace, _Reader(files, rejects, unmapped, count, progress))
        try:
            write_rows(_records(parts, files, rejects, unmapped, count), folder)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
    return Mapped(
        folder=folder,
        files=tuple(files),
        unmapped=unmapped.write(folder / UNMAPPED),
        rejected=rejects.path if rejects.counts else None,
        counts=count.named(),
        beside=(ORIGIN,),
    )


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        raise DocumentError([Problem("", "There is no such folder", "Give the folder of the export", str(path))])
    if not (files := sorted(path.rglob("*.ndjson"))):
        what, remedy = "The folder has no NDJSON file", "Put Patient.ndjson, Procedure.ndjson and the others there"
        raise DocumentError([Problem("", what, remedy, str(path))])
    return files


class _Reader:
    """Reads lines and tells whose they are; those that are nobody's are counted, those that are broken rejected."""

    def __init__(
        self, files: list[Path], rejects: Rejects, unmapped: Unmapped, count: _Count, progress: Progress | None
    ) -> None:
        self.files = files
        self.rejects = rejects
        self.unmapped = unmapped
        self.count = count
        self.progress = progress or (lambda rows: None)

    def lines(self) -> Iterator[_Line]:
        decoder = msgspec.json.Decoder(_Header)
        for number, path in enumerate(self.files):
            with path.open("rb") as file:
                for row, content in enumerate(file, start=1):
                    if content := content.strip():
                        self.count.resources += 1
                        yield from self._line(decoder, number, row, content)
            self.progress(self.count.resources)

    def _line(self, decoder: msgspec.json.Decoder[_Header], file: int, row: int, content: bytes) -> Iterator[_Line]:
        try:
            header = decoder.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            reject(self.rejects, self.files[file], [(row, content)], f"no FHIR resource: {error}")
            self.count.rejected += 1
            return
        if patient := _patient(header):
            yield _Line(file, row, patient.encode(), header.resourceType.encode(), content)
        else:
            self.unmapped.add(header.resourceType, header.resourceType, "it does not say which patient it is about")
            self.count.of_nobody += 1


def _patient(header: _Header) -> str:
    """The id of the patient whom a resource is about; empty where none is named."""
    if header.resourceType == "Patient":
        return header.id or ""
    named = header.subject or header.patient
    reference = (named.reference or "") if named else ""
    found = re.search(r"(?:^|/)Patient/([^/]+)|^urn:(?:uuid|oid):(.+)$", reference)
    return (found.group(1) or found.group(2)) if found else ""


def reject(rejects: Rejects, file: Path, lines: list[tuple[int, bytes]], why: str) -> None:
    """Reject lines of one file."""
    texts = [msgspec.json.encode({"text": content.decode("utf-8", "replace")}).decode() for _, content in lines]
    constant = {"file": str(file), "reason": str(Reason.UNREADABLE), "column": "", "detail": why}
    told = {name: pa.array([value] * len(lines)) for name, value in constant.items()}
    numbers = pa.array([number for number, _ in lines], pa.int64())
    rejects.add(_TABLE, pa.table({**told, "row": numbers, "original": pa.array(texts)}))


def _partitioned(files: list[Path], folder: Path, workspace: Workspace, reader: _Reader) -> list[Path]:
    """The lines in several files, those of one patient in one of them, each small enough to be sorted in memory."""
    size = sum(path.stat().st_size for path in files)
    room = workspace.of_database_mb * 2**20 // _GROWTH
    parts = [folder / f"part-{number:03}.lines" for number in range(min(size // room + 1, _OPEN_FILES))]
    try:
        with told_of_disk(folder), ExitStack() as stack:
            folder.mkdir(parents=True, exist_ok=True)
            outputs: list[BinaryIO] = [stack.enter_context(part.open("wb")) for part in parts]
            for line in reader.lines():
                digest = hashlib.blake2b(line.patient, digest_size=8).digest()
                fields = (line.patient.hex().encode(), b"%d" % line.file, b"%d" % line.number, line.kind, line.content)
                outputs[int.from_bytes(digest) % len(parts)].write(b"\t".join(fields) + b"\n")
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    return parts


def _records(
    parts: list[Path], files: list[Path], rejects: Rejects, unmapped: Unmapped, count: _Count
) -> Iterator[RecordRows]:
    """The rows of every patient who had a procedure."""
    for part in parts:
        lines: dict[str, list[_Line]] = {}
        with part.open("rb") as file:
            for text in file:
                name, number, row, kind, content = text.rstrip(b"\n").split(b"\t", 4)
                line = _Line(int(number), int(row), bytes.fromhex(name.decode()), kind, content)
                lines.setdefault(line.patient.decode(), []).append(line)
        for patient in sorted(lines):
            count.patients += 1
            own = sorted(lines.pop(patient))
            if all(line.kind != b"Procedure" for line in own):
                count.without_procedures += 1
            elif (rows := _read(patient, own, files, rejects, unmapped, count)) is not None:
                yield rows


def _read(
    patient: str, lines: list[_Line], files: list[Path], rejects: Rejects, unmapped: Unmapped, count: _Count
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
