"""Logs without what stands in records: messages of errors quote what was read, so types and places alone are told."""

import copy
import logging
import traceback
from collections.abc import Iterator
from typing import Any


class ErrorsByKind(logging.Filter):
    """Puts its kind for every error that somebody would write into a line of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, with kinds in the place of errors."""
        if isinstance(record.args, tuple):
            record.args = tuple(_kind(one) if isinstance(one, BaseException) else one for one in record.args)
        if isinstance(record.msg, BaseException):
            record.msg = _kind(record.msg)
        return True


class WithoutMessages(logging.Formatter):
    """Writes of an error what kind it is and where it happened, never its message."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; another handler may have kept its own text of the error, which is not used."""
        told = copy.copy(record)
        told.exc_text = None
        return super().format(told)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The places and kinds of an error and of those it came from."""
        return without_messages(ei[1]) if ei[1] is not None else ""


def without_messages(error: BaseException) -> str:
    """An error and those it came from, the first one first: where each happened, and of what kind it is."""
    return "\n".join(part for one in reversed([*_chain(error)]) for part in _parts(one))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _parts(error: BaseException) -> Iterator[str]:
    yield "Traceback (most recent call last):"
    yield from (line.rstrip("\n") for line in traceback.format_tb(error.__traceback__))
    yield _kind(error)


def _kind(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"
