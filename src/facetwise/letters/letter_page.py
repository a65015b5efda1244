"""A letter laid out: what the reader needs first, then what shows it, then where it stands in the record."""

from collections.abc import Iterator, Sequence
from itertools import count

from facetwise.letters.checklist import LEFT_TO_ISSUER, STATUS_ORDER, TEXT_NOT_AVAILABLE, not_in_force, unverified
from facetwise.letters.letter import Chance, Detail, Gap, Letter, Passage
from facetwise.letters.page import (
    Block,
    Bullets,
    Form,
    Icons,
    Page,
    Part,
    Prose,
    References,
    Sentence,
    Table,
    Text,
    pieces,
)
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.references import places_in_words
from facetwise.letters.wording import capital, counted, listed
from facetwise.pathway import PolicyVersion
from facetwise.pathway.results import verdict_in_words
from facetwise.rules import Assessment, Finding, Status


def letter_page(letter: Letter, parties: Parties = NOBODY) -> Page:
    """The letter as a page, with the letterhead of the clinic that `parties` names."""
    numbers = count(1)
    parts = [
        Part("Gaps to fill", tuple(gap_blocks(letter.gaps))),
        Part("To", (_form(letter.addressee),)),
        Part("Procedure requested", (_form(letter.details),)),
        *(Part(one.title, (_prose(one, numbers),)) for one in letter.passages),
        *_grouped("Procedures so far", [Part(one.title, (_prose(one, numbers),), 3) for one in letter.procedures]),
        Part(letter.also_know.title, (_prose(letter.also_know, numbers),) if letter.also_know.statements else ()),
        Part("How likely it is", tuple(block for chance in letter.chances for block in _chance(chance))),
        Part("Billing", tuple(_billing(letter))),
        *_grouped("How the record stands against each policy", list(_policies(letter))),
        Part("To enclose", tuple(_enclosures(letter))),
        Part("Signature", (_form(letter.signature),)),
        Part("Where it stands in the record", tuple(_references(letter))),
        Part("Policies used", (policy_table(letter.policies),) if letter.policies else ()),
    ]
    return Page(
        title=capital(letter.title),
        about=parties.about(letter.patient, letter.as_of),
        lead=tuple(_still_open(letter, parties)),
        parts=tuple(part for part in parts if part.blocks or part.groups),
        footer=(letter.disclaimer, letter.software),
        letterhead=parties.letterhead,
    )


def _grouped(title: str, parts: list[Part]) -> tuple[Part, ...]:
    """Parts under one heading; the first of them without a title needs none of its own."""
    if not parts:
        return ()
    if not parts[0].title:
        return (Part(title, parts[0].blocks), *parts[1:])
    return (Part(title, (), groups=True), *parts)


def _prose(passage: Passage, numbers: Iterator[int]) -> Prose:
    return Prose(tuple(Sentence(one.text, next(numbers)) for one in passage.statements))


def _form(details: Sequence[Detail]) -> Form:
    return Form(tuple((one.label, one.text) for one in details))


def _still_open(letter: Letter, parties: Parties) -> Iterator[Text]:
    """What must be done before it is sent. Where somebody signs and no place is left, what the payer misses."""
    lines = (*letter.addressee, *letter.details, *letter.signature)
    texts = [*(line.text for line in lines), *(one.text for one in letter.statements)]
    marked = sum(fill for text in texts for _, fill in pieces(text))
    gaps = [counted(len(letter.gaps), "gap", "gaps")] if letter.gaps else []
    if marked or not parties.clinician:
        must = listed([counted(marked, "marked place", "marked places"), *gaps])
        told = f"Before it is sent, {must} must be filled in and the clinician must check every sentence."
        yield Text(f"Draft. {told}", "warning")
    elif gaps:
        yield Text(f"Not everything that the policies ask for is documented: {listed(gaps)}, listed below.", "warning")


def _references(letter: Letter) -> Iterator[Block]:
    if letter.statements:
        yield References(tuple(places_in_words(one.facts) for one in letter.statements))


