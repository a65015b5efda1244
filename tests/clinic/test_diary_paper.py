"""A paper diary typed in: every entry once, corrections beside what they correct, and nothing lost by a mistake."""

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from facetwise.clinic.diary.times import times_asked

ROWS = len(times_asked()) + 4


@pytest.fixture
def paper(clinic, signed_in, today):
    """A block of yesterday that no link was sent for, and how its paper diary is typed in."""
    clinic.day = today - datetime.timedelta(days=1)

    def record(**changes):
        given = {
            "version": str(clinic.patient.version), "kind": "medial_branch_block", "purpose": "diagnostic",
            "date": str(clinic.day), "pain_before": "8", "left_levels": ["L4-5", "L5-S1"], "anaesthetic": "lidocaine",
            "sedation": "none", "guidance": "fluoroscopy",
        }  # fmt: skip
        signed_in("coordinator").post(reverse("new-procedure", args=[clinic.patient.pk]), given | changes)
        clinic.patient.refresh_from_db()
        clinic.procedure = clinic.patient.documented.procedures[-1].id
        clinic.paper = reverse("paper-diary", args=[clinic.patient.pk, clinic.procedure])

    record()
    clinic.record = record
    clinic.read = lambda: signed_in("coordinator").get(clinic.paper)
    clinic.type = lambda rows, who="coordinator", **changes: signed_in(who).post(
        clinic.paper, form(rows, given_at=f"{clinic.day}T09:00") | changes
    )
    clinic.lines = lambda: lines(clinic)
    return clinic


def form(rows: dict, **given):
    """What the form sends: rows by their place; places after the asked times are free."""
    sent = {"form-TOTAL_FORMS": str(ROWS), "form-INITIAL_FORMS": str(ROWS)} | given
    sent |= {f"form-{place}-minutes": str(minutes) for place, minutes in enumerate(times_asked())}
    return sent | {f"form-{place}-{name}": str(value) for place, row in rows.items() for name, value in row.items()}


def lines(clinic):
    clinic.patient.refresh_from_db()
    diary = next(one for one in clinic.patient.documented.procedures if one.id == clinic.procedure).diary
    return [(one.minutes, one.score) for one in diary.entries] if diary else None


def entries_of(clinic):
    from facetwise.clinic.models import DiaryEntry

    return DiaryEntry.objects.filter(link__patient=clinic.patient).order_by("id")


def again(paper):
    """What the form would send as it is shown."""
    rows = paper.read().context["rows"]
    return {
        place: {
            field.name: field.value()
            for field in row
            if field.value() not in (None, "", False) and field.name != "minutes"
        }
        for place, row in enumerate(rows)
    }


FIRST = {0: {"score": 3, "provoked": "true"}, 3: {"score": 1, "provoked": "true"}, 4: {"asleep": "on"},
         11: {"clock": "10:20", "score": 2, "rescue_analgesic": "on"}}  # fmt: skip


def test_a_paper_diary_comes_into_the_record_and_the_block_is_judged(paper, signed_in):
    response = paper.type(FIRST)
    assert response.status_code == 302
    assert paper.lines() == [(15, 3), (60, 1), (80, 2), (120, None)]
    kept = entries_of(paper)
    assert {one.by.username for one in kept} == {"coordinator"}
    assert not any(one.late for one in kept)
    assert [(one.provoked, one.asleep, one.rescue_analgesic) for one in kept.order_by("minutes")] == [
        (True, False, False), (True, False, False), (None, False, True), (None, True, False),
    ]  # fmt: skip
    shown = signed_in("clinician").get(reverse("patient", args=[paper.patient.pk])).content.decode()
    assert "Peak relief 88% by scores" in shown
    assert "typed in by Coordinator" in shown
    assert paper.patient.links.get().purpose == "paper"


