"""Policies side by side as a page, and as CSV for a spreadsheet."""

import csv
import datetime
from collections import Counter
from collections.abc import Sequence
from io import StringIO

from facetwise.evidence.sources import Certainty
from facetwise.reports.page import Block, Page, Paragraph, Section, Table
from facetwise.rules.comparing import Cell, PolicyComparison, Replaced, Row, Statement

DIFFERS = "≠ "
"""Stands before a cell that means something else than the first one in its row."""

WIDEST = 3
"""Policies that fit beside each other in a terminal; more are listed below each other, topic by topic."""

SILENT = "–"
NO_TEXT = "text not available"
NO_POLICY = "none in the library"
_EXPLAINED = (
    f"{DIFFERS}marks what means something else than the first policy that speaks on the topic, or is asked of other "
    f"procedures; wording does not count. {SILENT} is a policy that is silent."
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
    rows = tuple((one.issuer, _names(one.before), _names(one.after), _outcome(one)) for one in changes)
    columns = ("Issuer", f"On {on}", f"On {later}", "What they ask")
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
        headline=_headline(changes),
        lead=(f"{SILENT} is a text that is silent. A change that several contractors share is shown once.",),
        sections=tuple(sections),
        footer=(),
    )


def _headline(changes: Sequence[Replaced]) -> str:
    """How many changed what they ask, and apart from them what else became of the texts."""
    outcomes = Counter(_outcome(one) for one in changes)
    return "; ".join(f"{number} {outcome}" for outcome, number in outcomes.most_common()) or "Nothing changed"


def _outcome(one: Replaced) -> str:
    if not one.before or not one.after:
        return "new in the library" if one.after else "no longer in force, nothing later in the library"
    if one.comparison is None:
        return f"not known: {NO_TEXT}"
    return "changed" if one.changed else "the same under another text"


def comparison_csv(comparison: PolicyComparison) -> str:
    """One line a topic, one column a policy, and whether they differ."""
    header = ["topic", "differs", *(column.policy for column in comparison.columns)]
    rows = [[row.heading, "yes" if row.differs else "no", *_texts(row)] for row in comparison.rows]
    return _csv([header, *rows])


def changes_csv(changes: Sequence[Replaced]) -> str:
    """One line for every topic that an issuer changed; any other replacement has a line that says what it was."""
    rows = [["issuer", "before", "after", "topic", "said before", "says after"]]
    for one in changes:
        changed = one.comparison.rows if one.comparison else ()
        for texts in [(row.heading, *_texts(row)) for row in changed] or [(f"({_outcome(one)})", "", "")]:
            rows.append([one.issuer, _names(one.before), _names(one.after), *texts])
    return _csv(rows)


def _csv(rows: list[list[str]]) -> str:
    buffer = StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def _names(policies: Sequence[str]) -> str:
    return ", ".join(policies) or NO_POLICY


def _texts(row: Row) -> tuple[str, ...]:
    return tuple(_text(cell) for cell in row.cells)


def _wide(comparison: PolicyComparison, title: str = "Side by side") -> Section:
    columns = ("Topic", *(column.policy for column in comparison.columns))
    return Section(title, (Table(columns, tuple((row.heading, *_texts(row)) for row in comparison.rows)),))


def _listed(row: Row) -> Section:
    rows = tuple((cell.policy, _text(cell)) for cell in row.cells if cell.statements)
    silent = [cell.policy for cell in row.cells if not cell.statements and cell.available]
    unread = [cell.policy for cell in row.cells if not cell.statements and not cell.available]
    blocks: list[Block] = [Table(("Policy", "Says"), rows)]
    if silent:
        blocks.append(Paragraph("Silent: " + ", ".join(silent), "quiet"))
    if unread:
        blocks.append(Paragraph(f"{NO_TEXT.capitalize()}: " + ", ".join(unread), "quiet"))
    return Section(row.heading + (" (they differ)" if row.differs else ""), tuple(blocks))


def _text(cell: Cell) -> str:
    if not cell.statements:
        return SILENT if cell.available else NO_TEXT
    return (DIFFERS if cell.differs else "") + " ".join(_statement(one) for one in cell.statements)


def _statement(statement: Statement) -> str:
    """What a policy says, of which requests, and what is to be known of it: strength, how it was read."""
    asked = f" [{', '.join(statement.asked_of).replace('_', ' ')}]" if statement.asked_of else ""
    remarks = ", ".join(part for part in (statement.strength, _doubt(statement)) if part)
    return f"{statement.says}{asked}{f' ({remarks})' if remarks else ''}"


def _doubt(statement: Statement) -> str:
    """How a statement was read, unless in the primary source."""
    if not statement.available:
        return NO_TEXT
    return "" if statement.certainty is Certainty.PRIMARY else str(statement.certainty)
