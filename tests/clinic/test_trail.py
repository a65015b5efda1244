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
        {"version": 1, "verdict": "declined", "reason": "Fear of needles"},
    )
    told = [(one.by, one.what, one.about) for one in AccessEvent.objects.filter(by="clinician")]
    pk = clinic.patient.pk
    assert told == [
        ("clinician", "patient read", f"patient {pk}"),
        ("clinician", "recommendation declined", f"patient {pk} version 1"),
    ]
    assert list(faults()) == []
    shown = signed_in("administrator").get(reverse("trail")).content.decode()
    assert "recommendation declined" in shown
    assert "Kofi" not in shown
    assert "needles" not in shown
