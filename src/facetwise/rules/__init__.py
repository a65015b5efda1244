"""The rule language: documents, a closed grammar, Kleene truth, measures, evaluation and explanation."""

from facetwise.rules.choosing import Choice, contractor_for, policies_for
from facetwise.rules.compiling import compile_policy, read_policy
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
from facetwise.rules.grammar import LeafError, Scope, parse_leaf
from facetwise.rules.loading import (
    UnknownPolicy,
    contractor_table,
    load_library,
    policies_in_force,
    policy_named,
    read_policy_file,
)
from facetwise.rules.policy import Citation, Criterion, Measure, Policy, RequestRules, Step
from facetwise.rules.situation import History, Situation, View
from facetwise.rules.topics import Topic

__all__ = [
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
    "contractor_table",
    "find",
    "load_library",
    "parse_leaf",
    "policies_for",
    "policies_in_force",
    "policy_named",
    "read_policy",
    "read_policy_file",
    "shown",
    "status_of",
    "verdict_of",
]
