"""What kind of procedure a Procedure is: by code, else by words; never by guessing between a joint and its nerves."""

import re
from typing import NamedTuple

from facetwise.fhir.bundle import Resource
from facetwise.fhir.codes import CPT, CPT_KINDS, CPT_SIDES, JOINT_OR_NERVE, OWN
from facetwise.fhir.values import Concept
from facetwise.fhir.words import (
    ABLATION_WORDS,
    CPT_WORDING,
    FACET_WORDS,
    KIND_WORDS,
    NERVE_ABLATION_WORDS,
    OTHER_ORGANS,
    SPINE_WORDS,
    matches,
)
from facetwise.records import Kind

_QUESTION = "this may mean the joint or its nerves: into the joint or on the nerves?"
_UNKNOWN = "Facetwise does not know this procedure"
_EARLIER = re.compile(
    r"\b(prior|previous\w*|earlier|first|second|after|following|failed|response|plan\w*|next|consider)\b"
)
_NERVES = re.compile(r"medial branch|\bmbbs?\b|dorsal ram|third occipital nerve|on the nerves?")
_JOINT = re.compile(r"intra-?articular|into the joint|joint (steroid )?injection|facet (steroid )?injection")


class Decision(NamedTuple):
    """A kind, or why there is none."""

    kind: Kind | None
    why: str = ""


def decide_kind(resource: Resource, concept: Concept, beside: list[str]) -> Decision:
    """The kind of a Procedure with this code; `beside` are other texts of it, the most telling first."""
    own = concept.code_in(f"{OWN}kind")
    if own in list(Kind):
        return Decision(Kind(own))
    codes = [code for code, _ in procedure_codes(concept)]
    for code in codes:
        if code in CPT_KINDS:
            return Decision(CPT_KINDS[code])
    if any(code in JOINT_OR_NERVE for code in codes):
        displays = [coding.display for coding in concept.codings if coding.system not in CPT]
        return _joint_or_nerves([concept.text, *displays, *beside])
    texts = [text.lower() for text in concept.texts if not CPT_WORDING.search(text.lower())]
    words = "; ".join(texts)
    if ABLATION_WORDS.search(words):
        return _ablation(words, "; ".join(beside[:2]).lower())
    kinds = matches(KIND_WORDS, words)
    if {Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION} <= set(kinds):
        return _joint_or_nerves(beside)
    if kinds:
        return Decision(kinds[0])
    if FACET_WORDS.search(concept.words):
        return _joint_or_nerves([words, *beside])
    return Decision(None, _UNKNOWN)


def procedure_codes(concept: Concept) -> list[tuple[str, str]]:
    """CPT codes with the side that a modifier behind them gives: `64493-RT` is 64493 on the right."""
    found = []
    for coding in concept.codings:
        if coding.system and not coding.system.startswith(CPT):
            continue
        code, *modifiers = re.split(r"[-\s,]+", coding.code.upper())
        found.append((code, next((CPT_SIDES[one] for one in modifiers if one in CPT_SIDES), "")))
    return found


def names_target(words: str) -> bool:
    """Whether words tell the joint from its nerves."""
    return bool(_NERVES.search(words) or _JOINT.search(words))


def _joint_or_nerves(texts: list[str]) -> Decision:
    """Decided by the first text that names only one of the two."""
    for text in texts:
        words = text.lower()
        if CPT_WORDING.search(words) or _EARLIER.search(words):
            continue
        nerves, joint = _NERVES.search(words), _JOINT.search(words)
        if nerves and joint:
            break
        if nerves or joint:
            return Decision(Kind.MEDIAL_BRANCH_BLOCK if nerves else Kind.FACET_JOINT_INJECTION)
    return Decision(None, _QUESTION)


def _ablation(words: str, beside: str) -> Decision:
    """An ablation counts only where it is said to be of the nerves of facet joints, or of nerves along the spine."""
    if OTHER_ORGANS.search(words) or OTHER_ORGANS.search(beside):
        return Decision(None, "an ablation of something other than the nerves of facet joints")
    if FACET_WORDS.search(words) or FACET_WORDS.search(beside):
        return Decision(Kind.RADIOFREQUENCY_ABLATION)
    if NERVE_ABLATION_WORDS.search(words) and SPINE_WORDS.search(f"{words}; {beside}") and "lesion" not in words:
        return Decision(Kind.RADIOFREQUENCY_ABLATION)
    return Decision(None, "an ablation, and it is not said of what: of the nerves of which facet joints?")
