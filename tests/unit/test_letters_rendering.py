"""Markdown, HTML and PDF of a letter: whatever a record holds is text and never markup."""

import datetime
import json
import re
from html.parser import HTMLParser

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from facetwise.examples import example_record
from facetwise.letters import Letter, letter_page, medical_necessity_letter
from facetwise.letters.html import html
from facetwise.letters.markdown import markdown
from facetwise.letters.page import Icons, Page, Part, Text, pieces
from facetwise.letters.pdf import pdf
from facetwise.letters.typesetting import typst_source
from facetwise.letters.wording import plain, quoted
from facetwise.records import Condition, Conditions, Kind, Patient, Purpose, Record, Request
from facetwise.rules import policy_named

DAY = datetime.date(2026, 11, 23)
REQUEST = Request(kind=Kind.MEDIAL_BRANCH_BLOCK, date=DAY, purpose=Purpose.DIAGNOSTIC)

HOSTILE = [
    '#import "x.typ": *',
    "#panic(1) $x^2$ @place <label> \\ \\u{41} // */ /*",
    "a \" quote, 'b', `c` and ```",
    "[link](javascript:alert(1)) ![i](x) <script>alert(1)</script> &amp; &lt;",
    "# heading | cell | *bold* _it_ ~~gone~~",
    "- item\n1. item\n> quote\n\n---",
    "{{ 7 * 7 }} {% raw %}",
    "\u202egnp.exe \x1b[31mred\x00",
    "Ελληνικά, Кириллица, naïve, “quoted”, µ ≥ 80 °C",
]


def letter_with(note: str) -> Letter:
    conditions = Conditions(infection=Condition(present=True, note=note))
    record = Record(patient=Patient(id=plain(note) or "x"), conditions=conditions)
    return medical_necessity_letter(record, REQUEST, [policy_named("medicare-facet-2024")], DAY)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def words_of(document: str) -> _Words:
    found = _Words()
    found.feed(document)
    return found


@pytest.mark.parametrize("note", HOSTILE)
def test_html_shows_hostile_text_as_text(note: str) -> None:
    found = words_of(html(letter_page(letter_with(note))))
    assert plain(note) in found.text
    assert {"script", "img", "iframe"}.isdisjoint(found.tags)


@pytest.mark.parametrize("note", HOSTILE)
def test_markdown_shows_hostile_text_as_text(note: str) -> None:
    rendered = (
        MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown(letter_page(letter_with(note))))
    )
    found = words_of(rendered)
    assert plain(note) in found.text
    assert {"script", "img", "s"}.isdisjoint(found.tags)
    hrefs = re.findall(r'href="([^"]*)"', rendered)
    assert hrefs == []


@pytest.mark.parametrize("note", HOSTILE)
def test_pdf_takes_hostile_text(note: str) -> None:
    made = pdf(letter_page(letter_with(note)))
    assert made.data.startswith(b"%PDF-")


def typeset(text: str) -> str:
    """What the typesetter itself reads in the source of a paragraph."""
    page = Page("t", "a", (), (Part("p", (Text(text),)),), ())
    (line,) = [one for one in typst_source(page).splitlines() if one.startswith("#par(")]
    expression = line.removeprefix("#par(").removesuffix(")").replace("fill-in(", "text(")
    content = json.loads(typst.eval(b"", expression))
    return "".join(one.get("text", " ") for one in content.get("children", [content]) if one)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_typesetter_reads_hostile_text_as_it_was_written(text: str) -> None:
    assert typeset(text) == plain(text)


@given(st.text(min_size=1, max_size=40).filter(str.strip))
@settings(max_examples=40)
def test_the_typesetter_reads_any_text_as_it_was_written(text: str) -> None:
    assert typeset(text).strip() == plain(text)


def test_letters_that_the_fonts_lack_are_reported() -> None:
    assert pdf(letter_page(letter_with("fine: ≥ 80 °C"))).not_shown == ""
    assert "漢" in pdf(letter_page(letter_with("name 漢字"))).not_shown


def test_a_pdf_is_the_same_bytes_each_time_and_holds_no_date() -> None:
    record = example_record("second-block-due", DAY)
    letter = medical_necessity_letter(record, REQUEST, [policy_named("medicare-facet-2024")], DAY)
    first, second = pdf(letter_page(letter)).data, pdf(letter_page(letter)).data
    assert first == second
    assert b"CreationDate" not in first


