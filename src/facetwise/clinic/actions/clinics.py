"""The settings of a clinic."""

from collections.abc import Mapping
from textwrap import shorten
from typing import Any

from django.db import transaction

from facetwise.clinic.actions.patients import stand_all_anew
from facetwise.clinic.people.models import Clinic, User
from facetwise.clinic.trail.chain import note

_LONGEST = 35
"""Characters of a value in the trail, where two of them and the name of the setting have room."""


@transaction.atomic
def change_settings(clinic: Clinic, values: Mapping[str, Any], by: User) -> int:
    """Write the settings that differ, each with its old and new value in the trail. Returns how many did."""
    current = Clinic.objects.select_for_update(no_key=True).get(pk=clinic.pk)
    changed = {name: value for name, value in values.items() if getattr(current, name) != value}
    told = [f"{name}: {_told(getattr(current, name))} to {_told(value)}" for name, value in changed.items()]
    for name, value in changed.items():
        setattr(current, name, value)
    if changed:
        current.save(update_fields=list(changed))
    if {"follow_up_after_days", "diary_hours"} & changed.keys():
        stand_all_anew(clinic)
    for about in told:
        note(by.username, "setting changed", about, clinic)
    return len(changed)


def _told(value: object) -> str:
    if value is None:
        return "the cited figure"
    return shorten(str(value), _LONGEST, placeholder="…") or "nothing"
