"""`facetwise clinic`: the web application of a clinic, from the command line."""

import os
from typing import Annotated

import typer

from facetwise.cli.clinic_home import DEFAULT_HOME, Home, require_database, start
from facetwise.cli.clinic_keeping import backup, export, restore
from facetwise.cli.extras import require_audit_extra

app = typer.Typer(
    no_args_is_help=True, help="The web application: worklist, patients, audit trail.", rich_markup_mode=None
)

app.command()(backup)
app.command()(restore)
app.command()(export)


@app.command()
def init(home: Home = DEFAULT_HOME) -> None:
    """Make the clinic's database, or bring it up to date.

    Example: facetwise clinic init --home /srv/clinic
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    start(home)
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    typer.echo(f"The database is ready: {home}")


@app.command()
def demo(
    home: Home = DEFAULT_HOME,
    patients: Annotated[int, typer.Option("--patients", help="So many invented patients at least.")] = 20,
) -> None:
    """Load a clinic of invented patients, and a person of each role.

    Example: facetwise clinic demo
    """
    init(home)
    from django.utils import timezone

    from facetwise.clinic.demo import NAME, enlarge_demo, load_demo

    passwords = load_demo(timezone.localdate())
    enlarge_demo(timezone.localdate(), patients)
    typer.echo(f"{NAME}: invented patients, dated relative to today")
    for name, password in passwords.items():
        typer.echo(f"  sign in as {name} with {password}")
    if not passwords:
        typer.echo("  it was there already; a forgotten password: facetwise clinic set-password NAME")


@app.command()
def serve(
    home: Home = DEFAULT_HOME,
    port: Annotated[int, typer.Option("--port", help="The port on this machine.")] = 8000,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, help="Processes that answer. Default: two a core.")
    ] = None,
    dashboard: Annotated[
        bool, typer.Option(help="Work out the dashboard once a day and when it is asked for, beside the server.")
    ] = True,
) -> None:
    """Serve the clinic on this machine. Put a web server with HTTPS in front for anybody else.

    Example: facetwise clinic serve --port 8080
    """
    start(home)
    require_database()
    from django.conf import settings

    from facetwise.clinic.serving import serve as run

    typer.echo(f"Facetwise: http://127.0.0.1:{port}/ in the time of {settings.TIME_ZONE}  (stop with Ctrl-C)")
    run(port, workers or 2 * (os.cpu_count() or 1), dashboard)


@app.command("create-user")
def create_user(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Option("--role", help="clinician, coordinator or administrator.")],
    clinic: Annotated[str, typer.Option("--clinic", help="The clinic's name; it is made if there is none.")],
    name: Annotated[str, typer.Option("--name", help="How the person is called.")] = "",
    existing: Annotated[bool, typer.Option("--existing", help="They have an account: this clinic is added.")] = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Add somebody who works in a clinic; the password is asked for, unless there is an account already.

    Example: facetwise clinic create-user kwame --role clinician --clinic "Harbour Pain Clinic"
    """
    start(home)
    require_database()
    from django.db import transaction

    from facetwise.clinic.actions.people import add_membership, add_person
    from facetwise.clinic.models import Clinic, Role

    if role not in Role.values:
        raise typer.BadParameter(f'There is no role "{role}". Accepted: {", ".join(Role.values)}', param_hint="--role")
    password = None if existing else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    with transaction.atomic():
        place, _ = Clinic.objects.get_or_create(name=clinic)
        if password is None:
            add_membership(place, username, Role(role))
        else:
            add_person(place, username, name or username, Role(role), password)
    typer.echo(f"{username} works in {clinic} as {role}")


@app.command("set-password")
def set_password(username: Annotated[str, typer.Argument()], home: Home = DEFAULT_HOME) -> None:
    """Give somebody a new password; it is asked for.

    Example: facetwise clinic set-password demo-clinician
    """
    start(home)
    require_database()
    from facetwise.clinic.actions.accounts import change_password

    change_password(username, typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    typer.echo(f"{username} has a new password")


@app.command("drop-second-factor")
def drop_second_factor(username: Annotated[str, typer.Argument()], home: Home = DEFAULT_HOME) -> None:
    """Take away a second factor that somebody has lost; be sure that it is they who ask.

    Example: facetwise clinic drop-second-factor demo-clinician
    """
    start(home)
    require_database()
    from facetwise.clinic.actions.accounts import drop_second_factor as drop

    drop(username)
    typer.echo(f"{username} signs in with the password alone")


@app.command()
def dashboard(home: Home = DEFAULT_HOME) -> None:
    """Work out the dashboard of every clinic, as the server does once a day.

    Example: facetwise clinic dashboard
    """
    start(home)
    require_database()
    from facetwise.clinic.logs import without_messages
    from facetwise.clinic.models import Clinic
    from facetwise.clinic.oversight.stored import take_up, write_problem
    from facetwise.documents import DocumentError

    clinics = Clinic.objects.order_by("pk")
    for clinic in clinics:
        take_up(clinic)
    try:
        require_audit_extra()
    except DocumentError as error:
        for clinic in clinics:
            write_problem(clinic, f"There is no dashboard. {error}")
        raise
    from facetwise.clinic.oversight.working_out import work_out

    failed = False
    for clinic in clinics:
        try:
            made = work_out(clinic)
        except Exception as error:  # whatever it is, neither the page nor a log says what stands in a record
            write_problem(clinic, "The dashboard could not be worked out. What the server printed then says why.")
            typer.echo(without_messages(error), err=True)
            failed = True
            continue
        typer.echo(f"{clinic.name}: {made.patients or 'too few'} patients, as of {made.as_of}")
    if failed:
        raise typer.Exit(1)


@app.command()
def check(
    home: Home = DEFAULT_HOME,
    until: Annotated[
        str | None, typer.Option("--until", help="The digest that was last written down; it must be in the trail.")
    ] = None,
) -> None:
    """Whether the audit trail is whole, and every letter as it was sent: nothing changed, put in or taken out.

    Write the digest that this prints down where nobody of the clinic can change it: rows taken off the end show only
    against it, with --until. Every new row makes another last digest, and so does restoring.

    Example: facetwise clinic check
    """
    start(home)
    require_database()
    from facetwise.clinic.letters.checking import letter_faults
    from facetwise.clinic.models import AccessEvent
    from facetwise.clinic.trail.chain import faults, last_digest

    found = [*faults(), *letter_faults()]
    if until and not AccessEvent.objects.filter(digest=until).exists():
        found.append("The row of the given digest is gone")
    for fault in found:
        typer.echo(fault, err=True)
    if found:
        raise typer.Exit(1)
    typer.echo(f"The audit trail is whole: {AccessEvent.objects.count():,} rows, the last {last_digest()}")
    if until:
        typer.echo("The row of the given digest is in it")
    else:  # beside what scripts read
        typer.echo("It changes with every row: a digest that was written down is tested with --until DIGEST", err=True)
