"""From the truth of a criterion's parts to its status, and from statuses to the verdict on a request.

M met   N not met   ? not documented   R needs review   - not applicable
"""

from types import SimpleNamespace

import pytest
from tables import TRUTH, grid

from facetwise.rules import Citation, Criterion, Status, read_policy, status_of, verdict_of
from facetwise.rules.expressions import Is, Name
from facetwise.rules.policy import Arm

STATUS = {
    "M": Status.MET,
    "N": Status.NOT_MET,
    "?": Status.NOT_DOCUMENTED,
    "R": Status.NEEDS_REVIEW,
    "-": Status.NOT_APPLICABLE,
}

# A failed test whose exception is not documented is itself not documented: the exception may yet excuse it.
STATUSES = """
    applies_when  test |  no_unless  T  F  ?
         -          T  |      M      M  M  M
         -          F  |      N      R  N  ?
         -          ?  |      ?      ?  ?  ?
         T          T  |      M      M  M  M
         T          F  |      N      R  N  ?
         T          ?  |      ?      ?  ?  ?
         F          T  |      -      -  -  -
         F          F  |      -      -  -  -
         F          ?  |      -      -  -  -
         ?          T  |      ?      ?  ?  ?
         ?          F  |      ?      ?  ?  ?
         ?          ?  |      ?      ?  ?  ?
"""


def criterion(applies: bool, arms: int, needed: int, unless: bool) -> Criterion:
    return Criterion(
        id="asked",
        says="",
        arms=tuple(Arm("", "", Is(Name(f"arm_{n}"))) for n in range(arms)),
        needed=needed,
        applies_when=Is(Name("applies")) if applies else None,
        unless=Is(Name("unless")) if unless else None,
        advisory=False,
        citation=Citation(),
        note="",
        names=(),
    )


@pytest.mark.parametrize(("row", "unless", "expected"), grid(STATUSES))
def test_status(row, unless, expected):
    applies, test = row.split()
    asked = criterion(applies != "-", 1, 1, unless != "no_unless")
    facts = {"applies": TRUTH.get(applies), "arm_0": TRUTH[test], "unless": TRUTH.get(unless)}
    assert status_of(asked, SimpleNamespace(facts=facts)) is STATUS[expected]


# Several arms. `all_of` needs each, `any_of` one, `at_least: 2` any two.
ARMS = """
    arms | all_of any_of at_least_2
    TTT  |   M      M        M
    TTF  |   N      M        M
    TT?  |   ?      M        M
    TFF  |   N      M        N
    TF?  |   N      M        ?
    T??  |   ?      M        ?
    FFF  |   N      N        N
    FF?  |   N      ?        N
    F??  |   N      ?        ?
    ???  |   ?      ?        ?
"""

ARM_LINES = """
          - {says: One., test: infection}
          - {says: Two., test: pregnancy}
          - {says: Three., test: anticoagulant}
"""
DOCUMENT = f"""
id: three-arms
kind: local
issuer: Nobody
title: Three arms
requests:
  any_request:
    title: Any
    asked_when: 'true'
    criteria:
      - id: all_of
        says: All.
        all_of: {ARM_LINES}
      - id: any_of
        says: Any.
        any_of: {ARM_LINES}
      - id: at_least_2
        says: Two.
        at_least: 2
        of: {ARM_LINES}
"""


@pytest.mark.parametrize(("arms", "form", "expected"), grid(ARMS))
def test_status_of_several_arms(arms, form, expected):
    facts = dict(zip(("infection", "pregnancy", "anticoagulant"), (TRUTH[arm] for arm in arms), strict=True))
    asked = read_policy(DOCUMENT, "three-arms.yaml").criteria()[form]
    assert status_of(asked, SimpleNamespace(facts=facts)) is STATUS[expected]


# The verdict on a request with two criteria: the worst news first, and what does not apply says nothing.
VERDICTS = """
      | N R ? M -
    N | N N N N N
    R | N R R R R
    ? | N R ? ? ?
    M | N R ? M M
    - | N R ? M -
"""


@pytest.mark.parametrize(("one", "other", "expected"), grid(VERDICTS))
def test_verdict(one, other, expected):
    assert verdict_of([STATUS[one], STATUS[other]]) is STATUS[expected]


def test_the_verdict_on_no_criteria_is_not_applicable():
    assert verdict_of([]) is Status.NOT_APPLICABLE


def test_the_words_are_the_same_everywhere():
    assert [str(status) for status in Status] == ["met", "not met", "not documented", "needs review", "not applicable"]
