"""Sites as clinicians write them, in a column of texts, as the three masks of the event table."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.audit.reading.checking_columns import Fault, nulls_in
from facetwise.audit.reading.rejects import Reason
from facetwise.spine import SiteError, SiteSet, parse_sites

MASKS = ("left_levels", "right_levels", "unsided_levels")
_KEPT = 1 << 16
"""Distinct texts that are remembered."""


class Masks(NamedTuple):
    """The three columns by name, and the rows whose text cannot be read."""

    columns: dict[str, pa.Array]
    faults: list[Fault]


class SiteTexts:
    """Reads texts of sites, each distinct one once."""

    def __init__(self) -> None:
        self.read: dict[str, SiteSet | str] = {}

    def masks(self, values: pa.ChunkedArray) -> Masks:
        """The masks of each text; what cannot be read is a fault with the reason."""
        coded = pc.dictionary_encode(values.cast(pa.string()).combine_chunks())
        coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
        found = [self._sites(text) for text in coded.dictionary.to_pylist()]
        columns = {
            name: pa.array([_mask(sites, side) for sites in found], pa.int32()).take(coded.indices)
            for name, side in zip(MASKS, ("left", "right", "unsided"), strict=True)
        }
        why = pa.array([sites if isinstance(sites, str) else None for sites in found], pa.string()).take(coded.indices)
        unread = ~nulls_in(why)
        return Masks(columns, [Fault(Reason.UNREADABLE_SITES, unread, _texts(why))] if unread.any() else [])

    def _sites(self, text: str) -> SiteSet | str:
        if text not in self.read:
            if len(self.read) >= _KEPT:
                self.read.clear()
            try:
                self.read[text] = parse_sites(text)
            except SiteError as error:
                self.read[text] = str(error)
        return self.read[text]


def _mask(sites: SiteSet | str, side: str) -> int | None:
    return None if isinstance(sites, str) else int(getattr(sites, side))


def _texts(values: pa.Array) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array(pc.fill_null(values, "").to_pylist(), object)
