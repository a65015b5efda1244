"""Billing lines and checked claims as pages."""

from collections.abc import Iterable, Iterator, Sequence

from facetwise.coding import (
    BillingAnswer,
    BillingLines,
    CheckedClaim,
    Citation,
    ClaimCheck,
    ClaimError,
    Line,
    Open,
)
from facetwise.pathway import DISCLAIMER
from facetwise.reports.page import Block, Bullets, Page, Paragraph, Section, Table
from facetwise.rules import payer_name

_OPEN = {
    Open.SIDE: "LT, RT or 50: the side is not documented",
    Open.PURPOSE: "KX or not: the purpose is not documented",
    Open.PLACE: "50, or RT and LT on two lines in a surgical center: the place is not documented",
    Open.GUIDANCE: "stands for fluoroscopy or CT: the guidance is not documented",
    Open.ABLATION_MODE: "stands for ablation by heat: the technique is not documented, or not read for Medicare",
}
_SIDES = {"LT": "left", "RT": "right"}
_FOOTER = (DISCLAIMER.partition(". ")[0] + ". A certified coder decides what is billed.",)


def billing_page(answer: BillingLines) -> Page:
    """The lines of each session, what is done but not paid, what to bear in mind, and the rules behind it."""
    several = len(answer.sessions) > 1
    sections = [section for one in answer.sessions for section in _session_sections(one, several)]
    lines = sum(len(one.lines) for one in answer.sessions)
    headline = _counted(lines, "line") if answer.sessions else "no facet procedure is documented"
    return Page(
        title=f"Billing lines: {headline}",
        about=f"Patient {answer.patient}" if answer.patient else "One request",
        headline=headline.capitalize(),
        lead=tuple(_in_short(one) for one in answer.sessions),
        sections=tuple(section for section in (*_notes(answer.notes), *sections) if section.blocks),
        footer=(*_FOOTER, answer.software),
    )


def claim_page(answer: ClaimCheck) -> Page:
    """What is wrong with each claim, the lines that were expected, and the rules behind it."""
    errors = [error for one in answer.claims for error in one.errors if error.weight == "error"]
    warnings = [error for one in answer.claims for error in one.errors if error.weight == "warning"]
    unverified = sum(error.unverified for error in errors)
    headline = f"{_counted(len(errors), 'error')}, {_counted(len(warnings), 'warning')}"
    sections = [section for one in answer.claims for section in _claim_sections(one)]
    ignored = answer.codes_not_checked
    return Page(
        title=f"Claims against the record: {headline}",
        about=f"Patient {answer.patient}",
        headline=headline.capitalize(),
        lead=tuple(
            line
            for line in (
                f"{_counted(unverified, 'error')} of these {'rests' if unverified == 1 else 'rest'} on a rule that "
                "nobody read in a source."
                if unverified
                else "",
                "No line of the file bills a facet procedure." if not answer.claims else "",
                f"Not looked at, for they are no facet codes: {', '.join(ignored)}." if ignored else "",
            )
            if line
        ),
        sections=tuple(section for section in (*_notes(answer.notes), *sections) if section.blocks),
        footer=(*_FOOTER, answer.software),
    )


def billing_blocks(answer: BillingAnswer) -> Iterator[Block]:
    """The lines of one session, what of it is not paid, and what to bear in mind."""
    yield from _lines(answer.lines, answer.complete)
    yield from _refused(answer.not_payable)
    yield from _warnings(answer, ())


