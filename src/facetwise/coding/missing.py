"""What is not documented and would complete the lines: the question, and where the answer goes."""

from collections.abc import Iterator, Sequence

from facetwise.coding.answers import Line, Open
from facetwise.coding.circumstances import Circumstances
from facetwise.coding.codebook import codebook
from facetwise.coding.sessions import BILLED_KINDS
from facetwise.records import REQUEST_FIELDS, Kind, Place, Planned, Request
from facetwise.rules import Missing

_SIDE = Missing("side", "On which side was each joint treated?", "sites")
_CONTRACTOR = Missing("contractor", "Which contractor pays for Medicare there?", "coverage.contractor")
_asked = REQUEST_FIELDS["prior_authorization"]
_AUTHORIZATION = Missing(_asked.name, _asked.question, _asked.path)


def missing_facts(
    session: Sequence[Planned], lines: Sequence[Line], around: Circumstances, prior_authorization: bool | None
) -> tuple[Missing, ...]:
    """Every fact that a line depends on and that nobody documented, each with the procedure it is about."""
    found = [one for planned in session if planned.kind in BILLED_KINDS for one in _of_procedure(planned, lines)]
    if around.place is None:
        found.append(_question("place", session[0]))
    if around.medicare and around.contractor is None:
        found.append(_CONTRACTOR)
    if prior_authorization is None and needs_authorization(around, lines):
        found.append(_AUTHORIZATION)
    return tuple(dict.fromkeys(found))


def _of_procedure(planned: Planned, lines: Sequence[Line]) -> Iterator[Missing]:
    about = procedure_text(planned)
    open_ = {fact for line in lines for fact in line.open}
    injection = planned.kind in (Kind.FACET_JOINT_INJECTION, Kind.MEDIAL_BRANCH_BLOCK)
    if planned.sites is None:
        yield _question("levels", planned, about)
    elif planned.sites.unsided:
        yield Missing(_SIDE.field, _SIDE.question, _place_in(planned, _SIDE.path), about)
    if injection and planned.purpose is None and Open.PURPOSE in open_:
        yield _question("purpose", planned, about)
    if planned.guidance is None:
        yield _question("guidance", planned, about)
    if planned.kind is Kind.RADIOFREQUENCY_ABLATION and planned.ablation_mode is None:
        yield _question("ablation_mode", planned, about)


def _question(field: str, planned: Planned, about: str = "") -> Missing:
    asked = REQUEST_FIELDS[field]
    return Missing(field, asked.question, _place_in(planned, asked.path.removeprefix("request.")), about)


def _place_in(planned: Planned, field: str) -> str:
    return f"request.{field}" if isinstance(planned, Request) else f"procedures[].{field}"


def needs_authorization(around: Circumstances, lines: Sequence[Line]) -> tuple[str, ...]:
    """The codes among these lines that Medicare had to affirm before the service: only in a hospital's outpatients."""
    return codes_to_affirm(around, [line.code for line in lines])


def codes_to_affirm(around: Circumstances, codes: Sequence[str]) -> tuple[str, ...]:
    """The codes on the list on that day. Those of a third level may be on it until the day they were surely gone."""
    rule = codebook().rules.prior_authorization
    if not around.medicare or around.place is not Place.HOSPITAL_OUTPATIENT or around.day < rule.from_:
        return ()
    gone = rule.dropped if around.day >= rule.dropped_by else ()
    return tuple(dict.fromkeys(code for code in codes if code in rule.codes and code not in gone))


def procedure_text(planned: Planned) -> str:
    """A procedure in a few words: what, where, why, how."""
    parts = (
        planned.kind.replace("_", " "),
        str(planned.sites) if planned.sites is not None else "joints not documented",
        str(planned.purpose) if planned.purpose is not None else "",
        f"{planned.ablation_mode}" if planned.ablation_mode is not None else "",
        f"guided by {planned.guidance}" if planned.guidance is not None else "",
        planned.place.replace("_", " ") if planned.place is not None else "",
    )
    return ", ".join(part for part in parts if part)
