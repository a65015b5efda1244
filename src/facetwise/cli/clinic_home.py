"""What the commands of the clinic share: its folder, and Django made ready for it."""

import os
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.extras import require_clinic_extra

Home = Annotated[Path, typer.Option("--home", help="The clinic's folder: its database and its secret key.")]
DEFAULT_HOME = Path("clinic")


def start(home: Path) -> None:
    """Make Django ready for the clinic of this folder."""
    require_clinic_extra()
    os.environ["FACETWISE_CLINIC_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facetwise.clinic.settings")
    import django

    django.setup()


def require_database() -> None:
    """Raise `DocumentError` where the database is not there, or not of this version."""
    from django.conf import settings
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from facetwise.documents import DocumentError, Problem

    there = settings.HOME.is_dir()
    executor = MigrationExecutor(connection) if there else None
    if executor is None or executor.migration_plan(executor.loader.graph.leaf_nodes()):
        remedy = "Make it, or bring it up to date: facetwise clinic init"
        raise DocumentError([Problem("", "The clinic has no database of this version", remedy)])
