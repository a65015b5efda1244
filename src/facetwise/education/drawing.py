"""The drawings of a page for patients: a facet joint with its nerves and needles, and 100 people."""

from facetwise.education.filling import word
from facetwise.education.page import Drawing, IconArray
from facetwise.education.written import Language
from facetwise.probability import hundred_people_svg
from facetwise.templating import template


def facet_joint(language: Language) -> Drawing:
    """Two vertebrae from the side, the joint between them, its two nerves, and where each needle goes."""
    says = {name: word(f"drawing_{name}", language) for name in ("title", "description")}
    labels = {name: word(f"drawing_{name}", language) for name in ("joint", "nerve", "bone", "disc", "front", "back")}
    needles = {
        name: (word(f"drawing_{name}", language), word(f"drawing_{name}_where", language))
        for name in ("injection", "block")
    }
    svg = template("facetwise.education", "facet_joint.svg").render(**says, **labels, **needles)
    return Drawing(says["title"], says["description"], svg)


def icon_array(picture: IconArray) -> str:
    """The people of a picture as SVG, titled and described in its language."""
    return hundred_people_svg(
        picture.title,
        f"{picture.says} {picture.range}",
        per_100=picture.value,
        low=picture.low,
        high=picture.high,
        name=picture.id,
    )
