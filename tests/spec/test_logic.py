"""How rules think when facts are missing. T is true, F is false, ? is *not documented*."""

from collections.abc import Mapping
from itertools import permutations

import pytest
from tables import LETTER, TRUTH, grid, number

from facetwise.records import Field, FieldType
from facetwise.rules import Scope, parse_leaf
from facetwise.rules.truth import conjunction, disjunction, negation, threshold

FIELDS = {
    **{name: Field(name, FieldType.BOOLEAN, "", name, "", "") for name in ("p", "q", "r")},
    **{name: Field(name, FieldType.NUMBER, "days", name, "", "") for name in ("x", "y")},
    "colour": Field("colour", FieldType.TEXT, "", "colour", "", "", ("red", "green", "blue")),
}


def answer(leaf: str, facts: Mapping[str, object]) -> str:
    return LETTER[parse_leaf(leaf, Scope(FIELDS)).truth(facts)]


# NOT: what is not documented stays so.
NOT = """
     p |  NOT
     T |   F
     F |   T
     ? |   ?
"""

# AND: one false decides.
AND = """
    p\\q |  T  F  ?
      T |  T  F  ?
      F |  F  F  F
      ? |  ?  F  ?
"""

# OR: one true decides.
OR = """
    p\\q |  T  F  ?
      T |  T  T  T
      F |  T  F  ?
      ? |  T  ?  ?
"""

# AT LEAST 1, 2, 3 of three arms, in whatever order: decided once enough are true, or once too few still can be.
AT_LEAST = """
   arms |  0  1  2  3  4
    TTT |  T  T  T  T  F
    TTF |  T  T  T  F  F
    TT? |  T  T  T  ?  F
    TFF |  T  T  F  F  F
    TF? |  T  T  ?  F  F
    T?? |  T  T  ?  ?  F
    FFF |  T  F  F  F  F
    FF? |  T  ?  F  F  F
    F?? |  T  ?  ?  F  F
    ??? |  T  ?  ?  ?  F
"""


@pytest.mark.parametrize(("p", "_", "expected"), grid(NOT))
def test_not(p, _, expected):
    assert answer("NOT p", {"p": TRUTH[p]}) == expected
    assert LETTER[negation(TRUTH[p])] == expected


@pytest.mark.parametrize(("p", "q", "expected"), grid(AND))
def test_and(p, q, expected):
    assert answer("p AND q", {"p": TRUTH[p], "q": TRUTH[q]}) == expected
    assert LETTER[conjunction([TRUTH[p], TRUTH[q]])] == expected


@pytest.mark.parametrize(("p", "q", "expected"), grid(OR))
def test_or(p, q, expected):
    assert answer("p OR q", {"p": TRUTH[p], "q": TRUTH[q]}) == expected
    assert LETTER[disjunction([TRUTH[p], TRUTH[q]])] == expected


@pytest.mark.parametrize(("arms", "needed", "expected"), grid(AT_LEAST))
def test_at_least(arms, needed, expected):
    for order in permutations(arms):
        assert LETTER[threshold((TRUTH[arm] for arm in order), int(needed))] == expected


def test_nothing_at_all():
    assert conjunction([]) is True
    assert disjunction([]) is False
    assert threshold([], 1) is False


# AND binds more tightly than OR, NOT more tightly than AND; parentheses change it.
PRECEDENCE = """
    p q r |  p_OR_q_AND_r  (p_OR_q)_AND_r  NOT_p_AND_q  NOT_(p_AND_q)
    T F F |       T              F              F              T
    T T F |       T              F              F              F
    F T ? |       ?              ?              T              T
    ? T F |       ?              F              ?              ?
    ? F T |       ?              ?              F              T
    F ? T |       ?              ?              ?              T
"""


@pytest.mark.parametrize(("values", "leaf", "expected"), grid(PRECEDENCE))
def test_precedence(values, leaf, expected):
    facts = dict(zip("pqr", (TRUTH[value] for value in values.split()), strict=True))
    assert answer(leaf.replace("_", " "), facts) == expected


# An exact number, an undocumented one, and numbers known only within bounds, against literals.
COMPARED_WITH_A_LITERAL = """
         x |  =1  =2  =3  =4  =5   !=1  !=2  !=3  !=4  !=5
         3 |   F   F   T   F   F    T    T    F    T    T
         ? |   ?   ?   ?   ?   ?    ?    ?    ?    ?    ?
      2..4 |   F   ?   ?   ?   F    T    ?    ?    ?    T
      3..3 |   F   F   T   F   F    T    T    F    T    T
       2.. |   F   ?   ?   ?   ?    T    ?    ?    ?    ?
"""
ORDERED_AGAINST_A_LITERAL = """
         x |  <1 <2 <3 <4 <5  <=1 <=2 <=3 <=4 <=5  >1 >2 >3 >4 >5  >=1 >=2 >=3 >=4 >=5
         3 |   F  F  F  T  T   F   F   T   T   T    T  T  F  F  F   T   T   T   F   F
         ? |   ?  ?  ?  ?  ?   ?   ?   ?   ?   ?    ?  ?  ?  ?  ?   ?   ?   ?   ?   ?
      2..4 |   F  F  ?  ?  T   F   ?   ?   T   T    T  ?  ?  F  F   T   T   ?   ?   F
      3..3 |   F  F  F  T  T   F   F   T   T   T    T  T  F  F  F   T   T   T   F   F
       2.. |   F  F  ?  ?  ?   F   ?   ?   ?   ?    T  ?  ?  ?  ?   T   T   ?   ?   ?
     never |   F  F  F  F  F   F   F   F   F   F    T  T  T  T  T   T   T   T   T   T
"""
TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}


