"""The audit trail shows whatever was changed or taken out, and the database refuses to do it."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from facetwise.clinic.trail.chain import faults, last_digest, note

TABLE = "clinic_accessevent"


@pytest.fixture
def rows(clinic):
    for number in range(5):
        note("clinician", "patient read", f"patient {number}", clinic.here)
    return clinic


def without_triggers() -> None:
    """What somebody does who has the database to themselves."""
    with connection.cursor() as cursor:
        for what in ("update", "delete"):
            on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {TABLE}_no_{what}{on}")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}",
        "UPDATE {} SET who = 'x'",
        "DELETE FROM clinic_revision",
        "UPDATE clinic_revision SET why = 'x'",
    ],
)
def test_rows_cannot_be_changed(rows, statement):
    statement = statement.format(TABLE).replace("who", "by") if "clinic_revision" not in statement else statement
    statement = statement.replace("SET by", 'SET "by"')
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "change", ["what = 'nothing'", "about = 'patient 7'", "at = '2020-01-01 00:00:00'", "\"by\" = 'eve'"]
)
def test_a_changed_row_shows(rows, change):
    from facetwise.clinic.models import AccessEvent

    assert list(faults()) == []
    without_triggers()
    victim = AccessEvent.objects.order_by("id")[2].pk
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET {change} WHERE id = {victim}")
    assert list(faults()) == [f"Row {victim} was changed"]


def test_a_row_taken_out_shows(rows):
    from facetwise.clinic.models import AccessEvent

    without_triggers()
    victim = AccessEvent.objects.order_by("id")[2].pk
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE id = {victim}")
    assert list(faults()) == [f"Before row {victim + 1} something was removed, or put in"]


def test_rows_taken_off_the_end_show_against_a_digest_kept_elsewhere(rows):
    from facetwise.clinic.models import AccessEvent

    kept = last_digest()
    without_triggers()
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE digest = '{kept}'")
    assert list(faults()) == []
    assert not AccessEvent.objects.filter(digest=kept).exists()


def test_reading_and_writing_leave_their_trail_without_what_was_read(clinic, signed_in):
    from facetwise.clinic.models import AccessEvent

    client = signed_in("clinician")
    client.get(reverse("patient", args=[clinic.patient.pk]))
    client.post(
        reverse("answer-step", args=[clinic.patient.pk]),
        {"version": 1, "step": clinic.patient.step, "verdict": "declined", "reason": "Fear of needles"},
    )
    told = [(one.by, one.what, one.about) for one in AccessEvent.objects.filter(by="clinician")]
    pk = clinic.patient.pk
    assert told == [
        ("clinician", "signed in", f"user {clinic.people['clinician'].pk}"),
        ("clinician", "patient read", f"patient {pk}"),
        ("clinician", "recommendation declined", f"patient {pk} version 1"),
    ]
    assert list(faults()) == []
    shown = signed_in("administrator").get(reverse("trail")).content.decode()
    assert "recommendation declined" in shown
    assert "Kofi" not in shown
    assert "needles" not in shown


@pytest.fixture
def told(clinic):
    """Rows of this clinic about both patients, and one of the other clinic."""
    pk = clinic.patient.pk
    note("clinician", "patient read", f"patient {pk}", clinic.here)
    note("coordinator", "record changed", f"patient {pk} version 2", clinic.here)
    note("coordinator", "patient read", f"patient {pk}0", clinic.here)
    note("stranger", "patient read", f"patient {clinic.other.pk}", clinic.elsewhere)
    return clinic


def shown_rows(response) -> list[tuple[str, str]]:
    found = [(event.by, event.what) for event, _ in response.context["events"]]
    return [one for one in found if one[0] in ("clinician", "coordinator", "stranger")]


@pytest.mark.parametrize(
    ("asked", "rows"),
    [
        ({}, [("coordinator", "patient read"), ("coordinator", "record changed"), ("clinician", "patient read")]),
        ({"by": "Clinician"}, [("clinician", "patient read")]),
        ({"what": "record changed"}, [("coordinator", "record changed")]),
        ({"patient": "H-1"}, [("coordinator", "record changed"), ("clinician", "patient read")]),
        ({"patient": "E-1"}, []),
        ({"by": "stranger"}, []),
        ({"since": "{today}", "until": "{today}", "by": "clinician"}, [("clinician", "patient read")]),
        ({"since": "{tomorrow}"}, []),
        ({"until": "{yesterday}"}, []),
    ],
)
def test_the_trail_is_searched(asked, rows, told, signed_in, today):
    import datetime

    day = datetime.timedelta(days=1)
    asked = {
        name: text.format(today=today, tomorrow=today + day, yesterday=today - day) for name, text in asked.items()
    }
    administrator = signed_in("administrator")
    response = administrator.post(reverse("trail"), asked, follow=True)
    assert response.request["QUERY_STRING"] == ""
    assert shown_rows(response) == rows
    exported = b"".join(administrator.post(reverse("trail-export")).streaming_content).decode()
    assert [
        tuple(line.split(",")[2:4]) for line in exported.splitlines()[1:] if line.split(",")[2] in dict(rows)
    ] == rows


def test_a_day_that_is_none_is_told(told, signed_in):
    administrator = signed_in("administrator")
    administrator.post(reverse("trail"), {"since": "soon"})
    for response in (administrator.get(reverse("trail")), administrator.post(reverse("trail-export"))):
        assert response.status_code == 422
        assert "2026-01-31" in response.content.decode()


def test_an_export_is_noted_holds_numbers_alone_and_no_formula(told, signed_in):
    from facetwise.clinic.models import AccessEvent

    note("=cmd", "patient read", "patient 0", told.here)
    administrator = signed_in("administrator")
    count = AccessEvent.objects.filter(clinic=told.here).count()
    response = administrator.post(reverse("trail-export"))
    text = b"".join(response.streaming_content).decode()
    assert "attachment" in response["Content-Disposition"]
    assert ",'=cmd," in text
    assert ",H-1," in text
    assert "Kofi" not in text
    assert "E-1" not in text
    last = AccessEvent.objects.filter(clinic=told.here).last()
    assert (last.by, last.what, last.about) == ("administrator", "trail exported", f"{count} rows")


def test_the_check_is_worked_out_when_asked_for_and_says_what_it_found(told, signed_in):
    from facetwise.clinic.models import AccessEvent

    administrator = signed_in("administrator")
    shown = administrator.post(reverse("trail-check")).content.decode()
    assert f"whole: {AccessEvent.objects.count()} rows" in shown
    assert last_digest() in shown
    without_triggers()
    victim = AccessEvent.objects.order_by("id")[2].pk
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {TABLE} SET about = 'nobody' WHERE id = {victim}")
    shown = administrator.post(reverse("trail-check")).content.decode()
    assert f"Row {victim} was changed" in shown
    assert "The trail is whole" not in shown


def test_signing_in_and_out_and_in_vain_is_in_the_trail(clinic, client):
    from facetwise.clinic.models import AccessEvent

    login = reverse("account_login")
    client.post(login, {"login": "clinician", "password": "not-that"})
    client.post(login, {"login": "my-secret-password", "password": "not-that"})
    client.post(login, {"login": "clinician", "password": "a-long-password-1"})
    client.post(reverse("account_logout"))
    told = list(AccessEvent.objects.filter(what__contains="sign").values_list("by", "what", "clinic").order_by("id"))
    assert told == [("clinician", what, clinic.here.pk) for what in ("sign-in failed", "signed in", "signed out")]
    assert not AccessEvent.objects.filter(by__contains="secret").exists()


@pytest.mark.parametrize(
    "table", ["accessevent", "revision", "localpolicy", "sentletter", "diaryentry", "aidanswers", "requestfact"]
)
def test_rows_are_not_emptied_out(table, db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE clinic_{table} CASCADE")


@pytest.mark.parametrize(
    ("table", "taken"),
    [("clinic_accessevent", "id"), ("clinic_accessevent", "digest"), ("clinic_revision", "patient_id, version")],
)
def test_rows_are_not_replaced(table, taken, rows):
    """By the key or by whatever else is unique in the table: SQLite takes the old row away with no DELETE."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY id LIMIT 1")
        names, values = [one[0] for one in cursor.description], list(cursor.fetchone())
        before = dict(zip(names, values, strict=True))
        again = before | ({"why": "x"} if table == "clinic_revision" else {"by": "x"})
        if taken != "id":
            del again["id"]
        else:
            again["digest"] = "f" * 64
        columns = ", ".join(f'"{one}"' for one in again)
        statement = f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(again))})"
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            cursor.execute(statement, list(again.values()))
        cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [before["id"]])
        assert list(cursor.fetchone()) == values


