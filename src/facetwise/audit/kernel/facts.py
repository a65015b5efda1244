"""How a kernel spells facts: a column of the event table, or what is computed from sites, days and visits."""

from collections.abc import Callable, Collection, Sequence

from facetwise.audit.events import FACTS
from facetwise.audit.kernel.writer import Bounds, Writer
from facetwise.records import FACET_KINDS, PRIOR_FIELDS, REQUEST_FIELDS, Field, FieldType, Kind
from facetwise.rules import Policy
from facetwise.rules.expressions import Name
from facetwise.spine import LEVELS, Region, level_mask, region_of

ALWAYS_THERE = ("starts", "history_known", "date", "sequence", "kind", "left", "right", "unsided", "month", "month_day",
                "visit_starts", "visit_day", "visit_relief", "visit_function")  # fmt: skip
"""What every kernel is given, in this order, before the columns of facts that it asks for."""

_KINDS = REQUEST_FIELDS["kind"].values
_UNKNOWN = Bounds("nan", "nan")
_RELIEF = {  # field: (limit in percent, whether the limit itself is too little, unit)
    "months_of_50_percent_relief": (50, False, "months"),
    "months_of_over_30_percent_relief": (30, True, "months"),
    "weeks_of_50_percent_relief": (50, False, "weeks"),
    "weeks_of_over_50_percent_relief": (50, True, "weeks"),
}


class FactSpelling:
    """Spells the facts of one policy, for an event table with certain columns."""

    def __init__(self, policy: Policy, columns: Collection[str]) -> None:
        self.policy = policy
        self.columns = columns
        self.used: list[str] = []
        self.prepared: set[str] = set()
        self.relations: set[str] = set()

    def constants(self) -> list[str]:
        """The policy's regions as masks, and the levels that at most one of them claims."""
        masks = list(self.policy.regions.values())
        disputed = seen = 0
        for mask in masks:
            disputed |= seen & mask
            seen |= mask
        return [
            f"REGIONS = np.array({masks!r}, dtype=np.int64)",
            f"AGREED = {((1 << len(LEVELS)) - 1) & ~disputed}",
            f"IN_SCOPE = {seen}",
        ]

    def field(self, name: Name) -> Field:
        """The declaration of a name, a measure's among them."""
        if name.of_row:
            return PRIOR_FIELDS[name.name]
        measure = self.policy.measures.get(name.name)
        return measure.field if measure else REQUEST_FIELDS[name.name]

    def prepare(self, names: Sequence[Name], write: Writer) -> None:
        """Write what the facts of the request among `names` are computed from, each once a request."""
        for name in names:
            if name.of_row or name.name in self.prepared or name.name in self.policy.measures:
                continue
            self.prepared.add(name.name)
            if steps := _PREPARED.get(name.name):
                steps(write)

    def bounds(self, name: Name, row: str, write: Writer) -> Bounds:
        """A number: of the request, or inside a measure of the procedure `row`."""
        if not name.of_row:
            if name.name in self.policy.measures:
                return Bounds(f"m_{name.name}_low", f"m_{name.name}_high")
            if name.name in _PREPARED:
                return Bounds(f"q_{name.name}_low", f"q_{name.name}_high")
            return self._number_column(name.name, "r")
        match name.name:
            case "days_before":
                return _exact(f"float(on - date[{row}])")
            case "months_before":
                return _exact(f"float(months(month[{row}], month_day[{row}], month[r], month_day[r]))")
            case "levels":
                return self._levels(row, write)
            case "best_follow_up_relief_percent" | "function_improved_percent":
                values = "visit_relief" if name.name.startswith("best") else "visit_function"
                return _exact(write.kept(f"best({_visits(row)}, visit_day, {values}, on)"))
            case relief if relief in _RELIEF:
                return self._relief(row, *_RELIEF[relief], write)
        return self._number_column(name.name, row)

    def value(self, name: Name, row: str) -> str:
        """A yes-or-no fact as a truth, or a word as its code."""
        if not name.of_row:
            if name.name in self.policy.measures:
                return f"m_{name.name}"
            if name.name == "kind":
                return "kind[r]"
            return f"q_{name.name}" if name.name in _PREPARED else self._coded_column(name, "r")
        match name.name:
            case "kind":
                return f"kind[{row}]"
            case "overlaps_request" | "covers_request" | "same_region":
                self.relations.add(name.name)
                return f"rel_{name.name}[{row} - first]"
            case "relief_ended":
                return f"relief_ended({_visits(row)}, visit_day, visit_relief, on)"
        return self._coded_column(name, row)

    def relation_steps(self, write: Writer) -> None:
        """Fill the relations of every event of the patient to the request, which several measures look at."""
        if not self.relations:
            return
        sites, wanted = "left[j], right[j], unsided[j]", "left[r], right[r], unsided[r]"
        masks = "left[j] | right[j] | unsided[j], left[r] | right[r] | unsided[r]"
        spelled = {
            "covers_request": f"covers({sites}, {wanted})",
            "overlaps_request": f"overlaps({sites}, {wanted})",
            "same_region": f"1 if left[j] < 0 or left[r] < 0 else same_region({masks}, REGIONS, AGREED)",
        }
        with write.block("for j in range(first, day_last):"):
            for name in sorted(self.relations):
                write(f"rel_{name}[j - first] = {spelled[name]}")

    def _number_column(self, name: str, row: str) -> Bounds:
        return _exact(f"{self._column(name)}[{row}]") if name in self.columns else _UNKNOWN

    def _coded_column(self, name: Name, row: str) -> str:
        if name.name in self.columns:
            return f"{self._column(name.name)}[{row}]"
        return "1" if self.field(name).type is FieldType.BOOLEAN else "-1"

    def _column(self, name: str) -> str:
        if name not in FACTS:
            raise KeyError(name)
        if name not in self.used:
            self.used.append(name)
        return f"c_{name}"

    def _levels(self, row: str, write: Writer) -> Bounds:
        mask = f"left[{row}] | right[{row}] | unsided[{row}]"
        return _exact(write.kept(f"nan if left[{row}] < 0 else float(bits({mask}))"))

    def _relief(self, row: str, limit: int, over: bool, unit: str, write: Writer) -> Bounds:
        """Complete months or weeks for which relief held, from the last visit where it did to the first where not."""
        arguments = f"{_visits(row)}, visit_day, visit_relief, {float(limit)}, {over}, on, date[{row}]"
        held = write.kept(f"relief_held({arguments})")
        if unit == "weeks":
            ends = [f"float(({held}[{end}] - date[{row}]) // 7)" for end in (0, 1)]
        else:
            ends = [f"float(months_between(date[{row}], {held}[{end}]))" for end in (0, 1)]
        return Bounds(write.kept(ends[0]), write.kept(ends[1]))


