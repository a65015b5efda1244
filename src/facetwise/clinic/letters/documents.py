"""A document made of a record: its page as it is shown, printed and sent."""

import datetime
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

from msgspec.structs import replace

from facetwise.clinic.letters.models import LetterKind, digest_of
from facetwise.clinic.letters.offers import request_about
from facetwise.clinic.letters.verdicts import Told, verdict_told
from facetwise.education import Language
from facetwise.letters import (
    Parties,
    diary_report,
    documentation_checklist,
    letter_page,
    medical_necessity_letter,
    packet_page,
    procedure_addendum,
)
from facetwise.letters.answers import answers
from facetwise.letters.html import html
from facetwise.letters.page import Page
from facetwise.letters.patient_summary import patient_summary
from facetwise.letters.pdf import Pdf, pdf
from facetwise.letters.shown_with import billing_of_letter, chances_of_letter
from facetwise.letters.wording import counted
from facetwise.pathway import KnownOfRequests, with_known
from facetwise.records import Record
from facetwise.rules import Policy, policies_for


class Wanted(NamedTuple):
    """What somebody wants made: which kind, about what, for which payer, in which language, by and about whom.

    `payer` is empty for the patient's own. `details` are facts of the request that only whoever writes knows, `date`
    the day of a service that is yet to be done. `chances` asks to say how likely it is.
    """

    kind: LetterKind
    subject: str
    payer: str
    language: str
    parties: Parties
    details: dict[str, Any]
    date: datetime.date | None = None
    chances: bool = False


class Beside(NamedTuple):
    """What a clinic has beside a record: its own policies, and what is known of requests."""

    policies: Sequence[Policy]
    known: KnownOfRequests


NOTHING_BESIDE = Beside((), {})


class Document:
    """A document with its page. The PDF is made when it is asked for."""

    def __init__(
        self,
        kind: LetterKind,
        page: Page,
        as_of: datetime.date,
        notes: tuple[str, ...] = (),
        verdicts: tuple[Told, ...] = (),
    ) -> None:
        self.kind, self.page, self.as_of, self.notes, self.verdicts = kind, page, as_of, notes, verdicts
        self.html = html(page)
        self.digest = digest_of(self.html.encode())
        self.seen = digest_of("\n".join([self.html, *map(repr, verdicts)]).encode())  # with what stands beside it

    @property
    def preview(self) -> str:
        """The page for a frame, in which a link to a place of its own would lead to the page around it."""
        return re.sub(r' href="#[^"]*"', "", self.html)

    @property
    def doubts(self) -> str:
        """What somebody must have seen before it is sent: places left open, policies that refuse. Empty for nothing."""
        refusing = sum(one.refuses for one in self.verdicts)
        told = [counted(self.page.open_places, "open place", "open places")] if self.page.open_places else []
        if refusing:
            told.append(f"{counted(refusing, 'policy', 'policies')} not met")
        return " and ".join(told)

    @cached_property
    def pdf(self) -> Pdf:
        """The page as a PDF."""
        return pdf(self.page)


def make_document(record: Record, wanted: Wanted, today: datetime.date, beside: Beside = NOTHING_BESIDE) -> Document:
    """The document that is wanted, of the record as it stands today.

    One of the clinic's own policies that is a payer's is asked in what goes to the payer; what the clinic asks of
    itself is no payer's business, and stands beside the document alone.

    Raises `DocumentError` for details that cannot be, and for a procedure that is not in the record.
    """
    kind, parties = wanted.kind, wanted.parties
    if kind is LetterKind.SUMMARY:
        return Document(kind, patient_summary(record, Language(wanted.language), today, parties), today)
    if kind is LetterKind.DIARY_REPORT:
        return Document(kind, diary_report(record, wanted.subject, today, parties), today)
    if kind is LetterKind.ADDENDUM:
        return Document(kind, procedure_addendum(record, wanted.subject, today, parties), today)
    return _for_a_payer(record, wanted, today, beside)


def _for_a_payer(record: Record, wanted: Wanted, today: datetime.date, beside: Beside) -> Document:
    """A letter or a packet. One for a procedure that was done looks at the record of that day."""
    if wanted.payer:
        record = replace(record, coverage=replace(record.coverage, payer=wanted.payer))
    request = request_about(record, wanted.subject, today, beside.known)
    if wanted.date is not None:
        request = replace(request, date=wanted.date)
    request = with_known(request, wanted.details)
    as_of, choice = min(request.date, today), policies_for(record.coverage, request.date, beside.policies)
    policies = [one for one in choice.policies if one.kind == "payer"]
    letter = medical_necessity_letter(
        record,
        request,
        policies,
        as_of,
        likelihoods=chances_of_letter(record, request, as_of) if wanted.chances else (),
        billing=billing_of_letter(record, request),
        parties=wanted.parties,
    )
    own = [one for one in choice.policies if one.kind == "local"]
    asked = (*letter.assessments, *answers(record, request, own, as_of).proposal.assessments)
    verdicts = tuple(verdict_told(one) for one in asked)
    if wanted.kind is LetterKind.LETTER:
        return Document(wanted.kind, letter_page(letter, wanted.parties), as_of, choice.because, verdicts)
    checklist = documentation_checklist(record, request, policies, as_of)
    page = packet_page(record, letter, checklist, wanted.parties)
    return Document(wanted.kind, page, as_of, choice.because, verdicts)
