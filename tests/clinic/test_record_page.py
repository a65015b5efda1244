"""The record on the screen: begun, completed, corrected, set back to not documented, and restored."""

import datetime
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from facetwise.clinic.models import AccessEvent
from facetwise.examples import example_names, example_record
from facetwise.pathway import next_step
from facetwise.records import read_record


def address(patient, name="record", *further):
    return reverse(name, args=[patient.pk, *further])


def fields_of(page: str, section: str) -> dict[str, list[str]]:
    """What the form of a section would send as it stands on the page."""
    return form_fields(page, f'name="section" value="{section}"')


def form_fields(page: str, mark: str) -> dict[str, list[str]]:
    """What the form with this mark would send as it stands on the page."""
    (form,) = [one for one in re.findall(r"<form.*?</form>", page, re.S) if mark in one]
    found: dict[str, list[str]] = {}

    class Reader(HTMLParser):
        select = area = ""

        def handle_data(self, data):
            if self.area:
                found[self.area] = [found[self.area][0] + data]

        def handle_endtag(self, tag):
            self.area = "" if tag == "textarea" else self.area

        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            if tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
                found.setdefault(given["name"], []).append(
                    given.get("value", "on" if given.get("type") == "checkbox" else "")
                )
            if tag == "select":
                self.select = given["name"]
            if tag == "textarea":
                found[given["name"]] = [""]
                self.area = given["name"]
            if tag == "option" and "selected" in given:
                found.setdefault(self.select, []).append(given["value"])

    Reader().feed(form)
    found.pop("csrfmiddlewaretoken")
    found.pop("clinic_of_page", None)
    return found


@pytest.fixture
def begun(clinic, signed_in):
    """A patient added with number and name, and how a section is saved."""
    client = signed_in("coordinator")
    response = client.post(reverse("new-patient"), {"number": "N-1", "name": "Nora New"})
    clinic.new = clinic.here.patients.get(number="N-1")
    assert response["Location"] == address(clinic.new), "a new patient lands where the record is written"

    def save(section, **given):
        clinic.new.refresh_from_db()
        return client.post(address(clinic.new), {"section": section, "version": clinic.new.version} | given)

    clinic.save, clinic.client = save, client
    clinic.page = lambda: client.get(address(clinic.new)).content.decode()
    clinic.record = lambda: type(clinic.new).objects.get(pk=clinic.new.pk).documented
    return clinic


def test_every_section_goes_into_the_record_and_the_next_step_follows(begun, today):
    week_ago = str(today - datetime.timedelta(days=7))
    sections = {
        "patient": {"patient-birth_year": "1961", "patient-sex": "female"},
        "coverage": {"coverage-payer": "medicare", "coverage-state": "TX"},
        "complaint": {
            "complaint-region": "lumbar", "complaint-onset": "2025-01-10", "complaint-pattern": "axial",
            "complaint-severity": "severe", "complaint-limits_function": "true",
            "complaint-aggravated_by": ["extension", "rotation"], "complaint-left_levels": ["L4-5", "L5-S1"],
        },
        "pain": {"pain-rows": "1", "pain-0-date": week_ago, "pain-0-scale": "nrs", "pain-0-score": "7"},
        "function": {
            "function-rows": "1", "function-0-date": week_ago, "function-0-scale": "odi", "function-0-score": "44",
        },
        "red-flags": {f"red-flags-{one}-present": "false" for one in (
            "fracture", "tumour", "infection", "cauda_equina", "inflammatory_disease")},
        "conservative_care": {
            "conservative_care-rows": "1", "conservative_care-0-kind": "physical_therapy",
            "conservative_care-0-start": "2025-02-01", "conservative_care-0-end": "2025-06-01",
            "conservative_care-0-outcome": "failed",
        },
        "examinations": {"examinations-rows": "1", "examinations-0-neurological_deficit": "false"},
        "imaging": {"imaging-rows": "1", "imaging-0-modality": "mri", "imaging-0-facet_degeneration": "true"},
        "conditions": {"conditions-untreated_radiculopathy-present": "false", "conditions-facet_cyst-present": "false",
                       "conditions-fusion-present": "true", "conditions-fusion-sites": "L5-S1"},
        "goals": {"goals-wanted": "diagnosis", "goals-ablation_intended": "true"},
        "procedures": {"none": "none"},
    }  # fmt: skip
    for section, given in sections.items():
        response = begun.save(section, **given)
        assert (response.status_code, response["Location"].endswith(f"#{section}")) == (302, True), section
    record = begun.record()
    assert (record.patient.birth_year, record.coverage.payer, record.coverage.state) == (1961, "medicare", "TX")
    assert (str(record.complaint.sites), record.complaint.aggravated_by) == (
        "left L4-5, L5-S1",
        ("extension", "rotation"),
    )
    assert (record.complaint.pain[0].score, record.complaint.function[0].scale) == (7, "odi")
    assert (record.conditions.tumour.present, record.conditions.tumour.on) == (False, today)
    assert str(record.conditions.fusion.sites) == "side not documented: L5-S1"
    assert (record.conservative_care[0].outcome, record.imaging[0].modality) == ("failed", "mri")
    assert record.procedures == ()
    begun.new.refresh_from_db()
    assert (begun.new.birth_year, begun.new.version) == (1961, len(sections) + 1)
    assert next_step(record, today).missing != () or begun.new.step == next_step(record, today).step.id
    assert begun.new.step != "safety"
    assert AccessEvent.objects.filter(what="record changed").count() == len(sections)


