"""Who pays, when and where: what decides between rules, and which of Medicare's texts applied on the day."""

import datetime
from enum import StrEnum
from typing import NamedTuple

from facetwise.coding.codebook import ContractorRule, codebook
from facetwise.records import Contractor, Place
from facetwise.rules import contractor_table, policy_named

MEDICARE = "medicare"
_TEXTS = ("medicare-facet-2021", "medicare-facet-2024")


class Text(StrEnum):
    """Which of Medicare's texts applied."""

    OLDER = "older text"
    OF_2021 = "text of 2021"
    OF_2024 = "2024 revision"
    EITHER = "text of 2021 or its 2024 revision"


class Circumstances(NamedTuple):
    """The circumstances of a session. `place` is None while it is not documented."""

    day: datetime.date
    payer: str
    contractor: Contractor | None
    place: Place | None

    @property
    def medicare(self) -> bool:
        """Whether Medicare pays."""
        return self.payer == MEDICARE

    def rule_of_contractor(self, rules: tuple[ContractorRule, ...]) -> str | None:
        """The rule of this contractor on the day, where one was read."""
        for rule in rules:
            started = rule.from_ is None or rule.from_ <= self.day
            if self.medicare and rule.contractor is self.contractor and started:
                return rule.rule
        return None

    @property
    def text(self) -> Text:
        """The text of the contractor on the day; that of all contractors together while it is not documented."""
        old, new = (self._may_apply(text) for text in _TEXTS)
        if old and new:
            return Text.EITHER
        if new:
            return Text.OF_2024
        return Text.OF_2021 if old else Text.OLDER

    def _may_apply(self, text: str) -> bool:
        if self.contractor is None:
            return policy_named(text).in_force(self.day)
        rows = [row for row in contractor_table().determinations if row.contractor is self.contractor]
        spans = [row.effective for row in rows if row.text == text]
        return any(
            (span.from_ is None or span.from_ <= self.day) and (span.to is None or self.day <= span.to)
            for span in spans
        )


def junction_rule(around: Circumstances) -> str | None:
    """The rule that takes T12-L1 with L1-2 as one lumbar session, where the contractor has one on the day."""
    return around.rule_of_contractor(codebook().rules.junction.combined)
