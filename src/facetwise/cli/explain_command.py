"""`facetwise explain`: what a criterion, step, field or figure means, where it comes from, how it has changed."""

from typing import Annotated

import typer

from facetwise.cli.answering import OutputFormat


def explain(
    name: Annotated[
        str, typer.Argument(help="The id of a criterion, a step, a measure, a field, a policy or a figure.")
    ],
    format_: Annotated[OutputFormat, typer.Option("--format", "-f", help="How to write it.")] = OutputFormat.TEXT,
) -> None:
    """What something means, its source and certainty, its test, and its history.

    Example: facetwise explain two_weeks_between_blocks
    """
    from facetwise.cli.answering import give
    from facetwise.reports.explanations import UnknownName, explanation, explanation_page

    try:
        found = explanation(name)
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None
    give(found, explanation_page(found), format_, None)
