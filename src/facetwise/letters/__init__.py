"""Documents a clinic sends: a letter of medical necessity and a documentation checklist, tied to the record.

Import the renderer you need, `markdown`, `html` or `pdf`: each brings a library that others should not load.
"""

from facetwise.letters.checklist import Checklist, ChecklistRow, PolicyChecklist, documentation_checklist
from facetwise.letters.checklist_page import checklist_page
from facetwise.letters.letter import Chance, Detail, Fact, Gap, Letter, Need, Passage, Statement
from facetwise.letters.letter_page import letter_page
from facetwise.letters.writing import medical_necessity_letter

__all__ = [
    "Chance",
    "Checklist",
    "ChecklistRow",
    "Detail",
    "Fact",
    "Gap",
    "Letter",
    "Need",
    "Passage",
    "PolicyChecklist",
    "Statement",
    "checklist_page",
    "documentation_checklist",
    "letter_page",
    "medical_necessity_letter",
]
