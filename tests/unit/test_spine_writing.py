"""The ways in which clinicians write sites, and what each of them means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.spine import SiteError, SiteSet, parse_sites

READ = """
    L4-5, L5-S1 bilateral                        -> bilateral L4-5, L5-S1
    left C2/3                                    -> left C2-3
    R L3 L4 MB + L5 DR                           -> right L4-5, L5-S1
    L3-S1 facets left                            -> left L3-4, L4-5, L5-S1
    L45 L5S1 B/L                                 -> bilateral L4-5, L5-S1
    TON right                                    -> right C2-3
    C7-T1 rt                                     -> right C7-T1
    T12-L1 & L1-2 (L)                            -> left T12-L1, L1-2
    Rt. L4/5                                     -> right L4-5
    bilat C5-6,C6-7                              -> bilateral C5-6, C6-7
    LEFT L4-5                                    -> left L4-5
    left l4-5                                    -> left L4-5
    Left L4–5                                    -> left L4-5
    left L4—L5                                   -> left L4-5
    L4 - L5 left                                 -> left L4-5
    L4 to L5 left                                -> left L4-5
    L4-L5                                        -> side not documented: L4-5
    L5-1 r                                       -> right L5-S1
    L5/S1 (R)                                    -> right L5-S1
    right L4-S1                                  -> right L4-5, L5-S1
    L4-5 left and right                          -> bilateral L4-5
    L4-5 both                                    -> bilateral L4-5
    both sides L4-5                              -> bilateral L4-5
    L4-5 right/left                              -> bilateral L4-5
    L4-5 left, L5-S1 right                       -> left L4-5; right L5-S1
    left L4-5, right L5-S1                       -> left L4-5; right L5-S1
    bilateral L4-5 and left L5-S1                -> bilateral L4-5; left L5-S1
    left C2-3 C3-4; right C5-6                   -> left C2-3, C3-4; right C5-6
    left L4-5, right L4-5                        -> bilateral L4-5
    Third occipital nerve left                   -> left C2-3
    left C3 C4 C5 medial branches                -> left C3-4, C4-5
    TON, C3, C4 MB left                          -> left C2-3, C3-4
    C8 MB T1 MB left                             -> left T1-2
    right L3, L4 medial branch, L5 dorsal ramus  -> right L4-5, L5-S1
    L4 MB L5 DR bilateral                        -> bilateral L5-S1
    left T12 L1 MB                               -> left L1-2
    L2-L5 MB left                                -> left L3-4, L4-5, L5-S1
    left L4/5 and L5/S1 facet joint injection    -> left L4-5, L5-S1
    L4-5 medial branch block left                -> left L4-5
    RFA right L3, L4 MB, L5 DR                   -> right L4-5, L5-S1
    C7T1 left                                    -> left C7-T1
    T12L1 left                                   -> left T12-L1
    C56 C67 right                                -> right C5-6, C6-7
    C5-C6 zygapophysial joints b/l               -> bilateral C5-6
    left L4-5 z-joint                            -> left L4-5
    at the left L4-5 level                       -> left L4-5
    T10/11, T11/12 R                             -> right T10-11, T11-12
    C2-T1 right                                  -> right C2-3, C3-4, C4-5, C5-6, C6-7, C7-T1
    left C1-2                                    -> left C1-2
    L4-5; L5-S1                                  -> side not documented: L4-5, L5-S1
    side not documented: L4-5                    -> side not documented: L4-5
    left L4-5; side not documented: L5-S1        -> left L4-5; side not documented: L5-S1
    L5-S1, L4-5 left                             -> left L4-5, L5-S1
    left L4-5, L4-5                              -> left L4-5
