"""The tables that a statement begins with: numbered procedures, requests with their sites, pairs of procedures."""

import textwrap
from collections.abc import Sequence

from facetwise.audit.sql.layout import STEP, WIDTH, Call, Case, Column, Joined, Table, joined, select
from facetwise.audit.sql.names import RELIEF, Needs, word
from facetwise.audit.sql.sites import PAIR_SITES, REQUEST_SITES, session_regions
from facetwise.audit.sql.visits import FOLLOWED, month
from facetwise.records import FACET_KINDS
from facetwise.rules import Policy

READ = ("patient", "date", "sequence", "kind", "left_levels", "right_levels", "unsided_levels", "history_known")
"""The columns of the event table that every statement reads, besides those of facts."""

_SESSION = ("session_levels", "session_regions")


def event_table(needs: Needs) -> Table:
    """Every procedure, numbered within its patient."""
    facts = needs.columns()
    left, right, unsided = (f"COALESCE({side}_levels, 0)" for side in ("left", "right", "unsided"))
    columns = [
        Column("ROW_NUMBER() OVER in_order", "event"),
        Column("patient, date, sequence, kind"),
        Column("COALESCE(FIRST_VALUE(history_known) OVER from_first, FALSE)", "history_known"),
        *(Column(mask, f"{side}_levels") for mask, side in ((left, "left"), (right, "right"), (unsided, "unsided"))),
        Column(f"{left} | {unsided}", "left_at_most"),
        Column(f"{right} | {unsided}", "right_at_most"),
        Column(f"NULLIF({left} | {right} | {unsided}, 0)", "all_levels"),
        Column(month("date"), "month"),
        Column("EXTRACT(DAY FROM date)", "day_of_month"),
    ]
    columns += [Column(", ".join(facts))] if facts else []
    order = textwrap.wrap(event_order(needs), WIDTH - 2 * STEP, initial_indent="    ", subsequent_indent="    ")
    window = "from_first AS (PARTITION BY patient ORDER BY date, sequence NULLS FIRST ROWS UNBOUNDED PRECEDING)"
    source = ["FROM events", "WINDOW", f"  {window},"]
    source += ["  in_order AS (", "    PARTITION BY patient", "    ORDER BY", *(f"  {line}" for line in order), "  )"]
    says = (
        "Every procedure with its place among the patient's. Ties are broken by all that is read, so that a database "
        "that does this twice numbers alike. NAME_at_most counts the joints of an undocumented side as well."
    )
    return Table("event", says, select(columns, source))


def event_order(needs: Needs) -> str:
    """The columns by which a patient's procedures are numbered: those that tie in all of them have equal answers."""
    first = ["sequence NULLS FIRST" if name == "sequence" else name for name in READ[1:]]
    return ", ".join([*first, *needs.columns()])


def request_tables(policy: Policy, needs: Needs) -> list[Table]:
    """Each procedure as a request, with the facts that are computed from its sites and its day."""
    asked = needs.of_request
    columns = [Column("e.*")]
    for name in asked:
        if name == "session_regions":
            columns += session_regions(policy)
        elif name in REQUEST_SITES:
            columns.append(Column(REQUEST_SITES[name](policy), name))
        elif name == "earlier_procedures_known":
            columns.append(Column("CASE WHEN e.history_known THEN TRUE END", name))
    source = ["FROM event AS e"]
    tables = []
    if any(name in _SESSION for name in asked):
        tables = [_day(), _session(policy)]
        source += joined("session", "s", "e", "JOIN")
    return [*tables, Table("request", "Each procedure as a request.", select(columns, source))]


def pair_table(policy: Policy, needs: Needs, over: str) -> Table:
    """Each request with the other procedures of a relation."""
    asked = needs.of_rows[over]
    columns = [Column("r.patient, r.event, p.date, p.sequence"), *_of_pair(policy, asked)]
    same = "p.date = r.date AND p.event <> r.event"
    source = ["FROM event AS r", f"JOIN event AS p ON p.patient = r.patient AND {same}"]
    says = "Each request r with the other procedures p of its day."
    if over == "prior":
        source[1] = "JOIN event AS p ON p.patient = r.patient AND p.date < r.date"
        says = "Each request r with every procedure p of the patient on an earlier day."
    if any(name in FOLLOWED for name in asked):
        source += [
            "LEFT JOIN follow_up AS v ON v.patient = p.patient AND v.event = p.event",
            "  AND v.date <= r.date AND (v.next_date > r.date OR v.next_date IS NULL)",
        ]
    return Table(over, says, select(columns, source))


def _of_pair(policy: Policy, asked: Sequence[str]) -> list[Column]:
    computed = {*_COUNTED, *PAIR_SITES, *FOLLOWED}
    plain = ", ".join(f"p.{name}" for name in asked if name not in computed)
    columns = [Column(plain)] if plain else []
    for name in asked:
        if name in _COUNTED:
            columns.append(Column(_COUNTED[name], name))
        elif name in PAIR_SITES:
            columns.append(Column(PAIR_SITES[name](policy), name))
        elif name in RELIEF:
            so_far = _MONTHS if RELIEF[name][0] == "months" else f"FLOOR({_DAYS} / 7)"
            ended, held = Call("COALESCE", (f"v.{name}_ended", so_far)), f"COALESCE(v.{name}_held, 0)"
            columns += [Column(held, f"{name}_low"), Column(Call("GREATEST", (ended, held)), f"{name}_high")]
        elif name in FOLLOWED:
            columns.append(Column(f"v.{name}"))
    return columns


_DAYS = "DATE_DIFF('day', p.date, r.date)"
_MONTHS = "r.month - p.month - CASE WHEN r.day_of_month < p.day_of_month THEN 1 ELSE 0 END"
_COUNTED = {"days_before": _DAYS, "months_before": _MONTHS}


def _day() -> Table:
    facet = f"kind IN ({', '.join(word(kind) for kind in sorted(FACET_KINDS))})"
    levels = Case(((facet, "COALESCE(all_levels, 0)"),), "0")
    undocumented = Case(((Joined("AND", (facet, "all_levels IS NULL")), "1"),))
    columns = [
        Column("patient, date"),
        Column(Call("BIT_OR", (levels,)), "levels"),
        Column(Call("COUNT", (undocumented,)), "undocumented"),
    ]
    says = "The levels of a day's facet procedures, and how many of them have no documented joint."
    return Table("day", says, select(columns, ["FROM event"], group_by="patient, date"))


def _session(policy: Policy) -> Table:
    own = [f"CASE WHEN (e.all_levels & {mask}) <> 0 THEN {mask} ELSE 0 END" for mask in policy.regions.values()]
    columns = [
        Column("e.patient, e.event"),
        Column("CASE WHEN d.undocumented = 0 THEN e.all_levels | d.levels END", "levels"),
        Column(Joined("|", tuple(own)), "own_regions"),
    ]
    source = ["FROM event AS e", "JOIN day AS d ON d.patient = e.patient AND d.date = e.date"]
    says = "The levels of the request's session with its own, and all levels of the regions that the request touches."
    return Table("session", says, select(columns, source))
