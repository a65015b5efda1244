"""What single resources mean: the kind of a procedure, its sites and agents, conditions, and where a score belongs."""

from typing import Any

import pytest

from facetwise.fhir import read_bundle
from facetwise.fhir.reading import BundleImport
from facetwise.records import Kind

CPT, ICD = "http://www.ama-assn.org/go/cpt", "http://hl7.org/fhir/sid/icd-10-cm"


def read(*resources: dict[str, Any]) -> BundleImport:
    patient = {"resourceType": "Patient", "id": "p"}
    return read_bundle({"resourceType": "Bundle", "entry": [{"resource": one} for one in (patient, *resources)]})


def procedure(text: str = "", cpt: str = "", **members: Any) -> dict[str, Any]:
    code = {"text": text} | ({"coding": [{"system": CPT, "code": cpt}]} if cpt else {})
    done = {"resourceType": "Procedure", "id": "x", "status": "completed", "performedDateTime": "2026-04-01"}
    return done | {"code": code} | members


KINDS: list[tuple[str, str, Kind | None]] = [
    ("Lumbar facet joint injection", "", Kind.FACET_JOINT_INJECTION),
    ("Intra-articular zygapophysial joint injection", "64490", Kind.FACET_JOINT_INJECTION),
    ("MBB L4-5", "", Kind.MEDIAL_BRANCH_BLOCK),
    ("Third occipital nerve block", "", Kind.MEDIAL_BRANCH_BLOCK),
    ("Facet block", "", None),
    ("Facet joint injection or medial branch block", "", None),
    ("Lumbar facet", "64493", None),
    ("Medial branch neurotomy", "", Kind.RADIOFREQUENCY_ABLATION),
    ("Lumbar rhizotomy L4-5", "", Kind.RADIOFREQUENCY_ABLATION),
    ("Endometrial ablation", "", None),
    ("Pulmonary vein ablation", "93656", None),
    ("Radiofrequency ablation of liver tumour", "", None),
    ("Radiofrequency ablation of genicular nerves", "", None),
    ("Sacroiliac joint radiofrequency ablation", "", None),
    ("Basivertebral nerve ablation L4-5", "", None),
    ("Radiofrequency ablation", "", None),
    ("", "64635", Kind.RADIOFREQUENCY_ABLATION),
    ("", "64483", Kind.EPIDURAL_STEROID_INJECTION),
    ("", "27096", Kind.SACROILIAC_JOINT_INJECTION),
    ("", "20553", Kind.TRIGGER_POINT_INJECTION),
    ("Posterior lumbar fusion", "22612", Kind.SPINAL_FUSION),
    ("Facet cyst rupture", "", Kind.FACET_CYST_RUPTURE),
    ("Cataract extraction", "", None),
]


@pytest.mark.parametrize(("text", "cpt", "kind"), KINDS)
def test_the_kind_of_a_procedure(text: str, cpt: str, kind: Kind | None) -> None:
    result = read(procedure(text, cpt))
    assert [one.kind for one in result.record.procedures or ()] == ([kind] if kind else [])
    assert (kind is None) == any(one.what.startswith("Procedure ") for one in result.unmapped)


SITES: list[tuple[list[dict[str, Any]], str, str | None]] = [
    ([{"text": "left L4-5, L5-S1"}], "", "left L4-5, L5-S1"),
    ([{"text": "L4/5"}, {"coding": [{"system": "http://snomed.info/sct", "code": "24028007"}]}], "", "right L4-5"),
    ([{"text": "Lumbar facet joint structure"}], "Left L4-5 RFA", "left L4-5"),
    ([{"text": "Structure of left lumbar facet joint"}], "L4-5 and L5-S1 facet ablation", "left L4-5, L5-S1"),
    ([{"text": "L3, L4 medial branch, L5 dorsal ramus"}], "right RFA", "right L4-5, L5-S1"),
    ([{"text": "L4-5"}, {"text": "the usual place"}], "", None),
    ([{"text": "T7 vertebra"}], "", None),
    ([], "RFA L4-5 left done, L5-S1 not done", None),
    ([{"text": "C1-2"}], "", None),
    ([], "", None),
]


