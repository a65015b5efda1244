"""The policies that answered, as sections of a page."""

from collections.abc import Iterator, Sequence

from facetwise.pathway import PolicyVersion
from facetwise.reports.page import Block, Bullets, Section, Table


def policy_sections(policies: Sequence[PolicyVersion], *, every: bool) -> Iterator[Section]:
    """Which policies answered, in force when; and, in full where `every` is wanted, what to know of them."""
    yield Section("Policies used", (_in_force(policies),))
    notes = [f"{one.id}: {note}" for one in policies for note in one.notes]
    if notes:
        brief = f"{len(notes)} notes on what was read and what is not checked; --all shows them."
        yield Section("What to know of these policies", (Bullets(tuple(notes)),), open=every, brief=brief)
    conventions = tuple(_conventions(policies))
    if conventions:
        brief = "Each policy names the choices it makes where its text is silent; --all shows them."
        yield Section("Choices where texts are silent", conventions, open=every, brief=brief)


def _in_force(policies: Sequence[PolicyVersion]) -> Table:
    rows = tuple((one.id, one.issuer, one.period) for one in policies)
    return Table(("Policy", "Issuer", "In force"), rows)


def _conventions(policies: Sequence[PolicyVersion]) -> Iterator[Block]:
    by_text: dict[str, list[str]] = {}
    for one in policies:
        for text in one.conventions:
            by_text.setdefault(text, []).append(one.id)
    if by_text:
        yield Table(("Policy", "Convention"), tuple((", ".join(ids), text) for text, ids in by_text.items()))
