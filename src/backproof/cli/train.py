"""``backproof train``."""

from __future__ import annotations

from typing import Any

import click

from .options import COSTS, EXIT_CODES, layers, sizes
from .streams import CannotRunError, print_json, written


@click.command(epilog=EXIT_CODES, short_help="Learn from labelled examples with an exported program.")
@click.option(
    "--data",
    default="digits",
    show_default=True,
    metavar="digits|FILE|DIR",
    help="The digits of scikit-learn; a table (.csv) or arrays (.npz); a folder of these, or of IDX files.",
)
@click.option(
    "--sizes", metavar="64,30,10", callback=sizes, help="Units in each layer; by default one hidden layer of 30."
)
@click.option(
    "--activation",
    metavar="NAME|FORMULA",
    default="sigmoid",
    show_default=True,
    callback=layers,
    help="As for export.",
)
@click.option("--cost", metavar=COSTS, default="quadratic", show_default=True, help="As for export.")
@click.option("--epochs", metavar="N", type=int, default=30, show_default=True, help="How often each example is seen.")
@click.option("--batch", metavar="N", type=int, default=10, show_default=True, help="Examples in a mini-batch.")
@click.option(
    "--eta",
    metavar="RATE",
    type=float,
    help="Learning rate; by default 3.0 or 0.5 for sigmoid nets, as the cost is, and for others the best of a trial.",
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True, help="Draws weights and batches."
)
@click.option("--to", metavar="numpy|torch|jax", default="numpy", show_default=True, help="What to train with.")
@click.option("--save", metavar="FILE.npz", help="Where to keep the parameters, after each epoch.")
@click.option("--resume", metavar="FILE.npz", help="What --save has kept of an interrupted run, to be taken up.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def train(ctx: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Learn from labelled examples by stochastic gradient descent, with a program that is exported and verified first.

    Examples are digits or any others: MNIST and its like (IDX, any names, gzip or not), tables (CSV with the label
    first or last), arrays of NumPy. Where nothing was learned the exit code is 1, and it is said why.
    """
    with written():
        holds = _trained(options, as_json=as_json)
    ctx.exit(0 if holds else 1)


def _trained(options: dict[str, Any], *, as_json: bool) -> bool:
    from importlib.util import find_spec

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from .. import training
    from ..codegen.backend import Failed
    from ..errors import CannotRun

    if not as_json and find_spec("plotext") is None:
        raise CannotRunError("the curve needs plotext: pip install 'backproof[data]', or leave it out with --json")
    prints = Console(stderr=True) if as_json else Console()
    columns = (
        TextColumn("epoch"),
        MofNCompleteColumn(),
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=prints, transient=True, disable=not prints.is_terminal) as bar:
            task = bar.add_task("", total=options["epochs"])
            made = training.train(
                progress=lambda epoch, _, right, of: bar.update(
                    task, completed=epoch, description=f"{right}/{of} right"
                ),
                **options,
            )
    except CannotRun as error:
        raise CannotRunError(str(error)) from None
    except Failed as error:
        click.echo(f"backproof: not verified, and not trained: {error}", err=True)
        return False
    if made.problem:
        click.echo(f"backproof: {made.problem}", err=True)
    if as_json:
        print_json(made.to_json())
        return made.problem is None
    accuracies, right = made.accuracies, made.right
    click.echo(training.curve(accuracies, min(prints.width, 78), coloured=prints.is_terminal))
    best = max(range(len(right)), key=right.__getitem__)
    click.echo(
        f"{'-'.join(map(str, made.sizes))}: {100 * accuracies[-1]:.1f} % right ({right[-1]} of {made.tested}) after "
        f"{len(right)} epochs; best {100 * accuracies[best]:.1f} % after epoch {best + 1}"
    )
    return made.problem is None


__all__ = ["train"]
