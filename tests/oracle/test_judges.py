"""What all three judges say of a table of true statements, and of the same with one slip each."""

import pytest

from backproof.networks import C_x, S, a_x, batch, bias_unit, d, delta_x, dense, recursive, residual, z_x
from backproof.oracle import brute_force, exact, numeric
from backproof.oracle.answer import NOTHING
from backproof.oracle.worlds import sizes, statement, world
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Hadamard,
    Kron,
    L,
    M,
    Mults,
    NonNegative,
    NonZero,
    Outer,
    Phi,
    Positive,
    Symbol,
    Total,
    Transposed,
    a,
    b,
    delta,
    i,
    j,
    k,
    l,
    m,
    n,
    phi,
    q,
    r,
    sigma,
    sigma_prime,
    step,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip

DENSE, BATCH, BIAS_UNIT = dense(), batch(), bias_unit()
FIVE = dense(widths=(2, 2, 2, 2, 2), bias=False)
SOFTMAX, SOFTMAX_COST = dense(softmax=True), dense(softmax=True, cost="log-likelihood")
SIGMOID, CROSS_ENTROPY = dense(activation="sigmoid"), dense(activation="sigmoid", cost="cross-entropy")
QUADRATIC, RELU, RECURSIVE, RESIDUAL = dense(cost="quadratic"), dense(activation="relu"), recursive(dense()), residual()

LEAKY, GELU = dense(activation="leaky-relu"), dense(activation="gelu")

u, eta = Symbol("u"), Symbol("eta")
UNIT = {NonNegative(j - 1), NonNegative(n(l) - j)}
BELOW = frozenset({NonNegative(l - 2), NonNegative(L - l - 1), *UNIT})
LAYERS = frozenset({NonNegative(l - 2), NonNegative(L - l), *UNIT})
HIDDEN = frozenset({NonNegative(l - 2), NonNegative(L - l - 1)})
NONE = frozenset()
UNITS_OF_1 = frozenset({NonNegative(j - 1), NonNegative(n(1) - j)})
SLOPE = Apply("sigma", z[l], 1)
BACK = total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1)
SLOPE_4 = Apply("sigma", z[4], 1)
AVERAGE = Total(delta_x[l, j, i] * a_x[l - 1, k, i], i, 1, M) / M
FORWARD = total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]
PATHS = total(S[l, j, q] * D(C, a[L, q]), q, L)

