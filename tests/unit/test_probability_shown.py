"""Chances as a reader sees them: the patient's own, in words, as an icon array, as blocks of a page."""

import re
import xml.etree.ElementTree as ElementTree

import msgspec
import pytest

from facetwise.probability import (
    ABLATION,
    SOURCE,
    Likelihood,
    NoFigure,
    Person,
    Setting,
    assumptions,
    chance_ablation_helps,
    chance_of_source,
    icon_array_svg,
    leading,
    patient,
    patient_likelihoods,
)
from facetwise.probability.icon_array import caption
from facetwise.probability.words import of_100, scale_word
from facetwise.records import Interval
from facetwise.reports.html import html
from facetwise.reports.likelihood import basis_blocks, chance_blocks, likelihood_blocks
from facetwise.reports.markdown import markdown
from facetwise.reports.page import Bullets, Drawing, Page, Paragraph, Section, Table
from facetwise.spine import Region

LUMBAR, THORACIC = Region.LUMBAR, Region.THORACIC
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("percent", "word"),
    [
        (0, "very unlikely"),
        (9, "very unlikely"),
        (10, "unlikely"),
        (32, "unlikely"),
        (33, "uncertain"),
        (66, "uncertain"),
        (67, "likely"),
        (89, "likely"),
        (90, "very likely"),
        (100, "very likely"),
    ],
)
def test_the_scale_of_words_at_its_cut_points(percent, word):
    assert scale_word(percent, assumptions().words) == word


def test_a_chance_of_100_people():
    assert chance_of_source(LUMBAR, 1, 80).says == (
        "Of 100 people like this, about 62 would have their pain from the joints (95% interval 56 to 69)."
    )
    assert "about 39 would do well after ablation" in chance_ablation_helps(LUMBAR, 1, 50).says
    assert "hardly any would" in of_100(0, 0, 2, "would")


def test_the_people_counted_are_those_of_setting_and_blocks():
    people = [chance_of_source(LUMBAR, blocks, 80).people for blocks in (0, 1, 2)]
    assert people == [
        f"with chronic lumbar pain, seen in an interventional pain practice, {after}"
        for after in (
            "before any block",
            "after one block with at least 80% relief",
            "after two blocks with at least 80% relief each",
        )
    ]


# The picture.


def icons(svg: str) -> list[str]:
    return [path.get("class") for path in ElementTree.fromstring(svg).iter(f"{SVG}path")]


@pytest.mark.parametrize("percent", [0, 1, 31, 62, 99, 100])
def test_as_many_of_100_people_are_filled_as_the_chance_says(percent):
    chance = msgspec.structs.replace(chance_of_source(LUMBAR, 1, 80), per_100=percent, low=percent, high=percent)
    classes = icons(icon_array_svg(chance))
    assert len(classes) == 100
    assert classes == ["filled"] * percent + ["empty"] * (100 - percent)


def test_the_people_within_the_interval_are_marked_filled_or_not():
    classes = icons(icon_array_svg(chance_of_source(LUMBAR, 1, 80)))
    assert classes == ["filled"] * 56 + ["filled within"] * 6 + ["empty within"] * 7 + ["empty"] * 31


def test_the_picture_can_be_read_without_eyes_and_holds_no_script():
    chance = chance_of_source(LUMBAR, 1, 80)
    svg = icon_array_svg(chance, name="first")
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "first-title first-desc"
    assert root.find(f"{SVG}title").text == "How likely it is that the joints are the source of the pain"
    assert root.find(f"{SVG}desc").text.startswith(chance.says)
    assert "script" not in svg
    assert "prefers-color-scheme: dark" in svg


def test_two_pictures_on_a_page_share_no_id():
    first, second = (icon_array_svg(chance_of_source(LUMBAR, 1, 80), name=name) for name in ("one", "two"))
    assert not set(re.findall(r'id="(.*?)"', first)) & set(re.findall(r'id="(.*?)"', second))


def test_the_people_do_not_leave_the_picture():
    root = ElementTree.fromstring(icon_array_svg(chance_of_source(LUMBAR, 1, 80)))
    width, height = (float(size) for size in root.get("viewBox").split()[2:])
    starts = [re.findall(r"M([\d.]+) ([\d.]+)", path.get("d")) for path in root.iter(f"{SVG}path")]
    assert len({tuple(start) for start in starts}) == 100
    assert all(0 < float(x) < width and 0 < float(y) < height for start in starts for x, y in start)


# One patient.


