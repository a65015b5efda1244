"""Which policies answer for a patient on a day: every guideline, the texts of whoever pays, and a clinic's own."""

import datetime
from collections.abc import Sequence
from typing import NamedTuple

from facetwise.records import Contractor, Coverage
from facetwise.rules.findings import Missing
from facetwise.rules.loading import contractor_table, load_library
from facetwise.rules.payers import payer_name
from facetwise.rules.policy import Policy

REFERENCE_PAYER = "medicare"
"""Whose texts are shown while nobody has documented who pays: the one most others are measured against."""

_WHO_PAYS = Missing("payer", "Who pays for the procedure?", "coverage.payer")
_WHICH_CONTRACTOR = Missing("contractor", "In which state is the procedure done?", "coverage.state")


class Choice(NamedTuple):
    """The policies that answer, why it is these, and what would choose better."""

    policies: tuple[Policy, ...]
    because: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


def policies_for(coverage: Coverage, day: datetime.date, further: Sequence[Policy] = ()) -> Choice:
    """The guidelines and the payer's policies in force on `day`, in library order, then the local ones of `further`.

    `further` are policies that are not of the library. A local one that names a payer is asked of its patients alone.
    """
    in_force = [policy for policy in (*load_library().values(), *further) if policy.in_force(day)]
    guidelines = [policy for policy in in_force if policy.kind == "guideline"]
    payer = coverage.payer or REFERENCE_PAYER
    of_payer = [policy for policy in in_force if policy.kind == "payer" and policy.payer == payer]
    contractor, said = contractor_for(coverage) if payer == REFERENCE_PAYER else (None, ())
    chosen = of_contractor(of_payer, contractor)
    because, missing = list(said), []
    if coverage.payer is None:
        because.append("Who pays is not documented. Medicare's texts are shown as a reference.")
        missing.append(_WHO_PAYS)
    elif payer == REFERENCE_PAYER and contractor is None:
        because.append("The contractor is not documented. The text that all contractors share is shown.")
        missing.append(_WHICH_CONTRACTOR)
    if not of_payer:
        because.append(f"The library holds no policy of the payer {payer_name(payer)} in force on {day}.")
    local = [policy for policy in in_force if policy.kind == "local" and policy.payer in (None, payer)]
    return Choice((*guidelines, *chosen, *local), tuple(because), tuple(missing))


def contractor_for(coverage: Coverage) -> tuple[Contractor | None, tuple[str, ...]]:
    """The contractor as documented, or the one that serves the state; and what there is to say of it."""
    if coverage.contractor is not None or coverage.state is None:
        return coverage.contractor, ()
    contractor = contractor_table().contractor_of(coverage.state)
    if contractor is None:
        return None, (f'No contractor in the library serves "{coverage.state}".',)
    return contractor, ()


def of_contractor(policies: list[Policy], contractor: Contractor | None) -> list[Policy]:
    """The contractor's own texts in place of the shared one, which stands where the contractor has none."""
    own = [policy for policy in policies if policy.contractor == contractor]
    if contractor is None:
        return own
    replaced = {policy.document.series for policy in own}
    shared = [policy for policy in policies if policy.contractor is None]
    return [policy for policy in shared if policy.document.series not in replaced] + own
