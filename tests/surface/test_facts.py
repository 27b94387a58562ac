"""That data sum to 1 is a hypothesis of the core, where there are such data."""

from __future__ import annotations

import pytest

from backproof.core import term as t
from backproof.core.index import Refused, bound, index, minus, node, shift, size, variable
from backproof.core.kernel import Equal, Hypothesis, assume, within
from backproof.surface.facts import sums_to_1
from tests.core.making import K0, ONE, L, N, at, equation, family, network, total

I0 = bound(0)


def fact(*ranges, equations=(), sizes=()):
    return sums_to_1(network((family("y", ranges),), equations, (), sizes), ["y"])["y"]


def test_the_hypothesis_and_what_is_assumed_by_it():
    i = variable("i")
    net = network((family("y", ((ONE, N), (ONE, N))),))
    h = sums_to_1(net, ["y"])["y"]
    claim = node(Equal, total(at("y", bound(1), K0)), t.ONE)
    assert h is node(Hypothesis, 1, frozenset([shift(I0, -1), minus(N, I0)]), claim)
    made = assume(net, h, (i,))
    assert (made.lhs, made.rhs) == (total(at("y", i, K0)), t.ONE)
    assert made.hypotheses == {h, *within(shift(i, -1), minus(N, i))}


@pytest.mark.parametrize("ranges", [((ONE, N),), ((ONE, L), (ONE, size("n", I0))), ((ONE, N), (ONE, I0))])
def test_there_are_such_data(ranges):
    assert fact(*ranges).claim.rhs is t.ONE


@pytest.mark.parametrize(
    "ranges",
    [
        (),
        ((index(2), ONE),),
        ((index(2), N),),
        ((index(), N), (ONE, I0)),
        ((ONE, N), (ONE, shift(N, -1))),
    ],
)
def test_what_may_be_empty_sums_to_0(ranges):
    with pytest.raises(Refused, match="no such facts"):
        fact(*ranges)


def test_data_with_facts_have_no_equation():
    with pytest.raises(Refused, match="no such facts"):
        fact((ONE, N), equations=(equation("y", (), t.ONE),))


def test_what_is_known_of_sizes_is_put_in():
    [(n, _)] = N.terms
    assert fact((ONE, N), sizes=((n, 2),)) is fact((ONE, index(2)))
