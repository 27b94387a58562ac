"""What declares a program that no rule recognises: how its gradient is asked for, and what it is the gradient of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np

from .calls import Batch, Claim
from .containers import Layer, Layers, Leaf, array
from .layouts import LAYOUTS, TARGETS, Layout, Targets
from .load import callables
from .matching import Parameter
from .said import Said
from .subject import EXAMPLES, Callee, Made
from .words import docstrings

Array = Any


@dataclass(frozen=True)
class Adapter:
    """A dense network under check, in ten lines.

    ``gradient(module, weights, biases, x, y)`` runs the program and returns two lists, of the gradients of the weights
    and of the biases, in the shapes of the parameters: ``weights[i]`` (n_out, n_in) leads into layer i + 1,
    ``biases[i]`` has shape (n_out,); ``x`` (n_in, M) and ``y`` (n_out, M) have a column for each example. In an exact
    run all of these are arrays of objects. ``forward(module, weights, biases, x)``, if given, returns the outputs, as
    columns.
    ``sizes``: units of the layers. ``biases``: whether there are any. ``hidden``, ``output``, ``cost``, ``reduction``:
    as for ``backproof export``; what is left out is inferred, and said.
    """

    gradient: Callable[..., Any]
    sizes: tuple[int, ...] = (4, 6, 3)
    forward: Callable[..., Any] | None = None
    biases: bool = True
    hidden: str | None = None
    output: str | None = None
    cost: str | None = None
    reduction: str | None = None

    @property
    def said(self) -> Said:
        """What it declares of the loss."""
        return Said(self.hidden, self.output, self.cost, self.reduction)


@dataclass(frozen=True)
class Told:
    """A module of which the adapter says all there is to say: nothing is looked for in it, and nothing of it called."""

    module: ModuleType

    @property
    def text(self) -> str:
        return docstrings(self.module, *callables(self.module).values())

    def callees(self, _: Made) -> tuple[Callee, ...]:
        return ()


@dataclass(frozen=True)
class Adapted:
    """The way in which an adapter asks for a gradient; as ``calls.Way``."""

    module: ModuleType
    adapter: Adapter

    @cached_property
    def made(self) -> Made:
        """The parameters, under the names w1, b1, w2, ..."""
        layers = tuple(
            Layer(Leaf((f"w{n}",), (out, below)), Leaf((f"b{n}",), (out,)) if self.adapter.biases else None)
            for n, (below, out) in enumerate(pairwise(self.adapter.sizes), start=1)
        )
        placed = Layers(layers, "out,in", tuple(self.adapter.sizes))
        return Made({}, placed, None, "the adapter", examples=EXAMPLES)

    @property
    def callee(self) -> Callee:
        return Callee("gradient", self.adapter.gradient)

    @property
    def layout(self) -> Layout:
        return LAYOUTS["columns"]

    @property
    def targets(self) -> Targets:
        return TARGETS["matrix"]

    @property
    def subject(self) -> Told:
        return Told(self.module)

    @property
    def parameters(self) -> list[Parameter]:
        """In the order of the layers."""
        return [
            Parameter(n, family, leaf.name, leaf)
            for n, layer in enumerate(self.made.layers.layers, start=2)
            for family, leaf in (("w", layer.weight), ("b", layer.bias))
            if leaf is not None
        ]

    def gradient(self, batch: Batch) -> Claim:
        """Run the program."""
        found = self.adapter.gradient(self.module, *_lists(batch), batch.x.copy(), batch.y.copy())
        weights, biases = found if self.adapter.biases else (found, [])
        if isinstance(weights, tuple) and len(weights) == 2 and not self.adapter.biases:
            weights = weights[0]
        given = {"w": list(weights), "b": list(biases)}
        claimed = {p: array(given[p.family][p.layer - 2]) for p in self.parameters}
        return Claim(claimed)

    def output(self, batch: Batch) -> Array | None:
        """What the forward pass gives."""
        if self.adapter.forward is None:
            return None
        return np.asarray(self.adapter.forward(self.module, *_lists(batch), batch.x.copy()))


def _lists(batch: Batch) -> tuple[list[Array], list[Array]]:
    weights = [batch.weights[n].copy() for n in sorted(batch.weights)]
    return weights, [batch.biases[n].copy() for n in sorted(batch.biases)]


__all__ = ["Adapted", "Adapter"]
