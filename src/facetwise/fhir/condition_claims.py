"""What many sources say about the same condition, settled: one that is there outweighs another that is not."""

from typing import Any

import msgspec

from facetwise.fhir.draft import Claim, Draft
from facetwise.fhir.values import Findings
from facetwise.records import Conditions as RecordConditions
from facetwise.spine import parse_sites


class Conditions:
    """Claims about conditions, by the condition's name and then by its cause: a diagnosis code or a drug."""

    NAMES = tuple(field.name for field in msgspec.structs.fields(RecordConditions))
    ASKED = "asked"
    """The cause of claims that answer the question for the condition as a whole."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.claims: dict[str, dict[str, Claim]] = {}

    def claim(self, name: str, cause: str, new: Claim) -> None:
        """Say that a condition is there, or not. Of two claims about one cause the later is kept."""
        causes = self.claims.setdefault(name, {})
        old = causes.setdefault(cause, new)
        causes[cause] = new if new.order > old.order else old
        if old.value != new.value:
            self._list(name, new if causes[cause] is old else old, causes[cause])

    def settle(self, draft: Draft) -> None:
        """Give every condition to the draft."""
        for name, causes in self.claims.items():
            asked = causes.pop(self.ASKED, None)
            settled = self._settle(name, list(causes.values())) if causes else asked
            if asked and settled and settled is not asked:
                later, earlier = (asked, settled) if asked.order > settled.order else (settled, asked)
                if earlier.value["present"] == later.value["present"]:
                    later = Claim(earlier.value | later.value, later.where, later.when)
                else:
                    self._list(name, earlier, later)
                settled = later
            if settled:
                draft.facts.claim(f"conditions.{name}", settled.value, settled.where, settled.when)

    def _settle(self, name: str, claims: list[Claim]) -> Claim:
        """The latest claim that it is there, with the levels of all; else the latest claim that it is not."""
        present = [claim for claim in claims if claim.value["present"]]
        kept = max(present or claims, key=lambda claim: claim.order)
        value: dict[str, Any] = dict(kept.value)
        for claim in claims:
            if claim is kept:
                continue
            if claim in present and "sites" in value and "sites" in claim.value:
                value["sites"] = str(parse_sites(value["sites"]) | parse_sites(claim.value["sites"]))
            self._list(name, claim, kept)
        return Claim(value, kept.where, kept.when)

    def _list(self, name: str, dropped: Claim, kept: Claim) -> None:
        same = dropped.value.get("present") == kept.value.get("present")
        why = f"{kept.where} says {'the same' if same else 'otherwise'} and is kept"
        self.findings.leave(dropped.where, f"conditions.{name}", why)
