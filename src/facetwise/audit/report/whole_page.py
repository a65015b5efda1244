"""The whole page: what was asked, what became of patients, what each policy says, and how to read it."""

from collections.abc import Iterator

from facetwise.audit.report.journey_sections import journey_sections
from facetwise.audit.report.page import (
    SUPPRESSED,
    Block,
    Bullets,
    Page,
    Paragraph,
    Section,
    Table,
    counted,
    number,
    share,
)
from facetwise.audit.report.policy_sections import policy_section
from facetwise.audit.report.summary import PolicySummary, Summary

DECIDES_NOTHING = (
    "This page informs and decides nothing. It knows only what the events say was documented by the day of each "
    "procedure; what is not documented here may have been done all the same."
)


def page(summary: Summary) -> Page:
    """Everything that may be shown of a population."""
    several = len(summary.policies) > 1
    return Page(
        title=f"Audit of {summary.source}",
        about=f"Audit of {summary.source}, {summary.started[:10]}",
        headline=_headline(summary),
        lead=(*_lead(summary), Paragraph(DECIDES_NOTHING, "warning")),
        sections=(
            Section("What was asked", tuple(_asked(summary)), anchor="asked"),
            *journey_sections(summary.journeys),
            *(policy_section(one, summary.source_format, open_=not several) for one in summary.policies),
            reading_section(summary),
        ),
        footer=(DECIDES_NOTHING, summary.software),
    )


def reading_section(summary: Summary) -> Section:
    """How to read the page, which no part of it is shown without."""
    return Section("How to read this page", (Bullets(tuple(_reading(summary.least))),), anchor="reading")


def _headline(summary: Summary) -> str:
    asked = "Procedures" if summary.events is None else counted(summary.events, "procedure", "procedures")
    return f"{asked} asked of {counted(len(summary.policies), 'policy', 'policies')}"


FEW = 3
"""Policies of which the head of the page tells each; of more the table does."""


def _lead(summary: Summary) -> Iterator[Paragraph]:
    for one in summary.policies if len(summary.policies) <= FEW else ():
        told, open_ = share(one.supported, one.requests), share(one.open, one.answers)
        supported = f"the record supports {told} of {number(one.requests)} requests" if told else _UNTOLD
        rest = f"; {open_} of all answers are not documented" if open_ else ""
        yield Paragraph(f"{one.manifest.id}: {supported}{rest}.")


_UNTOLD = "what share of requests the record supports may not be shown"


def policies_table(summary: Summary) -> Table:
    """What was asked, policy by policy."""
    return Table(
        (
            "Policy",
            "Issuer",
            "In force",
            "Criteria these data decide",
            "Requests",
            "Supported",
            "Answers not documented",
        ),
        tuple(_policy_row(one) for one in summary.policies),
        numbers=3,
    )


def _asked(summary: Summary) -> Iterator[Block]:
    yield policies_table(summary)
    digests = tuple((one.manifest.id, one.manifest.digest) for one in summary.policies)
    yield Table(("Policy", "Digest"), digests, numbers=2, folded="The very texts that were asked")
    rows = [
        ("Events that were asked", number(summary.events)),
        ("Rows that were rejected, and are in a file beside the findings", number(summary.rejected)),
        *(
            (f"Events that {one.manifest.id} has no rule for, or too few rules to show", number(one.other_events))
            for one in summary.policies
        ),
        ("Format", summary.source_format),
        ("Engine", f"{summary.engine}, {summary.software}"),
        ("Begun", summary.started),
    ]
    yield Table(("What was read", ""), tuple(rows), numbers=2)
    if summary.inputs:
        yield Table(("File", "Digest"), summary.inputs, numbers=2, folded="The files that were read")
    moved = [(one.manifest.id, name, value) for one in summary.policies
             for name, value in one.manifest.conventions.items()]  # fmt: skip
    if moved:
        yield Table(("Policy", "Convention", "Value"), tuple(moved), numbers=3, folded="Choices of the policies")


def _policy_row(one: PolicySummary) -> tuple[str, ...]:
    supported = share(one.supported, one.requests) or SUPPRESSED
    open_ = share(one.open, one.answers) or SUPPRESSED
    can, every = len(one.decidable.decidable), len(one.decidable.decidable) + len(one.decidable.lacking)
    decided = f"{can} of {every}"
    return one.manifest.id, one.manifest.issuer, one.in_force, decided, number(one.requests), supported, open_


def _reading(least: int) -> Iterator[str]:
    yield (
        "A request is a procedure on its day, with what was documented by then. It is asked of every policy, in force "
        "on that day or not, unless the policy's section says otherwise."
    )
    yield (
        "Not documented is not no. A low share of supported requests can mean that care was not as asked, or that "
        "nobody wrote it down; the columns tell the two apart."
    )
    yield "Verdicts of different policies stand side by side and are never merged."
    if least > 1:
        yield (
            f"Counts above 0 and under {least}, and counts of fewer than {least} people, are suppressed. So is every "
            "count from which one of them could be worked out: whoever adds and subtracts what this page shows finds "
            f"for each suppressed count values that lie at least {least} apart. Facilities, clinicians, months and "
            "days are put together instead, until no group is too small."
        )
    yield (
        "Patients whose data begin late may have had earlier procedures that are not here, and those whose data end "
        "early may still go on."
    )