def test_a_number_in_an_address_asks_for_nothing(told, signed_in):
    administrator = signed_in("administrator")
    assert len(shown_rows(administrator.get(reverse("trail"), {"patient": "H-1"}))) == 3
    assert administrator.get(reverse("trail-export"), {"patient": "H-1"}).status_code == 405
    administrator.post(reverse("trail"), {"patient": "H-1"})
    assert len(shown_rows(administrator.get(reverse("trail")))) == 2
    administrator.post(reverse("trail"))
    assert len(shown_rows(administrator.get(reverse("trail")))) == 3


def whats(clinic, after: int) -> list[tuple[str, str]]:
    from facetwise.clinic.models import AccessEvent

    return list(AccessEvent.objects.filter(clinic=clinic, pk__gt=after).order_by("pk").values_list("what", "about"))


def last_row() -> int:
    from facetwise.clinic.models import AccessEvent

    return AccessEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.mark.parametrize(
    ("page", "method", "given", "what"),
    [
        ("new-procedure", "get", {}, "procedure form read"),
        ("new-procedure", "post", {"advise": ""}, "procedure form read"),
        ("new-procedure", "post", {}, "procedure form read"),
        ("letters", "get", {}, "letters read"),
        ("letter-pdf", "post", {}, "letters read"),
        ("letter-print", "post", {}, "letters read"),
        ("send-letter", "post", {"kind": "summary", "subject": "next", "language": "en"}, "letter previewed"),
    ],
)
def test_what_is_shown_of_a_patient_leaves_one_row(page, method, given, what, clinic, signed_in):
    client, pk = signed_in("coordinator"), clinic.patient.pk
    before = last_row()
    assert getattr(client, method)(reverse(page, args=[pk]), given).status_code in (200, 409, 422)
    ((told, about),) = whats(clinic.here, before)
    assert (told, about.split()[:2]) == (what, ["patient", str(pk)])


