"""`assumptions.yaml` read strictly: every figure fits its use, and every question has exactly one answer."""

from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from typing import get_args

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.evidence import Figure, UnknownFigure, figure
from facetwise.probability.assumptions import Assumptions, OtherPair, Setting, Share, SourceRow
from facetwise.probability.likelihood import PositiveBlocks, Threshold
from facetwise.probability.words import quoted
from facetwise.spine import Region

FILE = "assumptions.yaml"
SPECIFICITY = "A:"
"""How the definition of a false positive rate starts that is 1 - specificity. Rates of definition B are refused."""


@cache
def assumptions() -> Assumptions:
    """What comes with Facetwise. Raises `DocumentError` where the file was damaged."""
    text = files(__package__).joinpath(FILE).read_text(encoding="utf-8")
    return read_assumptions(text, FILE)


def read_assumptions(text: str, file: str) -> Assumptions:
    """The assumptions in `text`. Raises `DocumentError` with every problem and its line."""
    yaml = read_yaml(text, file)
    written = yaml.typed(Assumptions)
    if problems := list(_problems(yaml, written)):
        raise DocumentError(sorted(problems, key=lambda problem: problem.line or 0))
    return written


def _problems(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    for path, share, role in _shares(written):
        yield from (yaml.problem((*path, "figure"), what, remedy) for what, remedy in _misfits(share, role))
    yield from _unanswered(yaml, written)
    yield from _words(yaml, written)
    for number, row in enumerate(written.source):
        if row.reference not in written.references:
            what = f'There is no reference "{row.reference}"'
            yield yaml.problem(
                ("source", number, "reference"), what, did_you_mean(row.reference, [*written.references])
            )
    for path, text in _notes(written):
        for id in quoted(text):
            if (found := _found(id)) is None or found.value is None:
                yield yaml.problem(path, f'The text quotes "{id}", which has no value', "Name a figure of evidence/")


def _shares(written: Assumptions) -> Iterator[tuple[Path, Share, str]]:
    """Every share with its place and what it stands for."""
    for number, row in enumerate(written.source):
        pairs: list[tuple[Path, SourceRow | OtherPair]] = [((), row)]
        pairs += [(("others", place), other) for place, other in enumerate(row.others)]
        for inner, pair in pairs:
            yield ("source", number, *inner, "prevalence"), pair.prevalence, "prevalence"
            yield ("source", number, *inner, "false_positive"), pair.false_positive, "false positive"
    for number, outcome in enumerate(written.ablation):
        yield ("ablation", number, "share"), outcome.share, "outcome"
    shown = [("ablation", number, outcome.beside) for number, outcome in enumerate(written.ablation)]
    shown += [("ablation_gaps", number, gap.beside) for number, gap in enumerate(written.ablation_gaps)]
    for name, number, rows in shown:
        for place, beside in enumerate(rows):
            yield (name, number, "beside", place, "share"), beside.share, "beside"


def _misfits(share: Share, role: str) -> Iterator[tuple[str, str]]:
    """Why a figure cannot be used so: finding and remedy."""
    for id in filter(None, (share.figure, share.all_but)):
        if (found := _found(id)) is None:
            yield f'There is no figure "{id}"', "Name a figure of evidence/cited/"
        elif found.unit != "percent":
            yield f"{id} is in {found.unit}", "Name a figure in percent"
    found = _found(share.figure)
    if found is None:
        return
    if role == "false positive" and not found.definition.startswith(SPECIFICITY):
        yield f"{found.id} is not 1 - specificity", f'Name a rate whose definition starts with "{SPECIFICITY}"'
    if share.by == "printed" and role != "beside":
        yield f"{found.id} would have no interval", "Show it under `beside`"
    if lacking := _lacking(found, share):
        yield f"{found.id} has no {lacking}", f"It cannot be used by {share.by}: see the top of the file"


def _lacking(found: Figure, share: Share) -> str:
    counted = _found(share.all_but) if share.all_but else found
    match share.by:
        case "counts":
            return "value" if found.value is None else ("n" if counted is None or counted.n is None else "")
        case "interval":
            ends = found.low is not None and found.high is not None and found.low < found.high
            return "" if found.value is not None and ends and found.interval == "95% CI" else "value with a 95% CI"
        case "range":
            return "" if None not in (found.low, found.high) else "low and high"
        case "printed":
            return "" if found.value is not None else "value"


def _found(id: str) -> Figure | None:
    try:
        return figure(id)
    except UnknownFigure:
        return None


def _unanswered(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    """Questions that have no answer or several."""
    thresholds, blocks = get_args(Threshold), get_args(PositiveBlocks)
    asked: dict[str, tuple[Iterable[object], str, Iterable[object]]] = {
        "source": ((*written.source, *written.source_gaps), "settings", Setting),
        "ablation": ((*written.ablation, *written.ablation_gaps), "positive_blocks", blocks),
    }
    for name, (rows, third, choice) in asked.items():
        for question in product(Region, thresholds, choice):
            answers = sum(_answers(row, ("regions", "thresholds", third), question) for row in rows)
            if answers != 1:
                words = ", ".join(str(part) for part in question)
                remedy = f"Give it one row, under `{name}` or `{name}_gaps`"
                yield yaml.problem((name,), f"{words}: there are {answers} rows for it", remedy)


def _answers(row: object, fields: Iterable[str], question: Iterable[object]) -> bool:
    return all(part in getattr(row, field) for field, part in zip(fields, question, strict=True))


def _words(yaml: YamlDocument, written: Assumptions) -> Iterator[Problem]:
    """What is wrong with the scale, the texts of settings and regions, and bounds that are crossed."""
    cuts = [word.below for word in written.words]
    if cuts != sorted(set(cuts)) or not cuts or cuts[-1] <= 100:
        yield yaml.problem(("words",), "The cut points do not rise to above 100", "Order them, the last above 100")
    if missing := [setting for setting in Setting if setting not in written.settings]:
        yield yaml.problem(("settings",), f"{missing[0]} is not described", "Say what it is and why")
    if missing_region := [region for region in Region if region not in written.ablation_notes]:
        yield yaml.problem(("ablation_notes",), f"{missing_region[0]} is missing", "Write [] where there is no note")
    told, dependence = written.quantiles, written.dependence
    if not told.low < told.middle < told.high:
        yield yaml.problem(("quantiles",), "The quantiles do not rise", "Write them in order")
    if dependence.low > dependence.high:
        yield yaml.problem(("dependence", "low"), "low is above high", "Swap them")


def _notes(written: Assumptions) -> Iterator[tuple[Path, str]]:
    noted = [("source", number, row.notes) for number, row in enumerate(written.source)]
    noted += [("ablation", number, row.notes) for number, row in enumerate(written.ablation)]
    for name, number, texts in noted:
        yield from (((name, number, "notes", place), text) for place, text in enumerate(texts))
    for region, texts in written.ablation_notes.items():
        yield from ((("ablation_notes", str(region), place), text) for place, text in enumerate(texts))
