"""What auditing needs beyond one patient: libraries that a plain installation leaves out."""

from importlib.util import find_spec

LIBRARIES = ("duckdb", "lifelines", "numba", "numpy", "polars", "pyarrow", "scipy")


def require_audit_extra() -> None:
    """Raise `DocumentError` with how to install them where libraries for populations are missing."""
    missing = [library for library in LIBRARIES if find_spec(library) is None]
    if missing:
        from facetwise.documents import DocumentError, Problem

        what = f"Populations need libraries that are not installed: {', '.join(missing)}"
        raise DocumentError([Problem("", what, "Install them: pip install 'facetwise[audit]'")])
