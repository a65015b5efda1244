"""A population on one page: counted by hand, against plain Python, and against whoever adds and subtracts."""

import datetime
import re
from functools import partial
from itertools import pairwise, product

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from facetwise.audit import running
from facetwise.audit.engines import Engine
from facetwise.audit.events import COLUMNS, VISITS, Shape
from facetwise.audit.findings import Manifest, long_form, policy_manifest, read_findings, write_part
from facetwise.audit.kernel.compiled import answers_of, kernel_for
from facetwise.audit.kernel.source import STATUSES
from facetwise.audit.kernel.table import events_in
from facetwise.audit.report import html, population, population_summary, protecting, suppressed, write_report
from facetwise.audit.report.funnel_limits import limits, place
from facetwise.audit.report.journeys import journeys_in
from facetwise.audit.report.protecting import LEAST
from facetwise.audit.report.recoding import Row, merged, pooled
from facetwise.audit.report.relief_curve import marks
from facetwise.audit.report.suppression import Counts, hidden_counts
from facetwise.audit.report.thresholds import variants
from facetwise.audit.sources import open_source
from facetwise.documents import DocumentError
from facetwise.rules import load_library, read_policy
from facetwise.spine import SiteSet

# --- what may be worked out ----------------------------------------------------------------------------------------


def table_of_two_sides(cells, rows, columns):
    """A table with the totals of its rows and columns and of all."""
    counts = Counts()
    names = [[counts.add(("cell", r, c), cells[r * columns + c]) for c in range(columns)] for r in range(rows)]
    row_totals = [counts.total(("row", r), names[r]) for r in range(rows)]
    for c in range(columns):
        counts.total(("column", c), [names[r][c] for r in range(rows)])
    counts.total(("all",), row_totals)
    return counts


def tree(cells):
    """Two levels of parts, the lower of which nobody publishes, and a second way to cut the whole."""
    counts = Counts()
    leaves = [counts.add(("leaf", n), value, published=False) for n, value in enumerate(cells)]
    half = len(leaves) // 2
    counts.total(("all",), [counts.total(("left",), leaves[:half]), counts.total(("right",), leaves[half:])])
    counts.total(("every other",), leaves[::2])
    return counts


def everything_possible(counts, hidden, least):
    """Every way to fill in what nobody sees so that all sums come out, by trying all."""
    parts = {part for one in counts.sums for part in one.parts}
    totals = {one.total for one in counts.sums}
    leaves = [name for name in counts.values if name in parts and name not in totals]
    unseen = [name for name in leaves if name in hidden | counts.unpublished]
    found = []
    for values in product(*(range(counts.values[name] + least + 1) for name in unseen)):
        filled = {name: counts.values[name] for name in leaves} | dict(zip(unseen, values, strict=True))
        for one in counts.sums:
            filled[one.total] = sum(filled[part] for part in one.parts)
        if all(
            filled[name] == counts.values[name] for name in counts.values if name not in hidden | counts.unpublished
        ):
            found.append(filled)
    return found


def assert_nothing_small_is_told(counts, least):
    hidden = hidden_counts(counts, least)
    small = {name for name in counts.values if 0 < counts.values[name] < least}
    assert small <= hidden | counts.unpublished
    tables = everything_possible(counts, hidden, least)
    for name in hidden | small:
        values = {filled[name] for filled in tables}
        assert len(values) >= 2, (name, counts.values, hidden)
        assert max(values) - min(values) >= least, (name, values, counts.values, hidden)


CELL = st.sampled_from([0, 0, 1, 2, 3, 4, 6])


@settings(deadline=None, max_examples=60)
@given(st.lists(CELL, min_size=4, max_size=4))
def test_no_suppressed_count_of_a_square_can_be_worked_out(cells):
    assert_nothing_small_is_told(table_of_two_sides(cells, 2, 2), least=3)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from([0, 1, 2, 3, 4]), min_size=6, max_size=6))
def test_no_suppressed_count_of_a_wider_table_can_be_worked_out(cells):
    assert_nothing_small_is_told(table_of_two_sides(cells, 2, 3), least=2)


@settings(deadline=None, max_examples=60)
@given(st.lists(CELL, min_size=4, max_size=5))
def test_no_count_below_what_is_published_can_be_worked_out(cells):
    assert_nothing_small_is_told(tree(cells), least=3)


@pytest.mark.parametrize(
    ("parts", "hidden"),
    [
        ((5, 500), {"a", "b"}),  # one small count would be the total less the other
        ((5, 3, 500), {"a", "b", "c"}),  # 5 and 3 together are 8, which is small too
        ((5, 6, 500), {"a", "b"}),
        ((5, 40, 500), {"a", "b"}),
        ((20, 40, 500), set()),
        ((0, 40, 500), set()),
        ((7,), {"a", "total"}),
        ((10, 1), {"a", "b"}),
    ],
)
def test_what_is_hidden_of_a_total_and_its_parts(parts, hidden):
    counts = Counts()
    counts.total(("total",), [counts.add((name,), value) for name, value in zip("abc", parts, strict=False)], worth=9)
    assert {name[0] for name in hidden_counts(counts, 11)} == hidden


