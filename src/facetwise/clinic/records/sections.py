"""The sections of the record's page: which part of the record each writes, and with which form."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from django.http import QueryDict

from facetwise.clinic.people.models import Clinic
from facetwise.clinic.policies.in_use import payers_of
from facetwise.clinic.records.fields import Choices
from facetwise.clinic.records.forms import Asked, ConditionsForm, PartForm, Rows
from facetwise.records import (
    Complaint,
    Conditions,
    ConservativeCare,
    Coverage,
    Examination,
    FunctionScore,
    Goals,
    Imaging,
    PainScore,
    Patient,
)
from facetwise.records.procedures import Part
from facetwise.rules import contractor_table
from facetwise.rules.facts import RED_FLAGS

SectionForm = PartForm | Rows | ConditionsForm


class Section(NamedTuple):
    """A section: its anchor and title, the place in the record, the part that stands there, and what is asked of it."""

    key: str
    title: str
    path: str
    part: type[Part]
    names: tuple[str, ...]
    form: type[Any] = PartForm
    says: str = ""
    none: str = ""
    further: Mapping[str, Any] = {}

    def form_of(self, tree: Mapping[str, Any], asked: Asked, data: Any = None) -> SectionForm:
        """The form, filled with what the record says, or with what was sent."""
        form: SectionForm = self.form(
            data, part=self.part, path=self.path, names=self.names, asked=asked,
            written=written_at(tree, self.path), prefix=self.key, **self.further,
        )  # fmt: skip
        return form


def _names(part: type[Part], without: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(one.encode_name for one in msgspec.structs.fields(part) if one.encode_name not in without)


_WITH_SITES = ("fracture", "facet_cyst", "fusion")
_TODAY = "Where no day is given, what is newly said counts as of today."

SECTIONS = (
    Section("patient", "The patient", "patient", Patient, _names(Patient, ("id",))),
    Section("coverage", "Who pays", "coverage", Coverage, ("payer", "state", "contractor")),
    Section("complaint", "The complaint", "complaint", Complaint, (
        "region", "onset", "pattern", "severity", "limits_function", "aggravated_by", "sites")),
    Section("pain", "Pain scores", "complaint.pain", PainScore, _names(PainScore), Rows,
            says="Give one score, or lowest and highest where only a range was written down."),
    Section("function", "Disability scores", "complaint.function", FunctionScore, _names(FunctionScore), Rows),
    Section("red-flags", "Red flags", "conditions", Conditions, RED_FLAGS, ConditionsForm, says=_TODAY,
            further={"with_sites": _WITH_SITES}),
    Section("conservative_care", "Conservative care", "conservative_care", ConservativeCare, _names(ConservativeCare),
            Rows, none="No conservative care was given"),
    Section("examinations", "Examinations", "examinations", Examination, _names(Examination), Rows,
            none="The patient was not examined"),
    Section("imaging", "Imaging", "imaging", Imaging, _names(Imaging), Rows, none="No images were made"),
    Section("conditions", "Other conditions", "conditions", Conditions, _names(Conditions, RED_FLAGS), ConditionsForm,
            says=_TODAY, further={"with_sites": _WITH_SITES}),
    Section("goals", "What is wanted", "goals", Goals, _names(Goals)),
)  # fmt: skip

BY_KEY = {one.key: one for one in SECTIONS}

PROCEDURES = "procedures"
"""The anchor of the list of procedures."""


OTHERS_ABSENT = "others_absent"
"""The button that says of every condition that nothing was said of: it was considered, and is absent."""


def others_absent(section: Section, sent: QueryDict) -> QueryDict:
    """What was sent, with every condition absent that it leaves not documented."""
    filled = sent.copy()
    for name in section.names if section.form is ConditionsForm else ():
        if not filled.get(place := f"{section.key}-{name}-present"):
            filled[place] = "false"
    return filled


def anchor_of(path: str) -> str | None:
    """The section of the record's page where a fact is written; None for one that is not of the record."""
    if path.startswith(PROCEDURES):
        return PROCEDURES
    if path == "conditions" or path.removeprefix("conditions.") in RED_FLAGS:
        return "red-flags"
    found = [one for one in SECTIONS if path == one.path or path.startswith(f"{one.path}.")]
    return max(found, key=lambda one: (len(one.path), one.key == "conditions")).key if found else None


def choices_for(clinic: Clinic, tree: Mapping[str, Any]) -> dict[str, Choices]:
    """What can be chosen where a record may hold any word: payers and states. What the record has stays among them."""
    table = contractor_table()
    states = sorted({state for one in table.jurisdictions.values() for state in one.states})
    choices = {
        "coverage.payer": [*payers_of(clinic), ("other", "Another one, of which the library holds no policy")],
        "coverage.state": [(state, state) for state in states],
        "coverage.contractor": [(str(key), one.name) for key, one in table.contractors.items()],
    }
    for path, offered in choices.items():
        has = written_at(tree, path)
        if has is not None and has not in dict(offered):
            offered.append((has, has))
    return choices


def written_at(tree: Mapping[str, Any], path: str) -> Any:
    """What the record's JSON has at a path; None for nothing."""
    place: Any = tree
    for step in path.split("."):
        place = (place or {}).get(step)
    return place
