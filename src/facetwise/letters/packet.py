"""A prior authorization packet: the letter, the checklist, every diary and the list of procedures in one document."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from facetwise.diary import relief_cut
from facetwise.letters.checklist import Checklist
from facetwise.letters.checklist_page import checklist_page
from facetwise.letters.diary_report import diary_parts, has_diary, judgement
from facetwise.letters.letter import Letter
from facetwise.letters.letter_page import letter_page
from facetwise.letters.page import Block, Bullets, Page, Part, Table, Text
from facetwise.letters.parties import NOBODY, Parties
from facetwise.letters.places import Done, Stood
from facetwise.letters.procedures import earlier
from facetwise.letters.wording import capital, procedure_words, sites_in_words
from facetwise.records import Record

_TOLD_IN_THE_LETTER = ("To fill in", "Policies used")
"""Parts of the checklist that repeat the letter."""


def packet_page(record: Record, letter: Letter, checklist: Checklist, parties: Parties = NOBODY) -> Page:
    """The letter and the checklist of one request, then the diaries and procedures of the same record."""
    written, listed = letter_page(letter, parties), checklist_page(checklist, parties)
    done = earlier(Stood(record, letter.as_of), letter.request)
    chapters = [
        _chapter("Letter of medical necessity", (), written.parts),
        _chapter("Documentation checklist", (), [one for one in listed.parts if one.title not in _TOLD_IN_THE_LETTER]),
        *(_chapter(f"Pain diary report: {one.title}", judgement(one), diary_parts(one, f"diary-{number}"))
          for number, one in enumerate(done, 1) if has_diary(one)),
        _chapter("Procedures so far", tuple(_procedures(done)), ()),
    ]  # fmt: skip
    contents = Bullets(tuple((Text(chapter[0].title),) for chapter in chapters))
    return replace(
        written,
        title=f"Prior authorization packet: {procedure_words(letter.request)}",
        parts=(Part("In this packet", (contents,)), *(part for chapter in chapters for part in chapter)),
    )


def _chapter(title: str, blocks: tuple[Block, ...], parts: Sequence[Part]) -> list[Part]:
    """A document as a chapter: on a page of its own, its headings one level deeper."""
    head = Part(title, blocks, groups=not blocks, starts_page=True)
    return [head, *(replace(part, level=part.level + 1) for part in parts)]


def _procedures(done: Sequence[Done]) -> Iterator[Block]:
    if not done:
        yield Text("The record holds no procedure before this one.")
        return
    rows = tuple(tuple((Text(cell),) for cell in _row(one)) for one in done)
    yield Table(("Date", "Procedure", "Joints", "Peak relief"), (2, 4, 4, 3), rows)


def _row(done: Done) -> tuple[str, str, str, str]:
    procedure = done.placed.part
    sites = sites_in_words(procedure.sites) if procedure.sites else "not documented"
    return str(procedure.date), capital(procedure_words(procedure)), capital(sites), _relief(done)


def _relief(done: Done) -> str:
    if not has_diary(done):
        return "no diary"
    if done.response.relief_percent is None:
        return "cannot be judged"
    by = "scores" if done.response.method == "scores" else "statement"
    return f"{relief_cut(done.response.relief_percent):g}% by {by}"