def test_a_count_of_few_people_is_small_however_large_it_is():
    counts = Counts()
    counts.total(
        ("total",), [counts.add(("a",), 40, people=4), counts.add(("b",), 60), counts.add(("c",), 300)], worth=9
    )
    assert {name[0] for name in hidden_counts(counts, 11)} == {"a", "b"}


def test_what_is_hidden_does_not_depend_on_the_order_in_which_python_hashes():
    counts = table_of_two_sides([3, 20, 4, 30, 50, 60, 70, 2, 90], 3, 3)
    assert hidden_counts(counts, 11) == hidden_counts(counts, 11)


ROWS = st.lists(st.tuples(st.sampled_from([0, 0, 3, 11, 30]), st.sampled_from([0, 5, 11, 40])), max_size=9)


def rows_of(values):
    return [Row((str(n),), counts, counts) for n, counts in enumerate(values)]


@given(ROWS)
def test_neighbours_are_put_together_until_no_count_is_small(values):
    found = merged(rows_of(values), 11)
    if found:
        assert all(row.safe(11) for row in found)
        assert [name for row in found for name in row.names] == [str(n) for n in range(len(values))]
        assert tuple(np.sum([row.counts for row in found], axis=0)) == tuple(np.sum(values, axis=0))
    elif values:
        assert not Row((), tuple(int(one) for one in np.sum(values, axis=0))).safe(11)


@given(ROWS)
def test_small_groups_are_put_together_and_never_alone(values):
    found = pooled(rows_of(values), 11)
    if found is None:
        assert not Row((), tuple(int(one) for one in np.sum(values, axis=0))).safe(11) or len(values) == 1
        return
    safe, pool = found
    everybody = [*safe, *([pool] if pool else [])]
    assert all(row.safe(11) for row in everybody)
    assert pool is None or len(pool.names) > 1
    assert sorted(name for row in everybody for name in row.names) == sorted(str(n) for n in range(len(values)))


# --- a population counted by hand -----------------------------------------------------------------------------------

POLICY = """
id: by-hand
kind: local
issuer: Nobody
title: A small rule
sources: {s: {title: None, read_on: 2026-11-24}}
conventions:
  positive_block_percent: {value: '80', says: Eighty counts., because: Made up.}
measures:
  blocks_here: {count: prior, where: kind = 'medial_branch_block' and overlaps_request}
  positive_blocks:
    count_days: prior
    where: kind = 'medial_branch_block' and covers_request and relief_percent >= positive_block_percent
groups:
  always:
    - {id: guided, says: Guided., test: "guidance = 'fluoroscopy'", cites: {source: s}}
    - {id: pain_measured, says: Measured., test: pain_measured, advisory: true, cites: {source: s}}
requests:
  first_block:
    title: First block
    asked_when: kind = 'medial_branch_block' and blocks_here = 0
    includes: [always]
  second_block:
    title: Second block
    asked_when: kind = 'medial_branch_block' and blocks_here >= 1
    includes: [always]
    criteria:
      - {id: first_positive, says: The first was positive., test: positive_blocks >= 1, cites: {source: s}}
  ablation:
    title: Ablation
    asked_when: kind = 'radiofrequency_ablation'
    includes: [always]
    criteria:
      - id: two_positive
        topic: blocks_before_ablation
        says: Two were positive.
        test: positive_blocks >= 2
        cites: {source: s}
"""

L45 = 1 << 22
BLOCK, ABLATION = "medial_branch_block", "radiofrequency_ablation"
START = datetime.date(2024, 1, 1)

PEOPLE = {
    # how many, what is done on which day with what relief, and visits after the ablation
    "two good blocks, ablation": (12, [(BLOCK, 0, 90), (BLOCK, 20, 85), (ABLATION, 60, None)], [(90, 80), (200, 20)]),
    "one middling block, ablation": (11, [(BLOCK, 0, 60), (ABLATION, 30, None)], [(100, 70)]),
    "one good block, ablation": (6, [(BLOCK, 0, 90), (ABLATION, 15, None), (ABLATION, 400, None)], []),
    "two middling blocks, ablation": (7, [(BLOCK, 0, 60), (BLOCK, 20, 55), (ABLATION, 60, None)], [(90, 10)]),
    "a block without relief": (5, [(BLOCK, 0, 30)], []),
    "a block nobody scored": (4, [(BLOCK, 0, None)], []),
    "a good block, then a middling one": (3, [(BLOCK, 0, 90), (BLOCK, 30, 60)], []),
}


