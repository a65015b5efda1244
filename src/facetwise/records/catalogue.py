"""The field catalogue: every fact a rule may ask about, with its type, unit, meaning and the question that fills it.

`REQUEST_FIELDS` are facts of a request on its date; `PRIOR_FIELDS` are facts of one earlier (or same-day) procedure
seen from that request. Days and months are whole and counted to the request's date. `path` is the place in the
record that answers the question; it is also the linkId of the matching FHIR Questionnaire item.
"""

from enum import Enum, StrEnum

import msgspec

from facetwise.records.words import (
    AblationMode,
    AgentName,
    Goal,
    Guidance,
    Kind,
    Place,
    Purpose,
    Scale,
    Sedation,
    Severity,
)
from facetwise.spine import Region


class FieldType(StrEnum):
    """What kind of value a field has."""

    BOOLEAN = "yes or no"
    NUMBER = "number"
    TEXT = "one of a list"


class Field(msgspec.Struct, frozen=True):
    """One fact a rule may ask about."""

    name: str
    type: FieldType
    unit: str
    meaning: str
    question: str
    path: str
    values: tuple[str, ...] = ()


def _yes_no(name: str, meaning: str, question: str, path: str) -> Field:
    return Field(name, FieldType.BOOLEAN, "", meaning, question, path)


def _number(name: str, unit: str, meaning: str, question: str, path: str) -> Field:
    return Field(name, FieldType.NUMBER, unit, meaning, question, path)


def _word(name: str, words: type[Enum], meaning: str, question: str, path: str) -> Field:
    return Field(name, FieldType.TEXT, "", meaning, question, path, tuple(str(word.value) for word in words))


def _condition(name: str, meaning: str, question: str) -> Field:
    return _yes_no(name, meaning, question, f"conditions.{name}")


_PATIENT = (
    _number("age_years", "years", "Age in the year of the request", "In which year was the patient born?",
            "patient.birth_year"),
)  # fmt: skip

_COMPLAINT = (
    _word("pain_region", Region, "Region of the pain", "Is the pain in the neck, mid back or low back?",
          "complaint.region"),
    _yes_no("joints_suspected", "Particular joints are under suspicion", "Which joints are suspected, on which side?",
            "complaint.sites"),
    _number("pain_months", "months", "Complete months since the pain began", "When did this pain begin?",
            "complaint.onset"),
    _yes_no("pain_axial", "The pain is predominantly axial: along the spine, not down a limb",
            "Is the pain mainly along the spine, or mainly down a limb?", "complaint.pattern"),
    _yes_no("pain_moderate_to_severe", "The pain is moderate to severe in the clinician's words",
            "Is the pain mild, moderate or severe?", "complaint.severity"),
    _word("pain_severity", Severity, "Severity in the clinician's words", "Is the pain mild, moderate or severe?",
          "complaint.severity"),
    _yes_no("function_limited", "The pain limits function",
            "What can the patient not do because of the pain?", "complaint.limits_function"),
    _yes_no("worse_on_loading", "Extension or rotation, which load the facet joints, make the pain worse",
            "Which movements make the pain worse?", "complaint.aggravated_by"),
    _number("pain_score", "NRS points", "The latest pain score on a 0-10 scale", "What is the pain now, from 0 to 10?",
            "complaint.pain"),
    _yes_no("pain_measured", "Pain was measured on a named scale", "What is the pain now, from 0 to 10?",
            "complaint.pain"),
    _yes_no("disability_measured", "Function was measured on a named disability scale",
            "Which disability scale was filled in, with what score?", "complaint.function"),
)  # fmt: skip

