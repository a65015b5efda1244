"""Python source of a kernel, generated from a policy: one function that folds over each patient's events.

The source is plain, so that it can be read and compared; `kernels.py` compiles it with Numba. What an expression means
is said by `facetwise.rules`; this module only spells it in numbers, as `kernel_runtime.py` describes.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from facetwise.audit.kernel.expressions import Spelling
from facetwise.audit.kernel.facts import ALWAYS_THERE, FactSpelling
from facetwise.audit.kernel.measures import results_of, write_measure
from facetwise.audit.kernel.writer import Function, Writer
from facetwise.documents import DocumentError, Problem
from facetwise.records import FieldType
from facetwise.rules import Criterion, Measure, Policy, RequestRules
from facetwise.rules.expressions import Expression, names_in

STATUSES = ("not documented", "not met", "met", "needs review", "not applicable")
"""What a kernel writes for a criterion, by number."""

OUTPUTS = ("asked_out", "verdict_out", "known_out", "met_out", "other_out")
"""What a kernel fills, one entry an event: the request it is taken for, the verdict, and three masks of criteria."""

_ANSWER = ("verdict", "known", "met", "other")

MOST_CRITERIA = 62
"""Bits of a mask. No policy of the library has more than 40 criteria."""

ROOM = 64
"""Events of a patient for which a kernel has room from the start; it makes more where it must."""

NOT_ASKED = 5
"""What it writes for a criterion of another request."""

UNDECIDED, NOTHING = -2, -1
"""What it writes instead of a request's number: it cannot be told which is meant, or none is."""

_HEAD = """from math import inf, nan

import numpy as np
from numba import njit

from facetwise.audit.kernel.runtime import (
    at_most, best, bits, covers, equal, less, months, months_between, overlaps, regions_touched, relief_ended,
    relief_held, same_region, touched_mask,
)
"""


class Source(NamedTuple):
    """A kernel's source, the columns of facts it is given, and the columns of values it gives back."""

    source: str
    columns: tuple[str, ...]
    values: tuple[str, ...]


def kernel_source(policy: Policy, columns: Collection[str], *, values: bool = False) -> Source:
    """The source of a policy's kernel for an event table with these columns; with `values` it tells its measures.

    Raises `DocumentError` for a policy of too many criteria.
    """
    if len(policy.criteria()) > MOST_CRITERIA:
        what = f"{policy.id} has {len(policy.criteria())} criteria, more than the {MOST_CRITERIA} that fit a mask"
        raise DocumentError([Problem("", what, "Audit with a policy of fewer criteria, or split it")])
    writing = _Writing(policy, columns, values)
    body = writing.module()
    head = [f'"""Generated from the policy {policy.id}. Do not edit."""', "", _HEAD, *writing.facts.constants()]
    return Source("\n".join([*head, *body]) + "\n", tuple(writing.facts.used), writing.values)


