"""Values of a record as the items of a QuestionnaireResponse, one item for each place that holds something."""

import datetime
from typing import Any

from facetwise.fhir.answers import ANSWERS

_INTEGERS = 2**31
_EMPTY: dict[type, str] = {list: "none", dict: "without-details", str: "empty-text"}


def response_items(rest: dict[str, Any], pins: dict[int, str]) -> list[dict[str, Any]]:
    """The items for `rest`, a part of a record as JSON; its `procedures` may be a dict by number.

    `pins` are the addresses of the Procedures that those numbers stand for.
    """
    items = [
        {"linkId": f"procedures[{number}]", "answer": [{"valueReference": {"reference": address}}]}
        for number, address in pins.items()
    ]
    for name, value in rest.items():
        if name == "procedures" and isinstance(value, dict):
            for number, part in value.items():
                items += _items(f"procedures[{number}]", part) if part else []
        else:
            items += _items(name, value)
    return items


def _items(path: str, value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict) and value:
        return [item for name, part in value.items() for item in _items(f"{path}.{name}", part)]
    if isinstance(value, list) and value:
        return [item for number, part in enumerate(value) for item in _items(f"{path}[{number}]", part)]
    return [{"linkId": path, "answer": [_answer(value)]}]


def _answer(value: Any) -> dict[str, Any]:
    if value in ([], {}, ""):
        return {"valueCoding": {"system": ANSWERS, "code": _EMPTY[type(value)]}}
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int) and abs(value) < _INTEGERS:
        return {"valueInteger": value}
    if isinstance(value, int | float):
        return {"valueDecimal": value}
    if isinstance(value, datetime.date):
        return {"valueDate": value.isoformat()}
    return {"valueString": str(value)}
