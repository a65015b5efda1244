"""Sorted rows cut at patients: batches of whole patients, and what else is kept of the same patients."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa


def whole_patients(batches: Iterator[pa.Table], rows: int) -> Iterator[pa.Table]:
    """The rows in tables of whole patients, each of about `rows` rows: fewer, or one patient who has more."""
    held: list[pa.Table] = []
    count = 0
    for batch in batches:
        held.append(batch)
        count += len(batch)
        while count >= rows:
            table = pa.concat_tables(held)
            cut = _cut(table, rows)
            held, count = [table.slice(cut)], count - cut
            if not cut:
                break
            yield table.slice(0, cut)
    if count:
        yield pa.concat_tables(held)


def _cut(table: pa.Table, rows: int) -> int:
    """Where the last patient begins that does not fit any more; 0 where the first one may still go on."""
    patients = table["patient"].to_numpy()
    cut = int(np.searchsorted(patients, patients[min(rows, len(patients) - 1)]))
    if cut or len(patients) <= rows:
        return cut
    end = int(np.searchsorted(patients, patients[0], side="right"))
    return end if end < len(patients) else 0


class Following:
    """Rows of another table, sorted by patient, handed out with the batches of events."""

    def __init__(self, batches: Iterator[pa.Table]) -> None:
        self.batches = batches
        self.held: list[pa.Table] = []

    def up_to(self, patient: int) -> pa.Table | None:
        """All rows not yet handed out, of patients up to this one."""
        while not self.held or not len(self.held[-1]) or self.held[-1]["patient"][-1].as_py() <= patient:
            if (batch := next(self.batches, None)) is None:
                break
            self.held.append(batch)
        if not self.held:
            return None
        table = pa.concat_tables(self.held)
        cut = int(np.searchsorted(table["patient"].to_numpy(), patient, side="right"))
        self.held = [table.slice(cut)]
        return table.slice(0, cut)

    def rest(self) -> Iterator[pa.Table]:
        """What no batch of events came for."""
        yield from self.held
        yield from self.batches
