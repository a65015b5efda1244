"""The clinic's own mail server, as the environment names it."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
"""Plain, for a server on this machine; with STARTTLS; with TLS from the start."""


class MailServer(NamedTuple):
    """Where mail goes, and from whom it comes."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool
    sender: str


def mail_server(url: str | None, sender: str | None) -> MailServer | None:
    """The server of `smtp+tls://user:password@host:port`; None where none is named.

    Raises `ImproperlyConfigured` for what is no such address, and where the sender is missing.
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        kinds = " or ".join(f"{one}://" for one in PORTS)
        raise ImproperlyConfigured(
            f"FACETWISE_CLINIC_MAIL is no mail server: give {kinds} with user:password@host:port"
        )
    if not sender:
        raise ImproperlyConfigured("FACETWISE_CLINIC_MAIL_FROM is missing: give the address that reminders come from")
    return MailServer(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        tls=parts.scheme == "smtps",
        sender=sender,
    )
