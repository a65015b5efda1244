"""How hard the texts for patients are to read, and the scorer itself against passages counted by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.education import Bullets, IconArray, Language, Paragraph, SideBySide, decision_aid, education_page
from facetwise.education.plans import Plan, plan_kinds
from facetwise.education.reading_level import (
    FERNANDEZ_HUERTA_NORMAL,
    INFLESZ_NORMAL,
    Counts,
    count_english,
    count_spanish,
    fernandez_huerta,
    flesch_kincaid_grade,
    inflesz,
    smog_grade,
)
from facetwise.education.syllables import english_syllables, spanish_syllables

GRADE = 8
ENGLISH, SPANISH = Language


def spoken(blocks):
    """What a reader reads of blocks, a line each."""
    for block in blocks:
        match block:
            case Paragraph():
                yield block.text
            case Bullets():
                yield from (item.text for item in block.items)
            case SideBySide():
                yield from (line for heading, cells in block.rows for line in (heading, *(cell.text for cell in cells)))
            case IconArray():
                yield from (block.title, block.says, block.range, block.note)
            case _:
                yield block.description


def sections_of(language):
    """Every section of both pages, and every personal passage, by name."""
    page, aid = education_page(language), decision_aid(language)
    found = {"lead": "\n".join(page.lead), "aid lead": "\n".join(aid.lead)}
    found["questions"] = "\n".join(one.text for one in page.questions.items)
    found["options"] = "\n".join(
        one.text for option in aid.options for one in (option.is_, *option.for_, *option.against)
    )
    asked = (*aid.ready.items, *aid.questions.items, *aid.leaning.items)
    found["values"] = "\n".join([aid.values_lead, *(one.text for one in aid.values)])
    found["aid questions"] = "\n".join(one.text for one in asked)
    for section in (*page.sections, *aid.sections, aid.about_aid):
        found[section.id] = "\n".join([section.title, *spoken(section.blocks)])
    for kind in plan_kinds():
        own = education_page(language, Plan(kind=kind, step="")).plan
        found[f"plan {kind}"] = "\n".join([own.title, *spoken(own.blocks)])
    return found


ENGLISH_SECTIONS, SPANISH_SECTIONS = sections_of(ENGLISH), sections_of(SPANISH)


@pytest.mark.parametrize("name", ENGLISH_SECTIONS)
def test_an_english_section_is_read_at_grade_8(name):
    assert flesch_kincaid_grade(count_english(ENGLISH_SECTIONS[name])) <= GRADE


def test_english_as_a_whole_is_easier_still():
    counts = count_english("\n".join(ENGLISH_SECTIONS.values()))
    assert counts.sentences >= 30  # which SMOG asks for
    assert flesch_kincaid_grade(counts) <= 5
    assert smog_grade(counts) <= 8  # made for full understanding, it lies one or two grades above the others


@pytest.mark.parametrize("name", SPANISH_SECTIONS)
def test_a_spanish_section_is_normal_or_easier(name):
    counts = count_spanish(SPANISH_SECTIONS[name])
    assert fernandez_huerta(counts) >= FERNANDEZ_HUERTA_NORMAL
    assert inflesz(counts) >= INFLESZ_NORMAL


def test_spanish_as_a_whole_is_rather_easy():
    counts = count_spanish("\n".join(SPANISH_SECTIONS.values()))
    assert fernandez_huerta(counts) >= 70
    assert inflesz(counts) >= 65


# --- the scorer ---------------------------------------------------------------------------------------------------

# Counted by hand: sentences, words, syllables, words of three and more syllables.
ENGLISH_PASSAGES = [
    # The cat sat on the mat: 6 words, 6 syllables; known to have grade -1.45.
    ("The cat sat on the mat.", Counts(1, 6, 6, 0), -1.45, 3.1291),
    # The 1 doc-tor 2 puts 1 a 1 thin 1 nee-dle 2 in-to 2 the 1 joint 1: 12 in 9. It may hurt for a day: 6 in 6.
    # 0.39 x 7.5 + 11.8 x 1.2 - 15.59
    ("The doctor puts a thin needle into the joint. It may hurt for a day.", Counts(2, 15, 18, 0), 1.495, 3.1291),
    # Ra-di-o-fre-quen-cy 6 ab-la-tion 3 in-ter-rupts 3 me-di-al 3 branch 1 nerves 1: 17 in 6, four of them long.
    # Sev-er-al 3 guide-lines 2 rec-om-mend 3 di-ag-nos-tic 4 in-jec-tions 3 first 1: 16 in 6, four of them long.
    # 0.39 x 6 + 11.8 x 2.75 - 15.59; 1.0430 x root of 120 + 3.1291
    (
        "Radiofrequency ablation interrupts medial branch nerves. Several guidelines recommend diagnostic injections first.",
        Counts(2, 12, 33, 8),
        19.2,
        1.0430 * math.sqrt(120) + 3.1291,
    ),
    # A heading is a sentence, and so is an item. Be-fore 2; ask 1 for 1 a 1 ride 1 home 1; 1 5 2 digits and min-utes 2.
    ("Before\nAsk for a ride home\n15 minutes", Counts(3, 8, 11, 0), 0.39 * 8 / 3 + 11.8 * 11 / 8 - 15.59, 3.1291),
]
SPANISH_PASSAGES = [
    # La 1 a-gu-ja 3 en-tra 2 en 1 la 1 ar-ti-cu-la-ción 5: 13 in 6.
    # El 1 do-lor 2 pue-de 2 vol-ver 2 en 1 u-nas 2 ho-ras 2: 12 in 7.
    # 206.84 - 60 x 25 / 13 - 1.02 x 6.5; 206.835 - 62.3 x 25 / 13 - 6.5
    ("La aguja entra en la articulación. El dolor puede volver en unas horas.", Counts(2, 13, 25, 2), 84.825, 80.527),
    # Ma-ña-na 3 el 1 mé-di-co 3 guia-rá 2 la 1 a-gu-ja 3 con 1 ra-yos 2 X 1: 17 in 9.
    # Tie-ne 2 us-ted 2 dia-be-tes 3: 7 in 3. 206.84 - 120 - 1.02 x 6; 206.835 - 124.6 - 6
    ("Mañana el médico guiará la aguja con rayos X. ¿Tiene usted diabetes?", Counts(2, 12, 24, 4), 80.72, 76.235),
]


@pytest.mark.parametrize(("passage", "counts", "grade", "smog"), ENGLISH_PASSAGES)
def test_an_english_passage_scores_as_by_hand(passage, counts, grade, smog):
    assert count_english(passage) == counts
    assert flesch_kincaid_grade(counts) == pytest.approx(grade, abs=0.001)
    assert smog_grade(counts) == pytest.approx(smog, abs=0.001)


@pytest.mark.parametrize(("passage", "counts", "ease", "by_inflesz"), SPANISH_PASSAGES)
def test_a_spanish_passage_scores_as_by_hand(passage, counts, ease, by_inflesz):
    assert count_spanish(passage) == counts
    assert fernandez_huerta(counts) == pytest.approx(ease, abs=0.001)
    assert inflesz(counts) == pytest.approx(by_inflesz, abs=0.001)


def test_a_text_without_a_word_has_no_score():
    with pytest.raises(ValueError, match="no word"):
        count_english(" … !\n")


ENGLISH_WORDS = """
    me-di-al branch in-jec-tion ab-la-tion pro-ce-dure doc-tor ta-ble nee-dles joint nerves ar-e-a re-lieved
    numb-ing called want-ed pla-ces chang-es in-flamed in-fec-tion re-lief ster-oid ques-tion u-su-al u-su-al-ly
    car-ries ver-te-bra bones spine heat-ed used mus-cles peo-ple chan-ces sci-ence spe-cial so-cial caus-es
    be-cause in-sur-ance meas-ures di-a-be-tes al-ler-gy tem-po-rar-y out-side some-one tri-als hours min-utes
    fac-et im-ag-es se-ri-ous pre-vi-ous pe-ri-od vid-e-o ex-er-cise like-ly di-a-ry eas-es eased set-tled
    lit-tle sim-ple trou-ble read-ing i-de-a ma-te-ri-al ex-pe-ri-ence pa-tients try-ing car-ry-ing phys-i-cal
    years young yet fe-ver med-i-cine tak-en goes sore-ness care-ful use-ful weak-ness guide-lines re-ac-tion
    pace-mak-er does false whole once qual-i-ty
