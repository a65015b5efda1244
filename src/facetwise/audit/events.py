"""The event table: one row for every procedure of every patient, with what was documented on its day.

A row stands for a procedure twice. As a *request* it is asked of each policy, with the facts that were documented by
its day. As a *prior* procedure it is seen from the patient's later ones, with its response. A column that is absent,
and a cell that is null, is *not documented*.
"""

from enum import StrEnum

import msgspec

from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field, FieldType

FORMAT = "facetwise-events/1"


class Shape(StrEnum):
    """How a column is stored in Arrow and Parquet."""

    IDENTIFIER = "int64"
    DAY = "date32"
    COUNT = "int32"
    LEVELS = "int32 of 25 bits"
    NUMBER = "float64"
    YES_NO = "bool"
    WORD = "string"
    LABEL = "string, any"


class Column(msgspec.Struct, frozen=True):
    """One column of the event table. `values` are the words it may hold."""

    name: str
    shape: Shape
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()


KEYS = (
    Column("patient", Shape.IDENTIFIER, "A pseudonym: a number that stands for one patient", required=True),
    Column("date", Shape.DAY, "The day of the procedure", required=True),
    Column("sequence", Shape.COUNT, "Its place among the procedures of that day; null where they have no order"),
    Column("kind", Shape.WORD, REQUEST_FIELDS["kind"].meaning, required=True, values=REQUEST_FIELDS["kind"].values),
    Column("left_levels", Shape.LEVELS, "Joints treated on the left: bit n is the level n counted from C0-1"),
    Column("right_levels", Shape.LEVELS, "The same on the right"),
    Column("unsided_levels", Shape.LEVELS, "The same where nobody documented the side"),
    Column("clinician", Shape.LABEL, "A pseudonym of who did it, for differences between clinicians"),
    Column("facility", Shape.LABEL, "A pseudonym of where it was done, for differences between facilities"),
    Column("history_known", Shape.YES_NO, "Whether all earlier procedures of the patient are in the table"),
)
"""Who, when, what and where. Sites are not documented when all three masks are null."""

VISITS = (
    Column("patient", Shape.IDENTIFIER, "The patient", required=True),
    Column("procedure_date", Shape.DAY, "The day of the procedure that is followed up", required=True),
    Column("procedure_sequence", Shape.COUNT, "Its place within that day, as in the event table"),
    Column("date", Shape.DAY, "The day of the visit", required=True),
    Column("relief_percent", Shape.NUMBER, "Relief against the time before the procedure, in percent"),
    Column("function_improved_percent", Shape.NUMBER, "Improvement of painful movements or activities, in percent"),
)
"""The table of follow-up visits. Of several visits on one day the least relief and the best function count."""

DERIVED_OF_REQUEST = frozenset(
    {
        "levels",
        "cervical_requested",
        "thoracic_requested",
        "lumbar_requested",
        "levels_in_scope",
        "levels_contiguous",
        "bilateral",
        "session_levels",
        "session_regions",
        "earlier_procedures_known",
        "kind",
    }
)
"""Facts of a request that are computed from its sites, its day and its session, and so are no columns."""

DERIVED_OF_PRIOR = frozenset(
    {
        "kind",
        "days_before",
        "months_before",
        "same_region",
        "overlaps_request",
        "covers_request",
        "levels",
        "months_of_50_percent_relief",
        "months_of_over_30_percent_relief",
        "weeks_of_50_percent_relief",
        "weeks_of_over_50_percent_relief",
        "relief_ended",
        "best_follow_up_relief_percent",
        "function_improved_percent",
    }
)
"""Facts of a prior procedure that depend on the request from which it is seen, or on follow-up visits by then."""


def _column(field: Field) -> Column:
    shapes = {FieldType.BOOLEAN: Shape.YES_NO, FieldType.NUMBER: Shape.NUMBER, FieldType.TEXT: Shape.WORD}
    unit = f", in {field.unit}" if field.unit else ""
    return Column(field.name, shapes[field.type], field.meaning + unit, values=field.values)


def _facts() -> dict[str, Column]:
    of_request = [field for name, field in REQUEST_FIELDS.items() if name not in DERIVED_OF_REQUEST]
    of_prior = [field for name, field in PRIOR_FIELDS.items() if name not in DERIVED_OF_PRIOR]
    return {field.name: _column(field) for field in [*of_prior, *of_request]}


FACTS: dict[str, Column] = _facts()
"""What was documented of a procedure and its patient on its day, by name. A fact of both kinds is one column."""

COLUMNS: dict[str, Column] = {column.name: column for column in KEYS} | FACTS
"""Every column of the event table."""
