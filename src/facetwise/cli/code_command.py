"""`facetwise code`: the billing lines of procedures, and billed lines against the record."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from facetwise.cli.answering import CONTRACTOR_HELP, PAYER_HELP, STATE_HELP, OutputFormat, give, warn_of_unmapped
from facetwise.cli.files import read_bytes, read_record_file

if TYPE_CHECKING:
    from facetwise.coding import BillingLines, LoadedFile
    from facetwise.documents import Problem
    from facetwise.records import Contractor, Place, Record


def code(
    files: Annotated[
        list[Path],
        typer.Argument(help="A request or record (JSON, FHIR), or a CLAIM.csv; with --load-edits the files of CMS."),
    ],
    record: Annotated[
        Path | None, typer.Option("--record", "-r", help="The record that a CLAIM.csv is checked against.")
    ] = None,
    contractor: Annotated[str | None, typer.Option("--contractor", help=CONTRACTOR_HELP)] = None,
    payer: Annotated[str | None, typer.Option("--payer", help=PAYER_HELP)] = None,
    state: Annotated[str | None, typer.Option("--state", help=STATE_HELP)] = None,
    place: Annotated[
        str | None, typer.Option("--place", help="Where it was done, where the record does not say, such as office.")
    ] = None,
    load_edits: Annotated[
        bool, typer.Option("--load-edits", help="Load quarterly files of CMS: pairs of codes, units a day.")
    ] = False,
    quarter: Annotated[
        str | None, typer.Option("--quarter", help="The quarter of those files, such as 2026Q3, if unnamed.")
    ] = None,
    format_: Annotated[OutputFormat, typer.Option("--format", "-f", help="How to write the answer.")] = (
        OutputFormat.TEXT
    ),
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """The lines that a claim would carry for a procedure, or what is wrong with the lines of a CLAIM.csv.

    Each line and each error names its rule, the rule's source, and how surely it was read.

    Example: facetwise code patient.json --contractor cgs

    Example: facetwise code CLAIM.csv --record patient.json

    Example: facetwise code --load-edits ccipra-v322r0-f3.txt --quarter 2026Q3
    """
    if load_edits:
        _load(files, quarter)
        return
    if len(files) != 1:
        raise typer.BadParameter("Give one file, or several with --load-edits", param_hint="FILES")
    wishes = _wishes(contractor, payer, state, place)
    data = read_bytes(files[0])
    if _is_json(files[0], data):
        if record is not None:
            raise typer.BadParameter("A record is only for a CLAIM.csv", param_hint="--record")
        _give_lines(data, files[0], wishes, format_, out)
    else:
        _give_check(data, files[0], record, wishes, format_, out)


class _Wishes(NamedTuple):
    """What the command line says of who pays and where it was done."""

    contractor: "Contractor | None"
    payer: str | None
    place: "Place | None"


def _wishes(contractor: str | None, payer: str | None, state: str | None, place: str | None) -> _Wishes:
    from facetwise.cli.answering import require_coverage
    from facetwise.documents import did_you_mean
    from facetwise.records import Place
    from facetwise.rules import contractor_for

    coverage = require_coverage(payer, state, contractor)
    places = [str(one) for one in Place]
    if place is not None and place not in places:
        raise typer.BadParameter(f'"{place}" is no place. {did_you_mean(place, places)}', param_hint="--place")
    return _Wishes(contractor_for(coverage)[0], payer, Place(place) if place else None)


def _is_json(file: Path, data: bytes) -> bool:
    return file.suffix.lower() == ".json" or data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def _give_lines(data: bytes, file: Path, wishes: _Wishes, format_: OutputFormat, out: Path | None) -> None:
    from facetwise.documents import DocumentError, read_json_value
    from facetwise.reports.coding_page import billing_page

    unmapped: tuple[Any, ...] = ()
    try:
        value = read_json_value(data)
        if isinstance(value, dict) and "kind" in value and "patient" not in value:
            answer = _lines_of_request(value, wishes)
        else:
            patient, unmapped = _record_of(value)
            answer = _lines_of_record(patient, wishes)
    except DocumentError as error:
        raise error.in_file(str(file)) from None
    give(answer, billing_page(answer), format_, out)
    warn_of_unmapped(unmapped, file)


def _record_of(value: Any) -> tuple["Record", tuple[Any, ...]]:
    from facetwise.records import read_record

    if isinstance(value, dict) and "resourceType" in value:
        from facetwise.fhir import read_bundle

        imported = read_bundle(value)
        return imported.record, imported.unmapped
    return read_record(value), ()


def _lines_of_request(value: dict[str, Any], wishes: _Wishes) -> "BillingLines":
    from facetwise.coding import BillingLines, billing_lines, session_of
    from facetwise.records import Coverage, read_request

    request = read_request(value)
    payer, contractor, notes = _who_pays(Coverage(), wishes)
    answer = billing_lines(
        session_of(request),
        contractor=contractor,
        payer=payer,
        place=wishes.place,
        prior_authorization=request.prior_authorization,
    )
    return BillingLines(patient="", sessions=(answer,), notes=notes)


def _lines_of_record(patient: "Record", wishes: _Wishes) -> "BillingLines":
    from facetwise.coding import BillingLines, billing_lines, sessions_of

    payer, contractor, notes = _who_pays(patient.coverage, wishes)
    sessions = tuple(
        billing_lines(session, contractor=contractor, payer=payer, place=wishes.place)
        for session in sessions_of(patient).values()
    )
    return BillingLines(patient=patient.patient.id, sessions=sessions, notes=notes)


def _who_pays(coverage: Any, wishes: _Wishes) -> tuple[str, "Contractor | None", tuple[str, ...]]:
    """Payer and contractor: the command line's before the record's, and what was taken for granted."""
    from facetwise.rules import contractor_for

    notes = []
    payer = wishes.payer or ("medicare" if wishes.contractor else coverage.payer)
    if payer is None:
        notes.append("Who pays is not documented. The lines are those of Medicare.")
    contractor, said = (wishes.contractor, ()) if wishes.contractor else contractor_for(coverage)
    return payer or "medicare", contractor, (*notes, *said)


def _give_check(
    data: bytes, file: Path, record: Path | None, wishes: _Wishes, format_: OutputFormat, out: Path | None
) -> None:
    from facetwise.coding import check_claims, read_claims, stored_edits
    from facetwise.reports.coding_page import claim_page

    if record is None:
        raise typer.BadParameter("A CLAIM.csv needs the record that it bills: --record RECORD", param_hint="--record")
    lines = read_claims(data, str(file))
    patient, unmapped = read_record_file(record)
    payer, contractor, notes = _who_pays(patient.coverage, wishes)
    answer = check_claims(
        lines,
        patient,
        contractor=contractor,
        payer=payer,
        place=wishes.place,
        edits=stored_edits(),
        notes=notes,
    )
    give(answer, claim_page(answer), format_, out)
    warn_of_unmapped(unmapped, record)


def _load(files: list[Path], quarter: str | None) -> None:
    """Read every file before any is kept."""
    import re

    from facetwise.coding import keep_edits, read_edit_file
    from facetwise.documents import DocumentError

    if quarter is not None and not re.fullmatch(r"20[0-9]{2}Q[1-4]", quarter.upper()):
        raise typer.BadParameter(f'"{quarter}" is no quarter. Write it such as 2026Q3', param_hint="--quarter")
    read: list[LoadedFile] = []
    problems: list[Problem] = []
    for file in files:
        try:
            read.append(read_edit_file(read_bytes(file), str(file), quarter.upper() if quarter else None))
        except DocumentError as error:
            problems += error.problems
    if problems:
        raise DocumentError(problems)
    for one, path in zip(read, keep_edits(read), strict=True):
        kept = len(one.pairs) + len(one.units)
        typer.echo(
            f"{one.file}: {one.quarter}, {one.rows_read:,} {one.kind} read, {kept:,} of facet codes kept in {path}"
        )
