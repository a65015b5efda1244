"""QuestionnaireResponse: answers that fill the record, and the procedures that they are about."""

from typing import Any

from facetwise.documents import DocumentError, convert
from facetwise.fhir.answers import Answer, answers_of
from facetwise.fhir.bundle import Bundle, Resource
from facetwise.fhir.condition_claims import Conditions
from facetwise.fhir.draft import Claim, Draft, DraftProcedure
from facetwise.fhir.paths import as_json, is_list, is_struct, member_type, put, type_at
from facetwise.fhir.values import Moment
from facetwise.records import Condition, Procedure
from facetwise.records.reading import decode_sites

_STATUSES = ("completed", "amended", "")


def read_questionnaires(bundle: Bundle, draft: Draft, conditions: Conditions) -> None:
    """Every completed QuestionnaireResponse; answers that fill no place of the record are listed."""
    for resource in bundle.of_type("QuestionnaireResponse"):
        status = resource.text("status") or ""
        if status not in _STATUSES:
            resource.set_aside("QuestionnaireResponse", f"it is not completed: {status}")
            continue
        authored = resource.moment("authored")
        answers, numbers = answers_of(resource)
        whole = resource.references("partOf")
        about = {-1: whole[0]} | numbers if whole else numbers
        trees: dict[Any, Any] = {}
        for answer in answers:
            number = -1 if answer.steps[1:2] == [None] else 0
            if (number == 0 and None in answer.steps) or None in answer.steps[2:]:
                resource.leave(answer.where, "it does not say which one of the list it is about")
            elif not put(trees, [number if step is None else step for step in answer.steps], answer.value):
                resource.leave(answer.where, "it is answered twice: which answer holds?")
        places = {_unit(answer): answer.where for answer in reversed(answers)}
        _fill(resource, as_json(trees), authored, places, draft, conditions)
        _fill_procedures(resource, trees.get("procedures"), about, bundle, draft)


def _unit(answer: Answer) -> str:
    return ".".join(str(step) for step in answer.steps[:2])


def _fill(
    resource: Resource,
    parts: dict[str, Any],
    authored: Moment | None,
    places: dict[str, str],
    draft: Draft,
    conditions: Conditions,
) -> None:
    """Everything but procedures: one fact, one condition or one list at a time."""
    parts.pop("procedures", None)
    for name in ("story", "conservative_care", "examinations", "imaging"):
        if name in parts:
            value = parts.pop(name)
            _take(resource, name, value, authored, draft)
    for part, members in parts.items():
        if not isinstance(members, dict):
            resource.leave(f"item {part}", "it has parts, and each needs an answer of its own")
            continue
        for name, value in members.items():
            where = places.get(f"{part}.{name}", resource.where)
            if part == "conditions":
                _condition(resource, name, value, authored, where, conditions)
            else:
                _take(resource, f"{part}.{name}", value, authored, draft)


def _take(resource: Resource, path: str, value: Any, authored: Moment | None, draft: Draft) -> None:
    wanted = type_at([*path.split(".")])
    if is_list(wanted) and is_struct(wanted.__args__[0]):
        if path == "complaint.pain" and authored:
            value = [{"date": authored.day.isoformat()} | one if one.keys() == {"score"} else one for one in value]
        fitting = [item for item in value if _fits(resource, path, item, wanted.__args__[0])]
        if fitting or not value:
            draft.add(path, fitting, f"{resource.where} {path}")
    elif _fits(resource, path, value, wanted):
        draft.facts.claim(path, value, f"{resource.where} {path}", authored)


def _condition(
    resource: Resource, name: str, value: Any, authored: Moment | None, where: str, conditions: Conditions
) -> None:
    if authored and value.keys() == {"present"}:
        value = value | {"on": authored.day.isoformat()}
    if _fits(resource, f"conditions.{name}", value, Condition):
        on = convert(value, Condition, dec_hook=decode_sites).on
        conditions.claim(name, Conditions.ASKED, Claim(value, where, Moment(on) if on else authored))


def _fill_procedures(resource: Resource, numbered: Any, about: dict[int, str], bundle: Bundle, draft: Draft) -> None:
    """Answers about procedures: those that are resources of the bundle, or, when there are none, new ones."""
    if numbered == []:
        if draft.procedures:
            resource.leave("item procedures", "it says that there were none, and the Bundle holds some")
        else:
            draft.add("procedures", [], resource.where)
        return
    native = any(one.resource for one in draft.procedures)
    for number, tree in sorted((numbered or {}).items()):
        path = "procedures[]" if number == -1 else f"procedures[{number}]"
        value = as_json(tree)
        procedure = draft.procedure_of(bundle.resolve(about[number], resource)) if number in about else None
        if procedure is None and (number in about or native or number == -1):
            resource.leave(f"item {path}", "it does not say which Procedure of the Bundle it is about")
            continue
        if procedure is None:
            if not _fits(resource, path, value, Procedure):
                continue
            procedure = DraftProcedure(draft.findings, f"{resource.where} {path}")
            procedure.start = Moment(convert(value, Procedure, dec_hook=decode_sites).date)
            draft.procedures.append(procedure)
        for name, part in value.items():
            if _fits(resource, f"{path}.{name}", part, member_type(Procedure, name)):
                procedure.facts.claim(name, part, f"{resource.where} {path}.{name}", procedure.start)


def _fits(resource: Resource, path: str, value: Any, wanted: Any) -> bool:
    """Whether a part is whole and of its type; if not, it is listed with what it lacks."""
    try:
        convert(value, wanted, dec_hook=decode_sites)
    except DocumentError as error:
        lacks = "; ".join(f"{problem.where} {problem.remedy}".strip() for problem in error.problems)
        resource.leave(f"item {path}", f"the answers do not make a whole: {lacks}")
        return False
    return True
