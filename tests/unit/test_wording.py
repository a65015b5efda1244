"""Tests in words: every test of the library, and each kind of expression with its opposite."""

import pytest

from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
from facetwise.rules import Scope, load_library, parse_leaf, policy_named
from facetwise.rules.wording import in_words, told

POLICY = policy_named("medicare-facet-2024")
WORDS = {
    "pain_months >= 3": ("at least 3 months", "less than 3 months"),
    "3 <= pain_months": ("at least 3 months", "less than 3 months"),
    "pain_months = 1": (": 1 month", "other than 1 month"),
    "not pain_axial": (": no", ": yes"),
    "kind in ('medial_branch_block', 'facet_joint_injection')": (
        "medial branch block or facet joint injection",
        "none of medial branch block or facet joint injection",
    ),
    "pain_axial and pain_months > 3": ("; and ", "; or "),
    "pain_axial or pain_months > 3": ("; or ", "; and "),
    "true": ("always", "never"),
}


def meaning(text: str, *, negated: bool = False) -> str:
    return in_words(parse_leaf(text, Scope(REQUEST_FIELDS)), POLICY, negated=negated)


@pytest.mark.parametrize("text", WORDS)
def test_an_expression_and_its_opposite(text):
    said, opposite = WORDS[text]
    assert said in meaning(text)
    assert opposite in meaning(text, negated=True)
    assert meaning(f"not ({text})") == meaning(text, negated=True)


def test_what_belongs_together_is_enclosed():
    assert meaning("pain_axial and (worse_on_loading or pain_months > 3)").count("(") == 1


def test_no_name_of_a_field_is_left_in_the_words_of_the_library():
    for policy in load_library().values():
        names = {name for name in [*REQUEST_FIELDS, *PRIOR_FIELDS, *policy.measures] if "_" in name}
        for criterion in [*policy.criteria().values(), *(step.here_when for step in policy.steps)]:
            parts = told(criterion, policy)
            assert bool(parts) is criterion.available
            assert not [name for name in names for _, words in parts if name in words], criterion.id
