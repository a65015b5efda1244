"""A report from findings and the events that they are of, written in one step."""

from collections.abc import Callable, Sequence
from pathlib import Path

from facetwise.audit.findings import read_manifest
from facetwise.audit.reading.side_files import kept_whole
from facetwise.audit.report.html import html
from facetwise.audit.report.population import population_summary
from facetwise.audit.report.protecting import LEAST, suppressed
from facetwise.audit.running import ROWS_PER_BATCH
from facetwise.audit.sources import Source
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy, load_library


def write_report(
    findings: Path,
    source: Source,
    out: Path,
    least: int = LEAST,
    told: Callable[[int], None] = lambda rows: None,
    *,
    policies: Sequence[Policy] = (),
    rows_per_batch: int = ROWS_PER_BATCH,
    cores: int = 0,
) -> None:
    """Write the page of a folder of findings to `out`, all or nothing.

    `source` has the events that were audited, and `policies` those that are not in the library. Counts under `least`
    are suppressed; 1 suppresses nothing. `told` is called with the number of events done. Raises `DocumentError`.
    """
    if least < 1:
        raise DocumentError([Problem("least", f"{least} is no threshold", "Give 1 or more; 1 suppresses nothing")])
    if not out.parent.is_dir():
        what = "The report cannot be written: there is no such folder"
        raise DocumentError([Problem("", what, "Make the folder, or name another", str(out))])
    library = {**load_library(), **{policy.id: policy for policy in policies}}
    manifest = read_manifest(findings)
    asked = [library[one.id] for one in manifest.policies if one.id in library]
    batches = source.batches(rows_per_batch, manifest.columns)
    population = population_summary(findings, batches, asked, columns=source.columns, cores=cores, told=told)
    with kept_whole(out) as partial:
        partial.write_text(html(suppressed(population, least)), encoding="utf-8")
