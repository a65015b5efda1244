"""The policies and cases that the how-to pages show: they compile, and the cases come out."""

import re
from pathlib import Path

import pytest

from facetwise.documents import read_yaml
from facetwise.rules.cases import read_cases, run_case
from facetwise.rules.validating import require_sound_policy

DOCS = Path(__file__).parents[2] / "docs" / "how-to"
PAGES = ["write-a-policy.md", "add-a-payer.md"]


def yaml_blocks(page: str) -> list[str]:
    return re.findall(r"```yaml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_how_to_page_shows_is_true(page):
    first, *cases = yaml_blocks(page)
    policy = require_sound_policy(read_yaml(first, page))
    name, read = read_cases("".join(cases), page)
    assert name == policy.id
    assert [problem for case in read for problem in run_case(case, policy)] == []
    assert len(read) >= 1
