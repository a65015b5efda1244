"""A proposal as sections of a page: what is proposed, and what each source says of it."""

from collections.abc import Iterator, Sequence

from facetwise.evidence import Figure
from facetwise.pathway import Proposal
from facetwise.pathway.results import status_in_words, verdict_in_words
from facetwise.records import Kind, Planned, Request, Sedation
from facetwise.reports.page import SOURCE, Block, Cited, Paragraph, Section, Table
from facetwise.rules import Assessment, Finding, Missing, Status
from facetwise.spine import Nerve, Side, SiteSet, nerves_of_level, refusal, region_of, volume_limit

_LIMITS = {"<": "under", "<=": "at most"}


def proposal_sections(proposal: Proposal, because: Sequence[str], every_criterion: bool) -> Iterator[Section]:
    """What is proposed, every source's verdict, and the findings behind each."""
    yield Section("What is proposed", tuple(_proposed(proposal.request)))
    chosen = [Paragraph(line, "quiet") for line in because]
    told: Block = _verdicts(proposal) if speaking(proposal) else Paragraph("No policy has a rule for this request.")
    yield Section("What each source says", (told, *chosen, *_warnings(proposal)))
    for assessment in proposal.assessments:
        if blocks := list(_findings(assessment, every_criterion)):
            yield Section(f"{assessment.title}: {verdict_in_words(assessment)}", tuple(blocks), open=every_criterion)


def in_short(proposal: Proposal | None) -> Iterator[str]:
    """Each source's verdict in a line, with the date from which it could be better."""
    earliest = {one.policy: one.date for one in proposal.earliest} if proposal else {}
    for one in speaking(proposal) if proposal else ():
        wait = f", earliest {earliest[one.policy]}" if one.policy in earliest else ""
        yield f"{one.issuer}: {verdict_in_words(one)}{wait}"


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
    return "without sedation" if request.sedation is Sedation.NONE else f"sedation: {words(request.sedation)}"


def _proposed(request: Request) -> Iterator[Block]:
    yield Paragraph(request_text(request))
    yield from target_blocks(request)


def target_blocks(planned: Planned) -> Iterator[Block]:
    """The nerves or joints that a procedure aims at, with how much fluid each takes at most."""
    if planned.sites is None:
        return
    if planned.kind is Kind.FACET_JOINT_INJECTION:
        joints = tuple(
            (str(side), level, limit_in_words(volume_limit(region_of(level)))) for level, side in planned.sites
        )
        yield Table(("Side", "Joint", "Volume limit"), joints, "Joints to be injected")
    if planned.kind in (Kind.MEDIAL_BRANCH_BLOCK, Kind.RADIOFREQUENCY_ABLATION):
        rows = tuple(_nerve_row(side, nerve, planned.kind) for side, nerve in _nerves(planned.sites))
        if rows:
            yield Table(("Side", "Nerve", "Target", "Volume limit"), rows, "Nerves that supply these joints")
        refused = dict.fromkeys(refusal(level) for level, _ in planned.sites)
        yield from (Paragraph(f"{why}.", "warning") for why in refused if why)


def _nerves(sites: SiteSet) -> list[tuple[Side, Nerve]]:
    supplied = [(level, side) for level, side in sites if not refusal(level)]
    nerves = [(side, nerve) for level, side in supplied for nerve in nerves_of_level(level)]
    return list(dict.fromkeys(nerves))


def limits_of(planned: Planned) -> list[Figure]:
    """The limits of what a procedure injects at each of its targets, each once."""
    if planned.sites is None:
        return []
    limits = (
        [volume_limit(region_of(level)) for level, _ in planned.sites]
        if planned.kind is Kind.FACET_JOINT_INJECTION
        else [volume_limit(nerve) for _, nerve in _nerves(planned.sites)]
        if planned.kind is Kind.MEDIAL_BRANCH_BLOCK
        else []
    )
    return list(dict.fromkeys(limit for limit in limits if limit is not None))


def exceeds(volume_ml: float, limit: Figure) -> bool:
    """Whether a volume is beyond a limit as it is printed: `< 1.5` does not let 1.5 pass, `<= 0.5` does."""
    if limit.value is None:
        return False
    return volume_ml >= limit.value if limit.operator == "<" else volume_ml > limit.value


def limit_in_words(limit: Figure | None) -> str:
    """A limit of volume, with its unit."""
    if limit is None or limit.value is None:
        return "no figure"
    return f"{_LIMITS.get(limit.operator or '', '')} {limit.value:g} {limit.unit}".strip()


def _nerve_row(side: Side, nerve: Nerve, kind: Kind) -> tuple[str, ...]:
    volume = limit_in_words(volume_limit(nerve)) if kind is Kind.MEDIAL_BRANCH_BLOCK else "–"
    certainty = "" if nerve.target_certainty.verified else f" ({nerve.target_certainty})"
    return str(side), nerve.name, nerve.target + certainty, volume


