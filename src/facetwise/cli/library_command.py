"""`facetwise library`: how current the policies are."""

from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.answering import OutputFormat, give
from facetwise.cli.files import parse_day

library = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The policies that come with Facetwise: how current they are.",
)


@library.callback()
def _library() -> None:
    pass


@library.command()
def status(
    on: Annotated[str, typer.Option("--on", help="As of this day, YYYY-MM-DD.")] = "today",
    flagged: Annotated[bool, typer.Option("--flagged", help="Only what wants looking after.")] = False,
    format_: Annotated[OutputFormat, typer.Option("--format", "-f", help="How to write it.")] = OutputFormat.TEXT,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """Each policy with its dates, last check and certainty; flags what is past its end or long unchecked.

    Example: facetwise library status --on 2027-12-01 --flagged
    """
    from facetwise.reports.library_page import library_page
    from facetwise.rules import load_library
    from facetwise.rules.staying_current import currency_of

    day = parse_day(on)
    policies = load_library().values()
    answer = [currency_of(policy, day, policies) for policy in policies]
    answer = [one for one in answer if one.flags or not flagged]
    give(answer, library_page(answer, day), format_, out)
