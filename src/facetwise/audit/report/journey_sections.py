"""What became of patients, as sections of the page."""

from collections.abc import Iterator

from facetwise.audit.report.bars import days_in_words, stage_bars, time_bars
from facetwise.audit.report.flow_drawing import flow_svg
from facetwise.audit.report.page import Block, Figure, Paragraph, Section, Table, counted, number, share
from facetwise.audit.report.plots import relief_svg
from facetwise.audit.report.summary import Curve, Journeys, Times


def journey_sections(journeys: Journeys) -> Iterator[Section]:
    """The way to ablation, how long it took, and how long relief held after it."""
    yield Section("From the first block to ablation", tuple(_way(journeys)), anchor="way")
    times = [block for one in journeys.times for block in _times(one)]
    yield Section("Time between steps", (Paragraph(_ABOUT_TIMES, "quiet"), *times), anchor="times")
    yield Section("Relief after ablation", tuple(_relief(journeys.curve)), anchor="relief")


_ABOUT_WAY = (
    "People, not procedures. A block is a medial branch block that nobody documented as therapeutic; the first is the "
    "first in these data. A later procedure belongs to it unless the record shows that they share no joint. What one "
    "patient has on one day is one session, and of its blocks the least documented relief counts."
)
_ABOUT_TIMES = (
    "Of those who took both steps. Whoever took the first shortly before the data end may still take the second, so "
    "recent patients shorten these times."
)


def _way(journeys: Journeys) -> Iterator[Block]:
    funnel = journeys.funnel
    if not funnel[0].patients:
        yield Paragraph("No first block may be counted here: there are none, or too few.")
        return
    rows = tuple(
        (stage.says, number(stage.patients), share(stage.patients, funnel[0].patients), share(stage.patients, before))
        for stage, before in zip(funnel, [None, *(one.patients for one in funnel)], strict=False)
    )
    yield Paragraph(_ABOUT_WAY, "quiet")
    yield Figure(
        "The way that most rules ask for",
        stage_bars(funnel, "funnel", "The way that most rules ask for"),
        "Each bar is part of the one above it. Percent are of those with a first block.",
        Table(("Stage", "Patients", "Of all", "Of the stage before"), rows),
    )
    yield Figure(
        "Where everybody went",
        flow_svg(journeys.flow, "flow", "Where everybody went"),
        "Everybody with a first block. A stream is as wide as its patients are many; a dashed line is suppressed.",
        Table(
            ("From", "To", "Patients"),
            tuple((one.start, one.end, number(one.patients)) for one in journeys.flow.streams),
            numbers=2,
        ),
        wide=True,
    )


def _times(times: Times) -> Iterator[Block]:
    if not times.bins:
        yield Paragraph(f"{times.says}: {_too_few(times)}")
        return
    middle = ""
    if times.quartiles:
        first, half, third = times.quartiles
        middle = f" Half had taken {half} days or fewer; the middle half took {first} to {third}."
    yield Figure(
        times.says,
        time_bars(times, "times-" + "-".join(times.says.lower().split())),
        f"{counted(times.patients, 'patient', 'patients')}.{middle}",
        Table(
            ("Days", "Patients", "Share"),
            tuple(
                (days_in_words(one.first, one.last), f"{one.patients:,}", share(one.patients, times.patients))
                for one in times.bins
            ),
        ),
    )


def _too_few(times: Times) -> str:
    return "nobody." if times.patients == 0 else "too few to tell."


def _relief(curve: Curve) -> Iterator[Block]:
    about = (
        f"Relief holds as long as visits find at least {curve.limit:g} percent. Counted are patients by their first "
        "ablation in the data, the procedures of its day together, until the next ablation of these joints; of one "
        "day's visits the least relief counts."
    )
    yield Paragraph(about, "quiet")
    yield Paragraph(
        f"Patients with a visit that tells the relief: {number(curve.patients)}. "
        f"Without one, so that nothing is known: {number(curve.not_followed)}."
    )
    if not curve.marks:
        yield Paragraph("Too few visits for a curve.")
        return
    rows = tuple(
        (
            f"{one.months} months",
            f"{one.held:.1%}",
            f"{one.low:.1%} to {one.high:.1%}",
            f"{one.held_early:.1%}",
            f"{one.ended:,}",
            f"{one.left:,}",
            f"{one.followed:,}",
        )
        for one in curve.marks
    )
    columns = ("After", "Still holds", "95% interval", "Read the other way", "Ended since the mark before",
               "No longer followed since", "Still followed")  # fmt: skip
    caption = (
        "Kaplan-Meier estimate with its 95% interval. Relief ends at some time between two visits: the line takes the "
        "visit that found it over, the dashed line the last that found it still there. Whoever is not seen again "
        "counts as no longer followed; if those do better or worse than the others, the curve is wrong."
    )
    title = "How long relief held"
    yield Figure(title, relief_svg(curve, "relief", title), caption, Table(columns, rows))