def population_by_hand():
    """Everyone's procedures and visits. Facility B has two of each kind of people, A the others."""
    rows, visits, patient = [], [], 0
    for number, done, seen in PEOPLE.values():
        for one in range(number):
            patient += 1
            for kind, day, relief in done:
                date = START + datetime.timedelta(days=day)
                rows.append(
                    {
                        "patient": patient,
                        "date": date,
                        "kind": kind,
                        "left_levels": L45,
                        "history_known": True,
                        "relief_percent": relief,
                        "guidance": None if patient == 1 and day == 0 else "fluoroscopy",
                        "facility": "B" if one < 2 else "A",
                    }
                )
            ablated = START + datetime.timedelta(days=max(day for _, day, _ in done))
            visits += [
                {
                    "patient": patient,
                    "procedure_date": ablated,
                    "date": ablated + datetime.timedelta(days=days),
                    "relief_percent": percent,
                }
                for days, percent in seen
            ]
    return table_of(rows), visits_of(visits)


ARROW = {
    Shape.IDENTIFIER: pa.int64(),
    Shape.DAY: pa.date32(),
    Shape.COUNT: pa.int32(),
    Shape.LEVELS: pa.int32(),
    Shape.NUMBER: pa.float64(),
    Shape.YES_NO: pa.bool_(),
    Shape.WORD: pa.string(),
    Shape.LABEL: pa.string(),
}


def table_of(rows):
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.Table.from_pylist(rows, pa.schema([(name, ARROW[COLUMNS[name].shape]) for name in names]))


def visits_of(visits):
    return pa.Table.from_pylist(visits, pa.schema([(column.name, ARROW[column.shape]) for column in VISITS]))


def whole_patients(table, visits, patients_each):
    """The tables in batches of so many patients."""
    last = max(table["patient"].to_pylist())
    for first in range(1, last + 1, patients_each):
        wanted = set(range(first, first + patients_each))
        rows = pa.array([one in wanted for one in table["patient"].to_pylist()])
        seen = pa.array([one in wanted for one in visits["patient"].to_pylist()])
        yield table.filter(rows), visits.filter(seen)


def findings_of(folder, policies, table, visits):
    """Findings as a run writes them, without compiling anything."""
    manifest = Manifest("events", "events", {"events.parquet": "digest of the input"}, "native", "facetwise",
                        tuple(policy_manifest(policy) for policy in policies), events=len(table), rejected=0,
                        started="2026-11-24T10:00:00+00:00")  # fmt: skip
    events = events_in(table, visits)
    for policy in policies:
        kernel = kernel_for(policy, set(table.column_names), compiled=False)
        manifest.counts[policy.id] = write_part(folder, 0, kernel, events, answers_of(kernel, events))
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest))


@pytest.fixture(scope="module")
def by_hand():
    return read_policy(POLICY, "by-hand.yaml")


@pytest.fixture(scope="module")
def counted(by_hand, tmp_path_factory):
    """The population by hand, counted in batches of five patients, with the folder of its findings."""
    folder = tmp_path_factory.mktemp("findings")
    table, visits = population_by_hand()
    findings_of(folder, [by_hand], table, visits)
    return count(folder, table, visits, [by_hand], 5), folder


def count(folder, table, visits, policies, patients_each=5, cores=2):
    batches = whole_patients(table, visits, patients_each)
    return population_summary(folder, batches, policies, columns=table.column_names, cores=cores, compiled=False)


@pytest.fixture(scope="module")
def unsuppressed(counted):
    return suppressed(counted[0], 1)


def by_name(rows):
    return {row.name: row for row in rows}


def of_status(counts, status):
    return counts[STATUSES.index(status)]


def test_verdicts_are_those_counted_by_hand(unsuppressed):
    verdicts = by_name(unsuppressed.policies[0].verdicts)
    assert {name: row.requests for name, row in verdicts.items()} == {
        "first_block": 48,  # everybody
        "second_block": 12 + 7 + 3,
        "ablation": 12 + 11 + 6 + 6 + 7,
    }
    assert of_status(verdicts["first_block"].verdicts, "met") == 47
    assert of_status(verdicts["first_block"].verdicts, "not documented") == 1
    assert of_status(verdicts["second_block"].verdicts, "met") == 12 + 3
    assert of_status(verdicts["second_block"].verdicts, "not met") == 7
    assert of_status(verdicts["ablation"].verdicts, "met") == 12
    assert of_status(verdicts["ablation"].verdicts, "not met") == 11 + 6 + 6 + 7


def test_criteria_are_those_of_the_findings_themselves(unsuppressed, counted, by_hand):
    rows = long_form(read_findings(counted[1], "by-hand"), policy_manifest(by_hand)).to_pylist()
    for criterion in unsuppressed.policies[0].criteria:
        of_it = [row for row in rows if row["criterion"] == criterion.name]
        assert criterion.asked == len(of_it)
        for status in STATUSES:
            direct = sum(row["status"] == status for row in of_it)
            assert of_status(criterion.statuses, status) == direct
    failing = by_name(unsuppressed.policies[0].criteria)
    assert failing["two_positive"].alone == 30  # nothing else stands against these ablations
    assert of_status(failing["two_positive"].statuses, "not met") == 30
    assert of_status(failing["pain_measured"].statuses, "not documented") == 48 + 22 + 42
    assert failing["pain_measured"].advisory


