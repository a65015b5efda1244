"""What a clinic asks of its diaries: its own choice where it made one, else the cited figure.

It says when pain is asked for and what is drawn. How a diary is judged is the domain's matter, by the cited protocol.
"""

from collections.abc import Iterator

from facetwise.clinic.people.models import Clinic
from facetwise.evidence import Certainty, figure

HOUR = 60

FIRST_HOUR, HOURS, RELIEF = (
    "diary_first_hour_interval_minutes",
    "diary_hours",
    "block_relief_cut_off_asipp_2020_percent",
)
"""The figures that stand where the clinic chose nothing."""

_LEAST_MINUTES = 10
"""A score takes a minute or two, and a patient who is asked all the time does nothing that would provoke the pain."""

_LINES = (
    "lumbar_block_relief_cut_off_lumbar_guideline_2020_percent",
    "block_relief_cut_off_asipp_2013_percent",
    "block_relief_cut_off_asipp_2020_percent",
    "block_relief_cut_off_spine_intervention_society_percent",
)


def first_hour_minutes(clinic: Clinic | None) -> int:
    """The minutes between two scores of the first hour."""
    return (clinic.diary_first_hour_minutes if clinic else None) or cited(FIRST_HOUR)


def hours(clinic: Clinic | None) -> int:
    """For how many hours the diary asks."""
    return (clinic.diary_hours if clinic else None) or cited(HOURS)


def relief_drawn(clinic: Clinic | None) -> int:
    """The relief in percent that charts draw as a line."""
    return (clinic.relief_drawn_percent if clinic else None) or cited(RELIEF)


def parts_of_an_hour() -> list[int]:
    """The minutes that may lie between two scores: an hour is a whole number of them."""
    return [minutes for minutes in range(_LEAST_MINUTES, HOUR + 1) if HOUR % minutes == 0]


def hours_allowed() -> tuple[int, int]:
    """The shortest and the longest diary that a cited practice asks for."""
    return cited("diary_hours_serenity"), cited("diary_hours_drsaragoel")


def lines_allowed() -> Iterator[tuple[int, str]]:
    """The reliefs that may be drawn as a line, each with who asks for it."""
    for name in _LINES:
        yield cited(name), source_of(name)


def cited(name: str) -> int:
    """The value of a figure, the lower end for a range."""
    found = figure(name)
    value = found.value if found.value is not None else found.low
    assert value is not None
    return int(value)


def source_of(name: str) -> str:
    """Where a figure comes from, in a line, with how far it was checked where that was not in the source itself."""
    found = figure(name)
    told = found.source.title
    if found.source.issuer and found.source.issuer not in told:
        told = f"{found.source.issuer}, {told}"
    return told if found.certainty is Certainty.PRIMARY else f"{told} ({found.certainty})"
