"""No clinical number stands in code or in a text unless a cited figure or a cited rule has it.

Numbers in code come from `figure("...")`. The few others are declared below with what they are: a figure or a rule of
the library whose number they repeat, which is checked, or a reason in words why they are not clinical. Quantities in
texts equal a figure of the same kind of unit that shares two words with the text, or a threshold of the library.
A declaration of a number that is gone fails too. Not searched: the figures themselves, which are the source; the
stories of example patients, who are invented; fenced blocks of documents, which are files, commands and their output.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from clinical_numbers import (
    Found,
    Sized,
    code_numbers,
    html_text,
    markdown_text,
    paths_under,
    patient_texts,
    policy_texts,
    python_texts,
    sizes_of_figures,
    sizes_of_policy,
    text_quantities,
)

from facetwise.documents import YamlDocument, read_yaml
from facetwise.evidence import figure

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "facetwise"
LIBRARY = SOURCE / "library"


class Figure(NamedTuple):
    """The number is the value, low or high of this figure."""

    id: str


class Rule(NamedTuple):
    """The number is a threshold of this policy, in percent."""

    policy: str


Reason = str | Figure | Rule

ENCODED = "numbers that stand for truths, statuses, days, bits and rows"
NOT_CLINICAL = {
    "diary/chart.py": "coordinates of the diary's drawing",
    "pathway/drawing.py": "coordinates of the pathway",
    "probability/icon_array.py": "coordinates of the icon array",
    "education/reading_level.py": "published constants of readability formulas, named in its docstring",
    "education/syllables.py": "syllables of words",
    "education/text.py": "widths of lines, rows of people",
    **dict.fromkeys(
        (
            "audit/engines.py",
            "audit/findings.py",
            "audit/kernel/runtime.py",
            "audit/kernel/source.py",
            "audit/kernel/compiled.py",
            "audit/reference.py",
            "audit/report/journey_kernel.py",
            "audit/report/journeys.py",
            "audit/report/policy_tally.py",
            "audit/report/tallying.py",
            "audit/running.py",
            "audit/sql/events.py",
            "audit/sql/layout.py",
            "audit/sql/names.py",
            "audit/sql/sites.py",
            "audit/sql/statement.py",
            "audit/kernel/table.py",
        ),
        ENCODED,
    ),
    **dict.fromkeys(
        ("audit/report/bars.py", "audit/report/drawing.py", "audit/report/flow_drawing.py", "audit/report/plots.py"),
        "coordinates of the report's drawings",
    ),
    **dict.fromkeys(
        (
            "audit/report/protected_journeys.py",
            "audit/report/protected_policies.py",
            "audit/report/protecting.py",
            "audit/report/suppression.py",
        ),
        "the threshold of suppression, what a reader would miss, bins of days, quartiles",
    ),
    "audit/report/funnel_limits.py": "limits of funnel plots, in percent of what chance alone would do",
    **dict.fromkeys(
        (
            "audit/report/page.py",
            "audit/report/policy_sections.py",
            "audit/report/protected_groups.py",
            "audit/report/whole_page.py",
        ),
        "how numbers are written, and how many rows are shown",
    ),
    **dict.fromkeys(("audit/sources.py", "audit/reading/working_database.py"), "megabytes that sorting needs"),
    **dict.fromkeys(
        ("audit/spark/asking.py", "audit/spark/buckets.py", "cli/audit_command.py"),
        "events in a batch, buckets of a core, megabytes, the least count shown",
    ),
    "audit/mapping/fhir_parts.py": "how a process ends, and how often it says how far it is",
    "clinic/patients/timeline.py": "coordinates of the timeline",
    "clinic/diary/paper_form.py": "the end of the pain scale, rows of a form",
    "clinic/records/forms.py": "rows of a list that one form may send",
    "clinic/procedures/forms.py": "the end of the pain scale, the least that is not nothing, rows of a field",
    **dict.fromkeys(
        (
            "cli/clinic_command.py",
            "clinic/access.py",
            "clinic/actions/accounts.py",
            "clinic/actions/aids.py",
            "clinic/actions/clinics.py",
            "clinic/actions/diaries.py",
            "clinic/actions/links.py",
            "clinic/actions/people.py",
            "clinic/actions/policies.py",
            "clinic/actions/procedures.py",
            "clinic/actions/reminders.py",
            "clinic/actions/saved_views.py",
            "clinic/actions/tries.py",
            "clinic/aid/views.py",
            "clinic/claims/reading.py",
            "clinic/claims/views.py",
            "clinic/daily.py",
            "clinic/demo.py",
            "clinic/diary/measured.py",
            "clinic/diary/paper.py",
            "clinic/diary/views.py",
            "clinic/diary/wire.py",
            "clinic/failing.py",
            "clinic/letters/checking.py",
            "clinic/letters/views.py",
            "clinic/links/limits.py",
            "clinic/links/opening.py",
            "clinic/links/views.py",
            "clinic/mail_server.py",
            "clinic/oversight/settings_views.py",
            "clinic/oversight/working_out.py",
            "clinic/patients/page.py",
            "clinic/once.py",
            "clinic/patients/plain_ids.py",
            "clinic/patients/uploading.py",
            "clinic/patients/views.py",
            "clinic/people/views.py",
            "clinic/policies/browsing.py",
            "clinic/policies/checking.py",
            "clinic/policies/in_use.py",
            "clinic/policies/versions.py",
            "clinic/policies/views.py",
            "clinic/policies/writing.py",
            "clinic/procedures/views.py",
            "clinic/records/views.py",
            "clinic/request_size.py",
            "clinic/secret_key.py",
            "clinic/serving.py",
            "clinic/settings.py",
            "clinic/sign_in/views.py",
            "clinic/trail/chain.py",
            "clinic/trail/filtering.py",
            "clinic/trail/views.py",
            "clinic/worklist/views.py",
        ),
        "ports, processes, seconds, bytes, answers of HTTP, lengths of keys and pages",
    ),
}

PLAUSIBLE = "no measurement is beyond it: a bound against slips of the keyboard"
SCALE = "the end of the pain scale, 0 to 10"
VERTEBRA = "the number of a vertebra or nerve"
IN_CODE: dict[tuple[str, float], Reason] = {
    ("audit/kernel/facts.py", 30): "the limit in the field's own name",
    ("audit/kernel/facts.py", 50): "the limit in the field's own name",
    ("clinic/migrations/0001_initial.py", 90): "the clinic's own setting, and its default",
    ("reports/procedure_advice.py", 2): "criteria that are shown at most",
    ("clinic/letters/verdicts.py", 3): "criteria that are shown at most",
    ("coding/claim_dates.py", 12): "months in a year",
    ("clinic/oversight/settings_form.py", 3): "lines of an address",
    ("clinic/patients/models.py", 400): "characters of a line of the worklist",
    ("diary/scoring.py", 50): Figure("lumbar_block_relief_cut_off_lumbar_guideline_2020_percent"),
    ("clinic/people/models.py", 90): "the clinic's own setting, and its default",
    ("clinic/diary/protocol.py", 10): "the least minutes between two scores, which leave time for what provokes pain",
    ("clinic/diary/protocol.py", 60): "minutes in an hour",
    ("clinic/oversight/settings_form.py", 365): "days in a year, the longest that a clinic may wait",
    ("clinic/oversight/stored.py", 11): "the least count shown",
    ("coding/edit_files.py", 20): "problems of a file that are looked for at most",
    ("coding/edits.py", 3): "months in a quarter",
    ("documents/disk_cache.py", 30): "days for which an unused copy is kept",
    ("diary/told.py", 10): "tenths of a percent",
    ("rules/compiling_criteria.py", 2000): "ways to meet a criterion that are looked at, at most",
    ("probability/draws.py", 3): "the median of a Beta distribution, nearly",
    ("probability/reading.py", 100): "percent are at most 100",
    ("cli/main.py", 50): "problems of a file that are printed at most",
    ("diary/comparison.py", 80): Figure("block_relief_cut_off_asipp_2020_percent"),
    ("diary/protocol.py", 50): Figure("lumbar_block_relief_cut_off_lumbar_guideline_2020_percent"),
    ("diary/protocol.py", 75): Figure("block_relief_cut_off_asipp_2013_percent"),
    ("diary/protocol.py", 80): Figure("block_relief_cut_off_asipp_2020_percent"),
    ("diary/protocol.py", 100): Figure("block_relief_cut_off_spine_intervention_society_percent"),
    ("diary/scoring.py", 30): "half an hour, to the nearest whole one",
    ("diary/scoring.py", 80): Rule("medicare-facet-2021"),
    ("documents/json_reading.py", 64): "MiB of a document",
    ("documents/json_reading.py", 300): "digits of a number",
    ("documents/yaml_reading.py", 50): "levels of a document",
    ("examples/loading.py", 2000): "the first year of examples",
    ("examples/loading.py", 2200): "the last year of examples",
    ("fhir/medications.py", 0.001): "milligrams in a microgram",
    ("fhir/medications.py", 10): "mg/mL in a percent",
    ("fhir/medications.py", 1000): "milligrams in a gram",
    ("fhir/observations.py", 10): SCALE,
    ("fhir/observations.py", 24): "hours in a day",
    ("fhir/observations.py", 100): "percent are at most 100",
    ("fhir/procedures.py", 150): PLAUSIBLE,
    ("letters/letter_page.py", 3): "level of a heading",
    ("letters/markdown.py", 10): "rows and columns of a hundred people",
    ("letters/page.py", 2): "level of a heading",
    ("letters/parties.py", 30): "characters of a line to sign on",
    ("letters/patient_summary.py", 4): "shares of the width of columns",
    ("letters/responses.py", 50): Figure("lumbar_block_relief_cut_off_lumbar_guideline_2020_percent"),
    ("letters/responses.py", 80): Rule("medicare-facet-2021"),
    ("pathway/earliest.py", 3): "years to look ahead, longer than any rule waits",
    ("pathway/earliest.py", 7): "days in a week",
    ("records/patient.py", 6): "sacroiliac tests of the cluster that is asked about",
    ("records/patient.py", 1890): PLAUSIBLE,
    ("records/patient.py", 2200): PLAUSIBLE,
    ("records/procedures.py", 10): SCALE,
    ("records/procedures.py", 100): "percent are at most 100",
    ("records/procedures.py", 150): PLAUSIBLE,
    ("records/procedures.py", 3600): PLAUSIBLE,
    ("records/reading.py", 2): "spaces of indentation",
    ("reports/comparison_page.py", 3): "columns side by side",
    ("reports/diary_page.py", 10): SCALE,
    ("reports/diary_page.py", 20): "characters of a bar",
    ("reports/text.py", 100): "characters of a line",
    ("rules/comparing.py", 2): "requests from which a criterion is called common",
    ("rules/documents.py", 5): "columns of the drawing",
    ("rules/documents.py", 20): "rows of the drawing",
    ("rules/reachable.py", 2000): "alternatives that are tried",
    ("rules/response.py", 30): Figure("ablation_repeat_prior_relief_cervical_guideline_2022_percent"),
    ("rules/response.py", 50): Rule("medicare-facet-2021"),
    ("rules/staying_current.py", 12): "months after which somebody looks at a policy's text again",
    **dict.fromkeys((("spine/nerves.py", number) for number in (5, 7, 8, 11)), VERTEBRA),
}

EXAMPLE = "a made-up example of the form"
STYLE = "the style of a drawing"
READER = "the time that the reader needs"
IN_TEXTS: dict[tuple[str, str], str] = {
    ("README.md", "6 days"): "the README's invented patient",
    ("src/facetwise/library/payers/cases/medicare-facet-2021.yaml", "3 days"): EXAMPLE,
    ("docs/decisions/intervals.md", "0 months"): EXAMPLE,
    ("docs/decisions/missing-exception.md", "8 days"): EXAMPLE,
    ("docs/how-to/add-a-payer.md", "1 minute"): READER,
    ("docs/how-to/add-a-payer.md", "5 minutes"): READER,
    ("docs/how-to/add-a-payer.md", "6 minutes"): READER,
    ("docs/how-to/add-a-payer.md", "8 minutes"): READER,
    ("docs/how-to/add-a-payer.md", "20 minutes"): READER,
    ("docs/index.md", "5 minutes"): READER,
    ("docs/how-to/run-a-clinic.md", "5000 patients"): "the clinic that benchmarks/clinic.py makes",
    ("docs/how-to/run-a-clinic.md", "50 people"): "who work in it at once",
    ("docs/how-to/run-a-clinic.md", "2 seconds"): "how long they look at a page",
    ("docs/tutorials/one-patient.md", "3 weeks"): EXAMPLE,
    ("src/facetwise/cli/diary_command.py", "0.5 %"): EXAMPLE,
    ("src/facetwise/diary/chart.py", "100 %"): STYLE,
    ("src/facetwise/diary/reading.py", "0.5 %"): EXAMPLE,
    ("src/facetwise/diary/reading.py", "0.5 mL"): EXAMPLE,
    ("src/facetwise/evidence/figures.py", "0.3 mL"): "how the cervical volume limit is printed",
    ("src/facetwise/evidence/figures.py", "0.5 mL"): "how the lumbar volume limit is printed",
    ("src/facetwise/fhir/medications.py", "1 percent"): "the definition of a concentration",
    ("src/facetwise/fhir/medications.py", "10 mg"): "the definition of a concentration",
    (
        "src/facetwise/library/payers/aetna-cpb-0016.yaml",
        "12 months",
    ): "what the rule before it comes to, said to be so",
    ("src/facetwise/library/payers/bcbs-alabama.yaml", "24 hours"): "what the issuer calls a session, a day here",
    ("src/facetwise/library/payers/bcbs-north-dakota.yaml", "12 months"): "what the rule comes to, said to be so",
    ("src/facetwise/library/payers/medicare-facet-2021.yaml", "3 days"): "the width of a warning, a convention",
    ("src/facetwise/library/payers/medicare-facet-2021.yaml", "365 days"): "a count of days that is not used",
    ("src/facetwise/library/payers/washington-hca.yaml", "12 months"): "what the rule comes to, said to be so",
    ("src/facetwise/pathway/drawing.py", "100 %"): STYLE,
    ("src/facetwise/rules/findings.py", "12 days"): EXAMPLE,
}

SKIPPED = {
    "docs/explanation/how-likely.md": "written from functions, which a test of its own compares",
    "docs/explanation/conventions.md": "written from the policies, which are searched themselves",
}


@cache
def figures() -> dict[Sized, list[frozenset[str]]]:
    return sizes_of_figures()


@cache
def library() -> dict[Path, YamlDocument]:
    return {path: read_yaml(path.read_text(encoding="utf-8"), path.name) for path in paths_under(LIBRARY, ".yaml")}


def own_thresholds(document: YamlDocument) -> set[Sized]:
    """The numbers of a policy, of what it revises and, for a file of cases, of the policy that they test."""
    sizes, seen = sizes_of_policy(document), {document.file}
    name = document.value.get("revises") or document.value.get("policy")
    while name and name not in seen:
        seen.add(name)
        for other in library().values():
            if other.value.get("id") == name:
                sizes |= sizes_of_policy(other)
                name = other.value.get("revises")
                break
    return sizes


@cache
def thresholds() -> set[Sized]:
    """The numbers of every policy; those of cases are invented."""
    policies = [document for document in library().values() if "policy" not in document.value]
    return {size for document in policies for size in sizes_of_policy(document)}


def is_sourced(found: Found, also: Iterable[Sized]) -> bool:
    return found.size in also or any(len(found.words & words) >= 2 for words in figures().get(found.size, ()))


def told(found: Iterable[Found], remedy: str) -> str:
    return "\n".join(f"{one.file}:{one.line}: {one.written} in «{one.context}». {remedy}" for one in found)


def in_code() -> list[Found]:
    return [
        found
        for path in paths_under(SOURCE, ".py")
        for found in code_numbers(path.read_text(encoding="utf-8"), path.relative_to(SOURCE).as_posix())
    ]


def in_texts() -> Iterator[tuple[Found, bool]]:
    """Quantities in strings of code, the library, texts for patients, templates and documents; what backs them."""
    for path, line, text, also in texts():
        for found in text_quantities(text, path.relative_to(ROOT).as_posix(), line):
            yield found, is_sourced(found, also)


def texts() -> Iterator[tuple[Path, int, str, set[Sized]]]:
    """Each text with its file, its first line, and the thresholds that it may repeat."""
    for path in paths_under(SOURCE, ".py"):
        yield from ((path, line, text, thresholds()) for line, text in python_texts(path.read_text(encoding="utf-8")))
    for path, document in library().items():
        yield from ((path, line, text, own_thresholds(document)) for line, text in policy_texts(document))
    for path in paths_under(SOURCE / "education" / "texts", ".yaml"):
        document = read_yaml(path.read_text(encoding="utf-8"), path.name)
        yield from ((path, line, text, set()) for line, text in patient_texts(document))
    for path in paths_under(SOURCE, ".html"):
        yield path, 1, html_text(path.read_text(encoding="utf-8")), thresholds()
    for path in [*paths_under(ROOT / "docs", ".md"), ROOT / "README.md", ROOT / "GLOSSARY.md"]:
        if path.relative_to(ROOT).as_posix() not in SKIPPED:
            yield path, 1, markdown_text(path.read_text(encoding="utf-8")), thresholds()


def test_numbers_in_code_are_figures_or_declared() -> None:
    strangers = [one for one in in_code() if one.file not in NOT_CLINICAL and (one.file, one.size[1]) not in IN_CODE]
    remedy = 'Put it into evidence/cited/ and read it with figure("..."), or say in IN_CODE why it is not clinical.'
    assert not strangers, told(strangers, remedy)


def test_quantities_in_texts_are_figures_thresholds_or_declared() -> None:
    strangers = [one for one, sourced in in_texts() if not sourced and (one.file, one.written) not in IN_TEXTS]
    remedy = "Give a figure's own number and say of what, cite it in evidence/cited/, or say why in IN_TEXTS."
    assert not strangers, told(strangers, remedy)


def test_no_declaration_is_left_over() -> None:
    code = {(one.file, one.size[1]) for one in in_code()}
    assert sorted(set(IN_CODE) - code) == [], "IN_CODE declares numbers that are gone: take them out"
    assert set(NOT_CLINICAL) <= {file for file, _ in code}, "NOT_CLINICAL names a file without numbers"
    quantities = {(one.file, one.written) for one, _ in in_texts()}
    assert sorted(set(IN_TEXTS) - quantities) == [], "IN_TEXTS declares quantities that are gone: take them out"


@pytest.mark.parametrize(("place", "reason"), IN_CODE.items(), ids=lambda part: str(part))
def test_a_declared_number_is_that_of_its_figure_or_rule(place: tuple[str, float], reason: Reason) -> None:
    if isinstance(reason, Figure):
        named = figure(reason.id)
        assert place[1] in (named.value, named.low, named.high)
    elif isinstance(reason, Rule):
        (document,) = [one for one in library().values() if one.value.get("id") == reason.policy]
        assert ("percent", place[1]) in own_thresholds(document)
    else:
        assert reason


@pytest.mark.parametrize(
    ("source", "numbers"),
    [
        ("limit = 0.5", ["0.5"]),
        ("if relief >= 80:\n    pass", ["80"]),
        ("x: Annotated[int, Meta(ge=0, le=6)]", ["6"]),
        ("score_block(diary, hours=8)", ["8"]),
        ("LIMITS = {'L': (50, 75)}", ["50", "75"]),
        ("days * 14", ["14"]),
        ('limit = figure("lumbar_block_volume_limit_ml").value', []),
        ("hours = minutes / 60", []),
        ("first, rest = text[:3], text[3:]", []),
        ("for n in range(3, 9): pass", []),
        ("if len(blocks) > 2: pass", []),
        ("count = 0 if none else 1", []),
    ],
)
def test_the_scan_of_code_tells_clinical_numbers_from_structure(source: str, numbers: list[str]) -> None:
    assert [found.written for found in code_numbers(source, "made_up.py")] == numbers


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("Blocks help 93.7% of patients.", ["93.7 %"]),
        ("Two weeks apart, at least three months.", ["2 weeks", "3 months"]),
        ("Relief lasts 4 to 6 h.", ["4 h", "6 h"]),
        ("Cut-offs of 50, 75 and 80 percent.", ["50 percent", "75 percent", "80 percent"]),
        ("A 12-month limit, then 3 complete months.", ["12 months", "3 months"]),
        ("0.5 mL at 80-90 °C through 18 G", ["0.5 mL", "80 °C", "90 °C", "18 G"]),
        ("It costs US$6,286.", ["US$6,286"]),
        ("14,312 patients", ["14312 patients"]),
        ("L4-5 and L5-S1 on 2026-11-23, code 64493, 7 July 2024", []),
        ("55 (95% CI)", []),
    ],
)
def test_the_scan_of_texts_finds_quantities(text: str, quantities: list[str]) -> None:
    found = [one.written for one in text_quantities(text, "made_up.md")]
    assert found == [written.replace("12 months", "12 month") for written in quantities]


@pytest.mark.parametrize(
    ("text", "sourced"),
    [
        ("Lumbar facet pain was confirmed in 31% of patients by two blocks.", True),
        ("Lumbar facet pain was confirmed in 33.3% of patients by two blocks.", False),
        ("A lumbar medial branch block takes at most 0.5 mL a nerve.", True),
        ("A lumbar medial branch block takes at most 0.7 mL a nerve.", False),
        ("Parking is free for 31% of visitors.", False),
        ("A new block is due after 11 weeks.", False),
    ],
)
def test_a_made_up_quantity_is_told(text: str, sourced: bool) -> None:
    (found,) = text_quantities(text, "made_up.md")
    assert is_sourced(found, ()) is sourced
    assert sourced or "made_up.md:1: " in told([found], "Cite it.")


def test_a_policy_may_say_its_own_thresholds_and_no_others() -> None:
    text = (
        "id: made-up\n"
        "measures:\n"
        "  days_since: {says: Days since a block, latest: days_before}\n"
        "groups:\n"
        "  timing:\n"
        "    - {says: At least two weeks since the block., test: days_since >= 14}\n"
        "    - {says: At least three weeks since the block., test: days_since >= 14}\n"
    )
    document = read_yaml(text, "made-up.yaml")
    found = [one for line, says in policy_texts(document) for one in text_quantities(says, "made-up.yaml", line)]
    assert [(one.line, one.written) for one in found if one.size not in sizes_of_policy(document)] == [(7, "3 weeks")]
