"""Forms that must not count twice: a double click sends the same form two times at once."""

import secrets

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

FIELD = "form_key"
_KEPT_FOR = 24 * 60 * 60


def new_form_key() -> str:
    """A key for one form as it is shown once; it goes with the form in the field `FIELD`."""
    return secrets.token_urlsafe(16)


def is_first(request: HttpRequest) -> bool:
    """Whether the form was not sent before by this person; of two at once one alone is the first.

    A form without a key is taken for new.
    """
    key = request.POST.get(FIELD, "")
    if not key:
        return True
    digest = salted_hmac("facetwise.clinic.once", f"{request.session.session_key} {key}", algorithm="sha256")
    return bool(cache.add(f"form-{digest.hexdigest()}", True, _KEPT_FOR))
