"""The folder that a run writes to: `.partial` in its name until everything is in it, the manifest last."""

import shutil
import time
from collections.abc import Collection, Sequence
from pathlib import Path

import msgspec

from facetwise import __version__
from facetwise.audit.findings import Manifest, input_digests, policy_manifest, today
from facetwise.audit.reading.side_files import kept_whole, told_of_disk
from facetwise.documents import DocumentError, Problem
from facetwise.rules import Policy


def partial_folder(out: Path, *, resume: bool) -> Path:
    """The folder to write to, new or to be continued. Raises `DocumentError` where something is in the way."""
    partial = out.with_name(out.name + ".partial")
    if out.exists():
        raise DocumentError(
            [Problem("", "There is already something here", "Give another --out, or remove it", str(out))]
        )
    if partial.exists() and not resume:
        what = "An earlier run to this folder was not finished"
        raise DocumentError([Problem("", what, "Continue it with --resume, or remove the folder", str(partial))])
    try:
        partial.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        what = f"The folder cannot be made: {(error.strerror or 'unknown reason').lower()}"
        raise DocumentError([Problem("", what, "Check the path and its permissions", str(partial))]) from None
    return partial


def new_manifest(
    name: str,
    format_: str,
    files: Sequence[Path],
    engine: str,
    policies: Sequence[Policy],
    in_force: Collection[str] = (),
) -> tuple[Manifest, float]:
    """The manifest of a run that begins now, and the clock it began at.

    `in_force` are the policies that are asked only on days on which they are in force.
    """
    manifest = Manifest(
        source=name,
        source_format=format_,
        inputs=input_digests(files),
        engine=engine,
        software=f"facetwise {__version__}",
        policies=tuple(policy_manifest(policy, in_force=policy.id in in_force) for policy in policies),
        started=today(),
    )
    return manifest, time.monotonic()


def finish(
    manifest: Manifest, begun: float, partial: Path, out: Path, read: int, side_files: Sequence[Path | None]
) -> None:
    """Put side files and the manifest into the folder, and give it its name.

    Raises `DocumentError` when not every event of those `read` was asked, for nothing may be lost, and where the disk
    is full.
    """
    if manifest.events != read:
        what = f"{read:,} events were read and {manifest.events:,} were asked"
        remedy = "This is a fault of Facetwise: keep the folder and report it"
        raise DocumentError([Problem("", what, remedy, manifest.source)])
    manifest.seconds = round(time.monotonic() - begun, 3)
    for path in side_files:
        if path is not None:
            with kept_whole(partial / path.name) as copy:
                shutil.copyfile(path, copy)
    with kept_whole(partial / "manifest.json") as path:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    with told_of_disk(out):
        (partial / "progress.json").unlink(missing_ok=True)
        partial.replace(out)
