"""The form of a paper diary: a row for every time that is asked, and free rows with a time of the clock."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from facetwise.clinic.actions.paper_diaries import Typed
from facetwise.clinic.diary.measured import minutes_after
from facetwise.clinic.diary.models import DiaryEntry
from facetwise.clinic.diary.times import read_moment, times_asked
from facetwise.clinic.people.models import Clinic

MOST_PAIN = 10
FREE_ROWS = 4
"""Empty ones; those that are filled already come on top."""

DOING = [("", "not documented"), ("true", "what usually hurts"), ("false", "resting")]


class PaperRow(forms.Form):
    """One time of the diary. `minutes` for one that is asked, `clock` for a free one."""

    minutes = forms.IntegerField(required=False, widget=forms.HiddenInput)
    clock = forms.TimeField(
        label="Time", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    provoked = forms.ChoiceField(label="Doing", choices=DOING, required=False)
    asleep = forms.BooleanField(label="Asleep", required=False)
    rescue_analgesic = forms.BooleanField(label="Took medicine", required=False)

    def __init__(self, *args: Any, sides: Sequence[str], given_at: datetime.datetime | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides, self.given_at = sides, given_at
        for side in sides:
            self.fields[f"score{side}"] = forms.IntegerField(
                label=f"Pain {side}".strip(),
                required=False,
                min_value=0,
                max_value=MOST_PAIN,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )
            self.fields[f"was{side}"] = forms.IntegerField(required=False, widget=forms.HiddenInput)
        for field in self.visible_fields():
            field.field.widget.attrs["aria-label"] = f"{field.label}, {self.said_time}"

    @property
    def asked(self) -> int | None:
        """The minutes of a row that the diary asks for; None for a free row."""
        given = self["minutes"].value()
        return int(given) if str(given or "").isdecimal() else None

    @property
    def said_time(self) -> str:
        """The row's time, for whoever cannot see in which row a field stands."""
        if self.asked is None:
            return "another time"
        return f"{self.asked // 60} h {self.asked % 60:02d} min"

    @property
    def on_the_clock(self) -> datetime.datetime | None:
        """When that was, where it is known when the anaesthetic was given."""
        if self.asked is None or self.given_at is None:
            return None
        return timezone.localtime(self.given_at + datetime.timedelta(minutes=self.asked))

    def scores(self) -> list[Any]:
        """The fields of the scores."""
        return [self[f"score{side}"] for side in self.sides]

    def clean(self) -> dict[str, Any]:
        """What cannot all be true, or would be lost."""
        given = super().clean() or {}
        scored = any(given.get(f"score{side}") is not None for side in self.sides)
        said = scored or given.get("asleep") or given.get("rescue_analgesic")
        if scored and given.get("asleep"):
            self.add_error("asleep", "A score and asleep. Leave one of them.")
        if given.get("provoked") and not scored:
            self.add_error("provoked", "What the patient was doing, but no score. Give the score, or leave both.")
        if said and given.get("minutes") is None and given.get("clock") is None and not self.errors:
            self.add_error("clock", "There is no time. Give the time on the clock.")
        return given

    def typed(self, given_at: datetime.datetime, before: Mapping[int, DiaryEntry]) -> Iterator[Typed]:
        """What is typed, side by side; an entry whose time was changed is taken back at the old time."""
        given = self.cleaned_data
        minutes = given["minutes"] if given["minutes"] is not None else _after(given_at, given["clock"])
        provoked = {"true": True, "false": False}.get(given["provoked"])
        for side in self.sides:
            was = before.get(given[f"was{side}"] or 0)
            if was is not None and (old := minutes_after(given_at, was.at)) != minutes:
                yield Typed(self.said_time, old, side, corrects=was.pk)
                was = None
            if minutes is not None:
                score = given[f"score{side}"]
                yield Typed(
                    self._place(given["clock"]), minutes, side, score, provoked if score is not None else None,
                    given["asleep"], given["rescue_analgesic"], was.pk if was is not None else None,
                )  # fmt: skip

    def _place(self, clock: datetime.time | None) -> str:
        return f"{clock:%H:%M}" if clock is not None and self.asked is None else self.said_time


def _after(given_at: datetime.datetime, clock: datetime.time | None) -> int | None:
    """Minutes from the anaesthetic to the next time that the clock shows this; None for no time."""
    if clock is None:
        return None
    day = timezone.localtime(given_at).date()
    at = read_moment(f"{day}T{clock}")
    if at < given_at:
        at = read_moment(f"{day + datetime.timedelta(days=1)}T{clock}")
    return minutes_after(given_at, at)


def rows_of(
    current: Mapping[tuple[int, str], DiaryEntry], given_at: datetime.datetime | None, clinic: Clinic
) -> list[dict[str, Any]]:
    """What the form shows at first: every time that is asked with what is typed for it, then other times."""
    asked = times_asked(clinic)
    rows: dict[int, dict[str, Any]] = {minutes: {"minutes": minutes} for minutes in asked}
    for (after, _), one in current.items():
        row = rows.setdefault(after, {})
        if "minutes" not in row and given_at is not None:
            row["clock"] = timezone.localtime(given_at + datetime.timedelta(minutes=after)).time()
        if one.score is not None:
            row["provoked"] = "" if one.provoked is None else str(one.provoked).lower()
        row |= {f"score{one.side}": one.score, f"was{one.side}": one.pk}
        row["asleep"] = row.get("asleep") or one.asleep
        row["rescue_analgesic"] = row.get("rescue_analgesic") or one.rescue_analgesic
    return [*rows.values(), *({} for _ in range(FREE_ROWS))]


PaperRows = forms.formset_factory(PaperRow, extra=0)
