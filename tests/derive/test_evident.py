"""What the network answers for is no hypothesis: with eps > 0 and s a sum of squares, eps + s[t] > 0."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Symbol

from backproof.derive.calc import calc
from backproof.derive.reasons import both, definition, differentiation, sifting
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.notation import text
from backproof.notation.profiles import NIELSEN
from backproof.proving import Proved
from backproof.surface.proofs import replay
from backproof.surface.terms import C, D, sqrt
from backproof.table import _given

(t, T), (i, N) = axes("t:T i:N")
x, s, r, eps = quantities("x s r eps")
j = Symbol("j")
RANGE, POSITIVE = ["1 ≤ t ≤ T"], given(eps, positive=True)


def slope(datum: Any, squares: Any) -> Any:
    net = network(
        "one over a root",
        (t, i),
        x[t, i],
        datum,
        (s[t], total(squares(x[t, i]), i) / N),
        (r[t], 1 / sqrt(s[t] + eps)),
        (C, any_function(r[t])),
    )
    claim = -(r[t] ** 3) * D(s[t], x[t, j]) / 2
    return calc(net, D(r[t], x[t, j]), (claim, both(definition(r[t]), differentiation, sifting)))


def said(made: Any) -> list[str]:
    replay(made.theorem)
    return text.conditions(made.theorem.hypotheses)


def test_a_sum_of_squares_and_a_positive_datum() -> None:
    made = slope(POSITIVE, lambda u: u**2)
    assert said(made) == RANGE
    proved = Proved(made, NIELSEN, ())
    assert proved.facts == ["eps > 0"]
    assert _given(proved) == "if 1 ≤ t ≤ T; for data with eps > 0"


@pytest.mark.parametrize(
    ("datum", "squares"),
    [(eps, lambda u: u**2), (POSITIVE, lambda u: u**3), (POSITIVE, lambda u: -(u**2))],
)
def test_else_it_is_said(datum: Any, squares: Any) -> None:
    assert "eps + s[t] > 0" in said(slope(datum, squares))
    if datum is eps:
        assert Proved(slope(datum, squares), NIELSEN, ()).facts == []
