"""Statements about the procedures so far: what was done, how, and what came of it at each follow-up."""

from collections.abc import Iterator
from typing import TypeVar

from facetwise.letters.letter import Fact, Passage, Statement
from facetwise.letters.places import Done, Placed, Stood
from facetwise.letters.responses import response_statements
from facetwise.letters.wording import (
    a,
    capital,
    listed,
    of_sites,
    plain,
    procedure_words,
    quoted,
    scale_words,
    score,
    words,
)
from facetwise.records import (
    Agent,
    AgentName,
    FollowUp,
    Guidance,
    PainScore,
    Planned,
    Procedure,
    Request,
    Sedation,
    complete_months,
)

P = TypeVar("P", bound=Planned)


def procedure_passages(stood: Stood, request: Request) -> Iterator[Passage]:
    """One passage for each procedure, or the fact that there was none. The one the request replaces is left out."""
    if stood.record.procedures == ():
        none = Statement("The patient has had no facet procedure before.", stood.whole.facts("procedures"))
        yield Passage("", (none,))
    for done in earlier(stood, request):
        yield Passage(capital(done.title), tuple(_procedure(done)))


def earlier(stood: Stood, request: Request) -> list[Done]:
    """The procedures that were done, without the one that the request itself is about."""
    replaced = request.replaces
    return [done for done in stood.procedures if replaced is None or done.placed.part.id != replaced]


def complication_statements(stood: Stood, request: Request) -> Iterator[Statement]:
    """Complications of the procedures so far, in the words of the record."""
    for done in earlier(stood, request):
        procedure = done.placed.part
        for index, text in enumerate(procedure.complications or ()):
            if said := plain(text):
                fact = Fact(f"{done.placed.path}.complications[{index}]", procedure.date, said)
                of = f"the {words(procedure.kind)} of {procedure.date}"
                yield Statement(f"Complication of {of}: {quoted(said)}", (fact,))


def _procedure(done: Done) -> Iterator[Statement]:
    placed = done.placed
    yield _what(placed)
    if placed.part.pain_before is not None:
        yield from _before(placed, placed.part.pain_before)
    yield from response_statements(done)
    yield from follow_up_statements(done)
    if placed.part.complications == ():
        yield Statement("There was no complication.", placed.facts("complications"))


def _what(placed: Placed[Procedure]) -> Statement:
    procedure = placed.part
    how = list(how_in_words(procedure))
    manner = f" {', '.join(how)}" if how else ""
    text = f"On {procedure.date} {a(procedure_words(procedure))}{of_sites(procedure)} was done{manner}."
    return Statement(text, (*placed.facts("date", "kind", "purpose", "sites", *_HOW), *agent_facts(placed)))


_HOW = ("guidance", "sedation", "ablation_mode", "temperature_c", "lesion_seconds")


def how_in_words(planned: Planned) -> Iterator[str]:
    """How a procedure is done, as parts of a sentence; what nobody documented has no part."""
    if planned.guidance is not None:
        guidance = planned.guidance
        yield "without image guidance" if guidance is Guidance.NONE else f"under {guidance_words(guidance)}"
    if planned.agents is not None:
        yield f"with {agents_in_words(planned.agents)}"
    if technique := technique_in_words(planned):
        yield f"with {technique}"
    if planned.sedation is not None:
        yield "without sedation" if planned.sedation is Sedation.NONE else f"under {sedation_words(planned.sedation)}"


def guidance_words(guidance: Guidance) -> str:
    """How the needle is guided."""
    return words(guidance)


def sedation_words(sedation: Sedation) -> str:
    """How far the patient is sedated."""
    return f"{words(sedation)} sedation" if sedation in (Sedation.MINIMAL, Sedation.MODERATE) else words(sedation)


def agents_in_words(agents: tuple[Agent, ...]) -> str:
    """What is injected, with what is known of its strength and amount for each nerve or joint."""
    return listed(_agent(agent) for agent in agents) or "nothing injected"


def _agent(agent: Agent) -> str:
    name = "another agent" if agent.name is AgentName.OTHER else words(agent.name)
    strength = f" {agent.concentration_percent:g}%" if agent.concentration_percent else ""
    amounts = (
        f"{agent.dose_mg:g} mg" if agent.dose_mg else "",
        f"{agent.volume_ml:g} mL" if agent.volume_ml else "",
    )
    given = ", ".join(amount for amount in amounts if amount)
    return f"{name}{strength}{f' ({given})' if given else ''}"


def technique_in_words(planned: Planned) -> str:
    """How the nerve is ablated."""
    mode, degrees, seconds = planned.ablation_mode, planned.temperature_c, planned.lesion_seconds
    if mode is None and degrees is None and seconds is None:
        return ""
    parts = (
        words(mode) if mode else "",
        "lesions",
        f"at {degrees:g} °C" if degrees else "",
        f"for {seconds:g} seconds each" if seconds else "",
    )
    return " ".join(part for part in parts if part)


def agent_facts(placed: Placed[P]) -> Iterator[Fact]:
    """The facts of what is injected."""
    if placed.part.agents == ():
        yield placed.fact("agents")
    for index, agent in enumerate(placed.part.agents or ()):
        one = Placed(agent, f"{placed.path}.agents[{index}]", placed.day, placed.source)
        yield from one.facts("name", "concentration_percent", "dose_mg", "volume_ml")


def _before(placed: Placed[Procedure], before: PainScore) -> Iterator[Statement]:
    if told := score(before):
        one = Placed(before, f"{placed.path}.pain_before", before.date or placed.day)
        facts = one.facts("score", "low", "high", "scale")
        yield Statement(f"Before it the pain was {told} of 10 on {scale_words(before.scale)}.", facts)


def follow_up_statements(done: Done) -> Iterator[Statement]:
    """What was found at each visit afterwards."""
    for visit in done.follow_ups:
        yield from _follow_up(visit, done.placed.part)


def _follow_up(visit: Placed[FollowUp], procedure: Procedure) -> Iterator[Statement]:
    clauses = []
    if visit.part.relief_percent is not None:
        clauses.append(f"relief was {visit.part.relief_percent:g}%")
    if visit.part.score is not None:
        scale = f" on {scale_words(visit.part.scale)}" if visit.part.scale else ""
        clauses.append(f"the pain was {visit.part.score:g} of 10{scale}")
    if visit.part.function_improved_percent is not None:
        clauses.append(f"function had improved by {visit.part.function_improved_percent:g}%")
    if clauses:
        facts = visit.facts("date", "relief_percent", "score", "scale", "function_improved_percent")
        yield Statement(f"On {visit.part.date}{_later(procedure, visit.part)} {listed(clauses)}.", facts)


def _later(procedure: Procedure, visit: FollowUp) -> str:
    months, days = complete_months(procedure.date, visit.date), (visit.date - procedure.date).days
    if months > 1:
        return f", {months} months after it,"
    return f", {days} days after it," if days > 1 else ""
