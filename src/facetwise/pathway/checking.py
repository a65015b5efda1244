"""One request against chosen policies: what supports it, what fails, what is missing, from when it would do."""

import datetime
from collections.abc import Sequence

from facetwise import __version__
from facetwise.pathway.proposing import block_responses, missing_in, propose
from facetwise.pathway.results import CheckResult, version_of
from facetwise.records import Record, Request
from facetwise.rules import History, Policy


def check(
    record: Record, request: Request, policies: Sequence[Policy], as_of: datetime.date | None = None
) -> CheckResult:
    """Each policy's answer to `request`, asked of `record` as it stood on `as_of` (default: the request's date)."""
    as_of = as_of or request.date
    history = History(record, as_of)
    proposal = propose(request, history, policies)
    return CheckResult(
        patient=record.patient.id,
        as_of=as_of,
        proposal=proposal,
        missing=tuple(dict.fromkeys(missing_in(proposal))),
        responses=block_responses(history),
        policies=tuple(version_of(policy) for policy in policies),
        software=f"facetwise {__version__}",
    )
