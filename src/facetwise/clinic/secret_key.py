"""The key that sessions and forms are signed with: made once, kept in the clinic's folder for its owner alone."""

import os
import secrets
from pathlib import Path

FILE = "secret-key"


def secret_key(home: Path) -> str:
    """The key of a clinic, made if there is none. One from the environment comes first.

    Where there is no clinic yet, nothing is written, and the key is of this process alone.
    """
    if given := os.environ.get("FACETWISE_CLINIC_SECRET_KEY"):
        return given
    path = home / FILE
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        key = secrets.token_urlsafe(64)
    if not home.is_dir():
        return key
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key)
    except FileExistsError:  # another process was faster
        return path.read_text(encoding="ascii")
    return key
