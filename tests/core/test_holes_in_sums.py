"""A hole where the bound variables of a sum are put in order: what becomes a sum itself by that lost its own variable.

The order is looked for among at most 120, so that a sum over many variables that look alike may have another normal
form once it is put in order again. So one minus another was no 0 at first, and 1/(1/u + s - t) became u later.
"""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import bound, index, minus, node, putting, shift
from backproof.surface.proofs import dump
from backproof.verify.replay import load

from .evaluate import Model
from .making import EMPTY, K0, ONE, at, between, family, network, subtract, total
from .proofs import says

TWO, THREE, FIVE = index(2), index(3), index(5)
RINGS = [("a", 0, 1), ("a", 1, 0), ("a", 2, 3), ("a", 3, 4), ("a", 4, 5), ("a", 5, 2), ("b", 6, 7), ("b", 7, 6)]
AWAY = (7, 3, 6, 4, 5, 0, 2, 1)  # with these labels the order that is found is not the last one
NET = network((family("a", ((ONE, TWO),) * 3), family("b", ((ONE, TWO),) * 3)))


def atoms(labels):
    """Rings of two, four, and two variables from 1 to 2, at the loose variable outside."""
    rings = [t.quantity(name, bound(labels[x]), bound(labels[y]), bound(8)) for name, x, y in RINGS]
    return [*rings, *(node(t.Bracket, d) for i in range(8) for d in (shift(bound(i), -1), minus(TWO, bound(i))))]


def in_order(net, p):
    """|- sum over i of p = the sum over i of p, put in order again."""
    return k.reindex(net, t.product(between(K0, ONE, TWO), p), 1, index())


def within(p):
    """The sum over i of the inverse of the sum over j of p."""
    return total(t.power(total(p, ONE, FIVE), -1), ONE, TWO)


def is_true(p):
    value = Model(real=True).value
    return not p.hypotheses and value(p.lhs) == pytest.approx(value(p.rhs))


def test_what_becomes_a_sum_in_another_order_keeps_its_variables():
    """It was 1/3 = 1/15, without hypotheses, also from a file."""
    s = t.monomial(8, [(a, 1) for a in atoms(AWAY)])
    other = t.put(s, putting(places=(K0,)))
    assert s is not other
    u = total(t.ONE, ONE, THREE)
    p = in_order(NET, t.power(t.add(t.power(u, -1), subtract(s, other)), -1))
    p = k.subst(within(at("?0")), (p,), ((),))
    assert is_true(p)
    [(m, _)] = s.terms
    entries, (*given, place, last) = dump(*atoms(AWAY), m, p)  # with the sum as it was before it was put in order
    entries[place] = ["Monomial", 8, ["{}", *(["()", ["#", a], 1] for a in given)]]
    again = load(entries)[last]
    assert says(again) == says(p)


def test_the_slope_of_the_normal_density_is_a_sum_where_its_argument_is():
    """phi'(u) = -u phi(u), as ``node`` makes it."""
    u = t.add(total(t.value(bound(1)), ONE, THREE), t.number(-2))
    for argument in (total(t.value(bound(1)), ONE, THREE), u):
        p = in_order(EMPTY, t.atom(node(t.Applied, "phi", 1, argument)))
        assert is_true(k.subst(within(at("?0")), (p,), ((),)))
