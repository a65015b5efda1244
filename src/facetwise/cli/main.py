"""The `facetwise` command. Commands import what they need when they run, so that `--help` is instant."""

import sys
from typing import Annotated

import typer

from facetwise import __version__
from facetwise.cli.audit_command import audit
from facetwise.cli.check_command import check
from facetwise.cli.clinic_command import app as clinic
from facetwise.cli.code_command import code
from facetwise.cli.compare_command import compare
from facetwise.cli.diary_command import diary
from facetwise.cli.education_command import education
from facetwise.cli.example_command import example
from facetwise.cli.explain_command import explain
from facetwise.cli.letter_command import letter
from facetwise.cli.library_command import library
from facetwise.cli.next_command import next_
from facetwise.cli.policy_command import policy
from facetwise.cli.report_command import report
from facetwise.cli.schema_command import schema
from facetwise.cli.synthesize_command import synthesize
from facetwise.cli.validate_command import validate

MOST_PROBLEMS = 50
"""As many as a person will read; the rest are counted."""

app = typer.Typer(
    name="facetwise",
    rich_markup_mode=None,  # Rich's help takes twice as long to import as everything else together
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="The next step in facet joint pain care: with reasons, sources and what is missing.\n\n"
    "Facetwise informs a clinician and decides nothing.",
    epilog="Exit codes: 0 answered, 1 the input is bad, 2 wrong usage. Try: facetwise example second-block-due > "
    "patient.json && facetwise next patient.json",
)

app.command("next")(next_)
app.command("check")(check)
app.command("compare")(compare)
app.command("code")(code)
app.command("letter")(letter)
app.command("diary")(diary)
app.command("education")(education)
app.command("report")(report)
app.command("explain")(explain)
app.command("validate")(validate)
app.command("schema")(schema)
app.command("example")(example)
app.command("audit")(audit)
app.command("synthesize")(synthesize)
app.add_typer(clinic, name="clinic")
app.add_typer(library, name="library")
app.add_typer(policy, name="policy")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"facetwise {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def run(arguments: list[str] | None = None) -> None:
    """Run the command line, and turn bad input into one clear message and exit code 1."""
    try:
        app(args=arguments)
    except ValueError as error:
        problems = getattr(error, "problems", None)  # a DocumentError, whose module `--help` need not import
        if problems is None:
            raise
        for problem in problems[:MOST_PROBLEMS]:
            print(f"error: {problem}", file=sys.stderr)
        if len(problems) > MOST_PROBLEMS:
            print(f"error: and {len(problems) - MOST_PROBLEMS} more problems", file=sys.stderr)
        raise SystemExit(1) from None
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        sys.stderr.close()
        raise SystemExit(0) from None


if __name__ == "__main__":
    run()
