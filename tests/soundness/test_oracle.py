"""Where the judge was wrong; found by what it was asked about the rules and about edited lines."""

from __future__ import annotations

from sympy import Symbol

from backproof.core.kernel import ring
from backproof.surface.terms import L, exp, k, l, q, sigma, total
from backproof.networks import S, dense, recursive
from backproof.oracle.exact import judge


def test_rounding_is_no_counterexample() -> None:
    """e^(v + 2) = e^v e^1 e^1, and sigma of both sides is the same though floats differ in the last digit."""
    v = Symbol("v")
    proved = ring(dense(), sigma(exp(v + 2)), sigma(exp(v) * exp(1) ** 2))
    assert judge(dense(), proved.lhs, proved.rhs).holds is not False


def test_what_makes_sense_in_the_last_layer_only_is_not_verified_for_all() -> None:
    """S[l, q, k] for S[l, k, q]: the same in layer L, and in the others there is no such unit."""
    right = total(total(S[l, k, q], q, L), k, l)
    wrong = total(total(S[l, q, k], k, l), q, L)
    assert not judge(recursive(dense()), right, wrong).holds
