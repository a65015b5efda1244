"""The rule language: documents, a closed grammar, Kleene truth, measures, evaluation and explanation.

What compiles rules from their text is imported when it is first asked for: it brings the parser of expressions, which
a command that finds the compiled library on disk never needs.
"""

from typing import TYPE_CHECKING, Any

from facetwise.rules.choosing import REFERENCE_PAYER, Choice, contractor_for, of_contractor, policies_for
from facetwise.rules.documents import PolicyDocument
from facetwise.rules.evaluate import assess, assess_view, find, status_of
from facetwise.rules.findings import (
    ArmResult,
    Assessment,
    DecidingValue,
    Finding,
    Missing,
    Status,
    shown,
    verdict_of,
)
from facetwise.rules.loading import (
    UnknownPolicy,
    contractor_table,
    load_library,
    policies_in_force,
    policy_named,
)
from facetwise.rules.payers import contractor_name, payer_name, payers
from facetwise.rules.policy import Citation, Criterion, Measure, Policy, RequestRules, Step
from facetwise.rules.situation import History, Situation, View
from facetwise.rules.topics import Topic

if TYPE_CHECKING:
    from facetwise.rules.compiling import compile_policy, read_policy
    from facetwise.rules.grammar import LeafError, Scope, parse_leaf
    from facetwise.rules.reading_library import read_policy_file

_WHEN_ASKED = {
    "LeafError": "grammar",
    "Scope": "grammar",
    "compile_policy": "compiling",
    "parse_leaf": "grammar",
    "read_policy": "compiling",
    "read_policy_file": "reading_library",
}


def __getattr__(name: str) -> Any:
    if name not in _WHEN_ASKED:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"facetwise.rules.{_WHEN_ASKED[name]}"), name)


__all__ = [
    "REFERENCE_PAYER",
    "ArmResult",
    "Assessment",
    "Choice",
    "Citation",
    "Criterion",
    "DecidingValue",
    "Finding",
    "History",
    "LeafError",
    "Measure",
    "Missing",
    "Policy",
    "PolicyDocument",
    "RequestRules",
    "Scope",
    "Situation",
    "Status",
    "Step",
    "Topic",
    "UnknownPolicy",
    "View",
    "assess",
    "assess_view",
    "compile_policy",
    "contractor_for",
    "contractor_name",
    "contractor_table",
    "find",
    "load_library",
    "of_contractor",
    "parse_leaf",
    "payer_name",
    "payers",
    "policies_for",
    "policies_in_force",
    "policy_named",
    "read_policy",
    "read_policy_file",
    "shown",
    "status_of",
    "verdict_of",
]
