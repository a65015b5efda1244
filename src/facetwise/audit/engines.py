"""The engines that answer for a batch: the same policy, the same answers, at different speeds."""

from collections.abc import Callable, Collection
from enum import StrEnum

import msgspec
import numpy as np
import pyarrow as pa

from facetwise.audit.kernel.compiled import Answers, Kernel, answers_of, kernel_for, only_in_force
from facetwise.audit.kernel.table import Array, Events
from facetwise.audit.reference import reference_statuses
from facetwise.rules import Policy


class Engine(StrEnum):
    """What works the answers out. `reference` is the slow evaluator that the others must agree with."""

    NATIVE = "native"
    DUCKDB = "duckdb"
    REFERENCE = "reference"


Ask = Callable[[pa.Table, pa.Table | None, Events], Answers]
"""Ask a policy of a batch, given both as tables and as arrays."""


class Asking(msgspec.Struct, frozen=True):
    """A policy ready to be asked, and the kernel that says how its masks are read."""

    kernel: Kernel
    ask: Ask


def asking(
    engine: Engine, policy: Policy, columns: Collection[str], *, values: bool = False, in_force: bool = False
) -> Asking:
    """A policy ready to be asked by an engine, of event tables that have these columns of facts.

    With `in_force` it is asked only of events on days on which it is in force.
    """
    if engine is Engine.NATIVE:
        kernel = kernel_for(policy, columns, values=values, in_force=in_force)
        return Asking(kernel, lambda table, visits, events: answers_of(kernel, events))
    kernel = kernel_for(policy, columns, compiled=False, in_force=in_force)

    def ask(table: pa.Table, visits: pa.Table | None, events: Events) -> Answers:
        if engine is Engine.DUCKDB:
            from facetwise.audit.sql.engine import statuses_by_sql

            answers = packed(policy, *statuses_by_sql(policy, table, visits))
        else:
            answers = packed(policy, *reference_statuses(policy, events))
        return only_in_force(kernel, events, answers)

    return Asking(kernel, ask)


def packed(policy: Policy, asked: Array, statuses: Array) -> Answers:
    """Statuses of every criterion, one column each, as the masks and verdicts that kernels write."""
    known, met, other = (np.zeros(len(asked), np.int64) for _ in range(3))
    for slot in range(statuses.shape[1]):
        status, bit = statuses[:, slot], np.int64(1 << slot)
        known |= np.isin(status, (1, 2, 3, 4)) * bit
        met |= np.isin(status, (2, 4)) * bit
        other |= np.isin(status, (3, 4)) * bit
    deciding = [slot for slot, criterion in enumerate(policy.criteria().values()) if not criterion.advisory]
    verdict = np.full(len(asked), 4, np.int8)
    for one in (2, 0, 3, 1):  # the last one found decides
        verdict[(statuses[:, deciding] == one).any(axis=1)] = one
    verdict[asked == -2] = 0
    return Answers(asked.astype(np.int8), verdict, known, met, other)
