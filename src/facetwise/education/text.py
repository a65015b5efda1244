"""Pages for patients as plain text, for a terminal, a portal's message, or a screen reader."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from facetwise.education.filling import word
from facetwise.education.page import (
    Block,
    Bullets,
    DecisionAid,
    Drawing,
    EducationPage,
    IconArray,
    Paragraph,
    Questions,
    Section,
    SideBySide,
)

WIDTH = 80
FILLED, IN_RANGE, EMPTY = "●", "◐", "○"
"""A person of a hundred: one of those counted, one within the range, one of the others."""
BOX = "☐"


def text(page: EducationPage | DecisionAid) -> str:
    """The page or the decision aid as lines of at most 80 characters."""
    parts = [page.title, "=" * len(page.title), *(_paragraph(line) for line in page.lead)]
    parts += [_paragraph(word("shades_text", page.language))]
    parts += _aid(page) if isinstance(page, DecisionAid) else _understand(page)
    parts += [_heading(page.references_title)]
    parts += [_item(f"{n}.", f"{one.title} ({one.checked})") for n, one in enumerate(page.references, 1)]
    parts += ["", _paragraph(page.footer)]
    return "\n".join(line.rstrip() for line in "\n".join(parts).splitlines()) + "\n"


def _understand(page: EducationPage) -> Iterator[str]:
    for section in (*([page.plan] if page.plan else []), *page.sections):
        yield from _section(section)
    yield from _questions(page.questions)


def _aid(aid: DecisionAid) -> Iterator[str]:
    yield _heading(aid.options_title)
    for option in aid.options:
        yield f"\n{option.title}\n"
        yield _said(option.is_)
        for label, several in ((aid.good, option.for_), (aid.bad, option.against)):
            yield f"{label}:"
            yield from (_item("-", _with_references(one)) for one in several)
    for section in aid.sections:
        yield from _section(section)
    yield _heading(aid.values_title)
    yield _paragraph(aid.values_lead)
    yield from (_asked(one.text, aid.importance) for one in aid.values)
    yield _heading(aid.ready.title)
    yield from (_asked(one.text, aid.yes_no) for one in aid.ready.items)
    yield from _questions(aid.questions)
    yield f"{BOX} {aid.my_question}: {'_' * 40}"
    yield from _questions(aid.leaning)
    yield from _section(aid.about_aid)


def _section(section: Section) -> Iterator[str]:
    yield _heading(section.title)
    for block in section.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterable[str]:
    match block:
        case Paragraph():
            return [_said(block)]
        case Bullets():
            return [*(_item("-", _with_references(one)) for one in block.items), ""]
        case SideBySide():
            return _side_by_side(block)
        case IconArray():
            return _picture(block)
        case Drawing():
            return [_paragraph(f"[{block.description}]")]


def _side_by_side(table: SideBySide) -> Iterator[str]:
    for heading, cells in table.rows:
        yield heading
        for column, cell in zip(table.columns, cells, strict=True):
            yield _item("-", f"{column}: {_with_references(cell)}")
        yield ""


def _picture(picture: IconArray) -> Iterator[str]:
    yield fill(picture.title, WIDTH)
    yield from _people(picture)
    said = " ".join(part for part in (picture.says, picture.range, picture.note) if part)
    yield _said(Paragraph(said, picture.references))


def _people(picture: IconArray) -> Iterator[str]:
    """Ten rows of ten."""
    icons = "".join(_person(number, picture) for number in range(100))
    yield from ("  " + " ".join(icons[start : start + 10]) for start in range(0, 100, 10))


def _person(number: int, picture: IconArray) -> str:
    if picture.low <= number < picture.high:
        return IN_RANGE
    return FILLED if number < picture.value else EMPTY


def _questions(questions: Questions) -> Iterator[str]:
    yield _heading(questions.title)
    yield from (_item(BOX, one.text) for one in questions.items)


def _asked(question: str, answers: Iterable[tuple[str, str]]) -> str:
    return _item("-", question) + "\n" + "  " + "   ".join(f"{BOX} {label}" for _, label in answers)


def _heading(title: str) -> str:
    return f"\n{title}\n{'-' * len(title)}"


def _said(one: Paragraph) -> str:
    return _paragraph(_with_references(one))


def _with_references(one: Paragraph) -> str:
    numbers = ", ".join(str(number) for number in one.references)
    return f"{one.text} [{numbers}]" if numbers else one.text


def _paragraph(words: str) -> str:
    return fill(words, WIDTH) + "\n"


def _item(mark: str, words: str) -> str:
    return fill(words, WIDTH, initial_indent=f"{mark} ", subsequent_indent=" " * (len(mark) + 1))
