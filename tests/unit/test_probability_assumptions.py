"""`assumptions.yaml`: what is wrong with a file is told with its line, and false positive rates are not mixed."""

from importlib.resources import files

import pytest

from facetwise.documents import DocumentError
from facetwise.evidence import load_figures
from facetwise.probability import read_assumptions

TEXT = files("facetwise.probability").joinpath("assumptions.yaml").read_text(encoding="utf-8")
DEFINITION_A = "{figure: lumbar_single_block_false_positive_manchikanti_2004_percent, by: interval}"
PREVALENCE = "{figure: lumbar_prevalence_dual_block_80_percent_manchikanti_2004, by: interval}"


def problem(old: str, new: str) -> str:
    """What is said of the file when its first `old` reads `new`."""
    assert old in TEXT
    with pytest.raises(DocumentError) as refusal:
        read_assumptions(TEXT.replace(old, new, 1), "assumptions.yaml")
    (found,) = refusal.value.problems
    assert found.line
    return str(found)


def test_the_file_that_comes_with_facetwise_is_sound():
    assert read_assumptions(TEXT, "assumptions.yaml").draws == 10**5


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("draws: 100000", "draws: many", "draws"),
        ("draws: 100000", "drawz: 100000\ndraws: 100000", "not known here"),
        ("seed: 1994", "seed: 1994\nseed: 1995", "given twice"),
        ("  value: 1\n", "  value: 0\n", "sensitivity.value"),
        ("  high: 1\n", "  high: 1.5\n", "dependence.high"),
        ("  low: 0\n  high: 1\n", "  low: 0.9\n  high: 0.2\n", "low is above high"),
        ("{low: 0.025, middle: 0.5", "{low: 0.6, middle: 0.5", "The quantiles do not rise"),
        ("{below: 33,", "{below: 8,", "The cut points do not rise"),
        ("{below: 101,", "{below: 99,", "The cut points do not rise"),
        ("usual_setting: interventional_practice", "usual_setting: practice", "Accepted: interventional_practice"),
        ("reference: two_blocks", "reference: two_block", "Did you mean two_blocks?"),
        ("thresholds: [80]", "thresholds: [75]", "thresholds[0]"),
        ("regions: [lumbar]", "regions: [sacral]", "Accepted: cervical, thoracic, lumbar"),
        ("{figure: lumbar_prevalence_dual_block_80", "{figure: lumbar_prevalence_dual_block_90", "There is no figure"),
        (PREVALENCE, PREVALENCE.replace("interval", "guess"), "by"),
        (PREVALENCE, PREVALENCE.replace("interval", "printed"), "would have no interval"),
        (PREVALENCE, "{figure: lumbar_prevalence_dual_block_50_percent_schwarzer_1994, by: interval}", "a 95% CI"),
        (PREVALENCE, "{figure: lumbar_prevalence_general_low_back_pain_percent, by: counts}", "has no value"),
        (PREVALENCE, "{figure: lumbar_ablation_success_one_block_per_ablation_cohen_2010_percent, by: counts}", "no n"),
        (PREVALENCE, "{figure: lumbar_ablation_relief_second_schofferman_2004_months, by: counts}", "is in months"),
        ("{thoracic_articular_branches_from_medial_branch_count}", "{thoracic_branches}", "quotes"),
        ("  thoracic: []\n", "", "thoracic is missing"),
    ],
)
def test_a_malformed_file_is_told_what_is_wrong(old, new, what):
    assert what in problem(old, new)


def test_a_question_with_no_row_and_one_with_two_are_both_told():
    with pytest.raises(DocumentError) as refusal:
        read_assumptions(TEXT.replace("thresholds: [80]", "thresholds: [50]", 1), "assumptions.yaml")
    assert [problem.what for problem in refusal.value.problems] == [
        "lumbar, 50, interventional_practice: there are 2 rows for it",
        "lumbar, 80, interventional_practice: there are 0 rows for it",
    ]


RATES_OF_ANOTHER_DEFINITION = [
    id
    for id, found in load_figures().items()
    if "block_false_positive" in id and not found.definition.startswith("A:") and found.unit == "percent"
]


@pytest.mark.parametrize("id", RATES_OF_ANOTHER_DEFINITION)
def test_a_false_positive_rate_that_is_not_1_less_specificity_is_refused(id):
    with pytest.raises(DocumentError, match=rf"{id} is not 1 - specificity"):
        read_assumptions(TEXT.replace(DEFINITION_A, f"{{figure: {id}, by: counts}}", 1), "assumptions.yaml")


def test_rates_of_both_other_definitions_were_tried():
    assert len(RATES_OF_ANOTHER_DEFINITION) > 5