TRUE = {
    "forward": (DENSE, a[l, j], sigma(FORWARD), LAYERS),
    "bp1": (DENSE, delta[L, j], D(C, a[L, j]) * sigma_prime(z[L, j]), NONE),
    "bp2": (DENSE, delta[l, j], sigma_prime(z[l, j]) * BACK, BELOW),
    "bp2 by its derivative": (DENSE, D(C, z[l, j]), sigma_prime(z[l, j]) * BACK, BELOW),
    "bp3": (DENSE, D(C, b[l, j]), delta[l, j], NONE),
    "bp4": (DENSE, D(C, w[l, j, k]), a[l - 1, k] * delta[l, j], NONE),
    "bp1 vector": (DENSE, delta[L], Hadamard(D(C, a[L]), Apply("sigma", z[L], 1)), NONE),
    "bp2 vector": (DENSE, delta[l], Hadamard(Dot(Transposed(w[l + 1]), delta[l + 1]), SLOPE), HIDDEN),
    "bp3 vector": (DENSE, D(C, b[l]), delta[l], NONE),
    "bp4 matrix": (DENSE, D(C, w[l]), Outer(delta[l], a[l - 1]), NONE),
    "off the diagonal": (DENSE, D(a[L, k], z[L, j]), Kron(j, k) * sigma_prime(z[L, j]), NONE),
    "batch": (BATCH, D(C, w[l, j, k]), AVERAGE, NONE),
    "batch matrix": (BATCH, D(C, w[l]), Dot(delta_x[l], Transposed(a_x[l - 1])) / M, NONE),
    "batch mean": (BATCH, D(C, b[l, j]), Total(D(C_x[i], b[l, j]), i, 1, M) / M, NONE),
    "update": (BATCH, w[l, j, k] - eta * D(C, w[l, j, k]), w[l, j, k] - eta * AVERAGE, NONE),
    "softmax": (SOFTMAX, D(a[L, j], z[L, k]), a[L, j] * (Kron(j, k) - a[L, k]), NONE),
    "softmax cost": (SOFTMAX_COST, delta[L, j], a[L, j] * total(y[k], k, L) - y[j], NONE),
    "softmax adds up": (SOFTMAX, total(a[L, j], j, L), 1 + 0 * u, NONE),
    "bias unit bp2": (BIAS_UNIT, delta[l, j], sigma_prime(z[l, j]) * BACK, BELOW),
    "bias unit bp4": (BIAS_UNIT, D(C, w[l, j, k]), a[l - 1, k] * delta[l, j], NONE),
    "bias unit is the bias": (BIAS_UNIT, D(C, w[l, j, 0]), delta[l, j], NONE),
    "five layers": (FIVE, D(C, w[3, 1, 1]), delta[3, 1] * a[2, 1], NONE),
    "five layers vector": (FIVE, delta[4], Hadamard(Dot(Transposed(w[5]), delta[5]), SLOPE_4), NONE),
    "sigmoid": (SIGMOID, sigma_prime(u), sigma(u) * (1 - sigma(u)), NONE),
    "sigmoid, in the net": (SIGMOID, D(a[l, j], z[l, j]), a[l, j] * (1 - a[l, j]), NONE),
    "cross-entropy": (
        CROSS_ENTROPY, delta[L, j], a[L, j] - y[j], frozenset({Positive(a[L, j]), Positive(1 - a[L, j])}),
    ),
    "quadratic": (QUADRATIC, delta[L, j], (a[L, j] - y[j]) * sigma_prime(z[L, j]), NONE),
    "relu": (RELU, sigma_prime(z[l, j]), step(z[l, j]), frozenset({NonZero(z[l, j])})),
    "leaky relu": (LEAKY, D(a[l, j], z[l, j]), 1 - 99 * (1 - step(z[l, j])) / 100, frozenset({NonZero(z[l, j])})),
    "gelu": (GELU, sigma_prime(u), Phi(u) + u * phi(u), NONE),
    "gelu, in the net": (GELU, D(a[l, j], z[l, j]), Phi(z[l, j]) + z[l, j] * phi(z[l, j]), NONE),
    "density": (DENSE, D(phi(z[l, j]), z[l, j]), -z[l, j] * phi(z[l, j]), NONE),
    "a prime": (DENSE, D(Phi(z[l, j]), z[l, j]), Apply("Phi", z[l, j], 1), NONE),
    "recursion": (RECURSIVE, D(C, z[l, j]), d[l, j], LAYERS),
    "paths": (RECURSIVE, D(C, z[l, j]), PATHS, LAYERS),
    "residual": (RESIDUAL, D(C, w[l, j, k]), a[l - 1, k] * delta[l, j], NONE),
    "multiplications": (DENSE, Mults(FORWARD), n(l - 1), LAYERS),
    "a square": (DENSE, Mults(a[l, j] ** 2 * 3 * z[l, j] - b[l, j]), 3 + 0 * u, LAYERS),
}  # fmt: skip

