"""A clinic with people of every role, another clinic beside it, and a patient in each."""

import datetime
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

PASSWORD = "a-long-password-1"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """To hash a password takes long on purpose; five people a test would wait for it most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    """A folder of the clinic's own."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    return settings.HOME


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def clinic(db, today):
    """The clinic: its people by role, a stranger, a patient of its own and one of the stranger's."""
    from facetwise.clinic.actions.patients import add_patient
    from facetwise.clinic.actions.people import add_person
    from facetwise.clinic.models import Clinic, Role
    from facetwise.examples import example_record

    here, elsewhere = Clinic.objects.create(name="Here"), Clinic.objects.create(name="Elsewhere")
    people = {role.value: add_person(here, role.value, role.label, role, PASSWORD) for role in Role}
    people["stranger"] = add_person(elsewhere, "stranger", "A Stranger", Role.CLINICIAN, PASSWORD)
    record = example_record("second-block-due", today)
    patient = add_patient(here, None, "H-1", "Kofi Castle", record, today)
    other = add_patient(elsewhere, None, "E-1", "Lena Juniper", record, today)
    return SimpleNamespace(here=here, elsewhere=elsewhere, people=people, patient=patient, other=other)


@pytest.fixture
def signed_in(clinic):
    """A browser of somebody; of nobody for None."""

    def of(who: str | None) -> Client:
        client = Client()
        if who is not None:
            client.force_login(clinic.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return of
