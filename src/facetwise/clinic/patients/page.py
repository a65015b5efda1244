"""The page of a patient, as it is first shown, and with a form that could not be taken as it was filled in."""

from http import HTTPStatus
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from facetwise.clinic.access import StaffRequest
from facetwise.clinic.aid.card import aid_card
from facetwise.clinic.diary.card import Sending, diary_card
from facetwise.clinic.diary.protocol import relief_drawn
from facetwise.clinic.patients.models import Patient, UnreadableRecord, Verdict
from facetwise.clinic.patients.questions import question_of
from facetwise.clinic.patients.standing import standing_of
from facetwise.clinic.patients.timeline import timeline_svg
from facetwise.clinic.records.sections import anchor_of
from facetwise.clinic.requested.known import facts_of
from facetwise.clinic.requested.questions import request_question
from facetwise.clinic.trail.chain import note
from facetwise.pathway.results import status_in_words
from facetwise.reports.answers import next_page
from facetwise.reports.proposals import reservations, speaking

PATHWAY = "The pathway"
"""The section that the page of a patient shows by itself."""

UNFOLDED = ("Why", "Stop and look first", "Also possible", "How earlier procedures worked")


MOST_EARLIER = 10
"""Answers to earlier steps that are shown."""


class Given(NamedTuple):
    """A form as it was filled in, and in words what is wrong with it.

    It is an answer to the question at `path`; where that is empty, to the next step.
    """

    wrong: str
    path: str = ""
    answer: str = ""
    verdict: str = ""
    reason: str = ""
    until: str = ""


def page_of_patient(
    staff: StaffRequest, patient: Patient, status: int = 200, given: Given | None = None, sending: Sending | None = None
) -> HttpResponse:
    """Where the patient stands, why, what is missing, and what each source says.

    What was filled in and could not be taken stands in its form, which is open.
    """
    if status != HTTPStatus.OK:  # who looks at it by a form that is refused has looked at it, too
        note(staff.user.username, "patient read", f"patient {patient.pk}", staff.clinic)
    today = timezone.localdate()
    try:
        answer = standing_of(patient, today).answer
    except UnreadableRecord as error:
        shown = {"patient": patient, "problems": error.problems, "revisions": patient.revisions.select_related("by")}
        return render(staff, "clinic/unreadable.html", shown, status=422)
    page = next_page(answer, every_criterion=True)
    answering = speaking(answer.proposal) if answer.proposal is not None else []
    said = [(one, status_in_words(one), reservations(one)) for one in answering]
    asked = [(one, question_of(one) or request_question(one)) for one in answer.missing]
    questions = [field for _, field in asked if field is not None]
    lists = [one for one, field in asked if field is None]
    answers = patient.answers.select_related("by")
    return render(
        staff,
        "clinic/patient.html",
        {
            "patient": patient,
            "answer": answer,
            "page": page,
            "pathway": [block for one in page.sections for block in one.blocks if one.title == PATHWAY],
            "sections": [one for one in page.sections if one.title != PATHWAY],
            "unfolded": UNFOLDED,
            "payers": [told for told in said if told[0].policy_kind == "payer"],
            "guidelines": [told for told in said if told[0].policy_kind == "guideline"],
            "local": [told for told in said if told[0].policy_kind == "local"],
            "questions": questions,
            "asked": [one.path for one in questions],
            "told": [one for one in facts_of(patient, patient.documented) if one.step == answer.step.id],
            "on_the_record": [(one, anchor) for one in lists if (anchor := anchor_of(one.path))],
            "elsewhere": [one for one in lists if anchor_of(one.path) is None],
            "timeline": timeline_svg(patient.documented, today, relief_drawn(staff.clinic)),
            "answers": answers.filter(step=answer.step.id)[:5],
            "earlier_answers": answers.exclude(step=answer.step.id)[:MOST_EARLIER],
            "revisions": patient.revisions.select_related("by")[:5],
            "verdicts": Verdict.choices,
            "today": today,
            "letters": patient.letters.defer("page", "pdf").select_related("by")[:5],
            "diaries": diary_card(patient, answer, sending),
            "aid": aid_card(patient),
            "given": given,
        },
        status=status,
    )
