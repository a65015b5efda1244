"""The closed lists of words a record may use. The same words appear in rules and on screens."""

from enum import StrEnum


class Kind(StrEnum):
    """What was done. The first three are facet procedures; the others are context."""

    FACET_JOINT_INJECTION = "facet_joint_injection"
    MEDIAL_BRANCH_BLOCK = "medial_branch_block"
    RADIOFREQUENCY_ABLATION = "radiofrequency_ablation"
    FACET_CYST_RUPTURE = "facet_cyst_rupture"
    EPIDURAL_STEROID_INJECTION = "epidural_steroid_injection"
    SACROILIAC_JOINT_INJECTION = "sacroiliac_joint_injection"
    TRIGGER_POINT_INJECTION = "trigger_point_injection"
    SPINAL_FUSION = "spinal_fusion"
    OTHER = "other"


FACET_KINDS = frozenset({Kind.FACET_JOINT_INJECTION, Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION})


class Purpose(StrEnum):
    """Why a procedure was done."""

    DIAGNOSTIC = "diagnostic"
    THERAPEUTIC = "therapeutic"


class Pattern(StrEnum):
    """Where the pain is felt: along the spine, or down a limb."""

    AXIAL = "axial"
    PREDOMINANTLY_AXIAL = "predominantly_axial"
    PREDOMINANTLY_RADICULAR = "predominantly_radicular"
    RADICULAR = "radicular"


class Severity(StrEnum):
    """How bad the pain is, in the clinician's words."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Movement(StrEnum):
    """What makes the pain worse."""

    EXTENSION = "extension"
    ROTATION = "rotation"
    STANDING = "standing"
    WALKING = "walking"
    SITTING = "sitting"
    FLEXION = "flexion"
    COUGHING = "coughing"


class Scale(StrEnum):
    """A scale of pain or function."""

    NRS = "nrs"
    VAS = "vas"
    VERBAL = "verbal"
    ODI = "odi"
    NDI = "ndi"
    PDAS = "pdas"
    QUEBEC = "quebec"
    ROLAND_MORRIS = "roland_morris"
    BPFS = "bpfs"
    PROMIS = "promis"


class CareKind(StrEnum):
    """Conservative care: what is tried before any needle."""

    PHYSICAL_THERAPY = "physical_therapy"
    HOME_EXERCISE = "home_exercise"
    MEDICATION = "medication"
    CHIROPRACTIC = "chiropractic"
    ACTIVITY_MODIFICATION = "activity_modification"
    OTHER = "other"


class CareOutcome(StrEnum):
    """What conservative care achieved."""

    FAILED = "failed"
    NOT_TOLERATED = "not_tolerated"
    ONGOING = "ongoing"
    HELPED = "helped"


class Modality(StrEnum):
    """How an image was made."""

    XRAY = "xray"
    MRI = "mri"
    CT = "ct"
    SPECT = "spect"
    BONE_SCAN = "bone_scan"
    MYELOGRAM = "myelogram"
    ULTRASOUND = "ultrasound"


class Goal(StrEnum):
    """What is wanted from the next procedure."""

    DIAGNOSIS = "diagnosis"
    RELIEF = "relief"
    BOTH = "both"


class Guidance(StrEnum):
    """How the needle was guided."""

    FLUOROSCOPY = "fluoroscopy"
    CT = "ct"
    ULTRASOUND = "ultrasound"
    MRI = "mri"
    NONE = "none"


class Sedation(StrEnum):
    """How far the patient was sedated."""

    NONE = "none"
    MINIMAL = "minimal"
    MODERATE = "moderate"
    MONITORED = "monitored_anaesthesia_care"
    GENERAL = "general_anaesthesia"


class AblationMode(StrEnum):
    """How a nerve was ablated."""

    THERMAL = "thermal"
    COOLED = "cooled"
    PULSED = "pulsed"
    CRYO = "cryo"
    CHEMICAL = "chemical"
    LASER = "laser"
    ENDOSCOPIC = "endoscopic"


class Contractor(StrEnum):
    """A Medicare Administrative Contractor. Noridian has two jurisdictions with a determination each."""

    CGS = "cgs"
    FIRST_COAST = "first_coast"
    NGS = "ngs"
    NORIDIAN_JE = "noridian_je"
    NORIDIAN_JF = "noridian_jf"
    NOVITAS = "novitas"
    PALMETTO = "palmetto"
    WPS = "wps"


class Place(StrEnum):
    """Where a procedure is done, as payers tell places apart."""

    OFFICE = "office"
    AMBULATORY_SURGICAL_CENTER = "ambulatory_surgical_center"
    HOSPITAL_OUTPATIENT = "hospital_outpatient"
    HOSPITAL_INPATIENT = "hospital_inpatient"


class AgentName(StrEnum):
    """What was injected."""

    LIDOCAINE = "lidocaine"
    BUPIVACAINE = "bupivacaine"
    ROPIVACAINE = "ropivacaine"
    MEPIVACAINE = "mepivacaine"
    LEVOBUPIVACAINE = "levobupivacaine"
    TRIAMCINOLONE = "triamcinolone"
    METHYLPREDNISOLONE = "methylprednisolone"
    BETAMETHASONE = "betamethasone"
    DEXAMETHASONE = "dexamethasone"
    SALINE = "saline"
    CONTRAST = "contrast"
    OTHER = "other"


ANAESTHETICS = (
    AgentName.LIDOCAINE,
    AgentName.BUPIVACAINE,
    AgentName.ROPIVACAINE,
    AgentName.MEPIVACAINE,
    AgentName.LEVOBUPIVACAINE,
)
STEROIDS = (
    AgentName.TRIAMCINOLONE,
    AgentName.METHYLPREDNISOLONE,
    AgentName.BETAMETHASONE,
    AgentName.DEXAMETHASONE,
)
