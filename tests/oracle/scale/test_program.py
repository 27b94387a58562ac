"""Right programs hold, run at the size of their networks, with an error bound below 2^-120."""

from itertools import pairwise

import pytest
from sympy import Integer

from backproof.codegen.network import layered, one, setting_of
from backproof.networks import ACTIVATIONS, Activation, C_x, E_x, a_x, batch, delta_x, dense, u, x_x, y_x, z_x
from backproof.oracle.scale.program import check
from backproof.surface.network import Network
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Hadamard,
    M,
    Outer,
    Total,
    Transposed,
    b,
    exp,
    i,
    j,
    k,
    log,
    n,
    p,
    step,
    w,
)

from .programs import ALIKE, COSTS, network, program, verdict

SHAPES = [(4, 3, 5), (7, 2, 3), (30, 11, 6)]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("name", [*ACTIVATIONS, "softmax"])
def test_every_activation_with_every_cost(name, cost, reduction):
    hidden = "tanh" if name == "softmax" else name
    for sizes in SHAPES:
        found = verdict((hidden, name), cost, sizes, reduction=reduction)
        assert found.holds, found.reason
        assert found.error_bound_log2 <= -120
        assert found.partials == sum(rows * (columns + 1) for columns, rows in pairwise(sizes))


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        (ALIKE, ("relu", "sigmoid")),
        ((1, 1, 1), ("softplus", "sigmoid")),
        ((5, 2), ("sigmoid",)),
        ((4, 2, 3, 5, 2), ("sigmoid", "gelu", "identity", "leaky-relu")),
        ((784, 30, 10), ("sigmoid", "softmax")),
        ((90, 800, 70, 7), ("tanh", "relu", "tanh")),
        ((2,) * 12, ("gelu",) * 11),
    ],
)
def test_networks_of_other_sizes(sizes, names):
    found = verdict(names, "quadratic", sizes)
    assert found.holds, found.reason
    assert found.error_bound_log2 <= -120


@pytest.mark.parametrize(
    ("body", "slope"),
    [
        (u / (1 + exp(-u)), lambda z: (1 + exp(-z) + z * exp(-z)) / (1 + exp(-z)) ** 2),
        (exp(Integer(1)) * u**3 - log(Integer(2)), lambda z: 3 * exp(Integer(1)) * z**2),
        (u * log(2 + u**2), lambda z: log(2 + z**2) + 2 * z**2 / (2 + z**2)),
        (Apply("phi", 2 * u), lambda z: -4 * z * Apply("phi", 2 * z)),
        (u**2 * step(u - 1), lambda z: 2 * z * step(z - 1)),
        (Integer(7), lambda _: Integer(0)),
    ],
)  # fmt: skip
def test_an_activation_of_ones_own(body, slope):
    f = Activation("f", body, str(body))
    net = layered(setting_of((f, f), "quadratic", "mean"))
    slopes = {"f": lambda _, z: slope(z)}
    right = program(("f", "f"), "quadratic", slopes=slopes)
    found = check(net, (4, 3, 2), right)
    assert found.holds, found.reason
    wrong = {"f": lambda _, z: slope(z) + 1}
    assert not check(net, (4, 3, 2), program(("f", "f"), "quadratic", slopes=wrong)).holds


def test_an_activation_may_be_left_open():
    """Without a body it is a free variable at each argument, and so is its derivative."""
    names = ("tanh", "tanh")
    net = network(names, "quadratic")
    net = Network(net.families, net.definitions, net.depth, functions=())
    lines = [(target, value) for target, value in program(names, "quadratic") if not isinstance(target, Apply)]
    assert check(net, (4, 3, 2), lines).holds
    stated = [(Apply("tanh", z_x[2, j, i], 1), 1 - a_x[2, j, i] ** 2)]
    assert "not the derivative" in check(net, (4, 3, 2), lines[:6] + stated + lines[6:]).reason


