"""What the places of a record are called on the screen: the catalogue's question, or the field's own words."""

import re

from facetwise.records import REQUEST_FIELDS
from facetwise.reports.proposals import words

_ASKED = {field.path: field.question for field in reversed(REQUEST_FIELDS.values())}
_BY_NAME = {name: field.question for name, field in REQUEST_FIELDS.items()}

_OTHERWISE = {
    "patient.sex": "Sex",
    "coverage.payer": "Who pays for the procedure?",
    "coverage.state": "In which state is the procedure done?",
    "coverage.contractor": "Which Medicare contractor, where it is not that of the state?",
    "complaint.limits_function": "Does the pain limit what the patient can do?",
    "complaint.aggravated_by": "Which movements make the pain worse?",
    "complaint.pain": "Pain scores",
    "complaint.function": "Disability scores",
    "conservative_care": "Conservative care",
    "conservative_care.start": "From",
    "conservative_care.end": "To, where it has ended",
    "conservative_care.outcome": "What came of it",
    "conservative_care.not_possible_because": "Or why it was not possible",
    "examinations": "Examination",
    "imaging": "Imaging",
    "goals.ablation_not_possible_because": "Why ablation cannot be done, where there is a reason",
    "procedures": "Procedures",
}
_WORDS = {
    **{word: word.upper() for word in ("nrs", "vas", "odi", "ndi", "pdas", "bpfs", "promis", "mri", "ct", "spect")},
    "xray": "X-ray",
}


def label_of(path: str) -> str:
    """What a place of the record is called where it is a field of a form."""
    path = re.sub(r"\[[^]]*\]", "", path)
    if path in _OTHERWISE:
        return _OTHERWISE[path]
    section, _, name = path.rpartition(".")
    if section == "conditions" or path.startswith("conditions."):
        return words(name).capitalize()  # a question may ask what was excluded: "yes" would say the opposite
    if section == "examinations":
        return _BY_NAME.get(name, words(name).capitalize())
    return _ASKED.get(path, words(name).capitalize())


def said(word: str) -> str:
    """A word of the record's lists, as it is read."""
    return _WORDS.get(word, words(word))
