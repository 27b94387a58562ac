"""A formula in one variable as a function of complex numbers of 80 digits, which neither overflow nor underflow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
from sympy import Add, Mul, Pow, Rational, Symbol

from ..core.terms import Apply
from .reading import Undefined

DIGITS = 80
Scalar = Callable[[Any], Any]


def value_and_slope(e: Any) -> Callable[[complex], tuple[complex, float]]:
    """The value of ``e`` at a number, and its derivative at the real part: by the complex step, with no rule of ours.

    ``Undefined`` where it has no value there.
    """
    code = _code(e)

    def at(z: complex) -> tuple[complex, float]:
        with mpmath.workdps(DIGITS):
            tiny = mpmath.mpf(10) ** -DIGITS
            value, moved = code(mpmath.mpmathify(z)), code(mpmath.mpc(z.real, tiny))
            return complex(value), float(mpmath.im(moved) / tiny)

    return at


def _log(u: Any) -> Any:
    if mpmath.re(u) <= 0:
        raise Undefined("the logarithm of a number that is not positive")
    return mpmath.log(u)


FUNCTIONS: dict[str, Scalar] = {
    "exp": mpmath.exp,
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
