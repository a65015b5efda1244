"""Event tables as they come, into batches of whole patients, sorted and valid, with their visits.

The keys are read first, to see whether the table is in order; only one that is not is sorted, on disk. Everything else
is checked while it is read, and only the columns that are asked for.
"""

import datetime
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec
import numpy as np
import polars as pl
import pyarrow as pa

from facetwise.audit.events import COLUMNS, FACTS, KEYS, VISITS, Column, Shape
from facetwise.audit.reading.checking_rows import TEXT_OF_PATIENT, Checking, faults_in, rows_equal_above
from facetwise.audit.reading.documented_facts import DOCUMENTATION, documented_fields
from facetwise.audit.reading.following_tables import Documented, Visits, in_order_of_patients
from facetwise.audit.reading.ordering import PATIENTS, Order, Progress, examine, put_in_order
from facetwise.audit.reading.rejects import Reason, Rejects, as_json
from facetwise.audit.reading.site_texts import MASKS
from facetwise.audit.reading.table_files import (
    PLACE,
    SITES,
    TableFiles,
    require_columns,
    table_at,
    table_named,
    unknown_columns,
    words_of,
)
from facetwise.audit.reading.whole_patients import whole_patients
from facetwise.audit.reading.working_database import Workspace
from facetwise.documents import DocumentError, Problem

Batch = tuple[pa.Table, pa.Table | None]
"""Events of whole patients, and their follow-up visits where there are any at all.

Events of patients who are named by texts have those too, as `TEXT_OF_PATIENT`.
"""

_ORDER = KEYS[:3]
_TELLING = [column for column in KEYS if column.required or column.shape in (Shape.COUNT, Shape.LEVELS)]
"""What tells procedures apart, most of the time."""

_KEY_NAMES = tuple(column.name for column in KEYS)
_UNKNOWN = "_unknown"
_HANDED_OUT = frozenset([*COLUMNS, TEXT_OF_PATIENT])


class EventTables(msgspec.Struct, frozen=True):
    """The tables of one population, in order.

    `fields` are the facts that are documented by the day, `beside` columns that only say where a row comes from.
    """

    events: TableFiles
    order: Order
    visits: TableFiles | None
    documentation: TableFiles | None
    fields: tuple[str, ...]
    beside: tuple[str, ...]
    remarks: tuple[Problem, ...]
    today: datetime.date

    @property
    def columns(self) -> frozenset[str]:
        """What is known of events: the columns of the table and the facts documented by the day."""
        masks = MASKS if SITES in self.events.columns else ()
        return frozenset([name for name in COLUMNS if name in self.events.columns] + [*masks, *self.fields])

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of all tables, as they were given."""
        tables = (self.events, self.visits, self.documentation)
        return tuple(path for table in tables if table is not None for path in table.origin.paths)

    def batches(
        self, rows: int, rejects: Rejects, columns: Collection[str] | None = None, progress: Progress | None = None
    ) -> Iterator[Batch]:
        """The accepted events in batches of whole patients; `columns` narrows the facts that are read and checked."""
        facts = [name for name in FACTS if name in self.columns and (columns is None or name in columns)]
        checking = Checking(self.events, self.today, rejects, patients_are_numbers=True)
        visits = Visits(self.visits, self.today, rejects) if self.visits else None
        documented = Documented(self.documentation, self.today, rejects) if self.documentation else None
        fields = [name for name in self.fields if name in facts]
        for whole in whole_patients(self._accepted(checking, facts, progress), rows):
            table = _without_duplicates(whole, checking) if self.order.suspects else whole
            if documented is not None:
                table = documented.fill(table, fields)
            its_visits = visits.of(table) if visits is not None else None
            yield table.select([name for name in table.column_names if name in _HANDED_OUT]), its_visits
        for other in (visits, documented):
            if other is not None:
                other.finish()

    def _accepted(self, checking: Checking, facts: Collection[str], progress: Progress | None) -> Iterator[pa.Table]:
        """The rows that are sound in the columns asked for; in all where duplicates have to be told apart."""
        wanted = list(COLUMNS.values()) if self.order.suspects else [COLUMNS[name] for name in [*_KEY_NAMES, *facts]]
        names = [name for name in [*(column.name for column in wanted), SITES] if name in self.events.columns]
        unknown = unknown_columns(self.events) if self.order.suspects else list(self.beside)
        done = 0
        for batch in self.events.batches([*names, *unknown], words_of(wanted)):
            telling = unknown if self.order.suspects else ()
            beside = {_UNKNOWN: pa.chunked_array([as_json(batch.select(telling))])} if telling else {}
            yield checking.accepted(batch, wanted, beside)
            checking.reject_set_aside()
            done += len(batch)
            if progress is not None:
                progress(done)
        checking.reject_set_aside()


def _without_duplicates(table: pa.Table, checking: Checking) -> pa.Table:
    """Of rows that are the same in every column the first."""
    tied = rows_equal_above(table, [column.name for column in _ORDER])
    if tied.any():
        tied[:-1] |= tied[1:]
        shown = [name for name in table.column_names if name not in (PLACE, TEXT_OF_PATIENT)]
        rows = pl.DataFrame(pl.from_arrow(table.select(shown).filter(pa.array(tied))))
        again = np.zeros(len(table), bool)
        again[tied] = ~rows.select(pl.struct(pl.all()).is_first_distinct()).to_series().to_numpy()
        table = checking.without(table, table, faults_in("", Reason.DUPLICATE, again))
    return table


def open_tables(
    path: Path,
    workspace: Workspace,
    *,
    today: datetime.date,
    beside: Collection[str] = (),
    progress: Progress | None = None,
) -> EventTables:
    """The tables at `path`: a file of events alone, or a folder with `events`, `visits` and `documentation`.

    `beside` are further columns that are not read. Raises `DocumentError` for what is missing, damaged, or no such
    table at all.
    """
    events = table_at(path, "events")
    visits, documentation = (table_named(path, name) if path.is_dir() else None for name in ("visits", "documentation"))
    remarks = [*require_columns(events, [*COLUMNS.values(), _SITES], beside)]
    if SITES in events.columns and any(name in events.columns for name in MASKS):
        what, remedy = "The table has sites both as text and as masks", "Keep one of the two"
        raise DocumentError([Problem(SITES, what, remedy, str(events.first))])
    order = examine(events, _TELLING, today)
    names = workspace.folder / PATIENTS if order.texts else None
    if not order.sorted:
        events = put_in_order(
            events, _ORDER, workspace, today, named_in=names, names_patients=order.texts, progress=progress
        )
        order = examine(events, _TELLING, today)
    if visits is not None:
        remarks += require_columns(visits, VISITS)
        visits = in_order_of_patients(visits, VISITS, workspace, today, names)
    fields: tuple[str, ...] = ()
    if documentation is not None:
        remarks += require_columns(documentation, DOCUMENTATION)
        fields = documented_fields(documentation)
        documentation = in_order_of_patients(documentation, DOCUMENTATION, workspace, today, names)
    if order.rows == 0:
        remarks.append(Problem("", "The table has no rows", "Check how it was exported", str(events.first)))
    here = tuple(name for name in beside if name in events.columns)
    return EventTables(events, order, visits, documentation, fields, here, tuple(remarks), today)


_SITES = Column(SITES, Shape.WORD, "Sites as clinicians write them, in the place of the masks")
