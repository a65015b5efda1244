"""How much may be sent at once: a request that is too large is refused before anything of it is read.

Whoever is not signed in, patients with a link among them, sends little: a form, or a few dozen entries of a diary.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase


class RequestSizeMiddleware:
    """Answers 413 to what says that it is too large, and 411 to what does not say how large it is.

    It stands behind the middleware that knows who is signed in, and before everything that reads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or ""
        if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
            return _refused(411, "The request does not say how large it is. Send it with a Content-Length.")
        size = _size(length)
        if size > settings.CLINIC_LARGEST_BEFORE_SIGN_IN and size > (most := _most(request)):
            return _refused(413, f"What was sent is too large: at most {most >> 10} KB are taken. Send less at once.")
        return self.get_response(request)


def _size(length: str) -> float:
    """The bytes that a request says it has; endless for what is no number."""
    try:
        return int(length or 0)
    except ValueError:
        return float("inf")


def _most(request: HttpRequest) -> int:
    given: int = settings.CLINIC_LARGEST if request.user.is_authenticated else settings.CLINIC_LARGEST_BEFORE_SIGN_IN
    return given


def _refused(status: int, told: str) -> HttpResponse:
    return HttpResponse(told, status=status, content_type="text/plain; charset=utf-8")
