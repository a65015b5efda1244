"""Links as staff see them on the page of a patient."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils import timezone

from facetwise.clinic.actions.links import MOST_FAILURES, is_usable
from facetwise.clinic.links.models import PatientLink


class LinkShown(NamedTuple):
    """A link, whether it still opens something, and what has become of it where it does not."""

    link: PatientLink
    usable: bool
    state: str


def links_shown(links: Iterable[PatientLink]) -> tuple[LinkShown, ...]:
    """Links with what has become of each."""
    return tuple(LinkShown(one, is_usable(one), _state(one)) for one in links)


def _state(link: PatientLink) -> str:
    if link.revoked_at is not None:
        return "taken back"
    if link.failures >= MOST_FAILURES:
        return f"shut after {MOST_FAILURES} wrong tries"
    return "expired" if link.expires_at <= timezone.now() else ""
