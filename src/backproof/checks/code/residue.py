"""Numbers for exact runs: an integer modulo the prime 2^61 - 1, and beside it the real number that it stands for.

A program whose arrays have such entries computes in a field, on inputs that are drawn from all of it: what it adds,
multiplies and divides is exact, and equal to another expression only where the two are equal as rational functions, but
for a chance of at most degree/p (Schwartz 1980, Zippel 1979); degrees are counted along. Comparisons, and with them the
way that the program takes, are decided by the real number, which is drawn by itself.

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
NEGLIGIBLE: Final = 1e-6  # beside numbers near 1
SMALL: Final = 4096  # the denominator of a fraction that somebody computes


class InexactError(TypeError):
    """What has no meaning in a field; it says what the program did."""


@dataclass
class Field:
    """The values of functions, drawn where they are met first: one field for one run, and for what it is held against.

    ``asked`` counts the arguments of functions, ``highest`` is their highest degree: where two of them that are
    formally different come out equal, their values are no independent variables, which is a part of the chance.
    """

    seed: int = 0
    exponentials: dict[int, int] = field(default_factory=lambda: {0: 1})
    logarithms: dict[int, int] = field(default_factory=lambda: {1: 0})
    values: dict[tuple[str, int], int] = field(default_factory=dict)
    asked: int = 0
    highest: int = 0
    neglects: bool = False  # whether numbers such as 1e-8 beside others are taken to be 0
    neglected: float = 0.0  # the largest number beside others that was taken to be 0

    def __post_init__(self) -> None:
        self._random = random.Random(f"field {self.seed}")  # noqa: S311 - no secrets here

    def number(self, value: Any) -> Residue:
        """A rational number."""
        if type(value) is int and abs(value) < PRIME:
            return Residue(self, value % PRIME, float(value))
        exact = fraction(value)
        return Residue(self, exact.numerator * inverse(exact.denominator) % PRIME, float(exact))

    def variable(self, shadow: Any) -> Residue:
        """An input: any number of the field, which behaves as the real one where numbers are compared."""
        return Residue(self, self.draw(), float(shadow), 1)

    def met(self, argument: Residue) -> None:
        """Count an argument of a function, and the degree of what it is."""
        self.asked += 1
        self.highest = max(self.highest, argument.top + argument.bottom)

    def chance(self, degree: int) -> Fraction:
        """That different expressions of that degree are equal, or that two arguments of functions are by accident."""
        return Fraction(degree + (self.asked + 1) ** 2 * (2 * self.highest + 1), PRIME)

    def draw(self) -> int:
        """Any number but 0."""
        return self._random.randrange(1, PRIME)

    def exp(self, u: int) -> int:
        """The exponential: known from exponentials met before, or drawn."""
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
        if value not in self.logarithms:
            self._keep(self.draw(), value)
        return self.logarithms[value]

    def sqrt(self, value: int) -> int:
        """A root, the same one whenever it is asked for. InexactError for the half that has none."""
        root = pow(value, (PRIME + 1) // 4, PRIME)
        if root * root % PRIME != value:
            raise InexactError("the square root of a number that has none in the field")
        return self.values.setdefault(("sqrt", value), root)

    def function(self, name: str, u: int) -> int:
        """Another function, of which nothing else is known."""
        return self.values.setdefault((name, u), self.draw())


def inverse(value: int) -> int:
    """1/value modulo the prime."""
    if value % PRIME == 0:
        raise ZeroDivisionError("division by 0")
    return pow(value, -1, PRIME)


HALF: Final = inverse(2)

#: Of floating-point numbers: bound here, since a program under check may be given others in their place.
EXP, LOG, SQRT, ERF, SIN, COS = math.exp, math.log, math.sqrt, math.erf, math.sin, math.cos


FREE: Final = 8  # the degree of a value of a function in the variables that are drawn: exp(2 u) is a fourth power


def fraction(value: Any) -> Fraction:
    """The number that was meant. InexactError: nan and infinity."""
    if isinstance(value, Fraction | Integral):
        return Fraction(int(value)) if isinstance(value, Integral) else value
    if not math.isfinite(value):
        raise InexactError(f"{float(value)} has no meaning in exact numbers")
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
    """A number of a field; ``real`` is what it is in floating point, by which comparisons are decided.

    ``top`` and ``bottom`` are at least the degrees of its numerator and denominator, in the inputs and in the values of
    functions.
    """

    __slots__ = ("bottom", "field", "residue", "shadow", "top")

    def __init__(self, of: Field, residue: int, shadow: float, top: int = 0, bottom: int = 0) -> None:
        self.field, self.residue, self.shadow, self.top, self.bottom = of, residue, shadow, top, bottom

    def _other(self, other: Any) -> Any:
        if isinstance(other, Residue):
            return other
        if isinstance(other, Real) or _is_boolean(other):
            return self.field.number(int(other) if _is_boolean(other) else other)
        return NotImplemented

    def _addend(self, other: Any) -> Any:
        """Numbers such as 1e-8 are put beside others against a division by 0 alone: they are taken to be 0."""
        if self.field.neglects and isinstance(other, float) and 0 < abs(other) <= NEGLIGIBLE:
            self.field.neglected = max(abs(float(other)), self.field.neglected)
            return self.field.number(0)
        return self._other(other)

    def __add__(self, other: Any) -> Any:
        o = other if type(other) is Residue else self._addend(other)
        return o if o is NotImplemented else self._sum(o, self.residue + o.residue, self.shadow + o.shadow)

    def __sub__(self, other: Any) -> Any:
        o = self._addend(other)
        return o if o is NotImplemented else self._sum(o, self.residue - o.residue, self.shadow - o.shadow)

    def _sum(self, o: Residue, residue: int, shadow: float) -> Residue:
        one, other = self.top + o.bottom, o.top + self.bottom
        return Residue(self.field, residue % PRIME, shadow, one if one > other else other, self.bottom + o.bottom)  # noqa: FURB136 - called millions of times

    def __rsub__(self, other: Any) -> Any:
        o = self._addend(other)
        return o if o is NotImplemented else o - self

    def __mul__(self, other: Any) -> Any:
        o = other if type(other) is Residue else self._other(other)
        if o is NotImplemented:
            return o
        residue = self.residue * o.residue % PRIME
        return Residue(self.field, residue, self.shadow * o.shadow, self.top + o.top, self.bottom + o.bottom)

    def __truediv__(self, other: Any) -> Any:
        o = self._other(other)
        if o is NotImplemented:
            return o
        if o.residue == 0:
            raise ZeroDivisionError("division by a number that is 0 whatever the inputs are")
        shadow = self.shadow / o.shadow if o.shadow else math.nan
        residue = self.residue * inverse(o.residue) % PRIME
        return Residue(self.field, residue, shadow, self.top + o.bottom, self.bottom + o.top)

    def __rtruediv__(self, other: Any) -> Any:
        o = self._other(other)
        return o if o is NotImplemented else o / self

    __radd__, __rmul__ = __add__, __mul__

    def __pow__(self, exponent: Any) -> Any:
        power = fraction(exponent) if isinstance(exponent, Real) else None
        if power is None or power.denominator not in (1, 2):
            raise InexactError(f"a power with the exponent {exponent}")
        base, times = self if power.denominator == 1 else self.sqrt(), abs(power.numerator)
        shadow = base.shadow**times
        whole = Residue(self.field, pow(base.residue, times, PRIME), shadow, base.top * times, base.bottom * times)
        return whole if power >= 0 else 1 / whole

    def __rpow__(self, _: Any) -> Any:
        raise InexactError("a power whose exponent is computed")

    def __neg__(self) -> Residue:
        return Residue(self.field, -self.residue % PRIME, -self.shadow, self.top, self.bottom)

    def __pos__(self) -> Residue:
        return self

    def __abs__(self) -> Residue:
        return -self if self.shadow < 0 else self

    def __mod__(self, _: Any) -> Any:
        raise InexactError("a remainder")

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
        raise InexactError("it converts its numbers to floating point or to integers")

    __float__ = __int__ = __index__ = __complex__ = __round__ = __trunc__ = __floor__ = __ceil__ = _lost

    def __copy__(self) -> Residue:
        return self

    def __deepcopy__(self, _: Any) -> Residue:
        return self

    def __repr__(self) -> str:
        return f"{self.shadow:.6g}"

    # What NumPy calls for its functions, on arrays of objects.

    def _value(self, residue: int, shadow: float) -> Residue:
        """Of a function: a free variable, whatever the argument is; a quotient or product of two where it is known."""
        return Residue(self.field, residue, shadow, FREE, FREE)

    def _root(self, residue: int, shadow: float) -> Residue:
        """Its square has the degrees of the argument; twice as much is counted, since it is taken to be free."""
        return Residue(self.field, residue, shadow, 2 * self.top + 1, 2 * self.bottom)

    def _function(self, name: str, of_real: Callable[[float], float]) -> Residue:
        self.field.met(self)
        return self._value(self.field.function(name, self.residue), _real(of_real, self.shadow))

    def conjugate(self) -> Residue:
        return self

    @property
    def real(self) -> Residue:
        return self

    def exp(self) -> Residue:
        if self.shadow < UNDERFLOW:  # minus infinity or nearly so, as in a mask
            return Residue(self.field, 0, 0.0)
        self.field.met(self)
        return self._value(self.field.exp(self.residue), _real(EXP, self.shadow))

    def log(self) -> Residue:
        if self.shadow <= 0:
            raise InexactError("the logarithm of a number that is not positive")
        self.field.met(self)
        return self._value(self.field.log(self.residue), _real(LOG, self.shadow))

    def sqrt(self) -> Residue:
        if self.shadow < 0:
            raise InexactError("the square root of a negative number")
        return self._root(self.field.sqrt(self.residue), _real(SQRT, self.shadow))

    def tanh(self) -> Residue:
        square = (self + self).exp()
        return (square - 1) / (square + 1)  # type: ignore[no-any-return]

    def cosh(self) -> Residue:
        return (self.exp() + (-self).exp()) / 2  # type: ignore[no-any-return]

    def sinh(self) -> Residue:
        return (self.exp() - (-self).exp()) / 2  # type: ignore[no-any-return]

    def square(self) -> Residue:
        return self * self  # type: ignore[no-any-return]

    def log1p(self) -> Residue:
        return (self + 1).log()  # type: ignore[no-any-return]

    def expm1(self) -> Residue:
        return self.exp() - 1  # type: ignore[no-any-return]

    def log2(self) -> Residue:
        return self.log() / self.field.number(2).log()  # type: ignore[no-any-return]

    def log10(self) -> Residue:
        return self.log() / self.field.number(10).log()  # type: ignore[no-any-return]

    def erf(self) -> Residue:
        return self._function("erf", ERF)

    def sin(self) -> Residue:
        return self._function("sin", SIN)

    def cos(self) -> Residue:
        return self._function("cos", COS)

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


__all__ = ["PRIME", "Field", "InexactError", "Residue", "fraction", "inverse"]
