"""Statements about conditions: those excluded, and those that are there, which a letter must not hide."""

from collections.abc import Iterator

from facetwise.letters.letter import Fact, Statement
from facetwise.letters.places import Stood
from facetwise.letters.wording import capital, condition_words, listed, plain, sites_in_words
from facetwise.records import Condition


def exclusion_statements(stood: Stood) -> Iterator[Statement]:
    """What was assessed and is absent, in one sentence for each day; a note on one of them is quoted."""
    absent = [(name, one) for name, one in _documented(stood) if not one.present]
    for day in dict.fromkeys(one.on for _, one in absent):
        of_day = [(name, one) for name, one in absent if one.on == day]
        names = listed(condition_words(name) for name, _ in of_day)
        of_all = "the following was" if len(of_day) == 1 else "the following were"
        said = capital(f"{f'on {day} ' if day else ''}{of_all} assessed and found to be absent")
        facts = tuple(_fact(stood, name, one) for name, one in of_day)
        yield Statement(f"{said}: {names}.", facts)
    for name, one in absent:
        if note := plain(one.note or ""):
            facts = (_fact(stood, name, one), _note(name, one, note))
            yield Statement(f"Note on {condition_words(name)}, which is absent: “{note}”.", facts)


def present_statements(stood: Stood) -> Iterator[Statement]:
    """What is there, each with its day, levels and note."""
    for name, one in _documented(stood):
        if one.present:
            yield _present(stood, name, one)


def _present(stood: Stood, name: str, one: Condition) -> Statement:
    facts = [_fact(stood, name, one)]
    when = f"on {one.on} " if one.on else ""
    text = capital(f"{when}the following was found to be present: {condition_words(name)}")
    if one.sites is not None:
        text += f", at {sites_in_words(one.sites)}"
        facts.append(Fact(f"conditions.{name}.sites", one.on, str(one.sites)))
    if note := plain(one.note or ""):
        text += f", with the note “{note}”"
        facts.append(_note(name, one, note))
    return Statement(f"{text}.", tuple(facts))


def _documented(stood: Stood) -> Iterator[tuple[str, Condition]]:
    conditions = stood.record.conditions
    for name in conditions.__struct_fields__:
        if (one := getattr(conditions, name)) is not None:
            yield name, one


def _fact(stood: Stood, name: str, one: Condition) -> Fact:
    return stood.conditions.fact(name, one.on)


def _note(name: str, one: Condition, note: str) -> Fact:
    return Fact(f"conditions.{name}.note", one.on, note)
