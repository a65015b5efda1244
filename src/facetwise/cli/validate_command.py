"""`facetwise validate`: every problem in records, requests, policies, cases and evidence, with its place."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.files import read_bytes, read_record_file

if TYPE_CHECKING:
    from facetwise.documents import Problem


def validate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Records (JSON, FHIR), requests (JSON), policies, cases, evidence and assumptions (YAML). "
            "Default: what comes with Facetwise."
        ),
    ] = None,
) -> None:
    """Check files and print every problem with its place and remedy. Exits 1 if there is any.

    Of a policy it also finds criteria that can never be met, and dates that collide with another policy of the same
    payer. Of cases it says what they leave untried.

    Example: facetwise validate patient.json my-clinic.yaml
    """
    problems: list[Problem] = []
    for file in files or ():
        found, kind = _validate(file)
        problems += found
        typer.echo(f"{file}: {kind}, {len(found)} problem{'' if len(found) == 1 else 's'}")
    problems += _validate_together(files or [])
    for problem in problems:
        typer.echo(f"error: {problem}", err=True)
    if problems:
        raise typer.Exit(1)


def _validate_together(files: list[Path]) -> list["Problem"]:
    """What no file has wrong by itself: dates that collide. Without any file, everything that comes with Facetwise."""
    from facetwise.rules.validating import colliding_dates, library_problems

    if files:
        return colliding_dates([file for file in files if file.suffix in (".yaml", ".yml")])
    problems, summary = library_problems()
    typer.echo(summary)
    return problems + _what_chances_rest_on()


def _what_chances_rest_on() -> list["Problem"]:
    """What is wrong with the evidence and the assumptions that come with Facetwise."""
    from facetwise.documents import DocumentError
    from facetwise.evidence import load_figures
    from facetwise.probability.reading import assumptions

    for name, read in (("evidence", load_figures), ("assumptions", assumptions)):
        try:
            read()
        except DocumentError as error:
            typer.echo(f"{name}: {len(error.problems)} problems")
            return list(error.problems)  # damaged evidence is damaged assumptions too
        typer.echo(f"{name}: 0 problems")
    return []


def _validate(file: Path) -> tuple[list["Problem"], str]:
    from facetwise.documents import DocumentError

    yaml = file.suffix in (".yaml", ".yml")
    try:
        return [], _read_yaml(file) if yaml else _read_json(file)
    except DocumentError as error:
        return list(error.problems), "YAML" if yaml else "JSON"


def _read_yaml(file: Path) -> str:
    from facetwise.documents import DocumentError, Problem, read_yaml
    from facetwise.evidence import read_evidence
    from facetwise.probability.reading import read_assumptions
    from facetwise.rules.validating import require_sound_contractors, require_sound_policy

    try:
        text = read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as UTF-8", str(file))]) from None
    yaml = read_yaml(text, str(file))
    keys = yaml.value if isinstance(yaml.value, dict) else {}
    if "figures" in keys:
        read_evidence(text, str(file))
        return "evidence"
    if "cases" in keys:
        return _run_cases(text, file)
    if {"draws", "settings", "ablation_gaps"} & set(keys):
        read_assumptions(text, str(file))
        return "assumptions"
    if "determinations" in keys:
        require_sound_contractors(yaml)
        return "contractors"
    require_sound_policy(yaml)
    return "policy"


def _run_cases(text: str, file: Path) -> str:
    """Run cases against their policy, one beside or above them or else the library's, and say what they leave out."""
    from facetwise.rules.validating import run_cases

    outcome = run_cases(text, file)
    for gap in outcome.untried:
        typer.echo(f"note: {file}: {gap}", err=True)
    return f"{outcome.cases} case{'' if outcome.cases == 1 else 's'} of {outcome.policy}, all as expected"


def _read_json(file: Path) -> str:
    from facetwise.documents import DocumentError, read_json_value
    from facetwise.records import read_request

    data = read_bytes(file)
    try:
        value = read_json_value(data)
    except DocumentError as error:
        raise error.in_file(str(file)) from None
    if isinstance(value, dict) and "patient" not in value and "kind" in value:
        try:
            read_request(value)
        except DocumentError as error:
            raise error.in_file(str(file)) from None
        return "request"
    _, unmapped = read_record_file(file)
    return f"record ({len(unmapped)} parts not mapped)" if unmapped else "record"
