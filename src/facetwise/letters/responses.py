"""Statements about how a procedure worked: by the scores, as the patient states it, or why it cannot be judged."""

from collections.abc import Iterator
from math import inf

from facetwise.diary import AgainstAgent, Duration, Reason, Response, expected_duration, relief_cut
from facetwise.letters.letter import Fact, Statement
from facetwise.letters.places import Done, Placed
from facetwise.letters.wording import score, words
from facetwise.records import Procedure

COMPARED_AT = (80, 50)
"""Percent of relief whose duration a letter tells: the first of these that was reached."""


def response_statements(done: Done) -> Iterator[Statement]:
    """What the diary and the patient say of the relief. Relief that cannot be judged is not told as relief."""
    placed, response = done.placed, done.response
    if placed.part.diary is not None and response.method == "scores":
        yield from _by_scores(placed, response)
    elif placed.part.diary is not None or placed.part.stated_relief is not None:
        yield from _unjudgeable(placed, response)
    yield from _stated_in_diary(placed)
    yield from _stated(placed)


def _by_scores(placed: Placed[Procedure], response: Response) -> Iterator[Statement]:
    facts = _scored(placed)
    yield Statement(f"By the scores of the diary {_relief(response.relief_percent or 0)}.", facts)
    for side, one in response.by_side.items():
        if one.relief_percent_by_scores is not None:
            yield Statement(f"On the {side} by the scores {_relief(one.relief_percent_by_scores)}.", facts)
    for percent in COMPARED_AT:
        lasted = response.lasted.get(percent)
        if lasted is not None and lasted.bounds[1] > 0:
            yield _lasted(placed, response, percent, lasted)
            return


def _relief(percent: float) -> str:
    told = relief_cut(percent)
    return f"the relief was {told:g}% at its peak" if told > 0 else "there was no relief"


def _lasted(placed: Placed[Procedure], response: Response, percent: int, lasted: Duration) -> Statement:
    text = f"Relief of at least {percent}% lasted {_hours(lasted)}"
    expected = expected_duration(placed.part.anaesthetic)
    if percent != COMPARED_AT[0] or expected is None or response.against_agent is AgainstAgent.CANNOT_BE_COMPARED:
        return Statement(f"{text}.", _scored(placed))
    window = f"{expected.floor_hours:g} to {expected.ceiling_hours:g} hours"
    doubt = "" if expected.ceiling_certainty.verified else ", the upper bound unverified"
    compared = f"{response.against_agent} of {words(placed.part.anaesthetic or '')} ({window}{doubt})"
    return Statement(f"{text}, {compared}.", (*_scored(placed), *_anaesthetic(placed)))


def _hours(lasted: Duration) -> str:
    low, high = lasted.bounds
    if high == inf:
        return f"at least {low:.3g} hours"
    return f"{low:.3g} hours" if low == high else f"between {low:.3g} and {high:.3g} hours"


def _unjudgeable(placed: Placed[Procedure], response: Response) -> Iterator[Statement]:
    """Why the relief or its scores cannot be judged, where that is documented; what is missing is a gap."""
    if response.judged:  # as stated: why the scores cannot be judged then stands among the caveats
        for text in response.caveats:
            if text.startswith(_OF_SCORES) and _has_scores(placed):
                yield Statement(text, _scored(placed))
        return
    for one in response.reasons:
        if one.code is Reason.SEDATION or _has_scores(placed):
            facts = placed.facts("sedation") if one.code is Reason.SEDATION else _scored(placed)
            yield Statement(f"{UNJUDGED}{one.says[0].lower()}{one.says[1:]}", facts)


UNJUDGED = "How it worked cannot be judged: "
"""How a statement starts that gives a reason why."""

_OF_SCORES = "The scores cannot be judged: "


def _has_scores(placed: Placed[Procedure]) -> bool:
    before = placed.part.pain_before
    return placed.part.diary is not None and before is not None and bool(score(before))


def _stated_in_diary(placed: Placed[Procedure]) -> Iterator[Statement]:
    entries = placed.part.diary.entries if placed.part.diary else ()
    stated = [(index, entry.stated_relief_percent) for index, entry in enumerate(entries)
              if entry.stated_relief_percent is not None]  # fmt: skip
    if stated:
        index, percent = max(stated, key=lambda one: one[1])
        fact = Fact(f"{placed.path}.diary.entries[{index}].stated_relief_percent", placed.day, f"{percent:g}")
        yield Statement(f"In the diary the patient stated relief of up to {percent:g}%.", (fact,))


def _stated(placed: Placed[Procedure]) -> Iterator[Statement]:
    stated = placed.part.stated_relief
    if stated is not None:
        unit = "hour" if stated.hours == 1 else "hours"
        hours = f" for {stated.hours:g} {unit}" if stated.hours is not None else ""
        facts = Placed(stated, f"{placed.path}.stated_relief", placed.day).facts("percent", "hours")
        yield Statement(f"The patient stated relief of {stated.percent:g}%{hours}.", facts)


def _scored(placed: Placed[Procedure]) -> tuple[Fact, ...]:
    """The diary, and the score from before that it is held against."""
    before = placed.part.pain_before
    facts = placed.facts("diary")
    if before is None:
        return facts
    one = Placed(before, f"{placed.path}.pain_before", before.date or placed.day)
    return (*facts, *one.facts("score", "low", "high"))


def _anaesthetic(placed: Placed[Procedure]) -> tuple[Fact, ...]:
    name = placed.part.anaesthetic
    return tuple(
        Placed(agent, f"{placed.path}.agents[{index}]", placed.day).fact("name")
        for index, agent in enumerate(placed.part.agents or ())
        if agent.name is name
    )
