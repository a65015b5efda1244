"""`facetwise validate` finds everything wrong with a policy and its cases: file, line, remedy."""

from collections.abc import Callable
from pathlib import Path

import pytest

POLICY = """id: tried
kind: payer
payer: tried
issuer: Tried
title: Tried
effective: {from: 2024-01-01}
sources:
  text: {title: The text, read_on: 2026-11-23}
regions:
  lumbar: L1-2..L5-S1
measures:
  blocks:
    count: prior
    where: kind = 'medial_branch_block' and relief_percent >= 80
requests:
  ablation:
    title: Ablation
    asked_when: kind = 'radiofrequency_ablation'
    criteria:
      - id: two_blocks
        topic: blocks_before_ablation
        says: Two blocks.
        test: blocks >= 2
        cites: {source: text}
"""
OTHER_TEST = """requests:
  block:
    title: Block
    asked_when: kind = 'medial_branch_block'
    criteria:
      - {id: two_blocks, topic: block_interval, says: One., test: blocks >= 1, cites: {source: text}}
"""
CASES = """policy: tried
cases:
  - says: No block.
    request: ablation
    expect: {two_blocks: not met}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "what", "remedy"),
    [
        ("cites: {source: text}", "cites: {source: txt}", 24, 'no source "txt"', "Did you mean text?"),
        (
            "test: blocks >= 2",
            "test: pain_monts >= 2",
            23,
            'no field or measure "pain_monts"',
            "Did you mean pain_months?",
        ),
        ("test: blocks >= 2", "test: blocks >= 2 and blocks < 2", 20, "can never be met", "exclude each other"),
        (
            "relief_percent >= 80",
            "relief_percent >= 80 and relief_percent < 50",
            14,
            "No procedure can belong",
            "exclude",
        ),
        (
            "cites: {source: text}",
            "cites: {source: text}\n        figures: [lumbar_prevalence]",
            25,
            "no figure",
            "Did you mean",
        ),
        ("topic: blocks_before_ablation", "topic: blocks", 21, 'Found "blocks"', "blocks_before_ablation"),
        ("        topic: blocks_before_ablation\n", "", 20, "has no topic", "blocks_before_ablation"),
        ("payer: tried\n", "", 1, "does not say whose it is", "payer: a name"),
        ("{from: 2024-01-01}", "{from: 2024-01-01, to: 2023-12-31}", 6, "ends on 2023-12-31", "Swap"),
        (", read_on: 2026-11-23", "", 8, "has no read_on", "certainty: unverified"),
        ("        cites: {source: text}\n", "", 20, "two_blocks does not say where it stands", "Give cites"),
        (
            "2026-11-23}\nregions",
            "2026-11-23}\n  other: {title: Another, read_on: 2026-11-23}\nregions",
            9,
            'cites the source "other"',
            "Cite it, or leave it out",
        ),
        (
            "  ablation:\n",
            "  any:\n    title: Any\n    asked_when: kind != 'spinal_fusion'\n  ablation:\n",
            21,
            "request ablation can never be meant: any above it",
            "exclude each other",
        ),
        (
            "  ablation:\n",
            "  again:\n    title: Again\n    asked_when: kind = 'radiofrequency_ablation'\n  ablation:\n",
            21,
            "request ablation can never be meant: again above it",
            "exclude each other",
        ),
        (
            "requests:\n",
            OTHER_TEST,
            22,
            "two_blocks of ablation tests something else than that of block",
            "its own id",
        ),
        ("test: blocks >= 2", "test: levels_in_scope", 20, "draws no regions", "Draw `regions`"),
        ("says: Two blocks.", "says: Two: blocks.", 22, "Not YAML", "quotes"),
    ],
)
def test_each_fault_of_a_policy(
    facetwise: Callable, tmp_path: Path, old: str, new: str, line: int, what: str, remedy: str
) -> None:
    text = POLICY.replace(old, new)
    if "levels_in_scope" in new:
        text = text.replace("regions:\n  lumbar: L1-2..L5-S1\n", "")
        line -= 2
    file = tmp_path / "tried.yaml"
    file.write_text(text)
    outcome = facetwise("validate", file)
    assert outcome.code == 1
    told = outcome.err.splitlines()[0]
    assert f"tried.yaml:{line}:" in told
    assert what in told
    assert remedy in told


def test_a_sound_policy_and_what_its_cases_leave_out(facetwise: Callable, tmp_path: Path) -> None:
    (tmp_path / "tried.yaml").write_text(POLICY)
    (tmp_path / "cases.yaml").write_text(CASES)
    outcome = facetwise("validate", tmp_path / "tried.yaml", tmp_path / "cases.yaml")
    assert outcome.code == 0
    notes = [line.partition("cases.yaml: ")[2] for line in outcome.err.splitlines()]
    assert notes == [
        "two_blocks: no case is met",
        "two_blocks: no case is not documented",
        "two_blocks: no case on either side of blocks >= 2",
        "two_blocks: no case on either side of relief_percent >= 80",
    ]


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        (
            "not met",
            "needs review",
            5,
            "The case is unreachable: this criterion can only be met, not documented, not met",
        ),
        ("two_blocks:", "three_blocks:", 5, "tried has no such criterion. Did you mean two_blocks?"),
        ("request: ablation", "request: first_block", 5, "tried has no such request. Accepted: ablation"),
        ("two_blocks: not met", "verdict: not met", 5, "A case that expects verdict has no `request`: leave it out"),
        ("{two_blocks: not met}", "{two_blocks: no}", 5, '"no" is no status'),
        ("policy: tried", "policy: tired", None, 'no policy "tired"'),
        ("    request: ablation\n", "    facts: {pain_monts: '3'}\n", 4, 'no field "pain_monts"'),
    ],
)
def test_each_fault_of_a_case(
    facetwise: Callable, tmp_path: Path, old: str, new: str, line: int | None, what: str
) -> None:
    (tmp_path / "tried.yaml").write_text(POLICY)
    (tmp_path / "cases.yaml").write_text(CASES.replace(old, new))
    outcome = facetwise("validate", tmp_path / "cases.yaml")
    assert outcome.code == 1
    assert what in outcome.err
    if line is not None:
        assert f"cases.yaml:{line}:" in outcome.err


def test_two_policies_of_one_payer_in_force_on_one_day(facetwise: Callable, tmp_path: Path) -> None:
    (tmp_path / "tried.yaml").write_text(POLICY)
    later = POLICY.replace("id: tried", "id: tried-later").replace("2024-01-01", "2025-01-01")
    (tmp_path / "later.yaml").write_text(later)
    outcome = facetwise("validate", tmp_path / "tried.yaml", tmp_path / "later.yaml")
    assert outcome.code == 1
    assert "later.yaml:6:" in outcome.err
    assert "tried and tried-later of tried are both in force from 2025-01-01. End tried the day before" in outcome.err
    (tmp_path / "tried.yaml").write_text(POLICY.replace("{from: 2024-01-01}", "{from: 2024-01-01, to: 2024-12-31}"))
    assert facetwise("validate", tmp_path / "tried.yaml", tmp_path / "later.yaml").code == 0


def test_a_policy_that_collides_with_the_library(facetwise: Callable, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(POLICY.replace("payer: tried", "payer: centene"))
    outcome = facetwise("validate", tmp_path / "ours.yaml")
    assert outcome.code == 1
    assert "of centene are both in force" in outcome.err


def test_a_contractor_table_with_two_rows_for_one_day(facetwise: Callable, tmp_path: Path) -> None:
    table = (Path(__file__).parents[2] / "src/facetwise/library/medicare/contractors.yaml").read_text()
    broken = tmp_path / "contractors.yaml"
    broken.write_text(table.replace("to: 2024-07-06}", "to: 2024-07-07}"))
    outcome = facetwise("validate", broken)
    assert outcome.code == 1
    assert "of medicare (palmetto) are both in force from 2024-07-07" in outcome.err


def test_a_contractor_table_with_a_state_of_two_contractors(facetwise: Callable, tmp_path: Path) -> None:
    table = (Path(__file__).parents[2] / "src/facetwise/library/medicare/contractors.yaml").read_text()
    broken = tmp_path / "contractors.yaml"
    broken.write_text(table.replace("states: [KY, OH]", "states: [KY, OH, TX]"))
    outcome = facetwise("validate", broken)
    assert outcome.code == 1
    assert "TX is in J15 and in JH" in outcome.err


def test_a_contractor_table_with_a_source_that_nobody_cites(facetwise: Callable, tmp_path: Path) -> None:
    table = (Path(__file__).parents[2] / "src/facetwise/library/medicare/contractors.yaml").read_text()
    broken = tmp_path / "contractors.yaml"
    broken.write_text(table.replace("sources:\n", "sources:\n  extra: {title: Extra, read_on: 2026-11-23}\n", 1))
    outcome = facetwise("validate", broken)
    assert outcome.code == 1
    assert 'No statement cites the source "extra"' in outcome.err
