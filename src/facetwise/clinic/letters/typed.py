"""What was typed for a letter of one patient, for the next of the same: kept in the session, and nowhere else.

Signing out empties the session; opening the letters of another patient forgets it.
"""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from facetwise.clinic.letters.forms import LetterForm
from facetwise.clinic.letters.models import LetterKind

_KEY = "letters_typed"
_OF_PEOPLE = ("payer_address", "member_number", "birth_date", "signed_by", "credentials")
_NEVER = ("kind", "language")
_ASKING = (LetterKind.LETTER, LetterKind.PACKET)


def forget_others(session: SessionBase, patient: int) -> None:
    """Forget what was typed for any other patient."""
    if session.get(_KEY, {}).get("patient", patient) != patient:
        del session[_KEY]


class Typed:
    """What was typed for this patient in this session. What is of one request stands only for that one again."""

    def __init__(self, session: SessionBase, patient: int) -> None:
        self.session, self.patient = session, patient
        kept = session.get(_KEY, {})
        self.given: dict[str, Any] = kept.get("given", {}) if kept.get("patient") == patient else {}

    def subject(self, kind: LetterKind) -> str:
        """What a letter or packet was last about."""
        return str(self.given.get("subject", "")) if kind in _ASKING else ""

    def of(self, kind: LetterKind, subject: str) -> dict[str, Any]:
        """What a form may start with: of the people always, of the request where it is the same."""
        same = kind in _ASKING and self.given.get("subject") == subject
        return {name: value for name, value in self.given.items() if same or name in _OF_PEOPLE}

    def keep(self, form: LetterForm) -> None:
        """Keep what a form holds, beside what others held before."""
        names = _OF_PEOPLE if form.offer.kind not in _ASKING else [name for name in form.fields if name not in _NEVER]
        given = {name: form[name].value() for name in names if name in form.fields}
        self.session[_KEY] = {"patient": self.patient, "given": self.given | given}
