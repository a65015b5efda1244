"""The lines of the letter's forms: to whom it goes, what is asked, who signs. What is not known is left to fill in."""

from collections.abc import Iterator
from typing import TypeVar

from facetwise.letters.letter import Detail, Fact, to_fill_in
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.places import Placed, Stood, of_request, same_session
from facetwise.letters.procedures import (
    agent_facts,
    agents_in_words,
    guidance_words,
    how_in_words,
    sedation_words,
    technique_in_words,
)
from facetwise.letters.wording import (
    capital,
    of_sites,
    plain,
    procedure_words,
    quoted,
    scale_words,
    score,
    sites_in_words,
    words,
)
from facetwise.records import (
    PRIOR_FIELDS,
    REQUEST_FIELDS,
    Coverage,
    Guidance,
    Kind,
    Planned,
    Procedure,
    Purpose,
    Request,
    Sedation,
)
from facetwise.rules import contractor_name, payer_name
from facetwise.spine import nerves_of_level

P = TypeVar("P", bound=Planned)

_BY_NERVE = (Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION)


def addressee(stood: Stood, parties: Parties = NOBODY) -> tuple[Detail, ...]:
    """To whom the letter goes and about whom. A record holds no names: those that nobody gives are to be filled in."""
    return (
        *_payer(stood.coverage),
        Detail("Payer's address", parties.payer_address or to_fill_in("address or fax number of the payer")),
        *parties.patient_details(),
        Detail("Member number", parties.member_number or to_fill_in("number of the patient with the payer")),
        Detail("Record", stood.record.patient.id, stood.patient.facts("id")),
    )


def _payer(coverage: Placed[Coverage]) -> Iterator[Detail]:
    if coverage.part.payer is None:
        yield Detail("Payer", to_fill_in("name of the payer"))
    else:
        yield Detail("Payer", payer_name(coverage.part.payer), coverage.facts("payer"))
    if coverage.part.contractor is not None:
        yield Detail("Medicare contractor", contractor_name(coverage.part.contractor), coverage.facts("contractor"))
    if coverage.part.state is not None:
        yield Detail("State", coverage.part.state, coverage.facts("state"))


def request_details(request: Request) -> tuple[Detail, ...]:
    """What is asked, line by line; a line whose fact is missing asks the question that fills it."""
    asked = of_request(request)
    return (*_planned_details(asked), *_authorized(asked), *_same_session(request))


def procedure_details(done: Placed[Procedure]) -> tuple[Detail, ...]:
    """What was done, line by line, with the pain before it and what went wrong; what nobody documented is asked."""
    return (*_planned_details(done), _before(done), *_complications(done))


def _planned_details(asked: Placed[P]) -> tuple[Detail, ...]:
    return (
        Detail("Procedure", capital(words(asked.part.kind)), asked.facts("kind")),
        _purpose(asked),
        _joints(asked),
        *_nerves(asked),
        Detail("Date", str(asked.part.date), asked.facts("date")),
        _word(asked, "Place", "place"),
        _diagnosis(asked),
        _guidance(asked),
        _sedation(asked),
        *_technique(asked),
        *_injected(asked),
    )


def _purpose(asked: Placed[P]) -> Detail:
    if asked.part.purpose is None and asked.part.kind is Kind.RADIOFREQUENCY_ABLATION:
        return Detail("Purpose", to_fill_in(f"{Purpose.THERAPEUTIC}?"))
    return _word(asked, "Purpose", "purpose")


def _word(asked: Placed[P], label: str, field: str) -> Detail:
    value = getattr(asked.part, field)
    if value is None:
        return _question(asked, label, field)
    return Detail(label, capital(words(value)), asked.facts(field))


_OF_WHAT_WAS_DONE = {
    **{name: field.question for name, field in PRIOR_FIELDS.items()},
    "place": "Where was it done: office, surgical center or hospital?",
    "levels": "Which joints were treated, on which side?",
    "temperature_c": "At which temperature?",
    "lesion_seconds": "For how many seconds was each lesion heated?",
}
"""What is asked of a procedure that was done; of one that is asked for, the catalogue's questions of a request."""