def test_html_needs_nothing_from_elsewhere() -> None:
    text = html(letter_page(letter_with("x")))
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", text)
    assert "<script" not in text
    assert "@import" not in text
    assert "url(" not in text


def test_each_number_leads_to_its_places_and_back() -> None:
    record = example_record("two-positive-blocks", DAY)
    letter = medical_necessity_letter(record, REQUEST, [], DAY)
    text = html(letter_page(letter))
    for number in range(1, len(letter.statements) + 1):
        assert text.count(f'href="#place-{number}"') == 1
        assert text.count(f'id="place-{number}"') == 1
        assert text.count(f'href="#sentence-{number}"') == 1
    lines = markdown(letter_page(letter)).split("## Where it stands in the record\n\n")[1].split("\n\n")[0].splitlines()
    assert [line.split(".")[0] for line in lines] == [str(number + 1) for number in range(len(letter.statements))]
    assert "complaint: onset" in " ".join(lines)
    assert f"[{len(letter.statements)}]" in markdown(letter_page(letter))


def test_places_to_fill_in_are_marked() -> None:
    page = letter_page(letter_with("x"))
    assert "<mark>[to fill in: name of the payer]</mark>" in html(page)
    assert "**\\[to fill in: name of the payer\\]**" in markdown(page)
    assert 'fill-in("[to fill in: name of the payer]")' in typst_source(page)


def test_the_draft_counts_what_is_to_be_filled_in() -> None:
    page = letter_page(letter_with("x"))
    marked = html(page).count("<mark>")
    assert page.lead[0].text.startswith(f"Draft. Before it is sent, {marked} marked places and ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a [to fill in: b] c", [("a ", False), ("[to fill in: b]", True), (" c", False)]),
        ("[to fill in: b]", [("[to fill in: b]", True)]),
        ("[other]", [("[other]", False)]),
        ("", []),
    ],
)
def test_pieces(text: str, expected: list[tuple[str, bool]]) -> None:
    assert list(pieces(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes", "“Yes”."), ("Yes.", "“Yes.”"), ("Really?", "“Really?”"), ("two\n lines", "“two lines”.")],
)
def test_quoted_text_ends_its_sentence_once(text: str, expected: str) -> None:
    assert quoted(text) == expected


@given(st.text())
@settings(max_examples=100)
def test_plain_text_is_one_readable_line(text: str) -> None:
    line = plain(text)
    assert all(one.isprintable() or one in "\u200c\u200d" for one in line)
    assert plain(line) == line


CHANCE = (Text("Likely, 73%."), Icons(73, "Of 100 people, about 73 (95% interval 60 to 87)."))


def pages_of(page: Page) -> list[int]:
    """The pages of a PDF on which the last heading, the last paragraph and the picture stand."""
    where = "(..query(heading).slice(-1), query(par).last(), ..query(figure)).map(it => it.location().page())"
    source = typst_source(page) + f"#context [#metadata({where})<where>]"
    (found,) = json.loads(typst.query(source.encode(), "<where>", field="value", ignore_system_fonts=True))
    return found


def test_a_heading_its_first_line_and_the_picture_stand_on_one_page_of_a_pdf() -> None:
    lengths = range(20, 44)
    pages = [
        pages_of(Page("t", "a", tuple(Text("line") for _ in range(length)), (Part("How likely it is", CHANCE),), ()))
        for length in lengths
    ]
    assert {min(one) for one in pages} == {1, 2}
    assert [one for one in pages if len(set(one)) > 1] == []


def test_a_picture_in_html_does_not_leave_its_text_at_a_page_break() -> None:
    text = html(Page("t", "a", (), (Part("How likely it is", CHANCE),), ()))
    printed = text.split("@media print")[1]
    assert "p:has(+ figure) { break-after: avoid }" in printed
    assert re.search(r"<p>Likely, 73%.</p>\s*<figure>", text)


def test_a_caption_in_markdown_ends_in_one_mark() -> None:
    text = markdown(Page("t", "a", (), (Part("How likely it is", CHANCE),), ()))
    assert "(95% interval 60 to 87):\n" in text
    assert ".:" not in text
