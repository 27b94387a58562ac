"""The numeric judge's worlds: floating point, derivatives by the complex step, a logistic and a softplus network.

f'(u) = Im f(u + ih) / h with h = 1e-30 has no cancellation (Squire and Trapp 1998), so that small partials are compared
as sharply as large ones. An unspecified activation is a real one here, an unspecified cost a smooth one.
"""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import mpmath

from ..surface.network import Network
from .worlds.shapes import Shape
from .worlds.verdicts import Undefined, Unsupported
from .worlds.world import Key, World

STEP = 1e-30
TOLERANCE = 1e-10


def logistic(times: int, u: Any) -> Any:
    """A derivative of the logistic function."""
    s = 1 / (1 + cmath.exp(-u)) if u.real > 0 else cmath.exp(u) / (1 + cmath.exp(u))  # neither is too large
    return (s, s * (1 - s), s * (1 - s) * (1 - 2 * s))[times]


def softplus(times: int, u: Any) -> Any:
    """A derivative of log(1 + exp(u)): unlike the logistic function's, none of them is even or odd."""
    if times:
        return logistic(times - 1, u)
    return u + cmath.log(1 + cmath.exp(-u)) if u.real > 0 else cmath.log(1 + cmath.exp(u))


def _log(times: int, u: Any) -> Any:
    if u.real <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return cmath.log(u) if not times else -((-1 / u) ** times) * math.factorial(times - 1)


SMALL = 3.0  # so far out, the series for the normal distribution function loses no more than three digits


def _distribution(times: int, u: Any) -> Any:
    """The normal distribution function; with digits to spare far out, so that the complex step shows its derivative.

    1/2 + phi(u) (u + u^3/3 + u^5/(3 5) + ...), whose terms all have one sign: Abramowitz and Stegun, 26.2.11.
    """
    if times:
        return _density(times - 1, u)
    if abs(u) > SMALL:
        with mpmath.workdps(50):
            return complex(mpmath.erfc(-mpmath.mpmathify(u) / mpmath.sqrt(2)) / 2)
    term, found, order = u, u, 1
    while abs(term) > 1e-18 * abs(found):
        order += 2
        term *= u * u / order
        found += term
    return 0.5 + _density(0, u) * found


def _density(times: int, u: Any) -> Any:
    return cmath.exp(-u * u / 2) / math.sqrt(2 * math.pi) * (1, -u, u * u - 1)[times]


def _root(times: int, u: Any) -> Any:
    """Its derivatives are 1/2 (1/2 - 1) ... u^(1/2 - times)."""
    if u.real <= 0:
        raise Undefined("the root of a number that is not positive")
    return math.prod(0.5 - order for order in range(times)) * cmath.sqrt(u) / u**times


FUNCTIONS: dict[str, Callable[[int, Any], Any]] = {
    "sqrt": _root,
    "exp": lambda _, u: cmath.exp(u),
    "log": _log,
    "step": lambda times, u: 0.0 if times else float(u.real > 0),
    "Phi": _distribution,
    "phi": _density,
}


@lru_cache(maxsize=2**14)
def _drawn(name: str) -> float:
    """A random number, the same for the same name, as in networks of the same shape."""
    rng = random.Random(name)  # noqa: S311 - nothing is secret
    return rng.uniform(0.2, 1.0) * rng.choice((-1, 1, 1))


class Floats(World):
    """Numbers are floats; shifted ones are complex. An open function is ``activation``."""

    def __init__(self, net: Network, shape: Shape, seed: str, activation: Callable[[int, Any], Any]) -> None:
        super().__init__(net, shape, seed)
        self.activation = activation
        self._factors: dict[Key, list[float]] = {}

    def draw(self, key: Any) -> float:
        return _drawn(f"{self.seed}{key}")

    def number(self, value: Any) -> Any:
        return float(value) if isinstance(value, int) else value

    def rational(self, top: int, bottom: int) -> float:
        return top / bottom

    def inverse(self, value: Any) -> Any:
        if value == 0:
            raise Undefined("division by 0")
        return 1 / value

    def function(self, name: str, times: int, u: Any) -> Any:
        if times > 2:
            raise Unsupported(f"derivative {times} of {name}")
        found = FUNCTIONS.get(name, self.activation)(times, u)
        return found if isinstance(u, complex) else found.real

    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        """sin of a weighted sum, and weighted squares: it depends on every input, with cross terms."""
        factors = self.weighed(key, inputs)
        inner = sum(c * v for c, v in factors)
        wave = cmath.sin(inner) if isinstance(inner, complex) else math.sin(inner)
        return wave + sum((2 - c) * v * v for c, v in factors)

    def weighed(self, key: Key, inputs: list[tuple[Key, Any]]) -> list[tuple[float, Any]]:
        """Each input of an unspecified function behind a factor of its own."""
        if key not in self._factors:
            self._factors[key] = [abs(_drawn(f"{key}{name}")) for name, _ in inputs]
        return [(c, value) for c, (_, value) in zip(self._factors[key], inputs, strict=True)]

    def shift(self, value: Any) -> complex:
        return complex(value, STEP)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, complex)

    def is_zero(self, value: Any) -> bool:
        return bool(abs(value) < TOLERANCE)

    def slope(self, value: Any) -> float:
        return value.imag / STEP if isinstance(value, complex) else 0.0
