"""A population counted: its findings as they are on disk, and its events asked once more, a batch at a time.

Nothing here may be shown: `suppressed` makes of it what may.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from facetwise.audit.findings import Manifest, policy_manifest, read_manifest
from facetwise.audit.kernel.compiled import Kernel, answers_of, kernel_for
from facetwise.audit.kernel.table import events_in
from facetwise.audit.report.counted_findings import findings_tally
from facetwise.audit.report.journeys import JourneyTally, journeys_in
from facetwise.audit.report.policy_tally import (
    PolicyTally,
    is_supported,
    tally_answers,
    tally_groups,
    tally_months,
    tally_moved,
)
from facetwise.audit.report.spreading import spread
from facetwise.audit.report.thresholds import Variant, variants
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy

Batch = tuple[pa.Table, pa.Table | None]
"""Events of whole patients, sorted and valid, and their follow-up visits."""


class Asked(msgspec.Struct):
    """A policy, its variants, and what was counted of it."""

    policy: Policy
    variants: tuple[Variant, ...]
    tally: PolicyTally


class Population(msgspec.Struct):
    """All counts, small ones too."""

    manifest: Manifest
    policies: tuple[Asked, ...]
    journeys: JourneyTally


def population_summary(
    findings: Path,
    batches: Iterable[Batch],
    policies: Sequence[Policy],
    *,
    columns: Iterable[str] | None = None,
    cores: int = 0,
    told: Callable[[int], None] = lambda rows: None,
    compiled: bool = True,
) -> Population:
    """Ask the events that findings are of again, with thresholds as they are and moved, and count the answers.

    `columns` are those of the source, None for all there can be. `told` is called with the number of events done.
    As many batches are in memory as there are `cores`, 0 for all. Without `compiled` the policies' kernels are run by
    Python itself. Raises `DocumentError` where policies or events are not those of the findings.
    """
    manifest = read_manifest(findings)
    asked = [_asked(policy) for policy in _of_the_findings(manifest, policies, findings)]
    known = None if columns is None else frozenset(columns)
    limited = {one.id: one.in_force for one in manifest.policies}
    kernels = [_kernels(one, known, compiled, in_force=limited[one.policy.id]) for one in asked]
    population = Population(manifest, tuple(asked), JourneyTally())
    rows = 0
    for counted in spread(lambda batch: _counted(batch, kernels), batches, cores):
        for one, tally in zip(asked, counted.tallies, strict=True):
            one.tally.add(tally)
        population.journeys.add(counted.journeys)
        rows += counted.rows
        told(rows)
    _agree(population, rows, findings)
    return population


def _of_the_findings(manifest: Manifest, policies: Sequence[Policy], findings: Path) -> list[Policy]:
    """The policies that were asked, each in the very text that was."""
    given = {policy.id: policy for policy in policies}
    problems, found = [], []
    for one in manifest.policies:
        if one.id not in given:
            what, remedy = f'The findings are of the policy "{one.id}", which is not given', "Give it too"
            problems.append(Problem("", what, remedy, str(findings)))
        elif policy_manifest(given[one.id]).digest != one.digest:
            what, remedy = f'The text of "{one.id}" is not the one that was asked', "Run audit again"
            problems.append(Problem("", what, remedy, str(findings)))
        else:
            found.append(given[one.id])
    if problems:
        raise DocumentError(problems)
    return found


def _asked(policy: Policy) -> Asked:
    moved = variants(policy)
    return Asked(policy, moved, PolicyTally.empty(policy, [one.name for one in moved]))


class _Kernels(NamedTuple):
    policy: Policy
    as_it_is: Kernel
    moved: dict[str, Kernel]


def _kernels(asked: Asked, columns: frozenset[str] | None, compiled: bool, *, in_force: bool) -> _Kernels:
    made = partial(kernel_for, columns=columns, compiled=compiled, in_force=in_force)
    as_it_is = made(asked.policy)
    moved = {one.name: made(one.policy) for one in asked.variants}
    return _Kernels(asked.policy, as_it_is, moved)


class _Counted(NamedTuple):
    rows: int
    tallies: list[PolicyTally]
    journeys: JourneyTally


def _counted(batch: Batch, kernels: Sequence[_Kernels]) -> _Counted:
    """Everything that is counted of one batch."""
    table, visits = batch
    events = events_in(table, visits)
    patients = np.repeat(np.arange(len(events.starts) - 1), np.diff(events.starts))
    tallies = []
    for kernel in kernels:
        tally = PolicyTally.empty(kernel.policy, list(kernel.moved))
        answers = answers_of(kernel.as_it_is, events)
        kinds = tally_answers(tally, kernel.policy, answers, patients)
        supported = is_supported(answers.verdict)
        tally_groups(tally, table, kinds, supported, patients)
        tally_months(tally, events.month, kinds, supported, patients)
        for name, moved in kernel.moved.items():
            tally_moved(tally, name, kinds, answers.verdict, answers_of(moved, events), patients)
        tallies.append(tally)
    return _Counted(len(events), tallies, journeys_in(events))


def _agree(population: Population, rows: int, findings: Path) -> None:
    """Hold what was counted against the findings themselves: the report tells of those and of nothing else."""
    problems = []
    if rows != population.manifest.events:
        what = f"The findings are of {population.manifest.events:,} events, and {rows:,} were read"
        problems.append(Problem("", what, "Give the events that were audited", str(findings)))
    for asked in population.policies:
        direct = findings_tally(findings, asked.policy)
        for name in ("verdicts", "statuses", "alone"):
            if not np.array_equal(getattr(direct, name), getattr(asked.tally, name)) and not problems:
                what = f"The {name} of {asked.policy.id} in the findings are not those of the events"
                remedy = "Give the events that were audited, with the same columns"
                problems.append(Problem("", what, remedy, str(findings)))
    if problems:
        raise DocumentError(problems)
