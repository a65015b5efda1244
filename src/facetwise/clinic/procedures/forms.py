"""The form of a procedure: what it asks, and the procedure that its answers make."""

import datetime
import enum
from typing import Any, TypeVar

from django import forms

from facetwise.documents import DocumentError
from facetwise.records import Agent, Guidance, Kind, PainScore, Place, Planned, Procedure, Purpose, Scale
from facetwise.records.words import ANAESTHETICS, STEROIDS, AblationMode, Sedation
from facetwise.spine import LEVELS, SiteSet, level_mask

Word = TypeVar("Word", bound=enum.Enum)

SIDES = ("left", "right")
KINDS = (Kind.MEDIAL_BRANCH_BLOCK, Kind.FACET_JOINT_INJECTION, Kind.RADIOFREQUENCY_ABLATION)
MOST_PAIN = 10

OF_ABLATIONS = ("ablation_mode", "temperature_c", "lesion_seconds")
OF_INJECTIONS = ("steroid", "dose_mg")

_NOTHING = [("", "not documented")]


def _words(words: Any) -> list[tuple[str, str]]:
    return _NOTHING + [(str(word.value), str(word.value).replace("_", " ")) for word in words]


class ProcedureForm(forms.Form):
    """A procedure that was done. What is left out stays not documented."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="What was done", choices=[(str(one.value), str(one).replace("_", " ")) for one in KINDS]
    )
    date = forms.DateField(label="On which day", widget=forms.DateInput(attrs={"type": "date"}))
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
    complications = forms.CharField(
        label="Complications, one a line", required=False, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
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
        if not self.sites():
            self.add_error(None, "No joint is picked. Pick at least one, with its side.")
        if not self.errors:
            try:
                self.procedure("")
            except ValueError as error:
                self.add_error(None, error.says if isinstance(error, DocumentError) else str(error))
        return cleaned

    def sites(self) -> SiteSet | None:
        """The joints that were picked; None for none."""
        masks = {}
        for side in SIDES:
            picked = self.data.getlist(f"{side}_levels") if hasattr(self.data, "getlist") else []
            masks[side] = level_mask(level for level in picked if level in LEVELS)
        return SiteSet(**masks) if any(masks.values()) else None

    def picked(self) -> set[str]:
        """The boxes that are checked, as `left L4-5`."""
        if not hasattr(self.data, "getlist"):
            return set()
        return {f"{side} {level}" for side in SIDES for level in self.data.getlist(f"{side}_levels")}

    def procedure(self, id_: str) -> Procedure:
        """The procedure, under this id."""
        given = self.cleaned_data
        said = [line.strip() for line in given["complications"].splitlines() if line.strip()]
        before = given["pain_before"]
        return Procedure(
            id=id_ or None,
            kind=Kind(given["kind"]),
            date=given["date"],
            sites=self.sites(),
            purpose=self._word("purpose", Purpose),
            guidance=self._word("guidance", Guidance),
            sedation=self._word("sedation", Sedation),
            place=self._word("place", Place),
            ablation_mode=self._word("ablation_mode", AblationMode),
            temperature_c=given["temperature_c"],
            lesion_seconds=given["lesion_seconds"],
            agents=self._agents(),
            pain_before=None if before is None else PainScore(date=given["date"], scale=Scale.NRS, score=before),
            complications=tuple(said) or None,
        )

    def how(self) -> list[forms.BoundField]:
        """The fields after what was done and when."""
        return [field for field in self.visible_fields() if field.name not in ("kind", "date")]

    def planned(self) -> Planned | None:
        """What can be said of the procedure while the form is filled in; None while no joint is picked."""
        self.full_clean()
        kind, sites = self.cleaned_data.get("kind"), self.sites()
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
        )

    def _word(self, name: str, of: type[Word]) -> Word | None:
        given = self.cleaned_data.get(name)
        return of(given) if given else None

    def _agents(self) -> tuple[Agent, ...] | None:
        given = self.cleaned_data
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
