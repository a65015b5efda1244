"""What a leaf may say, and what it is told when it says something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
from facetwise.rules import LeafError, Scope, parse_leaf
from facetwise.rules.expressions import Always, And, Compare, In, Is, Literal, Name, Not, Or

REQUEST = Scope(REQUEST_FIELDS)
ROW = Scope(REQUEST_FIELDS, PRIOR_FIELDS)

INFECTION, PREGNANCY, RED_FLAG = Is(Name("infection")), Is(Name("pregnancy")), Is(Name("red_flag"))
LEVELS, KIND = Name("levels"), Name("kind")


def levels(operator: str, number: float) -> Compare:
    return Compare(LEVELS, operator, Literal(number))


ACCEPTED = [
    ("infection", INFECTION),
    ("(infection)", INFECTION),
    ("  infection\n", INFECTION),
    ("true", Always(True)),
    ("FALSE", Always(False)),
    ("NOT infection", Not(INFECTION)),
    ("not not infection", Not(Not(INFECTION))),
    ("infection AND pregnancy", And((INFECTION, PREGNANCY))),
    ("infection and pregnancy and red_flag", And((INFECTION, PREGNANCY, RED_FLAG))),
    ("infection and (pregnancy and red_flag)", And((INFECTION, PREGNANCY, RED_FLAG))),
    ("infection or pregnancy or red_flag", Or((INFECTION, PREGNANCY, RED_FLAG))),
    ("infection or pregnancy and red_flag", Or((INFECTION, And((PREGNANCY, RED_FLAG))))),
    ("(infection or pregnancy) and red_flag", And((Or((INFECTION, PREGNANCY)), RED_FLAG))),
    ("not infection and pregnancy", And((Not(INFECTION), PREGNANCY))),
    ("not (infection and pregnancy)", Not(And((INFECTION, PREGNANCY)))),
    ("levels = 2", levels("=", 2)),
    ("levels != 2", levels("!=", 2)),
    ("levels <> 2", levels("!=", 2)),
    ("levels < 2", levels("<", 2)),
    ("levels <= 2", levels("<=", 2)),
    ("levels > 2", levels(">", 2)),
    ("levels >= 2", levels(">=", 2)),
    ("levels >= 2.5", levels(">=", 2.5)),
    ("levels > .5", levels(">", 0.5)),
    ("levels > -1", levels(">", -1)),
    ("(levels) > (2)", levels(">", 2)),
    ("NOT levels > 2", Not(levels(">", 2))),
    ("2 < levels", Compare(Literal(2), "<", LEVELS)),
    ("levels = session_levels", Compare(LEVELS, "=", Name("session_levels"))),
    ("kind = 'other'", Compare(KIND, "=", Literal("other"))),
    ("'other' = kind", Compare(Literal("other"), "=", KIND)),
    ("kind != 'other'", Compare(KIND, "!=", Literal("other"))),
    ("levels BETWEEN 1 AND 2", And((Compare(Literal(1), "<=", LEVELS), levels("<=", 2)))),
    ("levels NOT BETWEEN 1 AND 2", Not(And((Compare(Literal(1), "<=", LEVELS), levels("<=", 2))))),
    ("levels between 1 and 2 and infection", And((And((Compare(Literal(1), "<=", LEVELS), levels("<=", 2))), INFECTION))),
    ("levels IN (1, 2)", In(LEVELS, (Literal(1), Literal(2)))),
    ("levels in (1)", In(LEVELS, (Literal(1),))),
    ("kind NOT IN ('other')", Not(In(KIND, (Literal("other"),)))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expression"), ACCEPTED, ids=[text for text, _ in ACCEPTED])
def test_accepted(text, expression):
    parsed = parse_leaf(text, REQUEST)
    if "between 1 and 2 and infection" in text:  # BETWEEN is a conjunction, and is flattened into the one around it
        expression = And((*expression.parts[0].parts, INFECTION))
    assert parsed == expression


ACCEPTED_IN_A_MEASURE = [
    ("covers_request", Is(Name("covers_request", of_row=True))),
    ("kind = 'other'", Compare(Name("kind", of_row=True), "=", Literal("other"))),
    ("request.kind = 'other'", Compare(Name("kind"), "=", Literal("other"))),
    ("kind = request.kind", Compare(Name("kind", of_row=True), "=", KIND)),
    ("infection", INFECTION),
    ("request.infection", INFECTION),
    ("days_before < pain_months", Compare(Name("days_before", of_row=True), "<", Name("pain_months"))),
]


@pytest.mark.parametrize(("text", "expression"), ACCEPTED_IN_A_MEASURE, ids=[text for text, _ in ACCEPTED_IN_A_MEASURE])
def test_accepted_in_a_measure(text, expression):
    assert parse_leaf(text, ROW) == expression


OUTSIDE = "is outside the rule language"
NO_FUNCTIONS = "There are no functions: declare a measure, or ask for a field that has the value"
NO_ARITHMETIC = "There is no arithmetic: days and months are already counted"
NO_NULL = "A rule cannot compare with NULL: a missing fact answers *not documented* by itself"
NOT_ASKED = "A rule cannot ask whether a fact is documented"
ACCEPTS = "A leaf is AND, OR, NOT, = != < <= > >=, BETWEEN, IN, literals and declared fields"

REFUSED = [
    # functions
    ("upper(kind) = 'other'", OUTSIDE, NO_FUNCTIONS, 0),
    ("infection AND coalesce(levels, 0) = 1", '"COALESCE(levels, 0)" is outside', NO_FUNCTIONS, 14),
    ("made_up(levels) > 1", OUTSIDE, NO_FUNCTIONS, 0),
    ("count(*) > 1", OUTSIDE, NO_FUNCTIONS, 0),
    ("now() > 1", OUTSIDE, NO_FUNCTIONS, 0),
    ("CASE WHEN infection THEN TRUE ELSE FALSE END", OUTSIDE, "", None),
    ("if(infection, true, false)", OUTSIDE, "", None),
    # arithmetic
    ("levels + 1 > 2", '"levels + 1" is outside', NO_ARITHMETIC, 0),
    ("2 < levels * 2", '"levels * 2" is outside', NO_ARITHMETIC, 4),
    ("levels - 1 > 2", OUTSIDE, NO_ARITHMETIC, 0),
    ("levels / 2 > 2", OUTSIDE, NO_ARITHMETIC, 0),
    ("levels % 2 = 1", OUTSIDE, NO_ARITHMETIC, 0),
    ("-levels > 2", '"-levels" is outside', "", None),
    ("levels > 1 > 0", '"levels > 1" is outside', "", 0),
    # NULL
    ("infection IS NULL", OUTSIDE, NOT_ASKED, 0),
    ("infection IS NOT NULL", OUTSIDE, NOT_ASKED, 0),
    ("infection IS TRUE", OUTSIDE, NOT_ASKED, 0),
    ("kind = NULL", '"NULL" is outside', NO_NULL, None),
    ("levels BETWEEN 1 AND NULL", '"NULL" is outside', NO_NULL, None),
    ("levels IN (1, NULL)", '"NULL" is outside', NO_NULL, None),
    ("NULL", '"NULL" is outside', NO_NULL, None),
    # the rest of SQL
    ("kind LIKE 'med%'", "\"kind LIKE 'med%'\" is outside", "", 0),
    ("levels > (SELECT 1)", OUTSIDE, "", None),
    ("levels IN (SELECT 1)", "IN needs a list", "Write field IN ('a', 'b')", 0),
    ("EXISTS (SELECT 1)", OUTSIDE, "", None),
    ("SELECT 1", OUTSIDE, "", None),
    ("DROP TABLE infection", OUTSIDE, "", None),
    ("infection AS x", OUTSIDE, "", 0),
    ("CAST(levels AS INT) > 1", OUTSIDE, NO_FUNCTIONS, None),
    ("levels::int > 1", OUTSIDE, ACCEPTS, 6),
    ("levels > ?", OUTSIDE, ACCEPTS, None),
    ("levels > :limit", OUTSIDE, ACCEPTS, None),
    ("levels > @limit", OUTSIDE, ACCEPTS, None),
    ("levels = ANY(1)", OUTSIDE, "", None),
    ("(levels, 1) = (1, 1)", OUTSIDE, "", None),
    ("infection || pregnancy", OUTSIDE, "", 0),
    ("DATE '2024-01-01' > 1", OUTSIDE, "", None),
    ("infection; pregnancy", OUTSIDE, ACCEPTS, 9),
    ("", '"" is not one expression', ACCEPTS, 0),
    ("   ", "is not one expression", ACCEPTS, 0),
    # comments
    ("infection -- why", OUTSIDE, "as a `note` of the criterion", 10),
    ("infection /* why */ AND pregnancy", OUTSIDE, "as a `note`", 10),
    # names and values that do not exist
    ("infekton", 'There is no field or measure "infekton"', "Did you mean infection?", 0),
    ("pregnancy AND infekton", 'There is no field or measure "infekton"', "Did you mean infection?", 14),
    ("Infection", 'There is no field or measure "Infection"', "Did you mean infection?", 0),
    ("zzz", 'There is no field or measure "zzz"', "Accepted: age_years, pain_region", 0),
    ("kind = 'medial_branch_blok'", "kind is never 'medial_branch_blok'", "Did you mean medial_branch_block?", 7),
    ("kind IN ('other', 'blok')", "kind is never 'blok'", "Accepted: facet_joint_injection", 18),
    ("kind = ''", "kind is never ''", "Accepted: facet_joint_injection", 7),
    ("kind = \"other\"", OUTSIDE, "Text is written with single quotes", 7),
    ("covers_request", 'There is no field or measure "covers_request"', "", 0),
    ("request.levels > 1", '"request.levels" is not a name', "Only a measure may write request.field", 0),
    ("other.levels > 1", '"other.levels" is not a name', "", 0),
    ("a.b.c > 1", '"a.b.c" is not a name', "", 0),
    # kinds of value
    ("infection = 'yes'", "infection is yes or no", "Write infection or NOT infection", 0),
    ("infection = pregnancy", "infection is yes or no", "Write infection or NOT infection", 0),
    ("levels > 1 AND infection > 1", "infection is yes or no", "Write infection or NOT infection", 15),
    ("infection BETWEEN 1 AND 2", "infection is yes or no", "Write infection or NOT infection", 0),
    ("infection = TRUE", '"TRUE" is outside', "", None),
    ("kind > 'a'", "kind has no order", "Compare it with = or IN", 0),
    ("kind < purpose", "kind has no order", "Compare it with = or IN", 0),
    ("kind BETWEEN 'a' AND 'b'", "kind has no order", "Compare it with = or IN", 0),
    ("levels", "levels is number, not yes or no", "Compare it with something", 0),
    ("infection AND kind", "kind is one of a list, not yes or no", "Compare it with something", 14),
    ("levels = '1'", "levels is a number", "Write it without quotes, in levels", 9),
    ("levels IN (1, 'a')", "levels is a number", "Write it without quotes, in levels", 14),
    ("kind = 1", "kind is never", "Accepted: facet_joint_injection", 7),
    ("levels = kind", "levels and kind are different kinds of value", "", 9),
    ("1 = 1", "Two literals are compared", "Compare a declared field", 0),
    ("1", '"1" is outside', "", None),
    ("'other'", "\"'other'\" is outside", "", None),
    ("infection AND 1", '"1" is outside', "", 14),
    ("levels IN ()", "IN needs a list", "Write field IN ('a', 'b')", 0),
    ("levels IN (1, levels)", "IN takes literals only", "Write field IN ('a', 'b')", 14),
    ("kind IN (other)", 'There is no field or measure "other"', "", 9),
    # no expression at all
    ("levels >", "is not an expression", ACCEPTS, None),
    ("infection AND", "is not an expression", ACCEPTS, None),
    ("(infection", "is not an expression", ACCEPTS, None),
    ("infection)", "is not an expression", ACCEPTS, None),
    ("infection pregnancy red_flag", "is not an expression", ACCEPTS, None),
    ("infection && pregnancy", OUTSIDE, ACCEPTS, 10),
    ("infection XOR pregnancy", "is not an expression", ACCEPTS, None),
    ("kind = 'other", OUTSIDE, ACCEPTS, 7),
    ("`infection`", OUTSIDE, ACCEPTS, 0),
    ("{% if infection %}", OUTSIDE, ACCEPTS, 0),
]  # fmt: skip


@pytest.mark.parametrize(("text", "what", "remedy", "offset"), REFUSED, ids=[text for text, *_ in REFUSED])
def test_refused(text, what, remedy, offset):
    with pytest.raises(LeafError) as refusal:
        parse_leaf(text, REQUEST)
    assert what in refusal.value.what
    assert remedy in refusal.value.remedy
    assert refusal.value.remedy
    assert 0 <= refusal.value.offset <= len(text)
    if offset is not None:
        assert refusal.value.offset == offset
    assert str(refusal.value) == f"{refusal.value.what}. {refusal.value.remedy}"


REFUSED_IN_A_MEASURE = [
    ("request.covers_request", 'There is no field or measure "covers_request"', "Did you mean covers_request?", 0),
    ("request.request.kind = 'other'", "is not a name", "Only a measure may write request.field", 0),
    ("prior.kind = 'other'", '"prior.kind" is not a name', "Only a measure may write request.field", 0),
    ("relief_percnt >= 80", 'There is no field or measure "relief_percnt"', "Did you mean relief_percent?", 0),
]


@pytest.mark.parametrize(
    ("text", "what", "remedy", "offset"), REFUSED_IN_A_MEASURE, ids=[text for text, *_ in REFUSED_IN_A_MEASURE]
)
def test_refused_in_a_measure(text, what, remedy, offset):
    with pytest.raises(LeafError) as refusal:
        parse_leaf(text, ROW)
    assert what in refusal.value.what
    assert refusal.value.remedy.startswith(remedy)
    assert refusal.value.offset == offset


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "infection" + ")" * 10_000,
        "not " * 10_000 + "infection",
        "not (" * 10_000 + "infection" + ")" * 10_000,
        "(" * 10_000,
        "infection and (" * 10_000 + "infection" + ")" * 10_000,
    ],
    ids=["parentheses", "not", "not with parentheses", "open", "and"],
)
def test_nesting_without_end(text):
    with pytest.raises(LeafError) as refusal:
        parse_leaf(text, REQUEST)
    assert refusal.value.what == "The expression is nested too deeply"
    assert refusal.value.remedy == "Split it into several criteria"


def test_reasonable_nesting_is_read():
    assert parse_leaf("(" * 50 + "infection" + ")" * 50, REQUEST) == INFECTION
    assert len(parse_leaf(" and ".join(["infection"] * 50), REQUEST).parts) == 50


WORDS = ["infection", "levels", "kind", "'other'", "'x'", "1", "2.5", "-1", "and", "or", "not", "in", "between", "(", ")",
         ",", "=", "!=", "<", "<=", ">", ">=", "true", "null", "is", "+", "like", "case", "when", "end", "select", ".",
         "request", "::", "int", "--", "/*", "*/", ";", '"', "'", "[", "]", "{", "}", "?", ":", "@", "$1"]  # fmt: skip


@given(st.text(max_size=40) | st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join))
def test_any_text_is_read_or_refused(text):
    for scope in (REQUEST, ROW):
        try:
            parse_leaf(text, scope)
        except LeafError as refusal:
            assert refusal.what
            assert refusal.remedy
            assert 0 <= refusal.offset <= len(text)
