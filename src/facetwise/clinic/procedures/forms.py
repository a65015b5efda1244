"""The form of a procedure: what it asks, and the procedure that its answers make."""

import datetime
import enum
from typing import Any, TypeVar, cast

from django import forms

from facetwise.clinic.procedures.spine import SitesField
from facetwise.clinic.records.labels import said
from facetwise.documents import DocumentError
from facetwise.records import Agent, Guidance, Kind, PainScore, Place, Planned, Procedure, Purpose, Scale, StatedRelief
from facetwise.records.words import ANAESTHETICS, STEROIDS, AblationMode, Sedation

Word = TypeVar("Word", bound=enum.Enum)

KINDS = (Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION, Kind.RADIOFREQUENCY_ABLATION)
MOST_PAIN = 10

OF_ABLATIONS = ("ablation_mode", "temperature_c", "lesion_seconds")
OF_INJECTIONS = ("steroid", "dose_mg")
AGENTS = ("anaesthetic", "concentration_percent", "volume_ml", "steroid", "dose_mg")

_NOTHING = [("", "not documented")]
_KINDS = [(str(one), said(str(one))) for one in KINDS]


def _words(words: Any) -> list[tuple[str, str]]:
    return _NOTHING + [(str(word.value), said(str(word.value))) for word in words]


class ProcedureForm(forms.Form):
    """A procedure that was done. What is left out stays not documented."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="What was done", choices=_KINDS)
    date = forms.DateField(label="On which day", widget=forms.DateInput(attrs={"type": "date"}))
    sites = SitesField(
        label="Which joints", error_messages={"required": "No joint is picked. Pick at least one, with its side."}
    )
    purpose = forms.ChoiceField(label="Purpose", choices=_words(Purpose), required=False)
    anaesthetic = forms.ChoiceField(label="Anaesthetic", choices=_words(ANAESTHETICS), required=False)
    concentration_percent = forms.FloatField(label="Concentration, in percent", required=False, min_value=0.01)
    volume_ml = forms.FloatField(label="Volume at each nerve or joint, in mL", required=False, min_value=0.01)
    steroid = forms.ChoiceField(label="Steroid", choices=_words(STEROIDS), required=False)
    dose_mg = forms.FloatField(label="Steroid at each joint, in mg", required=False, min_value=0.01)
    guidance = forms.ChoiceField(label="Guidance", choices=_words(Guidance), required=False)
    sedation = forms.ChoiceField(label="Sedation", choices=_words(Sedation), required=False)
    place = forms.ChoiceField(label="Place", choices=_words(Place), required=False)
    ablation_mode = forms.ChoiceField(label="How it was ablated", choices=_words(AblationMode), required=False)
    temperature_c = forms.FloatField(label="Temperature, in °C", required=False)
    lesion_seconds = forms.FloatField(label="Each lesion, in seconds", required=False)
    pain_before = forms.FloatField(
        label="Pain just before, 0 to 10, during what usually provokes it",
        required=False,
        min_value=0,
        max_value=MOST_PAIN,
    )
    stated_relief_percent = forms.FloatField(
        label="Relief as the patient stated it, in percent", required=False, min_value=0, max_value=100
    )
    stated_relief_hours = forms.FloatField(label="How long it lasted, in hours", required=False, min_value=0)
    complications = forms.CharField(
        label="Complications, one a line", required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, today: datetime.date, recorded: Kind | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if recorded not in (None, *KINDS):  # one that came from elsewhere keeps its kind
            kinds = cast(forms.ChoiceField, self.fields["kind"])
            kinds.choices = [*_KINDS, (str(recorded), said(str(recorded)))]
        self.today = today
        self.fields["date"].widget.attrs["max"] = str(today)

    def clean_date(self) -> datetime.date:
        """A day that has come."""
        day: datetime.date = self.cleaned_data["date"]
        if day > self.today:
            raise forms.ValidationError("This day has not come yet. Record what was done, not what is planned.")
        return day

    def clean(self) -> dict[str, Any]:
        """Joints were picked, and a procedure can be made of it all. Fields that its kind does not show say nothing."""
        cleaned = super().clean() or {}
        ablated = cleaned.get("kind") == Kind.RADIOFREQUENCY_ABLATION
        for name in OF_INJECTIONS if ablated else OF_ABLATIONS:
            cleaned[name] = None
        if cleaned.get("stated_relief_hours") is not None and cleaned.get("stated_relief_percent") is None:
            self.add_error("stated_relief_percent", "It is not said how much relief lasted so long.")
        if not self.errors:
            try:
                self.procedure("")
            except ValueError as error:
                self.add_error(None, error.says if isinstance(error, DocumentError) else str(error))
        return cleaned

    def procedure(self, id_: str) -> Procedure:
        """The procedure, under this id."""
        given = self.cleaned_data
        said = [line.strip() for line in given["complications"].splitlines() if line.strip()]
        before, relief = given["pain_before"], given["stated_relief_percent"]
        return Procedure(
            id=id_ or None,
            kind=Kind(given["kind"]),
            date=given["date"],
            sites=given["sites"],
            purpose=self._word("purpose", Purpose),
            guidance=self._word("guidance", Guidance),
            sedation=self._word("sedation", Sedation),
            place=self._word("place", Place),
            ablation_mode=self._word("ablation_mode", AblationMode),
            temperature_c=given["temperature_c"],
            lesion_seconds=given["lesion_seconds"],
            agents=self._agents(),
            pain_before=None if before is None else PainScore(date=given["date"], scale=Scale.NRS, score=before),
            stated_relief=None if relief is None else StatedRelief(percent=relief, hours=given["stated_relief_hours"]),
            complications=tuple(said) or None,
        )

    def how(self) -> list[forms.BoundField]:
        """The fields after what was done and when."""
        return [field for field in self.visible_fields() if field.name not in ("kind", "date", "sites")]

    def planned(self) -> Planned | None:
        """What can be said of the procedure while the form is filled in; None while no joint is picked."""
        self.full_clean()
        kind, sites = self.cleaned_data.get("kind"), self.cleaned_data.get("sites")
        if kind is None or sites is None:
            return None
        return Planned(
            kind=Kind(kind),
            date=self.cleaned_data.get("date") or self.today,
            sites=sites,
            purpose=self._word("purpose", Purpose),
            guidance=self._word("guidance", Guidance),
            sedation=self._word("sedation", Sedation),
            place=self._word("place", Place),
            ablation_mode=self._word("ablation_mode", AblationMode),
            agents=self._agents(),
        )

    def _word(self, name: str, of: type[Word]) -> Word | None:
        given = self.cleaned_data.get(name)
        return of(given) if given else None

    def _agents(self) -> tuple[Agent, ...] | None:
        given = {name: self.cleaned_data.get(name) for name in AGENTS}
        names = {one.value: one for one in (*ANAESTHETICS, *STEROIDS)}
        agents = []
        if given["anaesthetic"]:
            agents.append(
                Agent(
                    name=names[given["anaesthetic"]],
                    concentration_percent=given["concentration_percent"],
                    volume_ml=given["volume_ml"],
                )
            )
        if given["steroid"]:
            agents.append(Agent(name=names[given["steroid"]], dose_mg=given["dose_mg"]))
        return tuple(agents) or None