def _chance(chance: Chance) -> Iterator[Block]:
    about = capital(chance.about)
    if chance.no_figure_because:
        yield Text(f"{about}: no figure. {chance.no_figure_because}")
        return
    interval = f" ({chance.low:g} to {chance.high:g}%)" if chance.low is not None and chance.high is not None else ""
    by = f" {chance.by}" if chance.by else ""
    yield Text(f"{about}: {chance.words}{by}, {chance.percent:g}%{interval}.")
    if chance.per_100 is not None:
        yield Icons(chance.per_100, chance.says or f"{chance.per_100} of 100 people.")
    notes = [*chance.assumptions, *([f"Certainty: {chance.certainty}."] if chance.certainty else [])]
    if notes:
        yield Bullets(tuple((Text(note, "quiet"),) for note in notes))


def _billing(letter: Letter) -> Iterator[Block]:
    if letter.billing:
        rows = tuple(
            tuple((Text(cell),) for cell in (line.code, str(line.units), ", ".join(line.modifiers), line.wording))
            for line in letter.billing
        )
        yield Table(("Code", "Units", "Modifiers", "What it stands for"), (2, 1, 2, 7), rows)


def _policies(letter: Letter) -> Iterator[Part]:
    """Each policy's answer, side by side: what it asks, how the record stands, and how far the text is vouched for."""
    for assessment, version in zip(letter.assessments, letter.policies, strict=True):
        told = [Text(f"{assessment.issuer}. {_verdict(assessment)}")]
        doubts = (*not_in_force(version, letter.request.date), *unverified(assessment))
        told += [Text(doubt, "warning") for doubt in doubts]
        shown = sorted((one for one in assessment.findings if _is_asked(one)), key=_urgency)
        rows = tuple(_row(finding) for finding in shown)
        table = (Table(("Status", "Criterion", "Certainty"), (2, 7, 2), rows),) if rows else ()
        yield Part(assessment.title, (*told, *table), 3)


def _is_asked(finding: Finding) -> bool:
    return finding.status is not Status.NOT_APPLICABLE or not finding.text_available


def _urgency(finding: Finding) -> int:
    return STATUS_ORDER.index(_status(finding))


def _verdict(one: Assessment) -> str:
    if one.asked is None and one.missing:
        shared = " Whichever apply, it asks the following." if one.findings else ""
        return f"It cannot tell which of its rules apply.{shared}"
    if one.asked is None:
        return "It has no rule for this request."
    return f"Taken as: {one.asked_title}. Verdict: {verdict_in_words(one)}."


def _status(finding: Finding) -> str:
    return str(finding.status) if finding.text_available else TEXT_NOT_AVAILABLE


def _enclosures(letter: Letter) -> Iterator[Block]:
    if letter.enclosures:
        yield Bullets(tuple((Text(one.text),) for one in letter.enclosures))


def _row(finding: Finding) -> tuple[tuple[Text, ...], ...]:
    certainty = Text(str(finding.certainty), "quiet")
    return ((Text(_status(finding), "status"),), tuple(_criterion(finding)), (certainty,))


def _criterion(finding: Finding) -> Iterator[Text]:
    yield Text(finding.says)
    if finding.status is Status.NEEDS_REVIEW:
        yield Text(LEFT_TO_ISSUER, "quiet")
    if finding.advisory:
        yield Text("Advisory: it does not decide the verdict.", "quiet")


def gap_blocks(gaps: Sequence[Gap]) -> Iterator[Block]:
    """Every question with its place and the criteria that wait for it."""
    if gaps:
        yield Table(("Question", "Place in the record", "Needed for"), (4, 3, 5), tuple(_gap_row(gap) for gap in gaps))


def _gap_row(gap: Gap) -> tuple[tuple[Text, ...], ...]:
    about = (Text(gap.about, "quiet"),) if gap.about else ()
    return ((Text(gap.question), *about), (Text(gap.path),), tuple(_needs(gap)))


def _needs(gap: Gap) -> Iterator[Text]:
    """Each policy's title over the criteria that wait."""
    for policy in dict.fromkeys(need.policy for need in gap.needed_for):
        needs = [need for need in gap.needed_for if need.policy == policy]
        yield Text(needs[0].title, "quiet")
        for need in needs:
            yield Text(need.says + (" (advisory)" if need.advisory else ""))


def policy_table(policies: Sequence[PolicyVersion]) -> Table:
    """The versions that were asked, so that the answer can be repeated."""
    rows = tuple(
        ((Text(one.title), Text(one.id, "quiet")), (Text(one.issuer),), (Text(one.period),)) for one in policies
    )
    return Table(("Policy", "Issuer", "In force"), (5, 4, 3), rows)
