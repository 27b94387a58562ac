"""Dual numbers: value + slope epsilon, where epsilon squared is 0. Over any numbers that add and multiply."""

from __future__ import annotations

from typing import Any


class Dual:
    """``f(Dual(u, 1)).slope`` is the derivative of f at u."""

    __slots__ = ("slope", "value")

    def __init__(self, value: Any, slope: Any) -> None:
        self.value, self.slope = value, slope

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)
        return Dual(self.value * other, self.slope * other)

    def __pow__(self, times: int) -> Dual:
        return Dual(self.value**times, times * self.value ** (times - 1) * self.slope)

    __radd__, __rmul__ = __add__, __mul__
