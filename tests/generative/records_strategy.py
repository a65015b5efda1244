"""Valid records and requests of every kind: absent facts, procedures, diaries, follow-ups.

`records()` and `requests()` are the strategies; `mirrored` exchanges left and right in either. Everything drawn here
passes `read_record` and `read_request`.
"""

import datetime
from typing import Any, TypeVar

import msgspec
from hypothesis import strategies as st
from spine_strategies import site_sets

from facetwise.records import (
    FACET_KINDS,
    AblationMode,
    Agent,
    AgentName,
    CareKind,
    CareOutcome,
    Complaint,
    Condition,
    Conditions,
    ConservativeCare,
    Diary,
    DiaryEntry,
    Examination,
    FollowUp,
    FunctionScore,
    Goal,
    Goals,
    Guidance,
    Imaging,
    Kind,
    Modality,
    Movement,
    PainScore,
    Patient,
    Pattern,
    Planned,
    Procedure,
    Purpose,
    Record,
    Request,
    Scale,
    Sedation,
    Severity,
    StatedRelief,
)
from facetwise.spine import Region, SiteSet

T = TypeVar("T")

FIRST_DAY, LAST_DAY = datetime.date(2021, 1, 1), datetime.date(2026, 12, 31)
NEIGHBOURS = ("C5-6", "T11-12", "T12-L1", "L1-2", "L3-4", "L4-5", "L5-S1")
"""Few levels, so that procedures and requests meet; the junction that payers count differently is among them."""

DAYS = st.dates(FIRST_DAY, LAST_DAY)
SESSIONS = DAYS | st.sampled_from([datetime.date(2024, 2, 29), datetime.date(2025, 3, 1), datetime.date(2025, 3, 15)])
"""Days of procedures and requests: some meet on one day, or two weeks or a year after another."""

NOTHING = st.none()
YES_NO = st.booleans()
TEXTS = st.text(max_size=12)
PAIN = st.integers(0, 10).map(float) | st.floats(0, 10)
PERCENT = st.sampled_from([0.0, 29.0, 30.0, 31.0, 49.9, 50.0, 79.5, 80.0, 100.0]) | st.floats(0, 100)
MINUTES = st.integers(0, 720)
MEASURES = st.sampled_from([0.1, 0.3, 0.5, 1.0, 2.0, 4.0, 40.0]) | st.floats(0.01, 200)
SITES = site_sets(NEIGHBOURS[-2:], min_size=1, max_size=2) | site_sets(NEIGHBOURS, min_size=1, max_size=4)
SCALES = st.sampled_from(Scale)


def part(cls: type[T], required: dict[str, Any] | None = None, **optional: Any) -> st.SearchStrategy[T]:
    """A part of a record, in which each optional field may be absent."""
    return st.fixed_dictionaries(required or {}, optional=optional).map(lambda fields: cls(**fields))


def some(items: st.SearchStrategy[T], most: int = 3) -> st.SearchStrategy[tuple[T, ...]]:
    """A tuple, empty at times."""
    return st.lists(items, max_size=most).map(tuple)


def often(likely: st.SearchStrategy[T], otherwise: st.SearchStrategy[Any] = NOTHING) -> st.SearchStrategy[Any]:
    """The first three times in four, so that procedures and requests meet."""
    return st.integers(0, 3).flatmap(lambda number: otherwise if number == 3 else likely)


def _scored(cls: type[T], required: dict[str, Any] | None = None, **optional: Any) -> st.SearchStrategy[T]:
    """A part with a score, a range, or neither."""
    ranges = st.tuples(PAIN, PAIN).map(sorted).map(lambda ends: {"low": ends[0], "high": ends[1]})
    scores = st.just({}) | PAIN.map(lambda score: {"score": score}) | ranges
    base = st.fixed_dictionaries(required or {}, optional=optional)
    return st.tuples(base, scores).map(lambda parts: cls(**parts[0], **parts[1]))


PAIN_SCORES = _scored(PainScore, date=DAYS, scale=SCALES)
AGENTS = part(
    Agent,
    {"name": st.sampled_from(AgentName)},
    concentration_percent=MEASURES,
    dose_mg=MEASURES,
    volume_ml=MEASURES,
)
ENTRIES = _scored(
    DiaryEntry,
    {"minutes": MINUTES},
    stated_relief_percent=PERCENT,
    provoked=YES_NO,
    asleep=YES_NO,
    rescue_analgesic=YES_NO,
    scale=SCALES,
    side=st.sampled_from(["left", "right"]),
)
DIARIES = part(Diary, {"entries": some(ENTRIES, 4)}, scale=SCALES)
COMPLAINTS = part(
    Complaint,
    region=st.sampled_from(Region),
    sites=SITES,
    onset=DAYS,
    pattern=st.sampled_from(Pattern),
    severity=st.sampled_from(Severity),
    limits_function=YES_NO,
    aggravated_by=some(st.sampled_from(Movement)),
    pain=some(PAIN_SCORES),
    function=some(part(FunctionScore, {"date": DAYS, "scale": SCALES, "score": PERCENT}), 2),
)
EXAMINATIONS = part(
    Examination,
    date=DAYS,
    paraspinal_tenderness=YES_NO,
    pain_on_extension_rotation=YES_NO,
    neurological_deficit=YES_NO,
    sacroiliac_tests_positive=st.integers(0, 6),
)
IMAGES = part(
    Imaging,
    {"modality": st.sampled_from(Modality)},
    date=DAYS,
    facet_degeneration=YES_NO,
    facet_inflammation=YES_NO,
    facet_cyst_compressing_nerve=YES_NO,
    vertebral_endplate_changes=YES_NO,
    other_cause_of_pain=YES_NO,
)
CONDITIONS = st.dictionaries(
    st.sampled_from(Conditions.__struct_fields__),
    part(Condition, {"present": YES_NO}, on=DAYS, sites=SITES, note=TEXTS),
    max_size=6,
).map(lambda conditions: Conditions(**conditions))
GOALS = part(Goals, wanted=st.sampled_from(Goal), ablation_intended=YES_NO, ablation_not_possible_because=TEXTS)


