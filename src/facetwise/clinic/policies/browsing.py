"""The policies that somebody looks for: by kind, payer, state, contractor, day and words."""

import datetime
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from facetwise.clinic.days import day_of
from facetwise.clinic.policies.in_use import Read
from facetwise.evidence.sources import Certainty
from facetwise.pathway.results import version_of
from facetwise.records import Contractor, Coverage
from facetwise.rules import REFERENCE_PAYER, Policy, contractor_for, contractor_name, load_library, of_contractor
from facetwise.rules.staying_current import Currency, currency_of

KINDS = {"pathway": "The pathway", "guideline": "Guidelines", "payer": "Payers", "local": "Local policies"}
MOST_HITS = 5


class Wanted(NamedTuple):
    """What is looked for; what is empty does not matter. `said` is what there is to say of it."""

    on: datetime.date | None
    kind: str = ""
    payer: str = ""
    state: str = ""
    contractor: Contractor | None = None
    search: str = ""
    said: tuple[str, ...] = ()


class Entry(NamedTuple):
    """A policy in the list: since when, how current, how it was read, and which sentences hold the words."""

    policy: Policy
    period: str
    looked: str
    certainty: str
    flags: tuple[str, ...]
    hits: tuple[tuple[str, str], ...]


def wanted(given: Mapping[str, str], today: datetime.date) -> Wanted:
    """What a form asks for; without a day what is in force today. Raises `DocumentError` for what is no day."""
    on = day_of(given["on"], "on") if "on" in given else today
    contractors = [str(one) for one in Contractor]
    contractor = Contractor(given["contractor"]) if given.get("contractor") in contractors else None
    state = given.get("state", "").strip().upper()
    said: tuple[str, ...] = ()
    if state and contractor is None:
        contractor, said = contractor_for(Coverage(state=state))
    if contractor is not None:
        said = (*said, f"Of Medicare, what {contractor_name(contractor)} applies is shown, and nothing of others.")
    payer = REFERENCE_PAYER if contractor is not None else given.get("payer", "")
    return Wanted(on, given.get("kind", ""), payer, state, contractor, given.get("search", "").strip(), said)


def entries(looked_for: Wanted, local: list[Read], today: datetime.date) -> dict[str, list[Entry]]:
    """The policies that fit, by kind, contractors' own texts apart."""
    own = [one.policy for one in local if one.policy is not None and one.row.active]
    everything = [*load_library().values(), *own]
    found: dict[str, list[Entry]] = {}
    for policy in _fitting(everything, looked_for):
        hits = tuple(_hits(policy, looked_for.search))
        if looked_for.search and not _holds(policy, looked_for.search):
            continue
        entry = _entry(policy, currency_of(policy, looked_for.on or today, everything), hits)
        found.setdefault(_heading(policy, own), []).append(entry)
    return found


def _heading(policy: Policy, own: list[Policy]) -> str:
    if policy.contractor is not None:
        return "Medicare's contractors"
    return KINDS["local"] if policy in own else KINDS[policy.kind]


def _fitting(policies: list[Policy], looked_for: Wanted) -> list[Policy]:
    on, kind, payer = looked_for.on, looked_for.kind, looked_for.payer
    found = [
        one
        for one in policies
        if (on is None or one.in_force(on)) and kind in ("", one.kind) and payer in ("", one.payer)
    ]
    return of_contractor(found, looked_for.contractor) if looked_for.contractor is not None else found


def _entry(policy: Policy, current: Currency, hits: tuple[tuple[str, str], ...]) -> Entry:
    looked = f"checked on {current.checked_on}" if current.checked_on else ""
    looked = looked or (f"read on {current.read_on}" if current.read_on else "never read")
    return Entry(policy, version_of(policy).period, looked, _certainty(current), current.flags, hits)


def _certainty(current: Currency) -> str:
    """How the criteria were read, in words, the surest first."""
    counts = {
        str(Certainty.PRIMARY): current.read_in_primary,
        str(Certainty.SECONDARY): current.read_in_secondary,
        str(Certainty.UNVERIFIED): current.unverified,
        "text not available": current.text_not_available,
    }
    return ", ".join(f"{count} {label}" for label, count in counts.items() if count) or "no criteria"


def _holds(policy: Policy, search: str) -> bool:
    document = policy.document
    texts = [policy.id, policy.issuer, policy.title, document.summary, *policy.notes, *_sentences(policy).values()]
    texts += [f"{one.says} {one.because}" for one in document.conventions.values()]
    text = " ".join(texts).lower()
    return all(word in text for word in search.lower().split())


def _hits(policy: Policy, search: str) -> Iterator[tuple[str, str]]:
    """The first sentences that hold all the words, with their criterion."""
    words = search.lower().split()
    found = [(id_, says) for id_, says in _sentences(policy).items() if all(word in says.lower() for word in words)]
    yield from found[:MOST_HITS] if words else ()


def _sentences(policy: Policy) -> dict[str, str]:
    criteria = [*policy.criteria().values(), *(step.here_when for step in policy.steps)]
    return {
        one.id: " ".join([one.says, one.note, *(arm.says for arm in one.arms if arm.says != one.says)])
        for one in criteria
    }
