"""``train``: learn from examples with the exported program."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from .checkpoint import Checkpoint
from .data import Dataset, load
from .errors import CannotRun
from .exporting import export
from .instances import check_sizes
from .trained_with import Net, net_for

#: The learning rate of a sigmoid net for each cost: for the quadratic one as in the lecture notes, and for those that
#: do not learn slowly where units saturate a smaller one (M. Nielsen, Neural Networks and Deep Learning, ch. 1 and 3).
RATES: Final = {"quadratic": 3.0, "cross-entropy": 0.5}
#: Those that are tried on other nets, each for so many steps: the one that leaves the least cost is taken.
TRIED: Final = (3.0, 1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
STEPS: Final = 100
LOOKED_AT: Final = 1_000  # examples, for the cost after a trial and for dead units
HIDDEN: Final = 30
CONSTANT: Final = 1e-9  # relative: outputs that differ by less are one
SPREAD: Final = 1.0  # of the weights of a sigmoid net at the start: N(0, 1), as in the notes
SCHEMA: Final = "backproof.train/1"
Progress = Callable[[int, int, int, int], None]  # epoch, epochs, how many are right, of how many


@dataclass(frozen=True)
class Trained:
    """``right``: how many of the ``tested`` examples are right after each epoch; ``parameters`` as the program's.

    ``problem`` says why nothing was learned, where that is so.
    """

    sizes: tuple[int, ...]
    settings: dict[str, Any]
    right: tuple[int, ...]
    tested: int
    parameters: list[tuple[Any, Any]]
    problem: str | None = None

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
            "problem": self.problem,
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
    to: str = "numpy",
    save: str | Path | None = None,
    resume: str | Path | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Stochastic gradient descent on labelled examples, with a program that has been verified and exported.

    ``data`` is "digits", those that come with scikit-learn, or a file or folder (``data.load``). ``sizes`` begin with
    the inputs and end with the classes; by default there is one hidden layer of 30 units. ``eta`` is the learning rate:
    by default, for sigmoid nets 3.0 with the quadratic cost and 0.5 with cross-entropy; for others, that of a few which
    is best in a trial of 100 steps. ``seed`` draws the parameters and the order of the examples. ``to`` is numpy, torch
    or jax. ``save`` is a file (.npz) that is written after each epoch; ``resume`` is such a file, to be taken up where
    it ends: the result is that of a run that was never interrupted. CannotRun where the data cannot be read, the sizes
    do not fit them, or the file to be taken up is of another run.
    """
    _check(epochs=epochs, batch=batch)
    if eta is not None and not (math.isfinite(eta) and eta > 0):
        raise CannotRun(f"eta is {eta}, and has to be positive")
    training, test = load(data)
    widths = _widths(sizes, training)
    net = net_for(export(widths, activation, cost, to), to)
    names, named = [f.text for f in net.spec.activations], net.spec.cost
    run = {"sizes": list(widths), "activations": names, "cost": named, "batch": batch, "seed": seed, "to": to}
    with np.errstate(all="ignore"):  # an overflow is told once, in words
        start = net.start(seed, SPREAD if set(names) == {"sigmoid"} else None)
        before = None if resume is None else Checkpoint.read(Path(resume), run)
        if before is not None:
            start, eta = net.given(before.parameters), before.eta
        rate = eta if eta is not None else _rate(net, start, training, batch, seed)
        keep = None if save is None else Path(save)
        done = () if before is None else before.right
        right, parameters, problem = _descend(net, start, done, run, training, test, epochs, rate, keep, progress)
        problem = problem or _problem(net, parameters, right[-1], training, test)
    settings: dict[str, Any] = {"activations": names, "cost": named}
    settings |= {"epochs": epochs, "batch": batch, "eta": rate, "seed": seed}
    return Trained(widths, settings, tuple(right), len(test), net.arrays(parameters), problem)


def _check(**counts: int) -> None:
    for name, count in counts.items():
        if count < 1:
            raise CannotRun(f"{name} is {count}, and has to be at least 1")


