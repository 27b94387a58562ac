"""Parameters and examples that an exported program is tried on, and what it made of them: always columns, float64."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .program import Spec

Array = np.ndarray[Any, Any]
Pairs = tuple[tuple[Array, Array], ...]  # (w, b) for each of the layers 2 to L: (n[l], n[l-1]) and (n[l], 1)


ETA = 0.5  # the learning rate of the step that is tried, if no other: rounds to itself in all formats


@dataclass(frozen=True)
class Sample:
    """``parameters``, inputs x of shape (n[1], m), targets y of shape (n[L], m) and the learning rate ``eta``."""

    parameters: Pairs
    x: Array
    y: Array
    eta: float = ETA

    def laid_out(self, spec: Spec) -> tuple[list[tuple[Array, Array]], Array, Array]:
        """The same for the program: in its layout and dtype, in C order, nothing shared with this sample."""
        rows, dtype = spec.layout == "rows", spec.dtype
        parameters = [(_turned(w, dtype, rows=rows), _bias(b, dtype, rows=rows)) for w, b in self.parameters]
        return parameters, _turned(self.x, dtype, rows=rows), _turned(self.y, dtype, rows=rows)


@dataclass(frozen=True)
class Result:
    """The cost, the outputs (n[L], m), the partial derivatives of the cost, shaped like the parameters, and the
    parameters after a step, where the program makes steps.
    """

    cost: float
    outputs: Array
    gradient: Pairs
    stepped: Pairs | None = None

    @classmethod
    def read(cls, spec: Spec, cost: Any, outputs: Any, gradient: Any, stepped: Any = None) -> Result:
        """What a program in the layout of ``spec`` returned, copied."""
        rows = spec.layout == "rows"

        def columns(pairs: Any) -> Pairs:
            return tuple(
                (_turned(np.asarray(w), "float64", rows=rows), np.array(b, "float64").reshape(-1, 1)) for w, b in pairs
            )

        moved = None if stepped is None else columns(stepped)
        return cls(float(cost), _turned(np.asarray(outputs), "float64", rows=rows), columns(gradient), moved)


def _turned(array: Array, dtype: str, *, rows: bool) -> Array:
    return np.array(array.T if rows else array, dtype, order="C")


def _bias(b: Array, dtype: str, *, rows: bool) -> Array:
    return np.array(b[:, 0] if rows else b, dtype)


def draw(spec: Spec, examples: int, seed: int = 0) -> Sample:
    """A sample whose weighted inputs are of the order of 1, rounded to the numbers of the program."""
    rng = np.random.default_rng([seed, examples])

    def rounded(array: Array) -> Array:
        return array.astype(spec.dtype).astype("float64")

    parameters = tuple(
        (rounded(rng.standard_normal((rows, columns)) * columns**-0.5), rounded(rng.standard_normal((rows, 1)) / 2))
        for columns, rows in pairwise(spec.sizes)
    )
    x = rounded(rng.standard_normal((spec.sizes[0], examples)))
    y = rounded(rng.random((spec.sizes[-1], examples)))
    return Sample(parameters, x, y)