_CARE = (
    _yes_no("conservative_care_failed",
            "Conservative care was tried and failed, was not tolerated, or was not possible for a stated reason",
            "Which conservative care was tried, and what came of it?", "conservative_care"),
    _number("conservative_care_months", "months", "Complete months from the first course to the end of the last",
            "From when to when was conservative care given?", "conservative_care"),
    _number("conservative_care_weeks", "weeks", "Complete weeks covered by conservative care",
            "From when to when was conservative care given?", "conservative_care"),
    _number("active_care_weeks", "weeks",
            "Complete weeks covered by physical therapy, home exercise or chiropractic care",
            "From when to when was there physical therapy, exercise or chiropractic care?", "conservative_care"),
    _number("medication_weeks", "weeks", "Complete weeks covered by medication",
            "From when to when was medication tried?", "conservative_care"),
    _yes_no("activity_modified", "Activities were modified as part of conservative care",
            "Were activities modified?", "conservative_care"),
)  # fmt: skip

_FINDINGS = (
    _yes_no("paraspinal_tenderness", "Tenderness over the facet joints", "Is there tenderness beside the spine?",
            "examinations"),
    _yes_no("pain_on_extension_rotation", "Extension with rotation provokes the pain",
            "Does extension with rotation provoke the pain?", "examinations"),
    _yes_no("neurological_deficit", "A neurological deficit was found", "Was a neurological deficit found?",
            "examinations"),
    _number("sacroiliac_tests_positive", "of 6", "Positive sacroiliac provocation tests",
            "How many of the six sacroiliac provocation tests are positive?", "examinations"),
    _yes_no("facet_inflammation_on_imaging", "Imaging shows an inflamed facet joint (effusion, oedema or uptake)",
            "Does imaging show inflammation of a facet joint?", "imaging"),
    _yes_no("facet_degeneration_on_imaging", "Imaging shows degenerated facet joints",
            "Does imaging show facet degeneration?", "imaging"),
    _yes_no("endplate_changes_on_imaging", "MRI shows vertebral endplate (Modic) changes",
            "Does MRI show vertebral endplate changes?", "imaging"),
    _yes_no("cyst_compresses_nerve", "MRI, CT or myelogram shows a facet cyst compressing a nerve root",
            "Does advanced imaging show a facet cyst pressing on a nerve root?", "imaging"),
)  # fmt: skip

_CONDITIONS = (
    _yes_no("red_flag", "A sign of a serious cause: fracture, tumour, infection, cauda equina or inflammatory disease",
            "Were fracture, tumour, infection, cauda equina and inflammatory disease each considered?", "conditions"),
    _condition("infection", "Infection, systemic or of the spine", "Is there any infection?"),
    _condition("untreated_radiculopathy", "Radiculopathy that has not been treated",
               "Is there untreated radiculopathy?"),
    _condition("neurogenic_claudication", "Neurogenic claudication", "Is there neurogenic claudication?"),
    _yes_no("radiculopathy_from_facet_cyst", "Radicular symptoms that a facet synovial cyst explains",
            "Does a facet synovial cyst explain the radicular symptoms?", "conditions.facet_cyst"),
    _yes_no("other_cause_of_pain", "Another cause could explain the pain, clinically or on imaging",
            "Was another cause of the pain (fracture, tumour, infection, deformity) excluded?",
            "conditions.other_cause_of_pain"),
    _condition("generalised_pain", "Generalised or centralised pain, such as fibromyalgia",
               "Is the pain generalised?"),
    _yes_no("fused_at_request", "A requested level has been fused", "Which levels, if any, have been fused?",
            "conditions.fusion"),
    _condition("anterior_lumbar_fusion", "Anterior lumbar interbody fusion",
               "Has there been an anterior lumbar fusion?"),
    _condition("anticoagulant", "Takes an anticoagulant", "Does the patient take an anticoagulant?"),
    _condition("bleeding_disorder", "A bleeding disorder", "Is there a bleeding disorder?"),
    _condition("pregnancy", "Pregnancy", "Could the patient be pregnant?"),
    _condition("local_anaesthetic_allergy", "Allergy to local anaesthetic", "Is there a local anaesthetic allergy?"),
    _condition("contrast_allergy", "Allergy to iodinated contrast", "Is there an allergy to contrast?"),
    _condition("implanted_device", "Pacemaker, defibrillator or neurostimulator", "Is an electrical device implanted?"),
    _condition("uncontrolled_diabetes", "Diabetes out of control", "Is there diabetes, and is it controlled?"),
)  # fmt: skip

