"""JSON documents: truncated, repeated, nested or mistyped input becomes one clear error."""

import json
from typing import Any, NoReturn, TypeVar

from facetwise.documents.problems import DocumentError, Problem
from facetwise.documents.typing import Decoder, convert

T = TypeVar("T")

LARGEST_DOCUMENT = 64 * 2**20
"""Bytes. One patient's record is far below this; anything larger is a mistake or an attack."""


def read_json(data: bytes, type_: type[T], *, dec_hook: Decoder | None = None) -> T:
    """`data` as a `type_`. Raises `DocumentError` naming every problem with its path."""
    return convert(read_json_value(data), type_, dec_hook=dec_hook)


def read_json_value(data: bytes) -> Any:
    """`data` as dicts, lists and scalars.

    Repeated keys, NaN and Infinity are refused, for a later value must never silently replace an earlier one.
    Raises `DocumentError`.
    """
    if len(data) > LARGEST_DOCUMENT:
        _refuse(f"The document has {len(data):,} bytes", f"Give at most {LARGEST_DOCUMENT:,}: one patient a file")
    try:
        return json.loads(data, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        what = "The JSON ends too early" if error.pos >= len(data.rstrip()) else f"Not JSON: {error.msg}"
        problem = Problem("", what, "Check the place named, or export it again", "", error.lineno, error.colno)
        raise DocumentError([problem]) from None
    except UnicodeDecodeError:
        _refuse("The file is not UTF-8 text", "Save it as UTF-8 JSON")
    except RecursionError:
        _refuse("The document is nested too deeply", "A record is a few levels deep: check how it was made")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        _refuse(f'The key "{repeated}" is given twice in one object', "Keep one of the two")
    return members


def _no_constant(text: str) -> NoReturn:
    _refuse(f"{text} is not a JSON number", "Leave out what was not measured")


def _refuse(what: str, remedy: str) -> NoReturn:
    raise DocumentError([Problem("", what, remedy)])
