"""A checklist laid out: the questions first, then each policy's criteria."""

from collections.abc import Iterator

from facetwise.letters.checklist import TEXT_NOT_AVAILABLE, Checklist, ChecklistRow, PolicyChecklist
from facetwise.letters.letter import to_fill_in
from facetwise.letters.letter_page import gap_blocks, policy_table
from facetwise.letters.page import Block, Page, Part, Table, Text
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.references import places_in_words
from facetwise.letters.wording import capital, counted, request_title
from facetwise.rules import Status


def checklist_page(checklist: Checklist, parties: Parties = NOBODY) -> Page:
    """The checklist as a page, with the letterhead of the clinic that `parties` names."""
    parts = [
        Part("To fill in", tuple(gap_blocks(checklist.gaps))),
        *(Part(one.title, tuple(_list(one))) for one in checklist.lists),
        Part("Policies used", (policy_table(checklist.policies),) if checklist.policies else ()),
    ]
    return Page(
        title="Documentation checklist",
        about=f"{parties.about(checklist.patient, checklist.as_of)}: {capital(request_title(checklist.request))}",
        lead=(_lead(checklist),),
        parts=tuple(part for part in parts if part.blocks),
        footer=(checklist.disclaimer, checklist.software),
        letterhead=parties.letterhead,
    )


def _lead(checklist: Checklist) -> Text:
    """What is open. That nothing is may be said only of policies that asked for something."""
    if checklist.gaps:
        return Text(f"{counted(len(checklist.gaps), 'question is', 'questions are')} open.", "warning")
    asking = [one for one in checklist.lists if any(_was_asked(row) for row in one.rows)]
    if not asking:
        return Text("No policy that was read says anything on this request.", "warning")
    if any(one.verdict is not Status.MET for one in asking):
        return Text("No question is open, but not every policy is met.", "warning")
    unread = any(row.status == TEXT_NOT_AVAILABLE for one in checklist.lists for row in one.rows)
    limits = " Texts that were not available are not counted." if unread else ""
    return Text(f"Everything that these policies ask for is documented.{limits}")


def _was_asked(row: ChecklistRow) -> bool:
    return not row.advisory and row.status not in (TEXT_NOT_AVAILABLE, Status.NOT_APPLICABLE)


def _list(one: PolicyChecklist) -> Iterator[Block]:
    taken = f"Taken as: {one.asked}. " if one.asked else ""
    if not one.asked and one.rows:
        taken = "It cannot tell which of its rules apply. Whichever apply, it asks the following. "
    yield Text(f"{one.issuer}. {taken}Verdict: {one.verdict}{_tally(one)}.")
    yield from (Text(remark, "warning") for remark in one.remarks)
    if one.earliest is not None:
        still = " Other criteria stay open then." if one.earliest.others_open else ""
        yield Text(f"From {one.earliest.date} time alone meets: {' '.join(one.earliest.waits_for)}{still}")
    if one.rows:
        columns = ("Status", "Criterion", "What the record shows, or the gap", "Source and certainty")
        yield Table(columns, (2, 4, 6, 4), tuple(_row(row) for row in one.rows))


def _tally(one: PolicyChecklist) -> str:
    statuses = [row.status for row in one.rows if not row.advisory]
    told = ", ".join(f"{statuses.count(status)} {status}" for status in dict.fromkeys(statuses))
    return f" ({told})" if told else ""


def _row(row: ChecklistRow) -> tuple[tuple[Text, ...], ...]:
    source = ", ".join(part for part in (row.source, row.where) if part)
    read = f", {row.read_on}" if row.read_on else ""
    certainty = (Text(f"{row.certainty}{read}", "quiet"),) if row.certainty else ()
    says = (Text(row.says), *(Text(remark, "quiet") for remark in row.remarks))
    return ((Text(row.status, "status"),), says, tuple(_shows(row)), (Text(source or "–"), *certainty))


def _shows(row: ChecklistRow) -> Iterator[Text]:
    for one in row.shown:
        yield Text(f"{one.meaning}: {one.value}")
        if one.facts:
            yield Text(places_in_words(one.facts), "quiet")
    for gap in row.open:
        about = f" ({gap.about})" if gap.about else ""
        yield Text(f"{to_fill_in(gap.question + about)}")
        yield Text(gap.path, "quiet")