"""
SPANISH_WORDS = """
    ar-ti-cu-la-ción fa-ce-ta-ria in-yec-ción blo-que-o ra-ma me-dial ner-vios do-lor es-pal-da mé-di-co cue-llo
    que guí-a guiar si-guien-te dí-as hoy muy y cui-da-do ciu-dad a-ho-ra prohi-bi-do ra-dio-fre-cuen-cia
    a-é-re-o cre-er ca-er re-ír o-ír hue-sos a-gua ver-güen-za qui-zá a-yu-da yo le-er a-li-vio
    an-ti-in-fla-ma-to-rio pin-güi-no
"""


@pytest.mark.parametrize("parted", ENGLISH_WORDS.split())
def test_english_syllables(parted):
    assert english_syllables(parted.replace("-", "")) == parted.count("-") + 1


@pytest.mark.parametrize("parted", SPANISH_WORDS.split())
def test_spanish_syllables(parted):
    assert spanish_syllables(parted.replace("-", "")) == parted.count("-") + 1


@given(st.lists(st.sampled_from(list(ENGLISH_SECTIONS.values())), min_size=1, max_size=4))
def test_texts_one_after_the_other_are_counted_together(texts):
    together = count_english("\n".join(texts))
    each = [count_english(text) for text in texts]
    for field in Counts.__struct_fields__:
        assert getattr(together, field) == sum(getattr(one, field) for one in each)
