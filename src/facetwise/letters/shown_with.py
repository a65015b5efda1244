"""What a letter shows beside what the record says: how likely it is, and the lines of the bill."""

import datetime

from facetwise.coding import BillingAnswer, billing_lines, session_of
from facetwise.pathway.chances import chances_of_request
from facetwise.probability import Chance, leading
from facetwise.records import Record, Request
from facetwise.rules import History, contractor_for
from facetwise.rules.facts import red_flags_in


def chances_of_letter(record: Record, wanted: Request, day: datetime.date) -> tuple[Chance, ...]:
    """The chances for the joints of the request, from the record as it stood on `day`.

    None where a serious cause is documented: it comes first, and figures of people without one say nothing of it.
    """
    if red_flags_in(History(record, day).record.conditions):
        return ()
    return leading(chances_of_request(record, wanted, day))


def billing_of_letter(record: Record, wanted: Request) -> BillingAnswer:
    """The lines that the request would be billed with, by whoever pays."""
    contractor, _ = contractor_for(record.coverage)
    payer = record.coverage.payer or "medicare"
    return billing_lines(session_of(wanted), contractor=contractor, payer=payer)
