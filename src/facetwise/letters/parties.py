"""Who writes, to whom and about whom: what no record holds, and whoever writes a letter knows."""

import datetime

import msgspec

from facetwise.letters.letter import Detail, to_fill_in

SIGN_HERE = "_" * 30
"""A line to write on by hand."""


class Parties(msgspec.Struct, frozen=True):
    """The clinic with its address, who signs, the patient, and how the payer knows both. What is empty is left open."""

    clinic: str = ""
    address: tuple[str, ...] = ()
    clinician: str = ""
    credentials: str = ""
    patient: str = ""
    number: str = ""
    birth_date: datetime.date | None = None
    payer_address: str = ""
    member_number: str = ""

    @property
    def letterhead(self) -> tuple[str, ...]:
        """The clinic's name and address, line by line."""
        return tuple(line for line in (self.clinic, *self.address) if line)

    def about(self, record: str, as_of: datetime.date) -> str:
        """About whom a document is: the patient by name and number, or the record where no name is known."""
        if not self.patient:
            return f"Record {record}, as of {as_of}"
        return f"{self.patient}{f', number {self.number}' if self.number else ''}, as of {as_of}"

    def patient_details(self) -> tuple[Detail, ...]:
        """The patient, for whoever has to find the patient in their own files."""
        if not self.patient:
            return (Detail("Patient", to_fill_in("name and date of birth")),)
        born = str(self.birth_date) if self.birth_date else to_fill_in("date of birth")
        number = (Detail("Number in the clinic", self.number),) if self.number else ()
        return (Detail("Patient", self.patient), Detail("Date of birth", born), *number)

    def signature(self) -> tuple[Detail, ...]:
        """Who signs, and when. By hand, where it is known who."""
        if not self.clinician:
            return (
                Detail("Name and credentials", to_fill_in("clinician's name, credentials and provider number")),
                Detail("Signature", to_fill_in("signature")),
                Detail("Date", to_fill_in("date of signing")),
            )
        credentials = self.credentials or to_fill_in("credentials and provider number")
        return (
            Detail("Name and credentials", f"{self.clinician}, {credentials}"),
            Detail("Signature", SIGN_HERE),
            Detail("Date", SIGN_HERE),
        )


NOBODY = Parties()
"""Nobody is named: every such place is left to fill in."""
