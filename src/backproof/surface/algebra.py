"""Algebra without theorems: whether two terms are equal, by the normal form of the core. Nothing rests on it."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from ..core import term as core
from ..core.index import Refused, key
from ..core.term import Group, Term
from .elaborate import form, quantity
from .terms import Apply, Choice, Member


@cache
def polynomial(e: Any) -> Term:
    """The normal form of a term in numbers, quantities and functions. Refused where it divides by 0."""
    if isinstance(e, Rational):
        return core.number(Fraction(int(e.p), int(e.q)))
    if isinstance(e, Symbol):
        return core.value(form(e))
    if isinstance(e, Member):
        return core.atom(quantity(e))
    if isinstance(e, Add | Mul):
        return (core.add if isinstance(e, Add) else core.product)(*map(polynomial, e.args))
    if isinstance(e, Apply):
        return core.applied(e.args[0].name, int(e.args[2]), polynomial(e.args[1]))
    if isinstance(e, Choice):
        return polynomial(e.stepped)
    if isinstance(e, Pow) and isinstance(e.exp, Integer):
        base = polynomial(e.base)
        if e.exp < 0 and is_zero(base):
            raise Refused("algebra", f"{e.base} is 0, and divided by")
        return core.power(base, int(e.exp))
    raise Refused("algebra", f"no normal form for {e}")


def subtract(p: Term, q: Term) -> Term:
    """p - q."""
    return core.add(p, core.times(-1, q))


def is_zero(p: Term) -> bool:
    """Whether it is 0 wherever what it divides by is not."""
    while divisors := {a: e for m, _ in p.terms for a, e in m.factors if e <= 0 and not m.bound}:
        a = min(divisors, key=lambda a: (type(a) is not Group, key(a)))
        most = -min(dict(m.factors).get(a, 0) for m, _ in p.terms)
        base = a.term if type(a) is Group else core.atom(a)
        p = core.add(*(
            core.times(c, core.product(
                core.monomial(m.bound, (f for f in m.factors if f[0] is not a)),
                _plain_power(base, dict(m.factors).get(a, 0) + most),
            ))
            for m, c in p.terms
        ))  # fmt: skip
    return p is core.ZERO


def _plain_power(p: Term, exponent: int) -> Term:
    return core.power(p, exponent) if exponent else core.ONE


def same(one: Any, other: Any) -> bool:
    """Whether algebra makes two terms equal."""
    try:
        return is_zero(subtract(polynomial(one), polynomial(other)))
    except Refused:
        return False
