"""The slots of texts filled: figures with their range, what the patient's record says, days as people write them."""

import datetime
from collections.abc import Iterator, Mapping

from facetwise.education.plans import Plan
from facetwise.education.reading import SLOT, texts
from facetwise.education.written import Bilingual, Language
from facetwise.evidence import Figure, figure


def word(name: str, language: Language, **slots: object) -> str:
    """A label or sentence of `wording.yaml`, its slots filled."""
    return fill(texts().wording.wording[name], language, {slot: str(value) for slot, value in slots.items()})


def fill(text: Bilingual, language: Language, given: Mapping[str, str]) -> str:
    """The text in one language: given slots as they are, every other one a figure."""
    return SLOT.sub(
        lambda match: given[match[1]] if match[1] in given else _numbers(figure(match[1]), language), text.in_(language)
    )


def figures_in(text: Bilingual, given: Mapping[str, str]) -> Iterator[str]:
    """The figures that a text quotes."""
    yield from (slot for slot in SLOT.findall(text.en) if slot not in given and not slot.startswith("your."))


def asks_for_unknown(text: Bilingual, given: Mapping[str, str]) -> bool:
    """Whether a text needs something of the patient's record that is not documented."""
    return any(slot.startswith("your.") and slot not in given for slot in SLOT.findall(text.en))


def yours(plan: Plan | None, language: Language) -> dict[str, str]:
    """What texts may take from the record; what is not documented is left out."""
    if plan is None:
        return {}
    said = {
        "your.relief": None if plan.relief_percent is None else str(plan.relief_percent),
        "your.day": None if plan.block_date is None else day(plan.block_date, language),
        "your.earliest": None if plan.earliest is None else day(plan.earliest, language),
    }
    return {slot: value for slot, value in said.items() if value is not None}


def day(date: datetime.date, language: Language) -> str:
    """A day as it is written: November 17, 2026; 17 de noviembre de 2026."""
    wording = texts().wording
    months = wording.months.en if language is Language.ENGLISH else wording.months.es
    given = {"day": str(date.day), "month": months[date.month - 1], "year": str(date.year)}
    return fill(wording.dates, language, given)


def _numbers(found: Figure, language: Language) -> str:
    """Whole numbers, which is what people read; the figure itself holds the exact ones. A range is never left out."""
    ends = [_whole(end) for end in (found.low, found.high) if end is not None]
    between = word("to", language, low=ends[0], high=ends[-1]) if ends else ""
    if found.value is None:
        return between
    return f"{_whole(found.value)} ({between})" if between else str(_whole(found.value))


def _whole(number: float) -> int:
    return round(number)
