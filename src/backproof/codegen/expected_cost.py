"""What a cost of one's own has to be, as a function of the weighted inputs of the last layer, with many digits.

Nothing of the program's equations is used: the value is the formula itself, the derivative is that of the complex step.
Outputs that round to 0 or 1 in floating point do not here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
from sympy import Add, Mul, Pow, Rational

from .. import reference
from ..activations.stable import unfolded
from ..networks import Activation, Cost, Y
from ..oracle.formula import STEP, function
from ..oracle.worlds.verdicts import Undefined
from ..surface.terms import Choice, substitute
from .sample import Array

DIGITS = 600  # a logistic output is 1 less 1e-348 at z = 800
Column = Sequence[Any]  # numbers of mpmath


class NoValue(ValueError):  # noqa: N818 - a verdict
    """A formula of one's own is not defined everywhere."""


def cost_of_z(cost: Cost, last: Activation) -> reference.Cost:
    """The cost of an example, from the weighted inputs of the last layer."""
    outputs = _softmax if last.body is None else _each(function(last.body))

    def value(z: Array, y: Array) -> Any:
        with mpmath.workdps(DIGITS):
            found = _summed(cost, outputs([mpmath.mpmathify(one) for one in z[:, 0]]), y)
            return complex(found) if np.iscomplexobj(z) else float(found)

    def derivative(z: Array, y: Array) -> Array:
        with mpmath.workdps(DIGITS):
            return np.array([[_moved(cost, outputs, z[:, 0], y, place)] for place in range(len(z))])

    def terms(z: Array, y: Array) -> Array:
        with mpmath.workdps(DIGITS):
            return _terms(cost, outputs, z, y)

    return reference.Cost(value, derivative, terms)


def _softmax(z: Column) -> Column:
    grown = [mpmath.exp(one) for one in z]
    return [one / mpmath.fsum(grown) for one in grown]


def _each(f: Callable[[Any], Any]) -> Callable[[Column], Column]:
    return lambda z: [f(one) for one in z]


@lru_cache(maxsize=4096)
def _at(e: Any, y: float) -> Callable[[Any], Any]:
    """A term in a and y as a function of a."""
    return function(substitute(e, {Y: Rational(*y.as_integer_ratio())}))


def _summed(cost: Cost, a: Column, y: Array) -> Any:
    try:
        return mpmath.fsum(_at(cost.value, float(target))(one) for one, target in zip(a, y[:, 0], strict=True))
    except Undefined as error:
        at = ", ".join(mpmath.nstr(mpmath.re(one), 4) for one in a)
        raise NoValue(f"the cost {cost.name} has no value for outputs such as {at}: {error}") from None


def _moved(cost: Cost, outputs: Callable[[Column], Column], z: Array, y: Array, place: int) -> float:
    """The derivative by one of the weighted inputs."""
    tiny = mpmath.mpf(10) ** -STEP
    moved = [mpmath.mpc(one, tiny if here == place else 0) for here, one in enumerate(z.real)]
    return float(mpmath.im(_summed(cost, outputs(moved), y)) / tiny)


def _terms(cost: Cost, outputs: Callable[[Column], Column], z: Array, y: Array) -> Array:
    """The same with absolute values: what the terms of the derivative by a come to, times how a depends on z."""
    tiny, count = mpmath.mpf(10) ** -STEP, len(z)
    plain = [mpmath.mpmathify(float(one)) for one in z[:, 0].real]
    gradient = unfolded(cost.gradient)
    sizes = [_size(gradient, a, float(t)) for a, t in zip(outputs(plain), y[:, 0], strict=True)]
    found = []
    for place in range(count):
        moved = [mpmath.mpc(one, tiny if here == place else 0) for here, one in enumerate(plain)]
        by = [abs(mpmath.im(a)) / tiny for a in outputs(moved)]
        found.append([float(mpmath.fsum(slope * size for slope, size in zip(by, sizes, strict=True)))])
    return np.array(found)


def _size(e: Any, a: Any, y: float) -> Any:
    """A term in a and y, with absolute values for all that is added up."""
    if isinstance(e, Add | Mul):
        parts = [_size(part, a, y) for part in e.args]
        return mpmath.fsum(parts) if isinstance(e, Add) else mpmath.fprod(parts)
    if isinstance(e, Choice):
        return _size(e.args[1] if mpmath.re(_value(e.args[0], a, y)) > 0 else e.args[2], a, y)
    if isinstance(e, Pow) and e.exp > 0:
        return _size(e.base, a, y) ** int(e.exp)
    return abs(_value(e, a, y))


def _value(e: Any, a: Any, y: float) -> Any:
    return _at(e, y)(a)


__all__ = ["NoValue", "cost_of_z"]
