"""A population on one page: what was asked, who got how far, which criteria fail, what a moved threshold changes.

`population_summary` counts, `suppressed` makes of that what may be shown, `html` shows it; `write_report` does all.
"""

from facetwise.audit.report.html import html
from facetwise.audit.report.population import Population, population_summary
from facetwise.audit.report.protecting import suppressed
from facetwise.audit.report.summary import Summary
from facetwise.audit.report.writing import write_report

__all__ = ["Population", "Summary", "html", "population_summary", "suppressed", "write_report"]
