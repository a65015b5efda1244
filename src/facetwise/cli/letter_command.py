"""`facetwise letter`: what a clinic sends, for one request or about one procedure that was done."""

import datetime
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.answering import (
    CONTRACTOR_HELP,
    PAYER_HELP,
    STATE_HELP,
    as_covered,
    chosen_policies,
    warn_of_unmapped,
)
from facetwise.cli.files import parse_day, read_bytes, read_record_file, write_text, write_whole

if TYPE_CHECKING:
    from facetwise.letters.page import Page
    from facetwise.records import Record, Request
    from facetwise.rules import Policy


class LetterKind(StrEnum):
    """Which document is written."""

    LETTER = "letter"
    CHECKLIST = "checklist"
    PACKET = "packet"
    DIARY_REPORT = "diary-report"
    ADDENDUM = "addendum"

    @property
    def of_a_procedure(self) -> bool:
        """Whether it is about a procedure that was done, and asks no policy."""
        return self in (LetterKind.DIARY_REPORT, LetterKind.ADDENDUM)


class LetterFormat(StrEnum):
    """How it is written."""

    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"


def letter(
    record: Annotated[Path, typer.Argument(help="Facetwise JSON or a FHIR R4 Bundle (JSON); - for standard input.")],
    request: Annotated[
        Path | None, typer.Option("--request", "-r", help="The request, as JSON. Default: what the next step proposes.")
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", "-p", help="A policy's id or YAML file; repeat for more. Default: the payer's."),
    ] = None,
    payer: Annotated[str | None, typer.Option("--payer", help=PAYER_HELP)] = None,
    state: Annotated[str | None, typer.Option("--state", help=STATE_HELP)] = None,
    contractor: Annotated[str | None, typer.Option("--contractor", help=CONTRACTOR_HELP)] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", help="The record as it stood on this day. Default: the request's date, else today."),
    ] = None,
    kind: Annotated[LetterKind, typer.Option("--kind", "-k", help="Which document.")] = LetterKind.LETTER,
    procedure: Annotated[
        str | None,
        typer.Option("--procedure", help="For a diary report or an addendum: the procedure's id. Default: the last."),
    ] = None,
    chances: Annotated[
        bool,
        typer.Option("--chances/--no-chances", help="Say how likely it is; never where a serious cause is documented."),
    ] = True,
    format_: Annotated[LetterFormat, typer.Option("--format", "-f", help="How to write it.")] = LetterFormat.MARKDOWN,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """A letter of medical necessity: each sentence tied to the record, each gap marked as a place to fill in.

    Also the documentation checklist, both with every diary as a packet for prior authorization, the report of one
    block's diary, and the addendum to the note of one procedure.

    Example: facetwise letter patient.json --policy medicare-facet-2024 --format pdf --out letter.pdf
    """
    if format_ is LetterFormat.PDF and out is None and sys.stdout.isatty():
        raise typer.BadParameter("a PDF cannot be shown here. Add --out FILE, or pipe it", param_hint="--format")
    if format_ is LetterFormat.JSON and kind not in (LetterKind.LETTER, LetterKind.CHECKLIST):
        raise typer.BadParameter("JSON is for a letter or a checklist. Choose another format", param_hint="--format")
    day = parse_day(as_of) if as_of else None
    if kind.of_a_procedure:
        _give_of_procedure(record, procedure, kind, day or datetime.date.today(), format_, out)
        return
    chosen = chosen_policies(policy) if policy else None
    patient, unmapped = read_record_file(record)
    patient = as_covered(patient, payer, state, contractor)
    if request is not None:
        wanted = _read_request(request)
        day = day or wanted.date
    else:
        day = day or datetime.date.today()
        wanted = _proposed(patient, day, record)
    policies = chosen if chosen is not None else _of_payer(patient, wanted.date)
    for one in policies:
        if not one.in_force(wanted.date):
            typer.echo(f"note: {one.id} is not in force on {wanted.date}", err=True)
    from facetwise.letters import (
        checklist_page,
        documentation_checklist,
        letter_page,
        medical_necessity_letter,
        packet_page,
    )

    checklist = documentation_checklist(patient, wanted, policies, day)
    if kind is LetterKind.CHECKLIST:
        _give(checklist, checklist_page(checklist), format_, out)
    else:
        from facetwise.letters.shown_with import billing_of_letter, chances_of_letter

        likelihoods = chances_of_letter(patient, wanted, day) if chances else ()
        billing = billing_of_letter(patient, wanted)
        written = medical_necessity_letter(patient, wanted, policies, day, likelihoods=likelihoods, billing=billing)
        page = packet_page(patient, written, checklist) if kind is LetterKind.PACKET else letter_page(written)
        _give(written, page, format_, out)
    warn_of_unmapped(unmapped, record)