@pytest.mark.parametrize(("blocks", "counted"), [(0, 0), (1, 1), (2, 2), (5, 2)])
def test_a_patient_gets_the_chances_of_the_positive_blocks_so_far(blocks, counted):
    strict, loose = patient_likelihoods(LUMBAR, blocks, blocks, blocks).at
    assert (strict.threshold_percent, loose.threshold_percent) == (80, 50)
    assert strict.positive_blocks == counted
    assert strict.source_now == chance_of_source(LUMBAR, counted, 80)
    assert loose.ablation_helps == chance_ablation_helps(LUMBAR, counted, 50)
    more = None if counted == 2 else chance_of_source(LUMBAR, counted + 1, 80)
    assert strict.source_after_one_more == more


@pytest.mark.parametrize(
    ("region", "at_50", "at_80", "done", "reason_at_50", "reason_at_80"),
    [
        (None, 1, 1, 1, "not documented, or they lie in more than one region", "more than one region"),
        (LUMBAR, None, 1, 1, "How many blocks relieved at least 50% is not documented.", ""),
        (LUMBAR, 1, Interval(0, 1), 1, "", "How many blocks relieved at least 80% is not documented."),
        (LUMBAR, 1, Interval(1, 1), Interval(1, 1), "", ""),
        (LUMBAR, 1, 0, 1, "", "A block relieved less than 80%"),
        (LUMBAR, 1, 1, 2, "A block relieved less than 50%", "A block relieved less than 80%"),
        (LUMBAR, 0, 0, None, "How many diagnostic blocks", "How many diagnostic blocks"),
        (LUMBAR, 0, 0, Interval(0, float("inf")), "How many diagnostic blocks", "How many diagnostic blocks"),
        (LUMBAR, 0, 0, 0, "", ""),
    ],
)
def test_what_is_not_documented_of_a_patient_has_no_figure(region, at_50, at_80, done, reason_at_50, reason_at_80):
    strict, loose = patient_likelihoods(region, at_50, at_80, done).at
    for at, reason in ((strict, reason_at_80), (loose, reason_at_50)):
        if not reason:
            assert isinstance(at.source_now, Likelihood)
            continue
        assert at.positive_blocks is None
        for chance in (at.source_now, at.source_after_one_more, at.ablation_helps):
            assert isinstance(chance, NoFigure)
            assert reason in chance.reason


def test_a_patient_sees_what_the_chance_is_in_other_settings():
    strict, _ = patient_likelihoods(LUMBAR, 1, 1, 1).at
    elsewhere = [chance_of_source(LUMBAR, 1, 80, setting).percent for setting in list(Setting)[1:]]
    assert [one.percent for one in strict.elsewhere] == elsewhere
    general, _ = patient_likelihoods(LUMBAR, 1, 1, 1, Setting.GENERAL_PAIN).at
    assert general.source_now == chance_of_source(LUMBAR, 1, 80, Setting.GENERAL_PAIN)
    assert len(general.elsewhere) == 2


def test_a_letter_tells_every_threshold_that_has_a_figure_and_names_it():
    told = leading(patient_likelihoods(LUMBAR, 1, 1, 1))
    assert [(one.what, one.threshold_percent) for one in told] == [(SOURCE, 80), (SOURCE, 50), (ABLATION, 50)]
    assert [one.by for one in told[:2]] == [f"by blocks of at least {percent}% relief" for percent in (80, 50)]
    none = leading(patient_likelihoods(None, 1, 1, 1))
    assert [(type(one), one.what) for one in none] == [(NoFigure, SOURCE), (NoFigure, ABLATION)]


def test_a_letter_tells_once_what_two_thresholds_take_from_the_same_figures():
    told = leading(patient_likelihoods(LUMBAR, 0, 0, 0))
    assert [one.by for one in told if one.what == ABLATION] == ["without a block"]


@pytest.mark.parametrize(
    ("unlike", "reason"),
    [
        ({"pain_here": False}, "not of these joints"),
        ({"ablated": True}, "had an ablation"),
        ({"chronic": False}, "less than 3 months"),
        ({"axial": False}, "not mainly axial"),
    ],
)
def test_a_patient_whom_the_figures_do_not_count_has_no_figure(unlike, reason):
    counted = Person(pain_here=True, chronic=True, axial=True, ablated=False)
    assert patient_likelihoods(LUMBAR, 1, 1, 1, person=counted) == patient_likelihoods(LUMBAR, 1, 1, 1)
    found = patient_likelihoods(LUMBAR, 1, 1, 1, person=msgspec.structs.replace(counted, **unlike))
    for at in found.at:
        for chance in (at.source_now, at.source_after_one_more, at.ablation_helps):
            assert isinstance(chance, NoFigure)
            assert reason in chance.reason


