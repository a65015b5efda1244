"""Patient: a pseudonym, a birth year and a sex, and on purpose nothing else."""

from facetwise.documents import DocumentError, Problem
from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.draft import Draft

_IDENTIFYING = ("identifier", "name", "telecom", "address", "photo", "contact")
IDENTIFYING = "left out on purpose: identifies the patient"
_SEXES = ("female", "male", "other")


def read_patient(bundle: Bundle, draft: Draft) -> None:
    """The one patient of the bundle. Raises `DocumentError` where there is none, or more than one."""
    patients = bundle.of_type("Patient")
    if len(patients) != 1:
        found = "no Patient" if not patients else f"{len(patients)} Patients"
        raise DocumentError([Problem("entry", f"The Bundle has {found}", "Give one Patient and one patient's data")])
    patient = patients[0]
    draft.places["patient"] = patient.where
    _set_others_aside(bundle, patient)
    patient.skip(*_IDENTIFYING)
    left_out = [name for name in _IDENTIFYING if patient.has(name)]
    pseudonym = patient.id or (patient.full_url.rpartition(":")[2] if patient.full_url.startswith("urn:uuid:") else "")
    if patient.id:
        draft.facts.claim("patient.id", patient.id, patient.where)
    elif pseudonym:
        draft.fallback_id = pseudonym
    born = patient.text("birthDate") or ""
    if born[:4].isascii() and born[:4].isdigit() and born[4:5] in ("", "-"):
        draft.facts.claim("patient.birth_year", int(born[:4]), patient.where)
        left_out += ["birthDate: day and month"] if born[4:] else []
    elif born:
        patient.refuse("birthDate", "Found text that is no date", "Write YYYY-MM-DD, or the year alone")
    gender = patient.text("gender")
    if gender in _SEXES:
        draft.facts.claim("patient.sex", gender, patient.where)
    elif gender not in (None, "unknown"):
        patient.leave("gender", "it is not one of female, male, other and unknown")
    if left_out:
        patient.leave(", ".join(left_out), IDENTIFYING)


def _set_others_aside(bundle: Bundle, patient: Resource) -> None:
    """Set aside what is not, or not certainly, about this patient."""
    for resource in bundle.resources:
        if resource is patient or resource.used:
            continue
        for name in ("subject", "patient"):
            if isinstance(resource.value.get(name), dict):
                for address in resource.references(name):
                    if not _means(bundle, address, resource, patient):
                        resource.set_aside(resource.type, f"its {name} is not the Patient of this Bundle")
            elif resource.has(name) and name == "subject":
                resource.refuse(name, "Found something that is no Reference", "Give a Reference to the Patient")


def _means(bundle: Bundle, address: str, resource: Resource, patient: Resource) -> bool:
    found = bundle.resolve(address, resource)
    if found is None:
        return bool(patient.id) and address.replace(":", "/").split("/")[-1] == patient.id
    return found is patient
