"""The numeric judge: floating point, derivatives by the complex step, a logistic and a softplus network.

f'(u) = Im f(u + ih) / h with h = 1e-30 has no cancellation (Squire and Trapp 1998), so that small partials are compared
as sharply as large ones. An unspecified activation is a real one here, an unspecified cost a smooth one.
"""

from __future__ import annotations

import cmath
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath

from ..core.network import Network
from .worlds.reading import Malformed, Undefined, Unsupported
from .worlds.shapes import shapes, square
from .worlds.statement import statement
from .worlds.world import Key, Shape, World

STEP = 1e-30
TOLERANCE = 1e-10
TINY = 1e-300
WORST = 2.0
DEPTHS = (4, 4)


@dataclass(frozen=True)
class Numeric:
    """``max_relative_error``: the largest |lhs - rhs| / max(|lhs|, |rhs|) of all entries compared."""

    holds: bool | None
    max_relative_error: float = 0.0
    entries: int = 0
    reason: str = ""


def logistic(times: int, u: Any) -> Any:
    """A derivative of the logistic function."""
    s = 1 / (1 + cmath.exp(-u))
    return (s, s * (1 - s), s * (1 - s) * (1 - 2 * s))[times]


def softplus(times: int, u: Any) -> Any:
    """A derivative of log(1 + exp(u)): unlike the logistic function's, none of them is even or odd."""
    return cmath.log(1 + cmath.exp(u)) if times == 0 else logistic(times - 1, u)


def _log(times: int, u: Any) -> Any:
    if u.real <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return cmath.log(u) if not times else -((-1 / u) ** times) * math.factorial(times - 1)


def _distribution(times: int, u: Any) -> Any:
    """The normal distribution function, by mpmath; with digits to spare, the complex step shows its derivative."""
    if times:
        return _density(times - 1, u)
    with mpmath.workdps(50):
        return complex(mpmath.erfc(-mpmath.mpmathify(u) / mpmath.sqrt(2)) / 2)


def _density(times: int, u: Any) -> Any:
    return cmath.exp(-u * u / 2) / math.sqrt(2 * math.pi) * (1, -u, u * u - 1)[times]


FUNCTIONS: dict[str, Callable[[int, Any], Any]] = {
    "exp": lambda _, u: cmath.exp(u),
    "log": _log,
    "step": lambda times, u: 0.0 if times else float(u.real > 0),
    "Phi": _distribution,
    "phi": _density,
}


class Floats(World):
    """Numbers are floats; shifted ones are complex. An open function is ``activation``."""

    def __init__(self, net: Network, shape: Shape, seed: str, activation: Callable[[int, Any], Any]) -> None:
        super().__init__(net, shape, seed)
        self.activation = activation

    def draw(self, key: Any) -> float:
        rng = random.Random(f"{self.seed}{key}")  # noqa: S311 - nothing is secret
        return rng.uniform(0.2, 1.0) * rng.choice((-1, 1, 1))

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
        factors = [(self._factor(key, name), value) for name, value in inputs]
        inner = sum(c * v for c, v in factors)
        wave = cmath.sin(inner) if isinstance(inner, complex) else math.sin(inner)
        return wave + sum((2 - c) * v * v for c, v in factors)

    def _factor(self, key: Key, name: Key) -> float:
        return random.Random(f"{key}{name}").uniform(0.2, 1.0)  # noqa: S311 - nothing is secret

    def shift(self, value: Any) -> complex:
        return complex(value, STEP)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, complex)

    def is_zero(self, value: Any) -> bool:
        return bool(abs(value) < TOLERANCE)

    def slope(self, value: Any) -> float:
        return value.imag / STEP if isinstance(value, complex) else 0.0


@lru_cache(maxsize=64)
def models(net: Network) -> tuple[Floats, ...]:
    """A logistic and a softplus network."""
    kinds = (logistic, softplus)
    found = [Floats(net, shape, f" {f.__name__}", f) for shape, f in zip(shapes(net, DEPTHS), kinds, strict=True)]
    if net.widths or all(model.is_whole() for model in found):
        return tuple(found)
    return tuple(Floats(net, square(net, DEPTHS[0]), f" {f.__name__}", f) for f in kinds)


def judge(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any] = frozenset()) -> Numeric:
    """Whether ``lhs = rhs`` holds in floating point, entry by entry, to a relative error of ``TOLERANCE``."""
    try:
        claim = statement(net, lhs, rhs, hypotheses)
        errors = [relative_error(e.lhs, e.rhs) for model in models(net) for e in claim.cases(model)]
    except Malformed as why:
        return Numeric(False, WORST, reason=str(why))
    except (Unsupported, OverflowError) as why:
        return Numeric(None, reason=str(why))
    if not errors:
        return Numeric(None, reason="the hypotheses hold for no values that the statement speaks of")
    worst = max(errors)
    return Numeric(worst <= TOLERANCE, worst, len(errors))


def relative_error(first: float, second: float) -> float:
    """|first - second| / max(|first|, |second|); 0 where both are below 1e-300.

    It is at most 2, and 2 also where one of them is not a number.
    """
    if not (math.isfinite(first) and math.isfinite(second)):
        return WORST
    size = max(abs(first), abs(second))
    return abs(first / size - second / size) if size > TINY else 0.0