def test_a_moved_threshold_is_what_each_patient_by_hand_says(unsuppressed):
    moved = {moved.says: moved for moved in unsuppressed.policies[0].moved}
    percent, number = "relief of 50 instead of 80 percent", "one positive block instead of two"
    of_ablation = {
        says: [(move.before, move.after, move.requests) for move in one.moves if move.kind == "ablation"]
        for says, one in moved.items()
    }
    assert of_ablation == {
        (percent,): [("not met", "met", 7)],  # two middling blocks
        (number,): [("not met", "met", 12)],  # one good block before each of two ablations
        (percent, number): [("not met", "met", 11 + 12 + 7)],
    }
    second = [move for move in moved[(percent,)].moves if move.kind == "second_block"]
    assert [(move.before, move.after, move.requests) for move in second] == [("not met", "met", 7)]
    assert moved[(number,)].verdicts[0].verdicts[STATUSES.index("met")] == 12 + 12


def test_the_way_to_ablation_is_that_counted_by_hand(unsuppressed):
    funnel = [stage.patients for stage in unsuppressed.journeys.funnel]
    assert funnel == [48, 44, 39, 21, 15, 12, 12, 0]
    streams = {(one.start, one.end): one.patients for one in unsuppressed.journeys.flow.streams}
    assert streams["relief 80% or more", "second block"] == 12 + 3
    assert streams["relief 80% or more", "ablation without a second block"] == 6
    assert streams["relief 50 to 80%", "second block"] == 7
    assert streams["second block, relief 50 to 80%", "ablation after two blocks"] == 7
    assert streams["second block, relief 50 to 80%", "two blocks and no ablation"] == 3
    assert ("relief not documented", "second block") not in streams
    times = {one.says: one for one in unsuppressed.journeys.times}
    assert times["From the first to the second block"].patients == 22
    assert times["From ablation to its repeat"].patients == 6
    assert [(one.first, one.patients) for one in times["From ablation to its repeat"].bins if one.patients] == [
        (365, 6)
    ]
    assert times["From the first block to ablation"].quartiles == (30, 60, 60)  # 6 by day 15, 17 by 30, 36 by 60


def test_relief_after_ablation_is_that_counted_by_hand(unsuppressed):
    curve = unsuppressed.journeys.curve
    assert (curve.patients, curve.not_followed) == (12 + 11 + 7, 6)
    held = {mark.months: mark.held for mark in curve.marks}
    assert held[2] == 1
    assert held[3] == pytest.approx(23 / 30)  # 7 of 30 had lost it by day 90
    assert held[6] == pytest.approx(23 / 30)  # 11 were last seen on day 100
    early = {mark.months: mark.held_early for mark in curve.marks}
    assert early[3] == pytest.approx(23 / 30 * (1 - 12 / 23))  # the 12 were last seen well on day 90


def test_facilities_are_those_counted_by_hand(unsuppressed):
    facilities, clinicians = unsuppressed.policies[0].groups
    groups = by_name(facilities.groups)
    assert groups["B"].requests == 2 * (3 + 2 + 3 + 3 + 1 + 1 + 2)
    assert groups["B"].supported == 2 * 3 + 2 * 1 + 2 * 1 + 2 * 1 + 2 * 1 + 2 * 1 + 2 * 2 - 1
    assert groups["A"].requests + groups["B"].requests == 112
    assert clinicians.why_not == "No request says which clinician it belongs to."


def test_months_are_those_counted_by_hand(unsuppressed):
    periods = {one.first: one for one in unsuppressed.policies[0].periods}
    assert periods["2024-01"].requests == 48 + 22 + 11 + 6
    assert periods["2024-03"].requests == 12 + 7  # 60 days after New Year is 1 March
    assert periods["2024-03"].supported == 12
    assert sum(one.requests for one in periods.values()) == 112


@pytest.mark.parametrize("patients_each", [1, 48])
def test_batches_make_no_difference(counted, by_hand, patients_each):
    table, visits = population_by_hand()
    again = count(counted[1], table, visits, [by_hand], patients_each, cores=1)
    assert suppressed(again, 1) == suppressed(counted[0], 1)


def test_nothing_under_the_threshold_is_shown(counted):
    shown = suppressed(counted[0])
    assert shown.least == LEAST == 11
    for path, value in numbers_in(msgspec.to_builtins(shown)):
        if path[-1] not in NO_COUNTS:
            assert value == 0 or value >= 11, path
    verdicts = by_name(shown.policies[0].verdicts)
    assert of_status(verdicts["second_block"].verdicts, "not met") is None  # 7
    assert of_status(verdicts["second_block"].verdicts, "met") is None  # 15, which would tell the 7
    assert shown.journeys.funnel[0].patients == 48


