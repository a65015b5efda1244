"""From a policy document to a policy: parses leaves, resolves names, attaches citations, and reports every problem."""

from typing import NamedTuple

from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.evidence.sources import Certainty, Cites
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field, FieldType
from facetwise.rules.documents import CriterionDocument, MeasureDocument, PolicyDocument, RequestDocument, StepDocument
from facetwise.rules.expressions import Always, Expression, Name, Value, names_in
from facetwise.rules.grammar import LeafError, Scope, parse_leaf
from facetwise.rules.policy import Arm, Citation, Criterion, Measure, Policy, RequestRules, Step
from facetwise.rules.revising import revise
from facetwise.spine import LEVELS, Region, level_mask, level_named, region_of

KINDS_OF_MEASURE = ("count", "count_days", "latest", "earliest", "max", "min", "sum")


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
    if compiling.problems:
        raise DocumentError(compiling.problems)
    return policy


def revised_by(yaml: YamlDocument) -> str | None:
    """The id of the policy that a document revises, if any."""
    found = yaml.value.get("revises") if isinstance(yaml.value, dict) else None
    return found if isinstance(found, str) else None


class _Place(NamedTuple):
    """Where a leaf stands, for an error: the document path and the criterion or measure."""

    path: Path
    owner: str


class _Compiling:
    """Compiles one document, collecting problems instead of stopping at the first."""

    def __init__(self, yaml: YamlDocument, document: PolicyDocument) -> None:
        self.yaml = yaml
        self.document = document
        self.problems: list[Problem] = []
        self.facts: dict[str, Field] = dict(REQUEST_FIELDS)

    def policy(self) -> Policy:
        document = self.document
        regions = self._regions()
        measures = {name: self._measure(name, measure) for name, measure in document.measures.items()}
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

    def _regions(self) -> dict[str, int]:
        if not self.document.regions:
            return {
                str(region): level_mask(level for level in LEVELS if region_of(level) is region) for region in Region
            }
        return {name: self._region(name, text) for name, text in self.document.regions.items()}

    def _region(self, name: str, text: str) -> int:
        mask = 0
        for part in text.split(","):
            first, _, last = part.strip().partition("..")
            try:
                low, high = level_named(first.strip()), level_named((last or first).strip())
            except KeyError as error:
                self._add(("regions", name), f"{error} is no level", did_you_mean(str(error.args[0]), LEVELS))
                continue
            mask |= (1 << (high + 1)) - (1 << low)
        return mask

    def _measure(self, name: str, document: MeasureDocument) -> Measure:
        path: Path = ("measures", name)
        kinds = [kind for kind in KINDS_OF_MEASURE if getattr(document, kind) is not None]
        kind = kinds[0] if kinds else "count"
        counts = kind in ("count", "count_days")
        if len(kinds) != 1:
            self._add(path, f"The measure {name} needs exactly one kind", "Give one of " + ", ".join(KINDS_OF_MEASURE))
        if name in self.facts:
            self._add(path, f'"{name}" is already a field or a measure', "Give the measure another name")
        of = None if counts or not kinds else self._measured_field(path, kind, getattr(document, kind))
        field = self._measure_field(name, document, kind, of)
        where = document.where and self._leaf(
            document.where, _Place((*path, "where"), name), Scope(self.facts, PRIOR_FIELDS)
        )
        measure = Measure(
            name=name,
            says=document.says,
            kind=kind,
            over=getattr(document, kind) if counts and kinds else document.over,
            of=Name(of.name, of_row=True) if of else None,
            where=where or None,
            otherwise=self._otherwise(path, document, kind, field),
            field=field,
        )
        self.facts[name] = field  # the measures below may use it; itself and those above cannot, so no cycle exists
        return measure

    def _measured_field(self, path: Path, kind: str, name: str) -> Field | None:
        field = PRIOR_FIELDS.get(name)
        if field is None:
            self._add((*path, kind), f'A procedure has no field "{name}"', did_you_mean(name, list(PRIOR_FIELDS)))
        elif kind in ("max", "min", "sum") and field.type is not FieldType.NUMBER:
            self._add((*path, kind), f"{name} is {field.type.value}", f"{kind} needs a number")
        return field

    def _measure_field(self, name: str, document: MeasureDocument, kind: str, of: Field | None) -> Field:
        """A measure seen as a field, so that leaves may use it and findings can show it."""
        says = document.says or name.replace("_", " ")
        if of is None:
            unit = "days" if kind == "count_days" else "procedures"
            return Field(name, FieldType.NUMBER, unit, says, "", "procedures")
        return Field(name, of.type, of.unit, says, of.question, of.path, of.values)

    def _otherwise(self, path: Path, document: MeasureDocument, kind: str, field: Field) -> Value:
        text = document.otherwise
        if kind in ("count", "count_days", "sum"):
            if text is not None:
                self._add((*path, "otherwise"), f"{kind} of nothing is 0", "Leave `otherwise` out")
            return 0
        if text is None:
            remedy = "Give `otherwise`: a number, `never` for infinitely long ago, or a word the field may have"
            self._add(path, f"The measure {field.name} has no value for a patient without such a procedure", remedy)
            return None
        if field.type is FieldType.NUMBER:
            try:
                return float("inf") if text == "never" else float(text)
            except ValueError:
                self._add((*path, "otherwise"), f'"{text}" is no number', "Give a number, or `never`")
        if field.type is FieldType.BOOLEAN:
            return text == "true"
        return text

    def _criterion(self, document: CriterionDocument, path: Path) -> Criterion:
        scope = Scope(self.facts)
        place = _Place(path, document.id)
        arms, needed = self._arms(document, place, scope)
        return Criterion(
            id=document.id,
            says=document.says,
            arms=arms,
            needed=needed,
            applies_when=self._optional(document.applies_when, "applies_when", place, scope),
            unless=self._optional(document.unless, "unless", place, scope),
            advisory=document.advisory,
            citation=self._citation(document.cites, place),
            note=document.note,
            names=tuple(dict.fromkeys(name for arm in arms for name in names_in(arm.test))),
        )

    def _arms(self, document: CriterionDocument, place: _Place, scope: Scope) -> tuple[tuple[Arm, ...], int]:
        forms = [form for form in ("test", "all_of", "any_of", "of") if getattr(document, form) is not None]
        if len(forms) != 1 or (document.at_least is None) != (document.of is None):
            remedy = "Give one of test, all_of, any_of, or at_least together with of"
            self._add(place.path, f"The criterion {document.id} needs exactly one test", remedy)
            return (), 1
        if document.test is not None:
            test = self._leaf(document.test, _Place((*place.path, "test"), place.owner), scope)
            return (Arm(document.says, document.test, test),), 1
        form = forms[0]
        leaves = getattr(document, form)
        arms = tuple(
            Arm(leaf.says, leaf.test, self._leaf(leaf.test, _Place((*place.path, form, n, "test"), place.owner), scope))
            for n, leaf in enumerate(leaves)
        )
        needed = {"all_of": len(arms), "any_of": 1, "of": document.at_least or 1}[form]
        if not 1 <= needed <= len(arms):
            self._add((*place.path, form), f"{needed} of {len(arms)} cannot be met", "List more, or ask for fewer")
        return arms, needed

    def _optional(self, text: str | None, key: str, place: _Place, scope: Scope) -> Expression | None:
        return None if text is None else self._leaf(text, _Place((*place.path, key), place.owner), scope)

    def _leaf(self, text: str, place: _Place, scope: Scope) -> Expression:
        try:
            return parse_leaf(text, scope)
        except LeafError as error:
            what = f"{place.owner}: {error.what}"
            self.problems.append(self.yaml.problem(place.path, what, error.remedy, error.offset))
            return Always(False)

    def _citation(self, cites: Cites | None, place: _Place) -> Citation:
        if cites is None:
            return Citation()
        source = self.document.sources.get(cites.source)
        if source is None:
            remedy = did_you_mean(cites.source, list(self.document.sources)) or "Add it under `sources`"
            self._add((*place.path, "cites", "source"), f'There is no source "{cites.source}"', remedy)
            return Citation()
        certainty: Certainty = cites.certainty or source.certainty
        url = source.url or (f"doi:{source.doi}" if source.doi else "")
        return Citation(cites.source, source.title, cites.where, url, source.read_on, certainty)

    def _request(self, name: str, document: RequestDocument, groups: dict[str, tuple[Criterion, ...]]) -> RequestRules:
        path: Path = ("requests", name)
        asked_when = self._leaf(document.asked_when, _Place((*path, "asked_when"), name), Scope(self.facts))
        included: list[Criterion] = []
        for n, group in enumerate(document.includes):
            if group not in groups:
                self._add((*path, "includes", n), f'There is no group "{group}"', did_you_mean(group, list(groups)))
            included += groups.get(group, ())
        own = [self._criterion(criterion, (*path, "criteria", n)) for n, criterion in enumerate(document.criteria)]
        return RequestRules(name, document.title, asked_when, (*included, *own))

    def _check_ids(self, requests: tuple[RequestRules, ...]) -> None:
        for rules in requests:
            seen: set[str] = set()
            for criterion in rules.criteria:
                if criterion.id in seen:
                    what = f"The criterion {criterion.id} is asked twice of {rules.id}"
                    self._add(("requests", rules.id), what, "Give each criterion its own id")
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
            self._add(path, f'There is no {what} "{name}"', did_you_mean(name, known))

    def _add(self, path: Path, what: str, remedy: str) -> None:
        self.problems.append(self.yaml.problem(path, what, remedy))
