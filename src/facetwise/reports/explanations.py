"""What a name means: in the policies, in the field catalogue, or in the evidence; with source, test and history."""

from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

from facetwise.evidence import Figure, load_figures
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS, Field
from facetwise.reports.explained_contractors import in_contractors, names_in_contractors
from facetwise.reports.explained_policies import history_of, in_policies, names_in_policies
from facetwise.reports.meaning import Meaning
from facetwise.reports.page import Block, Bullets, Page, Paragraph, Section, Table
from facetwise.rules import Topic


class UnknownName(KeyError):
    """Nothing has this name; the text names what comes close."""

    def __str__(self) -> str:
        return str(self.args[0])


class Explanation(msgspec.Struct, frozen=True):
    """Everything that has a name, oldest first, and what changed from one version to the next."""

    name: str
    meanings: tuple[Meaning, ...]
    history: tuple[str, ...]


def explanation(name: str) -> Explanation:
    """Everything that `name` means. Raises `UnknownName`."""
    meanings = _merged([*in_policies(name), *in_contractors(name), *_fields(name), *_figures(name)])
    if not meanings:
        known = {*REQUEST_FIELDS, *PRIOR_FIELDS, *load_figures(), *names_in_policies(), *names_in_contractors()}
        close = get_close_matches(name, sorted(known), n=3, cutoff=0.5)
        close = _that_mention(name) or close
        hint = f"Did you mean {', '.join(close)}?" if close else "`facetwise explain` lists the fields"
        raise UnknownName(f'Nothing is called "{name}". {hint}')
    return Explanation(name, tuple(meanings), tuple(history_of(name)))


def _that_mention(word: str) -> list[str]:
    """Fields and topics whose name, meaning or place in the record holds a word."""
    asked = word.lower().replace("_", " ")
    fields = {**PRIOR_FIELDS, **REQUEST_FIELDS}.values()
    told = {one.name: f"{one.name} {one.meaning} {one.path}".lower().replace("_", " ") for one in fields}
    found = [name for name, text in told.items() if asked in text]
    return (found + [str(topic) for topic in Topic if asked in topic.replace("_", " ")])[:5]


def fields_page() -> Page:
    """Every fact that a rule may ask about."""
    columns = ("Field", "Kind of value", "Meaning")
    sections = [
        Section(title, (Table(columns, tuple((one.name, _kind(one), one.meaning) for one in fields.values())),))
        for title, fields in (("Facts of a request", REQUEST_FIELDS), ("Facts of another procedure", PRIOR_FIELDS))
    ]
    return Page(
        title="Fields",
        about=f"{len(REQUEST_FIELDS)} of a request, {len(PRIOR_FIELDS)} of another procedure",
        headline="What a rule may ask about",
        lead=("facetwise explain FIELD says which question fills it, and where the answer goes.",),
        sections=tuple(sections),
        footer=("A fact that nobody documented is neither yes nor no.",),
    )


def _kind(field: Field) -> str:
    return ", ".join(field.values) if field.values else field.unit or str(field.type)


def _merged(meanings: list[Meaning]) -> list[Meaning]:
    """The same thing said in several policies, said once."""
    within: dict[tuple[str, str, tuple[tuple[str, str], ...]], list[str]] = {}
    for meaning in meanings:
        within.setdefault((meaning.kind, meaning.says, meaning.details), []).append(meaning.within)
    return [Meaning(kind, " and ".join(places), says, details) for (kind, says, details), places in within.items()]


def explanation_page(found: Explanation) -> Page:
    """An explanation for a person."""
    sections = []
    for meaning in found.meanings:
        blocks: list[Block] = [Paragraph(meaning.says)]
        if meaning.details:
            blocks.append(Table(("", ""), meaning.details))
        sections.append(
            Section(f"{meaning.kind} in {meaning.within}" if meaning.within else meaning.kind, tuple(blocks))
        )
    if found.history:
        sections.append(Section("History", (Bullets(found.history),)))
    return Page(
        title=found.name,
        about=f"{len(found.meanings)} meaning{'s' if len(found.meanings) > 1 else ''}",
        headline=found.name,
        lead=(found.meanings[-1].says,),
        sections=tuple(sections),
        footer=("Facetwise informs a clinician and decides nothing.",),
    )


def _fields(name: str) -> Iterator[Meaning]:
    for fields, within in ((REQUEST_FIELDS, "facts of a request"), (PRIOR_FIELDS, "facts of an earlier procedure")):
        if name in fields:
            yield _field(fields[name], within)


def _field(field: Field, within: str) -> Meaning:
    details = [("kind of value", f"{field.type}" + (f", in {field.unit}" if field.unit else ""))]
    details += [("values", ", ".join(field.values))] if field.values else []
    details += [("question", field.question), ("place in the record", field.path)]
    return Meaning("field", within, field.meaning, tuple(details))


def _figures(name: str) -> Iterator[Meaning]:
    figure = load_figures().get(name)
    if figure is not None:
        yield Meaning("figure", f"evidence on {figure.topic.replace('_', ' ')}", figure.says, tuple(_figure(figure)))


def _figure(figure: Figure) -> Iterator[tuple[str, str]]:
    """The number with all that goes with it; what is not known of it is said to be not given."""
    operator = f"{figure.operator} " if figure.operator else ""
    yield "value", NOT_GIVEN if figure.value is None else f"{operator}{figure.value:g} {figure.unit}"
    yield figure.interval or "interval", _ends(figure)
    yield "n", NOT_GIVEN if figure.n is None else str(figure.n)
    yield "population", figure.population or NOT_GIVEN
    for label in ("definition", "note"):
        if text := getattr(figure, label):
            yield label, text
    source = figure.source
    place = f", {figure.cites.where}" if figure.cites.where else ""
    read = f", read on {source.read_on}" if source.read_on and figure.certainty.verified else ""
    yield "source", f"{source.title}{place}{read}"
    yield "certainty", str(figure.certainty)
    if source.url or source.doi:
        yield "where", source.url or f"doi:{source.doi}"


NOT_GIVEN = "not given"


def _ends(figure: Figure) -> str:
    low, high = ("" if end is None else f"{end:g}" for end in (figure.low, figure.high))
    if low and high:
        return f"{low} to {high} {figure.unit}"
    return f"from {low} {figure.unit}" if low else f"up to {high} {figure.unit}" if high else NOT_GIVEN
