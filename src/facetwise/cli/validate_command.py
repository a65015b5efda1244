"""`facetwise validate`: every problem in records, requests, policies and evidence, with its place."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetwise.cli.files import read_bytes, read_record_file

if TYPE_CHECKING:
    from facetwise.documents import Problem


def validate(
    files: Annotated[
        list[Path], typer.Argument(help="Records (JSON, FHIR), requests (JSON), policies and evidence (YAML).")
    ],
) -> None:
    """Check files and print every problem with its place and remedy. Exits 1 if there is any.

    Example: facetwise validate patient.json my-clinic.yaml
    """
    problems: list[Problem] = []
    for file in files:
        found, kind = _validate(file)
        problems += found
        typer.echo(f"{file}: {kind}, {len(found)} problem{'' if len(found) == 1 else 's'}")
    for problem in problems:
        typer.echo(f"error: {problem}", err=True)
    if problems:
        raise typer.Exit(1)


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
    from facetwise.rules import read_policy_file

    try:
        text = read_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DocumentError([Problem("", "The file is not UTF-8 text", "Save it as UTF-8", str(file))]) from None
    value = read_yaml(text, str(file)).value
    if isinstance(value, dict) and "figures" in value:
        read_evidence(text, str(file))
        return "evidence"
    if isinstance(value, dict) and "cases" in value:
        return _run_cases(text, file)
    read_policy_file(file)
    return "policy"


def _run_cases(text: str, file: Path) -> str:
    """Run cases against their policy: one beside or above them, else the library's."""
    from facetwise.documents import DocumentError, Problem
    from facetwise.rules import policy_named, read_policy_file
    from facetwise.rules.cases import read_cases, run_case

    name, cases = read_cases(text, str(file))
    near = [folder / f"{name}.yaml" for folder in (file.parent, file.parent.parent)]
    own = next((path for path in near if path.exists() and path.resolve() != file.resolve()), None)
    try:
        policy = read_policy_file(own) if own else policy_named(name)
    except KeyError as error:
        raise DocumentError([Problem("policy", str(error), f"Or put {name}.yaml beside it", str(file))]) from None
    wrong = [mismatch for case in cases for mismatch in run_case(case, policy)]
    if wrong:
        remedy = "Correct the case or the policy"
        raise DocumentError(Problem("", str(mismatch), remedy, str(file)) for mismatch in wrong)
    return f"{len(cases)} cases of {name}, all as expected"


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