def _counted(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _notes(notes: Sequence[str]) -> Iterator[Section]:
    if notes:
        yield Section("Taken for granted", tuple(Paragraph(note, "quiet") for note in notes))


def _in_short(answer: BillingAnswer) -> str:
    lines = "; ".join(str(line) for line in answer.lines) or "no line that is paid"
    return f"{answer.date}: {lines}"


def _session_sections(answer: BillingAnswer, several: bool) -> Iterator[Section]:
    on = f" on {answer.date}" if several else ""
    yield Section(f"Documented{on}", (*_circumstances(answer),))
    yield Section(f"Lines{on}", tuple(_lines(answer.lines, answer.complete)))
    yield Section(f"Done, coded and not paid{on}", tuple(_refused(answer.not_payable)))
    yield Section(f"To bear in mind{on}", tuple(_warnings(answer, ())))
    yield Section(f"What is missing{on}", tuple(_missing(answer)))
    rules = [rule for line in answer.lines for rule in line.rules]
    yield Section(f"Rules{on}", tuple(_rules(rules)), open=False)


def _claim_sections(claim: CheckedClaim) -> Iterator[Section]:
    name = f"Claim {claim.claim}"
    day = f", {claim.expected.date}" if claim.expected else ""
    found = [error for error in claim.errors if error.weight == "error"]
    yield Section(f"{name}{day}: {_counted(len(found), 'error')}", tuple(_errors(claim.errors)))
    yield Section(f"{name}: the rules behind it", tuple(_broken(claim.errors)))
    if claim.expected is not None:
        yield Section(f"{name}: documented", tuple(_circumstances(claim.expected)))
        yield Section(
            f"{name}: the lines it should carry", tuple(_lines(claim.expected.lines, claim.expected.complete))
        )
        yield Section(f"{name}: done and not paid", tuple(_refused(claim.expected.not_payable)))
        yield Section(f"{name}: to bear in mind", tuple(_warnings(claim.expected, claim.errors)))
        yield Section(f"{name}: what is missing", tuple(_missing(claim.expected)))
    yield Section(f"{name}: edits looked at", (Bullets(claim.edits),))


def _circumstances(answer: BillingAnswer) -> Iterator[Block]:
    yield Bullets(answer.procedures)
    contractor = answer.contractor.replace("_", " ") if answer.contractor else "contractor not documented"
    payer = f"Medicare, {contractor}" if answer.payer == "medicare" else payer_name(answer.payer)
    place = answer.place.replace("_", " ") if answer.place else "place not documented"
    yield Paragraph(f"Payer: {payer}. Place: {place}.", "quiet")
    for one in answer.diagnoses:
        listed = {True: "on the list of", False: "not on the list of", None: "not checked:"}[one.listed]
        yield Paragraph(f"Diagnosis {one.code}: {listed} {one.article}.", "quiet")


def _lines(lines: Sequence[Line], complete: bool) -> Iterator[Block]:
    if lines:
        yield Table(("Code", "Modifiers", "Units", "Levels", "Side", "What"), tuple(_row(line) for line in lines))
    opens = [f"{line.code}: {_OPEN[fact]}." for line in lines for fact in line.open]
    if opens:
        yield Bullets(tuple(dict.fromkeys(opens)))
    if not complete:
        yield Paragraph("The joints of a procedure are not documented, so lines may be missing.", "warning")
    if not lines and complete:
        yield Paragraph("No line that is paid.", "quiet")


def _row(line: Line) -> tuple[str, ...]:
    modifiers = " ".join(line.modifiers) or "–"
    side = next((side for one, side in _SIDES.items() if one in line.modifiers), line.sides)
    return line.code, modifiers, str(line.units), ", ".join(line.levels), side, line.wording


def _refused(lines: Sequence[Line]) -> Iterator[Block]:
    if lines:
        rows = tuple(
            (str(line), ", ".join(line.levels), f"{line.refused_by.says} ({_source(line.refused_by)})")
            for line in lines
            if line.refused_by is not None
        )
        yield Table(("Line", "Levels", "Why it is not paid"), rows)


def _warnings(answer: BillingAnswer, errors: Sequence[ClaimError]) -> Iterator[Block]:
    """The remarks on a session, without those that an error or an unpaid line of it says already."""
    said = {rule.rule for error in errors for rule in error.rules}
    said |= {line.refused_by.rule for line in answer.not_payable if line.refused_by is not None}
    told = [remark for remark in answer.warnings if remark.rule.rule not in said]
    if told:
        yield Bullets(tuple(f"{one.says}. {one.rule.says} ({_source(one.rule)})" for one in told))


def _missing(answer: BillingAnswer) -> Iterator[Block]:
    if answer.missing:
        rows = tuple((one.question, one.about, one.path) for one in answer.missing)
        yield Table(("Question", "About", "Where it goes"), rows)


def _errors(errors: Sequence[ClaimError]) -> Iterator[Block]:
    if not errors:
        yield Paragraph("Billed as documented.")
        return
    rows = []
    for error in errors:
        where = "–" if error.line is None else ", ".join(str(line) for line in (error.line, *error.also))
        expected = "; ".join(str(line) for line in error.expected) or "–"
        kind = f"{error.kind}{' (warning)' if error.weight == 'warning' else ''}"
        rows.append((where, kind, error.what, expected))
    yield Table(("Row", "What is wrong", "Found", "Expected"), tuple(rows))


def _broken(errors: Sequence[ClaimError]) -> Iterator[Block]:
    """The rules behind the errors, each once, with the errors that it stands for."""
    kinds: dict[Citation, list[str]] = {}
    for error in errors:
        for rule in error.rules:
            kinds.setdefault(rule, []).append(str(error.kind))
    if kinds:
        rows = tuple((", ".join(dict.fromkeys(of_rule)), rule.says, _source(rule)) for rule, of_rule in kinds.items())
        yield Table(("What is wrong", "Rule", "Source"), rows)


def _rules(rules: Iterable[Citation]) -> Iterator[Block]:
    if rows := tuple((rule.says, _source(rule)) for rule in dict.fromkeys(rules)):
        yield Table(("Rule", "Source"), rows)


def _source(rule: Citation) -> str:
    place = ", ".join(part for part in (rule.source, rule.where) if part)
    return f"{place}; {rule.certainty}"
