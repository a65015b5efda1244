"""Everything of one patient: whole, in words, of nobody else; and no table that hangs on patients is forgotten."""

import datetime
import io
import json
import uuid
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone
from served import Served, environment

from facetwise.clinic.actions.diaries import send_diary, take_entries
from facetwise.clinic.actions.patients import change_record
from facetwise.clinic.actions.recommendations import Shown, answer_recommendation
from facetwise.clinic.diary.wire import SentEntry
from facetwise.clinic.keeping.export import FILES, hanging_on_patients
from facetwise.clinic.models import AccessEvent, Patient
from facetwise.clinic.patients.models import Verdict
from facetwise.fhir import read_bundle
from facetwise.records import read_record


def test_no_table_that_hangs_on_patients_is_forgotten():
    """For a new model: say in `FILES` what its file is called and what it holds, and look at what it exports."""
    direct = {relation.related_model for relation in Patient._meta.related_objects}
    hanging = {one.model for one in hanging_on_patients()}
    assert direct <= hanging
    assert {model.__name__ for model in hanging} == set(FILES)
    assert len({name for name, _ in FILES.values()}) == len(FILES)


@pytest.fixture
def files(block, signed_in, today):
    """Of a patient with a diary, an answer and three versions: the files of the export."""
    patient, person = block.patient, block.people["clinician"]
    link, _ = send_diary(patient, person, block.procedure, block.given_at, "en")
    take_entries(link, [SentEntry(uuid.uuid4(), block.given_at, 3)], timezone.now(), person)
    patient.refresh_from_db()
    answer_recommendation(patient, person, Shown(patient.version, patient.step), Verdict.DECLINED, "Later", None, today)
    response = signed_in("coordinator").post(reverse("export-patient", args=[patient.pk]))
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rows(files, name):
    return json.loads(files[f"{name}.json"])


def test_everything_is_there_and_told(files, clinic):
    clinic.patient.refresh_from_db()
    assert read_record(files["record.json"]) == clinic.patient.documented
    assert read_bundle(json.loads(files["record.fhir.json"])).record == clinic.patient.documented
    assert [one["version"] for one in rows(files, "revisions")] == [1, 2, 3]
    assert rows(files, "revisions")[-1]["record"].encode() == files["record.json"]
    (entry,) = rows(files, "diary-entries")
    assert (entry["score"], entry["by"], entry["late"]) == (3, "clinician", False)
    assert datetime.datetime.fromisoformat(entry["device_at"]) <= datetime.datetime.fromisoformat(entry["received_at"])
    (answer,) = rows(files, "answers")
    assert (answer["verdict"], answer["reason"], answer["by"]) == ("declined", "Later", "clinician")
    whats = [one["what"] for one in rows(files, "audit-trail")]
    assert whats[0] == "patient added"
    assert whats[-1] == "patient exported"
    readme = files["README.txt"].decode()
    assert all(name in readme for name in files if name != "README.txt")
    assert "not documented" in readme


def test_nothing_of_others_and_no_key_is_there(files, clinic):
    told = b"".join(files.values()).decode()
    assert "Lena" not in told
    assert clinic.patient.links.get().digest not in told
    about = {one["about"].split()[1] for one in rows(files, "audit-trail")}
    assert about == {str(clinic.patient.pk)}


def test_what_was_sent_is_there_as_it_was_sent(clinic, signed_in, today):
    from facetwise.clinic.models import SentLetter

    clinic.patient.letters.create(
        kind="summary", title="Summary", language="en", version=1, as_of=today, open_places=0, page="<p>Hello</p>",
        page_digest="", pdf=b"%PDF-1.7", digest="", to="Kofi", how="by_hand", by=clinic.people["clinician"],
    )  # fmt: skip
    response = signed_in("clinician").post(reverse("export-patient", args=[clinic.patient.pk]))
    pk = SentLetter.objects.get().pk
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.read(f"letters/{pk}.pdf") == b"%PDF-1.7"
        assert archive.read(f"letters/{pk}.html") == b"<p>Hello</p>"
        assert [one["to"] for one in json.loads(archive.read("letters.json"))] == ["Kofi"]


def test_numbers_that_begin_alike_are_told_apart(clinic, signed_in):
    from facetwise.clinic.trail.chain import note

    note("x", "patient read", f"patient {clinic.patient.pk}0", clinic.here)
    response = signed_in("clinician").post(reverse("export-patient", args=[clinic.patient.pk]))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        trail = json.loads(archive.read("audit-trail.json"))
    assert {one["about"] for one in trail} == {f"patient {clinic.patient.pk}"}


def test_it_is_in_the_trail_and_asked_for_on_the_page(clinic, signed_in, today):
    page = signed_in("clinician").get(reverse("patient", args=[clinic.patient.pk])).content.decode()
    assert reverse("export-patient", args=[clinic.patient.pk]) in page
    change_record(clinic.patient, None, None, lambda record: record, "Nothing", today)
    signed_in("clinician").post(reverse("export-patient", args=[clinic.patient.pk]))
    last = AccessEvent.objects.order_by("-id").first()
    assert (last.by, last.what, last.about) == ("clinician", "patient exported", f"patient {clinic.patient.pk}")


def test_the_command_writes_the_same_files(tmp_path):
    served = Served(tmp_path / "home", environment())
    served.load_demo()
    out = tmp_path / "out.zip"
    given = ["export", "D-003", "--clinic", "Demo clinic", "--out", str(out)]
    served.run(*given)
    assert out.stat().st_mode & 0o077 == 0
    with zipfile.ZipFile(out) as archive:
        assert json.loads(archive.read("patient.json"))["number"] == "D-003"
        assert {f"{name}.json" for name, _ in FILES.values()} < set(archive.namelist())
    assert "there already" in served.run(*given, check=False).stderr
    given[1], given[-1] = "D-999", str(tmp_path / "other.zip")
    assert "no such patient" in served.run(*given, check=False).stderr
    assert served.rows("SELECT count(*) FROM clinic_accessevent WHERE what = 'patient exported'") == [(1,)]
