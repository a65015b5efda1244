"""Ids of procedures that may stand in addresses: a record from elsewhere may call its procedures anything."""

import hashlib
import re
from itertools import count

from msgspec.structs import replace

from facetwise.records import Record

LONGEST_ID = 60
"""Characters, as many as a link keeps of the procedure that it is of."""

_PLAIN = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ID}}}")


def is_plain(id_: str | None) -> bool:
    """Whether an id may stand in an address and be kept with a link."""
    return id_ is not None and _PLAIN.fullmatch(id_) is not None


def with_plain_ids(record: Record) -> tuple[Record, dict[str, str]]:
    """The record with an id of our own for every procedure that has no plain one; and the new by the old ids.

    The same record gets the same ids whenever it comes. Nothing else in a record names a procedure.
    """
    procedures = record.procedures or ()
    if all(is_plain(one.id) for one in procedures):
        return record, {}
    taken = {one.id for one in procedures}
    changed, renamed = [], {}
    for one in procedures:
        if not is_plain(one.id):
            new = _new_id(one.id if one.id is not None else f"{one.kind} {one.date}", taken)
            taken.add(new)
            if one.id is not None:
                renamed[one.id] = new
            one = replace(one, id=new)
        changed.append(one)
    return replace(record, procedures=tuple(changed)), renamed


def _new_id(about: str, taken: set[str | None]) -> str:
    digest = hashlib.sha256(about.encode()).hexdigest()[:16]
    tries = (f"procedure-{digest}{f'-{number}' if number > 1 else ''}" for number in count(1))
    return next(one for one in tries if one not in taken)
