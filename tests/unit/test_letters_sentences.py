"""What a letter says of each kind of fact, and that it hides nothing that speaks against the request."""

import datetime

import msgspec
import pytest

from facetwise.examples import example_record
from facetwise.letters import (
    Letter,
    Statement,
    medical_necessity_letter,
)
from facetwise.pathway import next_step
from facetwise.records import (
    Agent,
    AgentName,
    CareKind,
    CareOutcome,
    Complaint,
    Condition,
    Conditions,
    ConservativeCare,
    Diary,
    DiaryEntry,
    Examination,
    FollowUp,
    FunctionScore,
    Goals,
    Guidance,
    Imaging,
    Kind,
    Modality,
    Movement,
    PainScore,
    Patient,
    Pattern,
    Procedure,
    Purpose,
    Record,
    Request,
    Scale,
    Sedation,
    Severity,
    StatedRelief,
)
from facetwise.rules import policy_named
from facetwise.spine import parse_sites

DAY = datetime.date(2026, 11, 23)
POLICIES = [policy_named("facet-pathway"), policy_named("medicare-facet-2024")]
PATIENT = Patient(id="one")
BLOCK = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAY, purpose=Purpose.DIAGNOSTIC)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def letter(record: Record, request: Request = BLOCK, as_of: datetime.date = DAY, **given: object) -> Letter:
    return medical_necessity_letter(record, request, POLICIES, as_of, **given)


def example_letter(name: str) -> Letter:
    record = example_record(name, DAY)
    return letter(record, next_step(record, DAY, []).proposal.request)


def sentences(**parts: object) -> list[str]:
    """The sentences that a record adds to those of the request."""
    bare = {one.text for one in letter(Record(patient=PATIENT)).statements}
    record = Record(**{"patient": PATIENT, **parts})
    return [one.text for one in letter(record).statements if one.text not in bare]


COMPLAINTS = [
    (Complaint(onset=day("2026-01-17")), "The pain began on 2026-01-17, 10 months before the date of the request."),
    (Complaint(onset=day("2026-11-03")), "The pain began on 2026-11-03, 20 days before the date of the request."),
    (Complaint(sites=parse_sites("left L4-5, L5-S1")), "The joints under suspicion are left L4-5, L5-S1."),
    (
        Complaint(sites=parse_sites("L4-5")),
        "The joints under suspicion are L4-5 [to fill in: left, right or both sides].",
    ),
    (Complaint(pattern=Pattern.AXIAL), "The pain runs along the spine and not down a limb."),
    (Complaint(pattern=Pattern.RADICULAR), "The pain runs down a limb."),
    (Complaint(severity=Severity.MILD), "The clinician calls the pain mild."),
    (Complaint(limits_function=False), "The pain does not limit function."),
    (Complaint(aggravated_by=()), "No movement makes the pain worse."),
    (Complaint(aggravated_by=(Movement.EXTENSION,)), "Extension makes the pain worse."),
    (
        Complaint(aggravated_by=(Movement.EXTENSION, Movement.ROTATION, Movement.STANDING)),
        "Extension, rotation and standing make the pain worse.",
    ),
    (
        Complaint(pain=(PainScore(date=day("2026-05-01"), score=7), PainScore(date=day("2026-03-01"), low=5, high=6))),
        "On the numeric rating scale (NRS) the pain was 5 to 6 of 10 on 2026-03-01 and 7 on 2026-05-01.",
    ),
    (
        Complaint(pain=(PainScore(scale=Scale.VAS, score=6.5),)),
        "On the visual analogue scale (VAS) the pain was 6.5 of 10 (undated).",
    ),
    (
        Complaint(function=(FunctionScore(date=day("2026-05-01"), scale=Scale.ODI, score=42),)),
        "Function measured on the Oswestry Disability Index (ODI) was 42 on 2026-05-01.",
    ),
    (Complaint(function=()), "Function was not measured on any scale."),
]


@pytest.mark.parametrize(("complaint", "sentence"), COMPLAINTS, ids=lambda part: str(part)[:40])
def test_what_is_said_of_the_pain(complaint: Complaint, sentence: str) -> None:
    assert sentences(complaint=complaint) == [sentence]