def _exact(text: str) -> Bounds:
    return Bounds(text, text)


def _visits(row: str) -> str:
    return f"visit_starts[{row}], visit_starts[{row} + 1]"


def _anatomical(region: Region) -> Callable[[Writer], None]:
    mask = level_mask(level for level in LEVELS if region_of(level) is region)

    def steps(write: Writer) -> None:
        wanted = f"(left[r] | right[r] | unsided[r]) & {mask}"
        write(f"q_{region}_requested = 1 if left[r] < 0 else (2 if {wanted} else 0)")

    return steps


def _levels(write: Writer) -> None:
    write("q_levels_low = q_levels_high = nan if left[r] < 0 else float(bits(left[r] | right[r] | unsided[r]))")


def _levels_in_scope(write: Writer) -> None:
    outside = "(left[r] | right[r] | unsided[r]) & ~IN_SCOPE"
    write(f"q_levels_in_scope = 1 if left[r] < 0 else (0 if {outside} else 2)")


def _levels_contiguous(write: Writer) -> None:
    write("wanted = left[r] | right[r] | unsided[r]")
    write("q_levels_contiguous = 1")
    with write.block("if left[r] >= 0:"):
        write("run = wanted // (wanted & -wanted)")
        write("q_levels_contiguous = 0 if run & (run + 1) else 2")


def _bilateral(write: Writer) -> None:
    write("q_bilateral = 1 if left[r] < 0 else (2 if left[r] & right[r] else (1 if unsided[r] else 0))")


def _session(write: Writer) -> None:
    """Levels of the session's facet procedures with the request's own, and whether all of them are documented."""
    facet = " or ".join(f"kind[j] == {_KINDS.index(kind)}" for kind in sorted(FACET_KINDS))
    write("together = left[r] | right[r] | unsided[r]")
    write("told = left[r] >= 0")
    with write.block("for j in range(day_first, day_last):"), write.block(f"if j != r and ({facet}):"):
        write("told = told and left[j] >= 0")
        write("together |= max(left[j], 0) | max(right[j], 0) | max(unsided[j], 0)")


def _session_levels(write: Writer) -> None:
    _session(write)
    write("q_session_levels_low = q_session_levels_high = nan")
    with write.block("if told:"):
        write("own = touched_mask(left[r] | right[r] | unsided[r], REGIONS)")
        write("q_session_levels_low = q_session_levels_high = float(bits(together & own))")


def _session_regions(write: Writer) -> None:
    _session(write)
    write("q_session_regions_low = q_session_regions_high = nan")
    with write.block("if told:"):
        write("q_session_regions_low, q_session_regions_high = regions_touched(together, REGIONS)")


def _earlier_procedures_known(write: Writer) -> None:
    write("q_earlier_procedures_known = 2 if complete else 1")


_PREPARED: dict[str, Callable[[Writer], None]] = {
    "levels": _levels,
    "levels_in_scope": _levels_in_scope,
    "levels_contiguous": _levels_contiguous,
    "bilateral": _bilateral,
    "session_levels": _session_levels,
    "session_regions": _session_regions,
    "earlier_procedures_known": _earlier_procedures_known,
    **{f"{region}_requested": _anatomical(region) for region in Region},
}
"""Facts of the request that are computed once a request, into variables that start with q_."""

assert set(_KINDS) == {str(kind) for kind in Kind}
