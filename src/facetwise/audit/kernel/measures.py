"""How a kernel takes measures: `rules.measures`, written out as loops over a patient's other procedures."""

from collections.abc import Callable
from math import inf

from facetwise.audit.kernel.facts import FactSpelling
from facetwise.audit.kernel.writer import Writer, number
from facetwise.records import FieldType
from facetwise.rules import Measure
from facetwise.rules.expressions import Expression, Name

Truth = Callable[[Expression, str], str]
"""Writes the truth of an expression for the procedure in a variable, and gives the name that holds it."""


def write_measure(measure: Measure, facts: FactSpelling, truth: Truth, write: Writer) -> None:
    """The lines that take one measure, into the variables `m_NAME…`."""
    taking = _Taking(measure, facts, truth, write)
    if measure.kind in ("count", "count_days"):
        taking.count()
    elif measure.kind in ("latest", "earliest"):
        taking.end_of_order()
    else:
        taking.extreme()


def results_of(measure: Measure) -> tuple[str, ...]:
    """The variables that hold a measure: its bounds, or its truth or word."""
    name = f"m_{measure.name}"
    return (f"{name}_low", f"{name}_high") if measure.field.type is FieldType.NUMBER else (name,)


class _Taking:
    def __init__(self, measure: Measure, facts: FactSpelling, truth: Truth, write: Writer) -> None:
        self.measure = measure
        self.facts = facts
        self.truth = truth
        self.write = write
        self.name = f"m_{measure.name}"
        self.numeric = measure.field.type is FieldType.NUMBER
        self.prior = measure.over == "prior"

    def count(self) -> None:
        """How many procedures, or on how many days: those that certainly belong, and with those that may."""
        write, low, high = self.write, f"{self.name}_low", f"{self.name}_high"
        days = self.measure.kind == "count_days"
        write(f"{low} = {high} = 0.0")
        if days:
            write("day_certain = day_possible = -2147483648")
        with write.block(self._loop()):
            belongs = self._belongs("j")
            if days:
                with write.block(f"if {belongs} == 2 and date[j] != day_certain:"):
                    write(f"day_certain = date[j]; {low} += 1.0")
                with write.block(f"if {belongs} != 0 and date[j] != day_possible:"):
                    write(f"day_possible = date[j]; {high} += 1.0")
            else:
                write(f"{low} += {belongs} == 2")
                write(f"{high} += {belongs} != 0")
        if self.prior:
            write(f"if not complete: {high} = inf")

    def end_of_order(self) -> None:
        """The field of the last (or first) procedure: day by day from that end, until one certainly belongs."""
        write, last = self.write, self.measure.kind == "latest"
        self._start()
        write("found = False")
        first, end = ("first", "day_first") if self.prior else ("day_first", "day_last")
        write(f"edge = {end if last else first}")
        with write.block(f"while not found and {f'edge > {first}' if last else f'edge < {end}'}:"):
            if last:
                write("group_last = edge; edge -= 1")
                write(f"while edge > {first} and date[edge - 1] == date[edge]: edge -= 1")
                write("group_first = edge")
            else:
                write("group_first = edge; edge += 1")
                write(f"while edge < {end} and date[edge] == date[edge - 1]: edge += 1")
                write("group_last = edge")
            self._group(last)
        with write.block("if not found:"):
            self._add_otherwise()
        self._finish()

    def _group(self, last: bool) -> None:
        """One day: every procedure that may be the last of it gives its value."""
        write = self.write
        other = "" if self.prior else "j != r and "
        with write.block("for j in range(group_first, group_last):"):
            write(f"belongs = {self._belongs('j') if self.prior else '0'}")
            if not self.prior:
                with write.block("if j != r:"):
                    write(f"belongs = {self._belongs('j')}")
            write(f"if {other}belongs == 2: found = True")
            with write.block("if belongs != 0:"):
                write("beaten = False")
                with write.block("for k in range(group_first, group_last if sequence[j] >= 0 else group_first):"):
                    later = f"sequence[k] {'>' if last else '<'} sequence[j]"
                    with write.block(f"if {'' if self.prior else 'k != r and '}sequence[k] >= 0 and {later}:"):
                        write(f"beaten = beaten or {self._belongs('k')} == 2")
                with write.block("if not beaten:"):
                    self._add_value("j")

    def extreme(self) -> None:
        """The greatest or least value, or the sum: certain procedures bound it, possible ones stretch it."""
        write, kind, name = self.write, self.measure.kind, self.name
        write(f"{name}_low = {name}_high = 0.0; some_low, some_high = inf, -inf; sure = 0; may_low = may_high = 0.0")
        write("sure_low, sure_high = (-inf, -inf)" if kind == "max" else "sure_low, sure_high = (inf, inf)")
        with write.block(self._loop()):
            belongs = write.kept(self._belongs("j"))
            with write.block(f"if {belongs} != 0:"):
                bounds = self.facts.bounds(self._of(), "j", write)
                write(f"value_low, value_high = {bounds}")
                write("if value_low != value_low: value_low, value_high = -inf, inf")
                function = "max" if kind == "max" else "min"
                with write.block(f"if {belongs} == 2:"):
                    write("sure += 1; may_low += value_low; may_high += value_high")
                    write(f"sure_low = {function}(sure_low, value_low); sure_high = {function}(sure_high, value_high)")
                with write.block("else:"):
                    write("some_low, some_high = min(some_low, value_low), max(some_high, value_high)")
                    write("may_low += min(0.0, value_low); may_high += max(0.0, value_high)")
        self._extreme_result()

    def _extreme_result(self) -> None:
        write, kind, name = self.write, self.measure.kind, self.name
        if kind == "sum":
            write(f"{name}_low, {name}_high = may_low, may_high")
        else:
            otherwise = number(self.measure.otherwise)
            with write.block("if sure:"):
                if kind == "max":
                    write(f"{name}_low, {name}_high = sure_low, max(sure_high, some_high)")
                else:
                    write(f"{name}_low, {name}_high = min(sure_low, some_low), sure_high")
            with write.block("else:"):
                write(f"{name}_low, {name}_high = min({otherwise}, some_low), max({otherwise}, some_high)")
        if self.prior:
            write(f"if not complete: {name}_low = {name}_high = nan")

    def _loop(self) -> str:
        return "for j in range(first, day_first):" if self.prior else "for j in range(day_first, day_last):"

    def _belongs(self, row: str) -> str:
        """Whether a procedure belongs: its condition's truth; the request itself never does."""
        truth = "2" if self.measure.where is None else self.truth(self.measure.where, row)
        return truth if self.prior else self.write.kept(f"0 if {row} == r else {truth}")

    def _of(self) -> Name:
        assert self.measure.of is not None
        return self.measure.of

    # The hull of values: one value, or for numbers the interval that holds all; unknown as soon as one is.

    def _start(self) -> None:
        if self.numeric:
            self.write(f"{self.name}_low, {self.name}_high, unknown = inf, -inf, False")
        else:
            self.write(f"{self.name} = -9")

    def _add_value(self, row: str) -> None:
        if self.numeric:
            bounds = self.facts.bounds(self._of(), row, self.write)
            self._add_number(bounds.low, bounds.high)
        else:
            self._add_code(self.facts.value(self._of(), row))

    def _add_otherwise(self) -> None:
        otherwise = self.measure.otherwise
        if self.numeric:
            text = "inf" if otherwise == inf else number(otherwise)
            self._add_number(text, text)
        elif isinstance(otherwise, bool):
            self._add_code("2" if otherwise else "0")
        else:
            self._add_code(str(self.measure.field.values.index(str(otherwise))))

    def _add_number(self, low: str, high: str) -> None:
        write, name = self.write, self.name
        write(f"if {low} != {low}: unknown = True")
        write(f"else: {name}_low, {name}_high = min({name}_low, {low}), max({name}_high, {high})")

    def _add_code(self, code: str) -> None:
        unknown = "1" if self.measure.field.type is FieldType.BOOLEAN else "-1"
        kept = self.write.kept(code)
        self.write(f"{self.name} = {kept} if {self.name} == -9 or {self.name} == {kept} else {unknown}")

    def _finish(self) -> None:
        write, name = self.write, self.name
        open_ = " or not complete" if self.prior else ""
        if self.numeric:
            write(f"if unknown{open_}: {name}_low = {name}_high = nan")
        elif self.prior:
            unknown = "1" if self.measure.field.type is FieldType.BOOLEAN else "-1"
            write(f"if not complete: {name} = {unknown}")