def rests_in(shown):
    """Every total of the page with its parts, as a reader finds them; None is a part that nobody prints."""
    for policy in shown.policies:
        kinds = by_name(policy.verdicts)
        yield "events", shown.events, [policy.requests, policy.other_events]
        yield "requests", policy.requests, [row.requests for row in policy.verdicts]
        yield "supported", policy.supported, [of_status(row.verdicts, "met") for row in policy.verdicts]
        yield "not supported", policy.requests, [policy.supported, None]
        yield "open", policy.open, [of_status(row.statuses, "not documented") for row in policy.criteria]
        for row in policy.verdicts:
            yield row.name, row.requests, row.verdicts
        for row in policy.criteria:
            yield row.name, row.asked, row.statuses
            yield row.name, of_status(row.statuses, "not met"), [row.alone, None]
        for moved in policy.moved:
            for row in moved.verdicts:
                yield "moved", row.requests, row.verdicts
                for status in STATUSES:
                    away = [one.requests for one in moved.moves if (one.kind, one.before) == (row.name, status)]
                    there = [one.requests for one in moved.moves if (one.kind, one.after) == (row.name, status)]
                    yield "unmoved", of_status(kinds[row.name].verdicts, status), [*away, None]
                    yield "unmoved", of_status(row.verdicts, status), [*there, None]
        for group in policy.groups:
            for one in [*group.groups, *([group.pool] if group.pool else [])]:
                yield "group", one.requests, [one.supported, None]
        for period in policy.periods:
            yield "period", period.requests, [period.supported, None]
    journeys = shown.journeys
    for wide, narrow in pairwise(journeys.funnel):
        yield narrow.says, wide.patients, [narrow.patients, None]
    places = {stage.says: stage.patients for column in journeys.flow.columns for stage in column}
    for says, patients in places.items():
        leaving = [one.patients for one in journeys.flow.streams if one.start == says]
        coming = [one.patients for one in journeys.flow.streams if one.end == says]
        for parts in (leaving, coming):
            if parts:
                yield says, patients, parts


@pytest.mark.parametrize("least", [2, 4, 6, 8, 11, 13, 20])
def test_no_rest_of_a_printed_total_is_small(counted, least):
    for says, total, parts in rests_in(suppressed(counted[0], least)):
        if total is not None:
            unseen = total - sum(part for part in parts if part is not None)
            assert unseen == 0 or unseen >= least, (says, total, parts)
            assert unseen == 0 or None in parts, (says, total, parts)


def test_those_who_fail_a_criterion_among_others_cannot_be_worked_out(by_hand, tmp_path):
    table, visits = population_by_hand()
    ablations = [number for number, kind in enumerate(table["kind"].to_pylist()) if kind == ABLATION]
    guidance = table["guidance"].to_pylist()
    for number in ablations[12:15]:  # three of those without two positive blocks
        guidance[number] = "ct"
    table = table.set_column(table.column_names.index("guidance"), "guidance", pa.array(guidance))
    findings_of(tmp_path, [by_hand], table, visits)
    counted = count(tmp_path, table, visits, [by_hand])
    exact = by_name(suppressed(counted, 1).policies[0].criteria)["two_positive"]
    assert (of_status(exact.statuses, "not met"), exact.alone) == (30, 27)
    shown = by_name(suppressed(counted).policies[0].criteria)["two_positive"]
    assert None in (of_status(shown.statuses, "not met"), shown.alone)


NO_COUNTS = {"least", "limit", "limits", "months", "held", "low", "high", "held_early", "quartiles", "several",
             "format", "seconds"}  # fmt: skip


def numbers_in(value, path=()):
    """Every whole number of a structure of dicts and lists, with the names above it; days of a bin are no counts."""
    if isinstance(value, dict):
        for name, member in value.items():
            if "patients" in value and name in ("first", "last"):
                continue
            yield from numbers_in(member, (*path, name))
    elif isinstance(value, (list, tuple)):
        for member in value:
            yield from numbers_in(member, path)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value


def test_whoever_adds_and_subtracts_the_whole_page_finds_no_suppressed_count(counted, monkeypatch):
    """The same question as `hidden_counts` asks itself, put anew, of all sums at once."""
    seen = []

    def watched(counts, least):
        seen.append((counts, hidden_counts(counts, least)))
        return seen[-1][1]

    monkeypatch.setattr(protecting, "hidden_counts", watched)
    suppressed(counted[0])
    ((counts, hidden),) = seen
    place = {name: number for number, name in enumerate(counts.values)}
    matrix = np.zeros((len(counts.sums), len(place)))
    for row, one in enumerate(counts.sums):
        matrix[row, place[one.total]] += 1
        for part in one.parts:
            matrix[row, place[part]] -= 1
    values = np.array(list(counts.values.values()), float)
    assert not (matrix @ values).any()
    free = np.array([name in hidden | counts.unpublished for name in place])
    bounds = Bounds(np.where(free, np.maximum(values - 60, 0), values), np.where(free, values + 60, values))
    secret = [name for name in place if name in hidden or counts.small(name, 11)]
    assert len(secret) > 20
    for name in secret:
        goal = np.eye(len(place))[place[name]]
        ends = [milp(sign * goal, integrality=1, bounds=bounds, constraints=LinearConstraint(matrix, 0, 0)).x[place[name]]
                for sign in (1, -1)]  # fmt: skip
        assert round(ends[1] - ends[0]) >= 11, (name, counts.values[name], ends)


