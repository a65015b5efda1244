"""Facet joints from bodySite and from the text beside it. What cannot be read is listed and left absent."""

import re
from collections.abc import Iterable

from facetwise.fhir.bundle import Resource
from facetwise.fhir.codes import SNOMED, SNOMED_SIDES
from facetwise.fhir.values import Concept
from facetwise.spine import SiteError, SiteSet, levels_in, parse_sites, refusal

_SIDES = {"left": "left", "lt": "left", "right": "right", "rt": "right", "bilateral": "bilateral", "both": "bilateral"}
_SIDE = re.compile(r"\b(left|right|bilateral|both|lt|rt)(?:ly)?\b")
_VAGUE = re.compile(
    r"\b(structure|of|entire|body|region|lumbar|cervical|thoracic|lumbosacral|cervicothoracic|thoracolumbar|spine|spinal"
    r"|vertebral|column|low|lower|mid|upper|back|neck|facet|joints?|zygapophys\w+|apophys\w+|paravertebral|area|nerves?"
    r"|medial|branch(es)?|the|left|right|bilateral|both|sides?|part)\b|[\W_]"
)
"""Words that name a region or a side, but no joint."""
_NERVES = re.compile(r"\b(medial branch|mbb?s?|dorsal ram|dr|ton|third occipital|nerve)", re.IGNORECASE)
_SINGLE = re.compile(r"(?<![-/–\w])[clt]\d{1,2}(?!\s*[-/–\d])(?!\w)", re.IGNORECASE)
_UNDONE = re.compile(r"\b(not|except|without|cancel\w+|defer\w+|abort\w+|attempt\w+|unable)\b", re.IGNORECASE)
_MENTION = re.compile(
    r"left|right|bilateral|\b[lr]t\b|\([lrb]\)|b/l|third occipital nerve|\bton\b"
    r"|\b[ctl]\d{1,2}(?:\s*(?:[-/–—]|to)\s*[ctls]?\d{1,2})?\b|\b(?:l5s1|c7t1|t12l1)\b|medial branch(?:es)?|\bmbs?\b"
    r"|dorsal ram(?:us|i)|\bdr\b|nerves?\b|\bjoints?\b|[,;+&]|\band\b",
    re.IGNORECASE,
)


def read_sites(
    resource: Resource, bodies: list[Concept], written: Iterable[str] = (), *, by_nerve: bool = False, side: str = ""
) -> str | None:
    """The sites that a resource names, in canonical text: from its bodySites, else from the texts `written` about it.

    `by_nerve` says that a bare number such as L4 means a nerve; `side` is one known from elsewhere, such as a modifier.
    """
    found, sides, unread = _from_body_sites(resource, bodies, by_nerve)
    sides |= {side} if side else set()
    written = list(written)
    if not found and not unread:
        found = next((sites for text in written if (sites := _parsed(text, by_nerve))), SiteSet())
        unread = [] if found else [text for text in written if re.search(r"\b[ctl]\d", text, re.IGNORECASE)]
    sides = sides or {side for text in written if (side := _side_in(text.lower()))}
    if unread:
        for text in dict.fromkeys(unread):
            resource.leave(f"sites: {text}", "no facet joints can be read from it: which joints, on which side?")
        return None
    if not found:
        return None
    found = _with_side(found, sides.pop()) if len(sides) == 1 else found
    reasons = [reason for level in levels_in(found.levels) if (reason := refusal(level))] if by_nerve else []
    for reason in reasons:
        resource.leave(f"sites: {found}", reason)
    return None if reasons else str(found)


def _from_body_sites(resource: Resource, bodies: list[Concept], by_nerve: bool) -> tuple[SiteSet, set[str], list[str]]:
    """The joints of all bodySites, the sides given beside them, and what names neither a joint nor a region."""
    found, sides, unread, regions = SiteSet(), set[str](), list[str](), list[str]()
    for concept in bodies:
        side = _side_code(concept)
        sites = next((sites for text in concept.texts if (sites := _parsed(text, by_nerve))), None)
        if sites:
            found |= _with_side(sites, side) if side else sites
        elif side := side or _side_in(concept.words):
            sides.add(side)
        if not sites and not _VAGUE.sub("", concept.words) and concept.words:
            regions.append(str(concept))
        elif not sites and not (side and not concept.texts):
            unread.append(str(concept))
    if regions and not found and not unread and not _only_sides(regions):
        resource.leave(f"bodySite {'; '.join(regions)}", "it names a region, not joints")
    return found, sides, unread


def _only_sides(regions: list[str]) -> bool:
    return all(_SIDES.get(text.lower().split()[-1]) for text in regions)


def _parsed(text: str, by_nerve: bool) -> SiteSet | None:
    """The sites in a text, strictly if it is nothing else, otherwise from its words for levels, sides and nerves."""
    if _SINGLE.search(text) and not by_nerve and not _NERVES.search(text):
        return None  # "L4" alone is a vertebra or a nerve, not a joint
    try:
        return parse_sites(text)
    except SiteError:
        if _UNDONE.search(text):
            return None
    if _SINGLE.search(text) and not _NERVES.search(text):
        return None
    try:
        return parse_sites(" ".join(_MENTION.findall(text)))
    except SiteError:
        return None


def _with_side(sites: SiteSet, side: str) -> SiteSet:
    """Give joints without a side this one."""
    left = sites.left | (sites.unsided if side in ("left", "bilateral") else 0)
    right = sites.right | (sites.unsided if side in ("right", "bilateral") else 0)
    return SiteSet(left, right)


def _side_code(concept: Concept) -> str:
    codes = (coding.code for coding in concept.codings if coding.system in (SNOMED, ""))
    return next((SNOMED_SIDES[code] for code in codes if code in SNOMED_SIDES), "")


def _side_in(words: str) -> str:
    """The one side that the words name."""
    found = {_SIDES[word] for word in _SIDE.findall(words)}
    if found == {"left", "right"}:
        return "bilateral"
    return found.pop() if len(found) == 1 else ""
