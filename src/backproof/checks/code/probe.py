"""The numbers that a program is run on."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import numpy as np

from .calls import Batch
from .subject import Made

Array = Any
DENOMINATOR: Final = 64


def batch(made: Made, seed: int, number: Callable[[Any], Any], *, labels: bool) -> Batch:
    """Random parameters and examples: rational numbers with the denominator 64, and targets that are one-hot.

    Small, so that nothing saturates; odd numerators, so that nothing is 0.
    """
    draw = random.Random(f"probe {seed}")  # noqa: S311

    def numbers(*shape: int) -> Array:
        values = [number(Fraction(2 * draw.randint(-24, 24) + 1, DENOMINATOR)) for _ in range(int(np.prod(shape)))]
        exact = hasattr(values[0], "residue")
        return np.array(values, dtype=object if exact else float).reshape(shape)

    sizes, count = made.layers.sizes, made.examples
    weights = {n: numbers(sizes[n - 1], sizes[n - 2]) for n in range(2, len(sizes) + 1)}
    has = {n for n, layer in enumerate(made.layers.layers, start=2) if layer.bias is not None or layer.extra}
    biases = {n: numbers(sizes[n - 1]) for n in has}
    x = numbers(sizes[0], count)
    hot = np.array([[float(k == i % sizes[-1]) for i in range(count)] for k in range(sizes[-1])])
    if made.repeats:
        return Batch(weights, biases, x, x)
    if sizes[-1] == 1:
        hot = np.array([[float(i % 2) for i in range(count)]])
    y = hot if labels else numbers(sizes[-1], count) / 4 + number(Fraction(1, 2))
    return Batch(weights, biases, x, y)


__all__ = ["batch"]
