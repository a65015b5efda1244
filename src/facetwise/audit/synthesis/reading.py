"""`assumptions.yaml` read strictly: every figure is there and has the right unit, every word is in the catalogue."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from math import isclose

from facetwise.audit.events import FACTS, Shape
from facetwise.audit.synthesis.assumptions import Assumptions, Fact, Like, WithoutSource
from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.evidence import UnknownFigure, figure
from facetwise.spine import LEVELS, Region

FILE = "assumptions.yaml"

OF_RESPONSES = frozenset(
    {"relief_percent", "relief_percent_by_scores", "relief_percent_stated", "relief_lasted_as_agent", "same_scale"}
)
"""Facts that are a procedure's response, which `responses.py` makes."""


@cache
def assumptions() -> Assumptions:
    """What comes with Facetwise. Raises `DocumentError` where the file was damaged."""
    return read_assumptions(files(__package__).joinpath(FILE).read_text(encoding="utf-8"), FILE)


def read_assumptions(text: str, file: str) -> Assumptions:
    """The assumptions in `text`. Raises `DocumentError` with every problem and its line."""
    yaml = read_yaml(text, file)
    written = yaml.typed(Assumptions)
    if problems := [*_figures(yaml, written), *_levels(yaml, written), *_facts(yaml, written), *_shares(yaml, written)]:
        raise DocumentError(sorted(problems, key=lambda problem: problem.line or 0))
    return written


def figure_ids(written: Assumptions) -> Iterator[tuple[Path, str, str]]:
    """Every figure that the file names: its place, its id and the unit that it must have."""
    for number, one in enumerate(written.strata):
        yield ("strata", number, "relief_first"), one.relief_first, "months"
        yield ("strata", number, "relief_repeat"), one.relief_repeat, "months"
        yield ("strata", number, "repeat_success"), one.repeat_success, "percent"
    for source, id in written.other_sources.figures.items():
        yield ("other_sources", "figures", source), id, "percent"
    yield ("other_sources", "facet"), written.other_sources.facet, "percent"
    for region, levels in written.levels.items():
        for number, level in enumerate(levels):
            if level.figure:
                yield ("levels", region.value, number, "figure"), level.figure, "percent"
    for name in ("sacroiliac", "extension_rotation"):
        for rate in ("sensitivity", "specificity"):
            yield ("examination", f"{name}_{rate}"), getattr(written.examination, f"{name}_{rate}"), "percent"
    for name in ("temperature", "temperature_elsewhere"):
        yield ("ablation", name), getattr(written.ablation, name), "°C"
    for source, id in written.who.age.items():
        yield ("who", "age", source), id, "years"
    yield ("responses", "therapeutic_success"), written.responses.therapeutic_success, "percent"


def _figures(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    for path, id, unit in figure_ids(written):
        try:
            found = figure(id)
        except UnknownFigure as unknown:
            yield yaml.problem(path, f'There is no figure "{id}"', unknown.remedy)
            continue
        if found.unit != unit:
            yield yaml.problem(path, f"{id} is in {found.unit}", f"Name a figure in {unit}")
        if found.value is None and None in (found.low, found.high):
            yield yaml.problem(path, f"{id} has neither a value nor both ends", "Name a figure that has")


def _levels(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    for region, levels in written.levels.items():
        for number, one in enumerate(levels):
            if one.level not in LEVELS:
                path = ("levels", region.value, number, "level")
                yield yaml.problem(path, f'"{one.level}" is no level', did_you_mean(one.level, LEVELS))
        if not any(one.figure or one.weight for one in levels):
            yield yaml.problem(("levels", region.value), "No level has a weight", "Give one a figure or a weight")
    for region in Region:
        if region not in written.levels:
            yield yaml.problem(("levels",), f"{region} is missing", "Give its levels")


def _facts(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    for name, fact in written.facts.items():
        if name not in FACTS or name in OF_RESPONSES:
            remedy = did_you_mean(name, sorted(set(FACTS) - OF_RESPONSES))
            yield yaml.problem(("facts", name), f'"{name}" is no fact to be spread', remedy)
        elif what := _misfit(name, fact, written):
            yield yaml.problem(("facts", name), what, f"{name} is {FACTS[name].shape}: see events.py")
    for name in FACTS:
        if name not in written.facts and name not in OF_RESPONSES:
            yield yaml.problem(("facts",), f"{name} is missing", "Say how often it is documented")


def _misfit(name: str, fact: Fact, written: Assumptions) -> str:
    """Why a fact cannot be spread as written; nothing where it can."""
    column = FACTS[name]
    if strange := [word for word in fact.words if word not in column.values]:
        return f'"{strange[0]}" is not one of its words'
    if fact.yes is not None and column.shape is not Shape.YES_NO:
        return "`yes` is for yes or no"
    if (fact.low is None) != (fact.high is None) or (fact.low is not None and column.shape is not Shape.NUMBER):
        return "`low` and `high` go together and are for numbers"
    if fact.with_ and fact.with_ not in written.facts:
        return f'"{fact.with_}" is no other fact'
    return ""


def _shares(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    if not isclose(sum(one.share for one in written.strata), 1):
        yield yaml.problem(("strata",), "The shares do not come to 1", "Make them the parts of one population")
    named = [(one.region, one.threshold) for one in written.strata]
    likes: list[Like | WithoutSource] = [one.ablation_like for one in written.strata if one.ablation_like]
    for like in (*likes, written.ablation_without_source):
        if (like.region, like.threshold) not in named:
            what = f"There is no stratum {like.region} {like.threshold}"
            yield yaml.problem(("strata",), what, "Name one of those in the list")
