"""Plain values into typed ones. The fast path is msgspec; when it refuses, every problem is looked for."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from facetwise.documents.problems import DocumentError, Problem, did_you_mean

T = TypeVar("T")
Decoder = Callable[[type, Any], Any]
Path = tuple[str | int, ...]


def convert(value: object, type_: type[T], *, strict: bool = True, dec_hook: Decoder | None = None) -> T:
    """`value`, made of dicts, lists and scalars, as a `type_`.

    With `strict=False` scalars may be strings, as YAML delivers them. Raises `DocumentError` with every problem.
    """
    try:
        return msgspec.convert(value, type_, strict=strict, dec_hook=dec_hook)
    except (msgspec.ValidationError, RecursionError) as refusal:
        problems = [problem for _, problem in find_problems(value, type_, strict=strict, dec_hook=dec_hook)]
        raise DocumentError(problems or [Problem("", str(refusal), "Mend the document")]) from None


def find_problems(
    value: object, type_: type, *, strict: bool = True, dec_hook: Decoder | None = None
) -> list[tuple[Path, Problem]]:
    """Every place where `value` is not a `type_`, each with its path, in document order."""
    search = _Search(strict, dec_hook)
    try:
        search.visit(value, inspect.type_info(type_), ())
    except RecursionError:
        return [((), Problem("", "The document is nested too deeply", "Remove the nested lists"))]
    return search.found


def path_text(path: Path) -> str:
    """`("procedures", 0, "date")` as `procedures[0].date`."""
    text = ""
    for step in (step if isinstance(step, int) or len(step) <= 60 else step[:57] + "…" for step in path):
        text += f"[{step}]" if isinstance(step, int) else (f".{step}" if text else step)
    return text


class _Search:
    """Walks a value beside the type it should have."""

    def __init__(self, strict: bool, dec_hook: Decoder | None) -> None:
        self.strict = strict
        self.dec_hook = dec_hook
        self.found: list[tuple[Path, Problem]] = []

    def visit(self, value: object, wanted: inspect.Type, path: Path) -> None:
        wanted = _without_none(value, wanted)
        if isinstance(wanted, inspect.StructType):
            self._visit_struct(value, wanted, path)
        elif isinstance(wanted, inspect.ListType | inspect.VarTupleType):
            self._visit_list(value, wanted, path)
        elif isinstance(wanted, inspect.DictType):
            self._visit_mapping(value, wanted, path)
        else:
            self._visit_leaf(value, wanted, path)

    def _visit_struct(self, value: object, wanted: inspect.StructType, path: Path) -> None:
        if not isinstance(value, dict):
            self._report(path, value, wanted)
            return
        before = len(self.found)
        fields = {field.encode_name: field for field in wanted.fields}
        for name, item in value.items():
            if name == wanted.tag_field:
                self._visit_leaf(item, inspect.LiteralType((wanted.tag,)), (*path, name))
            elif name in fields:
                self.visit(item, fields[name].type, (*path, name))
            else:
                self._add((*path, name), "This field is not known here", did_you_mean(str(name), list(fields)))
        for name, field in fields.items():
            if field.required and name not in value:
                self._add((*path, name), "This field is required and missing", f"Give {_accepted(field.type)}")
        if len(self.found) == before:
            self._visit_whole(value, wanted.cls, path)

    def _visit_list(self, value: object, wanted: inspect.ListType | inspect.VarTupleType, path: Path) -> None:
        if not isinstance(value, list):
            self._report(path, value, wanted)
            return
        for index, item in enumerate(value):
            self.visit(item, wanted.item_type, (*path, index))

    def _visit_mapping(self, value: object, wanted: inspect.DictType, path: Path) -> None:
        if not isinstance(value, dict):
            self._report(path, value, wanted)
            return
        for name, item in value.items():
            self.visit(item, wanted.value_type, (*path, str(name)))

    def _visit_leaf(self, value: object, wanted: inspect.Type, path: Path) -> None:
        try:
            msgspec.convert(value, _python_type(wanted), strict=self.strict, dec_hook=self.dec_hook)
        except msgspec.ValidationError as refusal:
            if isinstance(wanted, inspect.CustomType):
                self._add(path, f"Found {_shown(value)}", str(refusal))
            else:
                self._report(path, value, wanted)

    def _visit_whole(self, value: dict[str, Any], cls: type, path: Path) -> None:
        """A struct whose parts are all sound may still be refused as a whole, by its own validation."""
        try:
            msgspec.convert(value, cls, strict=self.strict, dec_hook=self.dec_hook)
        except msgspec.ValidationError as refusal:
            what, _, remedy = str(refusal).partition(" - at `$")[0].partition(". ")
            self._add(path, what, remedy or "Mend this part of the document")

    def _report(self, path: Path, value: object, wanted: inspect.Type) -> None:
        remedy = f"Accepted: {_accepted(wanted)}"
        if isinstance(wanted, inspect.EnumType | inspect.LiteralType) and isinstance(value, str):
            remedy = did_you_mean(value, _choices(wanted))
        self._add(path, f"Found {_shown(value)}", remedy)

    def _add(self, path: Path, what: str, remedy: str) -> None:
        self.found.append((path, Problem(path_text(path), what, remedy)))


def _without_none(value: object, wanted: inspect.Type) -> inspect.Type:
    """The member of a union that `value` was most likely meant to be."""
    if not isinstance(wanted, inspect.UnionType):
        return wanted
    members = [member for member in wanted.types if not isinstance(member, inspect.NoneType)]
    if value is None or not members:
        return inspect.NoneType() if len(members) < len(wanted.types) else members[0]
    for member in members:
        if isinstance(value, dict) == isinstance(member, inspect.StructType | inspect.DictType) and isinstance(
            value, list
        ) == isinstance(member, inspect.ListType | inspect.VarTupleType):
            return member if len(members) == 1 or isinstance(value, dict | list) else wanted
    return members[0]


def _python_type(wanted: inspect.Type) -> Any:
    """A type msgspec can convert to, rebuilt from its description, with its constraints."""
    match wanted:
        case inspect.EnumType() | inspect.CustomType():
            return wanted.cls
        case inspect.LiteralType(values=values):
            return cast(Any, _literal(tuple(values)))
        case inspect.UnionType(types=types):
            union: Any = _python_type(types[0])
            for member in types[1:]:
                union = union | _python_type(member)
            return union
        case inspect.IntType() | inspect.FloatType():
            bounds = {name: getattr(wanted, name) for name in ("ge", "gt", "le", "lt")}
            base = int if isinstance(wanted, inspect.IntType) else float
            return _annotated(base, msgspec.Meta(**bounds))
        case inspect.StrType(pattern=pattern, min_length=min_length):
            return _annotated(str, msgspec.Meta(pattern=pattern, min_length=min_length))
        case _:
            return _PLAIN.get(type(wanted), Any)


def _literal(values: tuple[Any, ...]) -> Any:
    from typing import Literal

    return Literal[values]


def _annotated(base: type, meta: msgspec.Meta) -> Any:
    from typing import Annotated

    return Annotated[base, meta]


def _plain_types() -> dict[type, Any]:
    import datetime

    return {
        inspect.BoolType: bool,
        inspect.DateType: datetime.date,
        inspect.DateTimeType: datetime.datetime,
        inspect.TimeType: datetime.time,
        inspect.NoneType: None,
    }


_PLAIN = _plain_types()


def _choices(wanted: inspect.Type) -> list[str]:
    if isinstance(wanted, inspect.EnumType):
        return [str(member.value) for member in wanted.cls]
    if isinstance(wanted, inspect.LiteralType):
        return [str(value) for value in wanted.values]
    return []


def _accepted(wanted: inspect.Type) -> str:
    """What a place accepts, in words."""
    match wanted:
        case inspect.UnionType(types=types):
            return " or ".join(_accepted(member) for member in types if not isinstance(member, inspect.NoneType))
        case inspect.EnumType() | inspect.LiteralType():
            return "one of " + ", ".join(_choices(wanted))
        case inspect.IntType(gt=above, ge=low, le=high):
            return "a whole number" + _bounds(above, low, high)
        case inspect.FloatType(gt=above, ge=low, le=high):
            return "a number" + _bounds(above, low, high)
        case inspect.StrType(pattern=str() as pattern):
            return f"text of the form {pattern}"
        case inspect.StrType(min_length=int()):
            return "text that is not empty"
        case inspect.StructType(fields=fields):
            return "an object with " + ", ".join(field.encode_name for field in fields)
        case inspect.ListType() | inspect.VarTupleType():
            return "a list"
        case inspect.CustomType(cls=cls):
            return (cls.__doc__ or cls.__name__).partition("\n")[0].rstrip(".")
        case _:
            return _WORDS.get(type(wanted), "another type of value")


def _bounds(above: float | None, low: float | None, high: float | None) -> str:
    if above is not None:
        return f" above {above:g}" + (f", up to {high:g}" if high is not None else "")
    if low is not None and high is not None:
        return f" from {low:g} to {high:g}"
    return f" of {low:g} or more" if low is not None else ""


_WORDS: dict[type, str] = {
    inspect.BoolType: "true or false",
    inspect.StrType: "text",
    inspect.DateType: "a date written YYYY-MM-DD",
    inspect.DateTimeType: "a date and time written YYYY-MM-DDTHH:MM",
    inspect.TimeType: "a time written HH:MM",
    inspect.NoneType: "nothing",
    inspect.DictType: "an object",
}


def _shown(value: object) -> str:
    """A value as it may be repeated in an error: short, and never a whole document."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = msgspec.json.encode(value).decode() if not isinstance(value, str) else f'"{value}"'
    return text if len(text) <= 60 else text[:57] + ('…"' if isinstance(value, str) else "…")
