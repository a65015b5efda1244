"""The files of codes and rules: complete, cited, and refused with the line when they are damaged."""

import ast
from importlib.resources import files
from pathlib import Path

import pytest

import facetwise.coding
from facetwise.coding import cite, codebook
from facetwise.coding.codebook import Family, Service
from facetwise.coding.reading_codebook import read_codebook
from facetwise.documents import DocumentError
from facetwise.spine import LEVELS

PACKAGE = Path(facetwise.coding.__file__).parent
CODES, RULES, SOURCES = (
    files("facetwise.coding").joinpath("rules", name).read_text(encoding="utf-8")
    for name in ("codes.yaml", "rules.yaml", "sources.yaml")
)


def test_every_rule_is_used_and_every_rule_that_is_named_exists() -> None:
    book = codebook()
    strings, named = set(), set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                strings.add(node.value)
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("cite", "rules_named"):
                named |= {one.value for one in node.args if isinstance(one, ast.Constant)}
    by_contractor = (*book.rules.junction.combined, *book.rules.junction.counts_as_lumbar)
    assert set(book.rules.rules) == (strings & set(book.rules.rules)) | {row.rule for row in by_contractor}
    assert named <= set(book.rules.rules)


@pytest.mark.parametrize("rule", sorted(codebook().rules.rules))
def test_a_rule_is_a_sentence_with_a_source(rule) -> None:
    citation = cite(rule)
    assert citation.says[0].isupper()
    assert citation.says.endswith(".")
    assert citation.source


def test_a_source_that_was_read_says_when() -> None:
    for key, source in codebook().sources.items():
        assert (source.read_on is not None) == source.certainty.verified, key


def test_every_level_has_one_family() -> None:
    families = codebook().families
    assert sorted(level for family in families.values() for level in family) == sorted(LEVELS)
    assert codebook().family_of("C7-T1") is Family.CERVICAL_THORACIC
    assert codebook().family_of("T12-L1") is Family.CERVICAL_THORACIC
    assert codebook().family_of("L5-S1") is Family.LUMBAR_SACRAL


def test_add_on_codes_name_primaries_of_their_own_service() -> None:
    codes = codebook().codes
    for code in codes.values():
        for primary in (*code.primaries, *code.junction_primaries):
            assert codes[primary].service is code.service
            assert codes[primary].primaries == ()
    assert codes["64494"].junction_primaries == ("64490",)
    assert codes["64636"].junction_primaries == ("64633",)
    assert {number for number, code in codes.items() if code.once_a_day} == {"64492", "64495"}


def test_no_wording_is_long_enough_to_be_somebody_elses() -> None:
    assert all(len(code.wording) <= 90 for code in codebook().codes.values())
    assert codebook().codes["64999"].service is Service.UNLISTED


@pytest.mark.parametrize(
    ("change", "file", "what"),
    [
        (("primaries: [64490]", "primaries: [64499]"), "codes.yaml", "There is no code 64499"),
        (("lumbar_sacral: L1-2..L5-S1", "lumbar_sacral: L1-2..L6"), "codes.yaml", "no range of levels"),
        (("source: regulation", "source: regulatoin"), "codes.yaml", 'no source "regulatoin"'),
        (("service: ablation", "service: ablatoin"), "codes.yaml", '"ablatoin"'),
        (("rule: junction_with_cgs", "rule: junction_with_cg"), "rules.yaml", 'no rule "junction_with_cg"'),
        (("{source: cgs-2024}", "{source: cgs-2042}"), "rules.yaml", 'no source "cgs-2042"'),
        (("dropped: [64492, 64495]", "dropped: [64492, 64496]"), "rules.yaml", "There is no code 64496"),
        (("levels: C2-3..C6-7", "levels: C2-3..C9"), "rules.yaml", "no range of levels"),
        (("most_levels: 2 ", "most_levels: two "), "rules.yaml", '"two"'),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(change, file, what) -> None:
    codes, rules = CODES, RULES
    if file == "codes.yaml":
        codes = codes.replace(*change, 1)
    else:
        rules = rules.replace(*change, 1)
    assert (codes, rules) != (CODES, RULES)
    with pytest.raises(DocumentError) as refusal:
        read_codebook(codes, rules, SOURCES)
    (problem,) = refusal.value.problems
    assert (problem.file, what in problem.what, problem.line is not None) == (file, True, True)
