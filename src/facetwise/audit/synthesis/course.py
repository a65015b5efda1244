"""The procedures of each patient in time: care before, blocks, ablation and its repeats, and what is tried besides.

Who goes on to what is a convention of the simulation; whether a block is positive and whether ablation helps follows
from the hidden truth and the published rates. Days count from today.
"""

import numpy as np

from facetwise.audit.synthesis.assumptions import CourseOfCare, Span
from facetwise.audit.synthesis.chances import share_of
from facetwise.audit.synthesis.patients import Patients, days_of_months
from facetwise.audit.synthesis.reading import assumptions
from facetwise.audit.synthesis.steps import Procedures, Steps
from facetwise.audit.synthesis.streams import Array, Stream
from facetwise.records import Kind, Purpose


def procedures(patients: Patients, random: Stream) -> Procedures:
    """Every procedure that these patients have had by today."""
    course = _Course(patients, random)
    first = course.care_before()
    ablated, day = course.work_up(first)
    course.ablations(ablated, day)
    course.injections(first)
    course.care_after(first)
    return course.steps.procedures()


class _Course:
    """One walk through the years of all patients at once."""

    def __init__(self, patients: Patients, random: Stream) -> None:
        self.patients, self.random = patients, random
        self.steps = Steps(patients)
        self.habits: CourseOfCare = assumptions().course
        self.everybody = np.ones(len(patients), bool)
        self.nowhere = np.zeros(len(patients), np.int32)
        self.wider = np.where(self._happens(self.habits.one_level_more), patients.further, 0)

    def care_before(self) -> Array:
        """Other care, and the day of the first block."""
        first = self.patients.begins + self.random.between(len(self.patients), self.habits.earlier_days)
        self._other_care(self.habits.earlier, self.patients.begins, first - 1)
        for kind, share in self.habits.rare.items():
            when = self._within(self.patients.begins, 0 * first)
            self._one_level(self._happens(share), when, kind)
        return first

    def work_up(self, first: Array) -> tuple[Array, Array]:
        """The blocks that were planned: who has an ablation after them, and on which day."""
        planned = self.random.pick(len(self.patients), self.habits.blocks_planned)
        positive = self._block(planned > 0, first, self.patients.each("false_positive"))
        going_on = positive & self._happens(self.habits.goes_on)
        second = first + self._after(self.habits.block_gap_days)
        two = going_on & (planned > 1)
        confirmed = self._block(two, second, self.patients.each("repeated_error"), positive)
        elsewhere = (planned > 0) & ~positive & self._happens(self.habits.other_levels)
        self._block_elsewhere(elsewhere, second)
        all_the_same = self._happens(self.habits.ablated_all_the_same)
        after_two = two & np.where(confirmed, self._happens(self.habits.goes_on), all_the_same)
        ablated = (planned == 0) | (going_on & (planned == 1)) | after_two
        last = np.where(two, second, np.where(planned > 0, first, first - 1))
        return ablated, last + self._after(self.habits.ablation_gap_days)

    def ablations(self, who: Array, day: Array) -> None:
        """The first ablation and its repeats: after relief has ended, or now and then although there was none."""
        others = self.patients.each("helped_others")
        helps = np.where(self.patients.of_joints, self.patients.each("helped_source"), others)
        again = np.where(self.patients.of_joints, self.patients.each("helped_again"), others)
        median = self.patients.each("first_months")
        for _ in range(self.habits.repeats + 1):
            helped, months = self._ablation(who, day, helps, median)
            ended = day + np.ceil(days_of_months(months)).astype(np.int32)
            after = np.where(helped, ended, day) + np.where(
                helped, self._after(self.habits.repeat_gap_days), self._after(self.habits.failed_gap_days)
            )
            share = np.where(helped, self.habits.repeated, self.habits.repeated_though_it_failed)
            who = who & self._happens(share)
            self._block_before_repeat(who, after)
            day, helps, median = after, np.where(helped, again, helps), self.patients.each("repeat_months")

    def injections(self, first: Array) -> None:
        """Therapeutic facet injections, some time after the first block."""
        count = len(self.patients)
        most = self.random.whole(count, 1, self.habits.therapeutic_at_most)
        most = np.where(self._happens(self.habits.therapeutic), most, 0)
        day = self._within(first, self.nowhere)
        success = share_of(assumptions().responses.therapeutic_success)
        for number in range(self.habits.therapeutic_at_most):
            into_joint = self._happens(self.habits.therapeutic_into_the_joint)
            helped = self._happens(success)
            months = np.where(helped, assumptions().responses.therapeutic_months * (1 + self.random.parts(count)), 0.0)
            for kind, chosen in ((Kind.FACET_JOINT_INJECTION, into_joint), (Kind.MEDIAL_BRANCH_BLOCK, ~into_joint)):
                self._facet(chosen & (number < most), day, kind, purpose=Purpose.THERAPEUTIC, months=months)
            day = day + self._after(self.habits.therapeutic_gap_days)

    def care_after(self, first: Array) -> None:
        """What is tried besides, spread over the time since the first block."""
        self._other_care(self.habits.later, first + 1, self.nowhere)

    def _block(self, who: Array, day: Array, errs: Array, before: Array | None = None) -> Array:
        """A diagnostic block: whether it is positive. `before` says who can err again, all where it is not given."""
        may_err = self._happens(errs) if before is None else self._happens(errs) & before
        positive = who & (self.patients.of_joints | may_err)
        into_joint = self._happens(self.habits.into_the_joint)
        for kind, chosen in ((Kind.FACET_JOINT_INJECTION, into_joint), (Kind.MEDIAL_BRANCH_BLOCK, ~into_joint)):
            self._facet(who & chosen, day, kind, purpose=Purpose.DIAGNOSTIC, positive=positive)
        self._other_the_same_day(who, day)
        return positive

    def _block_elsewhere(self, who: Array, day: Array) -> None:
        """A block of another level after a negative one. It errs as a first one, and nobody follows it up."""
        left = np.where(self.patients.left > 0, self.patients.elsewhere, 0)
        right = np.where(self.patients.right > 0, self.patients.elsewhere, 0)
        positive = self._happens(self.patients.each("false_positive"))
        kind, purpose = Kind.MEDIAL_BRANCH_BLOCK, Purpose.DIAGNOSTIC
        self.steps.add(who, day, kind, left, right, purpose=purpose, positive=positive)

    def _block_before_repeat(self, who: Array, ablation: Array) -> None:
        """A block between the end of relief and a repeat."""
        who = who & self._happens(self.habits.block_before_repeat)
        day = ablation - np.minimum(self._after(self.habits.ablation_gap_days), self.habits.repeat_gap_days.low)
        self._block(who, day, self.patients.each("false_positive"))

    def _ablation(self, who: Array, day: Array, helps: Array, median: Array) -> tuple[Array, Array]:
        """An ablation: whether it helps, and for how many months."""
        counted = self.patients.each("success_months")
        helped = self._happens(helps)
        longer = (median - counted) * -np.log2(1 - self.random.parts(len(self.patients)))
        months = np.where(helped, counted + longer, 0.0)
        left, right = (np.where(side > 0, side | self.wider, 0) for side in (self.patients.left, self.patients.right))
        apart = (left > 0) & (right > 0) & self._happens(self.habits.one_side_at_a_time)
        kind, purpose = Kind.RADIOFREQUENCY_ABLATION, Purpose.THERAPEUTIC
        self._facet(who & ~apart, day, kind, purpose=purpose, months=months, sides=(left, right))
        self._facet(who & apart, day, kind, purpose=purpose, months=months, sides=(left, self.nowhere))
        later = day + self._after(self.habits.other_side_days)
        self._facet(who & apart, later, kind, purpose=purpose, months=months, sides=(self.nowhere, right))
        return helped, months

    def _facet(
        self,
        who: Array,
        day: Array,
        kind: Kind,
        *,
        purpose: Purpose,
        positive: Array | None = None,
        months: Array | None = None,
        sides: tuple[Array, Array] | None = None,
    ) -> None:
        """A facet procedure, of both sides in one row or in two."""
        left, right = sides or (self.patients.left, self.patients.right)
        apart = (left > 0) & (right > 0) & self._happens(self.habits.a_row_each_side)
        for chosen, row in ((~apart, (left, right)), (apart, (left, self.nowhere)), (apart, (self.nowhere, right))):
            self.steps.add(who & chosen, day, kind, *row, purpose=purpose, positive=positive, months=months)

    def _other_care(self, most: dict[Kind, int], first: Array, last: Array) -> None:
        """From none to so many procedures of each kind between two days."""
        for kind, at_most in most.items():
            number = self.random.whole(len(self.patients), 0, at_most)
            for place in range(at_most):
                self.steps.add(place < number, self._within(first, last), kind, self.nowhere, self.nowhere)

    def _one_level(self, who: Array, day: Array, kind: Kind) -> None:
        levels = self.patients.left | self.patients.right
        top = np.bitwise_and(levels, np.negative(levels))
        self.steps.add(who, day, kind, top, self.nowhere)

    def _other_the_same_day(self, who: Array, day: Array) -> None:
        who = who & self._happens(self.habits.same_day_other)
        self.steps.add(who, day, Kind.TRIGGER_POINT_INJECTION, self.nowhere, self.nowhere)

    def _within(self, first: Array, last: Array) -> Array:
        return self.random.whole(len(self.patients), first, np.maximum(first, last))

    def _after(self, span: Span) -> Array:
        return self.random.between(len(self.patients), span)

    def _happens(self, share: Array | float) -> Array:
        return self.random.happens(len(self.patients), share)
