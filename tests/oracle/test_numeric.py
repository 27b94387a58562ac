import math

import pytest

from backproof.networks import dense
from backproof.oracle.numeric import judge, models, relative_error
from backproof.oracle.numeric_world import Floats, logistic
from backproof.oracle.worlds.shapes import Shape
from backproof.surface.terms import (
    C,
    D,
    L,
    NonNegative,
    Symbol,
    a,
    delta,
    exp,
    j,
    k,
    n,
    p,
    sigma,
    sigma_prime,
    total,
    y,
    z,
)

u = Symbol("u")


@pytest.mark.parametrize(
    ("first", "second", "error"),
    [
        (1.0, 1.0, 0.0),
        (1.0, 1.1, 0.1 / 1.1),
        (0.0, 1e-200, 1.0),
        (0.0, 1e-310, 0.0),
        (-1e308, 1e308, 2.0),
        (math.nan, 1.0, 2.0),
        (math.inf, 1.0, 2.0),
    ],
)
def test_relative_error(first, second, error):
    assert relative_error(first, second) == pytest.approx(error)


def test_a_vanishing_gradient_is_no_excuse():
    assert relative_error(1e-200, 2e-200) == 0.5


def test_the_complex_step_is_the_derivative_of_the_network():
    world = Floats(dense(), Shape((2, 3), 1), "", logistic)
    a_3 = world.value(("a", 2, 3))
    shifted = world.shifted(("z", 2, 3)).value(("a", 2, 3))
    assert world.slope(shifted) == pytest.approx(a_3 * (1 - a_3), rel=1e-14)


def test_activations_differ():
    first, second = models(dense())
    assert first.function("sigma", 0, 0.3) != second.function("sigma", 0, 0.3)


def test_an_unspecified_function_depends_on_each_input():
    world = Floats(dense(), Shape((2, 3), 1), "", logistic)
    keys = [("a", 2, 1), ("a", 2, 2), ("a", 2, 3), ("y", 1)]
    slopes = [world.slope(world.shifted(key).value(("C",))) for key in keys]
    assert len(set(slopes)) == len(slopes)
    assert 0.0 not in slopes


def test_what_holds_for_the_logistic_function_only():
    assert judge(dense(), sigma_prime(u), sigma(u) * (1 - sigma(u))).holds is False


def test_error_is_reported():
    here = frozenset({NonNegative(j - 1), NonNegative(n(L) - j)})
    right = (a[L, j] - y[j]) * sigma_prime(z[L, j])
    verdict = judge(dense(cost="quadratic"), delta[L, j], right * (1 + u / 1000), here)
    assert verdict.kind == "refuted"
    assert 1e-5 < verdict.max_relative_error < 1e-2
    assert judge(dense(), D(C, z[L, j]), delta[L, j], here).max_relative_error == 0


def test_a_true_0_is_no_error():
    """The deviations from the mean add up to 0, up to rounding: to little, beside what is added up."""
    mean = total(a[L, p], p, L) / n(L)
    answer = judge(dense(), total(a[L, k] - mean, k, L), 0 * u)
    assert answer.kind == "holds"
    assert answer.max_relative_error < 1e-14


def test_a_derivative_that_is_0_by_cancellation_is_no_error():
    softmax = dense(softmax=True)
    here = frozenset({NonNegative(j - 1), NonNegative(n(L) - j)})
    assert judge(softmax, D(total(a[L, k], k, L), z[L, j]), 0 * u, here).kind == "holds"
    assert judge(softmax, D(total(a[L, k] ** 2, k, L), z[L, j]), 0 * u, here).kind == "refuted"


def test_a_small_number_is_not_0():
    assert judge(dense(), exp(-60 + 0 * a[L, 1]) * a[L, 1], 0 * u).kind == "refuted"
    assert judge(dense(), a[L, 1] + exp(-60 + 0 * u) - a[L, 1], 2 * exp(-60 + 0 * u)).kind == "refuted"


@pytest.mark.parametrize(
    ("lhs", "rhs"),
    [
        ((z[L, 1] + 1000) ** 2 - z[L, 1] ** 2 - 2000 * z[L, 1] - 1000**2, 0 * u),
        ((z[L, 1] + 1000) ** 2 - 2000 * z[L, 1] - 1000**2, z[L, 1] ** 2),
        (exp(-200 + 0 * u) * sigma_prime(z[L, 1]), exp(-200 + 0 * u) * a[L, 1] * (1 - a[L, 1])),
        (exp(-600 + 0 * u) * sigma_prime(z[L, 1]) ** 2, exp(-600 + 0 * u) * (a[L, 1] - a[L, 1] ** 2) ** 2),
    ],
    ids=["0 by cancellation", "small by cancellation", "tiny", "nearly the smallest float"],
)
def test_rounding_is_no_counterexample(lhs, rhs):
    sigmoid = dense(activation="sigmoid")
    assert judge(sigmoid, lhs, rhs).kind == "holds"
    assert judge(sigmoid, lhs + exp(-u) * a[L, 1], rhs).kind == "refuted"