def speaking(proposal: Proposal) -> list[Assessment]:
    """The answers of those that have a rule for this request, or may have one."""
    return [one for one in proposal.assessments if one.asked is not None or one.missing]


def reservations(assessment: Assessment) -> str:
    """What a verdict leaves out, in a few words: criteria that nobody could read, and rest on what nobody verified."""
    unread = sum(not finding.text_available for finding in assessment.findings)
    read = len(assessment.findings) - unread
    parts = [f"{read} of {read + unread} criteria could be read"] if unread else []
    parts += ["unverified"] if assessment.rests_on_unverified else []
    return ", ".join(parts)


def _verdicts(proposal: Proposal) -> Table:
    earliest = {one.policy: one for one in proposal.earliest}
    rows = []
    for one in speaking(proposal):
        wait = earliest.get(one.policy)
        when = f"{wait.date}" + (", other criteria stay open" if wait.others_open else "") if wait else ""
        rows.append((one.issuer, one.asked_title or "–", status_in_words(one), _tally(one), when))
    columns = (SOURCE, "Taken as", "Verdict", "Criteria", "Earliest date if too early")
    cited = tuple(Cited(one.policy) for one in speaking(proposal))
    return Table(columns, tuple(rows), "Each source answers for itself; the verdicts are not merged", cited)


def _tally(assessment: Assessment) -> str:
    read = [finding for finding in assessment.findings if finding.text_available]
    statuses = [finding.status for finding in read if not finding.advisory]
    tally = [f"{statuses.count(status)} {status}" for status in Status if status in statuses]
    if unread := len(assessment.findings) - len(read):
        tally.append(f"{unread} whose text was not available")
    return ", ".join(tally)


def _warnings(proposal: Proposal) -> Iterator[Block]:
    for one in proposal.earliest:
        waits = " ".join(one.waits_for)
        yield Paragraph(f"{one.policy}: from {one.date} time alone meets: {waits}")
    for assessment in proposal.assessments:
        if assessment.rests_on_unverified:
            text = f"{assessment.policy}: the verdict rests only on criteria that nobody has verified in a source."
            yield Paragraph(text, "warning")
        if assessment.asked is None and assessment.missing:
            yield Paragraph(f"{assessment.issuer}: it cannot tell which of its rules apply.", "quiet")
    answering = speaking(proposal)
    if silent := [one.title for one in proposal.assessments if one not in answering]:
        yield Paragraph("No rule for this request: " + "; ".join(silent) + ".", "quiet")


def _findings(assessment: Assessment, every_criterion: bool) -> Iterator[Block]:
    shown = [
        finding
        for finding in assessment.findings
        if every_criterion or finding.status not in (Status.MET, Status.NOT_APPLICABLE)
    ]
    if shown:
        rows = tuple((str(finding.status), _finding_text(finding), cited_text(finding)) for finding in shown)
        cited = tuple(Cited(assessment.policy, finding.criterion) for finding in shown)
        yield Table(("Status", "Criterion", SOURCE), rows, cited=cited)
    hidden = [finding for finding in assessment.findings if finding not in shown]
    unread = [finding for finding in hidden if not finding.text_available]
    parts = []
    if read := len(hidden) - len(unread):
        parts.append(f"{read} {'more' if shown else 'criteria'} met or not applicable")
    if unread:
        parts.append(f"{len(unread)} whose text was not available")
    if parts:
        yield Paragraph(f"{', '.join(parts)}; --all shows them.", "quiet")


def _finding_text(finding: Finding) -> str:
    parts = [finding.says]
    parts += [f"{arm.says} ({arm.status})" for arm in finding.arms if arm.status is not Status.MET]
    if finding.status not in (Status.MET, Status.NOT_APPLICABLE) or not finding.arms:
        parts.append(values_text(finding))
    parts += [f"Counted: {procedure}." for procedure in finding.procedures]
    parts += [f"Missing: {question_text(one)}" for one in finding.missing]
    parts += [f"{finding.would_change}."] if finding.would_change else []
    parts += [finding.note] if finding.note else []
    parts += ["Advisory: it does not decide the verdict."] if finding.advisory else []
    return " ".join(part for part in parts if part)


def values_text(finding: Finding) -> str:
    """The values that a criterion saw, in sentences."""
    return " ".join(f"{value.meaning}: {value.value}." for value in finding.values)


def cited_text(finding: Finding) -> str:
    """Where a criterion stands, how it was read, and the issuer's own grade."""
    place = ", ".join(part for part in (finding.source, finding.where) if part)
    graded = f"; {finding.strength}" if finding.strength else ""
    return f"{place or 'no source'} ({finding.certainty}){graded}"


def question_text(missing: Missing) -> str:
    """The question that would fill a gap, and which procedure it is about."""
    return f"{missing.question} ({missing.about})" if missing.about else missing.question


def words(identifier: str) -> str:
    """An identifier as words."""
    return identifier.replace("_", " ")
