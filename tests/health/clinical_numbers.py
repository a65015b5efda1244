"""Finds the numbers of code and the clinical quantities of texts, for `test_numbers_have_sources.py`.

A quantity is a number, in digits or in words from two up, with a clinical unit: `80%`, `0.5 mL`, `two weeks`, `4 to 6 h`.
What a text says without a number, such as "half" or "a year", is not seen.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from facetwise.documents import YamlDocument
from facetwise.evidence import load_figures
from facetwise.records import PRIOR_FIELDS, REQUEST_FIELDS

Sized = tuple[str, float]
"""A kind of quantity and its size in the base unit of that kind: two weeks are ("time", 20160.0), in minutes."""


class Found(NamedTuple):
    """A number in a file: as it stands there, the text around it, its kind and size, and the words that go with it."""

    file: str
    line: int
    written: str
    context: str
    size: Sized
    words: frozenset[str] = frozenset()


# --- numbers in code ---------------------------------------------------------------------------------------------

CONVERSIONS = {7: "days in a week", 12: "months in a year", 24: "hours in a day", 60: "minutes in an hour",
               100: "percent of a share", 365.25: "days in a year"}  # fmt: skip
"""Numbers that only change a unit, wherever something is multiplied or divided by them."""

STRUCTURAL_CALLS = {
    "range", "round", "enumerate", "group", "get_close_matches", "split", "rsplit", "ljust", "chmod", "Padding", "Table",
}  # fmt: skip
STRUCTURAL_KEYWORDS = {
    "indent", "width", "padding", "maxsplit", "maxsize", "min_length", "max_length", "mode", "digest_size",
}  # fmt: skip


def code_numbers(source: str, file: str) -> Iterator[Found]:
    """Every number in Python source but 0, 1, and those that only index, slice, count, convert or lay out."""
    lines = source.splitlines()
    for node, above in _with_parents(ast.parse(source), ()):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and not _structural(node, above):
            context = lines[node.lineno - 1].strip()
            yield Found(file, node.lineno, f"{node.value:g}", context, ("number", float(node.value)))


def _with_parents(node: ast.AST, above: tuple[ast.AST, ...]) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Every node with those above it, the nearest first."""
    yield node, above
    for child in ast.iter_child_nodes(node):
        yield from _with_parents(child, (node, *above))


def _structural(node: ast.Constant, above: tuple[ast.AST, ...]) -> bool:
    if node.value in (0, 1):
        return True
    parent = above[0]
    if isinstance(parent, (ast.BinOp, ast.AugAssign)):
        if isinstance(parent.op, (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod)):
            return node.value in CONVERSIONS or (node.value == 2 and isinstance(parent.op, ast.Mod))  # odd or even
        if isinstance(parent.op, (ast.Pow, ast.LShift)):
            return True
    if _called(parent) == "divmod":
        return node.value in CONVERSIONS
    if isinstance(parent, ast.Compare):
        return any(_called(side) == "len" for side in (parent.left, *parent.comparators))
    for child, outer in zip((node, *above), above, strict=False):
        if isinstance(outer, ast.Subscript):
            return child is outer.slice
        if isinstance(outer, ast.keyword):
            return outer.arg in STRUCTURAL_KEYWORDS or _called(above[above.index(outer) + 1]) in STRUCTURAL_CALLS
        if isinstance(outer, ast.Call):
            return _called(outer) in STRUCTURAL_CALLS
        if not isinstance(outer, (ast.UnaryOp, ast.Slice, ast.BinOp, ast.Tuple)):
            return False
    return False


