"""A network on given numbers, as a diagnosis needs it: what a backward pass is made of, to be put together wrong.

All arrays have a column for each example; those of a batch's cost are scaled as the declared loss is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from operator import add, mul
from typing import Any, Final

import numpy as np
from sympy import Add, Integer, Pow, Rational

from ...codegen.program import Program
from ...networks.tables import ACTIVATIONS, COSTS, A, Activation, Y, u
from ...surface.terms import Apply
from .truth import ELEMENTARY, Truth

Array = Any


def evaluate(e: Any, given: Mapping[Any, Array], *, exact: bool) -> Array:
    """A formula of the tables, in u, a and y, entry by entry."""
    if e in given:
        return given[e]
    if isinstance(e, Integer):
        return int(e)
    if isinstance(e, Rational):
        return Fraction(int(e.p), int(e.q)) if exact else float(e)
    parts = [evaluate(arg, given, exact=exact) for arg in e.args[:2]] if isinstance(e, Pow) else None
    if parts:
        return parts[0] ** parts[1] if parts[1] > 0 else 1 / parts[0] ** -parts[1]
    if isinstance(e, Apply):
        return ELEMENTARY[str(e.args[0])](evaluate(e.args[1], given, exact=exact))
    return reduce(add if isinstance(e, Add) else mul, (evaluate(arg, given, exact=exact) for arg in e.args))


@dataclass(frozen=True)
class Model:
    """``share``: what the declared loss multiplies the sum of the costs by; ``decay``: what it adds to each partial
    derivative by a weight, as a multiple of the weight; ``rate``: of a program that makes steps.
    """

    program: Program
    weights: Mapping[int, Array]
    biases: Mapping[int, Array]
    x: Array
    y: Array
    z: Mapping[int, Array]
    a: Mapping[int, Array]
    output_error: Array
    share: Any = 1
    decay: Any = 0
    rate: Any = None
    single: bool = False  # whether examples are given one at a time
    slopes: dict[int, Array] = field(default_factory=dict)
    shared: frozenset[int] = frozenset()  # layers whose units have the same bias

    @property
    def last(self) -> int:
        return self.program.spec.depth

    @property
    def examples(self) -> int:
        return int(self.x.shape[1])

    @property
    def exact(self) -> bool:
        return bool(self.x.dtype == object)

    def number(self, value: Fraction) -> Any:
        """A constant, to multiply with."""
        return value if self.exact else float(value)

    def activation(self, layer: int) -> Activation:
        """The row of the table for a layer."""
        return self.program.spec.activation(layer)

    def slope(self, layer: int) -> Array:
        """f'(z) of a layer."""
        return self.slopes[layer]

    def slope_of(self, f: Activation, argument: Array) -> Array:
        """f' at another argument, or of another activation."""
        value = evaluate(f.body, {u: argument}, exact=self.exact)
        return evaluate(f.slope, {A: value, u: argument}, exact=self.exact) + 0 * argument

    def of_value(self, f: Activation, value: Array, argument: Array) -> Array:
        """f' by its formula in the value of f, with something else put for it."""
        return evaluate(f.slope, {A: value, u: argument}, exact=self.exact) + 0 * value

    @property
    def output_gradient(self) -> Array:
        """The partial derivatives of the cost by the outputs."""
        return self.gradient_of(self.program.spec.cost)

    def gradient_of(self, cost: str) -> Array:
        """The same of another cost."""
        given = {A: self.a[self.last], Y: self.y}
        return evaluate(COSTS[cost].gradient, given, exact=self.exact) * self.share

    def scaled(self, factor: Any) -> Model:
        """With another share."""
        return replace(self, share=self.share * factor, output_error=self.output_error * factor)

    def floating(self) -> Model:
        """The same in floating point, to search in."""
        tables = (
            {n: floating(e) for n, e in t.items()} for t in (self.weights, self.biases, self.z, self.a, self.slopes)
        )
        weights, biases, z, a, slopes = tables
        rate = None if self.rate is None else _float(self.rate)
        return Model(
            self.program, weights, biases, floating(self.x), floating(self.y), z, a, floating(self.output_error),
            float(self.share), float(self.decay), rate, self.single, slopes, self.shared,
        )  # fmt: skip

    def weight_term(self, layer: int) -> Array:
        """What the penalty adds to the partial derivatives by the weights of a layer."""
        return self.weights[layer] * self.decay if self.decay else 0

    def below(self, layer: int, error: Array) -> Array:
        """BP2: the error of a layer from the one above."""
        return (self.weights[layer + 1].T @ error) * self.slope(layer)


def model(truth: Truth, *, share: Any, decay: Any, rate: Any, single: bool) -> Model:
    """What the proved program has computed, for the sum of the costs, scaled as the loss is."""
    slopes = {layer: truth.slope(layer) + 0 * truth.z[layer] for layer in truth.program.slope}  # of the identity, 1
    return Model(
        truth.program, truth.weights, truth.biases, truth.x, truth.y, truth.z, truth.a, truth.delta[truth.last] * share,
        share, decay, rate, single, slopes,
    )  # fmt: skip


def floating(values: Array) -> Array:
    """The real numbers that exact ones stand for."""
    if not isinstance(values, np.ndarray):
        return _float(values)
    return np.array([_float(e) for e in values.flat], dtype=float).reshape(values.shape)


def _float(e: Any) -> float:
    return float(getattr(e, "shadow", e))


#: Activations that code mixes up with another one.
ELEMENTWISE: Final[Mapping[str, Activation]] = {
    name: f for name, f in ACTIVATIONS.items() if name in ("sigmoid", "tanh", "relu", "identity")
}


def equal(claimed: Array, right: Array, terms: Array | None = None) -> bool:
    """Whether arrays are equal entry by entry: exactly; or, in floating point, as far as rounding allows."""
    if np.shape(claimed) != np.shape(right):
        return False
    return bool(np.all(agreeing(claimed, right, terms)))


def agreeing(claimed: Array, right: Array, terms: Array | None = None) -> Array:
    """Entry by entry."""
    one, other = np.asarray(claimed), np.asarray(right)
    if object in (one.dtype, other.dtype):
        return np.array(one == other, dtype=bool)
    one, other = one.astype(float), other.astype(float)
    scale = abs(other) if terms is None else np.asarray(terms, dtype=float)
    with np.errstate(invalid="ignore"):
        return abs(one - other) <= CLOSE * abs(other) + ROUNDING * scale


CLOSE: Final = 1e-8  # relative to the entry
ROUNDING: Final = 1e-13  # relative to the sum of the absolute values of its terms


__all__ = ["Model", "agreeing", "equal", "evaluate", "floating", "model"]
