"""A policy with a threshold moved: a revision made in memory, compiled like any other, so that nothing is estimated."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from facetwise.audit.report.journeys import relief_limits
from facetwise.documents import Place, YamlDocument
from facetwise.rules import Policy, Topic, compile_policy
from facetwise.rules.documents import CriterionDocument

PERCENT = "positive_block_percent"
BLOCKS_NEEDED = "positive_blocks_needed"
"""Conventions by which policies of the library name their thresholds."""

_BECAUSE = "To see what would change."


class Change(msgspec.Struct, frozen=True):
    """What a revision changes: conventions, and criteria of requests. `says` is a few words for each."""

    says: tuple[str, ...]
    conventions: dict[str, str] = {}
    criteria: dict[str, tuple[CriterionDocument, ...]] = {}


class Variant(msgspec.Struct, frozen=True):
    """A policy as it is with a threshold moved, and what was moved."""

    name: str
    says: tuple[str, ...]
    policy: Policy


def variants(policy: Policy) -> tuple[Variant, ...]:
    """The policy with the other percentage, with the other number of blocks, and with both; as far as it has them."""
    percents, numbers = [*_other_percents(policy)], [*_other_numbers(policy)]
    both = [_together(percent, number) for percent in percents for number in numbers]
    changes = [*percents, *numbers, *both]
    return tuple(_variant(policy, change, number + 1) for number, change in enumerate(changes))


def _variant(policy: Policy, change: Change, number: int) -> Variant:
    name = f"{policy.id}-moved-{number}"
    document = policy.document
    value: dict[str, Any] = {
        "id": name,
        "kind": document.kind,
        "issuer": document.issuer,
        "title": document.title,
        "revises": policy.id,
        "effective": msgspec.to_builtins(document.effective),
        "conventions": {
            convention: {"value": moved, "says": document.conventions[convention].says, "because": _BECAUSE}
            for convention, moved in change.conventions.items()
        },
        "requests": {
            request: {
                "title": document.requests[request].title,
                "asked_when": document.requests[request].asked_when,
                "criteria": [msgspec.to_builtins(criterion) for criterion in criteria],
            }
            for request, criteria in change.criteria.items()
        },
    }
    revised = compile_policy(YamlDocument(name, value, {(): Place(1, 1)}), document)
    return Variant(name, change.says, revised)


def _other_percents(policy: Policy) -> Iterator[Change]:
    convention = policy.document.conventions.get(PERCENT)
    if convention is None or convention.value is None:
        return
    for limit in relief_limits():
        if float(convention.value) != limit:
            says = f"relief of {limit:g} instead of {convention.value} percent"
            yield Change((says,), conventions={PERCENT: f"{limit:g}"})


def _other_numbers(policy: Policy) -> Iterator[Change]:
    """One positive block before ablation instead of two, or two instead of one."""
    needed = policy.document.conventions.get(BLOCKS_NEEDED)
    if needed is not None and needed.value in _OTHER:
        yield Change((_number_says(needed.value),), conventions={BLOCKS_NEEDED: _OTHER[needed.value]})
        return
    changed, says = {}, ""
    for request, rules in policy.document.requests.items():
        moved = [(one, _moved(policy, one)) for one in rules.criteria if _counts_blocks(one)]
        criteria = tuple(new for _, new in moved if new is not None)
        if criteria:
            changed[request] = criteria
            says = _number_says(next(_required(policy, old)[1] for old, new in moved if new is not None))
    if changed:
        yield Change((says,), criteria=changed)


_OTHER = {"1": "2", "2": "1"}
_WORDS = {"1": "one", "2": "two"}
_AT_LEAST = re.compile(r"(\w+) >= ([12])")


def _number_says(number: str) -> str:
    blocks = "positive block" if _OTHER[number] == "1" else "positive blocks"
    return f"{_WORDS[_OTHER[number]]} {blocks} instead of {_WORDS[number]}"


def _counts_blocks(criterion: CriterionDocument) -> bool:
    return criterion.topic is Topic.BLOCKS_BEFORE_ABLATION and criterion.test is not None and not criterion.advisory


def _moved(policy: Policy, criterion: CriterionDocument) -> CriterionDocument | None:
    """The criterion with the other number; None where it counts no blocks with relief."""
    measure, number = _required(policy, criterion)
    if not measure:
        return None
    return msgspec.structs.replace(criterion, test=f"{measure} >= {_OTHER[number]}")


def _required(policy: Policy, criterion: CriterionDocument) -> tuple[str, str]:
    """The measure of which a criterion asks so many, if that counts earlier blocks by their relief."""
    match = _AT_LEAST.fullmatch(criterion.test or "")
    measure = policy.document.measures.get(match[1]) if match else None
    if match is None or measure is None or not (measure.count or measure.count_days):
        return "", ""
    return (match[1], match[2]) if "relief_percent" in (measure.where or "") else ("", "")


def _together(one: Change, other: Change) -> Change:
    return Change(
        says=one.says + other.says,
        conventions={**one.conventions, **other.conventions},
        criteria={**one.criteria, **other.criteria},
    )
