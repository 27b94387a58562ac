"""exp(v) and exp(v/2) as powers of one: the core has exp(3 v) as exp(v)^3, and exp(v) and exp(v/2) as two things.

Which exponents have a unit in common is seen from all terms that are to be compared; that exp(k w) is exp(w)^k is
proved by the two laws of exp and log.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import reduce
from math import gcd
from typing import Any

from ..core import kernel
from ..core import term as core
from ..core.index import found
from ..core.kernel import Theorem
from ..core.term import Applied, Term
from ..derive.search import Context, rewrite, then

Units = dict[Any, Fraction]  # by monomial: what the exponents that are multiples of it are counted in
MOST = 64  # how often a unit is in an exponent


def units(terms: Iterable[Term]) -> Units:
    """Those of the exponents c m in all the terms, for monomials m with several c."""
    by: dict[Any, set[Fraction]] = {}
    for a in frozenset[Any]().union(*(found(p, Applied) for p in terms)):
        if (part := _exponent(a)) is not None:
            by.setdefault(part[0], set()).add(part[1])
    made = {m: reduce(_common, several) for m, several in by.items() if len(several) > 1}
    return {m: unit for m, unit in made.items() if max(by[m]) <= MOST * unit}


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The largest number that both are multiples of."""
    below = one.denominator * other.denominator
    return Fraction(gcd(one.numerator * other.denominator, other.numerator * one.denominator), below)


def _exponent(a: Any) -> tuple[Any, Fraction] | None:
    """m and c of exp(c m)."""
    if (a.function, a.degree) != ("exp", 0) or len(a.argument.terms) != 1:
        return None
    [(m, c)] = a.argument.terms
    return (m, Fraction(c)) if not m.bound else None


def _counted(a: Any, of: Units) -> tuple[Term, int] | None:
    """w and k where a is exp(k w) for the unit w; None where it is no multiple, or w itself."""
    part = _exponent(a) if type(a) is Applied else None
    if part is None or part[0] not in of or part[1] == of[part[0]]:
        return None
    times = part[1] / of[part[0]]
    return core.times(1 / times, a.argument), int(times)


def in_units(p: Term, of: Units) -> Term:
    """The term with exponents in units, without a proof."""

    def change(a: Any, *_: Any) -> Term | None:
        counted = _counted(a, of)
        return None if counted is None else core.power(core.applied("exp", 0, counted[0]), counted[1])

    return core.replace(p, change) if of else p


def proved_in_units(cx: Context, p: Theorem, of: Units) -> Theorem:
    """The theorem with exponents in units on its right side."""

    def find(a: Any, _: Any) -> Theorem | None:
        counted = _counted(a, of)
        return None if counted is None else _power(cx, *counted)

    return then(p, rewrite(p.rhs, find, Applied)) if of else p


def _power(cx: Context, w: Term, k: int) -> Theorem:
    """exp(k w) = exp(k log(exp w)) = exp(log(exp w))^k = exp(w)^k."""
    grown, hole = core.applied("exp", 0, w), core.atom(core.quantity("?0"))
    times = kernel.subst(core.times(k, hole), (kernel.law(cx.net, "log of exp", w),), ((),))
    inside = kernel.subst(core.applied("exp", 0, hole), (times,), ((),))
    outside = kernel.subst(core.power(hole, k), (kernel.law(cx.net, "exp of log", grown),), ((),))
    return kernel.trans(kernel.symm(inside), outside)


__all__ = ["Units", "in_units", "proved_in_units", "units"]
