"""Everything of one patient as files: the record, what hangs on the patient in the database, and who saw it.

What hangs on a patient is found by asking the models, so that no table is forgotten; what it is called and what it
holds, in plain words, stands in `FILES`, and a test fails for a table that is missing there.
"""

import io
import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone

from facetwise import __version__
from facetwise.clinic.patients.models import Patient, UnreadableRecord
from facetwise.clinic.people.models import User
from facetwise.clinic.trail.filtering import about_patient
from facetwise.clinic.trail.models import AccessEvent
from facetwise.fhir import write_bundle

FILES = {
    "Revision": ("revisions", "Every version of the record: when it was written, by whom and why"),
    "Need": ("needs", "What the worklist says that the patient needs, as of the last day it was worked out"),
    "Answer": ("answers", "What clinicians made of the next steps that were shown: accepted, declined, deferred"),
    "RequestFact": ("request-facts", "What was said of procedures before they were done, such as where, and by whom"),
    "PatientLink": ("links", "Links to pain diaries and the decision aid: when made, opened, reminded of, taken back"),
    "DiaryEntry": (
        "diary-entries",
        "What was written in pain diaries: the phone's time, the time put right, when it arrived, whether it was late, "
        "and who typed it in where it was not the patient",
    ),
    "AidAnswers": ("decision-aid-answers", "What the patient answered in the decision aid, each version"),
    "SentLetter": (
        "letters",
        "What was sent to whom, how and when; the documents are in the folder letters",
    ),
}
"""The files of models that hang on a patient, without `.json`, and what each holds."""

APART = {"PatientLink": {"digest"}, "SentLetter": {"page", "pdf"}}
"""Fields that are not among the others: what a link is known by, and documents, which are files of their own."""

TRAIL = ("audit-trail", "Who read and wrote anything of this patient, and when")


class Hanging(NamedTuple):
    """A model whose rows hang on a patient, and the way from a row to the patient as a query says it."""

    model: type[Model]
    way: str


def hanging_on_patients() -> Iterator[Hanging]:
    """Every model that hangs on a patient, by itself or through another one."""
    waiting = [Hanging(Patient, "")]
    seen: set[type[Model]] = {Patient}
    for one in waiting:
        for relation in one.model._meta.related_objects:
            model = relation.related_model
            if model not in seen and isinstance(model, type):
                seen.add(model)
                way = "__".join(filter(None, (relation.field.name, one.way)))
                waiting.append(Hanging(model, way))
    yield from waiting[1:]


def export(patient: Patient) -> bytes:
    """A zip of everything that is kept of a patient; a record that cannot be read is in it as it was written."""
    files = {
        "record.json": (patient.record.encode(), "The record as it is now, as Facetwise reads it"),
        **_read_otherwise(patient),
        "patient.json": (_json(_row(patient)), "Number, name, and where the patient stands"),
    }
    for model, way in hanging_on_patients():
        name, says = FILES.get(model.__name__, (model._meta.model_name or "", model._meta.verbose_name_plural))
        rows = model._default_manager.filter(**{way: patient}).order_by("pk").distinct()
        files[f"{name}.json"] = (_json([_row(one) for one in rows]), str(says))
    files |= dict(_documents(patient))
    events = AccessEvent.objects.filter(about_patient(patient), clinic=patient.clinic).order_by("id")
    files[f"{TRAIL[0]}.json"] = (_json([_row(one) for one in events]), TRAIL[1])
    return _zip(files, patient)


def _read_otherwise(patient: Patient) -> dict[str, tuple[bytes, str]]:
    """The record in another form, or why there is none."""
    try:
        bundle = write_bundle(patient.documented)
    except UnreadableRecord as error:
        return {"record-problems.txt": (str(error).encode(), "Why this version of Facetwise cannot read the record")}
    return {"record.fhir.json": (_json(bundle), "The same record as a FHIR R4 Bundle, for other systems")}


def _documents(patient: Patient) -> Iterator[tuple[str, tuple[bytes, str]]]:
    """What was sent, as it was sent."""
    for one in patient.letters.all():
        says = f"{one.title}, as it was sent on {timezone.localdate(one.at)}"
        yield f"letters/{one.pk}.html", (one.page.encode(), says)
        yield f"letters/{one.pk}.pdf", (bytes(one.pdf), says)


def _row(row: Model) -> dict[str, Any]:
    """A row by its fields; people by the names that they sign in with."""
    without = APART.get(type(row).__name__, set())
    people = {field.name for field in row._meta.concrete_fields if field.related_model is User}
    told = {}
    for field in row._meta.concrete_fields:
        if field.name in people:
            person = getattr(row, field.name)
            told[field.name] = person.username if person is not None else None
        elif field.name not in without:
            told[field.name] = field.value_from_object(row)
    return told


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=_Encoder, ensure_ascii=False, indent=2).encode()


class _Encoder(DjangoJSONEncoder):
    """Times with all that is known of them."""

    def default(self, o: Any) -> Any:
        """What JSON has no form of."""
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _zip(files: dict[str, tuple[bytes, str]], patient: Patient) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(files, patient))
        for name, (data, _) in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _readme(files: dict[str, tuple[bytes, str]], patient: Patient) -> str:
    made = timezone.localtime().isoformat(timespec="seconds")
    lines = [
        f"Everything that {patient.clinic.name} keeps of patient {patient.number}, {patient.name}, in Facetwise.",
        f"Made {made} by Facetwise {__version__}. These are health data: keep them safe.",
        "",
        "Files that end in .json are text. A value that is null or missing is not documented; that is not the same",
        "as no. Times have their distance from UTC. `by` is the name with which somebody signs in; null is the patient",
        "or Facetwise itself.",
        "",
        *(f"{name}: {says}." for name, (_, says) in files.items()),
    ]
    return "\n".join(lines) + "\n"
