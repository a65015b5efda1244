"""The tables between codes, words and the record. Bare code numbers with our own short wording beside them.

Codes decide before words. A word table is searched from the top in lower-case text; its first match counts.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from facetwise.records import AblationMode, AgentName, Guidance, Kind, Purpose, Scale, Sedation, Severity
from facetwise.spine import Region

Value = TypeVar("Value")

OWN = "urn:facetwise:"
"""Prefix of Facetwise's own code systems: what `write_bundle` adds so that nothing has to be guessed on the way back."""

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

CONDITION_WORDS: tuple[tuple[str, str], ...] = (
    (r"cauda equina", "cauda_equina"),
    (r"anterior lumbar (interbody )?(fusion|arthrodesis)|\balif\b", "anterior_lumbar_fusion"),
    (r"(spinal|lumbar|cervical|thoracic|vertebral|interbody) (fusion|arthrodesis)", "fusion"),
    (r"(synovial|facet)( joint)? cyst", "facet_cyst"),
    (
        r"(vertebra\w*|spin\w+|lumbar|thoracic|cervical|compression|sacral) .*fracture|fracture of .*vertebra",
        "fracture",
    ),
    (r"(malignan|metasta|cancer|tumou?r).*(spin|vertebra|bone)|(spin|vertebra)\w* (metasta|tumou?r)", "tumour"),
    (r"discitis|diskitis|(vertebral|spinal) osteomyelitis|(epidural|spinal) abscess|\bsepsis\b", "infection"),
    (r"ankylosing spondylitis|spondyloarthritis|spondyloarthropathy", "inflammatory_disease"),
    (r"neurogenic claudication", "neurogenic_claudication"),
    (r"radiculopathy", "untreated_radiculopathy"),
    (r"fibromyalgia", "generalised_pain"),
    (r"h(a)?emophilia|von willebrand|coagulopathy|bleeding disorder|thrombocytopeni", "bleeding_disorder"),
    (r"anticoagula", "anticoagulant"),
    (r"\bpregnan", "pregnancy"),
    (r"pacemaker|defibrillator|neurostimulator|spinal cord stimulator", "implanted_device"),
    (r"allerg.*(local an(a)?esthetic|lidocaine|bupivacaine)|local an(a)?esthetic allerg", "local_anaesthetic_allergy"),
    (r"allerg.*(contrast|radiographic dye)|contrast.*allerg", "contrast_allergy"),
    (r"(uncontrolled|poorly controlled).*diabetes|diabetes.*(uncontrolled|poorly controlled)", "uncontrolled_diabetes"),
    (r"severe.*depress|depress.*severe", "severe_depression"),
)

DOUBTFUL_WORDS = re.compile(
    r"\b(no|not|without|denies|negative|rule out|r/o|family history|fh|screening|history of|h/o|hx|suspected|possible"
    r"|risk|fear|counsell?ing|test)\b"
)
"""Words beside a condition that mean it may not be there: such text is never taken as a condition."""

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

COMPLAINT_WORDS: tuple[tuple[str, Region], ...] = (
    (r"neck pain|cervicalgia|cervical (facet|spondylosis)", Region.CERVICAL),
    (r"(mid|upper|thoracic) back pain|pain in thoracic spine|thoracic (facet|spondylosis)", Region.THORACIC),
    (r"low(er)? back pain|lumbago|lumbar (facet|spondylosis)|lumbosacral (facet|spondylosis)", Region.LUMBAR),
)

SEVERITY_CODES = {"255604002": Severity.MILD, "6736007": Severity.MODERATE, "24484000": Severity.SEVERE}

ALLERGY_WORDS: tuple[tuple[str, str], ...] = (
    (r"lidocaine|bupivacaine|ropivacaine|mepivacaine|local an(a)?esthetic|\w+caine\b", "local_anaesthetic_allergy"),
    (r"contrast|iohexol|iopamidol|iodixanol|iodinated", "contrast_allergy"),
)

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

