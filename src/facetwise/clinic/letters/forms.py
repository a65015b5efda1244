"""The form of a letter: about what, for whom, by whom, and the places that no record can fill."""

from typing import Any

from django import forms
from django.utils import timezone

from facetwise.clinic.letters.documents import Wanted
from facetwise.clinic.letters.models import LetterKind, SentBy
from facetwise.clinic.letters.offers import Offer
from facetwise.clinic.patients.models import Patient
from facetwise.clinic.people.models import Clinic
from facetwise.clinic.policies.in_use import payers_of
from facetwise.letters import Parties
from facetwise.records import Agent, AgentName, Guidance, Kind, Place, Request, Sedation
from facetwise.rules.facts import red_flags_in

_NOTHING = [("", "not documented")]
_OF_THE_REQUEST = ("diagnosis", "place", "guidance", "sedation", "agents", "temperature_c", "lesion_seconds")
_OF_AN_ABLATION = ("temperature_c", "lesion_seconds")
_FIELDS = {
    LetterKind.LETTER: (
        "subject",
        "date",
        "payer",
        "chances",
        "payer_address",
        "member_number",
        "birth_date",
        "signed_by",
        "credentials",
    ),
    LetterKind.DIARY_REPORT: ("subject",),
    LetterKind.ADDENDUM: ("subject", "birth_date", "signed_by", "credentials"),
    LetterKind.SUMMARY: ("language",),
}


def _words(words: Any) -> list[tuple[str, str]]:
    return _NOTHING + [(str(word.value), str(word.value).replace("_", " ")) for word in words]


class LetterForm(forms.Form):
    """What a document needs that stands in no record. Only what its kind has a place for is asked."""

    kind = forms.ChoiceField(choices=LetterKind.choices, widget=forms.HiddenInput)
    subject = forms.ChoiceField(label="About")
    language = forms.ChoiceField(label="Language", choices=[("en", "English"), ("es", "Español")], initial="en")
    date = forms.DateField(
        label="Date of service", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    payer = forms.ChoiceField(label="By whose policies", required=False)
    payer_address = forms.CharField(label="Payer's address or fax number", required=False, max_length=200)
    member_number = forms.CharField(label="Patient's number with the payer", required=False, max_length=60)
    birth_date = forms.DateField(
        label="Patient's date of birth", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    signed_by = forms.CharField(label="Who signs", required=False, max_length=150)
    credentials = forms.CharField(label="Credentials and provider number", required=False, max_length=150)
    diagnosis = forms.CharField(label="Diagnosis, as an ICD-10-CM code", required=False, max_length=20)
    place = forms.ChoiceField(label="Place", choices=_words(Place), required=False)
    guidance = forms.ChoiceField(label="Guidance", choices=_words(Guidance), required=False)
    sedation = forms.ChoiceField(label="Sedation", choices=_words(Sedation), required=False)
    agents = forms.MultipleChoiceField(
        label="What will be injected",
        choices=[(str(word.value), str(word.value).replace("_", " ")) for word in AgentName],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    temperature_c = forms.FloatField(label="Temperature of the lesions, in °C", required=False)
    lesion_seconds = forms.FloatField(label="Each lesion, in seconds", required=False)
    chances = forms.BooleanField(
        label="Say how likely it is",
        required=False,
        help_text="A payer may read an uncertain chance as a reason to refuse.",
    )

    def __init__(self, *args: Any, offer: Offer, patient: Patient, request: Request | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer, self.patient, self.today = offer, patient, timezone.localdate()
        wanted = {"kind", *_FIELDS.get(offer.kind, _FIELDS[LetterKind.LETTER])}
        wanted |= {name for name in _OF_THE_REQUEST if request is not None and _lacks(request, name)}
        if request is None or request.replaces is not None:
            wanted.discard("date")  # what was done has its day
        if request is None or red_flags_in(patient.documented.conditions):
            wanted.discard("chances")
        for name in set(self.fields) - wanted:
            del self.fields[name]
        if "subject" in self.fields:
            self.fields["subject"].choices = list(offer.subjects)  # type: ignore[attr-defined]
        if "payer" in self.fields:
            self.fields["payer"].choices = [("", "The patient's own payer"), *payers_of(patient.clinic)]  # type: ignore[attr-defined]

    def clean_date(self) -> Any:
        """A day to come, for what is yet to be done."""
        day = self.cleaned_data["date"]
        if day is not None and day < self.today:
            raise forms.ValidationError(f"{day} has passed. For what was done, choose it under About.")
        return day

    def clean_birth_date(self) -> Any:
        """A day of the year that the record has."""
        day, year = self.cleaned_data["birth_date"], self.patient.birth_year
        if day is not None and year is not None and day.year != year:
            raise forms.ValidationError(f"The record says that the patient was born in {year}.")
        return day

    def wanted(self, clinic: Clinic) -> Wanted:
        """What the answers ask for."""
        given = self.cleaned_data
        details = {name: given[name] for name in _OF_THE_REQUEST if given.get(name) not in (None, "", [])}
        if "agents" in details:
            details["agents"] = tuple(Agent(name=AgentName(name)) for name in details["agents"])
        return Wanted(
            kind=self.offer.kind,
            subject=given.get("subject", ""),
            payer=given.get("payer", ""),
            language=given.get("language", "en"),
            parties=self._parties(clinic),
            details=details,
            date=given.get("date"),
            chances=given.get("chances", False),
        )

    def _parties(self, clinic: Clinic) -> Parties:
        given, telephone = self.cleaned_data, f"Telephone {clinic.telephone}" if clinic.telephone else ""
        return Parties(
            clinic=clinic.name,
            address=tuple(line.strip() for line in (*clinic.address.splitlines(), telephone) if line.strip()),
            clinician=given.get("signed_by", ""),
            credentials=given.get("credentials", ""),
            patient=self.patient.name,
            number=self.patient.number,
            birth_date=given.get("birth_date"),
            payer_address=given.get("payer_address", ""),
            member_number=given.get("member_number", ""),
        )


class SentForm(forms.Form):
    """To whom it was sent, and how."""

    to = forms.CharField(label="To whom", max_length=200)
    how = forms.ChoiceField(label="How", choices=SentBy.choices)
    confirmed = forms.BooleanField(required=False)

    def require_confirmed(self, doubts: str) -> bool:
        """Whether whoever sends a document with doubts said that they know of them; told in the form where not."""
        if not doubts or self.cleaned_data.get("confirmed"):
            return True
        self.add_error("confirmed", f"It has {doubts}. Tick that it goes out like this, or change it first.")
        return False


def _lacks(request: Request, name: str) -> bool:
    ablation = request.kind is Kind.RADIOFREQUENCY_ABLATION
    if (name in _OF_AN_ABLATION and not ablation) or (name == "agents" and ablation):
        return False
    return getattr(request, name) is None