def test_a_reminder_and_a_refused_paper_diary_leave_a_row(block, signed_in):
    from facetwise.clinic.models import PatientLink

    block.send()
    client, pk, link = signed_in("coordinator"), block.patient.pk, PatientLink.objects.get()
    before = last_row()
    client.get(reverse("remind-patient", args=[pk, link.pk]))
    client.post(reverse("remind-patient", args=[pk, link.pk]), {"email": "none"})
    paper = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-minutes": "9000", "form-0-score": "3"}
    assert client.post(reverse("paper-diary", args=[pk, block.procedure]), paper).status_code == 422
    told = whats(block.here, before)
    assert told == [
        ("reminder looked at", f"patient {pk} link {link.pk}"),
        ("reminder looked at", f"patient {pk} link {link.pk}"),
        ("paper diary read", f"patient {pk}"),
    ]


def test_the_worklist_names_whom_it_showed_and_each_of_them_finds_it(clinic, signed_in, today):
    """In as many rows as it takes, and none of a patient whose key only begins or ends the same."""
    from facetwise.clinic.models import AccessEvent
    from facetwise.clinic.trail.chain import note_patients
    from facetwise.clinic.trail.filtering import about_patient

    coordinator = signed_in("coordinator")
    before = last_row()
    coordinator.get(reverse("worklist"))
    assert whats(clinic.here, before) == [("worklist read", f"patients {clinic.patient.pk}")]
    keys = [10_000_000 + one for one in range(25)]
    before = last_row()
    note_patients("coordinator", "worklist read", [3, *keys, 31], clinic.here)
    rows = whats(clinic.here, before)
    assert [key for _, about in rows for key in about.removeprefix("patients ").split(",")] == list(map(str, [3, *keys, 31]))  # fmt: skip
    assert max(len(about) for _, about in rows) <= 100

    def found(pk: int) -> int:
        clinic.patient.pk = pk
        return AccessEvent.objects.filter(about_patient(clinic.patient), clinic=clinic.here, pk__gt=before).count()

    assert [found(pk) for pk in (3, 31, *keys)] == [1] * 27
    assert [found(pk) for pk in (1, 10, 0, 13, 1_000_000, 100_000_001)] == [0] * 6


def test_signing_in_and_choosing_are_told_to_every_clinic_of_the_person(clinic, client):
    from facetwise.clinic.models import AccessEvent, Membership, Role

    Membership.objects.create(user=clinic.people["clinician"], clinic=clinic.elsewhere, role=Role.COORDINATOR)
    before = last_row()
    client.post(reverse("account_login"), {"login": "CLINICIAN", "password": "not-that"})
    client.post(reverse("account_login"), {"login": "clinician", "password": "a-long-password-1"})
    client.post(reverse("choose-clinic"), {"clinic": clinic.elsewhere.pk})
    told = AccessEvent.objects.filter(pk__gt=before).order_by("pk").values_list("what", "clinic")
    here, there = clinic.here.pk, clinic.elsewhere.pk
    assert list(told) == [
        ("sign-in failed", here), ("sign-in failed", there), ("signed in", here), ("signed in", there),
        ("clinic chosen", there),
    ]  # fmt: skip


def test_second_factors_are_in_the_trail(clinic, signed_in):
    from allauth.mfa.models import Authenticator
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
    from allauth.mfa.signals import (
        authentication_failed,
        authenticator_added,
        authenticator_removed,
        authenticator_reset,
        authenticator_used,
    )
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = clinic.people["clinician"]
    app, codes = TOTP.activate(user, generate_totp_secret()).instance, RecoveryCodes.activate(user).instance
    before = last_row()
    for sent, about in (
        (authenticator_added, app), (authenticator_added, codes), (authentication_failed, app),
        (authenticator_used, app), (authenticator_used, codes), (authenticator_reset, codes),
        (authenticator_removed, app),
    ):  # fmt: skip
        sent.send(sender=Authenticator, request=None, user=user, authenticator=about)
    assert [what for what, _ in whats(clinic.here, before)] == [
        "second factor set up", "recovery codes set up", "second factor failed", "recovery code used",
        "recovery codes made anew", "second factor removed",
    ]  # fmt: skip