OTHER_ORGANS = re.compile(
    r"cardia|heart|atrial|atrium|ventric|\bav node|arrhythm|tachycardia|pulmonary vein|endometri|uter|cervix|renal"
    r"|kidney|liver|hepatic|lung|tumou?r|metasta|neoplasm|carcinoma|osteoma|lesion|thyroid|prostat|nodule|varic|saphen"
    r"|barrett|esophag|oesophag|genicular|knee|hip\b|shoulder|trigemin|splanchnic|sympathetic|stellate|root ganglion"
    r"|basivertebral|intraosseous|intradis|sacroiliac|\bsi joint"
)
"""Ablation of anything that is not the nerve of a facet joint."""

FACET_WORDS = re.compile(
    r"facet|z(ygapophys\w+|-?)[ -]?joint|medial branch|\bmbs?\b|dorsal ram|third occipital|\bton\b"
)
_NEEDLE = r"(inject|block|infiltrat|steroid)"
KIND_WORDS: tuple[tuple[str, Kind], ...] = (
    (r"cyst.*(ruptur|aspirat|fenestrat)|(ruptur|aspirat|fenestrat)\w*.*cyst", Kind.FACET_CYST_RUPTURE),
    (r"\bmbbs?\b|(medial branch|dorsal ram\w+|third occipital( nerve)?).*(block|inject)", Kind.MEDIAL_BRANCH_BLOCK),
    (r"(block|inject).*(medial branch|dorsal ram|third occipital)", Kind.MEDIAL_BRANCH_BLOCK),
    (r"(intra-?articular|into the).*(facet|zygapophys)|(facet|zygapophys\w+).*(intra-?articular|into the joint)",
     Kind.FACET_JOINT_INJECTION),
    (r"(facet|zygapophys\w+)( joints?)?( steroid)? inject|inject\w* (of|into) (\w+ )?(facet|zygapophys)",
     Kind.FACET_JOINT_INJECTION),
    (rf"epidural.*{_NEEDLE}|{_NEEDLE}.*epidural|\btfesi\b|\blesi\b|\bcesi\b", Kind.EPIDURAL_STEROID_INJECTION),
    (rf"(sacroiliac|\bsi joint|\bsij\b).*{_NEEDLE}|{_NEEDLE}.*(sacroiliac|\bsi joint|\bsij\b)",
     Kind.SACROILIAC_JOINT_INJECTION),
    (r"trigger point", Kind.TRIGGER_POINT_INJECTION),
    (r"(spin\w+|lumbar|cervical|thoracic|interbody|vertebra\w*) .*(fusion|arthrodesis)|(fusion|arthrodesis) of .*(spin|"
     r"lumbar|cervical|thoracic|vertebra)|\b[aptx]lif\b|\bacdf\b", Kind.SPINAL_FUSION),
)  # fmt: skip
"""Words for what was done, ablation aside, which needs more care."""

ABLATION_WORDS = re.compile(r"ablat|radiofrequency|rhizotom|neurotom|denervat|\brfa\b|\brfn\b|rfl\b")
NERVE_ABLATION_WORDS = re.compile(r"radiofrequency|rhizotom|neurotom|denervat|\brfa\b|\brfn\b")
SPINE_WORDS = re.compile(r"\blumbar|lumbosacral|\bspin(e|al)|paravertebral|\b[cltCLT]\d{1,2}\s*[-/]\s*[cltsCLTS]?\d")

CPT_WORDING = re.compile(r"paravert|diagnostic or therapeutic|dx/ther|or nerves? innervating|\bf jnt\b")
"""How CPT's own wording is recognised: it names joint and nerves, diagnosis and treatment, and decides nothing."""

PURPOSE_WORDS = ((r"\bdiagnostic", Purpose.DIAGNOSTIC), (r"\btherapeutic", Purpose.THERAPEUTIC))
GUIDANCE_WORDS = (
    (r"fluoro|x-?ray guid", Guidance.FLUOROSCOPY),
    (r"\bct\b|computed tomogra", Guidance.CT),
    (r"ultraso|sonograph", Guidance.ULTRASOUND),
    (r"\bmri?\b[- ]guid|magnetic resonance", Guidance.MRI),
    (r"without (image|imaging)|no (image|imaging) guid|\bblind(ly)?\b", Guidance.NONE),
)
MODE_WORDS = (
    (r"\bpulsed", AblationMode.PULSED),
    (r"\bcooled", AblationMode.COOLED),
    (r"(?<!non-)(?<!non)\bthermal|conventional|continuous", AblationMode.THERMAL),
    (r"\bcryo", AblationMode.CRYO),
    (r"chemical|phenol|alcohol", AblationMode.CHEMICAL),
    (r"\blaser", AblationMode.LASER),
    (r"endoscop", AblationMode.ENDOSCOPIC),
)
SEDATION_WORDS = (
    (r"general an(a)?esth", Sedation.GENERAL),
    (r"monitored an(a)?esth|\bmac\b", Sedation.MONITORED),
    (r"(moderate|conscious) sedation", Sedation.MODERATE),
    (r"(minimal|light) sedation|anxiolysis", Sedation.MINIMAL),
    (r"(no|without) sedation", Sedation.NONE),
)

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
ELSEWHERE = re.compile(r"\bskin|subcut|intraderm|\biv\b|intraven|\bpo\b|\boral|topical|by mouth|intramusc|\bim\b")
"""Routes that do not end at the joint or its nerves."""

