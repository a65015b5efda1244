"""The answers of `next` and `check` as pages."""

from collections.abc import Iterable, Iterator, Sequence

from facetwise.pathway import Alternative, CheckResult, NextStep, pathway_svg
from facetwise.pathway.chances import PATHWAY
from facetwise.pathway.results import verdict_in_words
from facetwise.reports.likelihood import basis_blocks, likelihood_blocks
from facetwise.reports.page import Block, Bullets, Cited, Drawing, Page, Paragraph, Section, Table
from facetwise.reports.policies_used import policy_sections
from facetwise.reports.proposals import (
    cited_text,
    in_short,
    proposal_sections,
    question_text,
    request_text,
    speaking,
    values_text,
    words,
)
from facetwise.reports.responses import response_blocks
from facetwise.rules import Missing, Status, policy_named


def next_page(answer: NextStep, *, every_criterion: bool = False) -> Page:
    """The next step, its reasons, and everything needed to check them."""
    sections = [
        _section("Stop and look first", _red_flags(answer)),
        _section("Why", _why(answer)),
        *(
            proposal_sections(answer.proposal, answer.policies_chosen_because, every_criterion)
            if answer.proposal
            else ()
        ),
        *_likelihood_sections(answer, every_criterion),
        _section("What is missing", _missing(answer.missing)),
        _section("How earlier procedures worked", response_blocks(answer.responses, answer.comparison)),
        _section("Also possible", [block for other in answer.alternatives for block in _alternative(other)]),
        _section("The pathway", [_pathway(answer)]),
        *policy_sections(answer.policies, every=every_criterion),
    ]
    return Page(
        title=f"Next step: {answer.step.title}",
        about=f"Patient {answer.patient}, record as of {answer.as_of}",
        headline=answer.step.title,
        lead=(answer.step.does, *in_short(answer.proposal)),
        sections=tuple(section for section in sections if section.blocks),
        footer=(answer.disclaimer, answer.software),
    )


def check_page(answer: CheckResult, *, every_criterion: bool = False) -> Page:
    """What each policy says of one request."""
    sections = [
        *proposal_sections(answer.proposal, answer.policies_chosen_because, every_criterion),
        _section("What is missing", _missing(answer.missing)),
        _section("How earlier procedures worked", response_blocks(answer.responses, None)),
        *policy_sections(answer.policies, every=every_criterion),
    ]
    return Page(
        title=f"Check: {request_text(answer.proposal.request)}",
        about=f"Patient {answer.patient}, record as of {answer.as_of}",
        headline=request_text(answer.proposal.request),
        lead=tuple(in_short(answer.proposal)),
        sections=tuple(section for section in sections if section.blocks),
        footer=(answer.disclaimer, answer.software),
    )


def _section(title: str, blocks: Iterable[Block]) -> Section:
    return Section(title, tuple(blocks))


def _likelihood_sections(answer: NextStep, every: bool) -> Iterator[Section]:
    """How likely it is, and folded below it what that rests on; nothing before a serious cause is excluded."""
    if answer.red_flags_present:
        return
    name = "chance-" + "".join(character if character.isalnum() else "-" for character in answer.patient)
    yield _section("How likely is it?", likelihood_blocks(answer.likelihoods, name=name))
    brief = "What these chances rest on, and what other studies give: --all shows it."
    if basis := tuple(basis_blocks(answer.likelihoods)):
        yield Section("What the chances rest on", basis, open=every, brief=brief)


def _red_flags(answer: NextStep) -> Iterator[Block]:
    if answer.red_flags_present:
        named = ", ".join(words(flag) for flag in answer.red_flags_present)
        yield Paragraph(f"Documented: {named}. It comes before any facet procedure.", "warning")
    if answer.red_flags_not_documented:
        named = ", ".join(words(flag) for flag in answer.red_flags_not_documented)
        yield Paragraph(f"Not documented, neither present nor absent: {named}.", "warning")


def _why(answer: NextStep) -> Iterator[Block]:
    because = answer.step.because
    yield Paragraph(because.says)
    reasons = [f"{arm.says} ({arm.status})" for arm in because.arms if arm.status is Status.MET]
    if not because.arms and (values := values_text(because)):
        reasons.append(values)
    reasons += [f"Counted: {procedure}" for procedure in because.procedures]
    if reasons:
        yield Bullets(tuple(reasons))
    yield Paragraph(cited_text(because), "quiet", Cited(PATHWAY, because.criterion))
    if answer.undecided:
        titles = "; ".join(other.title for other in answer.undecided)
        yield Paragraph(f"Not excluded yet, depending on what is missing: {titles}.", "quiet")
    if answer.step.leads_to:
        yield Paragraph("It leads to: " + "; ".join(answer.step.leads_to) + ".", "quiet")


def _missing(missing: Sequence[Missing]) -> Iterator[Block]:
    if missing:
        by_question: dict[str, str] = {}
        for one in missing:
            by_question.setdefault(question_text(one), one.path)
        yield Table(("Question", "Where it goes in the record"), tuple(by_question.items()))


def _alternative(other: Alternative) -> Iterator[Block]:
    yield Paragraph(f"{other.title}. {other.does}")
    reasons = [f"It ranks lower because: {other.ranks_lower_because}"]
    if other.here_when.status is not Status.MET:
        reasons.append(f"It would come first if: {other.here_when.says} Now {other.here_when.status}.")
    if other.proposal is not None:
        verdicts = "; ".join(f"{one.issuer}: {verdict_in_words(one)}" for one in speaking(other.proposal))
        reasons.append(f"Asked of the same sources: {verdicts}.")
    yield Bullets(tuple(reasons))


def _pathway(answer: NextStep) -> Drawing:
    name = "pathway-" + "".join(character if character.isalnum() else "-" for character in answer.patient)
    svg = pathway_svg(policy_named(PATHWAY), answer.step.id, name=name)
    return Drawing(svg, "The pathway, and where the patient is")
