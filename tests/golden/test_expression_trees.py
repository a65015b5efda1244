"""Every leaf of the library, as sqlglot parses it and as Facetwise understands it.

An update of sqlglot, or of the grammar, that changes how a shipped rule is read shows here as a difference.
`make golden` writes the file anew.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import sqlglot

from facetwise.documents import YamlDocument
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS
from facetwise.rules import Policy, Scope, load_library, parse_leaf
from facetwise.rules.documents import CriterionDocument
from facetwise.rules.leaves import Leaves

GOLDEN = Path(__file__).parent / "expression_trees.txt"


def test_expression_trees():
    found = "\n".join(entries())
    if os.environ.get("FACETWISE_REGENERATE") == "1":
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8"), "see the docstring of this file"


def entries() -> Iterator[str]:
    """One entry for each distinct leaf: its place, its text, both trees."""
    leaves: dict[tuple[str, str, str], Scope] = {}
    for policy in load_library().values():
        facts = {**REQUEST_FIELDS, **{name: measure.field for name, measure in policy.measures.items()}}
        constants = Leaves(YamlDocument("", {}, {}), policy.document.conventions).constants
        for text in request_leaves(policy):
            leaves["of a request", text, with_values(text, constants)] = Scope(facts, None, constants)
        for text in procedure_leaves(policy):
            leaves["of a procedure", text, with_values(text, constants)] = Scope(facts, PRIOR_FIELDS, constants)
    for (place, text, values), scope in sorted(leaves.items(), key=lambda item: item[0]):
        (tree,) = sqlglot.parse(text)
        yield f"=== {place}: {text}{values}\n{tree!r}\n--- {parse_leaf(text, scope)!r}\n"


def with_values(text: str, constants: dict[str, bool | float | str]) -> str:
    """The conventions that a leaf names, with their values: one text may mean several things."""
    named = [f"{name} = {value}" for name, value in constants.items() if re.search(rf"\b{name}\b", text)]
    return f"  ({', '.join(named)})" if named else ""


def procedure_leaves(policy: Policy) -> Iterator[str]:
    yield from (measure.where for measure in policy.document.measures.values() if measure.where is not None)


def request_leaves(policy: Policy) -> Iterator[str]:
    document = policy.document
    for criteria in document.groups.values():
        yield from criterion_leaves(*criteria)
    for request in document.requests.values():
        yield request.asked_when
        yield from criterion_leaves(*request.criteria)
    yield from criterion_leaves(*(step.here_when for step in document.steps))


def criterion_leaves(*criteria: CriterionDocument) -> Iterator[str]:
    for criterion in criteria:
        arms = (*(criterion.all_of or ()), *(criterion.any_of or ()), *(criterion.of or ()))
        leaves = [criterion.applies_when, criterion.test, criterion.unless, *(arm.test for arm in arms)]
        yield from (leaf for leaf in leaves if leaf is not None)


def test_the_golden_file_has_every_leaf_once():
    headings = [line for line in GOLDEN.read_text(encoding="utf-8").splitlines() if line.startswith("=== ")]
    assert len(headings) == len(set(headings)) > 100
