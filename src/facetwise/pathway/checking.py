"""One request against chosen policies: what supports it, what fails, what is missing, from when it would do."""

import datetime
from collections.abc import Sequence

from facetwise import __version__
from facetwise.pathway.proposing import block_responses, missing_in, propose
from facetwise.pathway.results import CheckResult, version_of
from facetwise.records import Record, Request
from facetwise.rules import Choice, History, Policy, policies_for


def check(
    record: Record, request: Request, policies: Sequence[Policy] | None = None, as_of: datetime.date | None = None
) -> CheckResult:
    """Each policy's answer to `request`, asked of `record` as it stood on `as_of` (default: the request's date).

    Without `policies` those of the guidelines and of whoever pays are asked, as in force on the request's date.
    """
    as_of = as_of or request.date
    history = History(record, as_of)
    choice = policies_for(record.coverage, request.date) if policies is None else Choice(tuple(policies))
    proposal = propose(request, history, choice.policies)
    return CheckResult(
        patient=record.patient.id,
        as_of=as_of,
        proposal=proposal,
        missing=tuple(dict.fromkeys((*missing_in(proposal), *choice.missing))),
        responses=block_responses(history),
        policies=tuple(version_of(policy) for policy in choice.policies),
        software=f"facetwise {__version__}",
        policies_chosen_because=choice.because,
    )
