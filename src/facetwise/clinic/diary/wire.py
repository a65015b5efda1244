"""What a phone sends, checked before anything of it is used."""

import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

MOST_ENTRIES = 100
"""In one message. A diary has some dozen."""


class SentEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry as a phone sends it: `at` is what its clock said.

    `replaces` is the key of the entry that it corrects; one that says nothing takes that entry back.
    """

    key: UUID
    at: Annotated[datetime.datetime, Meta(tz=True)]
    score: Annotated[int, Meta(ge=0, le=10)] | None = None
    side: Literal["left", "right", ""] = ""
    provoked: bool | None = None
    asleep: bool = False
    rescue_analgesic: bool = False
    replaces: UUID | None = None


class Sent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A message: of which diary it is, what the phone's clock says now, and entries that were not confirmed yet."""

    diary: str
    now: Annotated[datetime.datetime, Meta(tz=True)]
    entries: Annotated[tuple[SentEntry, ...], Meta(max_length=MOST_ENTRIES)]
