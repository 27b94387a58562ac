"""The proved program, evaluated on arrays: what the plain network computes, in either kind of number."""

from __future__ import annotations

import numpy as np
import pytest

from backproof import reference
from backproof.checks.code.residue import Field
from backproof.checks.code.running import program
from backproof.checks.code.truth import Truth
from backproof.networks import a_x, y_x
from backproof.surface.terms import i, j, k, total

CASES = [
    ("tanh", "softmax", "log-likelihood"),
    ("sigmoid", "sigmoid", "quadratic"),
    ("relu", "identity", "quadratic"),
    ("tanh", "sigmoid", "cross-entropy"),
    ("leaky-relu", "softmax", "quadratic"),
    ("softplus", "tanh", "quadratic"),
]


def drawn(sizes, seed=0):
    rng = np.random.default_rng(seed)
    weights = {n: rng.uniform(-1, 1, (sizes[n - 1], sizes[n - 2])) for n in range(2, len(sizes) + 1)}
    biases = {n: rng.uniform(-1, 1, sizes[n - 1]) for n in range(2, len(sizes) + 1)}
    x, y = rng.uniform(-1, 1, (sizes[0], 3)), np.eye(sizes[-1])[:, np.arange(3) % sizes[-1]]
    return weights, biases, x, y


@pytest.mark.parametrize("sizes", [(3, 4, 2), (2, 5, 3, 4), (3, 1, 2)], ids=str)
@pytest.mark.parametrize(("hidden", "last", "cost"), CASES)
def test_it_is_what_the_plain_network_computes(hidden, last, cost, sizes):
    weights, biases, x, y = drawn(sizes)
    truth = Truth(program(sizes, hidden, last, cost), weights, biases, x, y).run()
    net = reference.Network(sizes, activations=[hidden] * (len(sizes) - 2) + [last], cost=cost)
    net.weights, net.biases = list(weights.values()), [b[:, None] for b in biases.values()]
    found = [net.backprop(x[:, [i]], y[:, [i]]) for i in range(3)]
    for n in weights:
        right_b, right_w = (sum(g[part][n - 2] for g in found) for part in (0, 1))
        np.testing.assert_allclose(truth.grad_w[n], right_w, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(truth.grad_b[n], right_b[:, 0], rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(truth.costs.sum(), sum(net.cost(x[:, [i]], y[:, [i]]) for i in range(3)))


@pytest.mark.parametrize(("hidden", "last", "cost"), CASES)
def test_exact_numbers_stand_for_the_same_real_ones(hidden, last, cost):
    weights, biases, x, y = drawn((3, 4, 2))
    field = Field(1)
    exact = np.vectorize(field.variable, otypes=[object])
    made = program((3, 4, 2), hidden, last, cost)
    plain = Truth(made, weights, biases, x, y).run()
    tables = ({n: exact(e) for n, e in table.items()} for table in (weights, biases))
    found = Truth(made, *tables, exact(x), np.vectorize(field.number, otypes=[object])(y)).run()
    for n in weights:
        shadows = np.vectorize(lambda e: e.shadow)(found.grad_w[n])
        np.testing.assert_allclose(shadows, plain.grad_w[n], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("body", [a_x[3, j, i], a_x[3, k, i] * a_x[3, j, i], a_x[3, k, i] * y_x[j, i]], ids=str)
def test_a_sum_of_what_stands_for_a_unit_outside_is_refused(body):
    truth = Truth(program((3, 4, 2), *CASES[0]), *drawn((3, 4, 2))).run()
    assert truth.read(total(a_x[3, k, i] * y_x[k, i], k, 3)).shape == (1, 3)
    with pytest.raises(ValueError, match="stands for other units"):
        truth.read(total(body, k, 3))
