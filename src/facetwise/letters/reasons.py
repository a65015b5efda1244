"""Statements about the request itself: what is asked, what for, and the reasons that somebody gave."""

from collections.abc import Iterator

from facetwise.letters.letter import Statement
from facetwise.letters.places import Placed, Stood, of_request
from facetwise.letters.wording import a, of_sites, procedure_words, quoted
from facetwise.records import Goal, Goals, Kind, Request


def asked_statements(request: Request) -> Iterator[Statement]:
    """What is asked for."""
    text = f"This letter asks for {a(procedure_words(request))}{of_sites(request)} on {request.date}."
    yield Statement(text, of_request(request).facts("kind", "purpose", "sites", "date"))


_WANTED = {Goal.DIAGNOSIS: "diagnosis", Goal.RELIEF: "relief", Goal.BOTH: "diagnosis and relief"}


def reason_statements(stood: Stood, request: Request) -> Iterator[Statement]:
    """What is wanted, what would follow, and the reasons for whatever is out of the ordinary."""
    goals: Placed[Goals] = stood.goals
    asked = of_request(request)
    if goals.part.wanted is not None:
        yield Statement(f"The aim of the next procedure is {_WANTED[goals.part.wanted]}.", goals.facts("wanted"))
    if goals.part.ablation_intended is not None and request.kind is not Kind.RADIOFREQUENCY_ABLATION:
        intended = "intended" if goals.part.ablation_intended else "not intended"
        yield Statement(
            f"Radiofrequency ablation is {intended} if the blocks are positive.", goals.facts("ablation_intended")
        )
    for placed in (goals, asked):
        yield from _given(placed, "ablation_not_possible_because", "Radiofrequency ablation is not possible")
    yield from _given(asked, "early_because", "Reason for a second block within two weeks of the first")
    yield from _given(asked, "sedation_because", "Reason for sedation")
    yield from _given(asked, "joint_injection_because", "Reason for an injection into the joint instead of a block")


def doubt_statements(request: Request) -> Iterator[Statement]:
    """Whether the clinician doubts that the pain still comes from the same joints."""
    if request.source_in_doubt is not None:
        verb = "doubts" if request.source_in_doubt else "does not doubt"
        text = f"The clinician {verb} that the pain still comes from the same joints."
        yield Statement(text, of_request(request).facts("source_in_doubt"))


def _given(placed: Placed[Goals] | Placed[Request], field: str, what: str) -> Iterator[Statement]:
    """A reason in the words of whoever gave it; an empty one is no reason."""
    reason = getattr(placed.part, field)
    if reason and reason.strip():
        yield Statement(f"{what}: {quoted(reason)}", placed.facts(field))
