"""Under which name tries to sign in are counted."""

from typing import Any

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from facetwise.clinic.people.models import User


def tried_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name, however it was written; for one that nobody has, a digest: it may be a password in the wrong field."""
    given = (credentials or {}).get("username") or request.POST.get("login", "")
    name = str(given).strip().lower()
    if not name or User.objects.filter(username__iexact=name).exists():
        return name
    digest = salted_hmac("facetwise.tried_names", name, algorithm="sha256").hexdigest()
    return f"unknown {digest[:16]}"