def _question(asked: Placed[P], label: str, field: str) -> Detail:
    question = _OF_WHAT_WAS_DONE[field] if asked.source == "record" else REQUEST_FIELDS[field].question
    return Detail(label, to_fill_in(question))


def _before(done: Placed[Procedure]) -> Detail:
    before = done.part.pain_before
    told = score(before) if before is not None else ""
    if before is None or not told:
        return Detail("Pain just before", to_fill_in("pain of 10 just before it, and the scale"))
    facts = Placed(before, f"{done.path}.pain_before", before.date or done.day).facts("score", "low", "high", "scale")
    return Detail("Pain just before", f"{told} of 10 on {scale_words(before.scale)}", facts)


def _complications(done: Placed[Procedure]) -> Iterator[Detail]:
    told = done.part.complications
    if told is None:
        yield Detail("Complications", to_fill_in("Was there any complication, and which?"))
    elif not told:
        yield Detail("Complications", "None", done.facts("complications"))
    for index, text in enumerate(told or ()):
        fact = Fact(f"{done.path}.complications[{index}]", done.day, plain(text))
        yield Detail("Complication", quoted(text), (fact,))


def _joints(asked: Placed[P]) -> Detail:
    if asked.part.sites is None:
        return _question(asked, "Joints", "levels")
    return Detail("Joints", capital(sites_in_words(asked.part.sites)), asked.facts("sites"))


def _nerves(asked: Placed[P]) -> Iterator[Detail]:
    """The nerves that supply the joints, where nerves are the target and every side is documented."""
    sites = asked.part.sites
    if sites is None or sites.unsided or asked.part.kind not in _BY_NERVE:
        return
    nerves = dict.fromkeys(f"{side} {nerve.name}" for level, side in sites for nerve in nerves_of_level(level))
    yield Detail("Nerves of these joints", capital(", ".join(nerves)), asked.facts("sites"))


def _diagnosis(asked: Placed[P]) -> Detail:
    if asked.part.diagnosis is None:
        return Detail("Diagnosis", to_fill_in("ICD-10-CM code"))
    return Detail("Diagnosis", asked.part.diagnosis, asked.facts("diagnosis"))


def _guidance(asked: Placed[P]) -> Detail:
    guidance = asked.part.guidance
    if guidance is None:
        return _question(asked, "Guidance", "guidance")
    told = "None" if guidance is Guidance.NONE else capital(guidance_words(guidance))
    return Detail("Guidance", told, asked.facts("guidance"))


def _sedation(asked: Placed[P]) -> Detail:
    sedation = asked.part.sedation
    if sedation is None:
        return _question(asked, "Sedation", "sedation")
    told = "None" if sedation is Sedation.NONE else capital(sedation_words(sedation))
    return Detail("Sedation", told, asked.facts("sedation"))


def _injected(asked: Placed[P]) -> Iterator[Detail]:
    if asked.part.agents is not None:
        yield Detail("Injected", capital(agents_in_words(asked.part.agents)), tuple(agent_facts(asked)))
    elif asked.part.kind is not Kind.RADIOFREQUENCY_ABLATION:
        yield _question(asked, "Injected", "with_steroid")


def _technique(asked: Placed[P]) -> Iterator[Detail]:
    facts = asked.facts("ablation_mode", "temperature_c", "lesion_seconds")
    if told := technique_in_words(asked.part):
        yield Detail("Technique", capital(told), facts)
    for field in ("ablation_mode", "temperature_c", "lesion_seconds"):
        if asked.part.kind is Kind.RADIOFREQUENCY_ABLATION and getattr(asked.part, field) is None:
            yield _question(asked, "Technique", field)


def _authorized(asked: Placed[Request]) -> Iterator[Detail]:
    affirmed = asked.part.prior_authorization
    if affirmed is not None:
        told = "affirmed by the payer" if affirmed else "not affirmed by the payer"
        yield Detail("Prior authorization", capital(told), asked.facts("prior_authorization"))


def _same_session(request: Request) -> Iterator[Detail]:
    for other in same_session(request):
        how = "".join(f", {part}" for part in how_in_words(other.part))
        told = f"{procedure_words(other.part)}{of_sites(other.part)}{how}"
        facts = other.facts("kind", "purpose", "sites", "guidance", "sedation")
        yield Detail("In the same session", capital(told), facts)
