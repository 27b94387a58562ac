"""Parts of networks and terms, as the tests of the core write them."""

from __future__ import annotations

from typing import Any

from backproof.core import network as nw
from backproof.core import term as t
from backproof.core.index import Index, Size, bound, index, lift, minus, node, size
from backproof.core.kernel import Equal, Hypothesis

ZERO, ONE, N, L = index(), index(1), size("N"), size("L")
K0 = bound(0)


def family(name: Any, ranges: Any = (), rank: Any = (), facts: Any = ()) -> nw.Family:
    return node(nw.Family, name, ranges, rank, facts)


def equation(name: Any, conditions: Any = (), body: Any = None, reads: Any = ()) -> nw.Equation:
    return node(nw.Equation, name, conditions, body, reads)


def read(n: Any, conditions: Any, of: Any) -> nw.Read:
    return node(nw.Read, n, conditions, of)


def function(name: Any, body: Any) -> nw.Function:
    return node(nw.Function, name, body)


def network(families: Any = (), equations: Any = (), functions: Any = (), sizes: Any = ()) -> nw.Network:
    return nw.network(families, equations, functions, sizes)


def partial(head: Any, slot: Any, indices: Any) -> t.Term:
    return t.atom(node(t.Partial, head, slot, indices))


def subtract(p: t.Term, q: t.Term) -> t.Term:
    return t.add(p, t.times(-1, q))


def size_of(d: Index) -> Size:
    """The size that an index expression is."""
    return next(iter(d.terms))[0]


def at(name: str, *indices: Index) -> t.Term:
    return t.atom(t.quantity(name, *indices))


def between(d: Index, lo: Index, hi: Index) -> t.Term:
    """[lo <= d <= hi]"""
    return t.product(t.bracket(minus(d, lo)), t.bracket(minus(hi, d)))


def total(p: t.Term, lo: Index = ONE, hi: Index = N) -> t.Term:
    """The sum of p over its innermost variable; the ends stand outside."""
    return t.bind(1, t.product(between(K0, lift(lo, 1), lift(hi, 1)), p))


def for_all(n: int, conditions: Any, lhs: t.Term, rhs: t.Term) -> Hypothesis:
    return node(Hypothesis, n, frozenset(conditions), node(Equal, lhs, rhs))


EMPTY = network()
