"""``train``: learn handwritten digits with the exported program."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np

from .data import CLASSES, Dataset, load
from .errors import CannotRun
from .exporting import export
from .instances import check_sizes

#: The learning rate for each cost: for the quadratic one as in the lecture notes, and for those that do not learn
#: slowly where units saturate a smaller one (M. Nielsen, Neural Networks and Deep Learning, ch. 1 and 3).
RATES: Final = {"quadratic": 3.0, "cross-entropy": 0.5, "log-likelihood": 0.5}
HIDDEN: Final = 30
SPREAD: Final = 1.0  # of the weights of a sigmoid net at the start: N(0, 1), as in the notes
SCHEMA: Final = "backproof.train/1"
Progress = Callable[[int, int, int, int], None]  # epoch, epochs, how many are right, of how many


@dataclass(frozen=True)
class Trained:
    """``right``: how many of the ``tested`` examples are right after each epoch; ``parameters`` as the program's."""

    sizes: tuple[int, ...]
    settings: dict[str, Any]
    right: tuple[int, ...]
    tested: int
    parameters: list[tuple[Any, Any]]

    @property
    def accuracies(self) -> list[float]:
        """The part that is right, after each epoch."""
        return [right / self.tested for right in self.right]

    def to_json(self) -> dict[str, Any]:
        """The object that ``train --json`` prints; its schema is shipped, as ``schemas/train.schema.json``."""
        return {
            "schema": SCHEMA,
            "sizes": list(self.sizes),
            **self.settings,
            "tested": self.tested,
            "right": list(self.right),
        }


def train(
    data: str | Path = "digits",
    sizes: Sequence[int] | None = None,
    activation: str | Sequence[str] = "sigmoid",
    cost: str = "quadratic",
    *,
    epochs: int = 30,
    batch: int = 10,
    eta: float | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Trained:
    """Stochastic gradient descent on handwritten digits, with a program that has been verified and exported.

    ``data`` is "digits", those that come with scikit-learn, or a folder with the files of MNIST. ``sizes`` begin with
    the pixels and end with 10; by default there is one hidden layer of 30 units. ``eta`` is the learning rate, by
    default 3.0 for the quadratic cost and 0.5 for the others; ``seed`` draws the parameters and the order of the
    examples. CannotRun where the data cannot be read or the sizes do not fit them, or where the parameters overflow.
    """
    _check(epochs=epochs, batch=batch)
    if eta is not None and not (math.isfinite(eta) and eta > 0):
        raise CannotRun(f"eta is {eta}, and has to be positive")
    training, test = load(data)
    widths = _widths(sizes, training)
    program = export(widths, activation, cost)
    rate = RATES[cost] if eta is None else eta
    names = [f.text for f in program.program.spec.activations]
    with np.errstate(all="ignore"):  # an overflow is told once, in words
        right, parameters = _descend(
            program.load(), _spread(names), training, test, epochs, batch, rate, seed, progress
        )
    settings: dict[str, Any] = {"activations": names, "cost": cost}
    settings |= {"epochs": epochs, "batch": batch, "eta": rate, "seed": seed}
    return Trained(widths, settings, tuple(right), len(test), parameters)


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise CannotRun(f"{name} is {count}, and has to be at least 1")


def _widths(sizes: Sequence[int] | None, training: Dataset) -> tuple[int, ...]:
    pixels = training.x.shape[0]
    try:
        widths = check_sizes((pixels, HIDDEN, CLASSES) if sizes is None else sizes)
    except ValueError as error:
        raise CannotRun(str(error)) from None
    if widths[0] != pixels or widths[-1] != CLASSES:
        raise CannotRun(f"the pictures have {pixels} pixels, of {CLASSES} digits: sizes {pixels},…,{CLASSES}")
    return widths


def _spread(activations: Sequence[str]) -> float | None:
    return SPREAD if set(activations) == {"sigmoid"} else None


def _descend(
    net: ModuleType,
    spread: float | None,
    training: Dataset,
    test: Dataset,
    epochs: int,
    batch: int,
    eta: float,
    seed: int,
    progress: Progress | None,
) -> tuple[list[int], Any]:
    parameters, rng, right = net.init(seed, spread), np.random.default_rng(seed), []
    x, y = np.ascontiguousarray(training.x.T), np.ascontiguousarray(training.y.T)
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(training))
        for start, stop in pairwise([*range(0, len(order), batch), len(order)]):
            chosen = order[start:stop]
            net.step(parameters, x[chosen].T, y[chosen].T, eta)
        if not all(np.isfinite(part).all() for pair in parameters for part in pair):
            raise CannotRun(f"the parameters overflow in epoch {epoch}: a smaller --eta may help")
        right.append(int((net.forward(parameters, test.x).argmax(axis=0) == test.labels).sum()))
        if progress is not None:
            progress(epoch, epochs, right[-1], len(test))
    return right, parameters


def curve(accuracies: Sequence[float], width: int, *, coloured: bool) -> str:
    """The accuracy after each epoch, in per cent, as a plot of text."""
    import plotext

    plotext.clear_figure()
    plotext.theme("pro" if coloured else "clear")
    plotext.plot(range(1, len(accuracies) + 1), [100 * part for part in accuracies], marker="braille")
    plotext.title("right, in per cent of the test data")
    plotext.xlabel("epoch")
    plotext.xticks(_ticks(len(accuracies)))
    plotext.plotsize(width, 16)
    text = plotext.build()
    return str(text if coloured else plotext.uncolorize(text))


def _ticks(epochs: int) -> list[int]:
    step = max(1, epochs // 6)
    return sorted({1, *range(step, epochs + 1, step), epochs})


__all__ = ["RATES", "Trained", "curve", "train"]
