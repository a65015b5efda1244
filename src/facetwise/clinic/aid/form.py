"""The answers of a decision aid from the form on its page."""

from typing import Any

import msgspec
from django.http import QueryDict

from facetwise.documents import DocumentError, Problem
from facetwise.education import Answers, DecisionAid

_READY = {"yes": True, "no": False}


def answers_of(given: QueryDict, aid: DecisionAid) -> Answers:
    """What was filled in. Raises `DocumentError` for what the form on the page does not send."""
    ready = _chosen(given, "ready-", [one.id for one in aid.ready.items])
    for id_, said in ready.items():
        if said not in _READY:
            raise DocumentError(
                [Problem(f"ready-{id_}", f'"{said}" is no answer', "Answer yes or no, or leave it open")]
            )
    values: dict[str, Any] = {
        "values": _chosen(given, "value-", [one.id for one in aid.values]),
        "ready": {id_: _READY[said] for id_, said in ready.items()},
        "questions": given.getlist("question"),
        "own_question": given.get("own_question", "").replace("\r\n", "\n").strip(),
        "leaning": given.get("leaning") or None,
    }
    try:
        return msgspec.convert(values, Answers)
    except msgspec.ValidationError as error:
        raise DocumentError([Problem("answers", str(error), "Answer with the form on the page")]) from None


def _chosen(given: QueryDict, prefix: str, ids: list[str]) -> dict[str, str]:
    return {id_: said for id_ in ids if (said := given.get(prefix + id_))}