def test_saved_twice_nothing_is_entered_twice(paper):
    paper.type(FIRST)
    paper.type(FIRST)
    assert entries_of(paper).count() == 4
    response = paper.type(again(paper))
    assert response.status_code == 302
    assert entries_of(paper).count() == 4
    assert paper.patient.links.count() == 1


def test_a_correction_stands_beside_what_it_corrects(paper, signed_in):
    paper.type(FIRST)
    rows = again(paper)
    rows[3]["score"] = 4
    paper.type(rows, "clinician")
    paper.type(rows, "clinician")
    assert paper.lines() == [(15, 3), (60, 4), (80, 2), (120, None)]
    old, new = entries_of(paper).filter(minutes=60)
    assert (old.score, new.score, new.replaces, new.by.username) == (1, 4, old, "clinician")
    shown = signed_in("coordinator").get(reverse("patient", args=[paper.patient.pk])).content.decode()
    assert "<s>1</s>" in shown
    assert "corrected by Clinician" in shown


def test_what_is_emptied_is_taken_back_and_can_be_typed_again(paper, signed_in):
    paper.type(FIRST)
    rows = again(paper)
    del rows[3]["score"], rows[3]["provoked"]
    paper.type(rows)
    assert paper.lines() == [(15, 3), (80, 2), (120, None)]
    shown = signed_in("coordinator").get(reverse("patient", args=[paper.patient.pk])).content.decode()
    assert "taken back by Coordinator" in shown
    paper.type(again(paper) | {3: {"score": 1, "provoked": "true"}})
    assert paper.lines() == [(15, 3), (60, 1), (80, 2), (120, None)]


def test_a_free_row_may_move_to_another_time(paper):
    paper.type({11: {"clock": "10:20", "score": 2}})
    rows = again(paper)
    rows[11]["clock"] = "10:50"
    paper.type(rows)
    assert paper.lines() == [(110, 2)]
    assert entries_of(paper).count() == 3


def test_two_who_type_at_once_do_not_undo_each_other(paper):
    paper.type(FIRST)
    mine = again(paper)
    theirs = again(paper)
    theirs[0]["score"] = 5
    paper.type(theirs, "clinician")
    mine[0]["score"] = 7
    response = paper.type(mine)
    assert response.status_code == 422
    shown = response.content.decode()
    assert "Somebody else changed what is typed" in shown
    assert 'value="7"' in shown
    assert paper.lines()[0] == (15, 5)


def test_what_somebody_else_typed_meanwhile_stays(paper):
    paper.type({0: {"score": 3}})
    mine = again(paper)
    paper.type({1: {"score": 2}}, "clinician")
    mine[2] = {"score": 1}
    paper.type(mine)
    assert paper.lines() == [(15, 3), (30, 2), (45, 1)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({0: {"score": 11}}, "less than or equal to 10"),
        ({0: {"score": -1}}, "greater than or equal to 0"),
        ({0: {"score": "3-4"}}, "whole number"),
        ({0: {"score": 3, "asleep": "on"}}, "A score and asleep"),
        ({0: {"provoked": "true"}}, "no score"),
        ({11: {"score": 3}}, "There is no time"),
        ({11: {"clock": "10:00", "score": 3}, 3: {"score": 2}}, "typed twice"),
        ({11: {"clock": "26:00", "score": 3}}, "valid time"),
    ],
)  # fmt: skip
def test_errors_keep_what_was_typed_and_write_nothing(rows, told, paper):
    response = paper.type({5: {"score": 6, "rescue_analgesic": "on"}} | rows)
    assert response.status_code == 422
    shown = response.content.decode()
    assert told in shown
    assert "Nothing was written" in shown
    assert 'name="form-5-score" value="6"' in shown
    assert f'value="{paper.day}T09:00"' in shown
    assert entries_of(paper).count() == 0
    assert paper.patient.links.count() == 0


@pytest.mark.parametrize("given_at", ["", "noon", "2020-01-01T09:00"])
def test_when_the_anaesthetic_was_given_has_to_be_said(given_at, paper):
    response = paper.type(FIRST, given_at=given_at)
    assert response.status_code == 422
    assert paper.patient.links.count() == 0


