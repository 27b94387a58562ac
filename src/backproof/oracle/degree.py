"""Degrees: an upper bound on the degree of a rational function, found by evaluating with degrees for numbers."""

from __future__ import annotations

from typing import Any

from ..core.network import Network
from .dual import Dual
from .worlds.elementary import hermite
from .worlds.reading import Code
from .worlds.world import Key, Shape, World


class Degree:
    """At most the degrees of numerator and denominator of a rational function. Ordinary numbers have degree 0."""

    __slots__ = ("bottom", "top")

    def __init__(self, top: int, bottom: int = 0) -> None:
        self.top, self.bottom = top, bottom

    def __add__(self, other: Any) -> Degree:
        if not isinstance(other, Degree):
            return self if self.top >= self.bottom else Degree(self.bottom, self.bottom)
        if not self.bottom and not other.bottom:
            return self if self.top >= other.top else other
        return Degree(max(self.top + other.bottom, other.top + self.bottom), self.bottom + other.bottom)

    def __mul__(self, other: Any) -> Degree:
        if not isinstance(other, Degree):
            return self
        return Degree(self.top + other.top, self.bottom + other.bottom)

    def __pow__(self, times: int) -> Degree:
        return Degree(times * self.top, times * self.bottom)

    __radd__, __rmul__ = __add__, __mul__


VARIABLE, FRACTION = Degree(1), Degree(1, 1)


class Degrees(World):
    """Numbers are degrees: what is drawn at random in ``Modular`` is a variable here, of degree 1."""

    def __init__(self, net: Network, shape: Shape, seed: str) -> None:
        super().__init__(net, shape, seed)
        self.of_arguments = 0  # the degree of a difference of two arguments of functions

    def satisfying(self, gaps: list[Code]) -> World:  # noqa: ARG002 - as in World
        """The datum that is chosen is of degree 1 in the others, as it was before."""
        return self

    def draw(self, _: Key) -> Degree:
        return VARIABLE

    def rational(self, _top: int, _bottom: int) -> int:
        return 1

    def inverse(self, value: Any) -> Any:
        if isinstance(value, Dual):
            inverse = self.inverse(value.value)
            return Dual(inverse, inverse * inverse * value.slope)
        return Degree(value.bottom, value.top) if isinstance(value, Degree) else 1

    def function(self, name: str, times: int, u: Any) -> Any:
        if isinstance(u, Dual):
            return Dual(self.function(name, times, u.value), self.function(name, times + 1, u.value) * u.slope)
        if isinstance(u, Degree):
            self.of_arguments = max(self.of_arguments, u.top + u.bottom)
        if name == "log" and times:
            return self.inverse(u) ** times
        if name in ("Phi", "phi") and times:
            return hermite(times - (name == "Phi"), u) * VARIABLE
        return FRACTION if name == "exp" else VARIABLE

    def unspecified(self, _: Key, inputs: list[tuple[Key, Any]]) -> Any:
        if not any(isinstance(v, Dual) for _, v in inputs):
            return VARIABLE
        return Dual(VARIABLE, sum(VARIABLE * v.slope for _, v in inputs if isinstance(v, Dual)))

    def shift(self, value: Any) -> Dual:
        return Dual(value, 1)

    def is_shifted(self, value: Any) -> bool:
        return isinstance(value, Dual)

    def slope(self, value: Any) -> Any:
        return value.slope if isinstance(value, Dual) else 0

    def is_zero(self, _: Any) -> bool:
        return False

    def is_positive(self, _: Any) -> bool:
        return True


def of_difference(lhs: Any, rhs: Any) -> int:
    """The degree of the numerator of lhs - rhs."""
    first, second = (side if isinstance(side, Degree) else Degree(0) for side in (lhs, rhs))
    return max(first.top + second.bottom, second.top + first.bottom)