# --- Observations -----------------------------------------------------------------------------------------------

PAIN_LOINC: dict[str, Scale | None] = {"72514-3": Scale.NRS, "38208-5": None}
PAIN_WORDS = re.compile(r"pain (score|severity|intensity|rating|level|nrs)|\bnrs\b|\bvas\b|numeric rating|index pain")
FACES_WORDS = re.compile(r"\bfaces|\bflacc|\bfps\b|behaviou?ral")
"""Pain scales that the record does not have."""

PAIN_SCALE_WORDS = (
    (r"\bvas\b|visual analog", Scale.VAS),
    (r"\bnrs\b|numeric|0 ?(-|to|–) ?10", Scale.NRS),
    (r"verbal (rating|descript)", Scale.VERBAL),
)
FUNCTION_WORDS = (
    (r"oswestry|\bodi\b", Scale.ODI),
    (r"neck disability|\bndi\b", Scale.NDI),
    (r"roland", Scale.ROLAND_MORRIS),
    (r"quebec", Scale.QUEBEC),
    (r"pain disability assessment|\bpdas\b", Scale.PDAS),
    (r"back pain functional|\bbpfs\b", Scale.BPFS),
    (r"promis", Scale.PROMIS),
)
PART_OF_A_SCALE = re.compile(r"\bitem\b|question|section|subscale")
RELIEF_WORDS = re.compile(r"(pain )?relief|pain reduction|improvement in pain")
RELIEF_HOURS_WORDS = re.compile(r"(duration|hours|how long).*relief|relief.*(duration|lasted)")
FUNCTION_IMPROVED_WORDS = re.compile(r"(function|movement|activit)\w*.*improve|improve\w*.*(function|movement|activit)")
BEFORE_WORDS = re.compile(r"\bbefore|\bpre-?(procedur|block|op|inject)|baseline|prior to")
AFTER_WORDS = re.compile(r"\bafter|\bpost-?(procedur|block|op|inject)|follow-?up|diary")
SPINE_PAIN_WORDS = re.compile(r"back|neck|spin|lumb|cervic|thorac|facet|sacr|axial|paravertebral|\b[clt]\d")

YES = frozenset(("yes", "y", "true", "present", "373066001"))
NO = frozenset(("no", "n", "false", "absent", "373067005"))
NONE_ANSWERS = frozenset(("none", "[]", "no", "nothing"))
"""What a whole list may be answered with to say that there was none of it."""


def one_of(table: Iterable[tuple[str, Value]], words: str) -> Value | None:
    """The one value whose pattern is in `words`; None when there is none, or more than one."""
    found = matches(table, words)
    return found[0] if len(found) == 1 else None


def matches(table: Iterable[tuple[str, Value]], words: str) -> list[Value]:
    """Every value whose pattern is in `words`, in the table's order, each once."""
    return list(dict.fromkeys(value for pattern, value in table if re.search(pattern, words)))


def longest_prefix(table: dict[str, Value], code: str) -> tuple[str, Value] | None:
    """The entry of `table` whose key is the longest beginning of `code`; ICD codes may lack their point."""
    point = code.strip().upper()
    point = f"{point[:3]}.{point[3:]}" if len(point) > 3 and "." not in point else point
    prefix = max((prefix for prefix in table if point.startswith(prefix)), key=len, default=None)
    return None if prefix is None else (prefix, table[prefix])
