"""What is answered where a page cannot be shown: a record cannot be read, or the database is busy with others."""

import sys

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.defaults import server_error

from facetwise.clinic.access import CARE, View
from facetwise.clinic.patients.models import UnreadableRecord

RETRY_AFTER = 10
"""Seconds after which somebody is asked to try again."""


class FailingMiddleware:
    """Answers what a view could not."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page for the error; None for one that nobody expects."""
        return _answer(request, error)


def failed(request: HttpRequest) -> HttpResponse:
    """The page for an error of a middleware, such as a session that could not be kept, and for all unexpected ones."""
    return _answer(request, sys.exc_info()[1]) or server_error(request)


def _answer(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Staff are sent to the page of the patient, which says what is wrong; patients and phones try again later."""
    if isinstance(error, UnreadableRecord):
        if getattr(request, "role", None) in CARE:
            return redirect("patient", pk=error.patient.pk)
        return _later()
    return _later() if isinstance(error, OperationalError) and _is_busy(error) else None


def _is_busy(error: OperationalError) -> bool:
    """Whether the same may work in a moment; what is wrong with the database itself is another matter."""
    return connection.vendor == "postgresql" or "locked" in str(error)


def _later() -> HttpResponse:
    """Without anything that would ask the database."""
    return HttpResponse(render_to_string("clinic/busy.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
