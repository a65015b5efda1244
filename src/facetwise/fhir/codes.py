"""The tables between codes, words and the record. Bare code numbers with our own short wording beside them.

Codes decide before words; the words are in `words.py`.
"""

from typing import NamedTuple, TypeVar

from facetwise.records import AgentName, Kind, Scale, Severity
from facetwise.spine import Region

Value = TypeVar("Value")

OWN = "urn:facetwise:"
"""Prefix of Facetwise's own code systems, which `write_bundle` adds so that nothing is guessed on the way back."""

ICD_10 = (
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://hl7.org/fhir/sid/icd-10",
    "urn:oid:2.16.840.1.113883.6.90",
    "urn:oid:2.16.840.1.113883.6.3",
)
CPT = (
    "http://www.ama-assn.org/go/cpt",
    "urn:oid:2.16.840.1.113883.6.12",
    "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "urn:oid:2.16.840.1.113883.6.14",
)
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"

UNREADABLE_BUNDLES = {
    "transaction-response": "Give the resources themselves: these are a server's answers to an upload",
    "batch-response": "Give the resources themselves: these are a server's answers to an upload",
    "history": "Give the current resources: a history holds superseded and deleted versions",
    "subscription-notification": "Give the resources themselves, as a collection",
}

OTHER_VERSIONS: dict[tuple[str, str], tuple[str, type]] = {
    ("Procedure", "occurrenceDateTime"): ("R5", str),
    ("Procedure", "occurrencePeriod"): ("R5", dict),
    ("Procedure", "notDone"): ("STU3", bool),
    ("Procedure", "notPerformed"): ("DSTU2", bool),
    ("Condition", "clinicalStatus"): ("STU3 or older", str),
    ("Condition", "verificationStatus"): ("STU3 or older", str),
    ("Condition", "assertedDate"): ("STU3", str),
    ("Condition", "dateRecorded"): ("DSTU2", str),
    ("Observation", "related"): ("STU3 or older", list),
    ("MedicationAdministration", "occurenceDateTime"): ("R5", str),
    ("MedicationAdministration", "medication"): ("R5", dict),
    ("MedicationAdministration", "wasNotGiven"): ("DSTU2", bool),
    ("MedicationStatement", "medication"): ("R5", dict),
    ("MedicationStatement", "taken"): ("STU3", str),
}
"""Elements that exist only in another FHIR version, with the JSON type they have there."""

# --- Conditions -------------------------------------------------------------------------------------------------

ICD_CONDITIONS: dict[str, str] = {
    **dict.fromkeys(("S12", "S22.0", "S32.0", "S32.1", "S32.2", "M48.5", "M80.08", "M80.88"), "fracture"),
    **dict.fromkeys(("C41.2", "C72.0", "C72.1", "C79.51"), "tumour"),
    **dict.fromkeys(("M46.2", "M46.3", "M46.4", "M46.5", "G06.1", "A40", "A41"), "infection"),
    "G83.4": "cauda_equina",
    **dict.fromkeys(("M45", "M46.8", "M46.9", "L40.53"), "inflammatory_disease"),
    **dict.fromkeys(("M54.1", "M47.2", "M50.1", "M51.1"), "untreated_radiculopathy"),
    "M48.062": "neurogenic_claudication",
    "M79.7": "generalised_pain",
    **dict.fromkeys(("Z98.1", "M43.2"), "fusion"),
    **dict.fromkeys(("Z79.01", "Z79.02"), "anticoagulant"),
    **dict.fromkeys(("D65", "D66", "D67", "D68", "D69.1", "D69.3", "D69.4", "D69.5", "D69.6"), "bleeding_disorder"),
    **dict.fromkeys(("D68.5", "D68.6"), ""),  # these clot too easily
    **dict.fromkeys(("Z33", "Z34", "Z3A", "O"), "pregnancy"),
    "Z33.2": "",  # an encounter to end it
    "Z88.4": "local_anaesthetic_allergy",
    "Z91.041": "contrast_allergy",
    **dict.fromkeys(("Z95.0", "Z95.810", "Z96.82"), "implanted_device"),
    **dict.fromkeys(("E10.65", "E11.65", "E13.65"), "uncontrolled_diabetes"),
    **dict.fromkeys(("F32.2", "F32.3", "F33.2", "F33.3"), "severe_depression"),
}
"""ICD-10-CM prefix to condition; the longest prefix counts, an empty name means none of them."""

SNOMED_CONDITIONS = {
    "77386006": "pregnancy",
    "203082005": "generalised_pain",
    "9631008": "inflammatory_disease",
}

CONDITION_CAVEATS = {
    "untreated_radiculopathy": "taken as untreated, which the source does not say: has it been treated?",
    "local_anaesthetic_allergy": "taken as a local anaesthetic, which this code does not say: which agent was it?",
}
"""What a coded condition leaves open, listed beside it."""

CAVEAT_CODES = {"untreated_radiculopathy": "", "local_anaesthetic_allergy": "Z88.4"}
"""The code prefix for which the caveat holds; empty for every source."""

