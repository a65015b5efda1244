"""Plain words for what stands in a record."""

import datetime
from collections.abc import Iterable
from typing import Any

from facetwise.letters.letter import to_fill_in
from facetwise.records import Condition, Diary, Kind, Planned, Request, Scale
from facetwise.spine import Region, SiteSet, levels_in


def in_words(value: Any) -> str:
    """A documented value as a reference names it. Raises `ValueError` for one that nobody documented."""
    match value:
        case None:
            raise ValueError("what is not documented cannot be stated")
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case Condition():
            return "present" if value.present else "absent"
        case Diary():
            return counted(len(value.entries), "entry", "entries")
        case tuple():
            return ", ".join(in_words(item) for item in value) or "none"
        case str():
            return plain(value) if type(value) is str else words(value)
        case datetime.date() | int() | SiteSet():
            return str(value)
    raise ValueError(f"a whole {type(value).__name__} is no fact")


def words(word: str) -> str:
    """A word of a closed list, for people."""
    return _NAMES.get(word, word.replace("_", " "))


_INITIALS = ("mri", "ct", "spect", "nrs", "vas", "odi", "ndi", "pdas", "bpfs", "promis")
_NAMES = {
    **{word: word.upper() for word in _INITIALS},
    "xray": "X-ray",
    "quebec": "Quebec",
    "roland_morris": "Roland-Morris",
    "chiropractic": "chiropractic care",
}


def plain(text: str) -> str:
    """Free text on one line, without characters that steer a terminal or turn the direction of reading."""
    return " ".join("".join(one if _readable(one) else "\ufffd" for one in text).split())


def _readable(character: str) -> bool:
    return character.isprintable() or character.isspace() or character in "\u200c\u200d"  # joiners shape letters


def quoted(text: str) -> str:
    """Free text as the end of a sentence: in quotation marks, with a full stop if it brings none."""
    text = plain(text)
    return f"“{text}”" if text.endswith((".", "!", "?")) else f"“{text}”."


def listed(items: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    parts = list(items)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def counted(number: int, one: str, many: str) -> str:
    """1 entry, 2 entries."""
    return f"{number} {one if number == 1 else many}"


def on_day(date: datetime.date | None) -> str:
    """When something was, for the inside of a sentence."""
    return f"on {date}" if date else "(undated)"


def capital(text: str) -> str:
    """The same with a capital first letter."""
    return text[:1].upper() + text[1:]


def sites_in_words(sites: SiteSet) -> str:
    """Joints for a reader: an undocumented side is a place to fill in."""
    sided = SiteSet(sites.left, sites.right)
    parts = [str(sided)] if len(sided) else []
    if sites.unsided:
        parts.append(f"{', '.join(levels_in(sites.unsided))} {to_fill_in('left, right or both sides')}")
    return "; ".join(parts)


def procedure_words(planned: Planned) -> str:
    """Kind and purpose: "diagnostic medial branch block"."""
    if planned.kind is Kind.OTHER:
        return "other procedure"
    return " ".join(word for word in (planned.purpose or "", words(planned.kind)) if word)


def a(noun: str) -> str:
    """The noun with its article."""
    if noun.startswith("other"):
        return f"an{noun}"
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def request_title(request: Request) -> str:
    """A request in one line."""
    return f"{procedure_words(request)}{of_sites(request)} on {request.date}"


def of_sites(planned: Planned) -> str:
    """The joints after the procedure's name, where they are documented."""
    return f" of {sites_in_words(planned.sites)}" if planned.sites else ""


def score(scored: Any) -> str:
    """A pain score or its range; empty where neither was written down."""
    if scored.score is not None:
        return f"{scored.score:g}"
    return f"{scored.low:g} to {scored.high:g}" if scored.low is not None and scored.high is not None else ""


SCALES = {
    Scale.NRS: "the numeric rating scale (NRS)",
    Scale.VAS: "the visual analogue scale (VAS)",
    Scale.VERBAL: "a verbal scale",
    Scale.ODI: "the Oswestry Disability Index (ODI)",
    Scale.NDI: "the Neck Disability Index (NDI)",
    Scale.PDAS: "the Pain Disability Assessment Scale (PDAS)",
    Scale.QUEBEC: "the Quebec Back Pain Disability Scale",
    Scale.ROLAND_MORRIS: "the Roland-Morris scale",
    Scale.BPFS: "the Back Pain Functional Scale (BPFS)",
    Scale.PROMIS: "a PROMIS scale",
}


def scale_words(scale: Scale) -> str:
    """A scale that needs no introduction, in short."""
    return f"the {words(scale)}" if scale in _INITIALS else SCALES[scale]


REGIONS = {Region.CERVICAL: "neck", Region.THORACIC: "mid back", Region.LUMBAR: "low back"}

_CONDITIONS = {
    "cauda_equina": "cauda equina syndrome",
    "other_cause_of_pain": "another cause of the pain",
    "facet_cyst": "facet cyst that explains radicular symptoms",
    "fusion": "spinal fusion",
    "anterior_lumbar_fusion": "anterior lumbar interbody fusion",
    "anticoagulant": "anticoagulant treatment",
    "local_anaesthetic_allergy": "allergy to local anaesthetic",
    "contrast_allergy": "allergy to contrast",
    "implanted_device": "implanted electrical device",
}


def condition_words(name: str) -> str:
    """A condition as a noun."""
    return _CONDITIONS.get(name, name.replace("_", " "))