@pytest.mark.parametrize("example", example_names())
def test_saving_every_section_as_it_stands_changes_nothing(example, clinic, signed_in, today):
    from facetwise.clinic.actions.patients import add_patient
    from facetwise.clinic.records.sections import SECTIONS

    patient = add_patient(clinic.here, None, "E-9", "Elia Example", example_record(example, today), today)
    client = signed_in("clinician")
    page = client.get(address(patient)).content.decode()
    for one in SECTIONS:
        response = client.post(address(patient), fields_of(page, one.key))
        assert response.status_code == 302, (one.key, re.findall("refus.*|message-err.*", response.content.decode()))
    patient.refresh_from_db()
    assert read_record(patient.record.encode()) == example_record(example, today)
    assert patient.version == 1, "nothing was changed, so nothing was written"


def test_what_was_written_is_set_back_to_not_documented(begun):
    begun.save("patient", **{"patient-birth_year": "1961"})
    begun.save("pain", **{"pain-rows": "1", "pain-0-scale": "nrs", "pain-0-score": "7"})
    begun.save("red-flags", **{"red-flags-tumour-present": "true", "red-flags-tumour-note": "seen on MRI"})
    assert begun.record().conditions.tumour.note == "seen on MRI"
    for section in ("patient", "pain", "red-flags"):
        blank = {
            name: "" for name in fields_of(begun.page(), section) if name not in ("section", "version", "pain-rows")
        }
        kept = {"pain-rows": "2", "pain-0-scale": "nrs", "pain-1-scale": "nrs"} if section == "pain" else {}
        assert begun.save(section, **(blank | kept)).status_code == 302
    record = begun.record()
    assert (record.patient.birth_year, record.complaint.pain, record.conditions.tumour) == (None, None, None)


def test_a_folded_section_says_how_much_of_it_is_documented(begun):
    assert folded(begun.page())["Conservative care"] == folded(begun.page())["Imaging"] == "not documented"
    assert folded(begun.page())["Red flags"] == "5 not documented"
    begun.save("patient", **{"patient-birth_year": "1961"})
    begun.save("conservative_care", **{"conservative_care-rows": "1", "conservative_care-none": "on"})
    begun.save("pain", **{"pain-rows": "1", "pain-0-scale": "nrs", "pain-0-score": "7"})
    begun.save("red-flags", **{"red-flags-tumour-present": "true", "red-flags-fracture-present": "false"})
    told = folded(begun.page())
    assert (told["The patient"], told["Conservative care"], told["Pain scores"]) == (
        "1 of 2 documented", "none", "1 documented",
    )  # fmt: skip
    assert told["Red flags"] == "Tumour: present; 1 considered and absent; 3 not documented"


def test_who_saves_the_same_section_after_a_conflict_is_told_what_that_undoes(begun, today):
    row = {"pain-rows": "1", "pain-0-scale": "nrs"}
    begun.save("pain", **row, **{"pain-0-score": "7"})
    opened = begun.new.version + 1
    begun.save("pain", **row, **{"pain-0-score": "6"})
    response = begun.client.post(
        address(begun.new),
        {"section": "pain", "version": opened, **row, "pain-0-score": "7", "pain-0-date": str(today)},
    )
    assert response.status_code == 409
    assert "Changed meanwhile: Complaint, pain" in response.content.decode()
    assert re.search(r"7(\.0)? → 6", response.content.decode())
    assert begun.record().complaint.pain[0].score == 6


def test_all_others_are_absent_with_one_button_and_what_was_said_stays(begun, today):
    begun.save("red-flags", **{"red-flags-tumour-present": "true", "red-flags-tumour-on": "2025-03-01"})
    sent = {
        name: value
        for name, value in fields_of(begun.page(), "red-flags").items()
        if name not in ("version", "section")
    }
    assert begun.save("red-flags", **sent, others_absent="1").status_code == 302
    found = begun.record().conditions
    assert (found.tumour.present, str(found.tumour.on)) == (True, "2025-03-01")
    for one in ("fracture", "infection", "cauda_equina", "inflammatory_disease"):
        assert (getattr(found, one).present, getattr(found, one).on) == (False, today)
    assert found.fusion is None, "another section was not asked"


def folded(page: str) -> dict[str, str]:
    """What the folded sections say of themselves."""
    return dict(re.findall(r'<summary><h2>(.*?)</h2> <span class="quiet">(.*?)</span></summary>', page))


