"""What one policy says of a population, as sections of the page."""

from collections.abc import Iterator

from facetwise.audit.kernel.source import STATUSES
from facetwise.audit.report.bars import ORDER, criterion_bars, verdict_bars
from facetwise.audit.report.decidable_section import decidable_section
from facetwise.audit.report.page import Block, Bullets, Figure, Paragraph, Section, Table, number, share
from facetwise.audit.report.plots import funnel_svg, months_svg
from facetwise.audit.report.summary import (
    Count,
    CriterionCounts,
    Group,
    Groups,
    Move,
    Moved,
    PolicySummary,
    Verdicts,
)
from facetwise.audit.report.tallying import MET, NOT_DOCUMENTED, NOT_MET

DRAWN = 12
"""Criteria that are drawn; the table has all."""


def policy_section(one: PolicySummary, source_format: str, *, open_: bool) -> Section:
    """A policy with everything that was counted of it."""
    name = one.manifest.id
    asked = "Asked only of procedures of those days." if one.manifest.in_force else ""
    issued = Paragraph(f"{one.manifest.issuer}. In force {one.in_force}. {asked}".rstrip(), "quiet")
    blocks = [issued, Paragraph(_in_short(one))]
    if one.left_out:
        blocks.append(Paragraph(f"Left out, for there are too few: {'; '.join(one.left_out)}.", "quiet"))
    says = dict(zip(one.manifest.criteria, one.manifest.says, strict=True))
    sections = [
        decidable_section(one.decidable, says, source_format),
        Section("Verdicts", tuple(_verdicts(one))),
        Section("Criteria that fail", tuple(_criteria(one))),
        Section("If a threshold moved", tuple(_moved(one))),
        *(Section(_GROUPS[groups.by], tuple(_groups(groups, name))) for groups in one.groups),
        Section("Month by month", tuple(_months(one))),
    ]
    return Section(f"{name}: {one.title}", tuple(blocks), tuple(sections), anchor=f"policy-{name}", open=open_)


_GROUPS = {"facility": "By facility", "clinician": "By clinician"}


def _in_short(one: PolicySummary) -> str:
    supported = share(one.supported, one.requests)
    open_ = share(one.open, one.answers)
    told = f"{number(one.requests)} requests were asked about. The record of the day supports {number(one.supported)}"
    told += f" of them, {supported}: every criterion is met." if supported else " of them."
    return told + (f" Of all answers to single criteria {open_} are not documented." if open_ else "")


def _verdicts(one: PolicySummary) -> Iterator[Block]:
    if not one.verdicts:
        yield Paragraph("There are too few requests to show any.")
        return
    rows = tuple(
        (row.title, number(row.requests), *(_cell(row.verdicts[status], row.requests) for status in ORDER))
        for row in one.verdicts
    )
    yield Figure(
        "",
        verdict_bars(one.verdicts, f"verdicts-{one.manifest.id}", "Verdicts by kind of request"),
        "A request is not met as soon as one criterion is, and met only when all are documented and met.",
        Table(("Kind of request", "Requests", *(STATUSES[status].capitalize() for status in ORDER)), rows),
    )


def _cell(count: Count, whole: Count) -> str:
    told = share(count, whole)
    return f"{number(count)} ({told})" if told and count else number(count)


def _criteria(one: PolicySummary) -> Iterator[Block]:
    ranked = sorted(one.criteria, key=lambda row: (-(row.statuses[NOT_MET] or 0), -(row.statuses[NOT_DOCUMENTED] or 0)))
    drawn = [row for row in ranked if row.statuses[NOT_MET] and not row.advisory][:DRAWN]
    if not ranked:
        yield Paragraph("No criterion was asked often enough to show.")
        return
    table = Table(
        ("Criterion", "Not met", "The only one not met", *(STATUSES[status].capitalize() for status in _REST), "Asked"),
        tuple(_criterion_row(row) for row in ranked),
        caption="Requests, not sums of money. The only one not met: this criterion alone stands against the request.",
    )
    if not drawn:
        yield Paragraph("No criterion fails often enough to show.")
        yield table
        return
    yield Figure(
        "",
        criterion_bars(drawn, f"criteria-{one.manifest.id}", "Criteria by how many requests fail them"),
        f"{len(drawn)} of {len(ranked)} criteria, without those that only warn. Percent are of the requests that each "
        "is asked of.",
        table,
    )


_REST = tuple(status for status in ORDER if status != NOT_MET)


