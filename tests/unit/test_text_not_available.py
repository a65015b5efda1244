"""A criterion whose text nobody could read: never met, never failed, and said openly."""

import pytest

from facetwise.documents import DocumentError
from facetwise.rules import Status, load_library, read_policy
from facetwise.rules.evaluate import assess_view
from facetwise.rules.measures import Rows
from facetwise.rules.situation import View

POLICY = """
id: tried
kind: payer
payer: tried
issuer: i
title: t
sources: {{s: {{title: The policy}}}}
requests:
  any:
    title: Any
    asked_when: 'true'
    criteria:
      - {{id: unread, says: What they ask., text_not_available: true, {more} cites: {{source: s}}}}
      - {{id: asked, says: Asked., test: pain_axial, cites: {{source: s}}}}
"""


def _assessed(facts):
    policy = read_policy(POLICY.format(more=""), "tried.yaml")
    known = {**dict.fromkeys(["pain_axial"]), **facts}
    return assess_view(View(policy, known, {"prior": Rows([]), "same_day": Rows([])}))


@pytest.mark.parametrize(
    ("axial", "verdict"), [(True, Status.MET), (False, Status.NOT_MET), (None, Status.NOT_DOCUMENTED)]
)
def test_it_never_decides(axial, verdict):
    assessment = _assessed({"pain_axial": axial})
    assert assessment.verdict is verdict
    unread = assessment.findings[0]
    assert unread.status is Status.NOT_APPLICABLE
    assert not unread.text_available
    assert unread.note == "The policy text was not available."


def test_it_has_no_test():
    with pytest.raises(DocumentError, match="has a test, and its text was not available"):
        read_policy(POLICY.format(more="test: pain_axial,"), "tried.yaml")


def test_before_april_2021_medicare_is_out_of_scope_and_says_so():
    policy = load_library()["medicare-facet-before-2021"]
    facts = {"kind": "medial_branch_block"}
    assessment = assess_view(View(policy, facts, {"prior": Rows([]), "same_day": Rows([])}))
    assert assessment.verdict is Status.NOT_APPLICABLE
    assert "out of scope" in assessment.findings[0].note
