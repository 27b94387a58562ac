"""``backproof list`` and ``backproof new``: what there is to prove, and where to begin."""

from __future__ import annotations

from pathlib import Path

import click

from .options import EXIT_CODES
from .prove import show_list
from .streams import CannotRunError, written


@click.command("list", epilog=EXIT_CODES, short_help="List chapters and derivations.")
@click.argument("targets", nargs=-1, metavar="[NAME|FILE.py|DIR]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def list_(ctx: click.Context, /, targets: tuple[str, ...], *, as_json: bool) -> None:
    """List the chapters and derivations of the library, or of the targets."""
    with written():
        holds = show_list(targets, as_json=as_json)
    ctx.exit(0 if holds else 1)


@click.command(epilog=EXIT_CODES, short_help="Write a derivation file to start from.")
@click.argument("file", metavar="FILE.py", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a commented derivation file that proves as it stands; a file that is there is left as it is."""
    from .. import starting
    from ..errors import CannotRun

    try:
        made = starting.write(file)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    with written():
        click.echo(f"written: {made}\nprove it: backproof prove {made}")


__all__ = ["list_", "new"]