#: The same program for ("gelu", "tanh") and the quadratic cost, written in another way.
DELTA_3 = Hadamard(a_x[3] - y_x[()], Apply("tanh", z_x[3], 1))
VARIANTS = {
    "the error of the outputs as an array": {delta_x[3, j, i]: (delta_x[3], DELTA_3 / M)},
    "1/M later": {
        delta_x[3, j, i]: (delta_x[3], DELTA_3),
        **{D(C, b[layer]): (D(C, b[layer]), Dot(delta_x[layer], one[()]) / M) for layer in (2, 3)},
        **{D(C, w[layer]): (D(C, w[layer]), Dot(delta_x[layer] / M, Transposed(a_x[layer - 1]))) for layer in (2, 3)},
    },
    "the partial by a bias unit by unit": {
        D(C, b[2]): (D(C, b[2, j]), Total(delta_x[2, j, i] * one[i], i, 1, M)),
        D(C, b[3]): (D(C, b[3, j]), Total(delta_x[3, j, i], i, 1, M)),
    },
    "the other way round": {
        delta_x[2]: (
            delta_x[2],
            Hadamard(Transposed(Dot(Transposed(delta_x[3]), w[3])), Apply("gelu", z_x[2], 1)),
        ),
        D(C, w[2]): (D(C, w[2]), Transposed(Dot(a_x[1], Transposed(delta_x[2])))),
        D(C, b[2]): (D(C, b[2]), Dot(Transposed(Transposed(delta_x[2])), one[()])),
    },
    "the inputs themselves": {
        a_x[1]: (a_x[1, j, i], x_x[j, i]),
        z_x[2]: (z_x[2], Dot(w[2], x_x[()]) + Outer(b[2], one[()])),
        D(C, w[2]): (D(C, w[2]), Dot(delta_x[2], Transposed(x_x[()]))),
    },
    "an activation entry by entry": {a_x[2]: (a_x[2, j, i], Apply("gelu", z_x[2, j, i]))},
    "a slope as an array": {
        Apply("gelu", z_x[2, j, i], 1): (
            Apply("gelu", z_x[2], 1),
            Apply("Phi", z_x[2]) + Hadamard(z_x[2], Apply("phi", z_x[2])),
        )
    },
    "other letters": {
        delta_x[3, j, i]: (delta_x[3, p, j], (a_x[3, p, j] - y_x[p, j]) * Apply("tanh", z_x[3, p, j], 1) / M)
    },
    "no cost": {C_x[i]: None},
}


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("sizes", [(4, 3, 5), (2, 40, 30), ALIKE])
def test_the_same_in_another_way(name, sizes):
    names, changes = ("gelu", "tanh"), VARIANTS[name]
    lines = [changes.get(line[0], line) for line in program(names, "quadratic")]
    assert lines != program(names, "quadratic")
    found = verdict(names, "quadratic", sizes, [line for line in lines if line])
    assert found.holds, found.reason


def test_all_of_the_cost():
    names = ("tanh", "softmax")
    lines = program(names, "log-likelihood")
    place = [target for target, _ in lines].index(C_x[i])
    costs = [
        (E_x[k, i], -y_x[k, i] * log(a_x[3, k, i])),
        (C_x[i], Total(E_x[k, i], k, 1, n(3))),
        (C, Total(C_x[i], i, 1, M) / M),
    ]
    assert verdict(names, "log-likelihood", (4, 3, 5), lines[:place] + costs + lines[place + 1 :]).holds
    wrong = [*costs[:2], (C, Total(C_x[i], i, 1, M))]
    reason = verdict(names, "log-likelihood", (4, 3, 5), lines[:place] + wrong + lines[place + 1 :]).reason
    assert reason == "in the line for C: the network says otherwise"


# The judge.


def test_the_outcome_depends_on_the_seed_alone():
    names = ("relu", "softmax")
    one, two = (verdict(names, "log-likelihood", (4, 3, 5)) for _ in range(2))
    assert (one.holds, one.error_bound_log2) == (two.holds, two.error_bound_log2)
    assert check(network(names, "quadratic"), (4, 3, 5), program(names, "quadratic"), seed=7).holds


@pytest.mark.parametrize(
    ("net", "sizes"),
    [
        (dense(3), (4, 3, 5)),
        (batch(3, cost="quadratic"), (4, 3, 5)),
        (network(("tanh", "tanh"), "quadratic"), (4, 3)),
        (network(("tanh", "tanh"), "quadratic"), (4, 0, 3)),
        (network(("tanh", "tanh"), "quadratic"), (4, 1 << 20, 3)),
    ],
)
def test_networks_of_another_kind(net, sizes):
    with pytest.raises(ValueError, match="layers"):
        check(net, sizes, program(("tanh", "tanh"), "quadratic"))


def test_a_wide_layer_takes_more_trials_for_the_same_bound():
    """Many denominators, and many pairs of arguments."""
    narrow, wide = (verdict(("tanh", "softmax"), "log-likelihood", sizes) for sizes in [(4, 3, 5), (4, 3000, 5)])
    assert narrow.error_bound_log2 < wide.error_bound_log2 <= -120