def test_what_nobody_documented_of_a_patient_is_told_as_an_assumption():
    found = patient_likelihoods(LUMBAR, 1, 1, 1, person=Person(pain_here=True, chronic=None, axial=None, ablated=False))
    assert len(found.assumed) == 2
    assert found.at[0].source_now.assumptions[-2:] == found.assumed
    assert found.at[0].source_after_one_more.assumptions[-2:] == found.assumed
    assert all(text in text_of(likelihood_blocks(found)) for text in found.assumed)
    assert patient_likelihoods(None, 1, 1, 1, person=Person()).assumed == ()


def test_the_answers_kept_on_disk_are_those_that_are_worked_out(tmp_path, monkeypatch):
    monkeypatch.setenv("FACETWISE_CACHE", str(tmp_path))
    patient._ready.cache_clear()
    try:
        assert patient._ready() == patient._work_out()
        patient._ready.cache_clear()
        monkeypatch.setattr(patient, "_work_out", lambda: pytest.fail("worked out anew"))
        assert patient_likelihoods(LUMBAR, 1, 1, 1).at[0].source_now == chance_of_source(LUMBAR, 1, 80)
    finally:
        patient._ready.cache_clear()


def test_the_chances_of_a_patient_are_json():
    found = patient_likelihoods(LUMBAR, 1, 1, 1)
    plain = msgspec.json.decode(msgspec.json.encode(found))
    assert plain["at"][0]["source_now"]["kind"] == "likelihood"
    assert plain["at"][0]["source_now"]["interval"] == "95% interval"
    assert plain["at"][0]["ablation_helps"]["kind"] == "no_figure"


# The page.


def text_of(blocks) -> str:
    page = Page("", "", "", (), (Section("How likely it is", tuple(blocks)),), ())
    return markdown(page)


def test_a_page_tells_word_number_interval_picture_and_that_no_rule_asks():
    blocks = list(likelihood_blocks(patient_likelihoods(LUMBAR, 1, 1, 1)))
    assert [type(one) for one in blocks] == [*[Paragraph, Drawing] * 3, Table, Bullets, Paragraph]
    text = text_of(blocks)
    assert "That the joints are the source of the pain is uncertain by blocks of at least 80% relief: 62%." in text
    assert "That the joints are the source of the pain is unlikely by blocks of at least 50% relief: 31%." in text
    assert "| source of the pain | 2 positive at 80%, one more than now | 73 | 60 to 87 | likely |" in text
    assert "No figure for ablation helps at 80%: The one lumbar series" in text
    assert "no rule asks them" in text
    assert "The two rest on different studies." in text


def test_a_page_about_a_patient_of_whom_too_little_is_documented_says_what():
    blocks = list(likelihood_blocks(patient_likelihoods(THORACIC, None, None, 0)))
    assert [type(one) for one in blocks] == [Bullets]
    assert blocks[0].items[0].startswith("No figure for source of the pain at 80%, ablation helps at 80%: How many")
    assert list(basis_blocks(patient_likelihoods(THORACIC, None, None, 0))) == []


def test_a_report_adds_assumptions_other_studies_and_figures():
    text = text_of(basis_blocks(patient_likelihoods(LUMBAR, 2, 2, 2)))
    assert "Every correlation from 0 to 1 counts alike." in text
    assert "if the second block errs independently of the first | 86 | 80 to 91" in text
    assert "by Manchukonda et al. 2007 | 53 | 41 to 68 | unverified" in text
    assert "as randomised, counted from the start of a work-up with two blocks" in text
    assert "people not selected by an interventional pain practice" in text
    assert "lumbar\\_prevalence\\_dual\\_block\\_80\\_percent\\_manchikanti\\_2004" in text
    assert "Counted are people" not in text


def test_a_letter_tells_each_chance_or_why_not():
    blocks = list(chance_blocks(leading(patient_likelihoods(THORACIC, 1, 1, 1))))
    assert isinstance(blocks[1], Drawing)
    assert blocks[1].caption == caption(chance_of_source(THORACIC, 1, 80))
    assert blocks[2].text.startswith("How likely it is that ablation helps: no figure. No usable figure")


def test_pictures_of_several_patients_fit_on_one_page():
    pages = [
        Page(
            "",
            "",
            "",
            (),
            (Section("", tuple(likelihood_blocks(patient_likelihoods(LUMBAR, 1, 1, 1), name=name))),),
            (),
        )
        for name in ("first", "second")
    ]
    ids = re.findall(r' id="(.*?)"', html(pages))
    assert len(ids) == len(set(ids))
