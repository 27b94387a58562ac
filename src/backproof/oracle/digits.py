"""Numbers of 40 digits, and the values of SymPy's expressions in one symbol.

SymPy's own way to a value, ``xreplace``, builds the expression again from its parts, each of which is simplified.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy
from sympy import Add, Basic, Float, Integer, Mul, Pow, Rational, Symbol

from .worlds.verdicts import Undefined


class Digits(mpmath.MPContext):  # type: ignore[misc]  # mpmath has no types
    """Numbers that leave what is no number to the other side, without a message that would print all of it."""

    def _convert_fallback(self, x: Any, strings: Any) -> Any:
        if isinstance(x, Basic):
            raise TypeError("an expression is no number")
        return super()._convert_fallback(x, strings)


DIGITS = Digits()
DIGITS.dps = 40


def put(e: Any, at: Any) -> Any:
    """``e`` with a number, or an expression, for its symbol."""
    if not isinstance(at, Basic):
        return number(e, at)
    return e.xreplace(dict.fromkeys(e.free_symbols, at))


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