def _widths(sizes: Sequence[int] | None, training: Dataset) -> tuple[int, ...]:
    inputs, classes = training.x.shape[0], training.y.shape[0]
    try:
        widths = check_sizes((inputs, HIDDEN, classes) if sizes is None else sizes)
    except ValueError as error:
        raise CannotRun(str(error)) from None
    if widths[0] != inputs or widths[-1] != classes:
        raise CannotRun(f"the examples have {inputs} inputs, in {classes} classes: sizes {inputs},…,{classes}")
    return widths


def _rate(net: Net, start: Any, training: Dataset, batch: int, seed: int) -> float:
    """The learning rate that fits the net."""
    if {f.text for f in net.spec.activations} == {"sigmoid"} and net.spec.cost in RATES:
        return RATES[net.spec.cost]
    seen = np.random.default_rng(seed).permutation(len(training))
    x, y = training.x[:, seen[:LOOKED_AT]], training.y[:, seen[:LOOKED_AT]]
    left = []
    for rate in TRIED:
        parameters = net.given([(w.copy(), b.copy()) for w, b in net.arrays(start)])
        for step in range(STEPS):
            chosen = np.take(seen, range(step * batch, (step + 1) * batch), mode="wrap")
            parameters = net.step(parameters, training.x[:, chosen], training.y[:, chosen], rate)
        cost = net.cost(parameters, x, y)
        left.append((cost if math.isfinite(cost) else math.inf, -rate))
    return -min(left)[1]


def _descend(
    net: Net,
    parameters: Any,
    done: tuple[int, ...],
    run: dict[str, Any],
    training: Dataset,
    test: Dataset,
    epochs: int,
    eta: float,
    save: Path | None,
    progress: Progress | None,
) -> tuple[list[int], Any, str | None]:
    rng, right, batch = np.random.default_rng(run["seed"]), list(done), run["batch"]
    for _ in right:  # what was drawn before the interrupt
        rng.permutation(len(training))
    x, y = np.ascontiguousarray(training.x.T), np.ascontiguousarray(training.y.T)
    for epoch in range(len(right) + 1, epochs + 1):
        order = rng.permutation(len(training))
        for start, stop in pairwise([*range(0, len(order), batch), len(order)]):
            chosen = order[start:stop]
            parameters = net.step(parameters, x[chosen].T, y[chosen].T, eta)
        right.append(int((net.forward(parameters, test.x).argmax(axis=0) == test.labels).sum()))
        found = net.arrays(parameters)
        if not all(np.isfinite(part).all() for pair in found for part in pair):
            return right, parameters, f"the parameters overflow in epoch {epoch}: a smaller --eta may help"
        if save is not None:
            Checkpoint(run, eta, tuple(right), found).write(save, training)
        if progress is not None:
            progress(epoch, epochs, right[-1], len(test))
    return right, parameters, None


def _problem(net: Net, parameters: Any, right: int, training: Dataset, test: Dataset) -> str | None:
    """Why nothing was learned, in words; None where more is right than by always saying the most frequent class."""
    most = int(np.bincount(test.labels).max())
    if right > most:
        return None
    outputs = net.forward(parameters, test.x)
    same = bool((np.ptp(outputs, axis=1) <= CONSTANT * np.abs(outputs).max(axis=1)).all())
    parts = ["the output is the same for every example"] if same else []
    dead = _dead(net, parameters, training)
    parts += [f"{count} of {units} units of layer {layer} are dead" for layer, count, units in dead]
    why = "; ".join(parts) or "another --eta, more --epochs or other activations may help"
    return f"nothing was learned: {right} of {len(test)} right, as by always saying the most frequent class; {why}"


def _dead(net: Net, parameters: Any, training: Dataset) -> list[tuple[int, int, int]]:
    """For each hidden layer with units whose gradient is 0 whatever the example: how many of them, of how many."""
    nabla = net.gradient(parameters, training.x[:, :LOOKED_AT], training.y[:, :LOOKED_AT])
    counts = [(layer, int((~b.any(axis=1) & ~w.any(axis=1)).sum()), len(b)) for layer, (w, b) in enumerate(nabla, 2)]
    return [found for found in counts[:-1] if found[1]]


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
