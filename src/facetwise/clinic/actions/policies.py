"""Writing a clinic's own policies: a version, one from before as it was, out of use and back."""

from django.db import transaction

from facetwise.clinic.actions.patients import stand_all_anew
from facetwise.clinic.people.models import Clinic, User
from facetwise.clinic.policies.checking import Checked, checked
from facetwise.clinic.policies.models import LocalPolicy, last_versions
from facetwise.clinic.trail.chain import note
from facetwise.documents import DocumentError, Problem

LONGEST_REASON = 300


@transaction.atomic
def store_policy(
    clinic: Clinic, by: User, text: str, cases: str, why: str, changing: str | None = None, version: int = 0
) -> tuple[LocalPolicy, Checked]:
    """A new policy, or with `changing` a new version of the one with that id, of which the person saw `version`.

    Raises `DocumentError` for one that is not sound, whose cases do not come out, that has no reason, or that
    somebody else changed meanwhile; then nothing is stored.
    """
    locked = _locked(clinic)
    last = _last(clinic, changing, version) if changing is not None else None
    found = checked(locked, text, cases, changing)
    row = _add(locked, by, last, found.policy.id, text, cases, why, last is None or last.active)
    return row, found


@transaction.atomic
def restore_policy(clinic: Clinic, by: User, policy: str, restored: int, version: int) -> LocalPolicy:
    """The text and cases of a version from before, as a new one. Raises `DocumentError` as for one newly written."""
    locked = _locked(clinic)
    last = _last(clinic, policy, version)
    old = LocalPolicy.objects.filter(clinic=clinic, policy=policy, version=restored).first()
    if old is None:
        raise DocumentError([Problem("restored", "There is no such version", "Choose one that is listed")])
    checked(locked, old.text, old.cases, policy)
    return _add(locked, by, last, policy, old.text, old.cases, f"Restored version {restored}", last.active)


@transaction.atomic
def use_policy(clinic: Clinic, by: User, policy: str, active: bool, why: str, version: int) -> LocalPolicy:
    """Take a policy out of use, or put it back, which asks for a sound one. Raises `DocumentError`."""
    locked = _locked(clinic)
    last = _last(clinic, policy, version)
    if last.active is active:
        said = "in use" if active else "out of use"
        raise DocumentError([Problem("active", f"The policy is {said} already", "Nothing is to be done")])
    if active:
        checked(locked, last.text, last.cases, policy)
    return _add(locked, by, last, policy, last.text, last.cases, why, active)


def _locked(clinic: Clinic) -> Clinic:
    """The clinic, held until the end: whoever adds a patient, or another policy, waits for what is decided here."""
    return Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)


def _last(clinic: Clinic, policy: str, version: int) -> LocalPolicy:
    last = last_versions(clinic.pk).filter(policy=policy).first()
    if last is None:
        raise DocumentError([Problem("policy", "This clinic has no such policy", "Choose one of its own")])
    if last.version != version:
        what = f"Somebody else has changed this policy: it is at version {last.version} now"
        raise DocumentError([Problem("", what, "Look at that version, and write yours anew where it still holds")])
    return last


def _add(
    clinic: Clinic, by: User, last: LocalPolicy | None, policy: str, text: str, cases: str, why: str, active: bool
) -> LocalPolicy:
    """Add a version, leave its trail, and have every patient's standing worked out anew."""
    row = LocalPolicy.objects.create(
        clinic=clinic,
        policy=policy,
        version=1 if last is None else last.version + 1,
        text=text,
        cases=cases,
        active=active,
        why=_reason(why),
        by=by,
    )
    stand_all_anew(clinic)
    note(by.username, "local policy stored", f"policy {policy} version {row.version}", clinic)
    return row


def _reason(why: str) -> str:
    why = " ".join(why.split())
    if not why:
        raise DocumentError([Problem("why", "There is no reason", "Write why; whoever reads the versions will ask")])
    if len(why) > LONGEST_REASON or not why.isprintable():
        what = "The reason is too long, or holds what cannot be printed"
        raise DocumentError([Problem("why", what, f"Write at most {LONGEST_REASON} characters")])
    return why
