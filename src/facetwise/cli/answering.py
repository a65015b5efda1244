"""How `next` and `check` give their answer, in the format that was asked for."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from facetwise.cli.files import read_bytes, write_text

if TYPE_CHECKING:
    from facetwise.fhir import Unmapped
    from facetwise.reports.page import Page
    from facetwise.rules import Policy


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


def chosen_policies(names: list[str]) -> list["Policy"]:
    """Policies by id, or from YAML files. Raises a usage error for an unknown id, `DocumentError` for a bad file."""
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
            raise typer.BadParameter(str(error), param_hint="--policy") from None
    return chosen
