"""The command and its verbs, a file each."""

from __future__ import annotations

import gc
import sys

import click

from .check import check
from .export import export
from .library import list_, new
from .options import EXIT_CODES
from .prove import prove
from .streams import drop, print_json, usable, written
from .train import train
from .verify import verify

ERROR_SCHEMA = "backproof.error/1"  # what is printed under --json where nothing could be run
SIGINT = 130  # what shells make of this signal


def _version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click calls it so
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"backproof {version('backproof')}")
        ctx.exit()


SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(epilog=EXIT_CODES, context_settings=SETTINGS, no_args_is_help=True)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version and exit."
)
def main() -> None:
    """Proofs for backprop: the backpropagation equations, derived from the chain rule as machine-checked steps."""


for verb in (prove, list_, new, verify, check, export, train):
    main.add_command(verb)


def run(arguments: list[str] | None = None) -> None:
    """The command ``backproof``: ``main``, with the exit codes of its help."""
    try:
        usable()
        with written():
            code = main.main(arguments, prog_name="backproof", standalone_mode=False)
        gc.freeze()  # the process ends: Python would look for cycles in all that is left, for a second
        sys.exit(code)
    except click.ClickException as error:
        try:
            if "--json" in (sys.argv[1:] if arguments is None else arguments):
                print_json({"schema": ERROR_SCHEMA, "error": error.format_message(), "exit": error.exit_code})
            error.show()
        except OSError:  # standard error cannot be written to either
            drop(sys.stderr)
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("backproof: interrupted", err=True)  # click has ended the line
        sys.exit(SIGINT)


__all__ = ["main", "run"]
