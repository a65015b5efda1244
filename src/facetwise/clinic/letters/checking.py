"""Whether what was sent is still there as it was sent, by the seals in the audit trail."""

from collections.abc import Iterator

from facetwise.clinic.letters.models import SentLetter
from facetwise.clinic.trail.models import AccessEvent

SENT = "letter sent"
"""What the trail calls it."""


def sealed(letter: SentLetter) -> str:
    """What the trail says a sent letter is about: the patient first, as in every row that is about one."""
    return f"patient {letter.patient_id} letter {letter.pk} {letter.seal}"


def letter_faults() -> Iterator[str]:
    """What is wrong with the letters that were sent, one by one; nothing where all are as they were sent."""
    known = AccessEvent.objects.filter(what=SENT).values_list("about", flat=True)
    seals = dict(about.split(" ")[-2:] for about in known)
    for letter in SentLetter.objects.order_by("id").iterator(chunk_size=20):
        if seals.pop(str(letter.pk), "") != letter.seal or not letter.is_intact:
            yield f"Letter {letter.pk} was changed, or put in"
    yield from (f"Letter {number} was removed" for number in seals)
