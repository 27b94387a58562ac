"""Numbers of 120 digits, differentiated as a derivative is defined, and the values of SymPy's formulas in one symbol.

Of 120 digits, a quotient of differences over t = 10^-55 keeps some 50: its error is of the size of t, and of
10^-120/t. No rule about derivatives is used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy
from sympy import Add, Basic, Float, Integer, Mul, Pow, Rational, Symbol

from .worlds.verdicts import Undefined

DIGITS = mpmath.MPContext()
DIGITS.dps = 120
T = DIGITS.mpf(10) ** -55


class Moved:
    """A number that depends on t: what it is for t = 0, and for ``T``."""

    __slots__ = ("here", "there")

    def __init__(self, here: Any, there: Any) -> None:
        self.here, self.there = here, there

    @classmethod
    def by_t(cls, number: Any) -> Moved:
        """number + t."""
        return cls(DIGITS.mpf(number), number + T)

    @property
    def slope(self) -> Any:
        """Its derivative at t = 0."""
        return (self.there - self.here) / T

    def __add__(self, other: Any) -> Moved:
        if isinstance(other, Moved):
            return Moved(self.here + other.here, self.there + other.there)
        return Moved(self.here + other, self.there + other)

    def __mul__(self, other: Any) -> Moved:
        if isinstance(other, Moved):
            return Moved(self.here * other.here, self.there * other.there)
        return Moved(self.here * other, self.there * other)

    def __pow__(self, times: int) -> Moved:
        return Moved(self.here**times, self.there**times)

    __radd__, __rmul__ = __add__, __mul__


def moved(function: Callable[[Any], Any], at: Any) -> Any:
    """A function of a number, which may depend on t."""
    return Moved(function(at.here), function(at.there)) if isinstance(at, Moved) else function(at)


def unmoved(number: Any) -> Any:
    """What a number is for t = 0."""
    return number.here if isinstance(number, Moved) else number


def number(e: Any, at: Any) -> Any:
    """The number that ``e`` is where its symbol is ``at``. Undefined where it is none."""
    if not isinstance(e, Basic):
        return e
    for head in type(e).__mro__:
        if head in NUMBERS:
            return NUMBERS[head](e, at)
    return DIGITS.mpf(sympy.N(e, DIGITS.dps)._mpf_)


def _power(e: Any, at: Any) -> Any:
    base, times = number(e.base, at), e.exp
    if base == 0 and times.is_negative:
        raise Undefined("division by 0")
    return base ** (int(times) if isinstance(times, Integer) else number(times, at))


def _of(function: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda e, at: function(number(e.args[0], at))


NUMBERS: dict[type, Callable[[Any, Any], Any]] = {
    Symbol: lambda _, at: at,
    Float: lambda e, _: DIGITS.mpf(e._mpf_),
    Rational: lambda e, _: DIGITS.mpf(int(e.p)) / int(e.q),
    Add: lambda e, at: DIGITS.fsum(number(part, at) for part in e.args),
    Mul: lambda e, at: DIGITS.fprod(number(part, at) for part in e.args),
    Pow: _power,
    sympy.exp: _of(DIGITS.exp),
    sympy.log: _of(DIGITS.log),
    sympy.erfc: _of(DIGITS.erfc),
}
