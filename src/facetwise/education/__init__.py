"""What patients read: their procedure explained, and a decision aid, in English and Spanish, each claim with a source.

Pages are data. `education.html` and `education.text` lay them out, and so may anybody else.
"""

from facetwise.education.decision_aid import Answers, Importance, Leaning, Summary, decision_aid, summary_for_clinician
from facetwise.education.drawing import icon_array
from facetwise.education.page import (
    Block,
    Bullets,
    DecisionAid,
    Drawing,
    EducationPage,
    IconArray,
    Option,
    Paragraph,
    Question,
    Questions,
    Reference,
    Section,
    SideBySide,
    Value,
)
from facetwise.education.plans import Plan, YourChance, plan_kinds, plan_of, plan_of_record
from facetwise.education.understanding import education_page
from facetwise.education.written import Language

__all__ = [
    "Answers",
    "Block",
    "Bullets",
    "DecisionAid",
    "Drawing",
    "EducationPage",
    "IconArray",
    "Importance",
    "Language",
    "Leaning",
    "Option",
    "Paragraph",
    "Plan",
    "Question",
    "Questions",
    "Reference",
    "Section",
    "SideBySide",
    "Summary",
    "Value",
    "YourChance",
    "decision_aid",
    "education_page",
    "icon_array",
    "plan_kinds",
    "plan_of",
    "plan_of_record",
    "summary_for_clinician",
]
