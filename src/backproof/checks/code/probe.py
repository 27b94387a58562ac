"""The numbers that a program is run on."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import numpy as np

from .calls import Batch
from .layouts import SIGNS
from .subject import Made

Array = Any
DENOMINATOR: Final = 64


def batch(made: Made, seed: int, number: Callable[[Any], Any], *, labels: Any) -> Batch:
    """Random parameters and examples: rational numbers with the denominator 64.

    ``labels``: whether targets are one-hot; SIGNS: whether they are -1 and 1.
    Small, so that nothing saturates; odd numerators, so that nothing is 0.
    """
    has = tuple(n for n, layer in enumerate(made.layers.layers, start=2) if layer.bias is not None or layer.extra)
    drawn = _drawn(made.layers.sizes, has, made.examples, seed)

    def numbers(values: Array) -> Array:
        if number is float:
            return values.copy()
        made_ = [number(e) for e in values.flat]
        return np.array(made_, dtype=object if hasattr(made_[0], "residue") else float).reshape(values.shape)

    weights = {n: numbers(e) for n, e in drawn.weights.items()}
    biases = {n: numbers(e) for n, e in drawn.biases.items()}
    for n, own in biases.items():
        if made.layers.layers[n - 2].shared:
            own[...] = own[0]
    x = numbers(drawn.x)
    if made.repeats:
        return Batch(weights, biases, x, x)
    hot = _hot(*drawn.y.shape)
    hot = 2 * hot - 1 if labels == SIGNS else hot
    y = hot if labels else numbers(drawn.y) / 4 + number(0.5)
    return Batch(weights, biases, x, y)


@lru_cache(maxsize=64)
def _drawn(sizes: tuple[int, ...], has: tuple[int, ...], count: int, seed: int) -> Batch:
    draw = random.Random(f"probe {seed}")  # noqa: S311

    def numbers(*shape: int) -> Array:
        values = [(2 * draw.randint(-24, 24) + 1) / DENOMINATOR for _ in range(math.prod(shape))]
        return np.array(values).reshape(shape)

    weights = {n: numbers(sizes[n - 1], sizes[n - 2]) for n in range(2, len(sizes) + 1)}
    biases = {n: numbers(sizes[n - 1]) for n in has}
    return Batch(weights, biases, numbers(sizes[0], count), numbers(sizes[-1], count))


def _hot(outputs: int, count: int) -> Array:
    if outputs == 1:
        return np.array([[float(i % 2) for i in range(count)]])
    return np.array([[float(k == i % outputs) for i in range(count)] for k in range(outputs)])


__all__ = ["batch"]
