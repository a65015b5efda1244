"""Measures from their documents: kind, rows, field, and the value for a patient without such a procedure."""

from facetwise.documents import did_you_mean
from facetwise.documents.typing import Path
from facetwise.records import PRIOR_FIELDS, Field, FieldType
from facetwise.rules.documents import MeasureDocument
from facetwise.rules.expressions import Name, Value
from facetwise.rules.leaves import Leaves, Place
from facetwise.rules.policy import Measure

KINDS_OF_MEASURE = ("count", "count_days", "latest", "earliest", "max", "min", "sum")


def compile_measure(name: str, document: MeasureDocument, leaves: Leaves) -> Measure:
    """One measure, which from now on is a fact that leaves may use. Problems are added to `leaves`."""
    path: Path = ("measures", name)
    kinds = [kind for kind in KINDS_OF_MEASURE if getattr(document, kind) is not None]
    kind = kinds[0] if kinds else "count"
    counts = kind in ("count", "count_days")
    if len(kinds) != 1:
        leaves.add(path, f"The measure {name} needs exactly one kind", "Give one of " + ", ".join(KINDS_OF_MEASURE))
    if name in leaves.facts or name in leaves.constants:
        leaves.add(path, f'"{name}" is already a field, a measure or a convention', "Give the measure another name")
    of = None if counts or not kinds else _measured_field(path, kind, getattr(document, kind), leaves)
    field = _measure_field(name, document, kind, of)
    where = leaves.row_leaf(document.where, Place((*path, "where"), name)) if document.where else None
    measure = Measure(
        name=name,
        says=document.says,
        kind=kind,
        over=getattr(document, kind) if counts and kinds else document.over,
        of=Name(of.name, of_row=True) if of else None,
        where=where,
        otherwise=_otherwise(path, document, kind, field, leaves),
        field=field,
    )
    leaves.facts[name] = field  # the measures below may use it; itself and those above cannot, so no cycle exists
    return measure


def _measured_field(path: Path, kind: str, name: str, leaves: Leaves) -> Field | None:
    field = PRIOR_FIELDS.get(name)
    if field is None:
        leaves.add((*path, kind), f'A procedure has no field "{name}"', did_you_mean(name, list(PRIOR_FIELDS)))
    elif kind in ("max", "min", "sum") and field.type is not FieldType.NUMBER:
        leaves.add((*path, kind), f"{name} is {field.type.value}", f"{kind} needs a number")
    return field


def _measure_field(name: str, document: MeasureDocument, kind: str, of: Field | None) -> Field:
    """A measure seen as a field, so that leaves may use it and findings can show it."""
    says = document.says or name.replace("_", " ")
    if of is None:
        unit = "days" if kind == "count_days" else "procedures"
        return Field(name, FieldType.NUMBER, unit, says, "", "procedures")
    return Field(name, of.type, of.unit, says, of.question, of.path, of.values)


def _otherwise(path: Path, document: MeasureDocument, kind: str, field: Field, leaves: Leaves) -> Value:
    text = document.otherwise
    if kind in ("count", "count_days", "sum"):
        if text is not None:
            leaves.add((*path, "otherwise"), f"{kind} of nothing is 0", "Leave `otherwise` out")
        return 0
    if text is None:
        remedy = "Give `otherwise`: a number, `never` for infinitely long ago, or a word the field may have"
        leaves.add(path, f"The measure {field.name} has no value for a patient without such a procedure", remedy)
        return None
    if field.type is FieldType.NUMBER:
        try:
            return float("inf") if text == "never" else float(text)
        except ValueError:
            leaves.add((*path, "otherwise"), f'"{text}" is no number', "Give a number, or `never`")
    if field.type is FieldType.BOOLEAN:
        return text == "true"
    return text
