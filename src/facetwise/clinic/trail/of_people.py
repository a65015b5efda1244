"""What concerns a person in the audit trail of every clinic where they work."""

from facetwise.clinic.people.models import Clinic, Membership, User
from facetwise.clinic.trail.chain import note


def note_of_person(by: str, what: str, user: User) -> None:
    """In each of the clinics, for each of them answers for who gets in; in none for a person of none."""
    memberships = Membership.objects.select_related("clinic").filter(user=user).order_by("id")
    clinics: list[Clinic | None] = [one.clinic for one in memberships]
    for clinic in clinics or [None]:
        note(by, what, f"user {user.pk}", clinic)
