"""How a statement takes measures: `rules.measures`, as a table of rows and a table of values for each.

Measures over the same procedures share their rows. Every request has a row in the table of a count; in that of
another measure only where the value is known at least within bounds.
"""

from collections.abc import Sequence

from facetwise.audit.sql.expressions import Spelling
from facetwise.audit.sql.layout import Call, Case, Column, Joined, Piece, Table, joined, select, within
from facetwise.audit.sql.names import NEVER, Bounds, Names, Needs, number, word
from facetwise.records import FieldType
from facetwise.rules import Measure, Policy
from facetwise.rules.expressions import Expression, names_in

Share = tuple[str, Expression | None]
"""What measures over the same procedures have in common: the relation and the condition."""


def measure_tables(policy: Policy, needs: Needs) -> list[Table]:
    """The tables of all measures, each after those that it uses."""
    taking = _Taking(policy, needs)
    return [table for measure in needs.measures for table in taking.tables(measure)]


class _Taking:
    def __init__(self, policy: Policy, needs: Needs) -> None:
        self.names = Names(policy)
        self.needs = needs
        self.rows: dict[Share, str] = {}
        self.ends: dict[tuple[Share, str], str] = {}

    def tables(self, measure: Measure) -> list[Table]:
        share, tables = _share(measure), []
        if share not in self.rows:
            self.rows[share] = f"{measure.name}_rows"
            tables.append(self._rows(measure, self._sharing(share)))
        source = self.rows[share]
        if measure.kind in ("latest", "earliest"):
            if (share, measure.kind) not in self.ends:
                self.ends[share, measure.kind] = f"{measure.name}_ends"
                tables.append(_ends(measure, source, self.ends[share, measure.kind]))
            source = self.ends[share, measure.kind]
        return [*tables, self._value(measure, source)]

    def _sharing(self, share: Share) -> list[Measure]:
        return [measure for measure in self.needs.measures if _share(measure) == share]

    def _rows(self, measure: Measure, sharing: Sequence[Measure]) -> Table:
        """The procedures that belong to a measure or may; `belongs` is NULL for those that may."""
        where = measure.where
        belongs: Piece = "TRUE" if where is None else Spelling(self.names, in_measure=True).truth(where)
        columns = [Column("p.patient, p.event, p.date, p.sequence")]
        columns += [Column(", ".join(self._fields(sharing)))] if self._fields(sharing) else []
        columns.append(Column(belongs, "belongs"))
        source = [f"FROM {measure.over} AS p"]
        asked = [] if where is None else [name for name in names_in(where) if not name.of_row]
        below = dict.fromkeys(name.name for name in asked if name.name in self.names.policy.measures)
        if len(below) < len({name.name for name in asked}):
            source += joined("request", "r", "p", "JOIN")
        for n, name in enumerate(below, 1):
            source += joined(name, f"m{n}", "p")
        inner = select(columns, source, indent=4)
        of = ", ".join(one.name for one in sharing)
        says = f"The procedures behind {of}. Where belongs is NULL, it is not documented."
        lines = select([Column("m.*")], within(inner, "m"), where="m.belongs OR m.belongs IS NULL")
        return Table(self.rows[_share(measure)], says, lines)

    def _fields(self, sharing: Sequence[Measure]) -> list[str]:
        """The columns that hold what the measures are of."""
        columns: dict[str, None] = {}
        for measure in sharing:
            if measure.of is not None:
                numeric = measure.field.type is FieldType.NUMBER
                names = self.names.bounds(measure.of, True) if numeric else (self.names.value(measure.of, True),)
                columns |= dict.fromkeys(names)
        return list(columns)

    def _value(self, measure: Measure, source: str) -> Table:
        name, prior = measure.name, measure.over == "prior"
        columns = [Column("r.patient, r.event")]
        lines = ["FROM event AS r", *joined(source, "p", "r")]
        if measure.kind in ("count", "count_days"):
            low, high = _counts(measure)
            high = f"CASE WHEN r.history_known THEN {high} ELSE {NEVER} END" if prior else high
            columns += [Column(low, f"{name}_low"), Column(high, f"{name}_high")]
            return Table(name, measure.says, select(columns, lines, group_by="r.patient, r.event, r.history_known"))
        having: Piece | None = None
        assert measure.of is not None
        if measure.field.type is not FieldType.NUMBER:
            value = self.names.value(measure.of, True)
            columns.append(Column(_agreed(measure, value), name))
        else:
            bounds = self.names.bounds(measure.of, True)
            of_order = measure.kind in ("latest", "earliest")
            spelled = _hull(measure, bounds) if of_order else _extreme(measure, bounds)
            columns += [Column(spelled[0], f"{name}_low"), Column(spelled[1], f"{name}_high")]
            having = f"COUNT(p.event) = COUNT({bounds.low})" if of_order and bounds.exact else None
        where = "r.history_known" if prior else None
        select_lines = select(columns, lines, where=where, group_by="r.patient, r.event", having=having)
        return Table(name, measure.says, select_lines)


