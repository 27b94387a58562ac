"""Where the judge was wrong about what the kernel proved."""

from __future__ import annotations

from sympy import Symbol

from backproof.core.kernel import ring
from backproof.core.terms import exp, sigma
from backproof.networks import dense
from backproof.oracle.exact import judge


def test_rounding_is_no_counterexample() -> None:
    """e^(v + 2) = e^v e^1 e^1, and sigma of both sides is the same though floats differ in the last digit."""
    v = Symbol("v")
    proved = ring(dense(), sigma(exp(v + 2)), sigma(exp(v) * exp(1) ** 2))
    assert judge(dense(), proved.lhs, proved.rhs).holds is not False
