"""What some commands need beyond one patient: libraries that a plain installation leaves out."""

from importlib.util import find_spec

AUDIT = ("duckdb", "lifelines", "numba", "numpy", "polars", "pyarrow", "scipy")
CLINIC = ("allauth", "axes", "csp", "django", "gunicorn", "segno", "whitenoise")


def require_audit_extra() -> None:
    """Raise `DocumentError` with how to install them where libraries for populations are missing."""
    _require("audit", "Populations need", AUDIT)


def require_clinic_extra() -> None:
    """Raise `DocumentError` with how to install them where libraries for the clinic are missing."""
    _require("clinic", "The clinic needs", CLINIC)


def _require(extra: str, who_needs: str, libraries: tuple[str, ...]) -> None:
    missing = [library for library in libraries if find_spec(library) is None]
    if missing:
        from facetwise.documents import DocumentError, Problem

        what = f"{who_needs} libraries that are not installed: {', '.join(missing)}"
        raise DocumentError([Problem("", what, f"Install them: pip install 'facetwise[{extra}]'")])
