"""CMS's correct coding edits as they were loaded: pairs of codes, and how many units of a code a day allows.

Facetwise ships none. `edit_files.py` reads CMS's files, `edit_store.py` keeps what concerns facet codes.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from facetwise.coding.claim_lines import ClaimLine
from facetwise.coding.codebook import codebook
from facetwise.records import Place


class PairEdit(msgspec.Struct, frozen=True, array_like=True):
    """Two codes of which the second is not paid beside the first, while the edit is in force.

    `indicator` 0 lets no modifier separate them, 1 does, 9 means that the edit does not apply. `to` is the deletion
    date of CMS's file, None while there is none.
    """

    first: str
    second: str
    from_: datetime.date
    to: datetime.date | None
    indicator: Literal["0", "1", "9"]

    def applies(self, day: datetime.date) -> bool:
        """Whether it is in force on a day. The deletion date counts as its last day, unless it is also the first."""
        if self.to is not None and self.to <= self.from_:
            return False
        return self.from_ <= day and (self.to is None or day <= self.to)


class UnitLimit(msgspec.Struct, frozen=True, array_like=True):
    """The units of a code: on a line with `indicator` 1, on a day with 2 (absolute) and 3."""

    code: str
    units: int
    indicator: Literal["1", "2", "3"]


class LoadedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file of CMS, reduced to what concerns facet codes. `quarter` is written 2026Q3."""

    kind: Literal["pairs", "units"]
    quarter: str
    file: str
    rows_read: int
    pairs: tuple[PairEdit, ...] = ()
    units: tuple[UnitLimit, ...] = ()
    format: Literal["facetwise-edits/1"] = "facetwise-edits/1"


class Edits(msgspec.Struct, frozen=True):
    """Every loaded file."""

    files: tuple[LoadedFile, ...] = ()

    def pairs_on(self, day: datetime.date) -> Mapping[tuple[str, str], PairEdit]:
        """The pairs in force on a day, from the latest quarter that was loaded: its files hold earlier ones too."""
        files = [one for one in self.files if one.kind == "pairs"]
        latest = max((one.quarter for one in files), default="")
        return {
            (edit.first, edit.second): edit
            for one in files
            if one.quarter == latest
            for edit in one.pairs
            if edit.applies(day)
        }

    def units_on(self, day: datetime.date) -> Mapping[str, UnitLimit] | None:
        """The unit limits of the quarter of a day; None where that quarter was not loaded."""
        files = [one for one in self.files if one.kind == "units" and one.quarter == quarter_of(day)]
        return {limit.code: limit for one in files for limit in one.units} if files else None

    def notes(self, day: datetime.date) -> list[str]:
        """What was looked at for a day, and what could not be."""
        quarters = sorted({one.quarter for one in self.files if one.kind == "pairs"})
        pairs = f"pairs of codes: CMS edits of {quarters[-1]}" if quarters else "pairs of codes: no CMS edits loaded"
        if quarters and quarter_of(day) > quarters[-1]:
            pairs += f", and the claim is of {quarter_of(day)}"
        loaded = self.units_on(day) is not None
        quarter = quarter_of(day)
        units = f"units a day: CMS table of {quarter}" if loaded else f"units a day: no CMS table of {quarter} loaded"
        return [pairs, units]


class EditFault(NamedTuple):
    """Something that an edit stops. `sure` is false where a modifier says that it was another site."""

    lines: tuple[ClaimLine, ...]
    says: str
    rules: tuple[str, ...]
    sure: bool = True


def quarter_of(day: datetime.date) -> str:
    """The quarter of a day, such as 2026Q3."""
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def pair_faults(lines: Sequence[ClaimLine], day: datetime.date, edits: Edits) -> Iterator[EditFault]:
    """Every pair of billed codes that an edit in force on the day stops."""
    pairs = edits.pairs_on(day)
    separate = codebook().rules.bundles.separate_site_modifiers
    for second in lines:
        firsts = [one for one in lines if (one.code, second.code) in pairs]
        if not firsts:
            continue
        edit = pairs[firsts[0].code, second.code]
        said = any(modifier in separate for modifier in second.modifiers)
        says = f"{second.code} is not paid beside {firsts[0].code}"
        if edit.indicator == "0":
            yield EditFault((second, firsts[0]), f"{says}, whatever the modifier", ("edit_pair",))
        elif edit.indicator == "1" and not said:
            without = f"{says} without modifier {' or '.join(separate)} and another site"
            yield EditFault((second, firsts[0]), without, ("edit_pair",))
        elif edit.indicator == "1":
            yield EditFault((second, firsts[0]), f"{says}, unless the record shows another site", ("edit_pair",), False)


def unit_faults(
    lines: Sequence[ClaimLine], day: datetime.date, edits: Edits, place: Place | None
) -> Iterator[EditFault]:
    """Every code of which more units are billed than its table allows, on a line or on the day."""
    limits = edits.units_on(day) or {}
    for code in dict.fromkeys(line.code for line in lines if line.code in limits):
        of_code, limit = [line for line in lines if line.code == code], limits[code]
        if limit.indicator == "1":
            for line in of_code:
                if line.units > limit.units:
                    yield EditFault((line,), f"{line}: {limit.units} a line are allowed", ("units_a_day",))
            continue
        billed, rules = sum(line.units for line in of_code), ["units_a_day"]
        if place is Place.AMBULATORY_SURGICAL_CENTER:
            billed -= min(_units_on(of_code, "LT"), _units_on(of_code, "RT"))
            rules.append("two_sided_units_in_a_surgical_center")
        if billed > limit.units:
            says = f"{billed} units of {code} on one day, {limit.units} allowed (indicator {limit.indicator})"
            yield EditFault(tuple(of_code), says, tuple(rules))


def _units_on(lines: Sequence[ClaimLine], side: str) -> int:
    return sum(line.units for line in lines if side in line.modifiers)
