"""The statuses of criteria, for every page: a table's cell that says one is coloured as one."""

from django.http import HttpRequest

from facetwise.rules import Status


def statuses(_: HttpRequest) -> dict[str, list[str]]:
    """Every status, in words."""
    return {"statuses": [str(status) for status in Status]}
