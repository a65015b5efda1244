"""Questions that a request itself has to answer, as fields of a form, and what was said as the request writes it."""

import enum
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec.inspect as types

from facetwise.clinic.patients.questions import YES_NO, Question
from facetwise.clinic.records.fields import stated
from facetwise.documents import DocumentError, Problem
from facetwise.records import Agent, AgentName, Request, read_request
from facetwise.rules import Missing

REQUEST = "request."
"""What the paths of these questions begin with."""


def request_question(missing: Missing) -> Question | None:
    """The question as a field; None where it is of the record, or its answer is more than can be asked here."""
    type_ = _types().get(missing.path.removeprefix(REQUEST)) if missing.path.startswith(REQUEST) else None
    if isinstance(type_, types.BoolType):
        return Question(missing.path, missing.question, YES_NO)
    if isinstance(type_, types.EnumType):
        return Question(missing.path, missing.question, _words(type_.cls))
    if isinstance(type_, types.FloatType):
        return Question(missing.path, missing.question, input_type="number")
    if isinstance(type_, types.StrType):
        return Question(missing.path, missing.question, input_type="text")
    if _is_agents(type_):
        return Question(missing.path, missing.question, _words(AgentName), many=True)
    return None


def request_value(request: Request, path: str, given: Sequence[str]) -> Any:
    """What was given as the request's JSON writes it. Raises `DocumentError` for what the request cannot say."""
    name, texts = path.removeprefix(REQUEST), [one.strip() for one in given if one.strip()]
    type_ = _types().get(name)
    if request_question(Missing("", "", path)) is None or type_ is None:
        raise DocumentError([Problem(path, "This cannot be answered here", "Fill it in where the letter is written")])
    if not texts:
        raise DocumentError([Problem(path, "There is no answer", "Choose one, or leave it not documented")])
    value = _as_json(type_, path, texts)
    read_request({"kind": str(request.kind), "date": request.date.isoformat(), name: value})
    return value


def _as_json(type_: types.Type, path: str, texts: list[str]) -> Any:
    if _is_agents(type_):
        return [{"name": one} for one in texts]
    (text, *_) = texts
    if isinstance(type_, types.BoolType):
        if text not in dict(YES_NO):
            raise DocumentError([Problem(path, f'Found "{text[:20]}"', "Answer yes or no")])
        return text == "true"
    if isinstance(type_, types.FloatType):
        try:
            return float(text)
        except ValueError:
            raise DocumentError([Problem(path, f'"{text[:20]}" is no number', "Write one, such as 90")]) from None
    return text


@cache
def _types() -> dict[str, types.Type]:
    return {one.encode_name: stated(one.type) for one in types.type_info(Request).fields}  # type: ignore[attr-defined]


def _is_agents(type_: types.Type | None) -> bool:
    item = type_.item_type if isinstance(type_, types.VarTupleType) else None
    return isinstance(item, types.StructType) and item.cls is Agent


def _words(of: type[enum.Enum]) -> tuple[tuple[str, str], ...]:
    return tuple((str(word.value), str(word.value).replace("_", " ")) for word in of)
