"""Floating-point numbers that remember how large the terms are that they are sums of.

A sum of terms that cancel is a small number with the rounding errors of large ones. Its error is small beside the sum
of the absolute values of the terms, and large beside the number itself, which may be a true 0.
"""

from __future__ import annotations

import cmath
from typing import Any

from .numeric_world import STEP, TOLERANCE, Floats
from .worlds.verdicts import Undefined, Unsupported
from .worlds.world import Key


class Sized:
    """A number; ``size``: the sum of the absolute values of its terms; ``moved``: the same for its slope."""

    __slots__ = ("moved", "size", "value")

    def __init__(self, value: Any, size: float | None = None, moved: float = 0.0) -> None:
        self.value, self.size, self.moved = value, abs(value) if size is None else size, moved

    def __add__(self, other: Any) -> Sized:
        other = sized(other)
        return Sized(self.value + other.value, self.size + other.size, self.moved + other.moved)

    def __mul__(self, other: Any) -> Sized:
        other = sized(other)
        moved = self.size * other.moved + self.moved * other.size
        return Sized(self.value * other.value, self.size * other.size, moved)

    def __pow__(self, times: int) -> Sized:
        result = self
        for _ in range(times - 1):
            result = result * self
        return result

    def __abs__(self) -> Sized:
        return self if abs(self.value) == self.value else self * -1

    __radd__, __rmul__ = __add__, __mul__


def sized(value: Any) -> Sized:
    """The number; one that is no sum is as large as it is."""
    return value if isinstance(value, Sized) else Sized(value)


def error_of_sums(lhs: Any, rhs: Any) -> float:
    """|lhs - rhs| by the sum of the absolute values of all terms of both."""
    one, other = sized(lhs), sized(rhs)
    return float(abs(one.value - other.value) / (one.size + other.size or 1.0))


class Measured(Floats):
    """The network of a ``Floats`` with such numbers."""

    def __init__(self, of: Floats) -> None:
        super().__init__(of.plan.net, of.shape, "", of.activation)
        self.seed = of.seed

    def draw(self, key: Any) -> Any:
        return Sized(super().draw(key))

    def number(self, value: Any) -> Any:
        return sized(super().number(value))

    def rational(self, top: int, bottom: int) -> Any:
        return Sized(top / bottom)

    def inverse(self, value: Any) -> Any:
        value = sized(value)
        if value.value == 0:
            raise Undefined("division by 0")
        slope = abs(1 / value.value) ** 2
        return Sized(1 / value.value, abs(1 / value.value) + slope * value.size, slope * value.moved)

    def function(self, name: str, times: int, u: Any) -> Any:
        u = sized(u)
        found = super().function(name, times, u.value)
        try:
            slope = abs(super().function(name, times + 1, u.value))
        except Unsupported:
            slope = abs(found)
        return Sized(found, abs(found) + slope * u.size, slope * u.moved)

    def unspecified(self, key: Key, inputs: list[tuple[Key, Any]]) -> Any:
        factors = self.weighed(key, inputs)
        inner = sized(sum(c * v for c, v in factors))
        wave = cmath.sin(inner.value) if isinstance(inner.value, complex) else cmath.sin(inner.value).real
        return Sized(wave, 1 + inner.size, inner.moved) + sum((2 - c) * v * v for c, v in factors)

    def shift(self, value: Any) -> Any:
        return Sized(complex(value.value, STEP), value.size, 1.0)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, Sized) and isinstance(value.value, complex)

    def slope(self, value: Any) -> Any:
        return Sized(value.value.imag / STEP, value.moved) if self.is_shifted(value) else 0.0

    def is_zero(self, value: Any) -> bool:
        value = sized(value)
        return bool(abs(value.value) < TOLERANCE * max(value.size, 1.0))

    def is_positive(self, value: Any) -> bool:
        return bool(sized(value).value > 0)
