"""A chunk as an extract of professional claims: the lines that `facetwise.coding` bills, and nothing of relief."""

import datetime
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from facetwise.audit.events import FACTS
from facetwise.audit.synthesis.chances import strata
from facetwise.audit.synthesis.facts import days_of
from facetwise.audit.synthesis.parts import Content
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.steps import KINDS, PURPOSES
from facetwise.audit.synthesis.tables import Chunk, labels
from facetwise.coding import billing_lines
from facetwise.coding.claim_lines import PLACES
from facetwise.records import FACET_KINDS, AblationMode, Contractor, Guidance, Kind, Place, Planned
from facetwise.spine import SiteSet

SCHEMA = pa.schema(
    [
        ("beneficiary", pa.int64()),
        ("claim", pa.string()),
        ("date", pa.date32()),
        ("code", pa.string()),
        ("modifiers", pa.string()),
        ("units", pa.int32()),
        ("diagnosis", pa.string()),
        ("place", pa.string()),
        ("contractor", pa.string()),
        ("clinician", pa.string()),
        ("facility", pa.string()),
    ]
)
_FACET = frozenset(KINDS.index(kind) for kind in FACET_KINDS)


class Done(NamedTuple):
    """A procedure as it was done, whatever is documented of it. Words are places in their lists."""

    kind: int
    left: int
    right: int
    purpose: int
    guidance: int
    mode: int


class Billed(NamedTuple):
    """A line of a claim."""

    code: str
    modifiers: str
    units: int


class Lines(NamedTuple):
    """The lines of a chunk: each with the first procedure of its session, and the number of that session."""

    billed: list[Billed]
    first: list[int]
    session: list[int]


def claims(chunk: Chunk) -> Iterator[dict[str, Content]]:
    """The lines of every session, each session a claim of its own."""
    lines = lines_of(chunk)
    first = np.array(lines.first, np.int64)
    of = chunk.procedures.patient[first]
    numbers, clinician = chunk.patients.number[of], chunk.patients.clinician[of]
    diagnoses = pa.array([assumptions().claims.diagnoses[one.region] for one in strata()])
    columns = [
        pa.array(numbers),
        pa.array([f"{number}-{session}" for number, session in zip(numbers.tolist(), lines.session, strict=True)]),
        pa.array(days_of(chunk.today, chunk.procedures.day[first])),
        *(pa.array(column) for column in (list(column) for column in zip(*lines.billed, strict=True))),
        diagnoses.take(pa.array(chunk.patients.stratum[of])),
        place_numbers().take(pa.array(chunk.facts["place"].values[first])),
        pa.array([str(one) for one in Contractor]).take(pa.array(chunk.patients.contractor[of])),
        labels("clinician").take(pa.array(clinician)),
        labels("facility").take(pa.array(clinician % assumptions().who.facilities)),
    ]
    columns = [column.cast(field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    yield {"claims": pa.Table.from_arrays(columns, schema=SCHEMA)}


def place_numbers() -> pa.Array:
    """CMS's number of each place, in the order of the places; the first where there are two."""
    numbers = {place: number for number, place in reversed(PLACES.items())}
    return pa.array([numbers[place] for place in Place])


def lines_of(chunk: Chunk) -> Lines:
    """The lines of every session of a chunk, in order."""
    lines = Lines([], [], [])
    place = chunk.facts["place"].values
    rows = list(_rows(chunk))
    for number, (first, last) in enumerate(_sessions(chunk), start=1):
        for line in billed(tuple(rows[first:last]), int(place[first]), chunk.today):
            lines.billed.append(line)
            lines.first.append(first)
            lines.session.append(number)
    return lines


def _rows(chunk: Chunk) -> Iterator[Done]:
    done = chunk.procedures
    words = (chunk.facts[name].values for name in ("guidance", "ablation_mode"))
    columns = (done.kind, done.left, done.right, done.purpose, *words)
    return map(Done._make, zip(*(column.tolist() for column in columns), strict=True))


def _sessions(chunk: Chunk) -> Iterator[tuple[int, int]]:
    """The first procedure of each patient's day, and the one after its last."""
    starts = np.flatnonzero(chunk.procedures.place <= 1).tolist()
    return zip(starts, [*starts[1:], len(chunk.procedures)], strict=True)


@cache
def billed(session: tuple[Done, ...], place: int, today: datetime.date) -> tuple[Billed, ...]:
    """The lines of one session; those that Medicare would refuse are billed too."""
    facet = [_planned(one, today) for one in session if one.kind in _FACET]
    lines = []
    if facet:
        answer = billing_lines(facet, place=list(Place)[place])
        lines = [Billed(one.code, " ".join(one.modifiers), one.units) for one in (*answer.lines, *answer.not_payable)]
    codes = assumptions().claims.codes
    others = [codes[KINDS[one.kind]] for one in session if KINDS[one.kind] in codes]
    return (*lines, *(Billed(code, "", 1) for code in others))


def _planned(done: Done, today: datetime.date) -> Planned:
    kind = KINDS[done.kind]
    ablation = kind is Kind.RADIOFREQUENCY_ABLATION
    return Planned(
        kind=kind,
        date=today,
        sites=SiteSet(done.left, done.right),
        purpose=PURPOSES[done.purpose],
        guidance=Guidance(FACTS["guidance"].values[done.guidance]),
        ablation_mode=AblationMode(FACTS["ablation_mode"].values[done.mode]) if ablation else None,
    )
