"""What a backup says of itself: by what and when it was made, what is in it, and how to tell that it is whole."""

import hashlib
from pathlib import Path
from typing import IO, Literal
from zipfile import BadZipFile, ZipFile

import msgspec

from facetwise.documents import DocumentError, Problem

NAME = "manifest.json"
LARGEST_MANIFEST = 4 << 20
PIECE = 1 << 20


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the backup, with its size in bytes."""

    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest. `migrations` are those that the database had, by app; `rows` are counted by table.

    `last_digest` is that of the trail's last row, `trail_whole` whether its check found nothing.
    """

    software: str
    made_at: str
    database: Literal["sqlite", "postgresql"]
    migrations: dict[str, list[str]]
    rows: dict[str, int]
    last_digest: str
    trail_whole: bool
    parts: dict[str, Part]
    format: Literal["facetwise-clinic-backup-1"] = "facetwise-clinic-backup-1"


def part_of(path: Path) -> Part:
    """What the manifest says of a file."""
    with path.open("rb") as file:
        return Part(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def unpack(file: Path, into: Path) -> Manifest:
    """The manifest of a backup, and its parts in a folder, each held against its digest.

    Raises `DocumentError` for a file that is no backup, or not whole.
    """
    try:
        with ZipFile(file) as archive:
            manifest = _read(archive)
            if sorted(archive.namelist()) != sorted([NAME, *manifest.parts]):
                raise DocumentError([_damaged("It does not hold the parts that it names")])
            for name, part in manifest.parts.items():
                with archive.open(name) as packed, (into / name).open("xb") as whole:
                    _copy(packed, whole, part)
    except (OSError, BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise error.in_file(file.name) from None
        if isinstance(error, FileNotFoundError):
            raise DocumentError([Problem("", "There is no such file", "Give a backup", file.name)]) from None
        raise DocumentError([_damaged("It cannot be read as a backup")]).in_file(file.name) from None
    return manifest


def _read(archive: ZipFile) -> Manifest:
    if NAME not in archive.namelist() or archive.getinfo(NAME).file_size > LARGEST_MANIFEST:
        remedy = "Give a file that `facetwise clinic backup` made"
        raise DocumentError([Problem("", "This is no backup of a clinic", remedy)])
    try:
        manifest = msgspec.json.decode(archive.read(NAME), type=Manifest)
    except msgspec.DecodeError:
        raise DocumentError([_damaged("Its manifest cannot be read by this version")]) from None
    if any(Path(name).name != name for name in manifest.parts):
        raise DocumentError([_damaged("A part has a name that none can have")])
    return manifest


def _copy(packed: IO[bytes], whole: IO[bytes], part: Part) -> None:
    """Copy as many bytes as the manifest names, and no more, and hold them against the digest."""
    digest, size = hashlib.sha256(), 0
    while size <= part.size and (piece := packed.read(PIECE)):
        digest.update(piece)
        size += len(piece)
        whole.write(piece)
    if size != part.size or digest.hexdigest() != part.sha256:
        raise DocumentError([_damaged("A part does not agree with its digest")])


def _damaged(what: str) -> Problem:
    return Problem("", f"The backup is damaged. {what}", "Take another copy of it")
