"""The texts for patients: complete in both languages, every claim with a source that somebody read, every plan told."""

import ast
import datetime
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.documents import DocumentError, read_yaml
from facetwise.education import (
    Answers,
    IconArray,
    Importance,
    Language,
    Plan,
    YourChance,
    decision_aid,
    education_page,
    icon_array,
    plan_kinds,
    plan_of,
    plan_of_record,
    summary_for_clinician,
)
from facetwise.education.html import html
from facetwise.education.reading import read_texts, texts
from facetwise.education.text import text
from facetwise.education.written import Passages, Understand, Wording
from facetwise.evidence import Certainty, Source, figure
from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step
from facetwise.rules import policy_named
from facetwise.spine import Region

DAY = datetime.date(2026, 11, 23)
FOLDER = files("facetwise.education").joinpath("texts")
NAMES = sorted(entry.name for entry in FOLDER.iterdir() if entry.name.endswith(".yaml"))


def within(value, path=()):
    yield path, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in parts:
        yield from within(part, (*path, step))


# --- what is written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_text_is_in_both_languages_and_they_differ(name):
    value = read_yaml(FOLDER.joinpath(name).read_text(encoding="utf-8"), name).value
    for path, part in within(value):
        if isinstance(part, dict) and ("en" in part or "es" in part):
            assert set(part) >= {"en", "es"}, path
            assert part["en"] != part["es"] or part["en"] == "No", path


def test_every_source_is_cited_and_was_read():
    used = {
        one["source"]
        for name in NAMES
        for _, part in within(read_yaml(FOLDER.joinpath(name).read_text(encoding="utf-8"), name).value)
        if isinstance(part, dict)
        for one in part.get("rests_on", ())
        if "source" in one
    }
    assert used == set(texts().sources)
    assert all(source.read_on and source.certainty.verified for source in texts().sources.values())


def test_every_word_of_the_wording_is_used_by_code():
    code = "".join(path.read_text() for path in Path(str(FOLDER)).parent.glob("*.py"))
    strings = {node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)}
    formed = {f"summary_{one.value}" for one in Importance} | {one.value for one in Importance}
    formed |= {name for name in texts().wording.wording if name.startswith("drawing_")} | {"summary_open"}
    assert set(texts().wording.wording) - formed - strings == set()


def test_every_step_of_the_pathway_has_one_passage():
    told = [step for passage in texts().passages.passages for step in passage.steps]
    assert sorted(told) == sorted(step.id for step in policy_named("facet-pathway").steps)


def test_every_step_of_the_decision_aid_stands_at_equal_length():
    for option in texts().aid.options:
        assert (len(option.for_), len(option.against)) == (2, 2)


# --- bad files: one clear error each --------------------------------------------------------------------------------

SOURCES = {
    "leaflet": Source(title="A leaflet", read_on=DAY),
    "memory": Source(title="From memory", certainty=Certainty.UNVERIFIED),
}
PASSAGE = """\
passages:
  - id: first
    steps: [first_block]
    title: {en: Why, es: Por qué}
    blocks:
      - text:
          en: It lasts {anaesthetic_relief_expected_by_leaflets_hours} hours.
          es: Dura {anaesthetic_relief_expected_by_leaflets_hours} horas.
          rests_on: [{source: leaflet}]
"""


def test_a_sound_file_is_read():
    assert read_texts(PASSAGE, "made-up.yaml", Passages, SOURCES).passages[0].id == "first"


