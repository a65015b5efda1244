"""From a block and its diary to a response."""

from collections.abc import Iterator, Mapping, Sequence
from math import inf

from msgspec.structs import replace

from facetwise.diary.entries import Scored, Sifted, sift, within
from facetwise.diary.expected import ExpectedDuration, expected_duration
from facetwise.diary.protocol import THRESHOLDS, Protocol, default_protocol
from facetwise.diary.response import CONFOUNDING, AgainstAgent, Duration, Reason, Response, Unjudgeable
from facetwise.records import DiaryEntry, Procedure, Sedation

JUDGED_AT = 80
"""Percent. The relief whose duration is held against the anaesthetic, as payers ask (policy dossier 1.3, D3)."""

TOLD_APART = (50, JUDGED_AT)
"""Percent. The limits between which guidelines and payers differ: sides on either side of one are two answers."""


def score_block(procedure: Procedure, protocol: Protocol | None = None) -> Response:
    """The response of a block: peak relief, how long it lasted, and why it cannot be judged if it cannot.

    Entries are used in any order; those of a side that was not treated say nothing. When both sides were rated, the
    block's response is the lesser of the two, unless one is positive and the other is not: then the block has no one
    response, and each side has to be judged as a procedure of its own.
    """
    protocol = protocol or default_protocol()
    entries = _of_treated_sides(procedure)
    sides = sorted({entry.side for entry in entries if entry.side is not None})
    if len(sides) < 2:
        return _score(procedure, entries, protocol)
    by_side: dict[str, Response] = {
        side: _score(procedure, [entry for entry in entries if entry.side in (side, None)], protocol) for side in sides
    }
    if apart := _apart(by_side):
        return replace(_unjudged([apart], None, None, ()), by_side=by_side)
    least = min(by_side.values(), key=_rank)
    caveat = "Both sides were rated; the side with less relief counts for the block."
    return replace(least, by_side=by_side, caveats=(*least.caveats, caveat))


def _of_treated_sides(procedure: Procedure) -> Sequence[DiaryEntry]:
    entries = procedure.diary.entries if procedure.diary else ()
    sites = procedure.sites
    if sites is None or sites.unsided or (sites.left and sites.right):
        return entries
    return [entry for entry in entries if entry.side in (None, "left" if sites.left else "right")]


def _apart(by_side: Mapping[str, Response]) -> Unjudgeable | None:
    """Why two sides are not one answer; None where they are. A side that cannot be judged is told by the lesser."""
    reliefs = {side: one.relief_percent for side, one in by_side.items() if one.relief_percent is not None}
    if len(reliefs) < 2 or not any(min(reliefs.values()) < limit <= max(reliefs.values()) for limit in TOLD_APART):
        return None
    told = " and ".join(f"the {side} by {relief:.0f}%" for side, relief in reliefs.items())
    says = f"The sides differ, {told}: two answers in one block. Judge each side as a procedure of its own."
    return Unjudgeable(Reason.SIDES_DIFFER, says)


def _rank(response: Response) -> tuple[bool, float, tuple[tuple[float, ...], ...]]:
    """A side that cannot be judged before one that can, less relief before more, shorter before longer."""
    lasted = tuple((threshold, *duration.bounds) for threshold, duration in response.lasted.items())
    return response.judged, response.relief_percent if response.relief_percent is not None else -inf, lasted


def _score(procedure: Procedure, entries: Sequence[DiaryEntry], protocol: Protocol) -> Response:
    against_scores = list(_against_baseline(procedure, protocol))
    sifted = Sifted((), (), 0)
    if not against_scores:
        sifted = _sifted(procedure, entries, protocol)
    counted = [one for one in sifted.usable if within(one.minutes, protocol)]
    peak = max((one.relief for one in counted), default=None)
    if not against_scores and peak is None:
        against_scores = list(sifted.left_out) or [_nothing_in_window(protocol)]
    if peak is not None and peak < JUDGED_AT:
        against_scores += _too_late(procedure, counted)
    confounded = [*_sedated(procedure), *(one for one in against_scores if one.code in CONFOUNDING)]
    stated = _stated(procedure, entries, protocol)
    caveats = [*_sedation_unknown(procedure), *_disagreement(peak, stated, protocol)]
    if confounded:
        return _unjudged([*confounded, *against_scores], peak, stated, caveats)
    if peak is not None and not against_scores:
        caveats += [f"Left out: {one.says}" for one in sifted.left_out]
        return _judged_by_scores(procedure, sifted.usable, peak, stated, caveats)
    if stated is not None:
        caveats += [f"The scores cannot be judged: {one.says}" for one in against_scores]
        return _judged_as_stated(procedure, stated, caveats)
    return _unjudged(against_scores, peak, stated, caveats)


