"""What follow-up visits had told of a procedure by each of their days: a request finds what was known by its own."""

from collections.abc import Iterable

from facetwise.audit.sql.layout import Call, Case, Column, Joined, Table, select
from facetwise.audit.sql.names import RELIEF, Needs

_OF_VISITS = ("relief_ended", "best_follow_up_relief_percent", "function_improved_percent")

FOLLOWED = frozenset({*RELIEF, *_OF_VISITS})
"""The facts of a procedure that come from its follow-up visits."""


def visit_tables(needs: Needs) -> list[Table]:
    """The tables up to `follow_up`; none where no measure asks about visits."""
    asked = {name for names in needs.of_rows.values() for name in names if name in FOLLOWED}
    if not asked:
        return []
    ended = sorted({RELIEF[name][1] for name in asked if name in RELIEF})
    return [_visit_day(), _visit(asked, ended), _follow_up(asked)]


def month(day: str) -> str:
    """The number of a day's month, counted from year 0."""
    return f"EXTRACT(YEAR FROM {day}) * 12 + EXTRACT(MONTH FROM {day})"


def _visit_day() -> Table:
    columns = [
        Column("e.patient, e.event, e.date AS procedure_date, e.month, e.day_of_month, v.date"),
        Column("MIN(v.relief_percent)", "relief"),
        Column("MAX(v.function_improved_percent)", "function_improved"),
    ]
    source = [
        "FROM event AS e",
        "JOIN visits AS v ON v.patient = e.patient AND v.procedure_date = e.date",
        "  AND COALESCE(v.procedure_sequence, -1) = COALESCE(e.sequence, -1)",
    ]
    says = "The follow-up of each procedure by day: of several visits the least relief and the best function count."
    group_by = "e.patient, e.event, e.date, e.month, e.day_of_month, v.date"
    return Table("visit_day", says, select(columns, source, group_by=group_by))


def _visit(asked: Iterable[str], ended: Iterable[str]) -> Table:
    incomplete = Case((("EXTRACT(DAY FROM date) < day_of_month", "1"),), "0")
    months = Joined("-", (month("date"), "month", incomplete))
    columns = [
        Column("patient, event, date, relief, function_improved"),
        Column("LEAD(date) OVER (PARTITION BY patient, event ORDER BY date)", "next_date"),
    ]
    units = {RELIEF[name][0] for name in asked if name in RELIEF}
    if "months" in units:
        columns.append(Column(months, "months"))
    if "weeks" in units:
        columns.append(Column("FLOOR(DATE_DIFF('day', procedure_date, date) / 7)", "weeks"))
    for limit in ended:
        first = f"MIN(CASE WHEN relief {limit} THEN date END) OVER (PARTITION BY patient, event)"
        columns.append(Column(first, _ended(limit)))
    says = "The same with the next day of visits, the time since the procedure, and the first day without the relief."
    return Table("visit", says, select(columns, ["FROM visit_day"]))


def _follow_up(asked: Iterable[str]) -> Table:
    columns = [Column("patient, event, date, next_date")]
    for name in sorted(asked):
        if name in RELIEF:
            columns += _relief(name)
        elif name == "relief_ended":
            told, failed = _by_now("relief IS NOT NULL", "date"), _by_now("relief < 50", "date")
            last_failed = Joined("=", (failed, told))
            columns.append(Column(Case(((last_failed, "TRUE"), (f"{told} IS NOT NULL", "FALSE"))), name))
        else:
            column = "relief" if name.startswith("best") else "function_improved"
            columns.append(Column(f"MAX({column}) OVER so_far", name))
    window = "WINDOW so_far AS (PARTITION BY patient, event ORDER BY date ROWS UNBOUNDED PRECEDING)"
    says = (
        "What the visits had told by each of their days: _held is how long relief had lasted, _ended when it was over."
    )
    return Table("follow_up", says, select(columns, ["FROM visit", window]))


def _relief(name: str) -> list[Column]:
    unit, limit = RELIEF[name]
    ended = _ended(limit)
    before = Joined("AND", ("relief IS NOT NULL", Joined("OR", (f"{ended} IS NULL", f"date < {ended}"))))
    held = Call("MAX", (Case(((before, unit),)),), " OVER so_far")
    return [Column(held, f"{name}_held"), Column(_by_now(f"date = {ended}", unit), f"{name}_ended")]


def _by_now(condition: str, value: str) -> str:
    return f"MAX(CASE WHEN {condition} THEN {value} END) OVER so_far"


def _ended(limit: str) -> str:
    """The column with the first day of which a relief is too little."""
    return "no_relief_" + limit.replace("<= ", "to_").replace("< ", "below_")
