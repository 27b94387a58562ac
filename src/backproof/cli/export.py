"""``backproof export``."""

from __future__ import annotations

import contextlib
import gc
import sys
from typing import Any

import click

from .options import COSTS, EXIT_CODES, layers, sizes
from .streams import CannotRunError, print_json, print_text, progress, written


@click.command(epilog=EXIT_CODES, short_help="Write verified code for the gradient of a network.")
@click.option("--sizes", metavar="784,30,10", required=True, callback=sizes, help="Units in each layer.")
@click.option(
    "--activation",
    metavar="NAME|FORMULA",
    default="sigmoid",
    show_default=True,
    callback=layers,
    help='A name, or a formula such as "z/(1+exp(-z))"; or hidden,last; or one for each layer.',
)
@click.option("--cost", metavar=COSTS, default="quadratic", show_default=True, help="What is made small; see above.")
@click.option("--to", metavar="numpy|jax|torch|c|latex", default="numpy", show_default=True, help="What to write.")
@click.option("--reduction", metavar="mean|sum", default="mean", show_default=True, help="Over the examples.")
@click.option("--layout", metavar="columns|rows", default="columns", show_default=True, help="What an example is.")
@click.option("--dtype", metavar="float64|float32", default="float64", show_default=True, help="Of all numbers.")
@click.option("--unroll", is_flag=True, help="Write a small net out in scalars, for one example.")
@click.option("--prefix", metavar="NAME_", default="net_", show_default=True, help="What all names in C begin with.")
@click.option("--weights", metavar="FILE.npz", help="Trained parameters, w2, b2, w3, ..., to write into the program.")
@click.option("-o", "--out", metavar="FILE", help="Where to write it; standard output if not given.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def export(ctx: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Derive the gradient of a network from the chain rule, verify it, and write it as code.

    Activations: sigmoid, tanh, relu, leaky-relu, softplus, gelu, identity, softmax (for the last layer), those of
    torch.nn and jax.nn that work entry by entry, or a formula in z, whose derivative is derived. Costs: quadratic;
    cross-entropy (bce), with sigmoid outputs; log-likelihood (ce), with softmax; mse, mae, huber, log-cosh, hinge,
    squared-hinge, poisson, focal; or a formula in a and y, the output and the target, of what one output costs, such as
    "(a-y)**2". What cannot be verified is not written.
    """
    gc.disable()
    with written():
        holds = _exported(options, as_json=as_json)
    ctx.exit(0 if holds else 1)


def _exported(options: dict[str, Any], *, as_json: bool) -> bool:
    from .. import exporting, table
    from ..codegen.backend import Failed
    from ..errors import CannotRun

    prints = sys.stderr if as_json or options["out"] is None else sys.stdout
    try:
        with progress() as report, contextlib.redirect_stdout(sys.stderr):
            made = exporting.export(progress=report, **options)
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    except Failed as error:
        click.echo(f"backproof: not verified, and not written: {error}", err=True)
        return False
    table.show_exported(made, prints)
    if as_json:
        print_json(made.to_json() | ({} if made.file else {"program": made.text}))
    elif made.file is None:
        print_text(made.text)
    return True


__all__ = ["export"]
