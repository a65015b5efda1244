"""A chance as 100 people of whom so many are filled: people read it better than a percent."""

from collections.abc import Iterator
from html import escape

from facetwise.probability.likelihood import Likelihood

ROW, COLUMNS, CELL_WIDTH, CELL_HEIGHT, MARGIN = 10, 10, 20, 24, 2
"""People in a row, rows, and pixels: the place of one person, the margin."""
PEOPLE = ROW * COLUMNS


def icon_array_svg(chance: Likelihood, *, name: str = "chance") -> str:
    """An accessible SVG of 100 people. `name` starts the ids inside, and must differ between drawings on one page.

    As many are filled as the chance says. Within its interval the filled are paler, and the others outlined in colour.
    """
    return hundred_people_svg(
        title(chance), in_words(chance), per_100=chance.per_100, low=chance.low, high=chance.high, name=name
    )


def hundred_people_svg(title: str, description: str, *, per_100: int, low: int, high: int, name: str) -> str:
    """The drawing itself, titled and described in any language. The three numbers are out of 100."""
    width, height = ROW * CELL_WIDTH + 2 * MARGIN, COLUMNS * CELL_HEIGHT + 2 * MARGIN
    parts = [
        f'<svg class="icons" role="img" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg"'
        f' aria-labelledby="{name}-title {name}-desc">',
        f'<title id="{name}-title">{escape(title)}</title>',
        f'<desc id="{name}-desc">{escape(description)}</desc>',
        STYLE,
        *_people(per_100, low, high),
    ]
    return "\n".join([*parts, "</svg>"]) + "\n"


def title(chance: Likelihood) -> str:
    """What the picture is of."""
    return f"How likely it is that {chance.what}"


def in_words(chance: Likelihood) -> str:
    """The picture in sentences, for whoever cannot see it."""
    return f"{chance.says} People {chance.people}."


def caption(chance: Likelihood) -> str:
    """What stands below the picture: whom it counts, and what the shades mean."""
    shades = f"Coloured: {chance.per_100}. Paler or outlined in colour: as far as the 95% interval reaches."
    return f"People {chance.people}. {shades}"


def _people(per_100: int, low: int, high: int) -> Iterator[str]:
    for number in range(PEOPLE):
        row, column = divmod(number, ROW)
        x, y = MARGIN + column * CELL_WIDTH, MARGIN + row * CELL_HEIGHT
        kind = "filled" if number < per_100 else "empty"
        within = " within" if low <= number < high else ""
        yield f'<path class="{kind}{within}" d="{_person(x, y)}"/>'


def _person(x: int, y: int) -> str:
    """Head and shoulders in one cell."""
    head = f"M{x + 10} {y + 1.5}a3.5 3.5 0 1 0 .01 0z"
    return head + f"M{x + 4} {y + 20}v-5.5a4.5 4.5 0 0 1 4.5 -4.5h3a4.5 4.5 0 0 1 4.5 4.5v5.5z"


STYLE = """<style>
.icons { --on: #0b6e6e; --off: #9fb0b8; display: block; width: 100%; max-width: 15rem; height: auto }
.icons path { stroke-linejoin: round }
.icons .filled { fill: var(--on); stroke: var(--on); stroke-width: 1.4 } .icons .filled.within { fill-opacity: .45 }
.icons .empty { fill: none; stroke: var(--off); stroke-width: .9 }
.icons .empty.within { stroke: var(--on); stroke-width: 1.4 }
@media (prefers-color-scheme: dark) { .icons { --on: #4fc3bd; --off: #566b77 } }
@media print { .icons { --on: #0b6e6e; --off: #888 } }
</style>"""
"""How it looks, as it stands in the drawing itself."""
