"""A Bundle that cannot be used is refused with places and remedies; whatever it holds, never with a traceback."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facetwise.documents import DocumentError
from facetwise.fhir import is_bundle, read_bundle

BUNDLES = Path(__file__).parents[1] / "functional" / "fhir_bundles"
VALID = [
    json.loads(file.read_bytes()) for file in sorted(BUNDLES.glob("*.json")) if not file.name.endswith("expected.json")
]
PATIENT: dict[str, Any] = {"resourceType": "Patient", "id": "p"}


def bundle(*resources: Any, **members: Any) -> dict[str, Any]:
    entries = [{"resource": resource} for resource in (PATIENT, *resources)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries} | members


REFUSED: dict[str, tuple[Any, str, str]] = {
    "truncated": (b'{"resourceType": "Bundle", "entry": [', "", "ends too early"),
    "not JSON": (b"<Bundle/>", "", "Not JSON"),
    "a list": (b"[]", "", "no FHIR Bundle"),
    "another resource": (b'{"resourceType": "Patient", "id": "x"}', "resourceType", "a Patient, not a Bundle"),
    "no resourceType": ({"entry": []}, "resourceType", "no Bundle"),
    "a server's answer": (bundle(type="transaction-response"), "type", "transaction-response"),
    "a history": (bundle(type="history"), "type", "superseded"),
    "a type that is no text": (bundle(type=7), "type", "no text"),
    "no Patient": ({"resourceType": "Bundle", "type": "collection"}, "entry", "no Patient"),
    "two Patients": (bundle({"resourceType": "Patient", "id": "q"}), "entry", "2 Patients"),
    "a Patient without any id": (
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]},
        "entry[0] Patient",
        "has no id",
    ),
    "entries that are no objects": (bundle() | {"entry": [7]}, "entry[0]", "Found a number"),
    "entries that are no list": (bundle() | {"entry": {}}, "entry", "Give a list"),
    "a resource that is text": (bundle("Procedure"), "entry[1].resource", "Found text"),
    "a resource without a type": (bundle({"id": "x"}), "entry[1] resourceType", "does not say what it is"),
    "FHIR R5": (
        bundle({"resourceType": "Procedure", "id": "x", "occurrenceDateTime": "2026-01-01"}),
        "entry[1] Procedure/x occurrenceDateTime",
        "R5, not R4",
    ),
    "FHIR STU3": (
        bundle({"resourceType": "Condition", "clinicalStatus": "active"}),
        "entry[1] Condition clinicalStatus",
        "STU3",
    ),
    "a code that is text": (
        bundle({"resourceType": "Procedure", "id": "x", "status": "completed", "code": "64493"}),
        "entry[1] Procedure/x code",
        "Give an object",
    ),
    "a day that does not exist": (
        bundle({"resourceType": "Observation", "code": {"text": "pain score"}, "effectiveDateTime": "2026-02-30",
                "valueInteger": 1}),
        "entry[1] Observation effectiveDateTime",
        "no date",
    ),
    "a number too large for any scale": (
        bundle({"resourceType": "Observation", "code": {"text": "pain score"}, "valueInteger": 10**400}),
        "entry[1] Observation valueInteger",
        "too large",
    ),
    "text that is not Unicode": (
        bundle({"resourceType": "Condition", "code": {"text": "\ud800"}}),
        "entry[1] Condition code.text",
        "not Unicode",
    ),
    "a procedure before birth": (
        {"resourceType": "Bundle", "entry": [
            {"resource": PATIENT | {"birthDate": "1990-05-05"}},
            {"resource": {"resourceType": "Procedure", "id": "x", "status": "completed", "code": {"text": "L4-5 RFA"},
                          "performedDateTime": "1980-01-01"}},
        ]},
        "entry[1] Procedure/x",
        "before the patient's birth",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bundle_that_cannot_be_used(name: str) -> None:
    data, where, what = REFUSED[name]
    with pytest.raises(DocumentError) as refusal:
        read_bundle(data)
    problem = refusal.value.problems[0]
    assert problem.where == where
    assert what in str(problem)
    assert problem.remedy


def test_every_problem_is_named_at_once() -> None:
    wrong = {"resourceType": "Procedure", "status": 7, "code": [], "performedDateTime": 2026}
    with pytest.raises(DocumentError) as refusal:
        read_bundle(bundle(wrong, {"resourceType": "Observation", "status": True}))
    assert [problem.where for problem in refusal.value.problems] == [
        "entry[1] Procedure code",
        "entry[1] Procedure status",
        "entry[2] Observation status",
    ]


def test_an_error_never_repeats_what_was_written() -> None:
    secret = "Wanda Winterbottom"
    wrong = {"resourceType": "Procedure", "status": "completed", "code": {"text": "L4-5 RFA"}, "note": secret}
    with pytest.raises(DocumentError) as refusal:
        read_bundle(bundle(wrong | {"performedDateTime": secret}))
    assert secret not in str(refusal.value)


def test_deep_nesting_is_refused() -> None:
    item: dict[str, Any] = {"linkId": "story"}
    for _ in range(3000):
        item = {"linkId": "group", "item": [item]}
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": [item]}
    with pytest.raises(DocumentError, match="nested too deeply"):
        read_bundle(bundle(response))


def test_what_says_that_it_is_a_bundle() -> None:
    assert is_bundle(bundle())
    assert not is_bundle(PATIENT)
    assert not is_bundle([])


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """A valid Bundle of which some nodes were deleted or replaced."""
    value = copy.deepcopy(draw(st.sampled_from(VALID)))
    for _ in range(draw(st.integers(1, 3))):
        node: Any = value
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            below = node[key]
            if isinstance(below, dict | list) and below and draw(st.integers(0, 9)):
                node = below
                continue
            if draw(st.booleans()):
                del node[key]
            else:
                node[key] = copy.deepcopy(draw(REPLACEMENTS))
            break
    return value


REPLACEMENTS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 200),
    st.sampled_from([10**400, 1e308, -0.5, "", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00+14:00", "2026-13-01"]),
    st.sampled_from(
        ["completed", "L4", "left", "procedures[0].agents", "conditions", "#", "urn:uuid:", "/", "[]", "none"]
    ),
    st.text(max_size=8),
    st.sampled_from([[], {}, [[]], [{}], {"coding": [{}]}, {"coding": [None]}, {"reference": ""}, [7]]),
)


@given(spoilt())
@settings(deadline=None, max_examples=400, suppress_health_check=list(HealthCheck))
def test_a_spoilt_bundle_is_read_or_refused(value: dict[str, Any]) -> None:
    try:
        read = read_bundle(json.dumps(value).encode())
    except DocumentError as error:
        assert all(problem.remedy for problem in error.problems)
    else:
        assert all(one.where and one.what and one.why for one in read.unmapped)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(DocumentError):
        read_bundle(value)
