"""One thing that has a name."""

import msgspec


class Meaning(msgspec.Struct, frozen=True):
    """One thing that has the name: what kind of thing, where, what it says, and how it is decided."""

    kind: str
    within: str
    says: str
    details: tuple[tuple[str, str], ...]
