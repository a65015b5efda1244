"""From a policy document to a policy: parses leaves, resolves names, attaches citations, and reports every problem."""

from collections.abc import Mapping

from facetwise.documents import DocumentError, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.rules.compiling_criteria import compile_criterion
from facetwise.rules.compiling_measures import compile_measure
from facetwise.rules.documents import CriterionDocument, PolicyDocument, RequestDocument, StepDocument
from facetwise.rules.leaves import Leaves, Place
from facetwise.rules.policy import Criterion, Policy, RequestRules, Step
from facetwise.rules.revising import revise
from facetwise.spine import LEVELS, Region, level_mask, level_named, region_of


def read_policy(text: str, file: str, earlier: PolicyDocument | None = None) -> Policy:
    """The policy in a YAML text; `earlier` is the document that it revises.

    Raises `DocumentError` naming every problem with its file, line and column.
    """
    return compile_policy(read_yaml(text, file), earlier)


def compile_policy(yaml: YamlDocument, earlier: PolicyDocument | None = None) -> Policy:
    """The same, of a document whose YAML has been read."""
    document = yaml.typed(PolicyDocument)
    if earlier is not None:
        document = revise(earlier, document)
    compiling = _Compiling(yaml, document)
    policy = compiling.policy()
    if compiling.leaves.problems:
        raise DocumentError(compiling.leaves.problems)
    return policy


def revised_by(yaml: YamlDocument) -> str | None:
    """The id of the policy that a document revises, if any."""
    found = yaml.value.get("revises") if isinstance(yaml.value, dict) else None
    return found if isinstance(found, str) else None


def compile_regions(regions: Mapping[str, str], path: Path, leaves: Leaves) -> dict[str, int]:
    """Each region as a mask of levels; the anatomical ones where a policy draws none. Problems go to `leaves`."""
    if not regions:
        return {str(region): level_mask(level for level in LEVELS if region_of(level) is region) for region in Region}
    return {name: _region(text, (*path, "regions", name), leaves) for name, text in regions.items()}


def _region(text: str, path: Path, leaves: Leaves) -> int:
    mask = 0
    for part in text.split(","):
        first, _, last = part.strip().partition("..")
        try:
            low, high = level_named(first.strip()), level_named((last or first).strip())
        except KeyError as error:
            leaves.add(path, f"{error} is no level", did_you_mean(str(error.args[0]), LEVELS))
            continue
        mask |= (1 << (high + 1)) - (1 << low)
    return mask


class _Compiling:
    """Compiles one document, collecting problems instead of stopping at the first."""

    def __init__(self, yaml: YamlDocument, document: PolicyDocument) -> None:
        self.document = document
        self.leaves = Leaves(yaml, document.conventions)

    def policy(self) -> Policy:
        document = self.document
        regions = compile_regions(document.regions, (), self.leaves)
        measures = {name: compile_measure(name, measure, self.leaves) for name, measure in document.measures.items()}
        groups = {
            name: tuple(self._criterion(criterion, ("groups", name, n)) for n, criterion in enumerate(criteria))
            for name, criteria in document.groups.items()
        }
        requests = tuple(self._request(name, request, groups) for name, request in document.requests.items())
        self._check_ids(requests)
        return Policy(
            id=document.id,
            kind=document.kind,
            issuer=document.issuer,
            title=document.title,
            payer=document.payer,
            contractor=document.contractor,
            effective_from=document.effective.from_,
            effective_to=document.effective.to,
            revises=document.revises,
            sources=document.sources,
            regions=regions,
            measures=measures,
            requests=requests,
            steps=tuple(self._step(step, n) for n, step in enumerate(document.steps)),
            notes=document.notes,
            document=document,
        )

    def _criterion(self, document: CriterionDocument, path: Path) -> Criterion:
        return compile_criterion(document, path, self.leaves, self.document.sources)

    def _request(self, name: str, document: RequestDocument, groups: dict[str, tuple[Criterion, ...]]) -> RequestRules:
        path: Path = ("requests", name)
        asked_when = self.leaves.leaf(document.asked_when, Place((*path, "asked_when"), name))
        included: list[Criterion] = []
        for n, group in enumerate(document.includes):
            if group not in groups:
                self.leaves.add(
                    (*path, "includes", n), f'There is no group "{group}"', did_you_mean(group, list(groups))
                )
            included += groups.get(group, ())
        own = [self._criterion(criterion, (*path, "criteria", n)) for n, criterion in enumerate(document.criteria)]
        return RequestRules(name, document.title, asked_when, (*included, *own))

    def _check_ids(self, requests: tuple[RequestRules, ...]) -> None:
        for rules in requests:
            seen: set[str] = set()
            for criterion in rules.criteria:
                if criterion.id in seen:
                    what = f"The criterion {criterion.id} is asked twice of {rules.id}"
                    self.leaves.add(("requests", rules.id), what, "Give each criterion its own id")
                seen.add(criterion.id)

    def _step(self, document: StepDocument, number: int) -> Step:
        path: Path = ("steps", number)
        steps = [step.id for step in self.document.steps]
        for n, edge in enumerate(document.leads_to):
            self._known((*path, "leads_to", n), edge.to, steps, "step")
        for n, alternative in enumerate(document.alternatives):
            self._known((*path, "alternatives", n), alternative.step, steps, "step")
        if document.request is not None:
            self._known((*path, "request"), document.request, list(self.document.requests), "request")
        return Step(
            id=document.id,
            title=document.title,
            does=document.does,
            here_when=self._criterion(document.here_when, (*path, "here_when")),
            proposes=document.proposes,
            request=document.request,
            leads_to=document.leads_to,
            alternatives=document.alternatives,
            drawn=document.drawn,
        )

    def _known(self, path: Path, name: str, known: list[str], what: str) -> None:
        if name not in known:
            self.leaves.add(path, f'There is no {what} "{name}"', did_you_mean(name, known))
