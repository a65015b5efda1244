"""Compiled kernels: generated once for a policy and the columns there are, and kept on disk by Numba."""

import hashlib
import importlib.util
import sys
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np

from facetwise.audit.events import FACTS
from facetwise.audit.kernel.facts import ALWAYS_THERE
from facetwise.audit.kernel.source import NOT_ASKED, NOTHING, kernel_source
from facetwise.audit.kernel.table import Array, Events
from facetwise.documents.disk_cache import cache_folder, only_ours
from facetwise.rules import Policy


class Kernel(msgspec.Struct, frozen=True):
    """A policy made runnable: the function, the columns of facts it reads, and its criteria in their order."""

    policy: Policy
    run: Callable[..., None]
    columns: tuple[str, ...]
    criteria: tuple[str, ...]
    values: tuple[str, ...] = ()
    in_force: bool = False


def kernel_for(
    policy: Policy,
    columns: Collection[str] | None = None,
    *,
    values: bool = False,
    compiled: bool = True,
    in_force: bool = False,
) -> Kernel:
    """The kernel of a policy for an event table that has these columns; None for all that there can be.

    With `values` it also gives the bounds of the measures that decided. Without `compiled` the source is run by Python
    itself, which is slow and needs no compiler. With `in_force` the policy has no rule for events of other days than
    those it is in force.
    """
    made = kernel_source(policy, frozenset(FACTS if columns is None else columns), values=values)
    run = _compiled(made.source, policy.id) if compiled else _plain(made.source)
    return Kernel(policy, run, made.columns, tuple(policy.criteria()), made.values, in_force)


def compiled_before(policy: Policy, columns: Collection[str], *, values: bool = False) -> bool:
    """Whether this kernel was ever kept here: to compile one takes half a minute or more."""
    try:
        return _path_of(kernel_source(policy, frozenset(columns), values=values).source, policy.id).exists()
    except RuntimeError:
        return False


class Answers(NamedTuple):
    """What a policy says of every event: the request it is taken for, the verdict, and three masks of criteria.

    Bit n of a mask is the policy's criterion n. `known` is 0 where a criterion is not documented, or not asked; then
    `met` and `other` are met (1, 0), not met (0, 0), needs review (0, 1) and not applicable (1, 1).
    """

    asked: Array
    verdict: Array
    known: Array
    met: Array
    other: Array
    values: Array | None = None


def answers_of(kernel: Kernel, events: Events) -> Answers:
    """Run a kernel over events. `values` of the answer is one row an event and one column for each of the kernel's."""
    count = len(events)
    bytes_ = [np.empty(count, np.int8) for _ in range(2)]
    masks = [np.empty(count, np.int64) for _ in range(3)]
    values = [np.full((count, len(kernel.values)), np.nan)] if kernel.values else []
    given = [getattr(events, name) for name in ALWAYS_THERE] + [events.facts[name] for name in kernel.columns]
    # Arrays that may not be written to are another type to Numba, for which it would compile the kernel once more.
    kernel.run(*(np.require(one, requirements=["C", "W"]) for one in given), *bytes_, *masks, *values)
    return only_in_force(kernel, events, Answers(*bytes_, *masks, *values))


def only_in_force(kernel: Kernel, events: Events, answers: Answers) -> Answers:
    """The answers, without those of days on which the policy was not in force, where the kernel keeps to such days."""
    if not kernel.in_force:
        return answers
    days = (kernel.policy.effective_from, kernel.policy.effective_to)
    first, last = (None if day is None else np.datetime64(day, "D").astype(int) for day in days)
    outside = np.zeros(len(events), bool)
    outside |= False if first is None else events.date < first
    outside |= False if last is None else events.date > last
    return answers._replace(asked=np.where(outside, NOTHING, answers.asked).astype(np.int8))


def statuses_in(policy: Policy, answers: Answers) -> Array:
    """The status of every criterion by number, one row an event: what the masks say, unpacked."""
    names = list(policy.criteria())
    asked_of = [{criterion.id for criterion in rules.criteria} for rules in policy.requests]
    statuses = np.full((len(answers.asked), len(names)), NOT_ASKED, np.int8)
    for slot, name in enumerate(names):
        known, met, other = ((mask >> slot) & 1 for mask in (answers.known, answers.met, answers.other))
        status = np.where(known == 0, 0, np.where(other == 0, 1 + met, 3 + met))
        put = np.isin(answers.asked, [index for index, criteria in enumerate(asked_of) if name in criteria])
        statuses[put, slot] = status[put]
    return statuses


@cache
def _plain(source: str) -> Callable[..., None]:
    return _executed(source.replace("from numba import njit", "def njit(**_):\n    return lambda function: function"))


@cache
def _compiled(source: str, name: str) -> Callable[..., None]:
    """The function of a generated module, written to the cache folder so that Numba can keep its code beside it.

    Where nothing can be kept, or somebody else could have written what is there, it is compiled for this run alone.
    """
    try:
        path = _kept(source, name)
    except (OSError, RuntimeError):
        return _executed(source.replace("cache=True", "cache=False"))
    specification = importlib.util.spec_from_file_location(path.stem, path)
    assert specification is not None
    assert specification.loader is not None
    module: Any = importlib.util.module_from_spec(specification)
    sys.modules[path.stem] = module  # where Numba looks for it when it reads compiled code back
    specification.loader.exec_module(module)
    run: Callable[..., None] = module.kernel
    return run


def _path_of(source: str, name: str) -> Path:
    digest = hashlib.blake2b(source.encode(), digest_size=8).hexdigest()
    return cache_folder() / "kernels" / f"{name.replace('-', '_')}_{digest}.py"


def _executed(source: str) -> Callable[..., None]:
    module: dict[str, Any] = {}
    exec(source, module)
    run: Callable[..., None] = module["kernel"]
    return run


def _kept(source: str, name: str) -> Path:
    """The source in the cache folder. Raises `OSError` where it cannot be kept, or is not this user's alone."""
    path = _path_of(source, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = Path(f"{path}.partial")
        partial.touch(mode=0o600)
        partial.write_text(source, encoding="utf-8")
        partial.replace(path)
    if not (only_ours(path.parent.stat()) and only_ours(path.stat())):
        raise PermissionError(path)
    return path
