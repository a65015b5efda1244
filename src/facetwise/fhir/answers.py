"""The answers of a QuestionnaireResponse: each item's linkId is a path in the record, its answer a JSON value."""

from typing import Any, NamedTuple

from facetwise.documents import DocumentError, convert
from facetwise.fhir.bundle import Resource
from facetwise.fhir.codes import OWN
from facetwise.fhir.elements import Element
from facetwise.fhir.paths import Step, is_list, is_struct, path_steps, type_at
from facetwise.fhir.values import Coding
from facetwise.fhir.words import NO, NONE_ANSWERS, YES
from facetwise.records.reading import decode_sites

ANSWERS = f"{OWN}answer"
EMPTY: dict[str, type] = {"none": list, "without-details": dict, "empty-text": str}
"""Coded answers for what FHIR has no value for: an empty list, a part without details, an empty text."""


class Answer(NamedTuple):
    """A path of the record with the JSON value that fills it, and the item it comes from."""

    steps: list[Step]
    value: Any
    where: str


def answers_of(resource: Resource) -> tuple[list[Answer], dict[int, str]]:
    """The usable answers of a response, and which procedure each number stands for: `procedures[0]` answered by a
    Reference. What cannot be used is listed.
    """
    answers: list[Answer] = []
    numbers: dict[int, str] = {}
    for item in _items(resource):
        link = item.text("linkId") or ""
        item.skip("text", "definition")
        given = item.children("answer")
        nested = item.has("item") or any(one.has("item") for one in given)
        values = [_value(one) for one in given]
        steps = path_steps(link)
        if not values:
            if not nested:
                resource.leave(f"item {link}", "it is not answered")
        elif steps is not None and len(steps) == 2 and steps[0] == "procedures" and given[0].has("valueReference"):
            for address in given[0].references("valueReference"):
                numbers[steps[1] if isinstance(steps[1], int) else -1] = address
        elif steps is None or (wanted := type_at(steps)) is None:
            resource.leave(f"item {link}", "its linkId is no place of the record")
        else:
            fitted = _fitted(values, wanted)
            if isinstance(fitted, str):
                resource.leave(f"item {link}", fitted)
            else:
                answers.append(Answer(steps, fitted[0], f"{resource.where} {link}"))
    return answers, numbers


def _items(resource: Resource) -> list[Element]:
    """All items, nested ones after the item they are in."""
    waiting, found = list(reversed(resource.children("item"))), []
    while waiting:
        item = waiting.pop()
        found.append(item)
        below = [*item.children("item"), *(part for one in item.children("answer") for part in one.children("item"))]
        waiting += reversed(below)
    return found


def _value(answer: Element) -> Any:
    """The value of an answer, from whichever of FHIR's types it was given in; None when it is of another type."""
    for name in ("valueBoolean",):
        if answer.has(name):
            return answer.flag(name)
    for name in ("valueDecimal", "valueInteger"):
        if answer.has(name):
            return answer.number(name)
    for name in ("valueString", "valueDate", "valueDateTime", "valueTime", "valueUri"):
        if answer.has(name):
            return answer.text(name)
    if answer.has("valueCoding"):
        return answer.coding("valueCoding")
    quantity = answer.quantity("valueQuantity")
    return quantity.value if quantity else None


def _fitted(values: list[Any], wanted: Any) -> list[Any] | str:
    """One JSON value for the place, in a list of one, or why there is none."""
    first = values[0]
    if isinstance(first, Coding) and first.system == ANSWERS and first.code in EMPTY:
        empty = EMPTY[first.code]()
        fits = is_list(wanted) if empty == [] else is_struct(wanted) if empty == {} else wanted is str
        return [empty] if fits else _refusal(wanted)
    if is_list(wanted):
        word = (first.code or first.display) if isinstance(first, Coding) else first
        if word is False or (isinstance(word, str) and word.strip().lower() in NONE_ANSWERS):
            return [[]]
        item = wanted.__args__[0]
        if is_struct(item):
            short = _shorthand(values, item)
            return short if isinstance(short, str) else [short]
        fitted = [_leaf(value, item) for value in values]
        return (
            "an answer does not fit this question" if any(not one for one in fitted) else [[one[0] for one in fitted]]
        )
    if len(values) > 1:
        return "more than one answer: which one holds?"
    return _shorthand(values, wanted) if is_struct(wanted) else _leaf(first, wanted) or _refusal(wanted)


def _shorthand(values: list[Any], struct: Any) -> list[Any] | str:
    """A part answered by one value: yes or no for a condition, a number for a pain score."""
    names = struct.__struct_fields__
    if len(values) == 1 and "present" in names and (found := _leaf(values[0], bool)):
        return [{"present": found[0]}]
    if len(values) == 1 and names == ("date", "scale", "score", "low", "high") and (found := _leaf(values[0], float)):
        return [{"score": found[0]}]
    return "it has parts, and each needs an answer of its own"


def _leaf(value: Any, wanted: Any) -> list[Any]:
    """The value as the place takes it, in a list of one; an empty list when it does not fit."""
    for candidate in _candidates(value, wanted):
        try:
            convert(candidate, wanted, dec_hook=decode_sites)
        except DocumentError:
            continue
        return [candidate]
    return []


def _candidates(value: Any, wanted: Any) -> list[Any]:
    """What an answer may mean, the literal meaning first."""
    if isinstance(value, Coding):
        texts = [value.display, value.code] if wanted is str else [value.code, value.display]
        return [one for text in texts if text for one in _candidates(text, wanted)]
    if isinstance(value, str):
        word = value.strip().lower()
        truth = [True] if word in YES else [False] if word in NO else []
        return [value, *([value[:10]] if value[10:11] == "T" else []), word.replace(" ", "_"), *truth]
    if isinstance(value, float) and value.is_integer():
        return [value, int(value)]
    return [] if value is None else [value]


def _refusal(wanted: Any) -> str:
    """What the place takes, in the words of the record."""
    try:
        convert({}, wanted, dec_hook=decode_sites)
    except DocumentError as error:
        return f"the answer does not fit. {error.problems[0].remedy}"
    return "the answer does not fit"
