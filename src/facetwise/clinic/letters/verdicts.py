"""What each policy that was asked says of a request, in words, for whoever is about to send the letter."""

from typing import NamedTuple

from facetwise.pathway.results import verdict_in_words
from facetwise.rules import Assessment, Finding, Status

MOST = 3
"""Criteria that are told of each policy; the letter has them all."""

_FAILING = (Status.NOT_MET, Status.NOT_DOCUMENTED)


class Told(NamedTuple):
    """A policy's verdict, the first of the criteria that lead to it, and how many more there are."""

    policy: str
    issuer: str
    title: str
    status: Status
    verdict: str
    criteria: tuple[str, ...]
    more: int

    @property
    def refuses(self) -> bool:
        """Whether the policy does not support what is asked for."""
        return self.status is Status.NOT_MET


def verdict_told(one: Assessment) -> Told:
    """The verdict of a policy with what it rests on; one that has no rule for the request says so."""
    failing = [finding for finding in one.findings if _leads_to(finding, one.verdict)]
    return Told(
        policy=one.policy,
        issuer=one.issuer,
        title=one.title,
        status=one.verdict,
        verdict=_in_words(one),
        criteria=tuple(finding.says for finding in failing[:MOST]),
        more=max(0, len(failing) - MOST),
    )


def _leads_to(finding: Finding, verdict: Status) -> bool:
    return not finding.advisory and verdict in _FAILING and finding.status is verdict


def _in_words(one: Assessment) -> str:
    if one.asked is None:
        return "it cannot tell which of its rules apply" if one.missing else "no rule for this request"
    return verdict_in_words(one)
