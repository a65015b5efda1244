"""The styles that stand in drawings, by their digests: the only styles in a page that the browser is told to accept."""

import base64
import hashlib
import re

from facetwise.diary.chart import STYLE as DIARY
from facetwise.pathway.drawing import STYLE as PATHWAY
from facetwise.probability.icon_array import STYLE as ICONS


def style_sources() -> list[str]:
    """The digests as a content security policy writes them."""
    return [_source(style) for style in (DIARY, ICONS, PATHWAY)]


def _source(style: str) -> str:
    """SHA-256 of what stands between the tags."""
    found = re.fullmatch(r"<style>(.*)</style>", style, re.DOTALL)
    if found is None:
        raise ValueError("A drawing's style is not one element")
    return f"'sha256-{base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()}'"
