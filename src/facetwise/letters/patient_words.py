"""The words of a patient summary, in English and Spanish."""

from facetwise.education import Language
from facetwise.records import Kind, Procedure
from facetwise.spine import SiteSet, levels_in

_WORDS = {
    "title": ("Your care: what was done and what comes next", "Su atención: lo que se hizo y lo que sigue"),
    "number": ("number", "número"),
    "done": ("What was done so far", "Lo que se ha hecho hasta ahora"),
    "nothing": (
        "No procedure is written in your record yet.",
        "Todavía no hay ningún procedimiento escrito en su expediente.",
    ),
    "day": ("Day", "Día"),
    "what": ("What", "Qué"),
    "where": ("Where on your spine", "En qué parte de la columna"),
    "not_written": ("not written down", "no está escrito"),
    "left": ("left side", "lado izquierdo"),
    "right": ("right side", "lado derecho"),
    "both": ("both sides", "los dos lados"),
    "unsided": ("side not written down", "no está escrito de qué lado"),
}

_KINDS = {
    Kind.MEDIAL_BRANCH_BLOCK: ("Block", "Bloqueo"),
    Kind.FACET_JOINT_INJECTION: ("Injection into the joint", "Inyección en la articulación"),
    Kind.RADIOFREQUENCY_ABLATION: ("Ablation", "Ablación"),
    Kind.FACET_CYST_RUPTURE: ("Rupture of a cyst of the joint", "Rotura de un quiste de la articulación"),
    Kind.EPIDURAL_STEROID_INJECTION: ("Epidural steroid injection", "Inyección epidural de esteroide"),
    Kind.SACROILIAC_JOINT_INJECTION: ("Sacroiliac joint injection", "Inyección en la articulación sacroilíaca"),
    Kind.TRIGGER_POINT_INJECTION: ("Trigger point injection", "Inyección en un punto gatillo"),
    Kind.SPINAL_FUSION: ("Spinal fusion", "Fusión de la columna"),
    Kind.OTHER: ("Another procedure", "Otro procedimiento"),
}


def patient_word(name: str, language: Language) -> str:
    """A label or a sentence of the summary."""
    return _in(_WORDS[name], language)


def kind_in_words(procedure: Procedure, language: Language) -> str:
    """What was done, as patients call it."""
    return _in(_KINDS[procedure.kind], language)


def where_in_words(sites: SiteSet | None, language: Language) -> str:
    """The joints, by side."""
    if sites is None or not len(sites):
        return patient_word("not_written", language)
    both = sites.left & sites.right
    parts = (
        ("both", both),
        ("left", sites.left & ~both),
        ("right", sites.right & ~both),
        ("unsided", sites.unsided),
    )
    return "; ".join(f"{', '.join(levels_in(mask))} ({patient_word(name, language)})" for name, mask in parts if mask)


def _in(said: tuple[str, str], language: Language) -> str:
    english, spanish = said
    return english if language is Language.ENGLISH else spanish
