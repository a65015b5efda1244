"""Days of forms."""

import datetime

from facetwise.documents import DocumentError, Problem


def day_of(text: str, where: str) -> datetime.date | None:
    """A day of a form; None for none. Raises `DocumentError`."""
    try:
        return datetime.date.fromisoformat(text) if text.strip() else None
    except ValueError:
        raise DocumentError([Problem(where, f'"{text[:20]}" is no day', "Write it as YYYY-MM-DD")]) from None
