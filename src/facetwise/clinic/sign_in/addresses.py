"""Where a request comes from, as everything that counts tries sees it."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

NOWHERE = "0.0.0.0"
"""What PostgreSQL takes for an address, and nobody has."""


def client_address(request: HttpRequest) -> str:
    """The address of the client: behind HTTPS what the web server in front wrote last into X-Forwarded-For.

    What has no address that can be read is counted together, as one.
    """
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return NOWHERE