COURSES = [
    (
        ConservativeCare(kind=CareKind.PHYSICAL_THERAPY, start=day("2026-04-23"), end=day("2026-08-03"),
                         outcome=CareOutcome.FAILED),
        "Physical therapy from 2026-04-23 to 2026-08-03 (14 weeks) failed.",
    ),
    (ConservativeCare(kind=CareKind.MEDICATION, outcome=CareOutcome.HELPED), "Medication helped."),
    (ConservativeCare(kind=CareKind.MEDICATION, start=day("2026-04-23")), "Medication from 2026-04-23 was given."),
    (
        ConservativeCare(kind=CareKind.HOME_EXERCISE, not_possible_because="Wheelchair\nuser."),
        "Home exercise was not possible: “Wheelchair user.”",
    ),
    (
        ConservativeCare(kind=CareKind.CHIROPRACTIC, not_possible_because="Osteoporosis"),
        "Chiropractic care was not possible: “Osteoporosis”.",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("course", "sentence"), COURSES, ids=lambda part: str(part)[:40])
def test_what_is_said_of_conservative_care(course: ConservativeCare, sentence: str) -> None:
    assert sentences(conservative_care=(course,)) == [sentence]


def test_no_conservative_care_is_a_fact_and_an_absent_list_says_nothing() -> None:
    assert sentences(conservative_care=()) == ["No conservative care was given."]
    assert sentences(conservative_care=None) == []


def test_what_is_said_of_examinations_and_images() -> None:
    exam = Examination(date=day("2026-10-14"), paraspinal_tenderness=True, neurological_deficit=False,
                       sacroiliac_tests_positive=1)  # fmt: skip
    image = Imaging(modality=Modality.MRI, facet_degeneration=True, facet_inflammation=False)
    assert sentences(examinations=(exam,), imaging=(image,)) == [
        "On examination on 2026-10-14 there was tenderness over the facet joints, no neurological deficit was found and "
        "1 of 6 sacroiliac provocation tests was positive.",
        "MRI shows degenerated facet joints and no inflamed facet joints.",
    ]


def test_excluded_conditions_are_told_by_day_and_present_ones_are_not_hidden() -> None:
    first, second = day("2026-10-14"), day("2026-11-01")
    conditions = Conditions(
        fracture=Condition(present=False, on=first),
        tumour=Condition(present=False, on=first),
        infection=Condition(present=False, on=second, note="CRP normal"),
        implanted_device=Condition(present=True, on=second, note="pacemaker"),
        fusion=Condition(present=True, sites=parse_sites("bilateral L3-4")),
    )
    written = letter(Record(patient=PATIENT, conditions=conditions))
    assert [one.text for one in written.passages[-1].statements] == [
        "On 2026-10-14 the following were assessed and found to be absent: fracture and tumour.",
        "On 2026-11-01 the following was assessed and found to be absent: infection.",
        "Note on infection, which is absent: “CRP normal”.",
    ]
    assert [one.text for one in written.also_know.statements] == [
        "The following was found to be present: spinal fusion, at bilateral L3-4.",
        "On 2026-11-01 the following was found to be present: implanted electrical device, with the note “pacemaker”.",
    ]


def paths_of(statement: Statement) -> set[str]:
    return {fact.path for fact in statement.facts}


def test_levels_and_notes_of_a_condition_are_facts_of_their_own() -> None:
    there = Condition(present=True, sites=parse_sites("left L4-5"), note="old")
    (statement,) = letter(Record(patient=PATIENT, conditions=Conditions(fusion=there))).also_know.statements
    assert paths_of(statement) == {"conditions.fusion", "conditions.fusion.sites", "conditions.fusion.note"}


def test_a_duration_that_is_held_against_the_anaesthetic_rests_on_the_anaesthetic() -> None:
    (told,) = [one for one in example_letter("second-block-due").statements if "as expected of" in one.text]
    assert paths_of(told) == {"procedures[0].diary", "procedures[0].pain_before.score", "procedures[0].agents[0].name"}


def test_everything_that_speaks_against_the_request_is_told() -> None:
    record = Record(
        patient=PATIENT,
        imaging=(Imaging(modality=Modality.CT, date=day("2026-10-01"), other_cause_of_pain=True),),
        examinations=(Examination(date=day("2026-10-02"), neurological_deficit=True),),
        procedures=(
            Procedure(kind=Kind.MEDIAL_BRANCH_BLOCK, date=day("2026-10-03"), complications=("Syncope.", "Haematoma")),
        ),
    )
    request = msgspec.structs.replace(BLOCK, source_in_doubt=True)
    assert [one.text for one in letter(record, request).also_know.statements] == [
        "The CT of 2026-10-01 shows another cause of the pain.",
        "The examination of 2026-10-02 found a neurological deficit.",
        "Complication of the medial branch block of 2026-10-03: “Syncope.”",
        "Complication of the medial branch block of 2026-10-03: “Haematoma”.",
        "The clinician doubts that the pain still comes from the same joints.",
    ]


def procedure(**parts: object) -> list[str]:
    done = Procedure(**{"kind": Kind.MEDIAL_BRANCH_BLOCK, "date": day("2026-11-02"), **parts})
    return sentences(procedures=(done,))


def test_a_procedure_is_told_with_joints_technique_and_sedation() -> None:
    assert procedure(
        purpose=Purpose.DIAGNOSTIC,
        sites=parse_sites("left L4-5"),
        guidance=Guidance.FLUOROSCOPY,
        agents=(Agent(name=AgentName.BUPIVACAINE, concentration_percent=0.5, volume_ml=0.4),),
        sedation=Sedation.MODERATE,
    ) == [
        "On 2026-11-02 a diagnostic medial branch block of left L4-5 was done under fluoroscopy, with bupivacaine 0.5% "
        "(0.4 mL), under moderate sedation."
    ]
    assert procedure(kind=Kind.EPIDURAL_STEROID_INJECTION) == ["On 2026-11-02 an epidural steroid injection was done."]
    assert procedure(kind=Kind.OTHER) == ["On 2026-11-02 another procedure was done."]
    assert procedure(kind=Kind.RADIOFREQUENCY_ABLATION, ablation_mode="cooled", temperature_c=60.0) == [
        "On 2026-11-02 a radiofrequency ablation was done with cooled lesions at 60 °C."
    ]


BEFORE = "Before it the pain was 7 of 10 on the NRS."
HOURLY = Diary(entries=tuple(DiaryEntry(minutes=60 * hour, score=score, provoked=True)
                             for hour, score in enumerate((1, 1, 1, 1, 1, 6), 1)))  # fmt: skip


def test_relief_is_told_by_scores_and_as_stated_with_its_duration_against_the_anaesthetic() -> None:
    told = procedure(
        pain_before=PainScore(score=7),
        diary=HOURLY,
        agents=(Agent(name=AgentName.BUPIVACAINE),),
        sedation=Sedation.NONE,
        stated_relief=StatedRelief(percent=90, hours=5),
    )
    assert told[1:4] == [
        BEFORE,
        "By the scores of the diary the relief was 85.7% at its peak.",
        told[3],
    ]
    assert told[3].startswith("Relief of at least 80% lasted between 5 and 6 hours, as expected of bupivacaine (3 to ")
    assert told[4:] == ["The patient stated relief of 90% for 5 hours."]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (10, 2, "the relief was 80% at its peak"),
        (10, 2.004, "the relief was 79.9% at its peak"),
        (7, 0, "the relief was 100% at its peak"),
        (5, 5, "there was no relief"),
        (5, 8, "there was no relief"),
    ],
)
def test_relief_is_cut_and_never_rounded_up_to_a_threshold(before: float, after: float, told: str) -> None:
    diary = Diary(entries=(DiaryEntry(minutes=60, score=after, provoked=True),))
    assert f"By the scores of the diary {told}." in procedure(pain_before=PainScore(score=before), diary=diary)


