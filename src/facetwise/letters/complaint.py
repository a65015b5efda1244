"""Statements about the patient and the pain: since when, where, how bad, what it limits."""

import datetime
from collections.abc import Iterator, Sequence

from facetwise.letters.letter import Fact, Statement
from facetwise.letters.places import Placed, Stood, of_request
from facetwise.letters.wording import REGIONS, SCALES, capital, listed, on_day, score, sites_in_words, words
from facetwise.records import Complaint, FunctionScore, PainScore, Patient, Pattern, Request, complete_months


def complaint_statements(stood: Stood, request: Request) -> Iterator[Statement]:
    """Everything that is documented of the patient and the pain."""
    complaint = stood.complaint
    yield from _who(stood.patient)
    yield from _where(complaint)
    yield from _since_when(complaint, request)
    yield from _pattern(complaint)
    yield from _severity(complaint)
    yield from _movements(complaint)
    yield from _scores(stood.pain)
    yield from _limits(complaint)
    yield from _function_scores(complaint, stood.function)


def _who(patient: Placed[Patient]) -> Iterator[Statement]:
    born, sex = patient.part.birth_year, patient.part.sex
    noun = {"female": "a woman", "male": "a man", "other": "a person whose sex is recorded as other"}
    if sex is not None:
        year = f", born in {born}" if born is not None else ""
        yield Statement(f"The patient is {noun[sex]}{year}.", patient.facts("sex", "birth_year"))
    elif born is not None:
        yield Statement(f"The patient was born in {born}.", patient.facts("birth_year"))


def _where(complaint: Placed[Complaint]) -> Iterator[Statement]:
    region, sites = complaint.part.region, complaint.part.sites
    if region is not None:
        yield Statement(f"The pain is in the {REGIONS[region]}.", complaint.facts("region"))
    if sites is not None:
        yield Statement(f"The joints under suspicion are {sites_in_words(sites)}.", complaint.facts("sites"))


def _since_when(complaint: Placed[Complaint], request: Request) -> Iterator[Statement]:
    onset = complaint.part.onset
    if onset is not None:
        facts = (complaint.fact("onset"), of_request(request).fact("date"))
        yield Statement(f"The pain began on {onset}{_ago(onset, request.date)}.", facts)


def _ago(onset: datetime.date, asked: datetime.date) -> str:
    months, days = complete_months(onset, asked), (asked - onset).days
    if months > 1:
        return f", {months} months before the date of the request"
    return f", {days} days before the date of the request" if days > 1 else ""


_PATTERNS = {
    Pattern.AXIAL: "The pain runs along the spine and not down a limb.",
    Pattern.PREDOMINANTLY_AXIAL: "The pain is mainly along the spine.",
    Pattern.PREDOMINANTLY_RADICULAR: "The pain is mainly down a limb.",
    Pattern.RADICULAR: "The pain runs down a limb.",
}


def _pattern(complaint: Placed[Complaint]) -> Iterator[Statement]:
    if complaint.part.pattern is not None:
        yield Statement(_PATTERNS[complaint.part.pattern], complaint.facts("pattern"))


def _severity(complaint: Placed[Complaint]) -> Iterator[Statement]:
    if complaint.part.severity is not None:
        yield Statement(f"The clinician calls the pain {complaint.part.severity}.", complaint.facts("severity"))


def _movements(complaint: Placed[Complaint]) -> Iterator[Statement]:
    moves = complaint.part.aggravated_by
    if moves:
        verb = "makes" if len(moves) == 1 else "make"
        yield Statement(f"{capital(listed(words(move) for move in moves))} {verb} the pain worse.",
                        complaint.facts("aggravated_by"))  # fmt: skip
    elif moves is not None:
        yield Statement("No movement makes the pain worse.", complaint.facts("aggravated_by"))


def _scores(pain: Sequence[Placed[PainScore]]) -> Iterator[Statement]:
    """One sentence for each scale, its scores by date."""
    scored = sorted((one for one in pain if score(one.part)), key=_by_date)
    for scale in dict.fromkeys(one.part.scale for one in scored):
        on_scale = [one for one in scored if one.part.scale is scale]
        told = listed(
            f"{score(one.part)}{'' if index else ' of 10'} {on_day(one.day)}" for index, one in enumerate(on_scale)
        )
        yield Statement(f"On {SCALES[scale]} the pain was {told}.", tuple(_score_facts(on_scale)))


def _score_facts(scored: Sequence[Placed[PainScore]]) -> Iterator[Fact]:
    for one in scored:
        yield from one.facts("score", "low", "high")


def _by_date(one: Placed[PainScore] | Placed[FunctionScore]) -> datetime.date:
    return one.day or datetime.date.min


def _limits(complaint: Placed[Complaint]) -> Iterator[Statement]:
    limits = complaint.part.limits_function
    if limits is not None:
        yield Statement(f"The pain {'limits' if limits else 'does not limit'} function.",
                        complaint.facts("limits_function"))  # fmt: skip


def _function_scores(complaint: Placed[Complaint], function: Sequence[Placed[FunctionScore]]) -> Iterator[Statement]:
    if complaint.part.function == ():
        yield Statement("Function was not measured on any scale.", complaint.facts("function"))
    measured = sorted(function, key=_by_date)
    for scale in dict.fromkeys(one.part.scale for one in measured):
        on_scale = [one for one in measured if one.part.scale is scale]
        told = listed(f"{one.part.score:g} {on_day(one.day)}" for one in on_scale)
        facts = tuple(fact for one in on_scale for fact in one.facts("scale", "score"))
        yield Statement(f"Function measured on {SCALES[scale]} was {told}.", facts)
