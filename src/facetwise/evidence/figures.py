"""What a figure is: a number that never travels without its interval, source and certainty."""

from typing import Annotated, Literal

import msgspec

from facetwise.evidence.sources import Certainty, Cites, Source

Operator = Literal["<", "<=", ">", ">=", "about"]
"""How a limit is printed. `<= 0.5 mL` lets 0.5 pass, `< 0.3 mL` does not let 0.3 pass."""

Words = Annotated[str, msgspec.Meta(min_length=1)]


class WrittenFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure as its YAML holds it.

    `says` is one sentence of our own; `value`, `low` and `high` are in `unit`, and `interval` says what low
    and high are (`95% CI`, `range`, ...). `n` counts the patients, or the things that `population` names.
    `definition` tells figures apart that share a name, such as the two false positive rates; one computed
    here from printed figures starts it with `derived:`. `note` holds conflicts and caveats.
    """

    says: Words
    value: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str = ""
    unit: Words
    operator: Operator | None = None
    n: Annotated[int, msgspec.Meta(ge=0)] | None = None
    population: str = ""
    definition: str = ""
    cites: Cites
    note: str = ""


class Figure(WrittenFigure, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A figure with its name: `id` is its key in the document `topic`, `source` what it cites."""

    id: str
    topic: str
    source: Source

    @property
    def certainty(self) -> Certainty:
        """How this figure was checked: what its citation says, or else its source."""
        return self.cites.certainty or self.source.certainty

    @property
    def derived(self) -> bool:
        """Whether it was computed here from printed figures rather than printed itself."""
        return self.definition.startswith("derived:")


class WrittenDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An evidence file as it is written."""

    id: Words
    title: Words
    sources: dict[str, Source]
    figures: dict[str, WrittenFigure]


class EvidenceDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The figures of one topic, each by its id, and the sources they cite."""

    id: str
    title: str
    sources: dict[str, Source]
    figures: dict[str, Figure]
