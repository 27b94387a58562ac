"""The network that the tests of rules are about, and what they assert."""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, minus, shift, variable

from .making import K0, ONE, L, N, at, equation, family, function, network, read, total

i, j, l, x = (variable(name) for name in "ijlx")
NONE = frozenset()


def zero_rank(*names):
    return tuple(family(name, ((ONE, N),) * arity, (index(), index())) for name, arity in names)


ARGUMENT = t.quantity("?")
NET = network(
    (
        *zero_rank(("a", 1), ("b", 2), ("c", 0)),
        family("p", ((ONE, N),), (index(), index()), ("positive",)),
        family("y", ((ONE, N), (ONE, N)), (index(), index())),
        family("h", ((ONE, N),), (index(1), index())),
        family("g", ((index(0), L),), (index(2), bound(0))),
        family("o", ((ONE, N),), (index(3), index())),
        family("C", (), (index(4), index())),
        family("late", (), (index(5), index())),
        family("late2", (), (index(6), index())),
        family("late3", ((ONE, N),), (index(7), index())),
    ),
    (
        equation("h", (), t.applied("f", 0, total(t.product(at("b", bound(1), K0), at("a", K0))))),
        equation("g", (shift(K0, -1),), t.product(at("g", shift(K0, -1)), at("c"))),
        equation("g", (minus(index(), K0),), t.power(at("c"), -1)),
        equation("o", (), None, (read(0, (), t.quantity("h", K0)),)),
        equation("C", (), total(t.power(at("o", K0), 2))),
        equation("late", (), t.atom(t.node(t.Derivative, t.quantity("C"), t.quantity("c")))),
        equation("late2", (), at("late")),
        equation("late3", (), t.product(at("late2"), at("a", K0))),
    ),
    (
        function("s", t.power(t.add(t.ONE, t.applied("exp", 0, t.times(-1, t.atom(ARGUMENT)))), -1)),
        function("r", t.applied("log", 0, t.atom(ARGUMENT))),
    ),
)
OTHER = network()


def refused(rule, reason, make, *args):
    with pytest.raises(Refused, match=reason) as refusal:
        make(*args)
    assert refusal.value.rule == rule, refusal.value


def is_theorem(p, lhs, rhs, hypotheses=NONE):
    assert type(p) is k.Theorem
    assert (p.lhs, p.rhs, p.hypotheses) == (lhs, rhs, frozenset(hypotheses))