def test_a_kind_of_request_with_few_people_is_left_out_of_everything(by_hand, tmp_path):
    table, visits = population_by_hand()
    patients, kinds = table["patient"].to_pylist(), table["kind"].to_pylist()
    kept = [kind == BLOCK or 3 < patient <= 12 for patient, kind in zip(patients, kinds, strict=True)]
    table = table.filter(pa.array(kept))  # nine ablations are left
    findings_of(tmp_path, [by_hand], table, visits)
    shown = suppressed(count(tmp_path, table, visits, [by_hand]))
    one = shown.policies[0]
    assert one.left_out == ("Ablation",)
    assert "ablation" not in by_name(one.verdicts)
    assert "two_positive" not in by_name(one.criteria)
    assert one.other_events is None  # nine, which would tell how many ablations there were
    assert None in (shown.events, one.requests)  # as would their difference
    assert all(move.kind != "ablation" for moved in one.moved for move in moved.moves)


def test_two_policies_that_count_alike_hide_alike(by_hand, tmp_path):
    table, visits = population_by_hand()
    twin = read_policy(POLICY.replace("id: by-hand", "id: twin"), "twin.yaml")
    findings_of(tmp_path, [by_hand, twin], table, visits)
    one, other = suppressed(count(tmp_path, table, visits, [by_hand, twin])).policies
    assert one.verdicts == other.verdicts
    assert one.criteria == other.criteria
    assert one.moved == other.moved


def test_a_report_is_written_from_findings_and_their_events(by_hand, tmp_path, monkeypatch):
    monkeypatch.setattr(population, "kernel_for", partial(kernel_for, compiled=False))
    table, visits = population_by_hand()
    pq.write_table(table.take(np.random.default_rng(1).permutation(len(table))), tmp_path / "events.parquet")
    pq.write_table(visits, tmp_path / "visits.parquet")

    def source():
        return open_source(tmp_path, from_="events", workspace=tmp_path / "workspace", memory_mb=1000)

    running.audit(source(), [by_hand], tmp_path / "findings", running.Settings(engine=Engine.REFERENCE))
    told = []
    write_report(tmp_path / "findings", source(), tmp_path / "report.html", 1, told.append, policies=[by_hand])
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "One positive block instead of two: 24 supported instead of 12." in text
    assert told[-1] == 112
    with pytest.raises(DocumentError, match="0 is no threshold"):
        write_report(tmp_path / "findings", source(), tmp_path / "report.html", 0, policies=[by_hand])
    with pytest.raises(DocumentError, match="there is no such folder"):
        write_report(tmp_path / "findings", source(), tmp_path / "nowhere" / "report.html", policies=[by_hand])
    (tmp_path / "taken.html").mkdir()
    with pytest.raises(DocumentError, match="The file cannot be written: Is a directory"):
        write_report(tmp_path / "findings", source(), tmp_path / "taken.html", policies=[by_hand])
    assert not list(tmp_path.glob(".*"))


def test_events_other_than_those_of_the_findings_are_refused(counted, by_hand):
    table, visits = population_by_hand()
    with pytest.raises(DocumentError, match="are of 112 events, and 111 were read"):
        count(counted[1], table.slice(1), visits, [by_hand])
    other = table.set_column(table.column_names.index("guidance"), "guidance", pa.array(["ct"] * len(table)))
    with pytest.raises(DocumentError, match="in the findings are not those of the events"):
        count(counted[1], other, visits, [by_hand])


def test_a_policy_whose_text_has_changed_is_refused(counted):
    table, visits = population_by_hand()
    changed = read_policy(POLICY.replace("value: '80'", "value: '70'"), "by-hand.yaml")
    with pytest.raises(DocumentError, match='The text of "by-hand" is not the one that was asked'):
        count(counted[1], table, visits, [changed])
    with pytest.raises(DocumentError, match='of the policy "by-hand", which is not given'):
        count(counted[1], table, visits, [])


def test_no_events_at_all_make_a_page_too(by_hand, tmp_path):
    table, visits = population_by_hand()
    findings_of(tmp_path, [by_hand], table.slice(0, 0), visits.slice(0, 0))
    nobody = population_summary(tmp_path, [], [by_hand], compiled=False)
    assert "No first block may be counted here" in html(suppressed(nobody))


# --- the page -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(unsuppressed):
    return html(unsuppressed)


def test_the_page_stands_alone(page):
    assert "<script" not in page
    assert not re.search(r'(?:src|href)="(?!#)', page)
    assert "url(" not in page
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)


def test_every_picture_has_a_title_a_description_and_its_numbers(page):
    assert page.count("<svg") >= 9
    for figure in re.findall(r"<figure.*?</figure>", page, re.S):
        names = re.search(r'aria-labelledby="(\S+) (\S+)"', figure)
        assert re.search(rf'<title id="{names[1]}">\S', figure)
        assert re.search(rf'<desc id="{names[2]}">\S', figure)
        assert "<table>" in figure.partition("</svg>")[2]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for anchor in re.findall(r'href="#([^"]+)"', page):
        assert anchor in ids