def test_a_time_to_come_is_told_and_only_where_something_is_typed(paper, today):
    paper.record(date=str(today))
    given_at = f"{today}T{datetime.datetime.now():%H:%M}"
    response = paper.type({10: {"score": 3}}, given_at=given_at)
    assert response.status_code == 422
    assert "yet to come" in response.content.decode()
    assert paper.type({}, given_at=given_at).status_code == 302
    assert paper.patient.links.count() == 0


def test_after_midnight_is_the_next_day(paper):
    paper.day -= datetime.timedelta(days=1)
    paper.record(date=str(paper.day))
    response = paper.type({11: {"clock": "02:00", "score": 3}}, given_at=f"{paper.day}T22:00")
    assert response.status_code == 302, [one.errors for one in response.context["rows"]]
    assert paper.lines() == [(240, 3)]


def test_both_sides_are_typed_apart(paper):
    paper.record(right_levels=["L4-5"])
    assert paper.read().status_code == 200
    paper.type({0: {"scoreleft": 2, "scoreright": 6, "provoked": "true"}, 1: {"scoreleft": 1}})
    assert [(one.minutes, one.side, one.score) for one in entries_of(paper).order_by("minutes", "side")] == [
        (15, "left", 2), (15, "right", 6), (30, "left", 1),
    ]  # fmt: skip
    paper.type(again(paper))
    assert entries_of(paper).count() == 3


def test_the_database_lets_no_entry_be_changed_or_removed(paper):
    paper.type(FIRST)
    for change in (lambda: entries_of(paper).update(score=0), lambda: entries_of(paper).delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert entries_of(paper).count() == 4


def test_a_diary_that_came_with_the_record_is_not_written_over(paper, signed_in):
    imported = next(one for one in paper.patient.documented.procedures if one.diary is not None)
    paper.procedure, paper.day = imported.id, imported.date
    paper.paper = reverse("paper-diary", args=[paper.patient.pk, imported.id])
    before = paper.lines()
    response = paper.type(FIRST)
    assert response.status_code == 422
    assert "came with the record" in response.content.decode()
    assert paper.lines() == before


def test_reading_and_typing_leave_their_trail(paper):
    from facetwise.clinic.models import AccessEvent

    paper.read()
    paper.type(FIRST)
    told = list(AccessEvent.objects.filter(by="coordinator").values_list("what", flat=True))
    assert "paper diary read" in told
    assert "paper diary typed in" in told


@pytest.fixture
def berlin(settings):
    """A clinic whose clocks change: on 29 March 2026 from 2 to 3, on 25 October 2026 from 3 back to 2."""
    settings.TIME_ZONE = "Europe/Berlin"
    timezone.get_default_timezone.cache_clear()
    yield
    settings.TIME_ZONE = "UTC"
    timezone.get_default_timezone.cache_clear()


@pytest.mark.parametrize(
    ("given", "clock", "minutes"),
    [("2026-03-28T22:00", (6, 0), 7 * 60), ("2026-10-24T22:00", (6, 0), 9 * 60), ("2026-06-01T22:00", (6, 0), 8 * 60)],
)
def test_an_hour_is_an_hour_when_the_clocks_change(given, clock, minutes, berlin):
    from facetwise.clinic.diary.paper_form import _after, rows_of
    from facetwise.clinic.diary.times import ends_at, read_moment
    from facetwise.clinic.models import Clinic, DiaryEntry

    given_at = read_moment(given)
    assert _after(given_at, datetime.time(*clock)) == minutes
    shown = rows_of({(minutes, ""): DiaryEntry(score=3)}, given_at, Clinic())
    assert minutes in times_asked() or {row.get("clock") for row in shown} >= {datetime.time(*clock)}
    assert ends_at(given_at) - given_at == datetime.timedelta(hours=8)
    assert given_at.utcoffset() == datetime.timedelta()
