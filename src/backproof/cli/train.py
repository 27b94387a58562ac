"""``backproof train``."""

from __future__ import annotations

from typing import Any

import click

from .options import COSTS, EXIT_CODES, layers, sizes
from .streams import CannotRunError, print_json, written


@click.command(epilog=EXIT_CODES, short_help="Learn handwritten digits with an exported program.")
@click.option(
    "--data",
    default="digits",
    show_default=True,
    metavar="digits|DIR",
    help="The digits of scikit-learn, or a folder with the files of MNIST.",
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
    "--eta", metavar="RATE", type=float, help="Learning rate; by default 3.0 for the quadratic cost, else 0.5."
)
@click.option(
    "--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True, help="Draws weights and batches."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output, and nothing else there.")
@click.pass_context
def train(ctx: click.Context, /, *, as_json: bool, **options: Any) -> None:
    """Learn handwritten digits by stochastic gradient descent, with a program that is exported and verified first."""
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
    if as_json:
        print_json(made.to_json())
        return True
    accuracies, right = made.accuracies, made.right
    click.echo(training.curve(accuracies, min(prints.width, 78), coloured=prints.is_terminal))
    best = max(range(len(right)), key=right.__getitem__)
    click.echo(
        f"{'-'.join(map(str, made.sizes))}: {100 * accuracies[-1]:.1f} % right ({right[-1]} of {made.tested}) after "
        f"{len(right)} epochs; best {100 * accuracies[best]:.1f} % after epoch {best + 1}"
    )
    return True


__all__ = ["train"]
