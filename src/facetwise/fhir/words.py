"""The words by which text is understood where no code decides. A table is searched in lower-case text, from the top."""

import re
from collections.abc import Iterable
from typing import TypeVar

from facetwise.records import AblationMode, Guidance, Kind, Purpose, Scale, Sedation
from facetwise.spine import Region

Value = TypeVar("Value")


def one_of(table: Iterable[tuple[str, Value]], words: str) -> Value | None:
    """The one value whose pattern is in `words`; None when there is none, or more than one."""
    found = matches(table, words)
    return found[0] if len(found) == 1 else None


def matches(table: Iterable[tuple[str, Value]], words: str) -> list[Value]:
    """Every value whose pattern is in `words`, in the table's order, each once."""
    return list(dict.fromkeys(value for pattern, value in table if re.search(pattern, words)))


# --- Conditions ------------------------------------------------------------------------------------------

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

COMPLAINT_WORDS: tuple[tuple[str, Region], ...] = (
    (r"neck pain|cervicalgia|cervical (facet|spondylosis)", Region.CERVICAL),
    (r"(mid|upper|thoracic) back pain|pain in thoracic spine|thoracic (facet|spondylosis)", Region.THORACIC),
    (r"low(er)? back pain|lumbago|lumbar (facet|spondylosis)|lumbosacral (facet|spondylosis)", Region.LUMBAR),
)
ALLERGY_WORDS: tuple[tuple[str, str], ...] = (
    (r"lidocaine|bupivacaine|ropivacaine|mepivacaine|local an(a)?esthetic|\w+caine\b", "local_anaesthetic_allergy"),
    (r"contrast|iohexol|iopamidol|iodixanol|iodinated", "contrast_allergy"),
)

# --- Procedures ------------------------------------------------------------------------------------------

OTHER_ORGANS = re.compile(
    r"cardia|heart|atrial|atrium|ventric|\bav node|arrhythm|tachycardia|pulmonary vein|endometri|\buter|cervix|\brenal"
    r"|adrenal gland|kidney|\bliver|hepatic|\blung|tumou?r|metasta|neoplasm|carcinoma|osteoma|thyroid|prostat|nodule"
    r"|varic|saphen|barrett|esophag|oesophag|genicular|knee|\bhip\b|shoulder|trigemin|splanchnic|sympathetic|stellate"
    r"|root ganglion|basivertebral|intraosseous|intradis|sacroiliac|\bsi joint"
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
ELSEWHERE = re.compile(r"\bskin|subcut|intraderm|\biv\b|intraven|\bpo\b|\boral|topical|by mouth|intramusc|\bim\b")
"""Routes that do not end at the joint or its nerves."""

# --- Observations ----------------------------------------------------------------------------------------

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

# --- Answers ---------------------------------------------------------------------------------------------

YES = frozenset(("yes", "y", "true", "present", "373066001"))
NO = frozenset(("no", "n", "false", "absent", "373067005"))
NONE_ANSWERS = frozenset(("none", "[]", "no", "nothing"))
"""What a whole list may be answered with to say that there was none of it."""
