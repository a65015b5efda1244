"""Jinja templates of pages: everything escaped, nothing undefined let pass."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template


def template(package: str, name: str, **filters: Callable[..., Any]) -> Template:
    """The template `name` in the folder `templates` of a package. The filter `kind` tells what a block is."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(filters, kind=lambda block: type(block).__name__)
    return environment.get_template(name)