HOURS = "{anaesthetic_relief_expected_by_leaflets_hours}"
CHANCE = """\
title: {en: T, es: Título}
lead: []
questions_title: {en: Q, es: P}
questions: []
sections:
  - id: one
    title: {en: T, es: Título}
    blocks:
      - chance:
          id: help
          title: {en: Help, es: Ayuda}
          among: {en: with pain, es: con dolor}
          would: {en: got well, es: mejoraron}
          figures: {lumbar: FIGURE}
          without: {en: None, es: Ninguno}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("          es: Dura", "          fr: Dure", 8, "not known here"),
        ("    title: {en: Why, es: Por qué}\n", "    title: {en: Why}\n", 4, "es: This field is required"),
        ("es: Por qué", 'es: ""', 4, "Found"),
        (f"lasts {HOURS}", "lasts {anaesthetic_hours}", 7, 'asks for "anaesthetic_hours"'),
        (f"lasts {HOURS}", "lasts 4 to 6", 7, "A number is written into the text"),
        (f"Dura {HOURS}", "Dura unas", 8, "different figures"),
        ("{source: leaflet}", "{source: leaflt}", 9, "Did you mean leaflet?"),
        ("{source: leaflet}", "{source: memory}", 9, "Nobody has read"),
        ("{source: leaflet}", "{figure: joint_steroid_dose_in_practice_mg}", 9, "was read in a source"),
        ("{source: leaflet}", "{figure: x, source: leaflet}", 9, "exactly one of the two"),
        ("[{source: leaflet}]", "[]", 9, "rests on nothing"),
        ("      - text:", "      - advice: {en: A, es: B}\n        text:", 6, "A block has one kind, not 2"),
    ],
)
def test_a_bad_file_gives_one_error_with_place_and_remedy(old, new, line, says):
    assert old in PASSAGE
    with pytest.raises(DocumentError) as refused:
        read_texts(PASSAGE.replace(old, new, 1), "made-up.yaml", Passages, SOURCES)
    told = [str(problem) for problem in refused.value.problems]
    assert any(says in one for one in told)
    assert all(one.startswith("made-up.yaml:") for one in told)
    assert any(problem.line == line and problem.remedy for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("id", "sound"),
    [
        ("lumbar_ablation_success_6_to_12_months_conger_2020_percent", True),
        ("lumbar_positive_block_steroid_facts_2018_percent", False),  # no interval
        ("lidocaine_duration_floor_hours", False),  # no percent
        ("no_such_figure", False),
    ],
)
def test_a_picture_is_of_a_percent_with_its_interval(id, sound):
    written = CHANCE.replace("FIGURE", id)
    if sound:
        read_texts(written, "made-up.yaml", Understand, {})
        return
    with pytest.raises(DocumentError, match=f'14:.*"{id}" is no figure for a picture'):
        read_texts(written, "made-up.yaml", Understand, {})


def test_an_id_used_twice_is_told():
    twice = PASSAGE + PASSAGE.removeprefix("passages:\n")
    with pytest.raises(DocumentError, match=r'made-up\.yaml:10:.*The id "first" is used twice'):
        read_texts(twice, "made-up.yaml", Passages, SOURCES)


def test_wording_is_held_to_the_same():
    with pytest.raises(DocumentError, match="A number is written"):
        read_texts('wording: {to: {en: "5", es: "5"}}\npain: {}\n' + MONTHS, "made-up.yaml", Wording, {})


MONTHS = "dates: {en: '{day}', es: '{day}'}\nmonths: {en: [a], es: [b]}\n"


# --- pages ----------------------------------------------------------------------------------------------------------


def pictures(page):
    sections = (*([page.plan] if page.plan else []), *page.sections)
    return [block for section in sections for block in section.blocks if isinstance(block, IconArray)]


@pytest.mark.parametrize("language", Language)
def test_for_anybody_both_regions_are_pictured(language):
    page = education_page(language)
    assert page.plan is None
    assert {one.region for one in pictures(page)} == {Region.LUMBAR, Region.CERVICAL}
    assert len({one.id for one in pictures(page)}) == len(pictures(page))


@pytest.mark.parametrize("region", Region)
def test_a_picture_shows_its_figure_with_the_range(region):
    page = education_page(Language.ENGLISH, Plan(kind="nothing_yet", step="evaluation", region=region))
    (shown,) = [one for one in pictures(page) if one.id == f"source-{region}"]
    found = figure(f"{region}_prevalence_dual_block_80_percent_manchikanti_2004")
    assert (shown.value, shown.low, shown.high) == (found.value, found.low, found.high)
    assert str(shown.value) in shown.says
    assert f"between {shown.low} and {shown.high}" in shown.range
    assert {one.region for one in pictures(page)} == {region}


def test_a_region_without_a_figure_is_told_so():
    page = education_page(Language.SPANISH, Plan(kind="nothing_yet", step="evaluation", region=Region.THORACIC))
    (ablation,) = [section for section in page.sections if section.id == "ablation"]
    assert any("No encontramos un estudio" in getattr(block, "text", "") for block in ablation.blocks)


def test_a_range_is_never_left_out_of_a_sentence():
    written = text(education_page(Language.ENGLISH))
    assert "For the neck it was 7 to 9" in " ".join(written.split())
    assert "often 4 to 6" in written


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", plan_kinds())
def test_every_plan_has_a_page(language, kind):
    plan = Plan(kind=kind, step="")
    page = education_page(language, plan)
    assert page.plan.id == kind
    assert page.plan.blocks
    assert "your." not in html(page)
    assert len(page.questions.items) > len(education_page(language).questions.items)


def test_a_plan_of_no_kind_is_refused():
    with pytest.raises(ValueError, match='"surgery" is no kind of plan'):
        education_page(Language.ENGLISH, Plan(kind="surgery", step=""))


KINDS = {
    "sparse-referral": "nothing_yet",
    "fever-after-infection": "urgent",
    "new-back-pain": "nothing_yet",
    "goals-not-settled": "choice",
    "inflamed-joint-relief-wanted": "injection",
    "first-block-ready": "first_block",
    "diary-slept-through": "how_it_worked",
    "second-block-due": "second_block",
    "two-positive-blocks": "ablation",
    "pacemaker-instead-of-ablation": "injection",
    "ablation-follow-up": "follow_up",
    "repeat-ablation-due": "repeat_ablation",
    "second-block-negative": "search_elsewhere",
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_the_plan_of_an_example(name, kind):
    plan = plan_of_record(example_record(name, DAY), DAY)
    assert plan.kind == kind
    assert plan.has_choice is (kind == "choice")


def test_every_kind_of_plan_has_an_example():
    assert set(KINDS.values()) == set(plan_kinds())


@pytest.mark.parametrize("name", example_names())
def test_a_plan_takes_only_what_the_record_says(name):
    record = example_record(name, DAY)
    plan = plan_of(next_step(record, DAY), record)
    assert (plan.relief_percent is None) is (plan.block_date is None)
    assert plan == plan_of_record(record, DAY)
    bare = plan_of(next_step(record, DAY))
    assert (bare.relief_percent, bare.block_date) == (None, None)


def test_a_second_block_is_explained_by_the_first():
    plan = plan_of_record(example_record("second-block-too-early", DAY), DAY)
    told = " ".join(text(education_page(Language.ENGLISH, plan)).split())
    assert "Why your doctor may suggest a second block" in told
    assert "Your block on November 17, 2026 took away about 92 percent" in told
    assert "wait until December 1, 2026" in told
    assert "who had one good block, about 62 have their pain from the joints" in told
    spanish = " ".join(text(education_page(Language.SPANISH, plan)).split())
    assert "Su bloqueo del 17 de noviembre de 2026 le quitó cerca del 92 por ciento" in spanish


def test_what_is_not_documented_is_left_out():
    told = text(education_page(Language.ENGLISH, Plan(kind="second_block", step="confirming_block")))
    assert "Your block on" not in told
    assert "ask you to wait until" not in told
    assert "one good block is not proof" in " ".join(told.split())


@given(
    value=st.integers(0, 100),
    ends=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
    blocks=st.sampled_from([0, 1, 2]),
    language=st.sampled_from(Language),
)
def test_a_drawing_fills_as_many_people_as_the_sentence_says(value, ends, blocks, language):
    chance = YourChance(value, ends[0], ends[1], blocks, 80, ())
    plan = Plan(kind="second_block", step="confirming_block", region=Region.LUMBAR, chance=chance)
    (shown,) = [one for one in pictures(education_page(language, plan)) if one.id == "your-chance"]
    drawn = icon_array(shown)
    assert drawn.count('class="filled') == value
    assert drawn.count("within") - drawn.count(".within") == ends[1] - ends[0]
    assert f"{value} " in shown.says
    assert shown.says in drawn.replace("&#x27;", "'")


@pytest.mark.parametrize("language", Language)
def test_pages_stand_alone_and_name_their_language(language):
    for page in (education_page(language), decision_aid(language)):
        written = html(page)
        assert f'<html lang="{language}">' in written
        assert "<script" not in written
        assert 'src="' not in written
        assert "@import" not in written
        numbers = [
            number for one in page.sections for block in one.blocks for number in getattr(block, "references", ())
        ]
        assert max(numbers) <= len(page.references)
        assert all(f'id="source-{number}"' in written for number in range(1, len(page.references) + 1))


@pytest.mark.parametrize("language", Language)
def test_ids_on_a_page_are_unique(language):
    import re

    for page in (education_page(language), decision_aid(language)):
        ids = re.findall(r'\bid="([^"]+)"', html(page))
        assert len(ids) == len(set(ids))


def test_text_fits_its_width():
    for page in (education_page(Language.SPANISH), decision_aid(Language.SPANISH)):
        assert max(len(line) for line in text(page).splitlines()) <= 80


# --- the decision aid -----------------------------------------------------------------------------------------------


def test_the_aid_shows_every_option_with_both_sides():
    aid = decision_aid(Language.ENGLISH)
    assert [option.id for option in aid.options] == ["injection", "block", "neither"]
    assert {option for value in aid.values for option in value.speaks_for} == {option.id for option in aid.options}


def test_the_summary_says_what_the_patient_said():
    answers = Answers(
        values={"relief_soon": Importance.A_LOT, "no_steroid": Importance.A_LOT, "cost": Importance.NOT_AT_ALL},
        ready={"knows_options": True, "knows_values": False},
        questions=("if_i_wait",),
        own_question="  May I\nfly? ",
        leaning="not_sure",
    )
    summary = summary_for_clinician(answers)
    assert summary.leaning == ("Leans towards", "I am not sure yet")
    values = dict(summary.values)
    assert values["Matters a lot"] == ("To feel some relief soon, even if it fades", "To stay away from a steroid")
    assert values["Does not matter"] == ("What I have to pay",)
    assert len(values["Not answered"]) == 6
    by_option = {option: said for option, _, said in summary.speaks_for}
    assert by_option == {
        "injection": ("To feel some relief soon, even if it fades",),
        "block": ("To stay away from a steroid",),
        "neither": ("To stay away from a steroid",),
    }
    ready = dict(summary.ready)
    assert ready["Not ready yet"] == ("I know what matters most to me.",)
    assert len(ready["Not answered"]) == 2
    assert summary.questions[1] == ("What may happen if I wait?", "May I fly?")
    assert "Wants to ask: May I fly?" in summary.lines()
    assert "no order and no consent" in summary.note


def test_nothing_answered_is_not_a_no():
    summary = summary_for_clinician(Answers(), Language.SPANISH)
    assert summary.leaning == ("Se inclina por", "Sin respuesta")
    assert [label for label, _ in summary.values] == ["Sin respuesta"]
    assert [label for label, _ in summary.ready] == ["Sin respuesta"]
    assert all(said == () for _, _, said in summary.speaks_for)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        (Answers(values={"relief_son": Importance.SOME}), "Did you mean relief_soon?"),
        (Answers(ready={"knows_all": True}), 'ready: The decision aid has no "knows_all"'),
        (Answers(questions=("parking",)), 'questions: The decision aid has no "parking"'),
    ],
)
def test_an_answer_to_what_was_not_asked_is_refused(answers, says):
    with pytest.raises(DocumentError) as refused:
        summary_for_clinician(answers)
    (problem,) = refused.value.problems
    assert says in str(problem)


VALUES = [value.id for value in texts().aid.values]


@given(st.dictionaries(st.sampled_from(VALUES), st.sampled_from(Importance)), st.sampled_from(Language))
def test_every_value_is_in_the_summary_once(values, language):
    summary = summary_for_clinician(Answers(values=values), language)
    said = [one for _, ones in summary.values for one in ones]
    assert sorted(said) == sorted(value.in_(language) for value in texts().aid.values)
