"""The tables that go along with the events: follow-up visits, and facts documented by the day."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from facetwise.audit.events import VISITS, Column
from facetwise.audit.reading.checking_columns import ARROW, is_text
from facetwise.audit.reading.checking_rows import Checking, faults_in, whole_values
from facetwise.audit.reading.documented_facts import DOCUMENTATION, accepted_facts, filled, without_contradictions
from facetwise.audit.reading.ordering import examine, put_in_order
from facetwise.audit.reading.rejects import Reason, Rejects
from facetwise.audit.reading.table_files import TableFiles
from facetwise.audit.reading.visits_of_events import first_event_of_visits
from facetwise.audit.reading.whole_patients import Following
from facetwise.audit.reading.working_database import Workspace

_VISITS = tuple(column.name for column in VISITS)


def in_order_of_patients(
    files: TableFiles, columns: Sequence[Column], workspace: Workspace, today: datetime.date, names: Path | None
) -> TableFiles:
    """The table sorted by patient: as it is, or a sorted copy. `names` holds the numbers of patients named by texts."""
    if names is None and examine(files, columns[:1], today).sorted:
        return files
    return put_in_order(files, columns[:1], workspace, today, named_in=names)


class Visits:
    """The follow-up visits, handed out with the events of their patients."""

    def __init__(self, files: TableFiles, today: datetime.date, rejects: Rejects) -> None:
        self.checking = Checking(files, today, rejects, patients_are_numbers=True)
        self.following = Following(self._accepted())

    def of(self, events: pa.Table) -> pa.Table:
        """The visits of the patients of these events, those of no procedure rejected."""
        table = self.following.up_to(events["patient"][-1].as_py())
        if table is None:
            return pa.table({column.name: pa.array([], ARROW[column.shape]) for column in VISITS})
        lost = ~_known(table, events)
        table = self.checking.without(table, table, faults_in("procedure_date", Reason.NO_SUCH_PROCEDURE, lost))
        return table.select([name for name in table.column_names if name in _VISITS])

    def finish(self) -> None:
        """Reject the visits of patients after the last event."""
        for table in self.following.rest():
            lost = np.ones(len(table), bool)
            self.checking.without(table, table, faults_in("patient", Reason.NO_SUCH_PROCEDURE, lost))

    def _accepted(self) -> Iterator[pa.Table]:
        files = self.checking.files
        for batch in files.batches([name for name in _VISITS if name in files.columns]):
            table = self.checking.accepted(batch, VISITS)
            early = pc.less(table["date"], table["procedure_date"]).to_numpy()
            yield self.checking.without(table, table, faults_in("date", Reason.BEFORE_ITS_PROCEDURE, early))
            self.checking.reject_set_aside()
        self.checking.reject_set_aside()


def _known(visits: pa.Table, events: pa.Table) -> NDArray[np.bool_]:
    """For each visit whether its procedure is among the events."""
    keys = [
        (table["patient"].to_numpy(), whole_values(table[day]), _sequences(table, sequence))
        for table, day, sequence in (
            (events, "date", "sequence"),
            (visits, "procedure_date", "procedure_sequence"),
        )
    ]
    known: NDArray[np.bool_] = first_event_of_visits(*keys[0], *keys[1]) >= 0
    return known


def _sequences(table: pa.Table, name: str) -> NDArray[np.int64]:
    """Places within a day, -1 where there is none."""
    return whole_values(table[name]) if name in table.column_names else np.full(len(table), -1, np.int64)


class Documented:
    """The facts documented by the day, handed out with the events of their patients."""

    def __init__(self, files: TableFiles, today: datetime.date, rejects: Rejects) -> None:
        self.checking = Checking(files, today, rejects, patients_are_numbers=True)
        self.following = Following(self._accepted())

    def fill(self, events: pa.Table, fields: list[str]) -> pa.Table:
        """The events with what was documented by their days."""
        facts = self.following.up_to(events["patient"][-1].as_py())
        if facts is None:
            return events
        return filled(events, without_contradictions(self.checking, facts), fields, self.checking)

    def finish(self) -> None:
        """Check what is documented of patients after the last event."""
        for facts in self.following.rest():
            without_contradictions(self.checking, facts)

    def _accepted(self) -> Iterator[pa.Table]:
        files = self.checking.files
        words = [] if is_text(files.columns["value"]) else ["field"]
        for batch in files.batches([column.name for column in DOCUMENTATION], words):
            yield accepted_facts(self.checking, batch)
            self.checking.reject_set_aside()
        self.checking.reject_set_aside()