def test_relief_that_cannot_be_judged_is_not_told_as_relief_by_scores() -> None:
    asleep = Diary(entries=(DiaryEntry(minutes=60, score=0, asleep=True),))
    told = procedure(pain_before=PainScore(score=7), diary=asleep)
    assert told[1:] == [BEFORE, "How it worked cannot be judged: the patient slept, so pain could not be scored."]
    sedated = procedure(stated_relief=StatedRelief(percent=90), sedation=Sedation.MODERATE)
    assert sedated[1:] == [
        "How it worked cannot be judged: the patient was sedated, which relieves pain by itself.",
        "The patient stated relief of 90%.",
    ]


def test_a_procedure_without_diary_says_nothing_of_relief() -> None:
    assert len(procedure(pain_before=PainScore(score=7))) == 2


def test_a_follow_up_is_told_with_its_distance_from_the_procedure() -> None:
    visit = FollowUp(date=day("2027-02-02"), relief_percent=57, score=3, scale=Scale.NRS, function_improved_percent=50)
    done = Procedure(kind=Kind.RADIOFREQUENCY_ABLATION, date=day("2026-11-02"), follow_ups=(visit,))
    request = msgspec.structs.replace(BLOCK, date=day("2027-03-01"))
    written = letter(Record(patient=PATIENT, procedures=(done,)), request, request.date)
    assert written.procedures[0].statements[1].text == (
        "On 2027-02-02, 3 months after it, relief was 57%, the pain was 3 of 10 on the NRS and function had improved by 50%."
    )


REASONS = [
    ({"early_because": "Travels far."}, "Reason for a second block within two weeks of the first: “Travels far.”"),
    ({"sedation_because": "Cannot lie still"}, "Reason for sedation: “Cannot lie still”."),
    (
        {"joint_injection_because": "Scar"},
        "Reason for an injection into the joint instead of a block: “Scar”.",
    ),
    ({"ablation_not_possible_because": "Pacemaker"}, "Radiofrequency ablation is not possible: “Pacemaker”."),
    ({"source_in_doubt": False}, "The clinician does not doubt that the pain still comes from the same joints."),
]


@pytest.mark.parametrize(("given", "sentence"), REASONS, ids=lambda part: str(part)[:40])
def test_reasons_are_quoted(given: dict, sentence: str) -> None:
    told = letter(Record(patient=PATIENT), msgspec.structs.replace(BLOCK, **given)).statements
    assert sentence in [one.text for one in told]


@pytest.mark.parametrize("reason", ["", "  ", None])
def test_an_empty_reason_is_no_reason(reason: str | None) -> None:
    request = msgspec.structs.replace(BLOCK, early_because=reason)
    assert len(letter(Record(patient=PATIENT), request).statements) == 1


def test_the_goals_are_told_except_ablation_where_ablation_is_asked_for() -> None:
    record = Record(patient=PATIENT, goals=Goals(wanted="both", ablation_intended=False))
    assert [one.text for one in letter(record).statements[1:]] == [
        "The aim of the next procedure is diagnosis and relief.",
        "Radiofrequency ablation is not intended if the blocks are positive.",
    ]
    asked = Request(kind=Kind.RADIOFREQUENCY_ABLATION, date=DAY)
    assert len(letter(record, asked).statements) == 2
