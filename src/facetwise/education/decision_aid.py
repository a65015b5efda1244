"""The decision aid for an injection or a block: what a patient fills in, and what the clinician then sees."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

import msgspec

from facetwise.documents import DocumentError, Problem, did_you_mean
from facetwise.education import written
from facetwise.education.building import Builder
from facetwise.education.filling import word
from facetwise.education.page import DecisionAid, Option, Value
from facetwise.education.plans import Plan
from facetwise.education.reading import texts
from facetwise.education.written import Aid, Language, OptionId

Leaning = Literal["injection", "block", "neither", "not_sure"]


class Importance(StrEnum):
    """How much something matters to the patient."""

    NOT_AT_ALL = "not_at_all"
    SOME = "some"
    A_LOT = "a_lot"


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a patient filled in. What is absent was not answered, which is not a no.

    `values` and `ready` are by the ids of the aid, `questions` are ids.
    """

    values: dict[str, Importance] = msgspec.field(default_factory=dict)
    ready: dict[str, bool] = msgspec.field(default_factory=dict)
    questions: tuple[str, ...] = ()
    own_question: str = ""
    leaning: Leaning | None = None


class Summary(msgspec.Struct, frozen=True):
    """What a clinician sees of the answers: (label, lines) in reading order. `speaks_for` counts nothing and advises
    nothing: it lists under each option what matters a lot to the patient and speaks for it."""

    title: str
    leaning: tuple[str, str]
    values: tuple[tuple[str, tuple[str, ...]], ...]
    speaks_for: tuple[tuple[OptionId, str, tuple[str, ...]], ...]
    ready: tuple[tuple[str, tuple[str, ...]], ...]
    questions: tuple[str, tuple[str, ...]]
    note: str

    def lines(self) -> list[str]:
        """The summary as plain text, a line each."""
        found = [self.title, f"{self.leaning[0]}: {self.leaning[1]}"]
        found += [
            f"{label}: {one}" for label, several in (*self.values, *self.ready, self.questions) for one in several
        ]
        return [*found, self.note]


def decision_aid(language: Language, plan: Plan | None = None) -> DecisionAid:
    """The aid in one language; a plan decides only for which region the pictures are."""
    build, aid = Builder(language, plan), texts().aid
    options = tuple(_option(build, option) for option in aid.options)
    sections = build.sections(aid.sections)
    about = written.Section(id="about", title=aid.about_title, blocks=aid.about)
    return DecisionAid(
        language=language,
        about=build.word("aid_about"),
        title=build.words(aid.title),
        lead=build.all_words(aid.lead),
        options_title=build.words(aid.options_title),
        options=options,
        good=build.word("good"),
        bad=build.word("bad"),
        sections=sections,
        values_title=build.words(aid.values_title),
        values_lead=build.words(aid.values_lead),
        values=tuple(Value(one.id, build.words(one), one.speaks_for) for one in aid.values),
        importance=tuple((one.value, build.word(one.value)) for one in Importance),
        ready=build.questions(aid.ready_title, aid.ready),
        yes_no=(("yes", build.word("yes")), ("no", build.word("no"))),
        questions=build.questions(aid.questions_title, aid.questions),
        my_question=build.word("my_question"),
        leaning=build.questions(aid.leaning_title, aid.leanings),
        about_aid=build.section(about),
        shades=build.word("shades"),
        references=build.references,
        references_title=build.word("sources"),
        footer=build.word("footer"),
    )


def summary_for_clinician(answers: Answers, language: Language = Language.ENGLISH) -> Summary:
    """The answers laid out, in the clinician's language. Raises `DocumentError` for an id that the aid has not."""
    aid = texts().aid
    _require_known(answers, aid)
    leaning = {one.id: one.in_(language) for one in aid.leanings}
    open_ = word("summary_open", language)
    asked = [one.in_(language) for one in aid.questions if one.id in answers.questions]
    own = " ".join(answers.own_question.split())
    return Summary(
        title=word("summary", language),
        leaning=(word("summary_leaning", language), leaning[answers.leaning] if answers.leaning else open_),
        values=_values(aid, answers, language),
        speaks_for=_speaks_for(aid, answers, language),
        ready=_ready(aid, answers, language),
        questions=(word("summary_questions", language), (*asked, *([own] if own else []))),
        note=word("summary_note", language),
    )


def _option(build: Builder, option: written.Option) -> Option:
    is_, good, bad = build.claim(option.is_), build.claims(option.for_), build.claims(option.against)
    return Option(option.id, build.words(option.title), is_, good, bad)


def _values(aid: Aid, answers: Answers, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What matters a lot, some, not at all, and what was left open, each with its label; empty ones left out."""
    order: tuple[Importance | None, ...] = (*reversed(Importance), None)
    found = []
    for importance in order:
        said = tuple(one.in_(language) for one in aid.values if answers.values.get(one.id) is importance)
        if said:
            found.append((word(f"summary_{importance.value if importance else 'open'}", language), said))
    return tuple(found)


def _speaks_for(aid: Aid, answers: Answers, language: Language) -> tuple[tuple[OptionId, str, tuple[str, ...]], ...]:
    lot = [one for one in aid.values if answers.values.get(one.id) is Importance.A_LOT]
    return tuple(
        (
            option.id,
            f"{word('summary_speaks_for', language)}: {option.title.in_(language)}",
            tuple(one.in_(language) for one in lot if option.id in one.speaks_for),
        )
        for option in aid.options
    )


def _ready(aid: Aid, answers: Answers, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    said = {
        "summary_not_ready": [one for one in aid.ready if answers.ready.get(one.id) is False],
        "summary_open": [one for one in aid.ready if one.id not in answers.ready],
        "summary_ready": aid.ready if all(answers.ready.get(one.id) for one in aid.ready) else [],
    }
    return tuple(
        (word(name, language), tuple(one.in_(language) for one in ones)) for name, ones in said.items() if ones
    )


def _require_known(answers: Answers, aid: Aid) -> None:
    named: list[tuple[str, Iterable[str], Iterable[written.Question]]] = [
        ("values", answers.values, aid.values),
        ("ready", answers.ready, aid.ready),
        ("questions", answers.questions, aid.questions),
    ]
    problems = []
    for field, ids, known in named:
        accepted = [one.id for one in known]
        for id in ids:
            if id not in accepted:
                problems.append(Problem(field, f'The decision aid has no "{id}"', did_you_mean(id, accepted)))
    if problems:
        raise DocumentError(problems)
