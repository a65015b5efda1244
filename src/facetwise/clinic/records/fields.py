"""Fields of a form made from the types of the record, and what they were given as the record's JSON writes it."""

import datetime
import enum
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec.inspect as types
from django import forms
from django.core.exceptions import ValidationError

from facetwise.clinic.procedures.spine import SitesField
from facetwise.clinic.records.labels import label_of, said
from facetwise.spine import SiteSet, parse_sites

Choices = list[tuple[str, str]]

NOT_DOCUMENTED = ("", "not documented")
YES_NO: Choices = [("true", "yes"), ("false", "no")]
PRESENT: Choices = [("false", "considered and absent"), ("true", "present")]
NONE_OF_THEM = "none"

MAY_COME = ("end",)
"""Days that may lie ahead: a course of care may be planned to end."""


def field_of(member: types.Field, path: str, today: datetime.date, choices: Mapping[str, Choices]) -> forms.Field:
    """The field for a member of a part of the record, at a path. `choices` are those of places that hold any word."""
    type_, label = stated(member.type), label_of(path)
    if path in choices:
        return _choice(label, choices[path])
    if isinstance(type_, types.BoolType):
        return _choice(label, PRESENT if member.encode_name == "present" else YES_NO)
    if isinstance(type_, types.EnumType):
        return _choice(label, _words(type_.cls), blank=not isinstance(member.default, enum.Enum))
    if isinstance(type_, types.LiteralType):
        return _choice(label, [(str(one), said(str(one))) for one in type_.values])
    if isinstance(type_, types.DateType):
        return _day(label, member.encode_name, today)
    if isinstance(type_, types.IntType) and member.encode_name == "birth_year":
        return forms.IntegerField(
            label=label, required=False, min_value=type_.ge, validators=[lambda year: _has_come(year, today.year)]
        )
    if isinstance(type_, types.IntType):
        return forms.IntegerField(label=label, required=False, min_value=type_.ge, max_value=type_.le)
    if isinstance(type_, types.FloatType):
        return forms.FloatField(label=label, required=False, min_value=type_.ge, max_value=type_.le)
    if isinstance(type_, types.VarTupleType) and isinstance(type_.item_type, types.EnumType):
        offered = [*_words(type_.item_type.cls), (NONE_OF_THEM, "none of these")]
        return forms.MultipleChoiceField(
            label=label, choices=offered, required=False, widget=forms.CheckboxSelectMultiple, validators=[_not_both]
        )
    if isinstance(type_, types.CustomType) and type_.cls is SiteSet:
        return SitesField(label=label, required=False)
    return forms.CharField(label=label, required=False, max_length=1000)


def sites_as_text(label: str) -> forms.Field:
    """Joints written as clinicians write them, where a drawn spine would take too much room."""
    return forms.CharField(label=label, required=False, max_length=300, validators=[_sites_are_read])


def as_initial(value: Any) -> Any:
    """A value of the record's JSON as the field shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return value or [NONE_OF_THEM]
    return value


def as_json(field: forms.Field, value: Any) -> Any:
    """What a field was given as the record's JSON writes it; None for nothing."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, SiteSet):
        return str(value)
    if isinstance(value, list):
        return [one for one in value if one != NONE_OF_THEM] if value else None
    if isinstance(field, forms.ChoiceField) and value in ("true", "false"):
        return value == "true"
    return None if value == "" else value


def sites_of(text: Any) -> SiteSet | None:
    """The joints that the record's JSON writes as text."""
    return parse_sites(text) if text else None


def stated(type_: types.Type) -> types.Type:
    """A member's type without "or absent"."""
    if isinstance(type_, types.UnionType):
        return next(one for one in type_.types if not isinstance(one, types.NoneType))
    return type_


def _words(of: type[enum.Enum]) -> Choices:
    return [(str(word.value), said(str(word.value))) for word in of]


def _choice(label: str, offered: Iterable[tuple[str, str]], blank: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*([NOT_DOCUMENTED] if blank else []), *offered], required=False)


def _day(label: str, name: str, today: datetime.date) -> forms.DateField:
    if name in MAY_COME:
        return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))

    widget = forms.DateInput(attrs={"type": "date", "max": str(today)})
    return forms.DateField(label=label, required=False, widget=widget, validators=[lambda day: _has_come(day, today)])


def _has_come(given: Any, now: Any) -> None:
    if given > now:
        raise ValidationError(f"{given} has not come yet. Correct it, or leave it not documented.")


def _not_both(given: list[str]) -> None:
    if NONE_OF_THEM in given and len(given) > 1:
        raise ValidationError('"None of these" and one of them cannot both be. Take one of the two out.')


def _sites_are_read(text: str) -> None:
    try:
        parse_sites(text)
    except ValueError as error:
        raise ValidationError(f"{error}. Write joints such as: left L4-5, L5-S1.") from None
