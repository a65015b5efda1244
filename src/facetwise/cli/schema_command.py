"""`facetwise schema`: JSON Schema of the documents, for editors and other programs."""

from enum import StrEnum
from typing import Annotated

import typer


class SchemaName(StrEnum):
    """A kind of document with a schema."""

    RECORD = "record"
    REQUEST = "request"
    POLICY = "policy"
    EVIDENCE = "evidence"
    NEXT = "next"
    CHECK = "check"
    LETTER = "letter"
    CHECKLIST = "checklist"


def schema(
    name: Annotated[SchemaName, typer.Argument(help="Which document: input, or the JSON output of a command.")],
) -> None:
    """Print the JSON Schema (2020-12) of a document.

    Example: facetwise schema record > facetwise-record.schema.json
    """
    from facetwise.records import record_schema, write_json

    typer.echo(write_json(record_schema(_type_of(name))).decode(), nl=False)


def _type_of(name: SchemaName) -> type:
    match name:
        case SchemaName.RECORD:
            from facetwise.records import Record

            return Record
        case SchemaName.REQUEST:
            from facetwise.records import Request

            return Request
        case SchemaName.POLICY:
            from facetwise.rules import PolicyDocument

            return PolicyDocument
        case SchemaName.EVIDENCE:
            from facetwise.evidence import EvidenceDocument

            return EvidenceDocument
        case SchemaName.NEXT:
            from facetwise.pathway import NextStep

            return NextStep
        case SchemaName.CHECK:
            from facetwise.pathway import CheckResult

            return CheckResult
        case SchemaName.LETTER:
            from facetwise.letters import Letter

            return Letter
        case SchemaName.CHECKLIST:
            from facetwise.letters import Checklist

            return Checklist
