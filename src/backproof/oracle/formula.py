"""A formula in one variable as a function of complex numbers of 180 digits, which neither overflow nor underflow."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
from sympy import Add, Mul, Pow, Rational, Symbol

from ..surface.terms import Apply, Choice
from .worlds.verdicts import Undefined

DIGITS = 180
STEP = 80  # digits of the complex step: the other hundred are for what powers of complex numbers lose
FAR = 100_000
Scalar = Callable[[Any], Any]


def value_and_slope(e: Any) -> Callable[[complex], tuple[complex, float]]:
    """The value of ``e`` at a number, and its derivative at the real part: by the complex step, with no rule of ours.

    ``Undefined`` where it has no value there.
    """
    code = _code(e)

    def at(z: complex) -> tuple[complex, float]:
        with mpmath.workdps(DIGITS):
            tiny = mpmath.mpf(10) ** -STEP
            try:
                value, moved = code(mpmath.mpmathify(z)), code(mpmath.mpc(z.real, tiny))
            except OverflowError:  # an exponent that is too large for any number
                return complex(math.inf), math.inf
            return _complex(value), _float(mpmath.im(moved) / tiny)

    return at


def function(e: Any) -> Scalar:
    """``e`` as a function of numbers of mpmath, in its precision."""
    return _code(e)


def _float(value: Any) -> float:
    """A float, infinite where the number is too large for one."""
    try:
        return float(value)
    except OverflowError:
        return math.copysign(math.inf, mpmath.sign(value))


def _complex(value: Any) -> complex:
    return complex(_float(mpmath.re(value)), _float(mpmath.im(value)))


def _exp(u: Any) -> Any:
    """Numbers have exponents as long as need be, but sums of them do not: far out it is 0, or too large."""
    if abs(mpmath.re(u)) > FAR:
        if mpmath.re(u) > 0:
            raise OverflowError(f"exp of {mpmath.nstr(u)}")
        return mpmath.mpf(0)
    return mpmath.exp(u)


def _log(u: Any) -> Any:
    if mpmath.re(u) <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return mpmath.log(u)


def _root(u: Any) -> Any:
    if mpmath.re(u) <= 0:
        raise Undefined("the root of a number that is not positive")
    return mpmath.sqrt(u)


FUNCTIONS: dict[str, Scalar] = {
    "sqrt": _root,
    "exp": _exp,
    "log": _log,
    "step": lambda u: mpmath.mpf(mpmath.re(u) > 0),
    "Phi": lambda u: mpmath.erfc(-u / mpmath.sqrt(2)) / 2,
    "phi": lambda u: mpmath.exp(-u * u / 2) / mpmath.sqrt(2 * mpmath.pi),
}


def _code(e: Any) -> Scalar:
    """``e``, whose only symbol is the variable, as a function of it."""
    if isinstance(e, Symbol):
        return lambda z: z
    if isinstance(e, Rational):
        top, bottom = int(e.p), int(e.q)
        return lambda _: mpmath.mpf(top) / bottom
    if isinstance(e, Apply):
        function, inner = FUNCTIONS[str(e.args[0])], _code(e.args[1])
        return lambda z: function(inner(z))
    if isinstance(e, Choice):
        test, above, below = map(_code, e.args)
        return lambda z: above(z) if mpmath.re(test(z)) > 0 else below(z)
    if isinstance(e, Pow):
        return _power(_code(e.base), int(e.exp))
    if isinstance(e, Add | Mul):
        parts = [_code(part) for part in e.args]
        return (lambda z: mpmath.fsum(part(z) for part in parts)) if isinstance(e, Add) else _product(parts)
    raise TypeError(f"{e} is no formula in one variable")


def _product(parts: list[Scalar]) -> Scalar:
    return lambda z: mpmath.fprod(part(z) for part in parts)


def _power(base: Scalar, exponent: int) -> Scalar:
    def power(z: Any) -> Any:
        below = base(z)
        if exponent < 0 and below == 0:
            raise Undefined("a division by 0")
        return below**exponent

    return power
