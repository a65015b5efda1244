"""What the clinic needs beyond one patient: libraries that a plain installation leaves out."""

from importlib.util import find_spec

LIBRARIES = ("django", "allauth", "axes", "csp", "gunicorn", "whitenoise")


def require_clinic_extra() -> None:
    """Raise `DocumentError` with how to install them where libraries for the clinic are missing."""
    missing = [library for library in LIBRARIES if find_spec(library) is None]
    if missing:
        from facetwise.documents import DocumentError, Problem

        what = f"The clinic needs libraries that are not installed: {', '.join(missing)}"
        raise DocumentError([Problem("", what, "Install them: pip install 'facetwise[clinic]'")])