@pytest.mark.parametrize(("body_sites", "text", "sites"), SITES)
def test_the_sites_of_an_ablation(body_sites: list[dict[str, Any]], text: str, sites: str | None) -> None:
    result = read(procedure(text, "64635", bodySite=body_sites))
    (found,) = result.record.procedures or ()
    assert (str(found.sites) if found.sites else None) == sites
    assert bool(sites) or not (body_sites or text) or any("sites" in one.what for one in result.unmapped)


AGENTS: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    ("bupivacaine 0.5%", {"dose": {"value": 0.5, "unit": "mL"}},
     [{"name": "bupivacaine", "concentration_percent": 0.5, "volume_ml": 0.5}]),
    ("Lidocaine HCl 10 MG/ML Injectable Solution 20 mL vial", {}, [{"name": "lidocaine", "concentration_percent": 1}]),
    ("Kenalog", {"dose": {"value": 40, "unit": "mg"}}, [{"name": "triamcinolone", "dose_mg": 40}]),
    ("dexamethasone", {"dose": {"value": 4000, "code": "ug"}}, [{"name": "dexamethasone", "dose_mg": 4}]),
    ("levobupivacaine", {"text": "0.4 ml each"}, [{"name": "levobupivacaine", "volume_ml": 0.4}]),
    ("ropivacaine 0.2% and betamethasone 6 mg", {},
     [{"name": "ropivacaine", "concentration_percent": 0.2}, {"name": "betamethasone", "dose_mg": 6}]),
    ("lidocaine 1%", {"route": {"text": "intradermal"}}, []),
    ("ondansetron", {}, []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "dosage", "agents"), AGENTS)
def test_what_was_injected(text: str, dosage: dict[str, Any], agents: list[dict[str, Any]]) -> None:
    given = {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "partOf": [{"reference": "Procedure/x"}],
        "medicationCodeableConcept": {"text": text},
        "dosage": dosage,
    }
    result = read(procedure("Medial branch block"), given)
    (found,) = result.record.procedures or ()
    names = ("name", "concentration_percent", "dose_mg", "volume_ml")
    shown = [
        {name: getattr(one, name) for name in names if getattr(one, name) is not None} for one in found.agents or ()
    ]
    assert shown == agents
    assert bool(agents) != bool(result.unmapped)


CONDITIONS: list[tuple[str, str | None]] = [
    ("Z33.1", "pregnancy"), ("O26.851", "pregnancy"), ("Z79.01", "anticoagulant"), ("Z950", "implanted_device"),
    ("Z95.810", "implanted_device"), ("Z95.5", None), ("Z98.1", "fusion"), ("M43.26", "fusion"),
    ("M54.16", "untreated_radiculopathy"), ("M48.062", "neurogenic_claudication"), ("M48.061", None),
    ("S32.010A", "fracture"), ("S32.010S", None), ("S22.31XA", None), ("M48.56XA", "fracture"), ("C79.51", "tumour"),
    ("M46.46", "infection"), ("G83.4", "cauda_equina"), ("M79.7", "generalised_pain"), ("M45.6", "inflammatory_disease"),
    ("Z88.4", "local_anaesthetic_allergy"), ("D68.51", None), ("I48.91", None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "name"), CONDITIONS)
def test_the_meaning_of_an_icd_code(code: str, name: str | None) -> None:
    condition = {"resourceType": "Condition", "code": {"coding": [{"system": ICD, "code": code}]}}
    result = read(condition | {"recordedDate": "2026-01-01"})
    conditions = result.record.conditions
    present = [one for one in conditions.__struct_fields__ if getattr(conditions, one)]
    assert present == ([name] if name else [])
    assert name or result.unmapped