def _criterion_row(row: CriterionCounts) -> tuple[str, ...]:
    says = f"{row.says} (only a warning)" if row.advisory else row.says
    counts = (_cell(row.statuses[status], row.asked) for status in _REST)
    return (says, _cell(row.statuses[NOT_MET], row.asked), number(row.alone), *counts, number(row.asked))


def _moved(one: PolicySummary) -> Iterator[Block]:
    if not one.moved:
        yield Paragraph("This policy names no percentage and no number of blocks that could be moved.")
        return
    yield Paragraph(
        "Every event was asked again of the policy with the threshold moved and all its other words as they are, among "
        "them how long relief must last. Nothing is estimated.",
        "quiet",
    )
    untouched = [moved for moved in one.moved if not moved.verdicts]
    if untouched:
        yield Bullets(tuple(f"{_short(moved)}: no verdict changes." for moved in untouched))
    kinds = dict.fromkeys(row.name for moved in one.moved for row in moved.verdicts)
    for kind in kinds:
        yield _moved_figure(one, kind)


def _moved_figure(one: PolicySummary, kind: str) -> Figure:
    (as_it_is,) = [row for row in one.verdicts if row.name == kind]
    rows = [Verdicts(kind, "As the policy is", as_it_is.requests, as_it_is.verdicts)]
    moves: list[tuple[str, list[Move]]] = []
    seen = []
    for moved in one.moved:
        its_moves = [move for move in moved.moves if move.kind == kind]
        for row in moved.verdicts:
            if row.name == kind and (row, its_moves) not in seen:  # two thresholds may do no more than one of them
                seen.append((row, its_moves))
                moves.append((_short(moved), its_moves))
                rows.append(Verdicts(kind, _short(moved), row.requests, row.verdicts[: len(STATUSES)]))
    table = tuple((says, move.before, move.after, number(move.requests)) for says, its in moves for move in its)
    return Figure(
        as_it_is.title,
        verdict_bars(rows, f"moved-{one.manifest.id}-{kind.replace(' ', '-')}", f"{as_it_is.title}, thresholds moved"),
        " ".join(_gained(as_it_is, row) for row in rows[1:]),
        Table(("What was moved", "Verdict before", "Verdict after", "Requests"), table, numbers=3),
    )


def _short(moved: Moved) -> str:
    return " and ".join(moved.says).capitalize()


def _gained(before: Verdicts, after: Verdicts) -> str:
    was, becomes = before.verdicts[MET], after.verdicts[MET]
    if was is None or becomes is None:
        return f"{after.title}: the number supported may not be shown."
    return f"{after.title}: {becomes:,} supported instead of {was:,}."


def _groups(groups: Groups, policy: str) -> Iterator[Block]:
    if groups.why_not:
        yield Paragraph(groups.why_not)
        return
    rows = tuple(_group_row(one, groups.by) for one in groups.groups)
    rows += tuple(_group_row(one, groups.by) for one in (groups.pool, groups.unnamed) if one is not None)
    table = Table((groups.by.capitalize(), "Requests", "Supported", "Share", "Against chance"), rows)
    if not groups.groups:
        yield Paragraph("Every group is too small to be shown by itself.")
        yield table
        return
    caption = (
        "Each point is one. Dashed and solid lines are the limits within which 95 and 99.8 of 100 would lie if all "
        "were alike and only chance told them apart. A point outside is a question, not a judgement: patients and "
        "records differ too. Names are pseudonyms."
    )
    if groups.pool is not None:
        caption += f" Not drawn: {groups.pool.several} with too few of one kind, together in the table."
    title = f"Supported requests by {groups.by}"
    yield Figure("", funnel_svg(groups, f"{groups.by}-{policy}", title), caption, table)


def _group_row(one: Group, by: str) -> tuple[str, ...]:
    several = f"{one.several} others together" if one.several > 1 else "not documented"
    told = share(one.supported, one.requests)
    return (one.name or several, f"{one.requests:,}", f"{one.supported:,}", told, one.place or "within the limits")


def _months(one: PolicySummary) -> Iterator[Block]:
    if len(one.periods) < 2:
        yield Paragraph("Too few requests to tell months apart.")
        return
    yield Figure(
        "",
        months_svg(one.periods, f"months-{one.manifest.id}", "Supported requests over time"),
        "Months with too few requests of one kind are put together with those after them.",
        Table(
            ("From", "To", "Requests", "Supported", "Share"),
            tuple(
                (row.first, row.last, f"{row.requests:,}", f"{row.supported:,}", share(row.supported, row.requests))
                for row in one.periods
            ),
            numbers=2,
        ),
    )