def _against_baseline(procedure: Procedure, protocol: Protocol) -> Iterator[Unjudgeable]:
    before = procedure.pain_before
    if procedure.diary is None:
        yield Unjudgeable(Reason.NO_DIARY, "There is no diary.")
    elif before is None or (before.score is None and before.low is None):
        yield Unjudgeable(Reason.NO_BASELINE, "There is no pain score from before the block.")
    elif before.score is None:
        yield Unjudgeable(Reason.BASELINE_IS_A_RANGE, "The score before the block is a range, not a number.")
    elif before.score < protocol.baseline_floor:
        says = f"The pain before the block was {before.score:g}, below {protocol.baseline_floor:g}: too low to measure."
        yield Unjudgeable(Reason.BASELINE_TOO_LOW, says)


def _sifted(procedure: Procedure, entries: Sequence[DiaryEntry], protocol: Protocol) -> Sifted:
    before, diary = procedure.pain_before, procedure.diary
    if before is None or before.score is None or diary is None:
        return Sifted((), (), 0)
    return sift(entries, before.score, before.scale, diary.scale, protocol)


def _nothing_in_window(protocol: Protocol) -> Unjudgeable:
    says = f"No score between {protocol.window_start_minutes:g} minutes and {protocol.hours:g} hours after the block."
    return Unjudgeable(Reason.NO_ENTRY_IN_WINDOW, says)


def _too_late(procedure: Procedure, counted: Sequence[Scored]) -> Iterator[Unjudgeable]:
    """Little relief that was first scored when the anaesthetic may have worn off tells nothing of the block."""
    expected, first = expected_duration(procedure.anaesthetic), min(one.minutes for one in counted) / 60
    if expected is not None and first > expected.floor_hours:
        says = (
            f"The first score that counts came {first:.2g} h after the block. "
            f"{str(procedure.anaesthetic).capitalize()} acts for {expected.floor_hours:g} h at least: "
            "it may have worn off by then, and relief before is not known."
        )
        yield Unjudgeable(Reason.FIRST_SCORE_LATE, says)


def _sedated(procedure: Procedure) -> Iterator[Unjudgeable]:
    if procedure.sedation not in (None, Sedation.NONE):
        yield Unjudgeable(Reason.SEDATION, "The patient was sedated, which relieves pain by itself.")


def _sedation_unknown(procedure: Procedure) -> Iterator[str]:
    if procedure.sedation is None:
        yield "Whether the patient was sedated is not documented."


def _stated(procedure: Procedure, entries: Sequence[DiaryEntry], protocol: Protocol) -> float | None:
    """Peak relief as the patient states it: in the diary's window, else afterwards."""
    in_diary = [
        entry.stated_relief_percent
        for entry in entries
        if entry.stated_relief_percent is not None and within(entry.minutes, protocol)
    ]
    if in_diary:
        return max(in_diary)
    return procedure.stated_relief.percent if procedure.stated_relief else None


def _disagreement(peak: float | None, stated: float | None, protocol: Protocol) -> Iterator[str]:
    if peak is not None and stated is not None and abs(peak - stated) > protocol.gap:
        yield f"The scores give {peak:.0f}% relief and the patient states {stated:.0f}%: ask which is right."


def _unjudged(
    reasons: Sequence[Unjudgeable], peak: float | None, stated: float | None, caveats: Sequence[str]
) -> Response:
    return Response(
        judged=False,
        reasons=tuple(dict.fromkeys(reasons)),
        relief_percent_by_scores=peak,
        relief_percent_stated=stated,
        caveats=tuple(caveats),
        against_agent_says="Relief cannot be judged.",
    )


def _judged_by_scores(
    procedure: Procedure, usable: Sequence[Scored], peak: float, stated: float | None, caveats: list[str]
) -> Response:
    lasted = {threshold: _duration(usable, threshold) for threshold in THRESHOLDS}
    against, says, as_agent, more = _against_agent(procedure, lasted[JUDGED_AT])
    return Response(
        judged=True,
        relief_percent=peak,
        method="scores",
        relief_percent_by_scores=peak,
        relief_percent_stated=stated,
        relief_by_hour=_by_hour(usable),
        lasted=lasted,
        lasted_as_agent=as_agent,
        against_agent=against,
        against_agent_says=says,
        caveats=(*caveats, *more),
    )


