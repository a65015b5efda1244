"""Who tries links without knowing them is refused for a while, whichever links they are."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from facetwise.clinic.actions.tries import COUNTED_FOR, count_failure, tried_too_often
from facetwise.clinic.links.texts import TEXTS
from facetwise.clinic.sign_in.addresses import client_address

FAILED = (403, 410)
"""Answers of a view that opened nothing: the year was wrong, or there is no such link any more."""


def limited_tries(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Count what the view answers to tries that fail, and answer 429 to an address with too many of them."""

    @wraps(view)
    def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = client_address(request)
        if tried_too_often(address):
            response = render(request, "clinic/too_many_tries.html", {"texts": TEXTS}, status=429)
            response["Retry-After"] = str(int(COUNTED_FOR.total_seconds()))
            return response
        response = view(request, *args, **kwargs)
        if response.status_code in FAILED:
            count_failure(address)
        return response

    return limited
