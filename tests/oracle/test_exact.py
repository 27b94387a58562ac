import pytest

from backproof.surface.terms import (
    C,
    D,
    Equal,
    ForAll,
    Kron,
    L,
    M,
    NonNegative,
    Phi,
    Positive,
    Symbol,
    Total,
    a,
    delta,
    exp,
    j,
    k,
    l,
    log,
    n,
    phi,
    sigma,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip
from backproof.networks import batch, dense
from backproof.oracle.degree import Degree, of_difference
from backproof.oracle.dual import Dual
from backproof.oracle.exact import PRIME, Modular, judge, models
from backproof.oracle.worlds.world import Shape

u, v = Symbol("u"), Symbol("v")


def test_the_prime_is_prime():
    assert all(pow(base, PRIME - 1, PRIME) == 1 for base in (2, 3, 5, 7, 11))


def test_dual_numbers():
    cubed = Dual(5, 1) ** 3 * 2 + 1
    assert (cubed.value, cubed.slope) == (251, 150)
    product = Dual(2, 1) * Dual(3, 4)
    assert (product.value, product.slope) == (6, 11)


def test_degrees():
    one, fraction = Degree(1), Degree(1, 1)
    found = one * one + 3
    assert (found.top, found.bottom) == (2, 0)
    found = fraction + fraction
    assert (found.top, found.bottom) == (2, 2)
    assert of_difference(found, one) == 3
    assert of_difference(7, 8) == 0


def test_models_have_distinct_widths_that_grow_and_shrink():
    shapes = [model.shape.widths for model, _ in models(dense())]
    assert all(len(set(widths)) == len(widths) for widths in shapes)
    for one, two in ((1, 2), (2, 3)):
        assert {shape[one - 1] < shape[two - 1] for shape in shapes} == {True, False}
    assert {len(shape) for shape in shapes} >= {4, 5}
    assert all(shape[-1] >= 2 for shape in shapes)


def test_a_function_has_one_value_at_one_point_and_a_derivative_of_its_own():
    world = Modular(dense(), Shape((2, 3), 3), "")
    assert world.function("sigma", 0, 7) == world.function("sigma", 0, 7 + PRIME) != world.function("sigma", 1, 7)
    shifted = world.function("sigma", 0, Dual(7, 3))
    assert shifted.slope == 3 * world.function("sigma", 1, 7)


def test_exponentials():
    world = Modular(dense(), Shape((2, 3), 3), "")
    assert world.function("exp", 0, 0) == 1
    assert world.function("exp", 0, 5) * world.function("exp", 0, -5) % PRIME == 1
    assert world.function("exp", 1, 5) == world.function("exp", 0, 5)
    assert world.function("log", 1, 5) * 5 % PRIME == 1
    assert world.function("log", 2, 5) * 25 % PRIME == PRIME - 1
    assert world.function("step", 1, 5) == 0
    density = world.function("phi", 0, 5)
    assert density == world.function("Phi", 1, 5) != world.function("Phi", 0, 5)
    assert (world.function("phi", 1, 5) + 5 * density) % PRIME == 0
    assert world.function("Phi", 3, 5) == world.function("phi", 2, 5) == 24 * density % PRIME


def test_what_holds_by_more_than_algebra_is_neither_proved_nor_refuted():
    assert judge(dense(), exp(u + v), exp(u) * exp(v)).holds is None
    assert judge(dense(), log(exp(u)), u).holds is None
    assert judge(dense(), exp(u + v), exp(u) + exp(v)).holds is False
    assert judge(dense(), Phi(u) + Phi(-u), 1 + 0 * u).holds is None
    assert judge(dense(), phi(-u), phi(u)).holds is None
    assert judge(dense(), phi(-u), -phi(u)).holds is False


def test_hypotheses_on_values_are_heard():
    assert judge(dense(), log(u), log(u), frozenset({Positive(u)})).holds
    wrong = judge(dense(), log(u), 2 * log(u), frozenset({Positive(u)}))
    assert wrong.holds is False
    assert wrong.counterexample is not None


def test_an_assumed_equation_is_not_judged():
    assumed = ForAll(Equal(a[l + 1, k], x[k]), k, 1, n(l + 1))
    assert judge(dense(), a[l, j], x[j], frozenset({assumed})).holds is None


def test_false_for_some_indices_only():
    """True for all layers but the last, and false on the diagonal only."""
    assert judge(dense(), D(C, a[l, j]), total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1), frozenset()).holds
    off = frozenset({NonNegative(j - k - 1)})
    assert judge(dense(), D(a[L, k], z[L, j]), 0 * u, off).holds
    assert judge(dense(), D(a[L, k], z[L, j]), 0 * u).holds is False


def test_examples_are_told_apart():
    net = batch()
    assert judge(net, C, Total(sigma(x[1, k]) * 0 + 1, k, 1, M)).holds is False


def test_counterexamples_are_small():
    found = judge(dense(), delta[L, j], (a[L, j] - y[j])).counterexample
    assert len(found.widths) == 3
    assert max(len(found.lhs), len(found.rhs)) <= 5


@pytest.mark.parametrize("_", range(2))
def test_verdicts_do_not_depend_on_what_was_asked_before(_):
    net = dense()
    first = judge(net, delta[L, j], a[L, j])
    judge(net, D(C, w[l, j, k]), a[l - 1, k] * delta[l, j])
    assert judge(net, delta[L, j], a[L, j]) == first


def test_targets_that_are_assumed_to_add_up_do():
    net = dense(softmax=True, cost="log-likelihood")
    one = frozenset({Equal(total(y[k], k, L), 1)})
    assert judge(net, delta[L, j], a[L, j] - y[j], one).holds
    assert judge(net, delta[L, j], a[L, j] - y[j]).holds is False
    assert judge(net, delta[L, j], a[L, j] + y[j], one).holds is False
    assert judge(net, delta[L, j], a[L, j] - y[j], frozenset({Equal(total(a[L, k], k, L), 2)})).holds is None


def test_one_wrong_entry_of_many_is_found():
    """All values of the indices are tried, and not some: here one weight of one layer has a wrong partial."""
    gaps = (l - 2, L - l, j - 1, n(l) - j, k - 1, n(l - 1) - k)
    right, within = a[l - 1, k] * delta[l, j], frozenset(map(NonNegative, gaps))
    assert judge(dense(), D(C, w[l, j, k]), right, within).holds
    wrong = right + Kron(l, 3) * Kron(j, 2) * Kron(k, 2)
    assert judge(dense(), D(C, w[l, j, k]), wrong, within).holds is False
