"""``backproof prove``."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import TYPE_CHECKING, Any

import click

from .options import EXIT_CODES, letters, listed, sizes
from .streams import CannotRunError, print_json, progress, written

FRONT = ("title", "authors", "date", "edition", "fragment")  # of the report, not of what is proved

if TYPE_CHECKING:
    from ..proving import ProveResult


@click.command(epilog=EXIT_CODES, short_help="Replay, judge and report derivations.")
@click.argument("targets", nargs=-1, metavar="[NAME|FILE.py|DIR]...")
@click.option("--notation", metavar="NAME", help="For derivations without one of their own: nielsen, rows, ...")
@click.option("--beside", metavar="NAME", help="A second notation: statements stand in both, with a dictionary.")
@click.option("--letters", metavar="NAME=LETTER", multiple=True, callback=letters, help=r"Such as weight=\Theta.")
@click.option(
    "--format",
    "formats",
    default="tex,pdf,json",
    show_default=True,
    callback=listed,
    help="What to write: tex, pdf, html, md, ipynb, json; also proof, for verify.",
)
@click.option("-o", "--out", default="build", show_default=True, metavar="DIR", help="Where to write them.")
@click.option(
    "--engine",
    default="typst",
    show_default=True,
    metavar="NAME",
    help="What sets the PDF: typst, latexmk, tectonic, pdflatex, xelatex, lualatex.",
)
@click.option(
    "--edition",
    default="full",
    show_default=True,
    metavar="NAME",
    help="full, or handout, which leaves out the evidence.",
)
@click.option("--fragment", is_flag=True, help="LaTeX for \\input in a document of your own, and backproof.sty.")
@click.option("--sizes", metavar="3,4,2", callback=sizes, help="The equations of the net that has these layers.")
@click.option("--example", metavar="2,3,1", callback=sizes, help="A net with these layers in numbers, line by line.")
@click.option("--title", metavar="TEXT", default="Backpropagation, proved", help="The title of the report.")
@click.option("--author", "authors", metavar="TEXT", default="", help="Whose report it is.")
@click.option("--date", metavar="TEXT", default="", help="A date, printed as it is given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.option("--list", "only_list", is_flag=True, help="List the chapters and derivations, and prove nothing.")
@click.pass_context
def prove(ctx: click.Context, /, *, as_json: bool, only_list: bool, **options: Any) -> None:
    """Replay derivations, let the oracles judge them, and write the report.

    NAME is a chapter or a derivation of the library, such as bp2 or bp2-vector; FILE.py is a derivation file of your
    own, which is run; DIR is a folder of such files. Without any, all of the library is proved. What is written takes
    the place of what an earlier run left in that folder, in other formats, too.
    """
    gc.disable()  # the process lives for seconds, and looking for cycles took a tenth of them
    with written():
        holds = show_list(options["targets"], as_json=as_json) if only_list else _proved(options, as_json=as_json)
    ctx.exit(0 if holds else 1)


def _proved(options: dict[str, Any], *, as_json: bool) -> bool:
    prints = sys.stderr if as_json else sys.stdout
    result = _prove(options, prints)
    from .. import table

    table.show(result, prints, unwritten=options["out"] if options["formats"] and not result.files else None)
    if as_json:
        print_json(result.to_json())
    return result.ok


def _prove(options: dict[str, Any], prints: Any) -> ProveResult:
    from .. import proving  # first: a copy of this process has it, too
    from ..beside import Here, beside, copies
    from ..errors import CannotRun
    from ..report.write import Front

    front = Front(**{name: options.pop(name) for name in FRONT})
    apart = options["sizes"] is None and (not options["targets"] or copies())  # a new process is for the whole library
    try:
        with (
            beside("backproof.oracle.evidence") if apart else Here() as calls,
            progress() as report,
            contextlib.redirect_stdout(prints),  # a derivation file may print
        ):
            return proving.prove_by(calls, progress=report, front=front, **options)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None


def show_list(names: tuple[str, ...], *, as_json: bool) -> bool:
    """Print what the targets have; False where something in them is refused, which goes to standard error."""
    from .. import proving
    from ..errors import CannotRun

    try:
        with contextlib.redirect_stdout(sys.stderr):
            found, refused = proving.listed(names)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    if as_json:
        print_json(found)
    for chapter in () if as_json else found["chapters"]:
        click.echo(f"{chapter['name']}: {chapter['title']}")
        for made in chapter["derivations"]:
            click.echo(f"    {made['name']:<28}{made['title']}")
    if refused:
        from .. import table

        table.show_refused(refused, sys.stderr)
    return not refused


__all__ = ["prove", "show_list"]
