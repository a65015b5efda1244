"""The codes and rules that lines and errors name: numbers with our own short wording, statements with their sources."""

import datetime
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import field

from facetwise.evidence.sources import Certainty, Cites, Source
from facetwise.records import AblationMode, Contractor
from facetwise.spine import LEVELS, level_named


class Service(StrEnum):
    """What a procedure code stands for. The first four are facet procedures."""

    INJECTION = "injection"
    ULTRASOUND_INJECTION = "ultrasound_injection"
    ABLATION = "ablation"
    UNLISTED = "unlisted"
    GUIDANCE = "guidance"
    SACROILIAC = "sacroiliac"
    BASIVERTEBRAL = "basivertebral"
    TRANSFORAMINAL = "transforaminal"
    EPIDURAL = "epidural"
    TRIGGER_POINT = "trigger_point"


class Family(StrEnum):
    """The levels that share a set of codes."""

    CERVICAL_THORACIC = "cervical_thoracic"
    LUMBAR_SACRAL = "lumbar_sacral"


class Position(StrEnum):
    """Which of a session's levels a code stands for."""

    FIRST = "first"
    SECOND = "second"
    FURTHER = "further"


class Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a rule file: strict, so that a misspelt key is an error."""


class Citation(msgspec.Struct, frozen=True):
    """A rule as an answer names it: its id, what it says, where that was read and how surely."""

    rule: str
    says: str
    source: str
    where: str
    certainty: Certainty
    url: str = ""


class Code(Part, frozen=True, kw_only=True):
    """A procedure code. An add-on code names its `primaries`; those of the thoracolumbar junction stand apart."""

    number: str = ""
    wording: str
    service: Service
    family: Family | None = None
    position: Position | None = None
    primaries: tuple[str, ...] = ()
    junction_primaries: tuple[str, ...] = ()
    once_a_day: bool = False
    cites: Cites


class OtherCodes(Part, frozen=True, kw_only=True):
    """Codes that are no facet procedures and meet them on claims."""

    wording: str
    codes: tuple[str, ...]
    cites: Cites


class CodesDocument(Part, frozen=True, kw_only=True):
    """`rules/codes.yaml` as it is written."""

    id: str
    families: dict[Family, str]
    codes: dict[str, Code]
    others: dict[Service, OtherCodes]


class Rule(Part, frozen=True, kw_only=True):
    """A statement and its source."""

    says: str
    cites: Cites


class Counting(Part, frozen=True, kw_only=True):
    """What Medicare covers of a session, and which ablations are not thermal. The floor is in degrees Celsius."""

    most_levels: int
    lesion_floor_celsius: float
    non_thermal: frozenset[AblationMode]


class ContractorRule(Part, frozen=True, kw_only=True):
    """A rule of one contractor, from its first day where that was read."""

    contractor: Contractor
    from_: datetime.date | None = field(name="from", default=None)
    rule: str


class Junction(Part, frozen=True, kw_only=True):
    """T12-L1 with L1-2: who takes them as one session, and for whom T12-L1 counts as lumbar."""

    levels: tuple[str, str]
    combined: tuple[ContractorRule, ...]
    counts_as_lumbar: tuple[ContractorRule, ...]


class PriorAuthorization(Part, frozen=True, kw_only=True):
    """Which codes need to be affirmed in hospital outpatient departments. `dropped` left the list in between."""

    from_: datetime.date = field(name="from")
    codes: tuple[str, ...]
    dropped: tuple[str, ...]
    dropped_from: datetime.date
    dropped_by: datetime.date


class Bundles(Part, frozen=True, kw_only=True):
    """What is known of pairs of codes without any loaded edits."""

    separate_site_modifiers: tuple[str, ...]
    sacroiliac_code: str
    sacroiliac_from: datetime.date


class DiagnosisRegion(Part, frozen=True, kw_only=True):
    """A region that the last character of a diagnosis names, and the levels that it fits."""

    name: str
    levels: str


class RulesDocument(Part, frozen=True, kw_only=True):
    """`rules/rules.yaml` as it is written."""

    id: str
    counting: Counting
    junction: Junction
    prior_authorization: PriorAuthorization
    bundles: Bundles
    rules: dict[str, Rule]
    diagnosis_regions: dict[str, DiagnosisRegion]
    diagnosis_elsewhere: tuple[str, ...]
    diagnosis_parents: tuple[str, ...]


class Codebook(msgspec.Struct, frozen=True):
    """Every code, every rule and what the rules count with."""

    codes: Mapping[str, Code]
    families: Mapping[Family, frozenset[str]]
    rules: RulesDocument
    sources: Mapping[str, Source]

    def code_for(self, service: Service, family: Family | None, position: Position) -> Code:
        """The code of a service at a position; where there is none for it, that of the further levels."""
        fitting = [one for one in self.codes.values() if one.service is service and one.family is family]
        at = {one.position: one for one in fitting}
        return at.get(position) or at.get(Position.FURTHER) or fitting[0]

    def family_of(self, level: str) -> Family:
        """The family of codes that a level belongs to."""
        return next(family for family, levels in self.families.items() if level in levels)


FACET_SERVICES = frozenset({Service.INJECTION, Service.ULTRASOUND_INJECTION, Service.ABLATION, Service.UNLISTED})


@cache
def codebook() -> Codebook:
    """The codes and rules that come with Facetwise. Raises `DocumentError` where their files were damaged."""
    from facetwise.coding.reading_codebook import read_codebook  # brings the YAML parser

    folder = files(__package__).joinpath("rules")
    names = ("codes.yaml", "rules.yaml", "sources.yaml")
    return read_codebook(*(folder.joinpath(name).read_text(encoding="utf-8") for name in names))


@cache
def cite(rule: str) -> Citation:
    """A rule, ready to be named. Raises `KeyError` for an id that is not in `rules/rules.yaml`."""
    book = codebook()
    written = book.rules.rules[rule]
    source = book.sources[written.cites.source]
    certainty = written.cites.certainty or source.certainty
    return Citation(rule, written.says, source.title, written.cites.where, certainty, source.url)


def is_facet_code(number: str) -> bool:
    """Whether a code stands for a facet procedure, 64999 among them."""
    code = codebook().codes.get(number)
    return code is not None and code.service in FACET_SERVICES


def levels_between(text: str) -> tuple[str, ...]:
    """The levels of a range such as `L1-2..L5-S1`. Raises `KeyError` for what is no level."""
    first, _, last = text.partition("..")
    return LEVELS[level_named(first) : level_named(last) + 1]
