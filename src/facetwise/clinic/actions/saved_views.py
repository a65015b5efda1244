"""Keeping views of the worklist under a name, and forgetting them."""

from django.db import transaction

from facetwise.clinic.people.models import Clinic, User
from facetwise.clinic.worklist.models import SavedView
from facetwise.documents import DocumentError, Problem

MOST = 20
"""Views of one person; more would be a list to search in itself."""


@transaction.atomic
def save_view(clinic: Clinic, user: User, name: str, query: str) -> SavedView:
    """Keep a view; one of the same name is replaced. Raises `DocumentError` for no name, and for too many."""
    name = " ".join(name.split())[:60]
    if not name:
        raise DocumentError([Problem("name", "The view has no name", "Give it one")])
    mine = SavedView.objects.filter(clinic=clinic, user=user)
    if mine.exclude(name=name).count() >= MOST:
        raise DocumentError([Problem("name", f"There are {MOST} views already", "Forget one first")])
    return SavedView.objects.update_or_create(clinic=clinic, user=user, name=name, defaults={"query": query})[0]


def forget_view(clinic: Clinic, user: User, pk: int) -> bool:
    """Forget a view of one's own. Returns whether there was one."""
    return bool(SavedView.objects.filter(clinic=clinic, user=user, pk=pk).delete()[0])
