"""Exponentials that are taken apart: statements that rest on exp(u + v) = exp(u) exp(v), and false ones like them."""

from __future__ import annotations

import pytest
from sympy import Integer, Symbol

from backproof.networks import dense
from backproof.networks.own import any_function, axes, network, quantities, total
from backproof.oracle import exact
from backproof.oracle.worlds.exponents import addends
from backproof.surface.terms import C, D, Kron, L, NonNegative, a, b, exp, k, log, w, z
from backproof.surface.terms import total as over

(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, m, s, kept, p = quantities("x m s kept p")
parts = (x[t, i], m[t], (s[t], total(exp(x[t, i] - m[t]), i)), (kept[t], log(s[t])))
NET = network("a softmax", (t, i), *parts, (p[t, i], exp(x[t, i] - m[t]) / s[t]), (C, any_function(p[t, i])))
INSIDE = frozenset(NonNegative(d) for d in (t - 1, T - t, j - 1, N - j))
ROW = frozenset(NonNegative(d) for d in (j - 1, N - j))
u, v = Symbol("u"), Symbol("v")


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (p[t, j], exp(x[t, j] - m[t] - kept[t])),
        (p[t, j], exp(x[t, j]) / total(exp(x[t, i]), i)),
        (exp(2 * x[t, j]), exp(x[t, j]) ** 2),
        (exp(x[t, j] - x[t, j] - kept[t]) * s[t], Integer(1)),
        (D(p[t, j], m[t]), Integer(0)),
        (D(exp(x[t, j] + m[t]), m[t]), exp(x[t, j]) * exp(m[t])),
        (exp(u + v), exp(u) * exp(v)),
        (exp(u - v) * exp(v - u), Integer(1)),
        (exp(u + v), exp(v + u)),
    ],
)
def test_what_is_true_holds(lhs, rhs):
    answer = exact.judge(NET, lhs, rhs, INSIDE)
    assert answer.kind == "holds", answer
    assert answer.error_bound_log2 == exact.CLAIMED


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        (p[t, j], exp(x[t, j] - kept[t])),
        (p[t, j], exp(x[t, j] - m[t] + kept[t])),
        (p[t, j], exp(x[t, j]) / total(exp(x[t, i]), i) + Kron(N, 3)),
        (exp(2 * x[t, j]), exp(x[t, j]) ** 3),
        (exp(x[t, j] * m[t]), exp(x[t, j]) * exp(m[t])),
        (exp(u + v), exp(u) + exp(v)),
        (exp(u / 2), exp(u)),
    ],
)
def test_what_is_false_does_not(lhs, rhs):
    assert exact.judge(NET, lhs, rhs, INSIDE).kind == "refuted"


def test_what_is_beyond_its_range_is_no_logarithm():
    assert exact.judge(NET, exp(kept[t]), s[t], INSIDE).kind == "holds"
    assert exact.judge(NET, exp(kept[t]), s[t], ROW).holds is not True


def test_equal_arguments_have_equal_exponentials_however_they_are_written():
    net = dense(activation="sigmoid")
    inside = frozenset((NonNegative(L - 2), NonNegative(Symbol("j", integer=True) - 1)))
    assert (
        exact.judge(net, exp(z[L, 1]), exp(over(w[L, 1, k] * a[L - 1, k], k, L - 1) + b[L, 1]), inside).kind == "holds"
    )


def test_the_terms_of_a_sum():
    assert set(addends(2 * u - v + u * v)) == {(2, u), (-1, v), (1, u * v)}
    assert list(addends(u / 2)) == [(1, u / 2)]