def test_the_page_says_what_was_asked_what_is_missing_and_that_it_decides_nothing(page, by_hand):
    assert "112 procedures asked of 1 policy" in page
    assert policy_manifest(by_hand).digest in page
    assert "digest of the input" in page
    assert "Rows that were rejected" in page
    assert "informs and decides nothing" in page
    open_ = (1 + 112) / (112 * 2 + 22 + 42)
    assert f"{open_:.0%} of all answers are not documented" in page
    assert "Relief of 50 instead of 80 percent: 19 supported instead of 12." in page
    assert "One positive block instead of two: 24 supported instead of 12." in page
    both = "Relief of 50 instead of 80 percent and one positive block instead of two"
    assert f"{both}: 42 supported instead of 12." in page  # of ablations
    once = re.findall(rf"{both}: \d+ supported", page)  # of second blocks it does no more than the percentage alone
    assert len(once) == 1


def test_a_name_that_looks_like_markup_is_a_name(by_hand, tmp_path):
    table, visits = population_by_hand()
    names = pa.array([f'<b>{name}&"</b>' for name in table["facility"].to_pylist()])
    table = table.set_column(table.column_names.index("facility"), "facility", names)
    findings_of(tmp_path, [by_hand], table, visits)
    text = html(suppressed(count(tmp_path, table, visits, [by_hand]), 1))
    assert "<b>" not in text
    assert "&lt;b&gt;A&amp;&#34;" in text


def test_what_is_suppressed_says_so(counted):
    text = html(suppressed(counted[0]))
    assert "suppressed" in text
    assert "Counts above 0 and under 11" in text


# --- against plain Python -------------------------------------------------------------------------------------------

SITES = st.sampled_from([(L45, 0, 0), (0, L45, 0), (0, 0, L45), (L45, L45, 0), (0, 0, 0), (L45 << 1, 0, 0)])
EVENT = st.tuples(
    st.integers(0, 6),
    st.sampled_from([BLOCK, BLOCK, ABLATION, "epidural_steroid_injection"]),
    SITES,
    st.sampled_from([None, 49.9, 50, 79.9, 80, 100]),
    st.sampled_from(["diagnostic", "therapeutic", None]),
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, 20, 50, 90])), max_size=3),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(EVENT, min_size=1, max_size=8))
def test_the_way_of_a_patient_is_what_plain_python_says(drawn):
    drawn = sorted(drawn, key=lambda one: one[0])
    rows = [
        {
            "patient": 1,
            "date": START + datetime.timedelta(days=day),
            "sequence": number,
            "kind": kind,
            "left_levels": sites[0],
            "right_levels": sites[1],
            "unsided_levels": sites[2],
            "relief_percent": relief,
            "purpose": purpose,
        }
        for number, (day, kind, sites, relief, purpose, _) in enumerate(drawn)
    ]
    visits = [
        {
            "patient": 1,
            "procedure_date": rows[number]["date"],
            "procedure_sequence": number,
            "date": rows[number]["date"] + datetime.timedelta(days=later),
            "relief_percent": percent,
        }
        for number, one in enumerate(drawn)
        for later, percent in one[-1]
    ]
    tally = journeys_in(events_in(table_of(rows), visits_of(visits)))
    way, days = plain_way(drawn)
    assert [tuple(int(n) for n in one) for one in np.argwhere(tally.paths)] == ([way] if way else [])
    for name, took in days.items():
        assert np.flatnonzero(tally.days[name]).tolist() == ([took] if took is not None else [])
    held, ended, followed = plain_relief(drawn)
    assert tally.not_followed == (followed is False)
    assert np.argwhere(tally.ended_early).tolist() == ([[held, int(ended is not None)]] if followed else [])
    late = held if ended is None else ended
    assert np.argwhere(tally.ended_late).tolist() == ([[late, int(ended is not None)]] if followed else [])


def may_touch(ours, theirs):
    one, other = SiteSet(*ours), SiteSet(*theirs)
    return not one or not other or one.overlaps(other) is not False


def together(sessions):
    return (
        (0, 0, 0)
        if (0, 0, 0) in sessions
        else tuple(int(np.bitwise_or.reduce(masks)) for masks in zip(*sessions, strict=True))
    )


def is_block(one):
    return one[1] == BLOCK and one[4] != "therapeutic"


def least_class(of_a_day):
    known = [one[3] for one in of_a_day if one[3] is not None]
    return 0 if not known else 1 + (min(known) >= 50) + (min(known) >= 80)


