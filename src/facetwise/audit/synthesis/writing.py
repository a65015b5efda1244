"""A population on disk: whole or not there at all, with its hidden truth and a manifest."""

import datetime
import errno
import hashlib
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from facetwise import __version__
from facetwise.audit.synthesis.chances import Stratum, figures_used, strata
from facetwise.audit.synthesis.parts import Content, Parts
from facetwise.audit.synthesis.reading import FILE, assumptions
from facetwise.audit.synthesis.tables import Chunk, events_table, first_patients, make, truth_table, visits_table
from facetwise.documents import DocumentError, Problem
from facetwise.evidence import Certainty, figure

FORMAT = "facetwise-population/1"
MANIFEST = "manifest.json"
LARGEST = 10**9


class Format(StrEnum):
    """What a population is written as."""

    EVENTS = "events"
    CLAIMS = "claims"
    OMOP = "omop"
    FHIR = "fhir"


class UsedFigure(msgspec.Struct, frozen=True):
    """A figure as it was used, in its unit."""

    figure: str
    stands_for: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    certainty: Certainty


class Made(msgspec.Struct, frozen=True):
    """`manifest.json`: enough to make the same bytes again, and what the numbers rest on."""

    format: str
    written_as: Format
    patients: int
    seed: int
    today: datetime.date
    rows: dict[str, int]
    software: str
    libraries: dict[str, str]
    conventions: str
    strata: tuple[Stratum, ...]
    figures: tuple[UsedFigure, ...]
    note: str = "Invented patients. The conventions of the simulation are no clinical facts."


def synthesize(
    out: Path,
    *,
    patients: int,
    seed: int,
    today: datetime.date,
    format_: Format = Format.EVENTS,
    force: bool = False,
    told: Callable[[int], None] = lambda patients: None,
) -> Made:
    """Make so many patients and write them to the folder `out`, which appears when it is complete.

    `told` is called with the number of patients made so far. `force` replaces a population that is there. Raises
    `DocumentError` for fewer than one patient, for a folder that is in use, and for a disk that cannot be written.
    """
    _require(patients, seed, today)
    out = out.resolve()
    partial = _prepared(out, force)
    try:
        made = _written(partial, patients, seed, today, format_, told)
        if out.exists():
            _remove(out)
        partial.rename(out)
    except OSError as error:
        raise _disk_problem(out, error) from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return made


def _require(patients: int, seed: int, today: datetime.date) -> None:
    for name, number, least in (("patients", patients, 1), ("seed", seed, 0)):
        if not least <= number < LARGEST:
            remedy = f"Give a whole number from {least} up to nine digits"
            raise DocumentError([Problem(name, f"{number} is too {'small' if number < least else 'large'}", remedy)])
    first = assumptions().first_today.value
    if today < first:
        raise DocumentError([Problem("today", f"{today} is too early", f"Give a day from {first} on")])


def _prepared(out: Path, force: bool) -> Path:
    """The partial folder beside `out`, made anew."""
    if out.exists() and not _is_free(out):
        what = "There is already something in the folder"
        if not _is_population(out):
            raise DocumentError([Problem("", what, "Give another folder", str(out))])
        if not force:
            raise DocumentError([Problem("", what, "Replace that population with --force, or give another", str(out))])
    partial = out.with_name(f"{out.name}.partial")
    try:
        if partial.exists() and not force:
            what = "An earlier run to this folder was stopped, or is still running"
            raise DocumentError([Problem("", what, "Start anew with --force, or give another folder", str(partial))])
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
    except OSError as error:
        raise _disk_problem(partial, error) from None
    return partial


def _is_free(out: Path) -> bool:
    return out.is_dir() and not any(out.iterdir())


def _is_population(out: Path) -> bool:
    """Whether a folder holds what this module wrote, which alone may be replaced."""
    try:
        manifest = msgspec.json.decode((out / MANIFEST).read_bytes())
    except (OSError, msgspec.DecodeError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == FORMAT


def _remove(out: Path) -> None:
    """First its manifest, so that half a folder never looks finished."""
    (out / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(out)


def _disk_problem(path: Path, error: OSError) -> DocumentError:
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        what, remedy = "The disk is full", "Free some space, or give a folder on another disk"
    else:
        what = f"The folder cannot be written: {(error.strerror or str(error)).lower()}"
        remedy = "Check the path and its permissions"
    return DocumentError([Problem("", what, remedy, str(path))])


def _written(
    folder: Path, patients: int, seed: int, today: datetime.date, format_: Format, told: Callable[[int], None]
) -> Made:
    layout, size = _layout(format_), assumptions().chunk.patients
    chunks = -(-patients // size)
    with Parts(folder, chunks, assumptions().chunk.of_a_file) as parts, ThreadPoolExecutor(1) as ahead:
        coming = ahead.submit(make, seed, 0, today)
        for number in range(chunks):
            chunk = coming.result()
            if number + 1 < chunks:
                coming = ahead.submit(make, seed, number + 1, today)
            chunk = first_patients(chunk, min(size, patients - number * size))
            for portion in layout(chunk):
                parts.add(portion)
            parts.add({"truth": truth_table(chunk)})
            parts.chunk_done()
            told(min((number + 1) * size, patients))
    made = _manifest(patients, seed, today, format_, parts.rows)
    text = msgspec.json.format(msgspec.json.encode(made), indent=2)
    (folder / MANIFEST).write_bytes(text + b"\n")
    return made


def _layout(format_: Format) -> Callable[[Chunk], Iterable[dict[str, Content]]]:
    """What a chunk adds to each table of a format, at once or in portions."""
    match format_:
        case Format.CLAIMS:
            from facetwise.audit.synthesis.claims import claims

            return claims
        case Format.OMOP:
            from facetwise.audit.synthesis.omop import omop

            return omop
        case Format.FHIR:
            from facetwise.audit.synthesis.bulk_fhir import bulk_fhir

            return bulk_fhir
    return _events


def _events(chunk: Chunk) -> Iterable[dict[str, Content]]:
    yield {"events": events_table(chunk), "visits": visits_table(chunk)}


def _manifest(patients: int, seed: int, today: datetime.date, format_: Format, rows: dict[str, int]) -> Made:
    text = files(__package__).joinpath(FILE).read_bytes()
    return Made(
        format=FORMAT,
        written_as=format_,
        patients=patients,
        seed=seed,
        today=today,
        rows=rows,
        software=f"facetwise {__version__}",
        libraries={"numpy": np.__version__, "pyarrow": pa.__version__},
        conventions=hashlib.sha256(text).hexdigest(),
        strata=strata(),
        figures=tuple(_used(id, role) for id, role in figures_used().items()),
    )


def _used(id: str, role: str) -> UsedFigure:
    found = figure(id)
    return UsedFigure(id, role, found.value, found.low, found.high, found.unit, found.certainty)
