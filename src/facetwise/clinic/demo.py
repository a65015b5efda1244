"""The demo clinic: invented patients dated relative to today, and one person of each role."""

import datetime
import secrets

from django.db import transaction
from msgspec.structs import replace

from facetwise.clinic.actions.patients import add_patient
from facetwise.clinic.actions.people import add_person
from facetwise.clinic.models import Clinic, Patient, Role, User
from facetwise.examples import example_names, example_record

NAME = "Demo clinic"

_GIVEN = ("Ana", "Ben", "Carla", "Dara", "Emil", "Fatma", "Gus", "Hana", "Ivo", "Jun", "Kofi", "Lena", "Milo", "Nora",
          "Omar", "Pia", "Quinn", "Rosa", "Sami", "Tove")  # fmt: skip
_FAMILY = ("Abril", "Brook", "Castle", "Dune", "Ember", "Field", "Grove", "Harbour", "Isle", "Juniper", "Kestrel",
           "Lake", "Meadow", "North", "Oak", "Pine", "Reed")  # fmt: skip


@transaction.atomic
def load_demo(today: datetime.date) -> dict[str, str]:
    """The demo clinic with its patients and people; their passwords by user name, empty where it was there already.

    Passwords are new each time and told once: nothing that stands in a document opens a clinic.
    """
    clinic, made = Clinic.objects.get_or_create(name=NAME)
    if not made:
        return {}
    passwords = {}
    for role in Role:
        name = f"demo-{role.value}"
        passwords[name] = secrets.token_urlsafe(12)
        if not User.objects.filter(username=name).exists():
            add_person(clinic, name, f"Demo {role.label}", role, passwords[name])
    for number, example in enumerate(example_names()):
        record = example_record(example, today)
        code = f"D-{number + 1:03}"
        record = replace(record, patient=replace(record.patient, id=code))
        add_patient(clinic, None, code, invented_name(number), record, today)
    return passwords


def invented_name(number: int) -> str:
    """A name of nobody, another for each number."""
    family = _FAMILY[number * 7 % len(_FAMILY)]
    again = number // (len(_GIVEN) * len(_FAMILY))
    return f"{_GIVEN[number % len(_GIVEN)]} {family}" + (f" {again + 1}" if again else "")


def enlarge_demo(today: datetime.date, patients: int) -> int:
    """More invented patients in the demo clinic, until there are so many: to see how fast it stays."""
    clinic = Clinic.objects.get(name=NAME)
    names = example_names()
    for number in range(Patient.objects.filter(clinic=clinic).count(), patients):
        record = example_record(names[number % len(names)], today)
        code = f"D-{number + 1:03}"
        record = replace(record, patient=replace(record.patient, id=code))
        add_patient(clinic, None, code, invented_name(number), record, today)
    return patients
