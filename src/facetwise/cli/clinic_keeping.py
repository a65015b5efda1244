"""Commands of the clinic that keep things: backups, restoring them, and everything of one patient."""

from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.clinic_home import DEFAULT_HOME, Home, require_database, start

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The backup to write, a .zip.", dir_okay=False)],
    home: Home = DEFAULT_HOME,
    overwrite: Overwrite = False,
) -> None:
    """Write everything of the clinic into one file, while it is served.

    The file holds patients' data and the secret key: keep it as safe as the clinic itself, and encrypt it on its way.

    Example: facetwise clinic backup /mnt/safe/clinic-2026-03-01.zip --home /srv/clinic
    """
    start(home)
    _require_clinic(home)
    from facetwise.clinic.keeping.backup import back_up

    made = back_up(file, overwrite)
    typer.echo(f"{file}: {sum(made.rows.values()):,} rows in {len(made.rows)} tables")
    typer.echo(f"The trail's last digest, to be written down elsewhere: {made.last_digest}")
    if not made.trail_whole:
        typer.echo("warning: the audit trail is not whole; see facetwise clinic check", err=True)
    if "secret-key" not in made.parts:
        typer.echo("The secret key is in the environment and not in the backup: keep it, too")


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    home: Annotated[Path, typer.Option("--home", help="The new folder; an empty one or none yet.")],
) -> None:
    """Make a clinic from a backup, where there is none: all of it or nothing.

    Example: facetwise clinic restore clinic-2026-03-01.zip --home /srv/restored
    """
    from facetwise.cli.extras import require_clinic_extra

    require_clinic_extra()
    from facetwise.clinic.keeping.restore import put_in_place, unpacked

    with unpacked(file, home) as (manifest, folder):
        start(folder)
        for told in put_in_place(manifest, folder):
            typer.echo(told)
    test = f"facetwise clinic check --until DIGEST --home {home}"
    typer.echo(f"Its trail has a row more than the backup. Test it with the digest that was written down: {test}")
    typer.echo(f"The clinic is restored: {home}. Serve it: facetwise clinic serve --home {home}")


def export(
    number: Annotated[str, typer.Argument(help="The patient's number in the clinic.")],
    clinic: Annotated[str, typer.Option("--clinic", help="The clinic's name.")],
    out: Annotated[Path, typer.Option("--out", help="The zip to write.", dir_okay=False)],
    home: Home = DEFAULT_HOME,
    overwrite: Overwrite = False,
) -> None:
    """Write everything that is kept of one patient into a zip, to be handed over.

    Example: facetwise clinic export D-001 --clinic "Demo clinic" --out patient.zip
    """
    start(home)
    require_database()
    from facetwise.clinic.keeping.backup import require_free, write_privately
    from facetwise.clinic.keeping.export import export as everything_of
    from facetwise.clinic.models import Patient
    from facetwise.clinic.trail.chain import note
    from facetwise.documents import DocumentError, Problem

    require_free(out, overwrite)
    patient = Patient.objects.select_related("clinic").filter(clinic__name=clinic, number=number).first()
    if patient is None:
        raise DocumentError([Problem("", "There is no such patient in a clinic of that name", "Check both")])
    note("facetwise", "patient exported", f"patient {patient.pk}", patient.clinic)
    with write_privately(out, overwrite) as file:
        file.write(everything_of(patient))
    typer.echo(f"{out}: everything of patient {number}")


def _require_clinic(home: Path) -> None:
    """Raise `DocumentError` where there is no clinic; one of an older version is a clinic, too."""
    from django.db import connection

    from facetwise.documents import DocumentError, Problem

    if not home.is_dir() or "clinic_accessevent" not in connection.introspection.table_names():
        raise DocumentError([Problem("", f"There is no clinic in {home}", "Give its folder with --home")])