@st.composite
def courses(draw: st.DrawFn) -> ConservativeCare:
    """A course of conservative care, its end not before its start."""
    fields = draw(
        st.fixed_dictionaries(
            {"kind": st.sampled_from(CareKind)},
            optional={"outcome": st.sampled_from(CareOutcome), "not_possible_because": TEXTS},
        )
    )
    first, last = sorted(draw(st.tuples(DAYS, DAYS)))
    ends = draw(st.sampled_from([{}, {"start": first}, {"end": last}, {"start": first, "end": last}]))
    return ConservativeCare(**fields, **ends)


def _how() -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of a procedure, planned or done: those it has, though perhaps as None, and those it may have."""
    kinds = often(st.sampled_from(sorted(FACET_KINDS)), st.sampled_from(Kind))
    return {"kind": kinds, "sites": often(SITES), "purpose": often(st.sampled_from(Purpose))}, {
        "guidance": st.sampled_from(Guidance),
        "agents": some(AGENTS, 2),
        "sedation": st.sampled_from(Sedation),
        "ablation_mode": st.sampled_from(AblationMode),
        "temperature_c": st.sampled_from([42.0, 79.9, 80.0, 85.0, 90.0, 90.1]),
    }


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """A procedure that was done: scored before if it has a diary, followed up only afterwards."""
    required, optional = _how()
    fields = draw(
        st.fixed_dictionaries(
            {**required, "date": SESSIONS},
            optional={
                **optional,
                "sequence": st.integers(1, 3),
                "diary": DIARIES,
                "stated_relief": part(StatedRelief, {"percent": PERCENT}, hours=st.floats(0, 48)),
                "complications": some(TEXTS, 1),
                "note": TEXTS,
            },
        )
    )
    before = PAIN_SCORES.map(lambda pain: msgspec.structs.replace(pain, date=None))
    if "diary" in fields:
        fields["pain_before"] = draw(before.filter(lambda pain: pain.score is not None or pain.low is not None))
    elif draw(YES_NO):
        fields["pain_before"] = draw(before)
    if draw(YES_NO):
        fields["follow_ups"] = draw(some(_follow_ups(fields["date"])))
    return Procedure(**fields)


def _follow_ups(done: datetime.date) -> st.SearchStrategy[FollowUp]:
    return part(
        FollowUp,
        {"date": st.integers(0, 900).map(lambda days: done + datetime.timedelta(days=days))},
        scale=SCALES,
        score=PAIN,
        relief_percent=PERCENT,
        function_improved_percent=PERCENT,
    )


@st.composite
def records(draw: st.DrawFn, most_procedures: int = 4) -> Record:
    """A valid record. `procedures` is absent, empty, or has up to `most_procedures`, with and without ids."""
    done = draw(often(st.lists(procedures(), max_size=most_procedures)))
    if done:
        named = draw(st.lists(YES_NO, min_size=len(done), max_size=len(done)))
        done = [
            msgspec.structs.replace(one, id=f"p{number}") if has_id else one
            for number, (one, has_id) in enumerate(zip(done, named, strict=True))
        ]
    return draw(
        part(
            Record,
            {
                "patient": part(
                    Patient,
                    {"id": st.text(min_size=1, max_size=8)},
                    birth_year=st.integers(1925, 2005),
                    sex=st.sampled_from(["female", "male", "other"]),
                ),
                "procedures": st.just(None if done is None else tuple(done)),
            },
            complaint=COMPLAINTS,
            conservative_care=some(courses()),
            examinations=some(EXAMINATIONS, 2),
            imaging=some(IMAGES, 2),
            conditions=CONDITIONS,
            goals=GOALS,
            story=TEXTS,
        )
    )


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """A valid request, with or without other procedures in its session."""
    required, optional = _how()
    date = draw(often(SESSIONS.filter(lambda day: day.year >= 2025), SESSIONS))
    others = part(Planned, {**required, "date": st.just(date)}, **optional)
    return draw(
        part(
            Request,
            {**required, "date": st.just(date)},
            **optional,
            replaces=st.sampled_from(["p0", "p1"]),
            early_because=TEXTS,
            ablation_not_possible_because=TEXTS,
            sedation_because=TEXTS,
            joint_injection_because=TEXTS,
            source_in_doubt=YES_NO,
            same_session=some(others, 2),
        )
    )


def mirrored(value: T) -> T:
    """The same record or request with left and right exchanged everywhere."""
    if isinstance(value, SiteSet):
        return value.mirrored()
    if isinstance(value, tuple):
        return tuple(mirrored(item) for item in value)
    if isinstance(value, DiaryEntry) and value.side is not None:
        return msgspec.structs.replace(value, side={"left": "right", "right": "left"}[value.side])
    if isinstance(value, msgspec.Struct):
        fields = {name: mirrored(getattr(value, name)) for name in value.__struct_fields__}
        return msgspec.structs.replace(value, **fields)
    return value
