"""The answers of `next` and `check` as pages."""

from collections.abc import Iterable, Iterator, Sequence

from facetwise.pathway import (
    Alternative,
    CheckResult,
    NextStep,
    PolicyVersion,
    Proposal,
    pathway_svg,
)
from facetwise.records import Kind, Request, Sedation
from facetwise.reports.page import Block, Bullets, Drawing, Page, Paragraph, Section, Table
from facetwise.reports.responses import response_blocks
from facetwise.rules import Assessment, Finding, Missing, Status, policy_named
from facetwise.spine import Nerve, Side, SiteSet, nerves_of_level, volume_limit


def next_page(answer: NextStep, *, every_criterion: bool = False) -> Page:
    """The next step, its reasons, and everything needed to check them."""
    sections = [
        _section("Stop and look first", _red_flags(answer)),
        _section("Why", _why(answer)),
        *(_proposal_sections(answer.proposal, every_criterion) if answer.proposal else ()),
        _section("What is missing", _missing(answer.missing)),
        _section("How earlier procedures worked", response_blocks(answer.responses, answer.comparison)),
        _section("Also possible", [block for other in answer.alternatives for block in _alternative(other)]),
        _section("The pathway", [_pathway(answer)]),
        _section("Policies used", _policies(answer.policies)),
    ]
    return Page(
        title=f"Next step: {answer.step.title}",
        about=f"Patient {answer.patient}, record as of {answer.as_of}",
        headline=answer.step.title,
        lead=(answer.step.does, *_in_short(answer.proposal)),
        sections=tuple(section for section in sections if section.blocks),
        footer=(answer.disclaimer, answer.software),
    )


def check_page(answer: CheckResult, *, every_criterion: bool = False) -> Page:
    """What each policy says of one request."""
    sections = [
        *_proposal_sections(answer.proposal, every_criterion),
        _section("What is missing", _missing(answer.missing)),
        _section("How earlier procedures worked", response_blocks(answer.responses, None)),
        _section("Policies used", _policies(answer.policies)),
    ]
    return Page(
        title=f"Check: {request_text(answer.proposal.request)}",
        about=f"Patient {answer.patient}, record as of {answer.as_of}",
        headline=request_text(answer.proposal.request),
        lead=tuple(_in_short(answer.proposal)),
        sections=tuple(section for section in sections if section.blocks),
        footer=(answer.disclaimer, answer.software),
    )


def request_text(request: Request) -> str:
    """A request in one line: kind, joints, date and how it would be done."""
    how = [
        f"under {request.guidance}" if request.guidance else "",
        _sedation(request),
        f"{request.ablation_mode} lesion at {request.temperature_c:g} °C"
        if request.ablation_mode and request.temperature_c
        else "",
    ]
    words = request.kind.replace("_", " ").capitalize()
    sites = str(request.sites) if request.sites else "joints not documented"
    return ", ".join(part for part in (f"{words} of {sites} on {request.date}", *how) if part)


def _sedation(request: Request) -> str:
    if request.sedation is None:
        return ""
    return "without sedation" if request.sedation is Sedation.NONE else f"sedation: {_words(request.sedation)}"


def _section(title: str, blocks: Iterable[Block]) -> Section:
    return Section(title, tuple(blocks))


def _in_short(proposal: Proposal | None) -> Iterator[str]:
    """Each source's verdict in a line, with the date from which it could be better."""
    earliest = {one.policy: one.date for one in proposal.earliest} if proposal else {}
    for one in proposal.assessments if proposal else ():
        wait = f", earliest {earliest[one.policy]}" if one.policy in earliest else ""
        yield f"{one.issuer}: {one.verdict}{wait}"


def _red_flags(answer: NextStep) -> Iterator[Block]:
    if answer.red_flags_present:
        named = ", ".join(_words(flag) for flag in answer.red_flags_present)
        yield Paragraph(f"Documented: {named}. It comes before any facet procedure.", "warning")
    if answer.red_flags_not_documented:
        named = ", ".join(_words(flag) for flag in answer.red_flags_not_documented)
        yield Paragraph(f"Not documented, neither present nor absent: {named}.", "warning")


