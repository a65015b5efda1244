"""The diagnosis lists of billing articles: one file an edition, with its article, dates, contractors and source."""

import datetime
from functools import cache
from importlib.resources import files
from typing import Annotated

from msgspec import Meta

from facetwise.coding.codebook import Part
from facetwise.documents import DocumentError, read_yaml
from facetwise.evidence.sources import Source
from facetwise.records import Contractor
from facetwise.rules.documents import Effective

DiagnosisCode = Annotated[str, Meta(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")]


class DiagnosisGroup(Part, frozen=True, kw_only=True):
    """Codes of a list; `cyst` for those that stand there for a facet cyst."""

    codes: tuple[DiagnosisCode, ...]
    cyst: bool = False


class DiagnosisList(Part, frozen=True, kw_only=True):
    """The list of one edition of one article. `left_out` names what a reader may expect on it, by prefix."""

    id: str
    article: str
    edition: str
    contractors: tuple[Contractor, ...]
    effective: Effective
    source: Source
    groups: tuple[DiagnosisGroup, ...]
    left_out: dict[str, str]

    @property
    def codes(self) -> frozenset[str]:
        """Every code on the list."""
        return frozenset(code for group in self.groups for code in group.codes)

    def is_for_cyst(self, code: str) -> bool:
        """Whether the code is on the list for a facet cyst."""
        return any(group.cyst and code in group.codes for group in self.groups)


def diagnosis_list(contractor: Contractor | None, day: datetime.date) -> DiagnosisList | None:
    """The list of a contractor on a day; None where none was read. Raises `DocumentError` for a damaged file."""
    for one in diagnosis_lists():
        span = one.effective
        begun = span.from_ is None or span.from_ <= day
        if contractor in one.contractors and begun and (span.to is None or day <= span.to):
            return one
    return None


@cache
def diagnosis_lists() -> tuple[DiagnosisList, ...]:
    """Every list that comes with Facetwise, the latest first. Raises `DocumentError`."""
    entries = [one for one in files(__package__).joinpath("diagnoses").iterdir() if one.name.endswith(".yaml")]
    lists = [read_diagnosis_list(one.read_text(encoding="utf-8"), one.name) for one in entries]
    return tuple(sorted(lists, key=lambda one: one.effective.from_ or datetime.date.min, reverse=True))


def read_diagnosis_list(text: str, file: str) -> DiagnosisList:
    """One list from its file. Raises `DocumentError` with every problem and its line."""
    yaml = read_yaml(text, file)
    written = yaml.typed(DiagnosisList)
    if file != f"{written.id}.yaml":
        what = f'"{written.id}" is not the name of the file'
        raise DocumentError([yaml.problem(("id",), what, "Make them the same")])
    return written
