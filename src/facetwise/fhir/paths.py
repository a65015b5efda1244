"""Paths into a record, such as `procedures[0].diary.entries[2].score`: their steps, and the type they lead to."""

import re
import types
import typing
from functools import lru_cache
from typing import Any

import msgspec

from facetwise.records import Record

_PATH = re.compile(r"[a-z_]+(\[\d{0,4}\])?(\.[a-z_]+(\[\d{0,4}\])?)*")
_STEP = re.compile(r"[a-z_]+|\[\d*\]")

Step = str | int | None
"""A member's name, a number in a list, or None where the number was left out: `procedures[]`."""


def path_steps(path: str) -> list[Step] | None:
    """The steps of a path; None when it is not written as one."""
    if not _PATH.fullmatch(path):
        return None
    steps: list[Step] = []
    for step in _STEP.findall(path):
        steps.append(step if step[0] != "[" else int(step[1:-1]) if step != "[]" else None)
    return steps


def type_at(steps: list[Step]) -> Any:
    """The type that the steps lead to, from the record down; None when the record has no such place."""
    place: Any = Record
    for step in steps:
        place = member_type(place, step) if isinstance(step, str) else item_type(place)
        if place is None:
            return None
    return place


@lru_cache(maxsize=1024)  # the record's own types are few, and to read their annotations takes long
def member_type(struct: Any, name: str) -> Any:
    """The type of a member, without "or absent"; None when there is no such member."""
    if not is_struct(struct):
        return None
    found = (field.type for field in msgspec.structs.fields(struct) if field.encode_name == name)
    return next((_without_none(type_) for type_ in found), None)


def item_type(place: Any) -> Any:
    """The type of a list's items; None when the place is no list."""
    return typing.get_args(place)[0] if is_list(place) else None


def is_list(place: Any) -> bool:
    """Whether a type is a list of the record."""
    return typing.get_origin(place) is tuple


def is_struct(place: Any) -> bool:
    """Whether a type is a part of the record with members of its own."""
    return isinstance(place, type) and issubclass(place, msgspec.Struct)


def put(tree: Any, steps: list[Step], value: Any) -> bool:
    """Put a value into a tree of dicts whose lists are dicts by number; False when something else is there."""
    *parents, last = steps
    for step in parents:
        tree = tree.setdefault(step, {})
        if not isinstance(tree, dict):
            return False
    if last in tree:
        return bool(tree[last] == value)
    tree[last] = value
    return True


def as_json(tree: Any) -> Any:
    """A tree with its lists as lists, in the order of their numbers."""
    if not isinstance(tree, dict):
        return tree
    if tree and all(isinstance(step, int) for step in tree):
        return [as_json(tree[step]) for step in sorted(tree)]
    return {step: as_json(value) for step, value in tree.items()}


def _without_none(type_: Any) -> Any:
    members = [one for one in typing.get_args(type_) if one is not type(None)]
    if typing.get_origin(type_) in (types.UnionType, typing.Union):
        return members[0] if len(members) == 1 else typing.Union[tuple(members)]  # noqa: UP007
    return type_
