"""One policy as it is read: its dates and doubts, and every criterion with its test in words and where it stands."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from facetwise.pathway.results import version_of
from facetwise.reports.explained_policies import criteria_as_written, criterion_meaning, policy_meaning
from facetwise.rules import Citation, Criterion, Policy
from facetwise.rules.wording import told


class Passage(msgspec.Struct, frozen=True):
    """A criterion on the page: `words` tell its test, `details` the test as written and what goes with it.

    `citation` says where it stands and how it was read.

    `same_topic` are other criteria of this policy on the same topic, put to one of the same requests: what an issuer
    says twice it may say otherwise.
    """

    criterion: str
    says: str
    asked_of: str
    words: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]
    citation: Citation
    note: str
    available: bool
    advisory: bool
    topic: str = ""
    same_topic: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """Where the source is on the web, if anywhere."""
        return address_of(self.citation)


class PolicyPage(msgspec.Struct, frozen=True):
    """A policy with everything that is known of it."""

    policy: Policy
    period: str
    details: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    measures: tuple[tuple[str, str], ...]


def policy_page(policy: Policy) -> PolicyPage:
    """The page of a policy."""
    details = tuple(one for one in policy_meaning(policy).details if one[0] not in ("issuer", "in force"))
    measures = tuple((one.name, one.says or one.name.replace("_", " ")) for one in policy.measures.values())
    return PolicyPage(policy, version_of(policy).period, details, tuple(_passages(policy)), measures)


_TOLD_APART = ("asked of", "source", "certainty", "where", "note", "advisory")
"""Details of a criterion that have a place of their own on the page."""


class _Asked(NamedTuple):
    criterion: Criterion
    of: list[str]
    details: tuple[tuple[str, str], ...]


def _passages(policy: Policy) -> Iterator[Passage]:
    asked = _asked(policy)
    for one in asked.values():
        criterion = one.criterion
        yield Passage(
            criterion=criterion.id,
            says=criterion.says,
            asked_of=", ".join(one.of),
            words=told(criterion, policy),
            details=one.details,
            citation=criterion.citation,
            note=criterion.note,
            available=criterion.available,
            advisory=criterion.advisory,
            topic=criterion.topic.heading if criterion.topic else "",
            same_topic=tuple(
                other.criterion.id
                for other in asked.values()
                if criterion.topic is not None
                and other.criterion.topic is criterion.topic
                and other.criterion.id != criterion.id
                and set(other.of) & set(one.of)
            ),
        )


def _asked(policy: Policy) -> dict[str, _Asked]:
    """Every criterion once, in the order of its first request, with the titles of all that ask it."""
    found: dict[str, _Asked] = {}
    written = {criterion.id: criterion for criterion, _ in criteria_as_written(policy)}
    compiled = [(one, rules.title) for rules in policy.requests for one in rules.criteria]
    compiled += [(step.here_when, f"the step “{step.title}”") for step in policy.steps]
    for criterion, title in compiled:
        meaning = criterion_meaning(written[criterion.id], "", policy)
        details = tuple(one for one in meaning.details if one[0] not in _TOLD_APART)
        found.setdefault(criterion.id, _Asked(criterion, [], details)).of.append(title)
    return found


def address_of(citation: Citation) -> str:
    """The address of a source on the web; empty for one that has none."""
    if citation.url.startswith("doi:"):
        return f"https://doi.org/{citation.url.removeprefix('doi:')}"
    return citation.url if citation.url.startswith(("https://", "http://")) else ""
