"""The field catalogue: complete, explained, and kept by everything that draws up facts."""

import datetime
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from records_strategy import records, requests

from facetwise.records import (
    FACET_KINDS,
    PRIOR_FIELDS,
    REQUEST_FIELDS,
    Field,
    FieldType,
    Interval,
    Planned,
    Record,
    Request,
)
from facetwise.rules import History, Situation, load_library
from facetwise.rules.facts import request_facts
from facetwise.rules.regions import session_facts
from facetwise.rules.response import planned_facts

FIELDS = [*REQUEST_FIELDS.values(), *PRIOR_FIELDS.values()]
IDS = [f"request.{name}" for name in REQUEST_FIELDS] + [f"prior.{name}" for name in PRIOR_FIELDS]
SITE_RELATIONS = {"same_region", "overlaps_request", "covers_request"}


@pytest.mark.parametrize("field", FIELDS, ids=IDS)
def test_a_field_is_explained(field):
    assert field.meaning
    assert field.question.endswith("?")
    assert bool(field.unit) == (field.type is FieldType.NUMBER)
    assert bool(field.values) == (field.type is FieldType.TEXT)


@pytest.mark.parametrize("field", FIELDS, ids=IDS)
def test_a_path_leads_to_a_place_in_the_record(field):
    steps = field.path.replace("[]", "").split(".")
    place: Any = Record
    if steps[0] == "request":
        steps, place = steps[1:], Request
    for step in steps:
        place = _bare(get_type_hints(place, include_extras=False)[step])


def _bare(annotation: Any) -> Any:
    """The type inside `X | None` and `tuple[X, ...]`."""
    if isinstance(annotation, UnionType) or str(annotation).startswith("typing."):
        members = [member for member in get_args(annotation) if member is not NoneType]
        return _bare(members[0]) if members else annotation
    return _bare(get_args(annotation)[0]) if getattr(annotation, "__origin__", None) is tuple else annotation


def test_a_field_of_both_catalogues_is_the_same_kind_of_fact():
    for name in REQUEST_FIELDS.keys() & PRIOR_FIELDS.keys():
        assert REQUEST_FIELDS[name].type is PRIOR_FIELDS[name].type
        assert REQUEST_FIELDS[name].values == PRIOR_FIELDS[name].values


def right_type(value: object, field: Field) -> bool:
    if value is None:
        return True
    if field.type is FieldType.BOOLEAN:
        return isinstance(value, bool)
    if field.type is FieldType.TEXT:
        return isinstance(value, str) and value in field.values
    if isinstance(value, Interval):
        return value.low < value.high
    return isinstance(value, int | float) and not isinstance(value, bool)


@given(records(), requests())
def test_facts_are_what_the_catalogue_declares(record, request):
    situation = Situation(History(record, request.date), request)
    for policy in load_library().values():
        view = situation.under(policy)
        assert view.facts.keys() == REQUEST_FIELDS.keys() | policy.measures.keys()
        for name, value in view.facts.items():
            measure = policy.measures.get(name)
            field = measure.field if measure else REQUEST_FIELDS[name]
            assert right_type(value, field), (name, value)
        for relation in view.relations.values():
            for row in relation.rows:
                assert row.facts.keys() == PRIOR_FIELDS.keys()
                for name, value in row.facts.items():
                    assert right_type(value, PRIOR_FIELDS[name]), (name, value)


@given(records(), requests())
def test_facts_of_a_request_are_drawn_up_by_these_two(record, request):
    facts = request_facts(record, request)
    others = [other for other in request.same_session or () if other.kind in FACET_KINDS]
    session = session_facts(request, others, {"all": (1 << 25) - 1})
    assert facts.keys() | session.keys() == REQUEST_FIELDS.keys()
    assert not facts.keys() & session.keys()


def test_a_planned_procedure_has_the_same_facts_as_one_done():
    planned = Planned(kind="other", date=datetime.date(2026, 3, 1))
    assert planned_facts(planned, planned.date).keys() | SITE_RELATIONS == PRIOR_FIELDS.keys()


def test_every_part_of_a_record_refuses_unknown_fields():
    for name, definition in msgspec.json.schema(Record, schema_hook=lambda _: {"type": "string"})["$defs"].items():
        if definition.get("type") == "object":
            assert definition["additionalProperties"] is False, name