@pytest.mark.parametrize(
    ("x", "comparison", "expected"), [*grid(COMPARED_WITH_A_LITERAL), *grid(ORDERED_AGAINST_A_LITERAL)]
)
def test_a_number_against_a_literal(x, comparison, expected):
    operator = comparison.rstrip("12345")
    literal = comparison.removeprefix(operator)
    facts = {"x": number(x)}
    assert answer(f"x {operator} {literal}", facts) == expected
    assert answer(f"{literal} {TURNED[operator]} x", facts) == expected, "the literal may stand on the left"


# Two numbers, both perhaps known only within bounds.
COMPARED_WITH_EACH_OTHER = """
    x      y     |   =   !=   <   <=   >   >=
    1..2   3..4  |   F    T   T    T   F    F
    1..2   2..3  |   ?    ?   ?    T   F    ?
    1..3   2..4  |   ?    ?   ?    ?   ?    ?
    2..3   1..2  |   ?    ?   F    ?   ?    T
    2..2   2..2  |   T    F   F    T   F    T
    2..3   2..3  |   ?    ?   ?    ?   ?    ?
    2      2..3  |   ?    ?   ?    T   F    ?
    2..3   2     |   ?    ?   F    ?   ?    T
    1..2   ?     |   ?    ?   ?    ?   ?    ?
    1..2   never |   F    T   T    T   F    F
    3..    1..2  |   F    T   F    F   T    T
"""


@pytest.mark.parametrize(("numbers", "operator", "expected"), grid(COMPARED_WITH_EACH_OTHER))
def test_two_numbers(numbers, operator, expected):
    x, y = map(number, numbers.split())
    assert answer(f"x {operator} y", {"x": x, "y": y}) == expected


# BETWEEN includes both ends. With the ends exchanged nothing lies between them.
BETWEEN = """
         x |  2_AND_4  1_AND_5  3_AND_5  4_AND_9  5_AND_9  4_AND_2
         3 |     T        T        T        F        F        F
         2 |     T        T        F        F        F        F
         4 |     T        T        T        T        F        F
         ? |     ?        ?        ?        ?        ?        ?
      2..4 |     T        T        ?        ?        F        ?
       3.. |     ?        ?        ?        ?        ?        F
"""


@pytest.mark.parametrize(("x", "ends", "expected"), grid(BETWEEN))
def test_between(x, ends, expected):
    ends = ends.replace("_", " ")
    assert answer(f"x BETWEEN {ends}", {"x": number(x)}) == expected
    assert answer(f"x NOT BETWEEN {ends}", {"x": number(x)}) == LETTER[negation(TRUTH[expected])]


# IN is a row of equalities joined by OR.
IN = """
         x |  (3)  (2,3)  (2,3,4)  (5,6)
         3 |   T     T       T       F
         ? |   ?     ?       ?       ?
      2..4 |   ?     ?       ?       F
      3..3 |   T     T       T       F
"""
WORD_IN = """
    colour |  ('red')  ('red','green')  ('blue')
       red |     T            T            F
     green |     F            T            F
         ? |     ?            ?            ?
"""


@pytest.mark.parametrize(("x", "choices", "expected"), grid(IN))
def test_a_number_in_a_list(x, choices, expected):
    assert answer(f"x IN {choices}", {"x": number(x)}) == expected
    assert answer(f"x NOT IN {choices}", {"x": number(x)}) == LETTER[negation(TRUTH[expected])]


@pytest.mark.parametrize(("colour", "choices", "expected"), grid(WORD_IN))
def test_a_word_in_a_list(colour, choices, expected):
    facts = {"colour": None if colour == "?" else colour}
    assert answer(f"colour IN {choices}", facts) == expected
    assert answer(f"colour NOT IN {choices}", facts) == LETTER[negation(TRUTH[expected])]


WORD_EQUALS = """
    colour |  ='red'  ='blue'  !='red'  !='blue'
       red |     T       F        F        T
         ? |     ?       ?        ?        ?
"""


@pytest.mark.parametrize(("colour", "comparison", "expected"), grid(WORD_EQUALS))
def test_a_word(colour, comparison, expected):
    assert answer(f"colour {comparison}", {"colour": None if colour == "?" else colour}) == expected
