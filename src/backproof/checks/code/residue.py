"""Numbers for exact runs: an integer modulo the prime 2^61 - 1, and beside it the real number that it stands for.

A program whose arrays have such entries computes in a field: what it adds, multiplies and divides is exact, and equal
to another expression exactly where the two are equal as rational functions, but for a chance of at most degree/p
(Schwartz 1980, Zippel 1979). Comparisons, and with them the way that the program takes, are decided by the real number.

Exponentials are free variables, one for each argument, with exp(u + v) = exp(u) exp(v) for all arguments that have been
met; so softmax does not change when a maximum is subtracted first. Logarithms, roots and other functions have one
value at each argument.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from numbers import Integral, Real
from typing import Any, Final

PRIME: Final = 2**61 - 1
DIGITS: Final = 12  # of a number as somebody writes it
UNDERFLOW: Final = -700.0  # exponentials below are 0 in floating point, or next to it
SMALL: Final = 4096  # the denominator of a fraction that somebody computes


class Inexact(TypeError):
    """What has no meaning in a field; it says what the program did."""


@dataclass
class Field:
    """The values of functions, drawn where they are met first: one field for one run, and for what it is held against.

    ``asked`` counts the arguments of functions: where two of them that are formally different come out equal, their
    values are no independent variables, which is part of the chance of an error.
    """

    seed: int = 0
    exponentials: dict[int, int] = field(default_factory=lambda: {0: 1})
    logarithms: dict[int, int] = field(default_factory=lambda: {1: 0})
    values: dict[tuple[str, int], int] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self) -> None:
        self._random = random.Random(f"field {self.seed}")  # noqa: S311 - no secrets here

    def number(self, value: Any) -> Residue:
        """A rational number."""
        exact = fraction(value)
        return Residue(self, exact.numerator * inverse(exact.denominator) % PRIME, float(exact))

    def draw(self) -> int:
        """Any number but 0."""
        return self._random.randrange(1, PRIME)

    def exp(self, u: int) -> int:
        """The exponential: known from exponentials met before, or drawn."""
        self.asked += 1
        found = self._known(u)
        if found is None:
            root = self.draw()
            self._keep(u * HALF % PRIME, root)  # so that exp(u/2), and tanh(u/2), are there as well
            found = root * root % PRIME
        self._keep(u, found)
        return found

    def _known(self, u: int) -> int | None:
        table = self.exponentials
        if u in table:
            return table[u]
        if (half := u * HALF % PRIME) in table:
            return table[half] ** 2 % PRIME
        for v, value in table.items():
            rest = (u - v) % PRIME
            if rest in table:
                return value * table[rest] % PRIME
            if PRIME - rest in table:
                return value * inverse(table[PRIME - rest]) % PRIME
        return None

    def _keep(self, u: int, value: int) -> None:
        for argument, power in ((u, value), (-u % PRIME, inverse(value))):
            self.exponentials.setdefault(argument, power)
            self.logarithms.setdefault(power, argument)

    def log(self, value: int) -> int:
        """The logarithm."""
        self.asked += 1
        if value not in self.logarithms:
            self._keep(self.draw(), value)
        return self.logarithms[value]

    def sqrt(self, value: int) -> int:
        """A root, the same one whenever it is asked for. Inexact where there is none in the field: half of the time."""
        root = pow(value, (PRIME + 1) // 4, PRIME)
        if root * root % PRIME != value:
            raise Inexact("the square root of a number that has none in the field")
        return self.values.setdefault(("sqrt", value), root)

    def function(self, name: str, u: int) -> int:
        """Another function, of which nothing else is known."""
        self.asked += 1
        return self.values.setdefault((name, u), self.draw())


def inverse(value: int) -> int:
    """1/value modulo the prime."""
    if value % PRIME == 0:
        raise ZeroDivisionError("division by 0")
    return pow(value, -1, PRIME)


HALF: Final = inverse(2)


def fraction(value: Any) -> Fraction:
    """A number as it is written: 0.1 is one tenth. Inexact for nan and infinity."""
    if isinstance(value, Fraction | Integral):
        return Fraction(int(value)) if isinstance(value, Integral) else value
    if not math.isfinite(value):
        raise Inexact(f"{float(value)} has no meaning in exact numbers")
    return written(float(value))


def written(value: float) -> Fraction:
    """What a floating-point number was before it was rounded: 0.1 is one tenth, 1/3 a third, 3 * 0.1 three tenths.

    Few digits, or a fraction of small numbers, where that is as near as a rounding or two; else all its digits.
    """
    shown = repr(value)
    if len(shown.partition("e")[0].strip("-0.").replace(".", "")) <= DIGITS:
        return Fraction(shown)
    for simple in (Fraction(f"{value:.{DIGITS}g}"), Fraction(value).limit_denominator(SMALL)):
        if abs(float(simple) - value) <= 4 * math.ulp(value):
            return simple
    return Fraction(shown)


class Residue:
    """A number of a field; ``real`` is what it is in floating point, by which comparisons are decided."""

    __slots__ = ("field", "residue", "shadow")

    def __init__(self, of: Field, residue: int, shadow: float) -> None:
        self.field, self.residue, self.shadow = of, residue, shadow

    def _made(self, residue: int, shadow: float) -> Residue:
        return Residue(self.field, residue % PRIME, shadow)

    def _other(self, other: Any) -> Any:
        if isinstance(other, Residue):
            return other
        if isinstance(other, bool) or isinstance(other, Real) or _is_boolean(other):
            return self.field.number(int(other) if _is_boolean(other) else other)
        return NotImplemented

    def __add__(self, other: Any) -> Any:
        o = self._other(other)
        return o if o is NotImplemented else self._made(self.residue + o.residue, self.shadow + o.shadow)

    def __sub__(self, other: Any) -> Any:
        o = self._other(other)
        return o if o is NotImplemented else self._made(self.residue - o.residue, self.shadow - o.shadow)

    def __rsub__(self, other: Any) -> Any:
        o = self._other(other)
        return o if o is NotImplemented else o - self

    def __mul__(self, other: Any) -> Any:
        o = self._other(other)
        return o if o is NotImplemented else self._made(self.residue * o.residue, self.shadow * o.shadow)

    def __truediv__(self, other: Any) -> Any:
        o = self._other(other)
        if o is NotImplemented:
            return o
        if o.residue == 0:
            raise ZeroDivisionError("division by a number that is 0 whatever the inputs are")
        return self._made(self.residue * inverse(o.residue), self.shadow / o.shadow if o.shadow else math.nan)

    def __rtruediv__(self, other: Any) -> Any:
        o = self._other(other)
        return o if o is NotImplemented else o / self

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, exponent: Any) -> Any:
        power = fraction(exponent) if isinstance(exponent, Real) else None
        if power is None or power.denominator not in (1, 2):
            raise Inexact(f"a power with the exponent {exponent}")
        base = self if power.denominator == 1 else self.sqrt()
        return self._made(pow(base.residue, power.numerator, PRIME), base.shadow**power.numerator)

    def __rpow__(self, _: Any) -> Any:
        raise Inexact("a power whose exponent is computed")

    def __neg__(self) -> Residue:
        return self._made(-self.residue, -self.shadow)

    def __pos__(self) -> Residue:
        return self

    def __abs__(self) -> Residue:
        return -self if self.shadow < 0 else self

    def __mod__(self, _: Any) -> Any:
        raise Inexact("a remainder")

    __floordiv__ = __rfloordiv__ = __rmod__ = __mod__

    # Comparisons.

    def __eq__(self, other: object) -> bool:
        o = self._other(other)
        return o is not NotImplemented and self.residue == o.residue

    def __hash__(self) -> int:
        return hash(self.residue)

    def __lt__(self, other: Any) -> bool:
        return self.shadow < _shadow(other)

    def __le__(self, other: Any) -> bool:
        return self.shadow <= _shadow(other)

    def __gt__(self, other: Any) -> bool:
        return self.shadow > _shadow(other)

    def __ge__(self, other: Any) -> bool:
        return self.shadow >= _shadow(other)

    def __bool__(self) -> bool:
        return self.residue != 0

    # What would lose the exact number.

    def _lost(self) -> Any:
        raise Inexact("it converts its numbers to floating point or to integers")

    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _lost

    def __repr__(self) -> str:
        return f"{self.shadow:.6g}"

    # What NumPy calls for its functions, on arrays of objects.

    def conjugate(self) -> Residue:
        return self

    @property
    def real(self) -> Residue:
        return self

    def exp(self) -> Residue:
        if self.shadow < UNDERFLOW:  # minus infinity or nearly so, as in a mask
            return self._made(0, 0.0)
        return self._made(self.field.exp(self.residue), _real(math.exp, self.shadow))

    def log(self) -> Residue:
        if self.shadow <= 0:
            raise Inexact("the logarithm of a number that is not positive")
        return self._made(self.field.log(self.residue), _real(math.log, self.shadow))

    def sqrt(self) -> Residue:
        if self.shadow < 0:
            raise Inexact("the square root of a negative number")
        return self._made(self.field.sqrt(self.residue), _real(math.sqrt, self.shadow))

    def tanh(self) -> Residue:
        square = (self + self).exp()
        return (square - 1) / (square + 1)

    def cosh(self) -> Residue:
        return (self.exp() + (-self).exp()) / 2

    def sinh(self) -> Residue:
        return (self.exp() - (-self).exp()) / 2

    def square(self) -> Residue:
        return self * self

    def log1p(self) -> Residue:
        return (self + 1).log()

    def expm1(self) -> Residue:
        return self.exp() - 1

    def log2(self) -> Residue:
        return self.log() / self.field.number(2).log()

    def log10(self) -> Residue:
        return self.log() / self.field.number(10).log()

    def erf(self) -> Residue:
        return self._made(self.field.function("erf", self.residue), math.erf(self.shadow))

    def fabs(self) -> Residue:
        return abs(self)


def _is_boolean(value: Any) -> bool:
    return type(value).__name__ in ("bool", "bool_")


def _shadow(other: Any) -> float:
    return other.shadow if isinstance(other, Residue) else float(other)


def _real(f: Callable[[float], float], x: float) -> float:
    try:
        return f(x)
    except (OverflowError, ValueError):
        return math.nan


__all__ = ["PRIME", "Field", "Inexact", "Residue", "fraction", "inverse"]