"""
CASES = [tuple(side.strip() for side in line.split("->")) for line in READ.strip().splitlines()]


@pytest.mark.parametrize(("text", "canonical"), CASES)
def test_read(text, canonical):
    assert str(parse_sites(text)) == canonical


@pytest.mark.parametrize(("text", "canonical"), CASES)
def test_case_and_spaces_do_not_matter(text, canonical):
    for variant in (text.upper(), text.lower(), f"  {text} ", text.replace(" ", "  "), text.replace(" ", "\N{NO-BREAK SPACE}")):  # fmt: skip
        assert str(parse_sites(variant)) == canonical


REFUSED = [
    ("", "names no facet joint"),
    ("   ", "names no facet joint"),
    ("left", '"left" names no facet joint'),
    ("facet joints", "names no facet joint"),
    ("hip", '"hip" in "hip" is not understood'),
    ("SI joint left", '"SI joint left" in "SI joint left" is not understood'),
    ("midline L4-5", "is not understood"),
    ("L4-5?", '"?" in "L4-5?" is not understood'),
    ("L4--5", "is not understood"),
    ("L3-4-5 left", '"-5 left" in "L3-4-5 left" is not understood'),
    ("L4/5/S1", '"/S1" in "L4/5/S1" is not understood'),
    ("L 4-5", "is not understood"),
    ("S1-2", "is not understood"),
    ("L4-5 lefty", '"y" in "L4-5 lefty" is not understood'),
    ("L6-S1", '"L6" in "L6-S1" is no vertebra'),
    ("L5-6", '"L6" in "L5-6" is no vertebra'),
    ("C8-T1", '"C8" in "C8-T1" is no vertebra'),
    ("T12-13", '"T13" in "T12-13" is no vertebra'),
    ("L5-L4 left", '"L5-L4" runs upwards. Write the upper vertebra first'),
    ("L4-4", '"L4-4" runs upwards'),
    ("T1-C7", "runs upwards"),
    ("L4 left", "L4 MB in \"L4 left\" completes no joint: every joint but C2-3 needs two neighbouring nerves"),
    ("L5 DR left", "L5 DR in \"L5 DR left\" completes no joint"),
    ("L3 MB L5 DR left", 'L3 MB and L5 DR in "L3 MB L5 DR left" completes no joint'),
    ("L3 L4 MB left, L2 MB right", 'L2 MB in "L3 L4 MB left, L2 MB right" completes no joint'),
    ("C2 MB left", "C2 has no medial branch that is blocked. Nerves run from C3 to L4, TON and L5 DR"),
    ("L9 MB", "L9 has no medial branch that is blocked"),
    ("L4-5 MB left", '"L4-5" with medial branches can mean the L4-5 joint or its two numbers as nerves'),
    ("left left L4-5", '"left left L4-5" gives a side without a joint'),
    ("L4-5 left left", "gives a side without a joint"),
    ("left L4-5 right", '"left L4-5 right" ends with a side without a joint'),
    ("L4-5 right, left", "gives a side without a joint"),
    ("L\N{ARABIC-INDIC DIGIT FOUR}-5 left", "is not understood"),
    ("r\N{LATIN SMALL LETTER DOTLESS I}ght L4-5", "is not understood"),
    ("\N{LATIN SMALL LETTER LONG S}ide not documented: L4-5", "is not understood"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refused(text, message):
    with pytest.raises(SiteError) as refusal:
        parse_sites(text)
    assert message in str(refusal.value)


@pytest.mark.parametrize("text", [text for text, _ in REFUSED])
def test_a_refusal_says_what_to_do(text):
    with pytest.raises(SiteError) as refusal:
        parse_sites(text)
    assert any(hint in str(refusal.value) for hint in ("Write", "Name both", "Nerves run from"))


def test_a_refusal_does_not_repeat_a_whole_letter():
    with pytest.raises(SiteError) as refusal:
        parse_sites("left L4-5 and then " + "something else " * 1000)
    assert len(str(refusal.value)) < 300


def test_a_long_text_is_read_quickly():
    assert parse_sites("left L4-5, " * 10_000 + "L5-S1") == parse_sites("left L4-5, L5-S1")
    with pytest.raises(SiteError):
        parse_sites("left" + " " * 100_000 + "?")


WORDS = ["left", "right", "L", "R", "(L)", "bilat", "b/l", "both", "L4-5", "L4", "L5", "C2-3", "C7-T1", "T12", "S1", "-",
         "/", "MB", "MBB", "DR", "TON", "to", "and", "&", "facet", "side not documented", ":", ",", ";", "L5S1", "L45",
         "injection", "medial branch", "1", "x"]  # fmt: skip


@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join) | st.text("LRCTS0123456789-/ ,&()", max_size=20))  # fmt: skip
def test_any_text_is_read_or_refused(text):
    try:
        sites = parse_sites(text)
    except SiteError as refusal:
        assert str(refusal)
    else:
        assert isinstance(sites, SiteSet)
        assert len(sites) > 0
        assert parse_sites(str(sites)) == sites


@given(st.lists(st.sampled_from(WORDS), max_size=8))
def test_writing_the_other_side_everywhere_mirrors_the_set(words):
    other = {"left": "right", "right": "left", "L": "R", "R": "L", "(L)": "(R)"}
    try:
        sites = parse_sites(" ".join(words))
    except SiteError:
        return
    assert parse_sites(" ".join(other.get(word, word) for word in words)) == sites.mirrored()


@pytest.mark.parametrize(
    "text", ["L3-L5 MBB left", "left L2-L5 medial branch block", "L3-5 RFA right", "T4-T7 ablation left"]
)
def test_a_span_that_means_other_joints_as_nerves_is_refused(text):
    with pytest.raises(SiteError, match="can mean the joints"):
        parse_sites(text)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("C4-C6 MBB left", "left C4-5, C5-6"),  # both readings agree in the neck
        ("L3-S1 RFA left", "left L3-4, L4-5, L5-S1"),  # there is no S1 medial branch
        ("L3-L5 MB left", "left L4-5, L5-S1"),
        ("L3-L5 facets left", "left L3-4, L4-5"),
    ],
)
def test_a_span_with_one_meaning(text, canonical):
    assert str(parse_sites(text)) == canonical
