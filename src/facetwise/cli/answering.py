"""How `next` and `check` give their answer, in the format that was asked for."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from facetwise.cli.files import read_bytes, write_text

if TYPE_CHECKING:
    from facetwise.fhir import Unmapped
    from facetwise.records import Coverage, Record
    from facetwise.reports.page import Page
    from facetwise.rules import Policy


PAYER_HELP = "Who pays, such as medicare or aetna. Default: what the record says."
STATE_HELP = "The state of the procedure, such as OH: Medicare's contractor follows from it."
CONTRACTOR_HELP = "Medicare's contractor, such as cgs."


class OutputFormat(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    MARKDOWN = "markdown"


def give(answer: object, page: "Page", format_: OutputFormat, out: Path | None) -> None:
    """Write an answer: JSON from the answer itself, everything else from its page."""
    match format_:
        case OutputFormat.JSON:
            from facetwise.records import write_json

            write_text(write_json(answer).decode(), out)
        case OutputFormat.HTML:
            from facetwise.reports.html import html

            write_text(html(page), out)
        case OutputFormat.MARKDOWN:
            from facetwise.reports.markdown import markdown

            write_text(markdown(page), out)
        case OutputFormat.TEXT:
            _give_text(page, out)


def _give_text(page: "Page", out: Path | None) -> None:
    from facetwise.reports.text import PLAIN_WIDTH, print_page

    if out is None:
        print_page(page)
        return
    from io import StringIO

    from rich.console import Console

    buffer = StringIO()
    print_page(page, Console(file=buffer, width=PLAIN_WIDTH, highlight=False))
    write_text(buffer.getvalue(), out)


def warn_of_unmapped(unmapped: tuple["Unmapped", ...], file: Path) -> None:
    """Say on standard error what of a Bundle is not in the record: nothing is dropped silently."""
    if not unmapped:
        return
    parts = "part is" if len(unmapped) == 1 else "parts are"
    typer.echo(f"{file}: {len(unmapped)} {parts} not in the record:", err=True)
    for one in unmapped:
        typer.echo(f"  {one.where}: {one.what}. {one.why}", err=True)


def as_covered(record: "Record", payer: str | None, state: str | None, contractor: str | None) -> "Record":
    """The record with what the command line says of who pays; a state or contractor given replaces the record's."""
    from msgspec.structs import replace

    from facetwise.records import Coverage
    from facetwise.rules import REFERENCE_PAYER

    if payer is None and state is None and contractor is None:
        return record
    wanted, said = require_coverage(payer, state, contractor), record.coverage
    payer = payer or (REFERENCE_PAYER if contractor else said.payer)  # a state says nothing of who pays
    if state is None and contractor is None:
        wanted = Coverage(state=said.state, contractor=said.contractor)
    return replace(record, coverage=replace(wanted, payer=payer))


def require_coverage(payer: str | None, state: str | None, contractor: str | None) -> "Coverage":
    """Who pays, as the command line says it.

    Raises a usage error for a payer, state or contractor there is not, and for a contractor of another payer's.
    """
    from facetwise.documents import did_you_mean
    from facetwise.records import Contractor, Coverage
    from facetwise.rules import REFERENCE_PAYER, load_library

    known = sorted({policy.payer for policy in load_library().values() if policy.payer})
    if payer is not None and payer not in known:
        raise typer.BadParameter(f'"{payer}" is no payer. {did_you_mean(payer, known)}', param_hint="--payer")
    if state is not None and not (len(state) == 2 and state.isalpha()):
        raise typer.BadParameter(f'"{state}" is no state. Write its two letters, such as OH', param_hint="--state")
    contractors = [str(one) for one in Contractor]
    if contractor is not None and contractor not in contractors:
        remedy = did_you_mean(contractor, contractors)
        raise typer.BadParameter(f'"{contractor}" is no contractor. {remedy}', param_hint="--contractor")
    if contractor is not None and payer not in (None, REFERENCE_PAYER):
        what = f"{contractor} is a contractor of {REFERENCE_PAYER}, not of {payer}. Leave one of the two out"
        raise typer.BadParameter(what, param_hint="--contractor")
    return Coverage(
        payer=payer,
        contractor=Contractor(contractor) if contractor else None,
        state=state.upper() if state else None,
    )


def require_alone(names: list[str], options: dict[str, str | None]) -> None:
    """Raises a usage error when policies are named and options would choose others."""
    for option, value in options.items():
        if value is not None:
            what = f"{' and '.join(names)} is named already. Name policies, or choose them with {option}"
            raise typer.BadParameter(what, param_hint=option)


def chosen_policies(names: list[str], hint: str = "--policy") -> list["Policy"]:
    """Policies by id, or from YAML files. `hint` is the parameter that names them.

    Raises a usage error for an unknown id, `DocumentError` for a bad file.
    """
    from facetwise.rules import UnknownPolicy, policy_named, read_policy_file

    chosen = []
    for name in names:
        path = Path(name)
        if path.suffix in (".yaml", ".yml"):
            read_bytes(path)  # a file that cannot be read is told as such
            chosen.append(read_policy_file(path))
            continue
        try:
            chosen.append(policy_named(name))
        except UnknownPolicy as error:
            raise typer.BadParameter(str(error), param_hint=hint) from None
    return chosen
