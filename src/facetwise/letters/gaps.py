"""Gaps: every question that a policy's answer waits for, once, with the criteria that need it."""

from collections.abc import Iterator, Sequence

from facetwise.letters.letter import Gap, Need
from facetwise.letters.places import Stood
from facetwise.rules import Assessment, Finding, Missing

UNCHOSEN = "Which of its rules apply to this request."
"""What a policy cannot tell that takes the request for several things."""


def gaps_of(assessments: Sequence[Assessment], stood: Stood) -> tuple[Gap, ...]:
    """Every gap in the order in which the policies ask. Fields that share a question share a gap."""
    needs: dict[tuple[str, str, str], dict[Need, None]] = {}
    for missing, need in _waiting(assessments):
        needs.setdefault((missing.question, place_of(missing, stood), missing.about), {})[need] = None
    return tuple(Gap(*asked, needed_for=tuple(waiting)) for asked, waiting in needs.items())


def _waiting(assessments: Sequence[Assessment]) -> Iterator[tuple[Missing, Need]]:
    for assessment in assessments:
        if assessment.asked is None:
            for missing in assessment.missing:
                yield missing, Need(assessment.policy, assessment.title, "", UNCHOSEN)
        for finding in assessment.findings:
            for missing in finding.missing:
                yield missing, _need(assessment, finding)


def _need(assessment: Assessment, finding: Finding) -> Need:
    return Need(assessment.policy, assessment.title, finding.criterion, finding.says, finding.advisory)


def place_of(missing: Missing, stood: Stood) -> str:
    """Where the answer goes: a question about one procedure names its place, where its description is its alone."""
    place = stood.place_of(missing.about) if missing.about else None
    return missing.path.replace("procedures[]", place, 1) if place else missing.path
