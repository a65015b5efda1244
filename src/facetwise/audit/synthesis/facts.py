"""The other facts of each procedure, and whether they are documented by its day."""

import datetime
from collections.abc import Callable, Mapping

import msgspec
import numpy as np

from facetwise.audit.events import FACTS
from facetwise.audit.synthesis.assumptions import Fact
from facetwise.audit.synthesis.chances import share_of, strata
from facetwise.audit.synthesis.patients import SOURCES, Patients, days_of_months
from facetwise.audit.synthesis.reading import OF_RESPONSES, assumptions
from facetwise.audit.synthesis.responses import Relief
from facetwise.audit.synthesis.steps import PURPOSES, Procedures
from facetwise.audit.synthesis.streams import Array, Stream, picked
from facetwise.evidence import figure
from facetwise.records import AblationMode, Purpose, Sedation, Severity
from facetwise.spine import Region


class Told(msgspec.Struct):
    """A fact of each procedure. Words are places in the catalogue's list; what is not `known` is not documented."""

    values: Array
    known: Array


def facts(
    patients: Patients, procedures: Procedures, relief: Relief, today: datetime.date, random: Stream
) -> dict[str, Told]:
    """Every fact of the catalogue that is no response, by name."""
    spreading = _Spreading(patients, procedures, relief, today, random)
    for name, fact in assumptions().facts.items():
        if name in FACTS and name not in OF_RESPONSES:
            spreading.spread(name, fact)
    return spreading.told


def days_of(today: datetime.date, day: Array) -> Array:
    """Days that count from today as days of the calendar."""
    days: Array = np.datetime64(today, "D") + day.astype("timedelta64[D]")
    return days


