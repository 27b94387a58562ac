"""The formulas against the NumPy reference: three ways to the same partials, on the same weights.

They are the formulas of the statements, read by the numeric judge's world; ``reference.Network.backprop``; and the
complex step through ``reference.Network.cost``. Every partial is compared, each with its own relative error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..reference import Network as Reference
from ..surface.network import Network
from ..surface.terms import j, k, l
from .numeric import relative_error
from .numeric_world import STEP, TOLERANCE, Floats, logistic
from .worlds.shapes import Shape
from .worlds.world import World, plan


@dataclass(frozen=True)
class Compared:
    """Whether all agree, the largest relative error, and how many partials were compared."""

    holds: bool
    max_relative_error: float
    entries: int


class Pinned(Floats):
    """The network of the terms with the reference's weights and biases, at the example (x, y)."""

    def __init__(self, net: Network, reference: Reference, x: Any, y: Any) -> None:
        super().__init__(net, Shape(reference.sizes, 1), "", logistic)
        self.arrays: dict[Any, Any] = {("x",): x, ("y",): y}
        for layer, (w, b) in enumerate(zip(reference.weights, reference.biases, strict=True), start=2):
            self.arrays |= {("w", layer): w, ("b", layer): b}

    def draw(self, key: Any) -> float:
        family, *indices = key
        layer, units = ((indices[0],), indices[1:]) if family in "wb" else ((), indices)
        places = [unit - 1 for unit in units]
        return float(self.arrays[family, *layer][tuple(places) if family == "w" else (*places, 0)])


def at_small_sizes(by_bias: Any, by_weight: Any, nets: Sequence[Network]) -> Compared:
    """``against_reference`` for a few small nets."""
    found = [against_reference(net, by_bias, by_weight) for net in nets]
    return Compared(
        all(one.holds for one in found), max(one.max_relative_error for one in found), sum(one.entries for one in found)
    )


def against_reference(net: Network, by_bias: Any, by_weight: Any, seed: int = 0) -> Compared:
    """Whether the formulas for D(C, b[l, j]) and D(C, w[l, j, k]) agree with the reference, partial by partial.

    ``net`` is a dense net with given widths, logistic units and the quadratic cost; the formulas may mention l, j, k.
    """
    if net.widths is None:
        raise ValueError("the network needs its widths")
    reference = Reference(net.widths, seed)
    rng = np.random.default_rng(seed + 1)
    x, y = rng.standard_normal((net.widths[0], 1)), rng.random((net.widths[-1], 1))
    world, read = Pinned(net, reference, x, y), plan(net).reader.code
    errors: list[float] = []
    nabla_b, nabla_w = reference.backprop(x, y)
    biases, weights = (reference.biases, nabla_b, by_bias), (reference.weights, nabla_w, by_weight)
    for arrays, gradient, formula in (biases, weights):
        for layer, place, stepped in _complex_steps(reference, arrays, x, y):
            values = (read(formula)(world, _env(world, layer, place)), float(gradient[layer][place]), stepped)
            errors += [relative_error(first, second) for first in values for second in values]
    worst = max(errors)
    return Compared(worst <= TOLERANCE, worst, len(errors) // 9)


def _env(world: World, layer: int, place: tuple[int, ...]) -> dict[str, Any]:
    row, column = place
    return {**world.constants, l.name: layer + 2, j.name: row + 1, k.name: column + 1}


def _complex_steps(
    reference: Reference, arrays: list[Any], x: Any, y: Any
) -> Iterator[tuple[int, tuple[int, ...], float]]:
    for layer, array in enumerate(arrays):
        for place in np.ndindex(array.shape):
            arrays[layer] = array.astype(complex)
            arrays[layer][place] += 1j * STEP
            stepped = float(reference.cost(x, y).imag / STEP)
            arrays[layer] = array
            yield layer, place, stepped
