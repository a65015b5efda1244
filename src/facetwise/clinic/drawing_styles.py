"""The styles that stand in drawings, by their digests: the only styles in a page that the browser is told to accept."""

import base64
import hashlib
import re

from facetwise.diary.chart import STYLE as DIARY
from facetwise.pathway.drawing import STYLE as PATHWAY
from facetwise.probability.icon_array import STYLE as ICONS


def style_sources() -> list[str]:
    """The digests as a content security policy writes them."""
    return styles_in(DIARY + ICONS + PATHWAY)


def styles_in(page: str) -> list[str]:
    """The digests of the styles in a page of ours, whose texts are escaped: SHA-256 of what is between the tags."""
    found = dict.fromkeys(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    return [f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in found]