def _called(node: ast.AST) -> str:
    """The name of what is called; nothing if it is no call."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


# --- quantities in texts -----------------------------------------------------------------------------------------

WORDS = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip

UNITS: dict[str, Sized] = {
    "%|percent|per cent|(?:percent|percentage)[ -]points?": ("percent", 1),
    "seconds?|secs?": ("time", 1 / 60),
    "minutes?|mins?": ("time", 1),
    "hours?|hrs?|h": ("time", 60),
    "days?|(?<= )d": ("time", 60 * 24),
    "weeks?|wks?": ("time", 60 * 24 * 7),
    "months?|mo": ("months", 1),
    "years?|yrs?": ("months", 12),
    "mL|ml|millilit(?:re|er)s?": ("mL", 1),
    "mg/dL": ("mg/dL", 1),
    "mg": ("mg", 1),
    "µg|mcg|micrograms?": ("mg", 0.001),
    "mm": ("mm", 1),
    "°C|degrees C(?:elsius)?": ("°C", 1),
    "degrees?": ("degrees", 1),
    "(?:NRS |ODI |NDI |T-score |pain )?points?": ("points", 1),
    "Hz|hertz": ("Hz", 1),
    "V|volts?": ("V", 1),
    "gauge|G": ("gauge", 1),
    "patients?|people|women|men": ("patients", 1),
    "USD|dollars?": ("USD", 1),
}
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|\b(?i:" + "|".join(WORDS) + r")\b)"
_BETWEEN = r" ?(?:[-–/,]| to | and | or |, (?:and |or )?)\s*"
_SOME = r"(?:(?:complete|whole|calendar|full|more|consecutive|further|or more|minimum) )?"
_UNIT = "|".join(f"(?P<u{place}>{unit})" for place, unit in enumerate(UNITS))
QUANTITY = re.compile(
    rf"(?<![\w.$#-])(?P<numbers>{_NUMBER}(?:{_BETWEEN}{_NUMBER})*)[ \u00a0\n-]*{_SOME}(?:{_UNIT})(?!\w)"
)
_PRICE = re.compile(r"(?:US)?\$ ?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)")
_NO_QUANTITY = re.compile(
    r"""https?://\S+ | \b10\.\d{4,}/\S+                                    # addresses
      | \b\d{4}-\d{2}(?:-\d{2})?\b | \b\d{1,2}\ (?:January|February|March|April|May|June|July|August|September|October
        |November|December)(?:\ \d{4})?\b                                  # dates
      | \b[CTLS]\d{1,2}(?:[-/][CTLS]?\d{1,2})?\b                           # vertebrae, levels and nerves
      | \b[A-Z]?\d{5}\b | \b[A-Z]\d{2}\.[0-9A-Z]{1,4}\b                    # codes of procedures, diagnoses and policies
      | \b(?:between|on)\ two\ days\b                                      # two dates
      | \b100\ people\b                                                    # of whom a share is told
      | 95\ ?(?:%|percent)\ (?:CI\b|confidence|interval)                   # how wide an interval is, not a finding
    """,
    re.VERBOSE,
)


def text_quantities(text: str, file: str, line: int = 1) -> Iterator[Found]:
    """Every clinical quantity in `text`, which starts on `line`; both ends of a range, each of a list."""
    masked = _NO_QUANTITY.sub(lambda match: re.sub(r"[^\n]", "~", match.group()), text)
    for match in QUANTITY.finditer(masked):
        place = next(place for place in range(len(UNITS)) if match.group(f"u{place}"))
        kind, factor = list(UNITS.values())[place]
        for size in _numbers(match["numbers"]):
            yield _found(match, text, file, line, (kind, size * factor), f"{size:g} {match.group(f'u{place}')}")
    for match in _PRICE.finditer(masked):
        yield _found(match, text, file, line, ("USD", _numbers(match[1])[0]), match.group())


def _found(match: re.Match[str], text: str, file: str, line: int, size: Sized, written: str) -> Found:
    around = text[max(0, match.start() - 40) : match.end() + 40]
    place = line + text.count("\n", 0, match.start())
    words = stems(text[max(0, match.start() - 200) : match.end() + 200])
    return Found(file, place, written, " ".join(around.split()), rounded(size), words)


def stems(text: str) -> frozenset[str]:
    """The words of a text that say what it is about, cut to five letters so that forms of a word agree."""
    return frozenset(word[:5] for word in re.findall(r"[a-z]{4,}", text.lower())) - _COMMON


_COMMON_WORDS = """
    percent points seconds minutes hours days weeks months years patients people share shares least most more than after
    before from that with which this have been their there whose those other shows given about above below under over
    into only also each when where what does done some same such they them will would could should between within
    according printed memory read text source figure study series trial number value taken year week month hour
