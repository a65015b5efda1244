"""`facetwise explain`: what a criterion, step, field or figure means, where it comes from, how it has changed."""

from typing import Annotated

import typer

from facetwise.cli.answering import OutputFormat


def explain(
    name: Annotated[
        str | None,
        typer.Argument(
            help="A criterion, step, measure, convention, field, policy, contractor, determination or figure. "
            "Default: list the fields."
        ),
    ] = None,
    format_: Annotated[OutputFormat, typer.Option("--format", "-f", help="How to write it.")] = OutputFormat.TEXT,
) -> None:
    """What something means, its source and certainty, its test, and its history.

    Example: facetwise explain two_weeks_between_blocks
    """
    from facetwise.cli.answering import give
    from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
    from facetwise.reports.explanations import UnknownName, explanation, explanation_page, fields_page

    if name is None:
        give([*REQUEST_FIELDS.values(), *PRIOR_FIELDS.values()], fields_page(), format_, None)
        return
    try:
        found = explanation(name)
    except UnknownName as error:
        raise typer.BadParameter(str(error), param_hint="NAME") from None
    give(found, explanation_page(found), format_, None)