class _Writing:
    """Writes the functions of one kernel: one for each measure, one for each request, and the fold that calls them.

    A function of its own for each keeps them small, so that they compile in seconds and a measure that several
    requests need is compiled once. What a function mentions becomes its parameters.
    """

    def __init__(self, policy: Policy, columns: Collection[str], values: bool) -> None:
        self.policy = policy
        numbers = [one for one in policy.measures.values() if one.field.type is FieldType.NUMBER]
        self.values = tuple(name for one in numbers for name in results_of(one)) if values else ()
        self.slots = {name: slot for slot, name in enumerate(policy.criteria())}
        self.facts = FactSpelling(policy, columns)
        self.functions: dict[str, Function] = {}
        self.spelling = Spelling(self.facts)

    def module(self) -> list[str]:
        """Every line of the functions, in the order in which they call each other."""
        requests = self.policy.requests
        asked = [rules.asked_when for rules in requests]
        for measure in self._measures_below([*asked, *(part for rules in requests for part in _of_request(rules))]):
            if measure.name not in self.functions:
                self._measure(measure)
        self._asking(requests)
        for index, rules in enumerate(requests):
            self._request(index, rules)
        return [*(line for function in self.functions.values() for line in function.lines), *self._fold()]

    @property
    def write(self) -> Writer:
        """The lines of the function that is being written."""
        return self.spelling.write

    def _begin(self) -> None:
        self.spelling.write, self.facts.prepared = Writer(), set()

    def _measure(self, measure: Measure) -> None:
        self._begin()
        self.facts.prepare([] if measure.where is None else list(names_in(measure.where)), self.write)
        write_measure(measure, self.facts, self.spelling.truth, self.write)
        self._end(f"m_{measure.name}", results_of(measure))

    def _asking(self, requests: Sequence[RequestRules]) -> None:
        """Which request is meant."""
        self._begin()
        self._prepare([rules.asked_when for rules in requests])
        self.write(f"asked = {NOTHING}")
        self._ask(requests, 0)
        self._end("asking", ("asked",))

    def _request(self, index: int, rules: RequestRules) -> None:
        """The statuses of the criteria of one request."""
        self._begin()
        self._prepare(_of_request(rules))
        self.write("known = met = other = 0; any_not_met = any_review = any_open = any_met = False")
        for criterion in rules.criteria:
            self._criterion(criterion)
        self.write("verdict = 1 if any_not_met else (3 if any_review else (0 if any_open else (2 if any_met else 4)))")
        self._end(f"request_{index}", _ANSWER)

    def _prepare(self, expressions: Sequence[Expression]) -> None:
        self.facts.prepare([name for expression in expressions for name in names_in(expression)], self.write)

    def _end(self, name: str, results: Sequence[str]) -> None:
        """Make a function of what was written: what it mentions and did not make itself are its parameters."""
        self.functions[name.removeprefix("m_")] = Function.of(name, self.write.lines, results)

    def _fold(self) -> list[str]:
        """The loops over patients, their days, and the requests of a day."""
        self._begin()
        write = self.write
        for name in sorted(self.facts.relations):
            write(f"rel_{name} = np.empty({ROOM}, np.int8)")
        with write.block("for patient in range(len(starts) - 1):"):
            write("first = starts[patient]; last = starts[patient + 1]; complete = history_known[patient]")
            for name in sorted(self.facts.relations):
                write(f"if last - first > len(rel_{name}): rel_{name} = np.empty(last - first, np.int8)")
            write("day_first = first")
            with write.block("while day_first < last:"):
                write("day_last = day_first + 1")
                write("while day_last < last and date[day_last] == date[day_first]: day_last += 1")
                with write.block("for r in range(day_first, day_last):"):
                    self._steps()
                write("day_first = day_last")
        outputs = [*OUTPUTS, *(["values_out"] if self.values else [])]
        parameters = [*ALWAYS_THERE, *(f"c_{name}" for name in self.facts.used), *outputs]
        return ["", "", "@njit(nogil=True, cache=True)", f"def kernel({', '.join(parameters)}):", *write.lines]

    def _steps(self) -> None:
        """One request: which it is, then the measures that its criteria need, then their statuses."""
        write, requests = self.write, self.policy.requests
        write("on = date[r]")
        self.facts.relation_steps(write)
        taken = self._take([rules.asked_when for rules in requests], set())
        write(self.functions["asking"].call())
        write(f"asked_out[r] = asked; verdict = 0 if asked == {UNDECIDED} else 4; known = met = other = 0")
        for index, rules in enumerate(requests):
            with write.block(f"{'if' if index == 0 else 'elif'} asked == {index}:  # {rules.id}"):
                self._take(_of_request(rules), taken)
                write(self.functions[f"request_{index}"].call())
        write("verdict_out[r] = verdict; known_out[r] = known; met_out[r] = met; other_out[r] = other")

    def _take(self, expressions: Sequence[Expression], taken: set[str]) -> set[str]:
        """Call the measures below some expressions, each once, after those that it uses."""
        taken = set(taken)
        for measure in self._measures_below(expressions):
            if measure.name not in taken:
                taken.add(measure.name)
                self.write(self.functions[measure.name].call())
                for name in results_of(measure):
                    if name in self.values:
                        self.write(f"values_out[r, {self.values.index(name)}] = {name}")
        return taken

    def _measures_below(self, expressions: Sequence[Expression]) -> Iterator[Measure]:
        for expression in expressions:
            for name in names_in(expression):
                measure = None if name.of_row else self.policy.measures.get(name.name)
                if measure is not None:
                    yield from self._measures_below([] if measure.where is None else [measure.where])
                    yield measure

    def _ask(self, requests: Sequence[RequestRules], index: int) -> None:
        """The first request whose condition is true; undecided where one before it cannot be told."""
        if index == len(requests):
            return
        write = self.write
        truth = self.spelling.truth(requests[index].asked_when, "r")
        with write.block(f"if {truth} == 2:"):
            write(f"asked = {index}")
        with write.block(f"elif {truth} == 1:"):
            write(f"asked = {UNDECIDED}")
        with write.block("else:"):
            write("pass")
            self._ask(requests, index + 1)

    def _criterion(self, criterion: Criterion) -> None:
        """`rules.evaluate.status_of`, for one criterion, into the bit masks and what decides the verdict."""
        write, bit = self.write, 1 << self.slots[criterion.id]
        if not criterion.available:
            write(f"known |= {bit}; met |= {bit}; other |= {bit}  # {criterion.id}")
            return
        write(f"status = 0  # {criterion.id}")
        applies = "2" if criterion.applies_when is None else self.spelling.truth(criterion.applies_when, "r")
        with write.block(f"if {applies} == 0:"):
            write("status = 4")
        with write.block("else:"):
            self._held(criterion, applies)
        write(f"known |= (status != 0) * {bit}")
        write(f"met |= (status == 2 or status == 4) * {bit}")
        write(f"other |= (status == 3 or status == 4) * {bit}")
        if not criterion.advisory:
            write("any_not_met = any_not_met or status == 1; any_review = any_review or status == 3")
            write("any_open = any_open or status == 0; any_met = any_met or status == 2")

    def _held(self, criterion: Criterion, applies: str) -> None:
        write = self.write
        write("certain = possible = 0")
        for arm in criterion.arms:
            truth = self.spelling.truth(arm.test, "r")
            write(f"certain += {truth} == 2; possible += {truth} != 0")
        with write.block(f"if {applies} == 2 and certain >= {criterion.needed}:"):
            write("status = 2")
        with write.block(f"elif {applies} == 2 and possible < {criterion.needed}:"):
            excused = "0" if criterion.unless is None else self.spelling.truth(criterion.unless, "r")
            write(f"status = 3 if {excused} == 2 else (0 if {excused} == 1 else 1)")


def _of_request(rules: RequestRules) -> list[Expression]:
    return [part for criterion in rules.criteria for part in _expressions(criterion)]


def _expressions(criterion: Criterion) -> list[Expression]:
    parts = [criterion.applies_when, *(arm.test for arm in criterion.arms), criterion.unless]
    return [part for part in parts if part is not None]
