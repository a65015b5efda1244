"""The procedures of claims, one patient at a time and without a database: what `claim_sql` says of a population.

Claims name no levels and know nothing of relief; that stays not documented. A test holds the two against each other.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from facetwise.audit.mapping.meaning_of_codes import JOINT_OR_NERVES, CodeMeaning, procedure_codes
from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.codebook import Family, Position, codebook
from facetwise.records import Kind, Procedure, Purpose
from facetwise.records.words import Sedation
from facetwise.spine import levels_in

SEDATED = frozenset({Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION, Kind.RADIOFREQUENCY_ABLATION})

Told = tuple[ClaimLine, CodeMeaning]


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure that was billed for somebody. `kinds` are those that its codes may mean, `family` its levels'."""

    beneficiary: str
    procedure: Procedure
    kinds: frozenset[Kind]
    family: Family | None

    @property
    def words(self) -> str:
        """What was done and where, as far as claims tell."""
        levels = f", {str(self.family).replace('_', ' or ')}" if self.family else ""
        return str(self.procedure.kind).replace("_", " ") + levels


def claimed_procedures(lines: Sequence[ClaimLine], injections_are: Kind) -> tuple[Claimed, ...]:
    """The procedures that lines of any patients and days tell, in the order of patients and days."""
    ordered = sorted(lines, key=lambda line: (line.beneficiary, line.date))
    return tuple(
        claimed
        for _, day in groupby(ordered, key=lambda line: (line.beneficiary, line.date))
        for claimed in _of_a_day(list(day), injections_are)
    )


def lines_left_out(lines: Sequence[ClaimLine]) -> dict[str, int]:
    """Codes that make no procedure, and on how many lines each stands."""
    known = procedure_codes()
    counts: dict[str, int] = {}
    for line in lines:
        if line.code not in known or known[line.code].use == "left out":
            counts[line.code] = counts.get(line.code, 0) + 1
    return dict(sorted(counts.items()))


def is_there(claimed: Claimed, procedures: list[Procedure]) -> bool:
    """Whether a record's procedures tell of this one already; one without sites is taken out, so that it tells once."""
    for one in procedures:
        if one.date != claimed.procedure.date or one.kind not in claimed.kinds:
            continue
        if one.sites is None or claimed.family is None:
            procedures.remove(one)
            return True
        if claimed.family in {codebook().family_of(level) for level in levels_in(one.sites.levels)}:
            return True
    return False


def _of_a_day(lines: list[ClaimLine], injections_are: Kind) -> Iterator[Claimed]:
    told = [(line, meaning) for line in lines if (meaning := procedure_codes().get(line.code))]
    sedated = any(meaning.use == "sedation" for _, meaning in told)
    done = [(line, meaning) for line, meaning in told if meaning.use == "procedure"]
    together: dict[tuple[Kind, Family | None], list[Told]] = {}
    for line, meaning in done:
        kind = meaning.kind or injections_are
        same = [other for _, other in done if (other.kind or injections_are) is kind]
        together.setdefault((kind, _family(meaning, same)), []).append((line, meaning))
    for (kind, _), group in sorted(together.items(), key=str):
        yield _claimed(kind, group, sedated and kind in SEDATED)


def _family(meaning: CodeMeaning, same_kind: list[CodeMeaning]) -> Family | None:
    """An add-on of the lumbar family whose only first level of the day is T12-L1 belongs to that procedure."""
    firsts = {other.family for other in same_kind if other.position is Position.FIRST}
    junction = firsts == {Family.CERVICAL_THORACIC}
    return Family.CERVICAL_THORACIC if junction and meaning.family is Family.LUMBAR_SACRAL else meaning.family


def _claimed(kind: Kind, group: list[Told], sedated: bool) -> Claimed:
    lines = [line for line, _ in group]
    meanings = [meaning for _, meaning in group]
    diagnostic = all(meaning.kind is None and "KX" in line.modifiers for line, meaning in group)
    guidances = {meaning.guidance for meaning in meanings}
    places = {line.place for line in lines if line.place}
    diagnoses = {code for line in lines for code in line.diagnoses}
    families = {meaning.family for meaning in meanings}
    claims = " ".join(sorted({line.claim for line in lines if line.claim}))
    return Claimed(
        beneficiary=lines[0].beneficiary,
        procedure=Procedure(
            kind=kind,
            date=lines[0].date,
            purpose=Purpose.DIAGNOSTIC if diagnostic else None,
            guidance=guidances.pop() if len(guidances) == 1 else None,
            place=places.pop() if len(places) == 1 else None,
            sedation=Sedation.MODERATE if sedated else None,
            diagnosis=diagnoses.pop() if len(diagnoses) == 1 else None,
            note=f"From claim {claims}".strip() + f": {', '.join(str(line) for line in lines)}",
        ),
        kinds=JOINT_OR_NERVES if any(meaning.kind is None for meaning in meanings) else frozenset({kind}),
        family=families.pop() if len(families) == 1 else None,
    )