def _why(answer: NextStep) -> Iterator[Block]:
    because = answer.step.because
    yield Paragraph(because.says)
    reasons = [f"{arm.says} ({arm.status})" for arm in because.arms if arm.status is Status.MET]
    if not because.arms and (values := _values(because)):
        reasons.append(values)
    reasons += [f"Counted: {procedure}" for procedure in because.procedures]
    if reasons:
        yield Bullets(tuple(reasons))
    yield Paragraph(_cited(because), "quiet")
    if answer.undecided:
        titles = "; ".join(other.title for other in answer.undecided)
        yield Paragraph(f"Not excluded yet, depending on what is missing: {titles}.", "quiet")
    if answer.step.leads_to:
        yield Paragraph("It leads to: " + "; ".join(answer.step.leads_to) + ".", "quiet")


def _proposal_sections(proposal: Proposal, every_criterion: bool) -> Iterator[Section]:
    yield Section("What is proposed", tuple(_proposed(proposal.request)))
    yield Section("What each source says", (_verdicts(proposal), *_warnings(proposal)))
    for assessment in proposal.assessments:
        if blocks := list(_findings(assessment, every_criterion)):
            yield Section(f"{assessment.title}: {assessment.verdict}", tuple(blocks), open=every_criterion)


def _proposed(request: Request) -> Iterator[Block]:
    yield Paragraph(request_text(request))
    if request.sites is not None and request.kind in (Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION):
        rows = tuple(_nerve_row(side, nerve, request.kind) for side, nerve in _nerves(request.sites))
        yield Table(("Side", "Nerve", "Target", "Volume limit"), rows, "Nerves that supply these joints")


def _nerves(sites: SiteSet) -> list[tuple[Side, Nerve]]:
    nerves = [(side, nerve) for level, side in sites for nerve in nerves_of_level(level)]
    return list(dict.fromkeys(nerves))


def _nerve_row(side: Side, nerve: Nerve, kind: Kind) -> tuple[str, ...]:
    limit = volume_limit(nerve) if kind is Kind.MEDIAL_BRANCH_BLOCK else None
    volume = f"{limit.operator or ''} {limit.value:g} {limit.unit}" if limit and limit.value else "no figure"
    if kind is not Kind.MEDIAL_BRANCH_BLOCK:
        volume = "–"
    certainty = "" if nerve.target_certainty.verified else f" ({nerve.target_certainty})"
    return str(side), nerve.name, nerve.target + certainty, volume.strip()


def _verdicts(proposal: Proposal) -> Table:
    earliest = {one.policy: one for one in proposal.earliest}
    rows = []
    for one in proposal.assessments:
        wait = earliest.get(one.policy)
        when = f"{wait.date}" + (", other criteria stay open" if wait.others_open else "") if wait else ""
        rows.append((one.issuer, one.asked_title or "–", str(one.verdict), _tally(one), when))
    columns = ("Source", "Taken as", "Verdict", "Criteria", "Earliest date if too early")
    return Table(columns, tuple(rows), "Each source answers for itself; the verdicts are not merged")


def _tally(assessment: Assessment) -> str:
    statuses = [finding.status for finding in assessment.findings if not finding.advisory]
    tally = [f"{statuses.count(status)} {status}" for status in Status if status in statuses]
    if unread := sum(not finding.text_available for finding in assessment.findings):
        tally.append(f"{unread} of them without their text")
    return ", ".join(tally)


