"""Drawings made ready for paper: the typesetter knows neither custom properties nor media queries."""

import re

_STYLE = re.compile(r"(?<=<style>).*?(?=</style>)", re.DOTALL)
_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")
_SET = re.compile(r"(--[\w-]+):\s*([^;}]+);?")
_USED = re.compile(r"var\((--[\w-]+)\)")


def on_paper(svg: str) -> str:
    """The SVG in its light colours, each written out where it is used."""
    return _STYLE.sub(lambda match: _plain_style(match.group()), svg)


def _plain_style(style: str) -> str:
    light = _MEDIA.sub("", style)
    values = {name: value.strip() for name, value in _SET.findall(light)}
    return _USED.sub(lambda used: values[used[1]], _SET.sub("", light))
