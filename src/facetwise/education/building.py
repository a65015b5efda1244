"""Pages for patients built from the texts: slots filled, pictures chosen by region, every claim with its references."""

from collections.abc import Iterable, Sequence

from facetwise.education import written
from facetwise.education.drawing import facet_joint
from facetwise.education.filling import asks_for_unknown, figures_in, fill, word, yours
from facetwise.education.page import (
    Block,
    Bullets,
    IconArray,
    Paragraph,
    Question,
    Questions,
    Reference,
    Section,
    SideBySide,
)
from facetwise.education.plans import Plan, YourChance
from facetwise.education.reading import texts
from facetwise.education.written import Bilingual, Claim, Language
from facetwise.evidence import Certainty, Source, figure
from facetwise.spine import Region

FOR_ANYBODY = (Region.LUMBAR, Region.CERVICAL)
"""The regions whose pictures stand on a page for nobody in particular."""


class Builder:
    """Builds the parts of one page, and numbers its references in the order in which they are used."""

    def __init__(self, language: Language, plan: Plan | None) -> None:
        self.language = language
        self.plan = plan
        self.given = yours(plan, language)
        self.regions = (plan.region,) if plan and plan.region else FOR_ANYBODY
        self._references: dict[tuple[str, str], Reference] = {}

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the parts built so far rest on."""
        return tuple(self._references.values())

    def words(self, text: Bilingual, **slots: str) -> str:
        """A text that claims nothing."""
        return fill(text, self.language, {**self.given, **slots})

    def all_words(self, several: Iterable[Bilingual]) -> tuple[str, ...]:
        """Several of them."""
        return tuple(self.words(one) for one in several)

    def word(self, name: str, **slots: object) -> str:
        """A label of `wording.yaml`."""
        return word(name, self.language, **slots)

    def claim(self, text: Claim) -> Paragraph:
        """A claim with the numbers of its references."""
        figures = [*figures_in(text, self.given), *(one.figure for one in text.rests_on if one.figure)]
        numbers = [self._of_figure(id) for id in figures]
        numbers += [self._of_source(one) for one in text.rests_on if one.source]
        return Paragraph(self.words(text), tuple(sorted(set(numbers))))

    def claims(self, several: Iterable[Claim]) -> tuple[Paragraph, ...]:
        """Claims, less those that ask for what is not documented."""
        return tuple(self.claim(one) for one in several if not asks_for_unknown(one, self.given))

    def questions(self, title: Bilingual, several: Iterable[written.Question]) -> Questions:
        """What to ask, under a heading."""
        return Questions(self.words(title), tuple(Question(one.id, self.words(one)) for one in several))

    def section(self, section: written.Section | written.Passage) -> Section:
        """A section with all its blocks."""
        blocks = tuple(built for block in section.blocks for built in self._block(block))
        return Section(section.id, self.words(section.title), blocks)

    def sections(self, several: Sequence[written.Section]) -> tuple[Section, ...]:
        """Several sections, in order."""
        return tuple(self.section(one) for one in several)

    def _block(self, block: written.Block) -> list[Block]:
        if block.text:
            return list(self.claims([block.text]))
        if block.advice:
            return [Paragraph(self.words(block.advice), tone="advice")]
        if block.list:
            return [Bullets(self.claims(block.list))]
        if block.compare:
            return [self._side_by_side(block.compare)]
        if block.chance:
            return self._chance(block.chance)
        if block.drawing:
            return [facet_joint(self.language)]
        return self._your_chance(self.plan.chance) if self.plan and self.plan.chance else []

    def _side_by_side(self, table: written.Comparison) -> SideBySide:
        rows = tuple((self.words(row.heading), self.claims(row.cells)) for row in table.rows)
        return SideBySide(self.words(table.caption), self.all_words(table.columns), rows)

    def _chance(self, chance: written.Chance) -> list[Block]:
        built: list[Block] = [
            self._icons(
                f"{chance.id}-{region}",
                self._title(chance, region),
                (self.words(chance.among, pain=self._pain(region)), self.words(chance.would)),
                region,
                self._share(chance.figures[region]),
                [chance.figures[region]],
            )
            for region in self.regions
            if region in chance.figures
        ]
        if built:
            return built
        return [Paragraph(self.words(chance.without, pain=self._pain(self.regions[0])), tone="advice")]

    def _title(self, chance: written.Chance, region: Region) -> str:
        """The title of a picture, with the pain on a page for several regions."""
        title = self.words(chance.title)
        return f"{title}: {self._pain(region)}" if len(self.regions) > 1 else title

    def _your_chance(self, chance: YourChance) -> list[Block]:
        region = self.regions[0]
        name = ("your_chance_before", "your_chance_one", "your_chance_two")[chance.positive_blocks]
        texts_ = (self.word(name, pain=self._pain(region)), self.word("your_chance_would"))
        numbers = (chance.value, chance.low, chance.high)
        title = self.word("your_chance_title")
        note = self.word("your_chance_good", threshold=chance.threshold_percent) if chance.positive_blocks else ""
        return [self._icons("your-chance", title, texts_, region, numbers, chance.figures, note)]

    def _icons(
        self,
        id: str,
        title: str,
        among_would: tuple[str, str],
        region: Region,
        numbers: tuple[int, int, int],
        figures: Iterable[str],
        note: str = "",
    ) -> IconArray:
        value, low, high = numbers
        among, would = among_would
        return IconArray(
            id=id,
            title=title,
            says=self.word("of_100", among=among, value=value, would=would),
            range=self.word("range", low=low, high=high),
            note=note,
            value=value,
            low=low,
            high=high,
            region=region,
            references=tuple(sorted({self._of_figure(id) for id in figures})),
        )

    def _share(self, id: str) -> tuple[int, int, int]:
        found = figure(id)
        value, low, high = (round(number or 0) for number in (found.value, found.low, found.high))
        return value, low, high

    def _pain(self, region: Region) -> str:
        return texts().wording.pain[region].in_(self.language)

    def _of_figure(self, id: str) -> int:
        found = figure(id)
        return self._numbered(found.source, found.certainty)

    def _of_source(self, rests_on: written.RestsOn) -> int:
        source = texts().sources[rests_on.source]
        return self._numbered(source, rests_on.certainty or source.certainty)

    def _numbered(self, source: Source, certainty: Certainty) -> int:
        title = f"{source.issuer}. {source.title}" if source.issuer else source.title
        link = source.url or (f"https://doi.org/{source.doi}" if source.doi else "")
        checked = self.word("certainty_primary" if certainty is Certainty.PRIMARY else "certainty_secondary")
        self._references.setdefault((title, checked), Reference(title, link, checked))
        return list(self._references).index((title, checked)) + 1