def _warnings(proposal: Proposal) -> Iterator[Block]:
    for one in proposal.earliest:
        waits = " ".join(one.waits_for)
        yield Paragraph(f"{one.policy}: from {one.date} time alone meets: {waits}")
    for assessment in proposal.assessments:
        if assessment.rests_on_unverified:
            text = f"{assessment.policy}: the verdict rests only on criteria that nobody has verified in a source."
            yield Paragraph(text, "warning")
        if assessment.asked is None:
            reason = (
                "it cannot tell which of its rules apply" if assessment.missing else "it has no rule for this request"
            )
            yield Paragraph(f"{assessment.issuer}: {reason}.", "quiet")


def _findings(assessment: Assessment, every_criterion: bool) -> Iterator[Block]:
    shown = [
        finding
        for finding in assessment.findings
        if every_criterion or finding.status not in (Status.MET, Status.NOT_APPLICABLE)
    ]
    if shown:
        rows = tuple((str(finding.status), _finding_text(finding), _cited(finding)) for finding in shown)
        yield Table(("Status", "Criterion", "Source"), rows)
    if hidden := len(assessment.findings) - len(shown):
        others = "more" if shown else "criteria"
        yield Paragraph(f"{hidden} {others} met or not applicable; --all shows them.", "quiet")


def _finding_text(finding: Finding) -> str:
    parts = [finding.says]
    parts += [f"{arm.says} ({arm.status})" for arm in finding.arms if arm.status is not Status.MET]
    if finding.status not in (Status.MET, Status.NOT_APPLICABLE) or not finding.arms:
        parts.append(_values(finding))
    parts += [f"Counted: {procedure}." for procedure in finding.procedures]
    parts += [f"Missing: {_question(one)}" for one in finding.missing]
    parts += [f"{finding.would_change}."] if finding.would_change else []
    parts += [finding.note] if finding.note else []
    parts += ["Advisory: it does not decide the verdict."] if finding.advisory else []
    return " ".join(part for part in parts if part)


def _values(finding: Finding) -> str:
    return " ".join(f"{value.meaning}: {value.value}." for value in finding.values)


def _cited(finding: Finding) -> str:
    place = ", ".join(part for part in (finding.source, finding.where) if part)
    graded = f"; {finding.strength}" if finding.strength else ""
    return f"{place or 'no source'} ({finding.certainty}){graded}"


def _missing(missing: Sequence[Missing]) -> Iterator[Block]:
    if missing:
        by_question: dict[str, str] = {}
        for one in missing:
            by_question.setdefault(_question(one), one.path)
        yield Table(("Question", "Where it goes in the record"), tuple(by_question.items()))


def _question(missing: Missing) -> str:
    return f"{missing.question} ({missing.about})" if missing.about else missing.question


def _alternative(other: Alternative) -> Iterator[Block]:
    yield Paragraph(f"{other.title}. {other.does}")
    reasons = [f"It ranks lower because: {other.ranks_lower_because}"]
    if other.here_when.status is not Status.MET:
        reasons.append(f"It would come first if: {other.here_when.says} Now {other.here_when.status}.")
    if other.proposal is not None:
        verdicts = "; ".join(f"{one.issuer}: {one.verdict}" for one in other.proposal.assessments)
        reasons.append(f"Asked of the same sources: {verdicts}.")
    yield Bullets(tuple(reasons))


def _pathway(answer: NextStep) -> Drawing:
    name = "pathway-" + "".join(character if character.isalnum() else "-" for character in answer.patient)
    svg = pathway_svg(policy_named("facet-pathway"), answer.step.id, name=name)
    return Drawing(svg, "The pathway, and where the patient is")


def _policies(policies: Sequence[PolicyVersion]) -> Iterator[Block]:
    rows = []
    for one in policies:
        since = f"from {one.effective_from}" if one.effective_from else ""
        until = f"to {one.effective_to}" if one.effective_to else ""
        rows.append((one.id, one.issuer, " ".join(part for part in (since, until) if part) or "undated"))
    yield Table(("Policy", "Issuer", "In force"), tuple(rows))
    if notes := [f"{one.id}: {note}" for one in policies for note in one.notes]:
        yield Bullets(tuple(notes))


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")
