"""Which documents can be made of a record now, about what, and what is in the way of the others."""

import datetime
from collections.abc import Iterator
from typing import NamedTuple

from facetwise.clinic.letters.models import LetterKind
from facetwise.letters.diary_report import has_diary
from facetwise.letters.places import Done, Stood
from facetwise.letters.wording import capital, request_title
from facetwise.pathway import KnownOfRequests, NextStep, next_step
from facetwise.records import FACET_KINDS, Planned, Record, Request

NEXT = "next"
"""The subject of a letter for what the next step proposes; every other one is a procedure's name."""


class Offer(NamedTuple):
    """A kind of document: what it is for, about what it can be, and why not where there is nothing."""

    kind: LetterKind
    does: str
    subjects: tuple[tuple[str, str], ...]
    why_not: str = ""

    @property
    def default(self) -> str:
        """The subject, unless somebody chooses another."""
        return self.subjects[0][0] if self.subjects else ""


_DOES = {
    LetterKind.LETTER: "Asks a payer for a procedure, each sentence tied to the record.",
    LetterKind.PACKET: "The letter, the checklist, every pain diary and the procedures so far, in one document.",
    LetterKind.DIARY_REPORT: "How one block worked: the chart, the entries, and the judgement with its reason.",
    LetterKind.ADDENDUM: "What was recorded of one procedure, for the chart.",
    LetterKind.SUMMARY: "In plain words: the next step, what was done, what to expect. English or Spanish.",
}


def offers(record: Record, as_of: datetime.date) -> tuple[Offer, ...]:
    """Every kind of document, with what it can be about."""
    answer, done = next_step(record, as_of, []), Stood(record, as_of).procedures[::-1]
    requests = tuple(_requests(answer, done))
    diaries = tuple((one.name, capital(one.title)) for one in done if has_diary(one))
    return (
        Offer(LetterKind.LETTER, _DOES[LetterKind.LETTER], requests, _why_no_request(answer)),
        Offer(LetterKind.PACKET, _DOES[LetterKind.PACKET], requests, _why_no_request(answer)),
        Offer(LetterKind.DIARY_REPORT, _DOES[LetterKind.DIARY_REPORT], diaries, _WHY_NO_DIARY),
        Offer(
            LetterKind.ADDENDUM,
            _DOES[LetterKind.ADDENDUM],
            tuple((one.name, capital(one.title)) for one in done),
            "No procedure is in the record. Record one first.",
        ),
        Offer(LetterKind.SUMMARY, _DOES[LetterKind.SUMMARY], (("", "This patient"),)),
    )


_WHY_NO_DIARY = "No diary or stated relief is in the record. Send a diary link after a block, or record the relief."


def _requests(answer: NextStep, done: list[Done]) -> Iterator[tuple[str, str]]:
    """What the next step proposes, then what was done; one that was done needs a name to be told from the others."""
    if answer.proposal is not None:
        yield NEXT, f"The next step: {request_title(answer.proposal.request)}"
    for one in done:
        if one.placed.part.kind in FACET_KINDS and one.placed.part.id:
            yield one.name, f"Already done: {one.title}"


def _why_no_request(answer: NextStep) -> str:
    if answer.red_flags_present:
        return "A serious cause is documented: it comes before any facet procedure, so there is nothing to ask for."
    asked = f" It waits for: {answer.missing[0].question}" if answer.missing else ""
    return f'The next step is "{answer.step.title}", which proposes no procedure to ask for.{asked}'


def request_about(record: Record, subject: str, as_of: datetime.date, known: KnownOfRequests | None = None) -> Request:
    """The request of a subject: what the next step proposes, with what is known of it, or a procedure that was done.

    Raises `DocumentError` for a procedure that is not in the record, and `ValueError` where nothing is proposed.
    """
    if subject == NEXT:
        proposal = next_step(record, as_of, [], known=known).proposal
        if proposal is None:
            raise ValueError("the next step proposes no procedure")
        return proposal.request
    done = Stood(record, as_of).done(subject).placed.part
    same = {field: getattr(done, field) for field in Planned.__struct_fields__}
    return Request(**same, replaces=done.id)
