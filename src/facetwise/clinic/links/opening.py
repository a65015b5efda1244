"""What a browser has opened: for each purpose one link, in a session that belongs to no staff."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import constant_time_compare

from facetwise.clinic.actions.links import is_usable
from facetwise.clinic.links.models import PatientLink, Purpose
from facetwise.clinic.links.texts import TEXTS


def keep_open(request: HttpRequest, link: PatientLink) -> None:
    """Open a link in this browser, in a session of its own; what the same patient opened for another purpose stays."""
    found = [link_of(request, one) for one in Purpose if one != link.purpose]
    kept = [link, *(one for one in found if one is not None and one.patient_id == link.patient_id)]
    logout(request)  # staff who were signed in here are signed out, noted; the session ends in any case
    for one in kept:
        request.session[one.purpose] = one.pk
    request.session.set_expiry(max(one.expires_at for one in kept))


def link_of(request: HttpRequest, purpose: Purpose) -> PatientLink | None:
    """The link that this browser has opened for a purpose, as long as it is usable."""
    opened = PatientLink.objects.select_related("patient__clinic").filter(purpose=purpose)
    found = opened.filter(pk=int(request.session.get(purpose.value, 0))).first()
    return found if found is not None and is_usable(found) else None


def shut(request: HttpRequest) -> None:
    """Open no link in this browser any more: staff and a patient share no session."""
    for one in Purpose:
        if request.session.pop(one.value, None) is not None:
            request.session.set_expiry(None)


def is_other(link: PatientLink, opens: str) -> bool:
    """Whether a page belongs to something else than this browser has open now: two share a phone, or a clinic's tablet.

    `opens` is what the page says of itself.
    """
    return not constant_time_compare(link.opens, opens)


def other(request: HttpRequest) -> HttpResponse:
    """That another link was opened in this browser, in every language."""
    return render(request, "clinic/link_gone.html", {"texts": TEXTS, "other": True}, status=409)


def gone(request: HttpRequest) -> HttpResponse:
    """That a link opens nothing any more, in every language."""
    return render(request, "clinic/link_gone.html", {"texts": TEXTS}, status=410)