FALSE = {
    "bp1 without the slope": (DENSE, delta[L, j], D(C, a[L, j]), NONE),
    "bp1 with a for z": (DENSE, delta[L, j], D(C, a[L, j]) * sigma_prime(a[L, j]), NONE),
    "bp2 transposed": (DENSE, delta[l, j], sigma_prime(z[l, j]) * total(w[l + 1, j, k] * delta[l + 1, k], k, l), BELOW),
    "bp2 without the slope": (DENSE, delta[l, j], BACK, BELOW),
    "bp2 with a for z": (DENSE, delta[l, j], sigma_prime(a[l, j]) * BACK, BELOW),
    "bp2 with the next slope": (DENSE, delta[l, j], sigma_prime(z[l + 1, j]) * BACK, BELOW),
    "bp2 with sigma": (DENSE, delta[l, j], sigma(z[l, j]) * BACK, BELOW),
    "bp2 with a sign": (DENSE, delta[l, j], -sigma_prime(z[l, j]) * BACK, BELOW),
    "bp2 without the sum": (DENSE, delta[l, j], sigma_prime(z[l, j]) * w[l + 1, k, j] * delta[l + 1, k], BELOW),
    "bp2 with a factor": (DENSE, delta[l, j], 2 * sigma_prime(z[l, j]) * BACK, BELOW),
    "bp3 a layer off": (DENSE, D(C, b[l, j]), delta[l + 1, j], NONE),
    "bp4 a layer off": (DENSE, D(C, w[l, j, k]), a[l, k] * delta[l, j], NONE),
    "bp4 swapped": (DENSE, D(C, w[l, j, k]), a[l - 1, j] * delta[l, k], NONE),
    "bp4 with z": (DENSE, D(C, w[l, j, k]), z[l - 1, k] * delta[l, j], NONE),
    "bp2 vector not transposed": (DENSE, delta[l], Hadamard(Dot(w[l + 1], delta[l + 1]), SLOPE), HIDDEN),
    "bp2 vector without the slope": (DENSE, delta[l], Dot(Transposed(w[l + 1]), delta[l + 1]), HIDDEN),
    "bp4 matrix swapped": (DENSE, D(C, w[l]), Outer(a[l - 1], delta[l]), NONE),
    "bp4 a column for a matrix": (DENSE, D(C, w[l]), delta[l], NONE),
    "on the diagonal only": (DENSE, D(a[L, k], z[L, j]), sigma_prime(z[L, j]), NONE),
    "batch sum": (BATCH, D(C, w[l, j, k]), AVERAGE * M, NONE),
    "batch of the first": (BATCH, D(C, w[l, j, k]), delta_x[l, j, 1] * a_x[l - 1, k, 1], NONE),
    "batch not transposed": (BATCH, D(C, w[l]), Dot(a_x[l - 1], Transposed(delta_x[l])) / M, NONE),
    "batch of the inputs": (BATCH, D(C, w[l]), Dot(z_x[l], Transposed(a_x[l - 1])) / M, NONE),
    "softmax off the diagonal": (SOFTMAX, D(a[L, j], z[L, k]), a[L, j] * (1 - a[L, k]), NONE),
    "softmax cost": (SOFTMAX_COST, delta[L, j], a[L, j] - y[j], NONE),
    "bias unit shifts": (BIAS_UNIT, D(C, w[l, j, 0]), delta[l, j] * a[l - 1, 1], NONE),
    "five layers not transposed": (FIVE, delta[4], Hadamard(Dot(w[5], delta[5]), SLOPE_4), NONE),
    "five layers, one path": (FIVE, delta[4, 1], w[5, 1, 1] * delta[5, 1] * sigma_prime(z[4, 1]), NONE),
    "sigmoid": (SIGMOID, sigma_prime(u), sigma(u) * (1 + sigma(u)), NONE),
    "cross-entropy with a slope": (CROSS_ENTROPY, delta[L, j], (a[L, j] - y[j]) * sigma_prime(z[L, j]), NONE),
    "quadratic without the slope": (QUADRATIC, delta[L, j], a[L, j] - y[j], NONE),
    "quadratic with a sign": (QUADRATIC, delta[L, j], (y[j] - a[L, j]) * sigma_prime(z[L, j]), NONE),
    "relu": (RELU, sigma_prime(z[l, j]), 1 - step(z[l, j]), frozenset({NonZero(z[l, j])})),
    "leaky relu": (LEAKY, D(a[l, j], z[l, j]), step(z[l, j]), frozenset({NonZero(z[l, j])})),
    "gelu": (GELU, sigma_prime(u), Phi(u), NONE),
    "gelu, in the net": (GELU, D(a[l, j], z[l, j]), Phi(z[l, j]) + phi(z[l, j]), NONE),
    "density": (DENSE, D(phi(z[l, j]), z[l, j]), z[l, j] * phi(z[l, j]), NONE),
    "a prime": (DENSE, D(Phi(z[l, j]), z[l, j]), Apply("phi", z[l, j], 1), NONE),
    "recursion": (RECURSIVE, D(C, a[l, j]), d[l, j], LAYERS),
    "paths": (RECURSIVE, D(C, z[l, j]), total(S[l, q, j] * D(C, a[L, q]), q, L), LAYERS),
    "residual as if dense": (RESIDUAL, delta[l, j], sigma_prime(z[l, j]) * BACK, BELOW),
    "multiplications": (DENSE, Mults(FORWARD), n(l - 1) + 1, LAYERS),
    "multiplications of the wrong layer": (DENSE, Mults(FORWARD), n(l), LAYERS),
}


