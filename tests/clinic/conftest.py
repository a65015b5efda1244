"""A clinic with people of every role, another clinic beside it, and a patient in each."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

PASSWORD = "a-long-password-1"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """To hash a password takes long on purpose; five people a test would wait for it most of the time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def home(settings, tmp_path_factory):
    """A folder of the clinic's own."""
    settings.HOME = tmp_path_factory.mktemp("home")
    return settings.HOME


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The clinic as it is served, with its demo patients: its address, and who signs in with what."""
    from served import served

    with served(tmp_path_factory.mktemp("served")) as clinic:
        yield clinic


@pytest.fixture
def browser():
    """A real browser."""
    from browsers import chromium

    with chromium() as started:
        yield started


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


@pytest.fixture
def block(clinic, signed_in, today):
    """A block recorded now: when the anaesthetic was given, and how its diary is sent and opened on a phone."""
    given_at = timezone.localtime() - datetime.timedelta(minutes=50)  # soon after midnight, that was yesterday
    given = {
        "version": "1", "kind": "medial_branch_block", "purpose": "diagnostic", "date": str(given_at.date()),
        "pain_before": "8",
        "left_levels": ["L4-5", "L5-S1"], "anaesthetic": "lidocaine", "sedation": "none", "guidance": "fluoroscopy",
    }  # fmt: skip
    signed_in("coordinator").post(reverse("new-procedure", args=[clinic.patient.pk]), given)
    clinic.patient.refresh_from_db()
    clinic.procedure = clinic.patient.documented.procedures[-1].id
    clinic.given_at = given_at
    clinic.send = lambda **changes: signed_in("coordinator").post(
        reverse("send-diary", args=[clinic.patient.pk]),
        {"procedure": clinic.procedure, "language": "en", "given_at": clinic.given_at.strftime("%Y-%m-%dT%H:%M")}
        | changes,
    )
    clinic.address = lambda **changes: address_in(clinic.send(**changes))

    def opened(client, address=None) -> Client:
        response = client.post(address or clinic.address(), {"birth_year": str(clinic.patient.birth_year)})
        assert response.status_code == 302
        return client

    clinic.opened = opened
    return clinic


def address_in(response) -> str:
    """The address of a link on the page that shows it once."""
    return re.search(r"/d/[\w-]+/", response.content.decode())[0]
