"""What procedures did to the pain, and what was written down of it: relief after blocks, and follow-up visits."""

from math import ceil

import msgspec
import numpy as np

from facetwise.audit.synthesis.assumptions import Responses
from facetwise.audit.synthesis.patients import Patients, days_of_months
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.steps import NONE, Procedures
from facetwise.audit.synthesis.streams import Array, Stream
from facetwise.diary.scoring import JUDGED_AT
from facetwise.records import Kind


class Relief(msgspec.Struct):
    """Relief after each procedure in percent, NaN where not documented; answers are -1 where they are not.

    `before` and `after` are pain scores, which nobody but the first column of a diary would hold.
    """

    before: Array
    after: Array
    by_scores: Array
    stated: Array
    lasted: Array
    same_scale: Array

    @property
    def percent(self) -> Array:
        """By the scores where they can be judged, else as stated."""
        relief: Array = np.where(np.isnan(self.by_scores), self.stated, self.by_scores)
        return relief


class Visits(msgspec.Struct):
    """Follow-up visits, sorted by procedure and day. `procedure` is a place in `Procedures`; NaN is not documented."""

    procedure: Array
    day: Array
    relief: Array
    function: Array


def relief(patients: Patients, procedures: Procedures, random: Stream) -> Relief:
    """The response of every block. Other procedures have none: their follow-up visits tell."""
    told = assumptions().responses
    count, threshold = len(procedures), patients.each("threshold")[procedures.patient]
    positive, block = procedures.positive == 1, procedures.positive != NONE
    before = random.between(count, told.pain_before)
    passing = before - np.ceil(before * threshold / 100).astype(np.int32)
    after = np.where(positive, random.whole(count, 0, passing), random.whole(count, passing + 1, before))
    by_scores = (before - after) / before * 100
    step = told.percent_step
    stated = step * np.where(
        positive,
        random.whole(count, threshold // step, 100 // step),
        random.whole(count, 0, threshold // step - 1),
    )
    thin = patients.thoroughness[procedures.patient]
    scored = block & random.happens(count, told.scores_documented * thin)
    said = block & random.happens(count, told.stated_documented * thin)
    found = Relief(
        before=before,
        after=after,
        by_scores=np.where(scored, by_scores, np.nan),
        stated=np.where(said, stated.astype(float), np.nan),
        lasted=np.full(count, NONE, np.int8),
        same_scale=np.full(count, NONE, np.int8),
    )
    known = scored | said
    found.lasted = _answers(_lasted(found, positive, threshold, told, random), known, told.lasted_documented, random)
    found.same_scale = _answers(random.happens(count, told.same_scale), scored, 1, random)
    return found


def _lasted(found: Relief, positive: Array, threshold: Array, told: Responses, random: Stream) -> Array:
    """Whether relief of 80 percent lasted as the agent does: always where the series asked for it, else mostly."""
    enough = np.nan_to_num(found.percent) >= JUDGED_AT
    asked = positive & (threshold >= JUDGED_AT)
    return enough & (asked | ~random.happens(len(enough), told.short_relief))


def _answers(yes: Array, known: Array, share: float, random: Stream) -> Array:
    """Answers in numbers: 1 yes, 0 no, -1 not documented."""
    documented = known & random.happens(len(yes), share)
    return np.where(documented, yes, NONE).astype(np.int8)


def visits(patients: Patients, procedures: Procedures, random: Stream) -> Visits:
    """The visits by today after ablations and therapeutic injections."""
    told = assumptions().responses
    asked = np.flatnonzero(~np.isnan(procedures.months))
    injected = ~procedures.of_kind(Kind.RADIOFREQUENCY_ABLATION)[asked]
    thin = patients.thoroughness[procedures.patient[asked]]
    parts = []
    for month in told.visit_months:
        count = len(asked)
        due = procedures.day[asked] + ceil(days_of_months(month))
        day = due + random.between(count, told.visit_days_late)
        seen = random.happens(count, told.attended * thin) & (day <= 0)
        seen &= ~injected | (month <= told.therapeutic_months)
        relief, function = _at_visit(month <= procedures.months[asked], told, random)
        parts.append((asked[seen], day[seen], relief[seen], function[seen]))
    procedure, day, relief, function = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((day, procedure))
    return Visits(procedure[order], day[order].astype(np.int32), relief[order], function[order])


def _at_visit(holding: Array, told: Responses, random: Stream) -> tuple[Array, Array]:
    """Relief and function at a visit, as far as they are written down."""
    count, step = len(holding), told.percent_step
    relief = step * np.where(
        holding, random.whole(count, told.half // step, 100 // step), random.whole(count, 0, told.half // step - 1)
    )
    function = relief * random.between(count, told.function_of_relief) // 100
    known = random.happens(count, told.visit_relief_documented), random.happens(count, told.visit_function_documented)
    return np.where(known[0], relief, np.nan), np.where(known[1], function, np.nan)