def test_that_there_was_none_is_another_answer_than_nothing(begun):
    begun.save("conservative_care", **{"conservative_care-rows": "1", "conservative_care-none": "on"})
    assert begun.record().conservative_care == ()
    assert "conservative_care-none" in fields_of(begun.page(), "conservative_care")
    begun.save("conservative_care", **{"conservative_care-rows": "1"})
    assert begun.record().conservative_care is None
    begun.save("complaint", **{"complaint-aggravated_by": ["none"]})
    assert begun.record().complaint.aggravated_by == ()
    begun.save("complaint")
    assert begun.record().complaint.aggravated_by is None


@pytest.mark.parametrize(
    ("section", "given", "told"),
    [
        ("complaint", {"complaint-onset": "2199-01-01", "complaint-severity": "severe"}, "has not come yet"),
        ("complaint", {"complaint-onset": "1950-01-01", "complaint-severity": "severe"}, "before the patient"),
        ("complaint", {"complaint-onset": "soon", "complaint-severity": "severe"}, "valid date"),
        ("complaint", {"complaint-aggravated_by": ["none", "sitting"]}, "cannot both be"),
        ("pain", {"pain-rows": "1", "pain-0-scale": "nrs", "pain-0-score": "11"}, "less than or equal to 10"),
        ("pain", {"pain-rows": "1", "pain-0-scale": "nrs", "pain-0-low": "3"}, "A range needs both"),
        ("patient", {"patient-birth_year": "2190"}, "has not come yet"),
        ("coverage", {"coverage-state": "ZZ"}, "valid choice"),
        ("conservative_care", {"conservative_care-rows": "1", "conservative_care-0-start": "2025-01-01"}, "needed"),
        ("conservative_care", {"conservative_care-rows": "1", "conservative_care-none": "on",
                               "conservative_care-0-kind": "medication"}, "Take one of the two out"),
        ("conservative_care", {"conservative_care-rows": "1", "conservative_care-0-kind": "medication",
                               "conservative_care-0-start": "2025-03-01", "conservative_care-0-end": "2025-01-01"},
         "before it starts"),
        ("red-flags", {"red-flags-tumour-note": "?"}, "needed"),
        ("conditions", {"conditions-fusion-present": "true", "conditions-fusion-sites": "L9"}, "Write joints such as"),
        ("no-such-section", {}, "The record"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_once_and_nothing_typed_is_lost(section, given, told, begun):
    begun.save("patient", **{"patient-birth_year": "1961"})
    before = begun.record()
    response = begun.save(section, **given)
    shown = response.content.decode()
    assert response.status_code == 422
    assert told in shown
    assert begun.record() == before
    if told not in ("The record", "valid choice"):
        sent = fields_of(shown, section)
        for name, value in given.items():
            assert set(value if isinstance(value, list) else [value]) <= set(sent[name])
    if told == "has not come yet":
        assert shown.count(told) == 1


def test_of_two_who_write_at_once_the_second_finds_out_and_keeps_what_was_typed(begun):
    begun.save("goals", **{"goals-wanted": "relief"})
    response = begun.client.post(
        address(begun.new), {"section": "patient", "version": "1", "patient-birth_year": "1970"}
    )
    assert response.status_code == 409
    assert "Somebody else changed this record" in response.content.decode()
    sent = fields_of(response.content.decode(), "patient")
    assert (sent["patient-birth_year"], begun.record().patient.birth_year) == (["1970"], None)
    assert begun.client.post(address(begun.new), sent).status_code == 302
    assert (begun.record().patient.birth_year, begun.record().goals.wanted) == (1970, "relief")


@pytest.mark.parametrize("example", example_names())
def test_every_question_of_the_record_has_a_place(example, clinic, signed_in, today):
    from facetwise.clinic.actions.patients import add_patient
    from facetwise.clinic.records.sections import anchor_of

    patient = add_patient(clinic.here, None, "E-9", "Elia Example", example_record(example, today), today)
    client = signed_in("clinician")
    shown, record = (
        client.get(address(patient, "patient")).content.decode(),
        client.get(address(patient)).content.decode(),
    )
    for one in next_step(patient.documented, today).missing:
        anchor = anchor_of(one.path)
        assert (anchor is None) == one.path.startswith("request."), one.path
        if anchor:
            assert f'id="{anchor}"' in record
            assert f'value="{one.path}"' in shown or f"{address(patient)}#{anchor}" in shown


def test_an_excluded_cause_is_not_written_as_one_that_is_there(clinic, signed_in, today):
    """ "Was another cause excluded?" must not take yes for "it is present"."""
    from facetwise.clinic.patients.questions import question_of
    from facetwise.rules import Missing

    asked = question_of(Missing("other_cause_of_pain", "Was another cause excluded?", "conditions.other_cause_of_pain"))
    assert asked.choices == (("true", "Present"), ("false", "Considered and absent"))
