"""Absolute values, maxima and cases, made of a step."""

import pytest
from sympy import Rational

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation
from backproof.networks.own import axes, network, quantities
from backproof.oracle import brute_force, exact, numeric
from backproof.surface.terms import D, absolute, maximum, step, where

((t, T),) = axes("t:T")
x, y = quantities("x y")
CASES = [
    (absolute(x[t]), 2 * step(x[t]) - 1),
    (maximum(x[t], 3), step(x[t] - 3)),
    (where(x[t] - 3, 2 * x[t], 5 * x[t]), 5 - 3 * step(x[t] - 3)),
]


@pytest.mark.parametrize(("made", "slope"), CASES)
def test_the_derivative_is_that_of_the_piece(made, slope):
    net = network("a piece", (t,), x[t], (y[t], made))
    theorem = calc(net, D(y[t], x[t]), (slope, both(definition(y[t]), differentiation))).theorem
    assert any("NonZero" in str(h) for h in theorem.hypotheses), "at the kink nothing is claimed"
    for judge in (exact.judge, brute_force.judge, numeric.judge):
        assert judge(net, theorem.lhs, theorem.rhs, theorem.hypotheses).kind == "holds"
        assert judge(net, theorem.lhs, theorem.rhs + 1, theorem.hypotheses).kind == "refuted"


@pytest.mark.parametrize("value", [Rational(-7, 2), Rational(1, 2), Rational(9, 2)])
def test_the_values_are_those_of_the_words(value):
    at = {step(u): int(bool(u > 0)) for u in (value, value - 3)}
    assert absolute(value).subs(at) == abs(value)
    assert maximum(value, 3).subs(at) == max(value, 3)
    assert where(value - 3, 2, 5).subs(at) == (2 if value - 3 > 0 else 5)