@pytest.mark.parametrize(
    ("status", "present", "on"),
    [
        ({"clinicalStatus": {"coding": [{"code": "active"}]}, "recordedDate": "2026-01-01"}, True, "2026-01-01"),
        (
            {"clinicalStatus": {"coding": [{"code": "resolved"}]}, "abatementDateTime": "2025-05-05"},
            False,
            "2025-05-05",
        ),
        ({"verificationStatus": {"coding": [{"code": "refuted"}]}, "recordedDate": "2026-02-02"}, False, "2026-02-02"),
        ({"onsetDateTime": "2024-04-04"}, True, "2024-04-04"),
    ],
)
def test_whether_a_condition_is_there(status: dict[str, Any], present: bool, on: str) -> None:
    result = read({"resourceType": "Condition", "code": {"text": "Fibromyalgia"}} | status)
    found = result.record.conditions.generalised_pain
    assert found
    assert (found.present, str(found.on)) == (present, on)


def test_one_anticoagulant_taken_outweighs_another_that_was_stopped_later() -> None:
    stopped = {"status": "stopped", "effectivePeriod": {"end": "2026-02-01"}}
    result = read(
        {"resourceType": "MedicationStatement", "status": "active", "effectiveDateTime": "2024-01-01",
         "medicationCodeableConcept": {"text": "apixaban 5 mg"}},
        {"resourceType": "MedicationStatement", "medicationCodeableConcept": {"text": "warfarin"}} | stopped,
    )  # fmt: skip
    assert result.record.conditions.anticoagulant
    assert result.record.conditions.anticoagulant.present
    assert [one.what for one in result.unmapped] == ["conditions.anticoagulant"]


def answer(link: str, **value: Any) -> dict[str, Any]:
    return {"linkId": link, "answer": [value]}


def test_answers_about_a_procedure_name_it() -> None:
    pinned = [
        answer("procedures[0]", valueReference={"reference": "Procedure/x"}),
        answer("procedures[0].stated_relief.percent", valueDecimal=90),
        answer("procedures[0].sedation", valueString="none"),
    ]
    response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": pinned}
    (found,) = read(procedure("Medial branch block"), response).record.procedures or ()
    assert found.stated_relief
    assert (found.stated_relief.percent, found.sedation) == (90, "none")

    loose = read(procedure("Medial branch block"), response | {"item": pinned[1:]})
    assert "which Procedure of the Bundle" in str(loose.unmapped[0])

    whole = {
        "partOf": [{"reference": "Procedure/x"}],
        "item": [answer("procedures[].purpose", valueString="diagnostic")],
    }
    (asked,) = read(procedure("Medial branch block"), response | whole).record.procedures or ()
    assert asked.purpose == "diagnostic"


def test_answers_alone_can_tell_of_procedures() -> None:
    items = [
        answer("procedures[0].kind", valueCoding={"code": "radiofrequency_ablation"}),
        answer("procedures[0].date", valueDate="2025-05-05"),
        answer("procedures[0].sites", valueString="C5/6 left"),
        answer("procedures[1].kind", valueString="medial branch block"),
    ]
    result = read({"resourceType": "QuestionnaireResponse", "status": "completed", "item": items})
    assert [str(one.sites) for one in result.record.procedures or ()] == ["left C5-6"]
    assert "date Give a date" in str(result.unmapped[0])


def test_two_answers_of_different_days() -> None:
    def response(day: str, wanted: str) -> dict[str, Any]:
        item = [answer("goals.wanted", valueString=wanted)]
        return {
            "resourceType": "QuestionnaireResponse",
            "id": day,
            "status": "completed",
            "authored": day,
            "item": item,
        }

    result = read(response("2026-03-01", "relief"), response("2026-01-01", "diagnosis"))
    assert result.record.goals.wanted == "relief"
    assert [(one.where, one.what) for one in result.unmapped] == [
        ("entry[2] QuestionnaireResponse/2026-01-01 goals.wanted", "goals.wanted")
    ]
