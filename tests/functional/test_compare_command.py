"""`facetwise compare` chooses policies as the other commands do, and says what contradicts itself."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest


def compared(facetwise: Callable, *arguments: str) -> list[str]:
    outcome = facetwise("compare", *arguments, "--format", "csv")
    assert outcome.code == 0, outcome.err
    return next(csv.reader(StringIO(outcome.out)))[2:]


DAY = ("--on", "2026-11-24")


def test_a_state_chooses_no_contractor_for_another_payer(facetwise: Callable) -> None:
    assert compared(facetwise, "--payer", "aetna", "--state", "OH", *DAY) == ["aetna-cpb-0016"]


@pytest.mark.parametrize(
    "chosen", [("--contractor", "cgs"), ("--state", "OH"), ("--payer", "medicare", "--state", "OH")]
)
def test_a_contractor_keeps_the_texts_that_all_share(facetwise: Callable, chosen: tuple[str, ...]) -> None:
    both = ["medicare-hospital-outpatient-2023", "medicare-cgs-l38773-2024"]
    assert compared(facetwise, *chosen, *DAY) == both


def test_without_a_choice_contractors_stay_aside(facetwise: Callable) -> None:
    ids = compared(facetwise, *DAY)
    assert {"medicare-facet-2024", "asipp-2020", "aetna-cpb-0016"} <= set(ids)
    assert not any("cgs" in one for one in ids)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compare", "asipp-2020", "--payer", "aetna"), "--payer: asipp-2020 is named already"),
        (("compare", "asipp-2020", "--state", "OH"), "--state: asipp-2020 is named already"),
        (("compare", "--payer", "aetna", "--contractor", "cgs"), "--contractor: cgs is a contractor of medicare"),
        (("next", "{patient}", "--payer", "aetna", "--contractor", "cgs"), "--contractor: cgs is a contractor of"),
        (("compare", "nope"), "POLICIES: There is no policy"),
        (("next", "{patient}", "--policy", "nope"), "--policy: There is no policy"),
    ],
)
def test_a_contradiction_is_wrong_usage(
    facetwise: Callable, patient: object, arguments: tuple[str, ...], told: str
) -> None:
    outcome = facetwise(*(str(patient) if one == "{patient}" else one for one in arguments))
    assert outcome.code == 2
    assert told in outcome.err


def test_what_changed_for_a_contractor_while_its_texts_overlap(facetwise: Callable) -> None:
    outcome = facetwise("compare", "--contractor", "cgs", "--on", "2024-07-20", "--with", "2024-08-20")
    assert "1 changed" in outcome.out
    assert "Levels per session" in outcome.out
