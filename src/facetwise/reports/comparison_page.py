"""Policies side by side as a page, and as CSV for a spreadsheet."""

import csv
import datetime
from collections.abc import Iterator, Sequence
from io import StringIO

from facetwise.reports.page import Block, Page, Paragraph, Section, Table
from facetwise.rules.comparing import Cell, PolicyComparison, Replaced, Row, Statement

DIFFERS = "≠ "
"""Stands before a cell that means something else than the first one in its row."""

WIDEST = 3
"""Policies that fit beside each other in a terminal; more are listed below each other, topic by topic."""

SILENT = "–"
_EXPLAINED = (
    f"{DIFFERS}marks what means something else than the first policy that speaks on the topic; wording does not count. "
    f"{SILENT} is a policy that is silent."
)


def comparison_page(comparison: PolicyComparison, on: datetime.date | None, *, matrix: bool) -> Page:
    """The policies by topic: one wide table, or with many policies and without `matrix` a section a topic."""
    wide = matrix or len(comparison.columns) <= WIDEST
    sections = [_wide(comparison)] if wide else [_listed(row) for row in comparison.rows]
    differing = sum(row.differs for row in comparison.rows)
    about = ", ".join(column.policy for column in comparison.columns)
    return Page(
        title="Policies compared",
        about=f"In force on {on}: {about}" if on else about,
        headline=f"{len(comparison.columns)} policies, {differing} of {len(comparison.rows)} topics differ",
        lead=(_EXPLAINED,),
        sections=tuple(sections),
        footer=("Each issuer speaks for itself. A number keeps its operator as printed.",),
    )


def changes_page(changes: Sequence[Replaced], on: datetime.date, later: datetime.date) -> Page:
    """What changed between two days, issuer by issuer; a change that several contractors share is shown once."""
    rows = tuple((one.issuer, _names(one.before), _names(one.after)) for one in changes)
    columns = ("Issuer", f"On {on}", f"On {later}")
    sections = [Section("What was in force", (Table(columns, rows) if rows else Paragraph("Nothing changed."),))]
    shown: set[tuple[tuple[str, ...], ...]] = set()
    for one in changes:
        texts = tuple(_texts(row) for row in one.comparison.rows) if one.comparison else ()
        if one.comparison and texts and texts not in shown:
            shown.add(texts)
            sections.append(_wide(one.comparison, f"{one.issuer}: what changed"))
    return Page(
        title="What changed",
        about=f"Between {on} and {later}",
        headline=f"{len(changes)} changed what they ask" if changes else "Nothing changed",
        lead=(f"{SILENT} is a text that is silent. A change that several contractors share is shown once.",),
        sections=tuple(sections),
        footer=(),
    )


def comparison_csv(comparison: PolicyComparison) -> str:
    """One line a topic, one column a policy, and whether they differ."""
    header = ["topic", "differs", *(column.policy for column in comparison.columns)]
    rows = [[row.heading, "yes" if row.differs else "no", *_texts(row)] for row in comparison.rows]
    return _csv([header, *rows])


def changes_csv(changes: Sequence[Replaced]) -> str:
    """One line for every topic that an issuer changed; a policy that came or went has a line without a topic."""
    rows = [["issuer", "before", "after", "topic", "said before", "says after"]]
    for one in changes:
        changed = one.comparison.rows if one.comparison else ()
        for texts in [(row.heading, *_texts(row)) for row in changed] or [("", "", "")]:
            rows.append([one.issuer, _names(one.before), _names(one.after), *texts])
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _names(policies: Sequence[str]) -> str:
    return ", ".join(policies) or "nothing"


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row.cells)


def _wide(comparison: PolicyComparison, title: str = "Side by side") -> Section:
    columns = ("Topic", *(column.policy for column in comparison.columns))
    return Section(title, (Table(columns, tuple((row.heading, *_texts(row)) for row in comparison.rows)),))


def _listed(row: Row) -> Section:
    rows = tuple((cell.policy, _text(cell)) for cell in row.cells if cell.statements)
    silent = [cell.policy for cell in row.cells if not cell.statements]
    blocks: list[Block] = [Table(("Policy", "Says"), rows)]
    if silent:
        blocks.append(Paragraph("Silent: " + ", ".join(silent), "quiet"))
    return Section(row.heading + (" (they differ)" if row.differs else ""), tuple(blocks))


def _text(cell: Cell) -> str:
    if not cell.statements:
        return SILENT
    return (DIFFERS if cell.differs else "") + " ".join(_statements(cell.statements))


def _statements(statements: Sequence[Statement]) -> Iterator[str]:
    for statement in statements:
        if statement.available:
            asked = f" [{', '.join(statement.asked_of).replace('_', ' ')}]" if statement.asked_of else ""
            doubt = "" if statement.certainty.verified else "unverified"
            remarks = ", ".join(part for part in (statement.strength, doubt) if part)
            yield f"{statement.says}{asked}{f' ({remarks})' if remarks else ''}"
    if not all(statement.available for statement in statements):
        yield "The policy text was not available."
