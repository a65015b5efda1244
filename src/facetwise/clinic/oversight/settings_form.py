"""The form of a clinic's settings: what may be set, within which limits, and what stands where nothing is."""

from typing import Any

from django import forms

from facetwise.clinic.diary.protocol import (
    FIRST_HOUR,
    HOURS,
    RELIEF,
    cited,
    hours_allowed,
    lines_allowed,
    parts_of_an_hour,
    source_of,
)
from facetwise.clinic.people.models import Clinic

LONGEST_WAIT = 365
"""Days: a follow-up that is due later than in a year is none."""

DIARY = ("diary_first_hour_minutes", "diary_hours", "relief_drawn_percent")


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """The settings; the fields of the diary are empty where the clinic keeps to the cited figures."""

    follow_up_after_days = forms.IntegerField(
        label="A follow-up is overdue after, in days",
        min_value=1,
        max_value=LONGEST_WAIT,
        help_text="Counted from the last procedure. The clinic's own choice, of a day to a year; no source says it.",
    )
    diary_first_hour_minutes = forms.TypedChoiceField(
        label="In the first hour, minutes between scores", coerce=int, empty_value=None, required=False
    )
    diary_hours = forms.IntegerField(label="Then every hour, up to hour", required=False)
    relief_drawn_percent = forms.TypedChoiceField(
        label="Relief drawn as a line", coerce=int, empty_value=None, required=False
    )

    class Meta:  # noqa: D106
        model = Clinic
        fields = ("name", "address", "telephone", "second_factor_required", "follow_up_after_days", *DIARY)
        labels = {  # noqa: RUF012
            "name": "Name",
            "address": "Address, as it stands in letters",
            "telephone": "Telephone",
            "second_factor_required": "Everybody needs a second factor to sign in",
        }
        widgets = {"address": forms.Textarea({"rows": 3})}  # noqa: RUF012

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("diary_first_hour_minutes", FIRST_HOUR, [(one, str(one)) for one in parts_of_an_hour()])
        self._choose("relief_drawn_percent", RELIEF, [(one, f"{one} %: {who}") for one, who in lines_allowed()])
        low, high = hours_allowed()
        hours = forms.IntegerField(
            label=self.fields["diary_hours"].label, required=False, min_value=low, max_value=high
        )
        hours.help_text = (
            f"Empty: {cited(HOURS)}, as in {source_of(HOURS)}. From {low}, as in {source_of('diary_hours_serenity')}, "
            f"to {high}, as in {source_of('diary_hours_drsaragoel')}."
        )
        self.fields["diary_hours"] = hours

    def _choose(self, name: str, default: str, choices: list[tuple[int, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", f"{cited(default)}, the cited figure"), *choices]
        field.help_text = f"The cited figure: {source_of(default)}."

    def clean_name(self) -> str:
        """The name without spaces too many."""
        return " ".join(self.cleaned_data["name"].split())