def _share(measure: Measure) -> Share:
    return measure.over, measure.where


def _ends(measure: Measure, rows: str, name: str) -> Table:
    """The rows that may be the last (or first): those that no row comes after that surely belongs."""
    last = measure.kind == "latest"
    aggregate, order, end = ("MAX", ">=", "last") if last else ("MIN", "<=", "first")
    columns = [
        Column("x.*"),
        Column(
            f"{aggregate}(CASE WHEN x.belongs THEN x.date END) OVER (PARTITION BY x.patient, x.event)", f"{end}_date"
        ),
        Column(
            f"{aggregate}(CASE WHEN x.belongs THEN x.sequence END) OVER (PARTITION BY x.patient, x.event, x.date)",
            f"{end}_sequence",
        ),
    ]
    inner = select(columns, [f"FROM {rows} AS x"], indent=4)
    where = Joined(
        "AND",
        (
            Joined("OR", (f"m.{end}_date IS NULL", f"m.date {order} m.{end}_date")),
            Joined("OR", ("m.sequence IS NULL", f"m.{end}_sequence IS NULL", f"m.sequence {order} m.{end}_sequence")),
        ),
    )
    says = f"Those of them that may be the {end}. Without a sequence, the procedures of one day have no order."
    return Table(name, says, select([Column("m.*")], within(inner, "m"), where=where))


def _counts(measure: Measure) -> tuple[str, str]:
    if measure.kind == "count_days":
        return "COUNT(DISTINCT CASE WHEN p.belongs THEN p.date END)", "COUNT(DISTINCT p.date)"
    return "COUNT(CASE WHEN p.belongs THEN 1 END)", "COUNT(p.event)"


def _certain(measure: Measure) -> str:
    """How many of the rows that may be the end surely belong, as far as it matters: none, or some."""
    return "COUNT(p.last_date)" if measure.kind == "latest" else "COUNT(p.first_date)"


def _hull(measure: Measure, bounds: Bounds) -> tuple[Piece, Piece]:
    """The least and greatest value of the rows that may be the end, and of `otherwise` where none surely belongs."""
    low, high, none = f"MIN({bounds.low})", f"MAX({bounds.high})", f"{_certain(measure)} = 0"
    if (otherwise := number(measure.otherwise)) == NEVER:
        return f"COALESCE({low}, {NEVER})", Case(((none, NEVER),), high)
    return (
        Case(((none, f"LEAST(COALESCE({low}, {otherwise}), {otherwise})"),), low),
        Case(((none, f"GREATEST(COALESCE({high}, {otherwise}), {otherwise})"),), high),
    )


def _agreed(measure: Measure, value: str) -> Piece:
    """The one value of all rows that may be the end; NULL where they differ or one is not documented."""
    certain = f"{_certain(measure)} > 0"
    if measure.field.type is FieldType.BOOLEAN:
        is_yes: Piece = f"COUNT(p.event) = COUNT(CASE WHEN {value} THEN 1 END)"
        is_no: Piece = f"COUNT(p.event) = COUNT(CASE WHEN NOT {value} THEN 1 END)"
        if measure.otherwise:
            return Case(((is_yes, "TRUE"), (Joined("AND", (certain, is_no)), "FALSE")))
        return Case(((Joined("AND", (certain, is_yes)), "TRUE"), (is_no, "FALSE")))
    otherwise = word(measure.otherwise)
    told = Joined("OR", (certain, f"MIN({value}) = {otherwise}"))
    same = Joined("AND", (f"COUNT(p.event) = COUNT({value})", f"MIN({value}) = MAX({value})", told))
    return Case((("COUNT(p.event) = 0", otherwise), (same, f"MIN({value})")))


def _extreme(measure: Measure, bounds: Bounds) -> tuple[Piece, Piece]:
    """The greatest or least value, or the sum: certain rows bound it, possible ones stretch it."""
    low, high = f"COALESCE({bounds.low}, -{NEVER})", f"COALESCE({bounds.high}, {NEVER})"
    if measure.kind == "sum":
        return _added(low, "<"), _added(high, ">")
    otherwise, some = number(measure.otherwise), "COUNT(CASE WHEN p.belongs THEN 1 END) > 0"
    least, greatest = (f"{of}(CASE WHEN p.event IS NOT NULL THEN {b} END)" for of, b in (("MIN", low), ("MAX", high)))
    alone = [
        Call(function, (otherwise, f"COALESCE({value}, {otherwise})"))
        for function, value in (("LEAST", least), ("GREATEST", greatest))
    ]
    if measure.kind == "max":
        least = f"MAX(CASE WHEN p.belongs THEN {low} END)"
    else:
        greatest = f"MIN(CASE WHEN p.belongs THEN {high} END)"
    return Case(((some, least),), alone[0]), Case(((some, greatest),), alone[1])


def _added(bound: str, sign: str) -> Piece:
    branches = (("p.event IS NULL", "0"), (f"p.belongs OR {bound} {sign} 0", bound))
    return Call("SUM", (Case(branches, "0"),))
