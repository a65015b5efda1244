"""How current the library is, as a page."""

import datetime
from collections.abc import Sequence

from facetwise.reports.page import Page, Paragraph, Section, Table
from facetwise.rules.staying_current import GOOD_FOR_MONTHS, Currency


def library_page(policies: Sequence[Currency], on: datetime.date) -> Page:
    """Each policy with its dates, last check, how it was read, and what wants looking after."""
    rows = tuple(_row(one) for one in policies)
    stale = [one for one in policies if any("months ago" in flag or "never" in flag for flag in one.flags)]
    ended = [one for one in policies if any(flag.startswith("ended") for flag in one.flags)]
    columns = ("Policy", "In force", "Checked, or read", "Read in: primary / secondary / not / no text", "Flags")
    sections = [Section("Policies", (Table(columns, rows),))]
    if stale:
        names = ", ".join(one.policy for one in stale)
        sections.insert(0, Section("To check again", (Paragraph(names, "warning"),)))
    return Page(
        title="Library status",
        about=f"As of {on}",
        headline=f"{len(policies)} policies, {len(stale)} to check again, {len(ended)} ended",
        lead=(
            f"A policy is to be checked again after {GOOD_FOR_MONTHS} months. One that ended is kept for its dates.",
        ),
        sections=tuple(sections),
        footer=("docs/how-to/add-a-payer.md says how to revise a policy.",),
    )


def _row(one: Currency) -> tuple[str, ...]:
    since = f"{one.effective_from or '…'} to {one.effective_to or '…'}"
    read = f"{one.read_in_primary} / {one.read_in_secondary} / {one.unverified} / {one.text_not_available}"
    looked = str(one.checked_on) if one.checked_on else f"read {one.read_on}" if one.read_on else "never"
    return one.policy, since, looked, read, "; ".join(one.flags)
