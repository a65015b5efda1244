"""Criteria from their documents: leaves parsed, citations attached."""

from collections.abc import Mapping
from math import comb

from facetwise.documents import did_you_mean
from facetwise.documents.typing import Path
from facetwise.evidence import UnknownFigure, figure
from facetwise.evidence.sources import Certainty, Cites, Source
from facetwise.rules.documents import CriterionDocument
from facetwise.rules.expressions import names_in
from facetwise.rules.leaves import Leaves, Place
from facetwise.rules.policy import Arm, Citation, Criterion

MOST_WAYS = 2000
"""In which the arms of a criterion may be met: each is looked at when a policy is checked."""

_FORMS = ("test", "all_of", "any_of", "of")


def compile_criterion(
    document: CriterionDocument, path: Path, leaves: Leaves, sources: Mapping[str, Source]
) -> Criterion:
    """One criterion. Problems are added to `leaves`."""
    place = Place(path, document.id)
    arms, needed = _arms(document, place, leaves)
    return Criterion(
        id=document.id,
        says=document.says,
        arms=arms,
        needed=needed,
        applies_when=leaves.optional(document.applies_when, place.at("applies_when")),
        unless=leaves.optional(document.unless, place.at("unless")),
        advisory=document.advisory,
        citation=_citation(document.cites, place, leaves, sources),
        note=document.note,
        names=tuple(dict.fromkeys(name for arm in arms for name in names_in(arm.test))),
        available=not document.text_not_available,
        topic=document.topic,
        strength=document.strength,
        figures=_figures(document.figures, place, leaves),
    )


def _arms(document: CriterionDocument, place: Place, leaves: Leaves) -> tuple[tuple[Arm, ...], int]:
    forms = [form for form in _FORMS if getattr(document, form) is not None]
    if document.text_not_available:
        if forms or document.applies_when or document.unless:
            what = f"The criterion {document.id} has a test, and its text was not available"
            leaves.add(place.path, what, "Give the test or text_not_available, not both")
        return (), 0
    if len(forms) != 1 or (document.at_least is None) != (document.of is None):
        remedy = "Give one of test, all_of, any_of, at_least together with of, or text_not_available"
        leaves.add(place.path, f"The criterion {document.id} needs exactly one test", remedy)
        return (), 1
    if document.test is not None:
        return (Arm(document.says, document.test, leaves.leaf(document.test, place.at("test"))),), 1
    form = forms[0]
    arms = tuple(
        Arm(leaf.says, leaf.test, leaves.leaf(leaf.test, place.at(form, number, "test")))
        for number, leaf in enumerate(getattr(document, form))
    )
    needed = {"all_of": len(arms), "any_of": 1, "of": document.at_least or 1}[form]
    if not 1 <= needed <= len(arms):
        leaves.add((*place.path, form), f"{needed} of {len(arms)} cannot be met", "List more, or ask for fewer")
    elif comb(len(arms), needed) > MOST_WAYS:
        what = f"{needed} of {len(arms)} can be met in more ways than can be checked"
        leaves.add((*place.path, form), what, "List fewer, or put them into criteria of their own")
    return arms, needed


def _citation(cites: Cites | None, place: Place, leaves: Leaves, sources: Mapping[str, Source]) -> Citation:
    if cites is None:
        return Citation()
    source = sources.get(cites.source)
    if source is None:
        remedy = did_you_mean(cites.source, list(sources)) or "Add it under `sources`"
        leaves.add((*place.path, "cites", "source"), f'There is no source "{cites.source}"', remedy)
        return Citation()
    certainty: Certainty = cites.certainty or source.certainty
    url = source.url or (f"doi:{source.doi}" if source.doi else "")
    return Citation(cites.source, source.title, cites.where, url, source.read_on, certainty)


def _figures(names: tuple[str, ...], place: Place, leaves: Leaves) -> tuple[str, ...]:
    """The figures that a criterion names, each of which must be in the evidence."""
    for number, name in enumerate(names):
        try:
            figure(name)
        except UnknownFigure as error:
            leaves.add((*place.path, "figures", number), f'There is no figure "{name}"', error.remedy)
    return names