_GOALS = (
    _word("goal", Goal, "What is wanted from the next procedure", "Is diagnosis wanted, relief, or both?",
          "goals.wanted"),
    _yes_no("ablation_intended", "Radiofrequency ablation is intended if blocks are positive",
            "Would ablation be done if the blocks are positive?", "goals.ablation_intended"),
    _yes_no("ablation_not_possible", "A reason is documented why ablation cannot be done",
            "Is there a reason why ablation cannot be done?", "goals.ablation_not_possible_because"),
    _yes_no("earlier_procedures_known", "The history of earlier procedures is documented, be it empty",
            "Which facet procedures has the patient had before?", "procedures"),
)  # fmt: skip

_REQUEST = (
    _word("kind", Kind, "Kind of procedure requested", "What is requested?", "request.kind"),
    _word("purpose", Purpose, "Purpose of the request", "Is it diagnostic or therapeutic?", "request.purpose"),
    _word("guidance", Guidance, "Image guidance of the request", "Which image guidance will be used?",
          "request.guidance"),
    _word("sedation", Sedation, "Sedation planned", "Will the patient be sedated?", "request.sedation"),
    _yes_no("sedation_justified", "A reason for sedation is documented", "Why is sedation needed?",
            "request.sedation_because"),
    _word("ablation_mode", AblationMode, "How the nerve is ablated", "Which ablation technique is planned?",
          "request.ablation_mode"),
    _number("temperature_c", "°C", "Lesion temperature", "At which temperature?", "request.temperature_c"),
    _yes_no("with_steroid", "A steroid is injected", "What will be injected?", "request.agents"),
    _number("lesion_seconds", "seconds", "How long each lesion is heated",
            "For how many seconds is each lesion heated?", "request.lesion_seconds"),
    _yes_no("with_other_agent", "Something other than anaesthetic, steroid, saline or contrast is injected",
            "What will be injected?", "request.agents"),
    _word("place", Place, "Where the procedure is done", "Where will it be done: office, surgical center or hospital?",
          "request.place"),
    _yes_no("prior_authorization", "The payer affirmed the request before the service",
            "Has the payer affirmed prior authorization?", "request.prior_authorization"),
    _number("levels", "levels", "Levels requested", "Which joints, on which side?", "request.sites"),
    _yes_no("cervical_requested", "A cervical level is requested, C7-T1 included", "Which joints, on which side?",
            "request.sites"),
    _yes_no("thoracic_requested", "A thoracic level is requested, T12-L1 included", "Which joints, on which side?",
            "request.sites"),
    _yes_no("lumbar_requested", "A lumbar level is requested, L5-S1 included", "Which joints, on which side?",
            "request.sites"),
    _yes_no("levels_in_scope", "Every requested level lies in a region that the policy draws",
            "Which joints, on which side?", "request.sites"),
    _yes_no("levels_contiguous", "The requested levels are neighbours of each other",
            "Which joints, on which side?", "request.sites"),
    _yes_no("bilateral", "Some requested level is treated on both sides", "Which joints, on which side?",
            "request.sites"),
    _number("session_levels", "levels", "Levels of all facet procedures of this session in the request's region",
            "Which joints are treated in this session?", "request.same_session"),
    _number("session_regions", "regions", "Spinal regions treated by facet procedures in this session",
            "Which joints are treated in this session?", "request.same_session"),
    _yes_no("early_block_reason_documented", "A reason is documented for a second block within two weeks",
            "Why can the second block not wait?", "request.early_because"),
    _yes_no("joint_injection_reason_documented",
            "A reason is documented why a diagnostic injection goes into the joint instead of to the nerves",
            "Why is a medial branch block not possible?", "request.joint_injection_because"),
    _yes_no("source_in_doubt", "The clinician doubts that the pain still comes from the same joints",
            "Is the source of the pain in doubt?", "request.source_in_doubt"),
)  # fmt: skip

