"""Whether a patient is one of those whom the figures count: people with chronic axial pain, before any ablation."""

from collections.abc import Iterator

import msgspec


class Person(msgspec.Struct, frozen=True):
    """What decides it. None is not documented: it is then taken for granted, and told.

    `pain_here` is whether the pain on record is of the joints in question, `ablated` whether these had an ablation.
    """

    pain_here: bool | None = None
    chronic: bool | None = None
    axial: bool | None = None
    ablated: bool | None = None


def why_not(person: Person) -> str:
    """Why the figures do not count such a patient; nothing where they do, or may."""
    if person.pain_here is False:
        return "The pain on record is not of these joints."
    if person.ablated:
        return "These joints had an ablation before. The figures are of people before any ablation."
    if person.chronic is False:
        return "The pain has lasted less than 3 months. The figures are of people with chronic pain."
    if person.axial is False:
        return "The pain is not mainly axial. The figures are of people with axial pain."
    return ""


def taken_for_granted(person: Person) -> Iterator[str]:
    """What is not documented and would decide it, each a sentence."""
    if person.pain_here is None:
        yield "Whether the pain is of these joints' region is not documented; it is taken to be."
    if person.ablated is None:
        yield "Whether these joints had an ablation is not fully documented; they are taken to have had none."
    if person.chronic is None:
        yield "How long the pain has lasted is not documented; it is taken to be chronic."
    if person.axial is None:
        yield "Whether the pain is mainly axial is not documented; it is taken to be."