def _judged_as_stated(procedure: Procedure, stated: float, caveats: list[str]) -> Response:
    """Relief in the patient's own words; a duration only if it was stated too."""
    said = procedure.stated_relief
    lasted = {}
    if said is not None and said.hours is not None and said.percent == stated:
        reached = Duration(said.hours, said.hours)
        lasted = {limit: reached if stated >= limit else Duration(0, 0) for limit in THRESHOLDS}
    elif stated < JUDGED_AT:
        lasted = {limit: Duration(0, 0) for limit in THRESHOLDS if stated < limit}
    against, says, as_agent, more = _against_agent(procedure, lasted.get(JUDGED_AT))
    return Response(
        judged=True,
        relief_percent=stated,
        method="stated",
        relief_percent_stated=stated,
        lasted=lasted,
        lasted_as_agent=as_agent,
        against_agent=against,
        against_agent_says=says,
        caveats=(*caveats, *more),
    )


def _duration(usable: Sequence[Scored], threshold: float) -> Duration:
    """From the block to the last score of the first unbroken run of relief, and to the score that broke it.

    The start of relief lies before its first score, so the run is counted from the block itself.
    """
    held: float | None = None
    for one in usable:
        if one.relief >= threshold:
            held = one.minutes / 60
        elif held is not None:
            return Duration(held, one.minutes / 60)
    return Duration(0, 0) if held is None else Duration(held, None)


def _by_hour(usable: Sequence[Scored]) -> dict[int, float]:
    """Relief at each whole hour, from the score nearest to it within half an hour, the earlier of two."""
    nearest: dict[int, Scored] = {}
    for one in usable:
        hour = round(one.minutes / 60)
        if hour < 1 or abs(one.minutes - hour * 60) > 30:
            continue
        if hour not in nearest or abs(one.minutes - hour * 60) < abs(nearest[hour].minutes - hour * 60):
            nearest[hour] = one
    return {hour: one.relief for hour, one in sorted(nearest.items())}


def _against_agent(
    procedure: Procedure, lasted: Duration | None
) -> tuple[AgainstAgent, str, bool | None, tuple[str, ...]]:
    """Relief of 80 percent against the anaesthetic: the class, in words, whether it lasted, and caveats."""
    expected = expected_duration(procedure.anaesthetic)
    if expected is None:
        says = _no_figure(procedure)
        # Relief that never reached the level did not last as long as any anaesthetic acts.
        return AgainstAgent.CANNOT_BE_COMPARED, says, False if lasted and lasted.bounds[1] == 0 else None, ()
    if lasted is None:
        return AgainstAgent.CANNOT_BE_COMPARED, "How long the relief lasted is not documented.", None, ()
    steroid = ("A steroid was injected too, which blurs how long the anaesthetic acted.",)
    against, as_agent = _compared(lasted, expected)
    says = f"Relief of {JUDGED_AT}% lasted {_hours(lasted)}; expected of {procedure.anaesthetic}: " + (
        f"{expected.floor_hours:g} to {expected.ceiling_hours:g} h (upper bound {expected.ceiling_certainty})."
    )
    return against, says, as_agent, steroid if procedure.with_steroid else ()


def _compared(lasted: Duration, expected: ExpectedDuration) -> tuple[AgainstAgent, bool | None]:
    low, high = lasted.bounds
    if high < expected.floor_hours:
        return AgainstAgent.SHORTER, False
    if low < expected.floor_hours:
        return AgainstAgent.CANNOT_BE_COMPARED, None
    if low > expected.ceiling_hours:
        return AgainstAgent.LONGER, True
    return AgainstAgent.AS_EXPECTED if high <= expected.ceiling_hours else AgainstAgent.CANNOT_BE_COMPARED, True


def _no_figure(procedure: Procedure) -> str:
    if procedure.anaesthetic is None:
        return "The anaesthetic is not documented, or several were mixed."
    return f"The evidence has no expected duration for {procedure.anaesthetic}."


def _hours(lasted: Duration) -> str:
    low, high = lasted.bounds
    if high == inf:
        return f"at least {low:.3g} h"
    return f"{low:.3g} h" if low == high else f"between {low:.3g} and {high:.3g} h"