MALFORMED = {
    "bp2 vector not transposed": "w[l + 1] is n(l + 1) × n(l), delta[l + 1] has n(l + 1) entries",
    "bp4 matrix swapped": "D(C, w[l]) is n(l) × n(l - 1), Outer(a[l - 1], delta[l]) is n(l - 1) × n(l)",
    "bp4 a column for a matrix": "D(C, w[l]) is n(l) × n(l - 1), delta[l] has n(l) entries",
    "batch not transposed": "D(C, w[l]) is n(l) × n(l - 1), Dot(a[l - 1], Transposed(delta[l]))/M is n(l - 1) × n(l)",
}

JUDGES = [exact.judge, brute_force.judge, numeric.judge]


def within(net, lhs, rhs, hypotheses):
    """The statement, where all that it speaks of exists."""
    return net, lhs, rhs, hypotheses | where_all_exists(lhs, rhs)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("name", TRUE)
def test_true(name, judge):
    answer = judge(*within(*TRUE[name]))
    assert answer.kind == "holds", answer
    assert answer.tried
    assert answer.reason


@pytest.mark.parametrize("name", TRUE)
def test_bound(name):
    answer = exact.judge(*within(*TRUE[name]))
    assert answer.error_bound_log2 <= -120
    assert answer.models > 0


@pytest.mark.parametrize("name", FALSE)
def test_false(name):
    answer = exact.judge(*within(*FALSE[name]))
    if name in MALFORMED:
        assert (answer.kind, answer.reason) == ("malformed", MALFORMED[name])
    else:
        assert answer.kind == "refuted"
        assert answer.counterexample.lhs != answer.counterexample.rhs
        assert "modulo" not in answer.counterexample.lhs


@pytest.mark.parametrize("judge", [brute_force.judge, numeric.judge])
@pytest.mark.parametrize("name", FALSE)
def test_false_for_the_others(name, judge):
    answer = judge(*within(*FALSE[name]))
    assert answer.kind == ("malformed" if name in MALFORMED else "refuted")


@pytest.mark.parametrize("judge", JUDGES)
def test_nothing_to_compare(judge):
    never = frozenset({NonNegative(-l), NonNegative(l - 2)})
    answer = judge(DENSE, D(C, b[l, j]), delta[l, j], never)
    assert (answer.kind, answer.reason) == ("unsupported", NOTHING)


@pytest.mark.parametrize("judge", JUDGES)
def test_second_derivatives_are_not_judged(judge):
    answer = judge(DENSE, D(D(C, z[L, j]), z[L, j]), r, NONE)
    assert (answer.kind, answer.reason) == ("unsupported", "a second derivative")


@pytest.mark.parametrize("judge", JUDGES)
def test_a_name_for_two_symbols_is_not_judged(judge):
    answer = judge(DENSE, a[L, m], a[Symbol("L"), m], NONE)
    assert (answer.kind, answer.reason) == ("unsupported", "two symbols are called L")


@pytest.mark.parametrize("judge", JUDGES)
def test_the_input_feeds_the_first_layer(judge):
    assert judge(DENSE, a[1, j], x[j], UNITS_OF_1).holds


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("lost", sorted(BELOW, key=str), ids=str)
def test_a_lost_hypothesis_is_seen(lost, judge):
    """Without it, an index goes out of its range, and there BP2 is wrong."""
    net, lhs, rhs, hypotheses = TRUE["bp2"]
    assert judge(net, lhs, rhs, hypotheses - {lost}).kind == "refuted"


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("order", [1, -1])
def test_an_answer_does_not_depend_on_what_was_judged_before(order, judge):
    """Among them: an index of the same name, but of other assumptions, as in a statement before."""
    other = Symbol("j", integer=True)
    statements = [
        (DENSE, delta[L, j], D(C, z[L, j]), NONE),
        (DENSE, delta[L, other], D(C, z[L, other]), NONE),
        (DENSE, delta[L, j], D(C, a[L, j]), NONE),
        (DENSE, total(a[L, k], k, L), total(a[L, j], j, L), NONE),
    ]
    alone = [_afresh(judge, statement) for statement in statements]
    _forget()
    assert [judge(*within(*s)) for s in statements[::order]] == alone[::order]


def _afresh(judge, claim):
    _forget()
    return judge(*within(*claim))


def _forget():
    for cached in (sizes.crowd, world.plan, world.grid, statement.statement, brute_force.models, numeric.models):
        cached.cache_clear()
