"""JSON documents: truncated, repeated, nested or mistyped input becomes one clear error."""

import json
import re
from math import isinf
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

    Repeated keys are refused, for a later value must never silently replace an earlier one; so is what could not be
    written back: NaN, Infinity, numbers too great for a computer and half characters. Raises `DocumentError`.
    """
    if len(data) > LARGEST_DOCUMENT:
        _refuse(f"The document has {len(data):,} bytes", f"Give at most {LARGEST_DOCUMENT:,}: one patient a file")
    text = _text(data)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_repeats,
            parse_constant=_no_constant,
            parse_int=_whole_number,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        cut_off = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        what = "The JSON ends too early" if cut_off else f"Not JSON: {error.msg}"
        problem = Problem("", what, "Check the place named, or export it again", "", error.lineno, error.colno)
        raise DocumentError([problem]) from None
    except RecursionError:
        _refuse("The document is nested too deeply", "A record is a few levels deep: check how it was made")
    if _HALF_CHARACTER.search(text):
        _require_characters(value)
    return value


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("The file is not UTF-8 text", "Save it as UTF-8 JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        _refuse(f'The key "{repeated}" is given twice in one object', "Keep one of the two")
    return members


def _no_constant(text: str) -> NoReturn:
    _refuse(f"{text} is not a JSON number", "Leave out what was not measured")


_LONGEST_NUMBER = 300
"""Digits. A whole number of more would not fit where a number is expected."""


def _whole_number(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        _refuse(f"A number has {len(text):,} digits", "Write the number that was measured")
    return int(text)


def _number(text: str) -> float:
    number = float(text)
    if isinf(number):
        _refuse(f"{text[:20]} is too great a number", "Write the number that was measured")
    return number


_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
"""An escape for one half of a character beyond 16 bits; halves without their partner are no text."""


def _require_characters(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        _refuse("A text holds half a character, written \\ud800 to \\udfff", "Export the document again as UTF-8")


def _refuse(what: str, remedy: str) -> NoReturn:
    raise DocumentError([Problem("", what, remedy)])
