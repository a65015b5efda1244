"""A clinic's own policies, read: what is asked beside the library for its patients, and what is to be seen of it.

What was read is kept by its text, never by the row: a text means the same in every process of the server, and another
text is another entry. Nothing has to be told to forget.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from facetwise.clinic.people.models import Clinic
from facetwise.clinic.policies.models import LocalPolicy, last_versions
from facetwise.documents import DocumentError, Problem, read_yaml
from facetwise.rules import Policy, load_library
from facetwise.rules.reading_library import policy_from

REMEMBERED = 256
"""Texts that a process keeps read."""


class Read(NamedTuple):
    """A version of a clinic's policy: what it says, or why it cannot be used any more."""

    row: LocalPolicy
    policy: Policy | None
    problems: tuple[Problem, ...] = ()


def policies_in_use(clinic: Clinic) -> tuple[Policy, ...]:
    """What this clinic asks of its own. One that a newer Facetwise cannot read is left out; its page says so."""
    found = (read(row, clinic) for row in last_versions(clinic.pk).filter(active=True))
    return tuple(one.policy for one in found if one.policy is not None)


def local_policies(clinic: Clinic) -> list[Read]:
    """The last version of everything that this clinic wrote, in use or not."""
    return [read(row, clinic) for row in last_versions(clinic.pk).select_related("by")]


def policies_of(clinic: Clinic) -> Mapping[str, Policy]:
    """The library and what this clinic has in use, by id."""
    return {**{one.id: one for one in policies_in_use(clinic)}, **load_library()}


def payers_of(clinic: Clinic) -> list[tuple[str, str]]:
    """The payers whose policies the library holds, and those of the clinic's own, by the names of who issued them."""
    issuers: dict[str, str] = {}
    for policy in (*load_library().values(), *policies_in_use(clinic)):
        if policy.kind == "payer" and policy.payer is not None:
            issuers.setdefault(policy.payer, policy.issuer)
    issuers["medicare"] = "Medicare"  # its policies are issued by its contractors
    return sorted(issuers.items(), key=lambda one: one[1].lower())


def read(row: LocalPolicy, clinic: Clinic) -> Read:
    """A version as a policy of the clinic."""
    if row.policy in load_library():
        what = f'The library has a policy "{row.policy}" of its own by now'
        return Read(row, None, (Problem("id", what, "Store it under another id"),))
    try:
        return Read(row, as_of_clinic(_compiled(row.text), clinic))
    except DocumentError as error:
        return Read(row, None, error.problems)


def as_of_clinic(policy: Policy, clinic: Clinic) -> Policy:
    """A policy that says whose it is: a local one is the clinic's, and a payer's is told by the clinic."""
    told = f"Local policy of {clinic.name}"
    return replace(policy, issuer=told if policy.kind == "local" else f"{policy.issuer} ({told})")


@lru_cache(maxsize=REMEMBERED)
def _compiled(text: str) -> Policy:
    return policy_from(read_yaml(text, "policy"))