def _give_of_procedure(
    file: Path, procedure: str | None, kind: LetterKind, day: datetime.date, format_: LetterFormat, out: Path | None
) -> None:
    """A document about one procedure: the one named, or the last that it can be written of."""
    from facetwise.documents import DocumentError
    from facetwise.letters import diary_report, named_or_last, procedure_addendum

    patient, unmapped = read_record_file(file)
    with_diary = kind is LetterKind.DIARY_REPORT
    try:
        name = named_or_last(patient, procedure, day, with_diary=with_diary)
        page = (diary_report if with_diary else procedure_addendum)(patient, name, day)
    except DocumentError as error:
        raise error.in_file(str(file)) from None
    _give(page, page, format_, out)
    warn_of_unmapped(unmapped, file)


def _of_payer(patient: "Record", day: datetime.date) -> list["Policy"]:
    """The policies of whoever pays: a payer does not ask what guidelines say."""
    from facetwise.rules import policies_for

    choice = policies_for(patient.coverage, day)
    for line in choice.because:
        typer.echo(f"note: {line}", err=True)
    return [policy for policy in choice.policies if policy.kind == "payer"]


def _read_request(path: Path) -> "Request":
    from facetwise.documents import DocumentError
    from facetwise.records import read_request

    try:
        return read_request(read_bytes(path))
    except DocumentError as error:
        raise error.in_file(str(path)) from None


def _proposed(patient: "Record", day: datetime.date, record: Path) -> "Request":
    """What the next step proposes. Raises `DocumentError` when it proposes no procedure."""
    from facetwise.documents import DocumentError, Problem
    from facetwise.letters.wording import request_title
    from facetwise.pathway import next_step

    answer = next_step(patient, day, [])
    if answer.proposal is None:
        what = f'The next step on {day} is "{answer.step.title}", which proposes no procedure to write a letter for'
        raise DocumentError([Problem("", what, "Give the request with --request", str(record))])
    wanted = answer.proposal.request
    typer.echo(
        f'note: no --request; taken from the next step, "{answer.step.title}": {request_title(wanted)}', err=True
    )
    return wanted


def _give(answer: object, page: "Page", format_: LetterFormat, out: Path | None) -> None:
    match format_:
        case LetterFormat.JSON:
            from facetwise.records import write_json

            write_text(write_json(answer).decode(), out)
        case LetterFormat.HTML:
            from facetwise.letters.html import html

            write_text(html(page), out)
        case LetterFormat.MARKDOWN:
            from facetwise.letters.markdown import markdown

            write_text(markdown(page), out)
        case LetterFormat.PDF:
            _give_pdf(page, out)


def _give_pdf(page: "Page", out: Path | None) -> None:
    from facetwise.letters.pdf import pdf

    made = pdf(page)
    if made.not_shown:
        note = f'note: the fonts of the PDF lack letters, such as in "{made.not_shown}". HTML shows them'
        typer.echo(note, err=True)
    if out is None:
        sys.stdout.buffer.write(made.data)
        return
    write_whole(out, made.data)
    typer.echo(f"Written: {out}", err=True)