COMPLAINT_CODES: dict[str, Region | None] = {
    **dict.fromkeys(("M47.811", "M47.812", "M47.813", "M47.891", "M47.892", "M47.893", "M54.2"), Region.CERVICAL),
    **dict.fromkeys(("M47.814", "M47.894", "M54.6"), Region.THORACIC),
    **dict.fromkeys(("M47.816", "M47.817", "M47.818", "M47.896", "M47.897", "M47.898", "M54.5"), Region.LUMBAR),
    **dict.fromkeys(("M47.815", "M47.819", "M47.895", "M47.899", "M47.81", "M47.89", "M47.9"), None),
}
"""Facet spondylosis and pain of the neck or back: the region of the complaint, None where the code leaves it open."""

SEVERITY_CODES = {"255604002": Severity.MILD, "6736007": Severity.MODERATE, "24484000": Severity.SEVERE}

# --- Procedures -------------------------------------------------------------------------------------------------

JOINT_OR_NERVE = frozenset(
    ["64490", "64491", "64492", "64493", "64494", "64495", "0213T", "0214T", "0215T", "0216T", "0217T", "0218T"]
)
"""CPT codes that say "into the joint or on its nerves" and leave open which."""

CPT_KINDS: dict[str, Kind] = {
    **dict.fromkeys(["64633", "64634", "64635", "64636"], Kind.RADIOFREQUENCY_ABLATION),
    **dict.fromkeys(
        ["62320", "62321", "62322", "62323", "64479", "64480", "64483", "64484"], Kind.EPIDURAL_STEROID_INJECTION
    ),
    "27096": Kind.SACROILIAC_JOINT_INJECTION,
    **dict.fromkeys(("20552", "20553"), Kind.TRIGGER_POINT_INJECTION),
    **dict.fromkeys(
        ["22551", "22554", "22556", "22558", "22600", "22610", "22612", "22630", "22633"], Kind.SPINAL_FUSION
    ),
}

CPT_MODERATE_SEDATION = frozenset(["99151", "99152", "99153", "99155", "99156", "99157"])

CPT_SIDES = {"LT": "left", "RT": "right", "50": "bilateral"}
"""Modifiers behind a procedure code."""

SNOMED_SIDES = {"7771000": "left", "24028007": "right", "51440002": "bilateral"}

# --- Medication -------------------------------------------------------------------------------------------------


class Drug(NamedTuple):
    """A drug: the words that name it, and its RxNorm ingredient where we are sure of it."""

    words: str
    rxnorm: str = ""


AGENT_DRUGS: dict[AgentName, Drug] = {
    AgentName.LEVOBUPIVACAINE: Drug(r"levobupivacaine|chirocaine"),
    AgentName.BUPIVACAINE: Drug(r"\bbupivacaine|marcaine|sensorcaine", "1815"),
    AgentName.ROPIVACAINE: Drug(r"ropivacaine|naropin", "35780"),
    AgentName.MEPIVACAINE: Drug(r"mepivacaine|carbocaine|polocaine"),
    AgentName.LIDOCAINE: Drug(r"lidocaine|lignocaine|xylocaine", "6387"),
    AgentName.TRIAMCINOLONE: Drug(r"triamcinolone|kenalog", "10759"),
    AgentName.METHYLPREDNISOLONE: Drug(r"methylprednisolone|depo-?medrol", "6902"),
    AgentName.BETAMETHASONE: Drug(r"betamethasone|celestone", "1514"),
    AgentName.DEXAMETHASONE: Drug(r"dexamethasone|decadron", "3264"),
    AgentName.CONTRAST: Drug(r"contrast|iohexol|omnipaque|iopamidol|isovue"),
    AgentName.SALINE: Drug(r"saline|sodium chloride"),
}
ANTICOAGULANTS: dict[str, Drug] = {
    "warfarin": Drug(r"warfarin|coumadin", "11289"),
    "apixaban": Drug(r"apixaban|eliquis", "1364430"),
    "rivaroxaban": Drug(r"rivaroxaban|xarelto", "1114195"),
    "dabigatran": Drug(r"dabigatran|pradaxa"),
    "edoxaban": Drug(r"edoxaban|savaysa|lixiana"),
    "clopidogrel": Drug(r"clopidogrel|plavix", "32968"),
    "prasugrel": Drug(r"prasugrel|effient"),
    "ticagrelor": Drug(r"ticagrelor|brilinta|brilique"),
    "enoxaparin": Drug(r"enoxaparin|lovenox|clexane", "67108"),
}
SEDATIVES: dict[str, Drug] = {
    "midazolam": Drug(r"midazolam|versed", "6960"),
    "fentanyl": Drug(r"fentanyl", "4337"),
    "propofol": Drug(r"propofol|diprivan", "8782"),
    "ketamine": Drug(r"ketamine"),
    "diazepam": Drug(r"diazepam|valium"),
}

# --- Observations -----------------------------------------------------------------------------------------------

PAIN_LOINC: dict[str, Scale | None] = {"72514-3": Scale.NRS, "38208-5": None}


def longest_prefix(table: dict[str, Value], code: str) -> tuple[str, Value] | None:
    """The entry of `table` whose key is the longest beginning of `code`; ICD codes may lack their point."""
    point = code.strip().upper()
    point = f"{point[:3]}.{point[3:]}" if len(point) > 3 and "." not in point else point
    prefix = max((prefix for prefix in table if point.startswith(prefix)), key=len, default=None)
    return None if prefix is None else (prefix, table[prefix])
