"""Where facts stand in the record, in a line."""

from collections.abc import Iterable

from facetwise.letters.letter import Fact


def places_in_words(facts: Iterable[Fact]) -> str:
    """The places of facts with what stands there and its date; neighbours of one day are told together."""
    together: dict[tuple[str, str], list[str]] = {}
    told_of = list(facts)
    for fact in told_of:
        parent, _, leaf = fact.path.rpartition(".")
        lines = together.setdefault((parent, _dated(fact, told_of)), [])
        told = f"{leaf} {fact.value_in_words}"
        if told not in lines:
            lines.append(told)
    return " · ".join(_group(parent, told, dated) for (parent, dated), told in together.items())


def _dated(fact: Fact, among: list[Fact]) -> str:
    """The day of a fact. The request is asked now; a fact that is itself a day goes with its neighbours."""
    if fact.source == "request":
        return ""
    if _is_a_day(fact):
        parent = fact.path.rpartition(".")[0]
        neighbours = (one for one in among if one.path.rpartition(".")[0] == parent and not _is_a_day(one))
        return next((_dated(one, among) for one in neighbours), "")
    return f" ({fact.date or 'undated'})"


def _is_a_day(fact: Fact) -> bool:
    return fact.date is not None and fact.value_in_words == str(fact.date)


def _group(parent: str, told: list[str], dated: str) -> str:
    return f"{parent + ': ' if parent else ''}{'; '.join(told)}{dated}"
