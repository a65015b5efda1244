"""`facetwise education`: what a patient reads about the procedures, and the decision aid."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.answering import warn_of_unmapped
from facetwise.cli.files import parse_day, read_bytes, read_record_file, write_text

if TYPE_CHECKING:
    from facetwise.education import Answers, Language, Plan


class PageLanguage(StrEnum):
    """In which language the page is written."""

    ENGLISH = "en"
    SPANISH = "es"


class PageFormat(StrEnum):
    """How the page is written."""

    TEXT = "text"
    HTML = "html"


def education(
    language: Annotated[PageLanguage, typer.Option("--language", "-l", help="English or Spanish.")] = (
        PageLanguage.ENGLISH
    ),
    patient: Annotated[
        Path | None,
        typer.Option("--patient", help="The record whose plan is explained: Facetwise JSON or a FHIR Bundle; -."),
    ] = None,
    example: Annotated[
        str | None, typer.Option("--example", help="An example patient instead; see `facetwise example`.")
    ] = None,
    as_of: Annotated[str, typer.Option("--as-of", help="The record as it stood on this day, YYYY-MM-DD.")] = "today",
    decision_aid: Annotated[
        bool, typer.Option("--decision-aid", help="The decision aid for an injection or a block instead.")
    ] = False,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="What a patient filled into the decision aid, as JSON: the summary of it."),
    ] = None,
    format_: Annotated[PageFormat, typer.Option("--format", "-f", help="How to write it.")] = PageFormat.TEXT,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead.")] = None,
) -> None:
    """Understand your procedure: a page for patients, for anybody or for one patient's plan.

    Example: facetwise education --language es --patient patient.json --format html --out page.html
    """
    from facetwise.education import Language

    if patient is not None and example is not None:
        raise typer.BadParameter("--patient is given already. Leave one of the two out", param_hint="--example")
    tongue = Language(language.value)
    if answers is not None:
        _give_summary(answers, tongue, format_, out)
        return
    plan = _plan(patient, example, as_of)
    from facetwise.education import decision_aid as aid_in
    from facetwise.education import education_page
    from facetwise.education.html import html
    from facetwise.education.text import text

    page = aid_in(tongue, plan) if decision_aid else education_page(tongue, plan)
    write_text(html(page) if format_ is PageFormat.HTML else text(page), out)


def _plan(patient: Path | None, example: str | None, as_of: str) -> "Plan | None":
    """Where the patient is on the pathway; None for nobody in particular."""
    from facetwise.education import plan_of_record

    day = parse_day(as_of)
    if example is not None:
        from facetwise.examples import example_record

        return plan_of_record(example_record(example, day), day)
    if patient is None:
        return None
    record, unmapped = read_record_file(patient)
    warn_of_unmapped(unmapped, patient)
    return plan_of_record(record, day)


def _give_summary(answers: Path, language: "Language", format_: PageFormat, out: Path | None) -> None:
    from facetwise.documents import DocumentError
    from facetwise.education import summary_for_clinician

    if format_ is PageFormat.HTML:
        raise typer.BadParameter("the summary of answers is text. Leave it out", param_hint="--format")
    try:
        summary = summary_for_clinician(_read_answers(answers), language)
    except DocumentError as error:
        raise error.in_file(str(answers)) from None
    write_text("\n".join(summary.lines()) + "\n", out)


def _read_answers(path: Path) -> "Answers":
    from facetwise.documents import read_json
    from facetwise.education import Answers

    return read_json(read_bytes(path), Answers)
