"""Cited figures: the files that come with Facetwise, and what a malformed file is told."""

import math

import pytest

from facetwise.documents import DocumentError
from facetwise.evidence import (
    Certainty,
    UnknownFigure,
    figure,
    load_documents,
    load_figures,
    read_evidence,
    source_of,
)
from facetwise.evidence.reading import require_sources_agree
from facetwise.reports.explanations import explanation

FIGURES = load_figures()
TOPICS = {
    "prevalence",
    "block_accuracy",
    "block_duration",
    "diary",
    "volumes",
    "ablation_outcome",
    "ablation_technique",
    "injection_outcome",
    "complications",
    "examination",
    "imaging",
    "economics",
    "alternative_sources",
}

USED_BY_OTHER_CODE = [
    ("baseline_nrs_floor", 4, "NRS points", ">=", True),
    ("baseline_nrs_floor_nice", 5, "NRS points", ">=", True),
    ("minimal_important_change_nrs", 2, "NRS points", None, True),
    ("lidocaine_duration_floor_hours", 2, "hours", ">=", True),
    ("bupivacaine_duration_floor_hours", 3, "hours", ">=", True),
    ("lidocaine_duration_floor_utah_hours", 1, "hours", ">=", True),
    ("bupivacaine_duration_floor_utah_hours", 2, "hours", ">=", True),
    ("lidocaine_duration_ceiling_hours", 7, "hours", "<=", False),
    ("bupivacaine_duration_ceiling_hours", 24, "hours", "<=", False),
    ("anaesthetic_window_start_minutes", 30, "minutes", None, True),
    ("diary_hours", 8, "hours", None, True),
    ("no_rescue_analgesic_hours", 8, "hours", ">=", True),
    ("lumbar_block_volume_limit_ml", 0.5, "mL", "<=", True),
    ("cervical_block_volume_limit_ml", 0.3, "mL", "<", True),
    ("lumbar_intra_articular_volume_limit_ml", 1.5, "mL", "<", True),
    ("cervical_intra_articular_volume_limit_ml", 1, "mL", "<=", False),
    ("stated_and_scored_relief_gap_percent_points", 20, "percent points", ">", False),
]


@pytest.mark.parametrize(("id", "value", "unit", "operator", "verified"), USED_BY_OTHER_CODE)
def test_figures_that_other_code_uses(id, value, unit, operator, verified):
    found = figure(id)
    assert (found.value, found.unit, found.operator, found.certainty.verified) == (
        value,
        unit,
        operator,
        verified,
    )


def test_every_topic_is_there():
    assert set(load_documents()) == TOPICS
    assert {found.topic for found in FIGURES.values()} == TOPICS


@pytest.mark.parametrize("id", FIGURES)
def test_every_figure_can_be_traced(id):
    found = figure(id)
    assert found.id == id
    assert source_of(found) is load_documents()[found.topic].sources[found.cites.source]
    assert found.says.endswith(".")
    assert found.says == found.says.strip()


def test_no_source_is_listed_and_not_cited():
    for document in load_documents().values():
        assert set(document.sources) == {found.cites.source for found in document.figures.values()}


def test_what_was_read_says_when_and_what_was_not_says_nothing():
    for document in load_documents().values():
        for source in document.sources.values():
            assert (source.read_on is not None) is source.certainty.verified, source.title


def test_false_positive_rates_say_which_of_the_two_they_are():
    rates = [found for id, found in FIGURES.items() if "block_false_positive" in id]
    assert len(rates) > 20
    assert all(found.definition for found in rates)


