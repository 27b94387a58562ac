"""Holes in sums, which were false theorems without hypotheses, from files that ``backproof verify`` accepted.

What is bound is put in order; what became a sum itself by that lost its own variable. The order is looked for among at
most 120, so that a sum over many variables that look alike may have another normal form once it is put in order again:
one minus another was no 0 at first, and 1/(1/u + s - t) became u later. And a rule took what has two variables loose.
"""

from __future__ import annotations

import pytest

from backproof.core import kernel as k
from backproof.core import term as t
from backproof.core.index import Refused, bound, index, minus, node, putting, shift, variable
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


def test_what_is_reindexed_has_the_variable_of_its_sum_loose_and_no_other():
    """The sum over k of [k = y] is 1, whatever y is; with y loose, it became k itself, and 0 = [k + 1 = k] came out."""
    for d in (minus(K0, bound(1)), minus(bound(1), K0), minus(K0, bound(2))):
        with pytest.raises(Refused, match="loose variables"):
            k.reindex(EMPTY, t.match(d), 1, ONE)
    entries, (net, inner, one) = dump(EMPTY, t.match(minus(K0, bound(1))), ONE)
    with pytest.raises(Refused, match="loose variables"):
        load([*entries, ["reindex", ["#", net], ["#", inner], 1, ["#", one]]])
    p = k.reindex(EMPTY, t.match(minus(K0, variable("y"))), 1, ONE)
    assert p.lhs is p.rhs is t.ONE