_PRIOR = (
    _word("kind", Kind, "Kind of the earlier procedure", "What was done?", "procedures[].kind"),
    _word("purpose", Purpose, "Its purpose", "Was it diagnostic or therapeutic?", "procedures[].purpose"),
    _number("days_before", "days", "Days from it to the request", "When was it done?", "procedures[].date"),
    _number("months_before", "months", "Complete calendar months from it to the request", "When was it done?",
            "procedures[].date"),
    _yes_no("same_region", "It touched the region of the request, as the policy draws regions",
            "Which joints were treated?", "procedures[].sites"),
    _yes_no("overlaps_request", "It shared a joint with the request", "Which joints were treated, on which side?",
            "procedures[].sites"),
    _yes_no("covers_request", "It treated every joint of the request", "Which joints were treated, on which side?",
            "procedures[].sites"),
    _number("relief_percent", "percent", "Peak relief: from the scores where they can be judged, else as stated",
            "How much of the treated pain went away, hour by hour?", "procedures[].diary"),
    _number("relief_percent_by_scores", "percent", "Peak relief computed from the diary's scores",
            "What were the pain scores after the block?", "procedures[].diary"),
    _number("relief_percent_stated", "percent", "Peak relief as the patient states it",
            "What percentage of relief does the patient state?", "procedures[].stated_relief"),
    _yes_no("relief_lasted_as_agent",
            "Relief of at least 80 percent lasted at least as long as the anaesthetic used is expected to act",
            "How long did the relief last, and which anaesthetic was used?", "procedures[].diary"),
    _number("months_of_50_percent_relief", "months", "Complete months for which relief of 50 percent held",
            "How much relief was there at each follow-up, and when?", "procedures[].follow_ups"),
    _number("weeks_of_50_percent_relief", "weeks", "Complete weeks for which relief of 50 percent held",
            "How much relief was there at each follow-up, and when?", "procedures[].follow_ups"),
    _number("weeks_of_over_50_percent_relief", "weeks", "Complete weeks for which relief above 50 percent held",
            "How much relief was there at each follow-up, and when?", "procedures[].follow_ups"),
    _number("months_of_over_30_percent_relief", "months", "Complete months for which relief above 30 percent held",
            "How much relief was there at each follow-up, and when?", "procedures[].follow_ups"),
    _yes_no("relief_ended", "A later follow-up shows relief below 50 percent", "Has the pain come back?",
            "procedures[].follow_ups"),
    _number("best_follow_up_relief_percent", "percent", "The best relief recorded at a follow-up",
            "How much relief was there at each follow-up?", "procedures[].follow_ups"),
    _number("function_improved_percent", "percent", "Best improvement of painful movements or daily activities",
            "How much better are the painful movements, in percent?", "procedures[].follow_ups"),
    _yes_no("same_scale", "Pain before and after was measured on the same scale", "Which scale was used each time?",
            "procedures[].diary.scale"),
    _word("anaesthetic", AgentName, "The local anaesthetic used", "Which anaesthetic was used?",
          "procedures[].agents"),
    _yes_no("with_steroid", "A steroid was injected", "What was injected?", "procedures[].agents"),
    _word("guidance", Guidance, "Its image guidance", "Which image guidance was used?", "procedures[].guidance"),
    _word("sedation", Sedation, "Its sedation", "Was the patient sedated?", "procedures[].sedation"),
    _word("pain_scale", Scale, "The scale of the pain score before it", "On which scale was the pain before it?",
          "procedures[].pain_before"),
    _number("levels", "levels", "Levels treated", "Which joints were treated?", "procedures[].sites"),
    _word("ablation_mode", AblationMode, "How the nerve was ablated", "Which ablation technique was used?",
          "procedures[].ablation_mode"),
)  # fmt: skip


def _by_name(fields: tuple[Field, ...]) -> dict[str, Field]:
    return {field.name: field for field in fields}


REQUEST_FIELDS: dict[str, Field] = _by_name(_PATIENT + _COMPLAINT + _CARE + _FINDINGS + _CONDITIONS + _GOALS + _REQUEST)
"""Facts of a request, by name."""

PRIOR_FIELDS: dict[str, Field] = _by_name(_PRIOR)
"""Facts of one procedure seen from a request, by name."""