"""
_COMMON = {word[:5] for word in (*_COMMON_WORDS.split(), *WORDS)}


def _numbers(written: str) -> list[float]:
    found = re.findall(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?|[a-z]+", written.lower())
    return [float(WORDS[one]) if one in WORDS else float(one.replace(",", "")) for one in found
            if one in WORDS or one[0].isdigit()]  # fmt: skip


def rounded(size: Sized) -> Sized:
    """A size that compares equal however it was computed."""
    return size[0], round(size[1], 6)


def python_texts(source: str) -> Iterator[tuple[int, str]]:
    """Every string of Python source with its line; what an f-string fills in is left blank."""
    for node, above in _with_parents(ast.parse(source), ()):
        inside = any(isinstance(outer, (ast.JoinedStr, ast.FormattedValue)) for outer in above[:2])
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not inside:
            yield node.lineno, node.value
        if isinstance(node, ast.JoinedStr) and not isinstance(above[0], ast.FormattedValue):
            yield node.lineno, "".join(part.value if isinstance(part, ast.Constant) else "~" for part in node.values)


def markdown_text(text: str) -> str:
    """Markdown without its fenced blocks, which are commands, files and what commands print; lines stay."""
    return re.sub(r"^ *(```+).*?^ *\1", lambda match: "\n" * match.group().count("\n"), text, flags=re.M | re.S)


def html_text(text: str) -> str:
    """What a template shows: without style, tags and what it fills in; lines stay."""
    return re.sub(
        r"<style.*?</style>|<[^>]*>|{[{%].*?[%}]}", lambda match: "\n" * match.group().count("\n"), text, flags=re.S
    )


PROSE = {"says", "note", "notes", "summary", "because", "title", "does", "when", "ranks_lower_because", "strength"}


def patient_texts(document: YamlDocument) -> Iterator[tuple[int, str]]:
    """The English texts for patients with their lines; their slots, such as `{figure_id}`, are taken out.

    Spanish is held to the same figures when the texts are read.
    """
    for path, value in _scalars(document.value, ()):
        if path[-1] == "en":
            yield document.places[path].line, re.sub(r"\{[^{}]*\}", "~", value)


def policy_texts(document: YamlDocument) -> Iterator[tuple[int, str]]:
    """What a file of the library says to a reader, with its line."""
    for path, value in _scalars(document.value, ()):
        if path[0] != "sources" and PROSE & {str(key) for key in path[-2:]} and path[-1] not in EXPRESSIONS:
            yield document.places[path].line, value


def _scalars(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _scalars(member, (*path, key))
    elif isinstance(value, list):
        for place, member in enumerate(value):
            yield from _scalars(member, (*path, place))


# --- what a quantity may rest on ---------------------------------------------------------------------------------


def sizes_of_figures() -> dict[Sized, list[frozenset[str]]]:
    """Every value, low and high in the evidence, and every n as so many patients, with the words of each figure."""
    sizes: dict[Sized, list[frozenset[str]]] = {}
    for figure in load_figures().values():
        words = stems(f"{figure.id.replace('_', ' ')} {figure.says} {figure.population} {figure.definition}")
        kind, factor = _unit(figure.unit)
        ends = [(kind, end * factor) for end in (figure.value, figure.low, figure.high) if end is not None]
        for size in [*ends, *([("patients", float(figure.n))] if figure.n is not None else [])]:
            sizes.setdefault(rounded(size), []).append(words)
    return sizes


def _unit(unit: str) -> Sized:
    """The kind and factor of a unit; one that no text is searched for is a kind of its own."""
    for pattern, sized in UNITS.items():
        if re.fullmatch(f"(?:{pattern})(?: HbA1c)?", unit) or (
            sized[0] == "points" and re.fullmatch(r".+ points of \d+", unit)
        ):
            return sized
    return unit, 1


def sizes_of_policy(document: YamlDocument) -> set[Sized]:
    """Every number that a test, a measure, a convention or a case of the file compares with a field, by its unit."""
    written = document.value
    conventions = {name: one["value"] for name, one in (written.get("conventions") or {}).items() if "value" in one}
    units = {name: field.unit for name, field in {**REQUEST_FIELDS, **PRIOR_FIELDS}.items()}
    for name, measure in (written.get("measures") or {}).items():
        units[name] = next((units.get(measure[kind], "") for kind in AGGREGATES if kind in measure), "procedures")
    sizes = set()
    for path, text in _scalars(written, ()):
        if path[-1] in units and re.fullmatch(r"\d+(\.\d+)?", text):
            sizes |= {sized := _sized(units[path[-1]], text), _in_months(sized)}
        if path[-1] in EXPRESSIONS:
            for name, number in _comparisons(text, conventions):
                unit = units.get(name, "")
                sizes |= {_sized(unit, f"{float(number) + step:g}") for step in ((-1, 0, 1) if unit in WHOLE else (0,))}
        if path[-1] in (*EXPRESSIONS, *AGGREGATES):
            sizes |= {("percent", float(number)) for number in re.findall(r"_(\d+)_percent", text)}
    return sizes


WHOLE = {"days", "weeks", "months"}
"""Counted in whole ones: what is met from 12 on is not met up to 11."""

AGGREGATES = ("latest", "earliest", "max", "min", "sum")
EXPRESSIONS = {"test", "where", "applies_when", "unless", "asked_when"}


def _comparisons(text: str, conventions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The names that an expression compares with numbers, and the numbers."""
    for name, value in conventions.items():
        text = re.sub(rf"\b{name}\b", value, text)
    yield from re.findall(r"([a-z]\w*)\s*(?:[<>]=?|!?=)\s*(\d+(?:\.\d+)?)", text)
    for name, low, high in re.findall(r"([a-z]\w*)\s+between\s+(\d+(?:\.\d+)?)\s+and\s+(\d+(?:\.\d+)?)", text, re.I):
        yield from ((name, low), (name, high))
    for name, listed in re.findall(r"([a-z]\w*)\s+in\s*\(([\d., ]+)\)", text, re.I):
        yield from ((name, number) for number in re.findall(r"\d+(?:\.\d+)?", listed))


def _sized(unit: str, number: str) -> Sized:
    kind, factor = _unit(unit)
    return rounded((kind, float(number) * factor))


def _in_months(sized: Sized) -> Sized:
    """Days as the months that a person would call them: a case 731 days before is one of two years ago."""
    months = sized[1] / (60 * 24 * 365.25 / 12)
    return ("months", float(round(months))) if sized[0] == "time" and abs(months - round(months)) < 0.1 else sized


def paths_under(folder: Path, *endings: str) -> list[Path]:
    """The files below a folder with one of these endings, sorted."""
    return sorted(path for path in folder.rglob("*") if path.suffix in endings)
