"""FHIR R4 bulk export, one resource a line, as events: sorted by patient on disk, then read one patient at a time."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

import msgspec

from facetwise.audit.mapping.fhir_parts import STOPPED, TABLE, Count, Drawn, Line, Work, draw_parts, reject
from facetwise.audit.mapping.from_records import ORIGIN
from facetwise.audit.mapping.mapped import UNMAPPED, Mapped, Unmapped
from facetwise.audit.reading.ordering import Progress
from facetwise.audit.reading.rejects import FILE, Rejects, rejecting
from facetwise.audit.reading.side_files import told_of_disk
from facetwise.audit.reading.working_database import Workspace
from facetwise.documents import DocumentError, Problem

_OPEN_FILES = 1 << 8
_GROWTH = 1 << 4
"""Times that decoded JSON is larger than its text, and more: what memory has to hold of one part."""

_WORTH_A_PROCESS = 1 << 22
"""Bytes of an export that take longer to read than to start processes for."""


class _Reference(msgspec.Struct):
    reference: str | None = None


class _Header(msgspec.Struct):
    """What tells whose a resource is."""

    resourceType: str  # noqa: N815
    id: str | None = None
    subject: _Reference | None = None
    patient: _Reference | None = None


def map_fhir(path: Path, workspace: Workspace, progress: Progress | None = None) -> Mapped:
    """The `*.ndjson` files of a folder as an event table in the workspace.

    A line that is no resource is rejected, and so are all resources of a patient who cannot be read. What the record
    has no place for is counted. Raises `DocumentError` where there is nothing to read.
    """
    files = _files(path)
    folder = workspace.folder / TABLE
    count, unmapped = Count(), Unmapped()
    with rejecting(folder / "rejected-resources.parquet") as rejects:
        parts = _partitioned(files, folder, workspace, _Reader(files, rejects, unmapped, count, progress))
        try:
            folders = [folder / part.stem for part in parts]
            drawn = _drawn(files, list(zip(parts, folders, strict=True)), workspace.cores, progress)
        finally:
            for part in parts:
                part.unlink(missing_ok=True)
        for own in folders:
            if (own / FILE).exists():
                rejects.add_earlier(own / FILE)
    _gather(folders, folder)
    for one in drawn:
        count.add(one.count)
        for what, number in one.unmapped:
            unmapped.add(*what, number)
    return Mapped(
        folder=folder,
        files=tuple(files),
        unmapped=unmapped.write(folder / UNMAPPED),
        rejected=rejects.path if rejects.counts else None,
        counts=count.named(),
        beside=(ORIGIN,),
    )


def _drawn(files: list[Path], parts: list[tuple[Path, Path]], cores: int, progress: Progress | None) -> list[Drawn]:
    """What became of every part, read on so many cores."""
    works = [Work([*map(str, files)], [(str(part), str(folder)) for part, folder in parts[core::cores]])
             for core in range(cores)]  # fmt: skip
    works = [work for work in works if work.parts]
    done = [0] * len(works)

    def told(number: int, resources: int) -> None:
        done[number] = resources
        if progress is not None:
            progress(sum(done))

    if len(works) == 1:
        return draw_parts(works[0], lambda resources: told(0, resources))
    with ThreadPoolExecutor(len(works)) as pool:
        found = pool.map(lambda item: _in_a_process(item[1], lambda so_far: told(item[0], so_far)), enumerate(works))
        return [one for drawn in found for one in drawn]


def _in_a_process(work: Work, told: Callable[[int], None]) -> list[Drawn]:
    """The same in a process of its own. Raises `DocumentError` for what it tells."""
    command = [sys.executable, "-m", "facetwise.audit.mapping.fhir_parts"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(msgspec.json.encode(work))
        process.stdin.close()
        last = b""
        for line in process.stdout:
            last = line
            if line.strip().isdigit():
                told(int(line))
    if process.returncode == STOPPED:
        raise DocumentError(msgspec.json.decode(last, type=tuple[Problem, ...]))
    if process.returncode:
        what, remedy = (
            f"A process that reads patients ended with {process.returncode}",
            "Allow less work at once: --cores 1",
        )
        raise DocumentError([Problem("", what, remedy)])
    return msgspec.json.decode(last, type=list[Drawn])


def _gather(parts: list[Path], folder: Path) -> None:
    """The tables of all parts as the files of one table each."""
    for name in ("events", "visits"):
        (folder / name).mkdir()
        for part in parts:
            (part / f"{name}.parquet").replace(folder / name / f"{part.name}.parquet")
    for part in parts:
        (part / FILE).unlink(missing_ok=True)
        part.rmdir()


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
        self, files: list[Path], rejects: Rejects, unmapped: Unmapped, count: Count, progress: Progress | None
    ) -> None:
        self.files = files
        self.rejects = rejects
        self.unmapped = unmapped
        self.count = count
        self.progress = progress or (lambda rows: None)

    def lines(self) -> Iterator[Line]:
        decoder = msgspec.json.Decoder(_Header)
        for number, path in enumerate(self.files):
            with path.open("rb") as file:
                for row, content in enumerate(file, start=1):
                    if content := content.strip():
                        self.count.resources += 1
                        yield from self._line(decoder, number, row, content)
            self.progress(self.count.resources)

    def _line(self, decoder: msgspec.json.Decoder[_Header], file: int, row: int, content: bytes) -> Iterator[Line]:
        try:
            header = decoder.decode(content)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            reject(self.rejects, self.files[file], [(row, content)], f"no FHIR resource: {error}")
            self.count.rejected += 1
            return
        if patient := _patient(header):
            yield Line(file, row, patient.encode(), header.resourceType.encode(), content)
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


def _partitioned(files: list[Path], folder: Path, workspace: Workspace, reader: _Reader) -> list[Path]:
    """The lines in several files, those of one patient in one of them, each small enough to be sorted in memory."""
    size = sum(path.stat().st_size for path in files)
    room = workspace.of_database_mb * 2**20 // (_GROWTH * workspace.cores)
    least = workspace.cores if size > _WORTH_A_PROCESS else 1
    parts = [folder / f"part-{number:03}.lines" for number in range(min(max(size // room + 1, least), _OPEN_FILES))]
    try:
        with told_of_disk(folder), ExitStack() as stack:
            folder.mkdir(parents=True, exist_ok=True)
            outputs: list[BinaryIO] = [stack.enter_context(part.open("wb")) for part in parts]
            for line in reader.lines():
                digest = hashlib.blake2b(line.patient, digest_size=8).digest()
                outputs[int.from_bytes(digest) % len(parts)].write(line.written())
    except BaseException:
        for part in parts:
            part.unlink(missing_ok=True)
        raise
    return parts
