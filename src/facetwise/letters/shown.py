"""What in the record shows how a criterion stands: the values that decided it, each with its facts."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from facetwise.letters.letter import Fact
from facetwise.letters.places import Stood
from facetwise.letters.wording import counted
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
from facetwise.rules import Finding, Policy, shown
from facetwise.rules.expressions import names_in

Pool = Mapping[tuple[str, str], Fact]
"""Documented facts by their source and place."""

UNCERTAIN = " (not certain)"
"""How a finding marks a procedure that only may count."""


class Evidence(msgspec.Struct, frozen=True):
    """One value that a criterion looked at, in words, and the facts it comes from."""

    meaning: str
    value: str
    facts: tuple[Fact, ...]


def evidence_of(finding: Finding, policy: Policy, facts: Iterable[Fact], stood: Stood) -> tuple[Evidence, ...]:
    """Every known value of a finding, then the procedures it counted."""
    pool: Pool = {(fact.source, fact.path): fact for fact in facts}
    known = [value for value in finding.values if value.value != shown(None)]
    values = [
        Evidence(value.meaning, value.value, tuple(_facts_of(value.name, finding, pool, stood))) for value in known
    ]
    measures = [value.name for value in known if value.name in policy.measures]
    return (*values, *_procedures(finding, _row_paths(measures, policy), pool, stood))


def _facts_of(name: str, finding: Finding, pool: Pool, stood: Stood) -> Iterator[Fact]:
    """The facts of one value; a count of none rests on the history that is documented."""
    if name in REQUEST_FIELDS:
        for path in _REQUEST_PATHS.get(name, (REQUEST_FIELDS[name].path,)):
            yield from _under(path, pool)
    elif not finding.procedures and stood.record.procedures is not None:
        number = len(stood.record.procedures)
        yield Fact("procedures", None, counted(number, "procedure", "procedures") if number else "none")


_EXAM, _IMAGE = "examinations[].", "imaging[]."
_REQUEST_PATHS: dict[str, tuple[str, ...]] = {
    "red_flag": tuple(
        f"conditions.{name}" for name in ("fracture", "tumour", "infection", "cauda_equina", "inflammatory_disease")
    ),
    "other_cause_of_pain": (
        *(f"conditions.{name}" for name in ("other_cause_of_pain", "fracture", "tumour", "infection")),
        "conditions.significant_deformity",
        f"{_IMAGE}other_cause_of_pain",
    ),
    "pregnancy": ("conditions.pregnancy", "patient.sex"),
    "paraspinal_tenderness": (f"{_EXAM}paraspinal_tenderness",),
    "pain_on_extension_rotation": (f"{_EXAM}pain_on_extension_rotation",),
    "neurological_deficit": (f"{_EXAM}neurological_deficit",),
    "sacroiliac_tests_positive": (f"{_EXAM}sacroiliac_tests_positive",),
    "facet_inflammation_on_imaging": (f"{_IMAGE}facet_inflammation",),
    "facet_degeneration_on_imaging": (f"{_IMAGE}facet_degeneration",),
    "endplate_changes_on_imaging": (f"{_IMAGE}vertebral_endplate_changes",),
    "cyst_compresses_nerve": (f"{_IMAGE}facet_cyst_compressing_nerve",),
    "ablation_not_possible": ("request.ablation_not_possible_because", "goals.ablation_not_possible_because"),
    "fused_at_request": ("conditions.fusion", "request.sites"),
    "session_levels": ("request.sites", "request.same_session"),
    "session_regions": ("request.sites", "request.same_session"),
}
"""Where the catalogue names one place to answer a question, and several can hold the answer."""


def _under(path: str, pool: Pool) -> Iterator[Fact]:
    """The facts at a place or inside it; `[]` stands for every index."""
    yield from (fact for fact in pool.values() if _is_under(_unnumbered(fact.path), path))


def _is_under(place: str, path: str) -> bool:
    return place == path or place.startswith((f"{path}.", f"{path}["))


def _unnumbered(path: str) -> str:
    """procedures[2].diary as procedures[].diary."""
    parts = path.split("[")
    return "[".join([parts[0], *(part[part.index("]") :] for part in parts[1:])])


def _row_paths(measures: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """The places, inside one procedure, of the facts that these measures look at."""
    names = ["kind", "days_before"]
    for name in measures:
        measure = policy.measures[name]
        names += [measure.of.name] if measure.of is not None else []
        names += [one.name for one in names_in(measure.where) if one.of_row] if measure.where is not None else []
    paths = [path for name in names for path in _PRIOR_PATHS.get(name, (PRIOR_FIELDS[name].path,))]
    return tuple(dict.fromkeys(paths))


_SCORED = ("procedures[].diary", "procedures[].pain_before", "procedures[].stated_relief")
_PRIOR_PATHS = {
    "relief_percent": _SCORED,
    "relief_percent_by_scores": _SCORED,
    "relief_percent_stated": _SCORED,
    "relief_lasted_as_agent": (*_SCORED, "procedures[].agents"),
    "same_scale": ("procedures[].diary", "procedures[].pain_before", "procedures[].follow_ups[].scale"),
    "function_improved_percent": ("procedures[].follow_ups[].function_improved_percent",),
    **dict.fromkeys(
        (
            "months_of_50_percent_relief",
            "months_of_over_30_percent_relief",
            "weeks_of_50_percent_relief",
            "weeks_of_over_50_percent_relief",
            "relief_ended",
            "best_follow_up_relief_percent",
        ),
        ("procedures[].follow_ups[].relief_percent", "procedures[].follow_ups[].score"),
    ),
}


def _procedures(finding: Finding, paths: tuple[str, ...], pool: Pool, stood: Stood) -> Iterator[Evidence]:
    for label in finding.procedures:
        place = stood.place_of(label.removesuffix(UNCERTAIN))
        facts: list[Fact] = []
        for path in paths if place else ():
            facts += [one for one in _under(path, pool) if _is_under(one.path, place or "")]
        yield Evidence("May count" if label.endswith(UNCERTAIN) else "Counted", label.removesuffix(UNCERTAIN),
                       tuple(dict.fromkeys(facts)))  # fmt: skip
