"""How many multiplications it takes to evaluate a term as it is written: a function of terms, whose value is a term."""

from __future__ import annotations

from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational, S

from .terms import Apply, D, Member, Refused, Total


def multiplications(e: Any) -> Any:
    """A product of r factors takes r - 1, a sum as many as its terms together; a sign, and a function, none."""
    if isinstance(e, Total):
        return Total(multiplications(e.args[0]), *e.args[1:])
    if isinstance(e, Add):
        return Add(*map(multiplications, e.args))
    if isinstance(e, Apply):
        return multiplications(e.args[1])
    if isinstance(e, Mul):
        factors = [f for f in e.args if f != -1]
        return Add(len(factors) - 1, *map(multiplications, factors))
    if isinstance(e, Pow) and isinstance(e.exp, Integer) and e.exp > 0:
        return e.exp - 1 + multiplications(e.base)
    if isinstance(e, Member | D | Rational):
        return S.Zero
    raise Refused("count", f"no count for {e}")
