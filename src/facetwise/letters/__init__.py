"""Documents a clinic sends, tied to the record: letters with their checklists, diary reports, addenda, summaries.

Import the renderer you need, `markdown`, `html` or `pdf`: each brings a library that others should not load. So do
`patient_summary`, and `shown_with` for what a letter shows beside the record.
"""

from facetwise.letters.addendum import procedure_addendum
from facetwise.letters.checklist import Checklist, ChecklistRow, PolicyChecklist, documentation_checklist
from facetwise.letters.checklist_page import checklist_page
from facetwise.letters.diary_report import diary_report, named_or_last
from facetwise.letters.letter import Chance, Detail, Fact, Gap, Letter, Need, Passage, Statement
from facetwise.letters.letter_page import letter_page
from facetwise.letters.packet import packet_page
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.writing import medical_necessity_letter

__all__ = [
    "NOBODY",
    "Chance",
    "Checklist",
    "ChecklistRow",
    "Detail",
    "Fact",
    "Gap",
    "Letter",
    "Need",
    "Parties",
    "Passage",
    "PolicyChecklist",
    "Statement",
    "checklist_page",
    "diary_report",
    "documentation_checklist",
    "letter_page",
    "medical_necessity_letter",
    "named_or_last",
    "packet_page",
    "procedure_addendum",
]
