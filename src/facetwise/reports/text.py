"""Pages laid out for a terminal, and plain when they go anywhere else."""

import os
from collections.abc import Sequence

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table as RichTable
from rich.text import Text

from facetwise.pathway import DISCLAIMER, NextStep
from facetwise.pathway.results import verdict_in_words
from facetwise.reports.page import Block, Bullets, Page, Paragraph, Section, Table

STATUS_STYLE = {
    "met": "green",
    "not met": "bold red",
    "not documented": "yellow",
    "needs review": "magenta",
    "not applicable": "dim",
}
_TONE = {"warning": "bold yellow", "quiet": "dim", "": ""}

PLAIN_WIDTH = 100
"""Characters to a line where there is no terminal to ask."""


def console_for(file: object = None, *, error: bool = False) -> Console:
    """A console that is plain, and of a fixed width, when it is not a terminal."""
    console = Console(stderr=error, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        width = int(os.environ["COLUMNS"]) if os.environ.get("COLUMNS", "").isdigit() else PLAIN_WIDTH
        console = Console(stderr=error, highlight=False, width=width, no_color=True, legacy_windows=False)
    return console


def print_page(page: Page, console: Console | None = None) -> None:
    """Print a page. Drawings are left out: the words say the same."""
    console = console or console_for()
    lead = Text("\n".join(page.lead))
    console.print(Panel(lead, title=Text(page.headline, style="bold"), title_align="left", subtitle=Text(page.about)))
    for section in page.sections:
        _print_section(section, console)
    console.print()
    for line in page.footer:
        console.print(Text(line, style="dim"))


def print_summary(answers: Sequence[NextStep], console: Console | None = None) -> None:
    """A few lines a patient: the step, and each source's verdict on what it proposes with its earliest date."""
    console = console or console_for()
    for answer in answers:
        line = Text.assemble((answer.patient, "bold"), ": ", (answer.step.title, "bold green"))
        console.print(line)
        earliest = {one.policy: one.date for one in answer.proposal.earliest} if answer.proposal else {}
        for one in answer.proposal.assessments[1:] if answer.proposal else ():
            wait = f", earliest {earliest[one.policy]}" if one.policy in earliest else ""
            verdict = (verdict_in_words(one), STATUS_STYLE[one.verdict])
            console.print(Text.assemble(f"    {one.policy}: ", verdict, wait))
    console.print(Text(f"\n{DISCLAIMER}", style="dim"))


def _print_section(section: Section, console: Console) -> None:
    blocks = [rendered for block in section.unfolded if (rendered := _rendered(block)) is not None]
    if blocks:
        console.print()
        console.print(Text(section.title, style="bold underline"))
        console.print(Padding(Group(*blocks), (0, 0, 0, 2)))


def _rendered(block: Block) -> Text | RichTable | Group | None:
    match block:
        case Paragraph(text=text, tone=tone):
            return Text(text, style=_TONE[tone])
        case Bullets(items=items):
            return Group(*(_bullet(item) for item in items))
        case Table():
            return _table(block)
        case _:
            return None


def _bullet(item: str) -> RichTable:
    row = RichTable.grid(padding=(0, 1))
    row.add_row(Text("•"), Text(item))
    return row


def _table(block: Table) -> RichTable:
    table = RichTable(
        box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_header=any(block.columns)
    )
    for column in block.columns:
        table.add_column(column, overflow="fold", vertical="top")
    for row in block.rows:
        table.add_row(*(Text(cell, style=STATUS_STYLE.get(cell, "")) for cell in row))
    return table