def plain_way(drawn):
    """First and second class of relief and what followed, and the days between; nothing without a block."""
    days = dict.fromkeys(("first_to_second", "first_to_ablation", "second_to_ablation", "ablation_to_repeat"))
    blocks = [one for one in drawn if is_block(one)]
    if not blocks:
        return None, days
    began = blocks[0][0]
    session = [one for one in blocks if one[0] == began]
    sites = together([one[2] for one in session])
    first, second, after = least_class(session), 0, 0
    later = [one for one in drawn if one[0] > began and may_touch(one[2], sites)]
    ablations = [one for one in later if one[1] == ABLATION]
    ablated = ablations[0][0] if ablations else 99
    seconds = [one for one in later if is_block(one) and one[0] < ablated]
    if seconds:
        days["first_to_second"] = seconds[0][0] - began
        second = 1 + least_class([one for one in seconds if one[0] == seconds[0][0]])
    if ablations:
        after = 1
        days["first_to_ablation"] = ablated - began
        if seconds:
            days["second_to_ablation"] = ablated - seconds[0][0]
        where = together([one[2] for one in ablations if one[0] == ablated])
        repeats = [one for one in drawn if one[1] == ABLATION and one[0] > ablated and may_touch(one[2], where)]
        if repeats:
            after, days["ablation_to_repeat"] = 2, repeats[0][0] - ablated
    return (first, second, after), days


def plain_relief(drawn):
    """Days that relief held at least, the day it was seen to be over, and whether anybody looked; None unablated."""
    ablations = [one for one in drawn if one[1] == ABLATION]
    if not ablations:
        return None, None, None
    done = ablations[0][0]
    session = [one for one in ablations if one[0] == done]
    where = together([one[2] for one in session])
    until = min([one[0] for one in ablations if one[0] > done and may_touch(one[2], where)], default=99)
    least = {}
    for one in session:
        for later, percent in one[-1]:
            if percent is not None and done + later < until:
                least[later] = min(percent, least.get(later, 100))
    held = 0
    for day, percent in sorted(least.items()):
        if percent < 50:
            return held, day, True
        held = day
    return held, None, bool(least)


# --- limits, curves, thresholds ----------------------------------------------------------------------------------


def test_limits_are_binomial_quantiles_drawn_out_between_whole_numbers():
    (around,) = limits(0.5, [10])
    up_to_1, up_to_2 = 11 / 1024, 56 / 1024
    assert around.inner_low == pytest.approx((2 - (up_to_2 - 0.025) / (up_to_2 - up_to_1)) / 10)
    assert around.outer_low < around.inner_low < 0.5 < around.inner_high < around.outer_high
    (large,) = limits(0.3, [100_000])
    assert large.inner_high - 0.3 == pytest.approx(1.96 * (0.21 / 100_000) ** 0.5, rel=0.01)
    assert large.outer_high - 0.3 == pytest.approx(3.09 * (0.21 / 100_000) ** 0.5, rel=0.01)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_all_are_alike_the_limits_are_too(share):
    assert set(limits(share, [20])[0]) == {share}


@pytest.mark.parametrize(
    ("supported", "where"),
    [(0, "below the outer limit"), (50, ""), (60, "above the inner limit"), (39, "below the inner limit"),
     (70, "above the outer limit")],
)  # fmt: skip
def test_where_a_group_lies(supported, where):
    assert place(supported / 100, limits(0.5, [100])[0]) == where


def test_the_curve_tells_only_times_between_which_enough_happened():
    late = np.zeros((400, 2), np.int64)
    late[20, 1], late[50, 1], late[51, 0], late[200, 0], late[300, 0] = 3, 12, 5, 8, 40
    found = marks(late, late, 11)
    assert [(mark.months, mark.ended, mark.left, mark.followed) for mark in found] == [
        (7, 15, 13, 40),  # 3 and 12 whose relief ended and 5 and 8 who were not seen again, each too few apart
        (8, 0, 0, 40),
        (9, 0, 0, 40),  # after which nobody is left
    ]
    assert found[0].held == pytest.approx(65 / 68 * 53 / 65)
    exact = {mark.months: mark.held for mark in marks(late, late, 1)}
    assert exact[1] == pytest.approx(65 / 68)


@pytest.mark.parametrize("policy", load_library().values(), ids=lambda policy: policy.id)
def test_a_variant_changes_its_threshold_and_nothing_else(policy):
    for variant in variants(policy):
        moved = variant.policy
        assert [rules.id for rules in moved.requests] == [rules.id for rules in policy.requests]
        assert list(moved.criteria()) == list(policy.criteria())
        assert moved.regions == policy.regions
        changed = [name for name, one in policy.criteria().items() if moved.criteria()[name].arms != one.arms]
        measures = [name for name, one in policy.measures.items() if moved.measures[name] != one]
        assert changed or measures
        for name in changed:
            assert moved.criteria()[name].applies_when == policy.criteria()[name].applies_when
            assert not policy.criteria()[name].advisory or "percent" in variant.says[0]


def test_medicare_has_both_thresholds_and_they_are_moved_together_too():
    says = [variant.says for variant in variants(load_library()["medicare-facet-2024"])]
    percent, number = "relief of 50 instead of 80 percent", "one positive block instead of two"
    assert says == [(percent,), (number,), (percent, number)]
    assert variants(load_library()["facet-pathway"]) == ()
