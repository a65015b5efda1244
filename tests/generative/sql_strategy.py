"""Policies and populations that try every part of a statement.

One policy takes every kind of measure and comparison. Any policy can be asked with all its criteria of everything, because
few random histories reach the later steps of a pathway. Several small populations go through one statement together.
"""

from collections.abc import Iterator
from itertools import cycle, product

import msgspec
import pyarrow as pa
from events_strategy import events
from hypothesis import strategies as st

from facetwise.audit.sql.names import needs_of
from facetwise.rules import Policy, load_library, read_policy
from facetwise.rules.expressions import Always
from facetwise.rules.policy import RequestRules

WRITTEN = [policy for policy in load_library().values() if policy.contractor is None]
"""Those of Medicare's contractors differ in few thresholds from the text that they share."""

EVERYTHING = """
id: every-measure
kind: payer
issuer: Nobody
title: Every kind of measure and comparison, in regions that claim the same levels
effective: {{from: 2020-01-01}}
sources:
  none: {{title: Nothing, issuer: Nobody, certainty: unverified}}
regions:
  neck: C0-1..C7-T1
  upper: C5-6..T12-L1
  junction: T12-L1..L1-2
  lower: L1-2..L5-S1
measures:
{measures}
requests:
  first:
    title: A request that may not be told
    asked_when: with_steroid and kind = 'radiofrequency_ablation'
    criteria:
      - {{id: shared, says: One thing., test: pain_axial, cites: {{source: none, where: here}}}}
  second:
    title: Any other
    asked_when: kind != 'epidural_steroid_injection'
    criteria:
      - {{id: shared, says: Another thing., test: not pain_axial, cites: {{source: none, where: here}}}}
{criteria}
"""
ROWS = {
    "near": "overlaps_request and purpose != 'therapeutic' or guidance in ('ct', 'ultrasound')",
    "far": "kind = request.kind and same_region and not (levels > request.levels) and days_before != 13",
}
"""What the procedures of a measure have in common."""
CITES = "cites: {source: none, where: here}"
FIELDS = {
    "relief_percent": "1",
    "months_of_50_percent_relief": "never",
    "weeks_of_over_50_percent_relief": "3",
    "relief_ended": "true",
    "with_steroid": "false",
    "purpose": "diagnostic",
}
"""What measures are of, and their values where there is no procedure."""
OF_NUMBERS = list(FIELDS)[:3]
FORMS = {
    "number": "{0} >= 1|{0} < 50|{0} = 0|{0} != 50|{0} between 1 and 80|{0} in (0, 1, 50)|50 <= {0}|{0} < best|{0} = best",
    "word": "{0} = 'diagnostic'|{0} != purpose|{0} in ('therapeutic', 'diagnostic')",
    "yes or no": "{0}|not {0}",
}
OTHERS = (
    "levels in (1, 2)|levels_in_scope|levels_contiguous|bilateral|earlier_procedures_known|lumbar_requested"
    "|session_levels >= 2|session_regions = 1|session_regions < 2|session_regions != 2|not cervical_requested"
    "|pain_months between 3 and 6|true|not (pain_axial and (red_flag or false))"
)


def _measures() -> Iterator[tuple[str, str, bool]]:
    """Name, document, and whether it is of a number."""
    yield "best", "max: best_follow_up_relief_percent, otherwise: '0'", True
    for rows, over in (("near", "prior"), ("far", "prior"), ("far", "same_day")):
        where, name = f'where: "{ROWS[rows]}"', f"{rows}_{over}"
        for kind in ("count", "count_days"):
            yield f"{kind}_{name}", f"{kind}: {over}, {where}", True
        yield f"sum_{name}", f"sum: relief_percent, over: {over}, {where}", True
        fields = [*product(("latest", "earliest"), FIELDS), *product(("max", "min"), OF_NUMBERS)]
        for kind, field in fields[rows == "far" :: 1 if rows == "near" else 2]:
            document = f"{kind}: {field}, over: {over}, {where}, otherwise: '{FIELDS[field]}'"
            yield f"{kind}_{field}_{name}", document, field in OF_NUMBERS
    after = "days_before > count_near_prior and not (relief_percent >= latest_relief_percent_near_prior)"
    yield "built", f'count: prior, where: "{after} or latest_with_steroid_near_prior"', True


def _every_measure() -> Policy:
    measures = [*_measures()]
    tests, forms = OTHERS.split("|"), {kind: cycle(texts.split("|")) for kind, texts in FORMS.items()}
    for name, document, numeric in measures:
        kind = "number" if numeric else ("word" if "purpose" in document.split(",")[0] else "yes or no")
        tests += [next(forms[kind]).format(name) for _ in range(2)]
    single = [f'      - {{id: c{n}, says: {n}, test: "{test}", {CITES}}}' for n, test in enumerate(tests)]
    arms = [f'{{says: {n}, test: "{test}"}}' for n, test in enumerate(tests)]
    joined = [
        f"      - {{id: j{n}, says: {n}, {form}: [{', '.join(arms[n : n + 4])}], {CITES}, "
        f'applies_when: "{tests[n + 5]}", unless: "{tests[n + 6]}"}}'
        for n, form in zip(range(0, len(tests) - 6, 7), 99 * ["all_of", "any_of", "at_least: 2, of"], strict=False)
    ]
    lines = [f"  {name}: {{says: {name}, {document}}}" for name, document, _ in measures]
    return read_policy(EVERYTHING.format(measures="\n".join(lines), criteria="\n".join(single + joined)), "every.yaml")


EVERY_MEASURE = _every_measure()


def asked_of_everything(policy: Policy) -> Policy:
    """The policy with one request, which is always meant and asks every criterion."""
    every = RequestRules("everything", "Everything", Always(True), tuple(policy.criteria().values()))
    return msgspec.structs.replace(policy, requests=(every,))


@st.composite
def populations(draw: st.DrawFn, policy: Policy, number: int = 4) -> tuple[pa.Table, pa.Table]:
    """Several event tables in one with their visits, with the columns that a policy asks about."""
    facts = needs_of(policy).columns()
    drawn = [draw(events(facts)) for _ in range(number)]
    rows = [_renumbered(table, 10 * n) for n, (table, _) in enumerate(drawn)]
    return pa.concat_tables(rows), pa.concat_tables(_renumbered(visits, 10 * n) for n, (_, visits) in enumerate(drawn))


def _renumbered(table: pa.Table, first: int) -> pa.Table:
    patients = pa.array([first + patient for patient in table["patient"].to_pylist()], pa.int64())
    return table.set_column(0, "patient", patients)
