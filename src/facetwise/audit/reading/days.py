"""Days out of dates, time stamps and texts: the day as it was where it was written."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.documents import DocumentError, Problem

_MOMENT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$"
_ZONE = r"(Z|[+-]\d\d:?\d\d)$"


def days_of_texts(texts: pl.Series) -> pl.Series:
    """The day that each text begins with, null for a text that is neither a day nor a time stamp."""
    whole = texts.str.contains(r"^\d{4}-\d\d-\d\d$") | texts.str.contains(_MOMENT)
    return texts.set(~whole.fill_null(True), None).str.slice(0, len("YYYY-MM-DD")).str.to_date("%Y-%m-%d", strict=False)


class Zones:
    """Watches that the time stamps of a column are all with a time zone or all without, whatever file they stand in."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seen: dict[str, set[str]] = {}

    def see(self, column: str, values: pa.ChunkedArray) -> None:
        """Look at time stamps or texts. Raises `DocumentError` where zones are mixed."""
        if len(values) == values.null_count:
            return
        if pa.types.is_timestamp(values.type):
            self._add(column, ["with" if values.type.tz else "without"])
            return
        texts = values.cast(pa.string())
        if pc.max(pc.utf8_length(texts)).as_py() == len("YYYY-MM-DD"):
            return
        moments = pl.Series(pl.from_arrow(texts)).drop_nulls()
        zones = moments.filter(moments.str.contains(_MOMENT)).str.extract(_ZONE)
        counts = {"without": zones.null_count(), "with": len(zones) - zones.null_count()}
        self._add(column, [zone for zone, count in counts.items() if count])

    def _add(self, column: str, zones: Iterable[str]) -> None:
        seen = self.seen.setdefault(column, set())
        seen.update(zones)
        if len(seen) > 1:
            what = "Time stamps with and without a time zone are mixed"
            remedy = "Write the day alone, YYYY-MM-DD, as it was where the patient was"
            raise DocumentError([Problem(column, what, remedy, str(self.file))])