KINDS = {
    "prevalence by region": ("cervical_prevalence", "thoracic_prevalence", "lumbar_prevalence"),
    "false-positive rates": ("cervical_single_block_false", "thoracic_single_block_false", "lumbar_single_block_false"),
    "accuracy by block paradigm": ("cervical_comparative_block_sensitivity", "cervical_comparative_block_specificity"),
    "ablation by threshold": ("lumbar_ablation_success_block_50", "lumbar_ablation_success_block_80"),
    "ablation by number of blocks": ("lumbar_ablation_success_no_block", "lumbar_ablation_success_two_blocks"),
    "duration of relief": ("lumbar_ablation_relief_first", "cervical_ablation_relief_repeat", "steroid_block_relief"),
    "complication rates": ("block_intravascular", "lumbar_ablation_minor_complications", "facet_sepsis"),
    "anaesthetic durations": ("lidocaine_duration", "bupivacaine_duration", "anaesthetic_relief_expected"),
    "changes that matter": (
        "minimal_important_change_nrs",
        "minimal_important_change_odi",
        "minimal_important_change_ndi",
    ),
    "costs and utilities": ("lumbar_ablation_cost", "ablation_cost_per_qaly", "eq_5d", "ablation_utility_gain"),
    "technique": ("ablation_temperature", "ablation_time", "ablation_needle", "lumbar_block_volume"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_figure_is_there(kind):
    assert [start for start in KINDS[kind] if not any(id.startswith(start) for id in FIGURES)] == []


def test_what_is_derived_here_cites_what_it_was_derived_from():
    derived = [found for found in FIGURES.values() if found.derived]
    assert len(derived) > 30
    assert all(found.source.read_on for found in derived if found.certainty.verified)


def test_a_figure_from_memory_names_no_place_in_a_source_that_was_read():
    claimed = [id for id, found in FIGURES.items() if not found.certainty.verified and "excerpt" in found.cites.where]
    assert claimed == []


@pytest.mark.parametrize("id", FIGURES)
def test_the_page_of_a_figure_says_everything_about_it(id):
    found = figure(id)
    (meaning,) = [one for one in explanation(id).meanings if one.kind == "figure"]
    told = dict(meaning.details)
    assert meaning.says == found.says
    assert {"value", "n", "population", "source", "certainty", found.interval or "interval"} <= set(told)
    for end in (found.value, found.low, found.high):
        assert end is None or f"{end:g}" in told["value"] + told[found.interval or "interval"]
    assert found.unit in told["value"] + told[found.interval or "interval"]
    assert told["n"] == ("not given" if found.n is None else str(found.n))
    assert told["certainty"] == str(found.certainty)
    assert told.get("note", "") == found.note
    assert ("read on" in told["source"]) is found.certainty.verified


def test_no_figure_is_there_for_ropivacaine():
    assert not [id for id in FIGURES if "ropivacaine" in id]


def test_a_citation_may_be_less_certain_than_its_source():
    difference = figure("lumbar_ablation_3_month_difference_mint_facet_nrs_points")
    interval = figure("lumbar_ablation_3_month_difference_mint_facet_interval_nrs_points")
    assert source_of(difference) == source_of(interval)
    assert (difference.certainty, interval.certainty) == (Certainty.PRIMARY, Certainty.UNVERIFIED)


def test_an_unknown_figure_names_the_likely_one():
    with pytest.raises(UnknownFigure) as refused:
        figure("lidocaine_duration_flor_hours")
    assert "Did you mean lidocaine_duration_floor_hours?" in str(refused.value)
    assert isinstance(refused.value, KeyError)


WILSON = [
    ("lumbar_prevalence_schwarzer_1994_wilson_percent", 26, 176),
    ("lumbar_single_block_predictive_value_schwarzer_1994_wilson_percent", 26, 83),
    ("lumbar_single_block_false_positive_schwarzer_1994_wilson_percent", 57, 150),
    ("cervical_single_block_false_positive_barnsley_1993_wilson_percent", 16, 60),
    ("third_occipital_ablation_success_govind_2003_wilson_percent", 43, 49),
    ("third_occipital_ablation_repeat_success_govind_2003_wilson_percent", 12, 14),
    ("lumbar_ablation_success_no_block_as_randomised_cohen_2010_wilson_percent", 17, 51),
    ("lumbar_ablation_success_one_block_as_randomised_cohen_2010_wilson_percent", 8, 50),
    ("lumbar_ablation_success_two_blocks_as_randomised_cohen_2010_wilson_percent", 11, 50),
    ("lumbar_marked_improvement_1_month_steroid_carette_1991_wilson_percent", 20, 49),
    ("lumbar_marked_improvement_1_month_saline_carette_1991_wilson_percent", 16, 48),
    ("lumbar_ablation_minor_complications_per_lesion_kornick_2004_wilson_percent", 6, 616),
    ("lumbar_ablation_minor_complications_per_procedure_kornick_2004_wilson_percent", 6, 116),
]


@pytest.mark.parametrize(("id", "events", "n"), WILSON)
def test_wilson_intervals_are_what_the_counts_give(id, events, n):
    found = figure(id)
    places = 1 if "kornick" in id else 0
    share = events / n
    computed = [100 * number for number in (share, *wilson(events, n))]
    assert [round(number, places) for number in computed] == [found.value, found.low, found.high]
    assert found.n == n
    assert found.derived


def test_every_wilson_interval_is_recomputed():
    assert {id for id in FIGURES if "_wilson_" in id} == {id for id, _, _ in WILSON}


def wilson(events, n, z=1.959964):
    share, square = events / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return middle - half, middle + half


@pytest.mark.parametrize(
    ("prefix", "sensitivity", "specificity", "names"),
    [
        ("cervical_comparative_block_{}_likelihood_ratio_strict", 54, 88, ("positive", "negative")),
        ("cervical_comparative_block_{}_likelihood_ratio_liberal", 100, 65, ("positive", "negative")),
        ("sacroiliac_3_of_6_{}_likelihood_ratio_laslett_2005", 94, 78, ("positive", "negative")),
        ("lumbar_revel_{}_likelihood_ratio_laslett_2004", 17, 90, ("positive", "negative")),
        ("lumbar_cluster_3_of_5_{}_likelihood_ratio_laslett", 85, 91, ("negative",)),
    ],
)
def test_derived_likelihood_ratios_follow_from_the_printed_figures(prefix, sensitivity, specificity, names):
    ratios = {"positive": sensitivity / (100 - specificity), "negative": (100 - sensitivity) / specificity}
    for name in names:
        assert figure(prefix.format(name)).value == pytest.approx(ratios[name], rel=0.05, abs=0.005)


SOUND = """\
id: example
title: An example
sources:
  paper_2004: {title: A paper}
figures:
  a_share_percent:
    says: A share.
    value: 31
    low: 27
    high: 36
    interval: 95% CI
    unit: percent
    cites: {source: paper_2004}
"""


def test_a_sound_file_is_read():
    document = read_evidence(SOUND, "example.yaml")
    found = document.figures["a_share_percent"]
    assert (found.id, found.topic, found.value, found.low, found.high) == (
        "a_share_percent",
        "example",
        31,
        27,
        36,
    )
    assert found.certainty is Certainty.PRIMARY
    assert found.source == document.sources["paper_2004"]


MALFORMED = {
    "unknown source": ("source: paper_2004", "source: paper_2003", 13, "Did you mean paper_2004?"),
    "low above high": ("low: 27", "low: 37", 9, "low 37 is above high 36"),
    "value outside": ("value: 31", "value: 26", 8, "value 26 lies outside its interval 27-36"),
    "key twice": ("    high: 36", "    low: 36", 10, 'The key "low" is given twice'),
    "unknown field": ("high: 36", "hihg: 36", 10, "Did you mean high?"),
    "id inside": ("high: 36", "id: other", 10, "This field is not known here"),
    "not a number": ("value: 31", "value: about 31", 8, "Accepted: a number"),
    "not finite": ("value: 31", "value: nan", 8, "value is not a finite number"),
    "no value": ("    value: 31\n    low: 27\n    high: 36\n", "", 7, "neither a value nor a low or high"),
    "nameless interval": ("    interval: 95% CI\n", "", 9, "The interval is not named"),
    "no interval": ("    low: 27\n    high: 36\n", "", 9, "An interval is named and not given"),
    "no source": ("    cites: {source: paper_2004}\n", "", 7, "This field is required and missing"),
    "no words": ("says: A share.", 'says: ""', 7, "Accepted: text"),
    "unknown operator": ("unit: percent", "unit: percent\n    operator: =<", 13, "Accepted: <, <=, >"),
    "unknown certainty": (
        "title: A paper",
        "title: A paper, certainty: sure",
        4,
        "read in the primary source",
    ),
    "not an id": ("a_share_percent:", "A-Share:", 7, '"A-Share" is not an id'),
    "taken id": ("a_share_percent:", "diary_hours:", 7, 'The figure "diary_hours" is also in diary.yaml'),
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_malformed_file_is_told_what_and_where(case):
    old, new, line, expected = MALFORMED[case]
    assert old in SOUND
    with pytest.raises(DocumentError) as refused:
        read_evidence(SOUND.replace(old, new), "example.yaml")
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("example.yaml", line)
    assert expected in str(problem)


def test_every_problem_of_a_file_is_named():
    text = SOUND.replace("source: paper_2004", "source: paper_2003").replace("low: 27", "low: 40")
    with pytest.raises(DocumentError) as refused:
        read_evidence(text, "example.yaml")
    assert [problem.line for problem in refused.value.problems] == [9, 13]


def test_one_source_key_means_one_source():
    first = read_evidence(SOUND, "example.yaml")
    second = read_evidence(SOUND.replace("A paper", "Another paper"), "other.yaml")
    with pytest.raises(DocumentError, match='"paper_2004" is described differently in example'):
        require_sources_agree({"example": first, "other": second})


def test_a_new_edition_of_a_file_that_comes_with_facetwise_may_keep_its_ids():
    text = SOUND.replace("id: example", "id: diary").replace("a_share_percent", "diary_hours")
    assert read_evidence(text, "diary.yaml").figures["diary_hours"].topic == "diary"
