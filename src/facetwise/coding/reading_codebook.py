"""The files of codes and rules, read strictly: every source that is cited exists, every code that is named too."""

from collections.abc import Iterator

from msgspec.structs import replace

from facetwise.coding.codebook import Code, Codebook, CodesDocument, RulesDocument, levels_between
from facetwise.documents import DocumentError, Problem, YamlDocument, did_you_mean, read_yaml
from facetwise.documents.typing import Path
from facetwise.evidence.sources import Cites, Source


def read_codebook(codes: str, rules: str, sources: str) -> Codebook:
    """The three files as one. Raises `DocumentError` with every problem and its line."""
    codes_yaml, rules_yaml = read_yaml(codes, "codes.yaml"), read_yaml(rules, "rules.yaml")
    known = read_yaml(sources, "sources.yaml").typed(dict[str, Source])
    written, document = codes_yaml.typed(CodesDocument), rules_yaml.typed(RulesDocument)
    numbers = {number: replace(code, number=number) for number, code in written.codes.items()}
    for service, others in written.others.items():
        for number in others.codes:
            numbers[number] = Code(number=number, wording=others.wording, service=service, cites=others.cites)
    problems = [
        *_code_problems(written, codes_yaml, numbers, known),
        *_rule_problems(document, rules_yaml, numbers, known),
    ]
    if problems:
        raise DocumentError(problems)
    families = {family: frozenset(levels_between(text)) for family, text in written.families.items()}
    return Codebook(codes=numbers, families=families, rules=document, sources=known)


def _code_problems(
    document: CodesDocument, yaml: YamlDocument, numbers: dict[str, Code], sources: dict[str, Source]
) -> Iterator[Problem]:
    for family, text in document.families.items():
        yield from _range_problems(yaml, ("families", family), text)
    for number, code in document.codes.items():
        yield from _source_problems(yaml, ("codes", number), code.cites, sources)
        for primary in (*code.primaries, *code.junction_primaries):
            if primary not in numbers:
                remedy = "Name one of this file"
                yield yaml.problem(("codes", number, "primaries"), f"There is no code {primary}", remedy)
    for service, others in document.others.items():
        yield from _source_problems(yaml, ("others", service), others.cites, sources)


def _rule_problems(
    document: RulesDocument, yaml: YamlDocument, numbers: dict[str, Code], sources: dict[str, Source]
) -> Iterator[Problem]:
    for id, rule in document.rules.items():
        yield from _source_problems(yaml, ("rules", id), rule.cites, sources)
    for key in ("combined", "counts_as_lumbar"):
        for number, row in enumerate(getattr(document.junction, key)):
            if row.rule not in document.rules:
                remedy = did_you_mean(row.rule, list(document.rules))
                yield yaml.problem(("junction", key, number, "rule"), f'There is no rule "{row.rule}"', remedy)
    for code in (*document.prior_authorization.codes, *document.prior_authorization.dropped):
        if code not in numbers:
            yield yaml.problem(("prior_authorization", "codes"), f"There is no code {code}", "Name one of codes.yaml")
    for character, region in document.diagnosis_regions.items():
        yield from _range_problems(yaml, ("diagnosis_regions", character, "levels"), region.levels)


def _source_problems(yaml: YamlDocument, path: Path, cites: Cites, sources: dict[str, Source]) -> Iterator[Problem]:
    if cites.source not in sources:
        what, remedy = f'There is no source "{cites.source}"', did_you_mean(cites.source, list(sources))
        yield yaml.problem((*path, "cites", "source"), what, remedy)


def _range_problems(yaml: YamlDocument, path: Path, text: str) -> Iterator[Problem]:
    try:
        levels_between(text)
    except KeyError:
        yield yaml.problem(path, f'"{text}" is no range of levels', "Write it L1-2..L5-S1")
