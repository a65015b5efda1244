"""A recorded procedure in the form it is corrected with. Only what is changed there is changed in the record."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from facetwise.clinic.procedures.forms import OF_ABLATIONS, OF_INJECTIONS, ProcedureForm
from facetwise.records import Agent, Procedure
from facetwise.records.words import ANAESTHETICS, STEROIDS

_MEMBER = {
    **dict.fromkeys(("anaesthetic", "concentration_percent", "volume_ml", "steroid", "dose_mg"), "agents"),
    **dict.fromkeys(("stated_relief_percent", "stated_relief_hours"), "stated_relief"),
}
"""The member of a procedure that a field of the form is a part of, where it has another name."""


def initial_of(procedure: Procedure) -> dict[str, Any]:
    """What the fields of the form show of a procedure."""
    anaesthetic, steroid = _first(procedure, ANAESTHETICS), _first(procedure, STEROIDS)
    before, relief = procedure.pain_before, procedure.stated_relief
    return {
        **{name: getattr(procedure, name) for name in ("kind", "date", "sites", "purpose", "guidance", "sedation")},
        **{name: getattr(procedure, name) for name in ("place", "ablation_mode", "temperature_c", "lesion_seconds")},
        "anaesthetic": anaesthetic.name if anaesthetic else None,
        "concentration_percent": anaesthetic.concentration_percent if anaesthetic else None,
        "volume_ml": anaesthetic.volume_ml if anaesthetic else None,
        "steroid": steroid.name if steroid else None,
        "dose_mg": steroid.dose_mg if steroid else None,
        "pain_before": before.score if before else None,
        "stated_relief_percent": relief.percent if relief else None,
        "stated_relief_hours": relief.hours if relief else None,
        "complications": "\n".join(procedure.complications or ()),
    }


def corrected(before: Procedure, form: ProcedureForm) -> Procedure:
    """The procedure with what was changed in the form; all that the form does not show stays."""
    made = form.procedure(before.id or "")
    changed = set(form.changed_data)
    if "kind" in changed:
        changed |= {*OF_ABLATIONS, *OF_INJECTIONS}  # what the new kind does not show says nothing
    members = {_MEMBER.get(name, name) for name in changed if name != "version"}
    values = {name: getattr(made, name) for name in members}
    if "agents" in values:
        values["agents"] = (*_merged(before, made), *_others(before)) or None
    score = before.pain_before
    if "date" in values and "pain_before" not in values and score is not None and score.date == before.date:
        values["pain_before"] = replace(score, date=made.date)  # the score of that day moves along
    return replace(before, **values)


def _first(procedure: Procedure, names: tuple[Any, ...]) -> Agent | None:
    return next((one for one in procedure.agents or () if one.name in names), None)


def _merged(before: Procedure, made: Procedure) -> Iterator[Agent]:
    """The agents of the form, each with what the record says beyond it of the same one."""
    shown = ("concentration_percent", "volume_ml"), ("dose_mg",)
    for names, fields in zip((ANAESTHETICS, STEROIDS), shown, strict=True):
        new, old = _first(made, names), _first(before, names)
        if new is not None and old is not None and new.name == old.name:
            yield replace(old, **{name: getattr(new, name) for name in fields})
        elif new is not None:
            yield new


def _others(before: Procedure) -> Iterator[Agent]:
    """The agents that the form does not show."""
    shown = [_first(before, ANAESTHETICS), _first(before, STEROIDS)]
    yield from (one for one in before.agents or () if not any(one is other for other in shown))
