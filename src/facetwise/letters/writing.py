"""The letter of medical necessity: a request, the record as it stood, and what each policy says of it."""

import datetime
from collections.abc import Iterable, Iterator, Sequence

from facetwise.letters.answers import answers
from facetwise.letters.complaint import complaint_statements
from facetwise.letters.conditions import exclusion_statements, present_statements
from facetwise.letters.details import addressee, request_details
from facetwise.letters.enclosures import enclosures_of
from facetwise.letters.gaps import gaps_of
from facetwise.letters.given import Billing, Given, billed_lines, chances_of
from facetwise.letters.letter import Letter, Passage, Statement
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.places import Stood
from facetwise.letters.procedures import complication_statements, procedure_passages
from facetwise.letters.reasons import asked_statements, doubt_statements, reason_statements
from facetwise.letters.wording import procedure_words, words
from facetwise.letters.workup import care_statements, examination_statements, imaging_statements
from facetwise.records import Record, Request
from facetwise.rules import Policy


def medical_necessity_letter(
    record: Record,
    request: Request,
    policies: Sequence[Policy],
    as_of: datetime.date,
    *,
    likelihoods: Iterable[Given] = (),
    billing: Billing | None = None,
    parties: Parties = NOBODY,
) -> Letter:
    """A letter for `request` from `record` as it stood on `as_of`, with the answer of each of `policies`.

    Every sentence rests on documented facts. What a policy needs and nobody documented is a gap. `likelihoods` and
    `billing` are shown as they are given, and so is what `parties` says of whom no record names.
    """
    stood = Stood(record, as_of)
    answer = answers(record, request, policies, as_of)
    return Letter(
        title=f"Letter of medical necessity: {procedure_words(request)}",
        patient=record.patient.id,
        as_of=as_of,
        addressee=addressee(stood, parties),
        request=request,
        details=request_details(request),
        passages=tuple(passages_of(stood, request)),
        procedures=tuple(procedure_passages(stood, request)),
        also_know=Passage("What the payer should also know", tuple(also_to_know(stood, request))),
        chances=chances_of(likelihoods),
        billing=billed_lines(billing),
        assessments=answer.proposal.assessments,
        gaps=gaps_of(answer.proposal.assessments, stood),
        enclosures=enclosures_of(stood, request),
        signature=parties.signature(),
        policies=answer.policies,
        software=answer.software,
    )


def passages_of(stood: Stood, request: Request) -> Iterator[Passage]:
    """The letter's prose under its headings; a heading without a statement is left out."""
    sections: tuple[tuple[str, Iterable[Statement]], ...] = (
        ("Request and aim", (*asked_statements(request), *reason_statements(stood, request))),
        ("The pain", complaint_statements(stood, request)),
        ("Conservative care", care_statements(stood)),
        ("Examination and imaging", (*examination_statements(stood), *imaging_statements(stood))),
        ("Other causes and risks that were excluded", exclusion_statements(stood)),
    )
    written = [Passage(title, tuple(statements)) for title, statements in sections]
    yield from (passage for passage in written if passage.statements)


def also_to_know(stood: Stood, request: Request) -> Iterator[Statement]:
    """What speaks against the request or calls for care. A letter must not hide it."""
    yield from present_statements(stood)
    for image in stood.imaging:
        if image.part.other_cause_of_pain:
            shown = f"The {words(image.part.modality)}{f' of {image.day}' if image.day else ''}"
            facts = image.facts("modality", "other_cause_of_pain")
            yield Statement(f"{shown} shows another cause of the pain.", facts)
    for exam in stood.examinations:
        if exam.part.neurological_deficit:
            when = f" of {exam.day}" if exam.day else ""
            yield Statement(f"The examination{when} found a neurological deficit.", exam.facts("neurological_deficit"))
    yield from complication_statements(stood, request)
    yield from doubt_statements(request)