class _Spreading:
    """The facts being spread, in the order of the file."""

    def __init__(
        self, patients: Patients, procedures: Procedures, relief: Relief, today: datetime.date, random: Stream
    ) -> None:
        self.patients, self.procedures, self.relief = patients, procedures, relief
        self.random, self.today = random, today
        self.told: dict[str, Told] = {}
        self.parts: dict[str, Array] = {}
        self.days = days_of(today, procedures.day)
        first = np.r_[True, procedures.patient[1:] != procedures.patient[:-1]]
        self.before = np.arange(len(procedures)) - np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))

    def spread(self, name: str, fact: Fact) -> None:
        values = FOLLOWING[name](self) if fact.follows else self._values(name, fact)
        known = self._documented(name, fact)
        if fact.kinds:
            known &= self.procedures.of_kind(*fact.kinds)
        if name in BOUNDED:
            values, known = BOUNDED[name](self, values, known)
        self.told[name] = Told(values, known)

    def _values(self, name: str, fact: Fact) -> Array:
        """Values as the file spreads them: one for each procedure, or for each patient."""
        parts = self._parts(fact)
        if fact.words:
            words = np.array([FACTS[name].values.index(word) for word in fact.words], np.int8)
            return words[picked(parts, list(fact.words.values()))]
        if fact.yes is not None:
            happening: Array = parts < fact.yes
            return happening
        low, high = fact.low or 0, fact.high or 0
        numbers: Array = low + fact.step * np.floor(parts * ((high - low) // fact.step + 1))
        return numbers

    def _documented(self, name: str, fact: Fact) -> Array:
        """Once documented, a fact of the patient stays so. What is written down together shares its chance."""
        if name not in self.parts:
            shared = fact.with_ or name
            if shared not in self.parts:
                self.parts[shared] = self._parts(fact)
            self.parts[name] = self.parts[shared]
        share = fact.documented * self.patients.thoroughness[self.procedures.patient]
        if not fact.each:
            share += (1 - share) * self.before / assumptions().facts_catching_up
        known: Array = self.parts[name] < share
        return known

    def _parts(self, fact: Fact) -> Array:
        if fact.each:
            return self.random.parts(len(self.procedures))
        return self.of_patient(self.random.parts(len(self.patients)))

    def of_patient(self, values: Array) -> Array:
        """What holds of each patient, for each of their procedures."""
        taken: Array = values[self.procedures.patient]
        return taken

    def is_purpose(self, purpose: Purpose) -> Array:
        is_it: Array = self.procedures.purpose == PURPOSES.index(purpose)
        return is_it

    def of(self, name: str) -> Array:
        """The values of a fact that was spread before, known or not."""
        return self.told[name].values


def _age(of: _Spreading) -> Array:
    born = days_of(of.today, of.patients.born_days).astype("datetime64[Y]")
    years: Array = (of.days.astype("datetime64[Y]") - of.of_patient(born)).astype(float)
    return years


def _region(of: _Spreading) -> Array:
    regions = list(Region)
    return of.of_patient(np.array([regions.index(one.region) for one in strata()], np.int8)[of.patients.stratum])


def _pain_months(of: _Spreading) -> Array:
    """Complete calendar months, as `records.complete_months` counts them."""
    began = of.of_patient(days_of(of.today, of.patients.pain_began))
    months = of.days.astype("datetime64[M]") - began.astype("datetime64[M]")
    short = _day_of_month(of.days) < _day_of_month(began)
    complete: Array = months.astype(float) - short
    return complete


def _day_of_month(days: Array) -> Array:
    number: Array = (days - days.astype("datetime64[M]").astype("datetime64[D]")).astype(np.int32)
    return number


def _temperature(of: _Spreading) -> Array:
    """Evenly within the guideline's range; now and then within that of another source."""
    told, count = assumptions().ablation, len(of.procedures)
    within, elsewhere = (figure(id) for id in (told.temperature, told.temperature_elsewhere))
    parts, other = of.random.parts(count), of.random.happens(count, told.elsewhere)
    degrees = [np.floor((one.low or 0) + parts * ((one.high or 0) - (one.low or 0) + 1)) for one in (within, elsewhere)]
    return np.where(other, degrees[1], degrees[0])


def _sacroiliac_tests(of: _Spreading) -> Array:
    """As many as count as positive, or fewer, as often as the sensitivity and the specificity say."""
    told, count = assumptions().examination, len(of.patients)
    share = np.where(
        of.patients.source == SOURCES.index("sacroiliac"),
        share_of(told.sacroiliac_sensitivity),
        1 - share_of(told.sacroiliac_specificity),
    )
    many = of.random.whole(count, told.sacroiliac_positive, told.sacroiliac_tests)
    few = of.random.whole(count, 0, told.sacroiliac_positive - 1)
    return of.of_patient(np.where(of.random.happens(count, share), many, few).astype(float))


def _extension_rotation(of: _Spreading) -> Array:
    told = assumptions().examination
    share = np.where(
        of.patients.of_joints,
        share_of(told.extension_rotation_sensitivity),
        1 - share_of(told.extension_rotation_specificity),
    )
    return of.of_patient(of.random.happens(len(of.patients), share))


def _care_weeks(of: _Spreading) -> Array:
    """Both kinds of care began when they did and ended together."""
    weeks: Array = np.maximum(of.of("active_care_weeks"), of.of("medication_weeks"))
    return weeks


def _care_months(of: _Spreading) -> Array:
    return np.floor(of.of("conservative_care_weeks") * 7 / days_of_months(1))


FOLLOWING: Mapping[str, Callable[[_Spreading], Array]] = {
    "purpose": lambda of: of.procedures.purpose,
    "temperature_c": _temperature,
    "age_years": _age,
    "pain_region": _region,
    "pain_months": _pain_months,
    "pain_moderate_to_severe": lambda of: of.of("pain_severity") != list(Severity).index(Severity.MILD),
    "pain_score": lambda of: of.relief.before.astype(float),
    "pain_measured": lambda of: np.ones(len(of.procedures), bool),
    "conservative_care_weeks": _care_weeks,
    "conservative_care_months": _care_months,
    "pain_on_extension_rotation": _extension_rotation,
    "sacroiliac_tests_positive": _sacroiliac_tests,
}
"""Facts that follow from the patient and the course."""

Bounded = tuple[Array, Array]


def _only_if_sedated(of: _Spreading, values: Array, known: Array) -> Bounded:
    lightly = [list(Sedation).index(word) for word in (Sedation.NONE, Sedation.MINIMAL)]
    return values, known & of.told["sedation"].known & ~np.isin(of.of("sedation"), lightly)


def _only_if_thermal(of: _Spreading, values: Array, known: Array) -> Bounded:
    return values, known & (of.of("ablation_mode") == list(AblationMode).index(AblationMode.THERMAL))


def _only_after_a_block(of: _Spreading, values: Array, known: Array) -> Bounded:
    """A reason for an early block can be given where a block came before."""
    block = of.is_purpose(Purpose.DIAGNOSTIC)
    return values, known & block & np.r_[False, block[:-1]] & (of.before > 0)


BOUNDED: Mapping[str, Callable[[_Spreading, Array, Array], Bounded]] = {
    "purpose": lambda of, values, known: (values, known & (values >= 0)),
    "with_steroid": lambda of, values, known: (values & of.is_purpose(Purpose.THERAPEUTIC), known),
    "sedation_justified": _only_if_sedated,
    "temperature_c": _only_if_thermal,
    "red_flag": lambda of, values, known: (values | of.told["infection"].values, known),
    "pregnancy": lambda of, values, known: (values & ~of.of_patient(of.patients.male), known),
    "ablation_not_possible": lambda of, values, known: (values, known & of.is_purpose(Purpose.THERAPEUTIC)),
    "joint_injection_reason_documented": lambda of, values, known: (values, known & of.is_purpose(Purpose.DIAGNOSTIC)),
    "early_block_reason_documented": _only_after_a_block,
}
"""What else is true of a fact, or where nobody would write it down."""
