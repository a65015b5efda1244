"""Understand your procedure: the page for anybody, or for one patient's plan."""

from facetwise.education.building import Builder
from facetwise.education.page import EducationPage
from facetwise.education.plans import Plan, passage_for
from facetwise.education.reading import texts
from facetwise.education.written import Language


def education_page(language: Language, plan: Plan | None = None) -> EducationPage:
    """The page in one language. With a plan it starts with what is next for this patient and why.

    Raises `ValueError` for a plan of a kind that no passage is written for.
    """
    build, written = Builder(language, plan), texts().understand
    passage = passage_for(plan) if plan else None
    own = build.section(passage) if passage else None
    questions = (*passage.questions, *written.questions) if passage else written.questions
    sections = build.sections(written.sections)
    return EducationPage(
        language=language,
        about=build.word("page_about"),
        title=build.words(written.title),
        lead=build.all_words(written.lead),
        plan=own,
        plan_label=build.word("your_plan"),
        sections=sections,
        questions=build.questions(written.questions_title, questions),
        shades=build.word("shades"),
        references=build.references,
        references_title=build.word("sources"),
        footer=build.word("footer"),
    )
