"""The chapters on dense nets: their theorems, as functions of arrays, are what torch's own backward pass computes."""

from __future__ import annotations

import sys
from types import ModuleType

import numpy as np
import pytest
import torch

from backproof import calc  # noqa: F401 - it makes theorems callable
from backproof.derivations import (
    activations,
    backward,
    bp1,
    bp2,
    bp3,
    bp4,
    costs,
    examples,
    five_layers,
    forward,
    penalty,
)
from backproof.derive.registry import LIBRARY

from . import test_language_model, test_layers, test_more_layers
from .agreement import REAL, agree_at, cost, drawn, kept

WIDTHS = (None, 3, 4, 5, 2)  # all different
LAST = len(WIDTHS) - 1
L = {"L": LAST}

FUNCTIONS = {
    "sigmoid": torch.sigmoid, "tanh": torch.tanh, "softplus": torch.nn.functional.softplus, "relu": torch.relu,
    "leaky-relu": lambda u: torch.nn.functional.leaky_relu(u, 0.01), "gelu": lambda u: u * torch.special.ndtr(u),
}  # fmt: skip
SLOPES = {"sigma": (np.tanh, lambda u: 1 - np.tanh(u) ** 2)}


def quadratic(a, y):
    return ((a - y) ** 2).sum() / 2


def cross_entropy(a, y):
    return torch.nn.functional.binary_cross_entropy(a, y, reduction="sum")


def log_likelihood(a, y):
    return -(y * torch.log(a)).sum()


def small(seed, *shape):
    """Far from where the slope of tanh is a difference of two numbers that are almost 1."""
    return (drawn(seed, *shape).detach() / 4).requires_grad_()


def net(of=cost, activation=torch.tanh, last=None, widths=WIDTHS, *, bias=True, after=None):
    """A net by layer, its cost and their derivatives, one example as a vector."""
    layers = range(2, len(widths))
    made = {family: {} for family in ("w", "b", "z", "a")}
    made["a"][1] = drawn(1, widths[1])
    for l in layers:
        made["w"][l] = small(10 + l, widths[l], widths[l - 1])
        made["b"][l] = small(20 + l, widths[l])
        made["z"][l] = kept(made["w"][l] @ made["a"][l - 1] + (made["b"][l] if bias else 0))
        made["a"][l] = kept((last or activation)(made["z"][l]) if l == len(widths) - 1 else activation(made["z"][l]))
    a = made["a"][len(widths) - 1]
    y = torch.softmax(drawn(30, widths[-1]).detach(), 0)
    c = of(a) if of is cost else of(a, y)
    (c + after(made["w"]) if after else c).backward()
    if not bias:
        made.pop("b")
    by = {f"dC_d{family}": {l: e.grad.numpy() for l, e in layer.items()} for family, layer in made.items()}
    found = {family: {l: e.detach().numpy() for l, e in layer.items()} for family, layer in made.items()} | by
    return found | {"delta": by["dC_dz"], "d": by["dC_dz"], "x": found["a"][1], "y": y.numpy()}


def bias_unit():
    """w[l] has a column 0, of what a unit that is always 1 counts."""
    found = net()
    for name, first, rest in (("w", "b", "w"), ("dC_dw", "dC_db", "dC_dw")):
        found[name] = {l: np.column_stack([found[first][l], found[rest][l]]) for l in found["w"] if l > 1}
    return found


@pytest.mark.parametrize(
    ("made", "by", "layers"),
    [
        (forward.forward, "a", (2, 3, 4)),
        (forward.forward_vector, "a", (2, 3, 4)),
        (bp1.bp1, "dC_dz", (LAST,)),
        (bp1.bp1_vector, "dC_dz", (LAST,)),
        (bp2.bp2, "dC_dz", (2, 3)),
        (bp2.bp2_vector, "dC_dz", (2, 3)),
        (bp3.bp3, "dC_db", (2, 3, 4)),
        (bp3.bp3_vector, "dC_db", (2, 3, 4)),
        (bp4.bp4, "dC_dw", (2, 3, 4)),
        (bp4.bp4_matrix, "dC_dw", (2, 3, 4)),
        (backward.recursion, "dC_dz", (2, 3, 4)),
        (backward.every_bias, "dC_db", (2, 3, 4)),
        (backward.every_bias_vector, "dC_db", (2, 3, 4)),
        (backward.every_weight, "dC_dw", (2, 3, 4)),
        (backward.every_weight_matrix, "dC_dw", (2, 3, 4)),
        (backward.recursion_vector, "dC_dz", (2, 3)),
    ],
)
def test_torch_agrees(made, by, layers):
    data = net()
    for l in layers:
        agree_at(made, SLOPES | data, L | {"l": l}, WIDTHS, data[by][l])


def test_torch_agrees_with_a_bias_unit():
    """Unit 0 of the layer before is 1, and so the weights from it are counted from 0."""
    data = bias_unit()
    for l in (2, 3):
        agree_at(bp2.bp2_bias_unit, SLOPES | data, L | {"l": l}, WIDTHS, data["dC_dz"][l])
    for l in (2, 3, 4):
        agree_at(bp4.bp4_bias_unit, SLOPES | data, L | {"l": l}, WIDTHS, data["dC_dw"][l], {"k": 0})


def sums_over_paths(data):
    """S[l, j, q]: what output q changes by where the weighted input of unit j does, along all paths."""
    slope = {l: 1 - np.tanh(z) ** 2 for l, z in data["z"].items()}
    sums = {LAST: np.diag(slope[LAST])}
    for l in (3, 2):
        sums[l] = slope[l][:, None] * (data["w"][l + 1].T @ sums[l + 1])
    return sums


def test_torch_agrees_with_the_sum_over_all_paths():
    data = net()
    data["S"] = sums_over_paths(data)
    for l in (2, 3, 4):
        agree_at(backward.paths, SLOPES | data, L | {"l": l}, WIDTHS, data["dC_dz"][l])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_torch_agrees_about_activations(name):
    """The derivative of each activation by its weighted input."""
    made = getattr(activations, name.replace("-", "_"))
    z = drawn(1, 4)
    FUNCTIONS[name](z).sum().backward()
    agree_at(made, {"z": {2: z.detach().numpy()}}, {"l": 2}, (None, 3, 4), z.grad.numpy())


def test_torch_agrees_about_the_softmax():
    z = drawn(1, 4)
    jacobian = torch.autograd.functional.jacobian(lambda u: torch.softmax(u, 0), z).numpy()
    data = {"a": {2: torch.softmax(z, 0).detach().numpy()}}
    jacobian = jacobian if activations.softmax_jacobian().lambdify().axes[0] == "k" else jacobian.T
    agree_at(activations.softmax_jacobian, data, {"L": 2}, (None, 3, 4), jacobian)
    agree_at(activations.softmax_off_diagonal, data, {"L": 2}, (None, 3, 4), jacobian[1, 0])


@pytest.mark.parametrize(
    ("made", "by", "of", "last"),
    [
        (bp1.quadratic_gradient, "dC_da", quadratic, torch.tanh),
        (bp1.bp1_quadratic_unit, "dC_dz", quadratic, torch.tanh),
        (bp1.bp1_quadratic, "dC_dz", quadratic, torch.tanh),
        (costs.cross_entropy_gradient, "dC_da", cross_entropy, torch.sigmoid),
        (costs.cross_entropy, "dC_dz", cross_entropy, torch.sigmoid),
        (costs.cross_entropy_vector, "dC_dz", cross_entropy, torch.sigmoid),
        (costs.log_likelihood_gradient, "dC_da", log_likelihood, lambda z: torch.softmax(z, 0)),
        (costs.log_likelihood_any, "dC_dz", log_likelihood, lambda z: torch.softmax(z, 0)),
        (costs.log_likelihood, "dC_dz", log_likelihood, lambda z: torch.softmax(z, 0)),
        (costs.log_likelihood_vector, "dC_dz", log_likelihood, lambda z: torch.softmax(z, 0)),
    ],
)
def test_torch_agrees_about_costs(made, by, of, last):
    data = net(of, last=last)
    agree_at(made, SLOPES | data, L, WIDTHS, data[by][LAST])


@pytest.mark.parametrize(
    ("made", "by", "of"),
    [
        (costs.slow_learning, "w", quadratic),
        (costs.slow_learning_bias, "b", quadratic),
        (costs.fast_learning, "w", cross_entropy),
    ],
)
def test_torch_agrees_about_one_neuron(made, by, of):
    w, b = drawn(1, 1, 1), drawn(2, 1)
    z = w @ torch.ones(1, dtype=REAL) + b
    a = torch.sigmoid(z)
    of(a, torch.zeros(1, dtype=REAL)).backward()
    data = {"a": {2: a.detach().numpy()}, "z": {2: z.detach().numpy()}}
    agree_at(made, data, {}, (None, 1, 1), {"w": w, "b": b}[by].grad.flatten()[0].numpy())


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (five_layers.whole, lambda of: of["dC_dw"][4][0, 0]),
        (five_layers.by_delta, lambda of: of["dC_dw"][4][0, 0]),
        (five_layers.by_bp4, lambda of: of["dC_dw"][4][0, 0]),
        (five_layers.delta_4_1, lambda of: of["dC_dz"][4][0]),
        (five_layers.delta_4_2, lambda of: of["dC_dz"][4][1]),
        (five_layers.delta_4_vector, lambda of: of["dC_dz"][4]),
    ],
)
def test_torch_agrees_about_five_layers(made, expected):
    """Two units a layer, as the chapter has them, and no biases."""
    widths = (None, 2, 2, 2, 2, 2)
    data = net(quadratic, widths=widths, bias=False)
    agree_at(made, SLOPES | data, {}, widths, expected(data))


@pytest.mark.parametrize("l", [2, 3])
def test_torch_agrees_about_every_layer_without_biases(l):
    data = net(bias=False)
    agree_at(five_layers.every_layer, SLOPES | data, L | {"l": l}, WIDTHS, data["dC_dz"][l])


@pytest.mark.parametrize(
    ("made", "by", "layers"),
    [
        (penalty.by_weight, "dJ_dw", (2, 3, 4)),
        (penalty.by_error, "dJ_dw", (2, 3, 4)),
        (penalty.by_bias, "dC_db", (2, 3, 4)),
        (penalty.decay, "stepped", (2, 3, 4)),
    ],
)
def test_torch_agrees_about_the_penalty(made, by, layers):
    lam, eta = 0.3, 0.7
    data = net()
    penalised = net(after=lambda w: lam / 2 * sum((e**2).sum() for e in w.values()))["dC_dw"]
    stepped = {l: data["w"][l] - eta * penalised[l] for l in penalised}
    known = {"dJ_dw": penalised, "stepped": stepped, **data}
    given = SLOPES | data | {"lam": np.array(lam), "eta": np.array(eta)}
    for l in layers:
        agree_at(made, given, L | {"l": l}, WIDTHS, known[by][l])


def batch(examples=6):
    """All examples at once, one a column; the cost is the mean of theirs, and delta that of each by itself."""
    w = {l: small(10 + l, WIDTHS[l], WIDTHS[l - 1]) for l in range(2, LAST + 1)}
    b = {l: small(20 + l, WIDTHS[l]) for l in w}
    a, z = {1: drawn(1, WIDTHS[1], examples)}, {}
    for l, weights in w.items():
        z[l] = kept(weights @ a[l - 1] + b[l][:, None])
        a[l] = kept(torch.tanh(z[l]))
    each = torch.stack([cost(column) for column in a[LAST].T])
    (each.sum() / examples).backward(retain_graph=True)
    found = {"delta": {l: e.grad.numpy() * examples for l, e in z.items()}}
    found |= {f"dC_d{name}": {l: e.grad.numpy() for l, e in of.items()} for name, of in (("w", w), ("b", b))}
    every = {}
    for name, of in (("w", w), ("b", b), ("a", a)):
        by = {l: [torch.autograd.grad(c, e, retain_graph=True)[0] for c in each] for l, e in of.items() if l > 1}
        every[f"dCx_d{name}"] = {l: torch.stack(rows) for l, rows in by.items()}
    families = {"w": w, "b": b, "z": z, "a": a, **every}
    return found | {name: {l: e.detach().numpy() for l, e in of.items()} for name, of in families.items()}, examples


@pytest.mark.parametrize(
    ("made", "expected", "layers"),
    [
        (examples.mean_gradient, lambda of, l: of["dC_dw"][l], (2, 3, 4)),
        (examples.mean_gradient_bias, lambda of, l: of["dC_db"][l], (2, 3, 4)),
        (examples.example_bp2, lambda of, l: of["delta"][l], (2, 3)),
        (examples.batch_bp2, lambda of, l: of["delta"][l], (2, 3)),
        (examples.example_bp4, lambda of, l: of["dCx_dw"][l], (2, 3, 4)),
        (examples.example_bp3, lambda of, l: of["dCx_db"][l], (2, 3, 4)),
        (examples.batch_weights, lambda of, l: of["dC_dw"][l], (2, 3, 4)),
        (examples.batch_biases, lambda of, l: of["dC_db"][l], (2, 3, 4)),
        (examples.batch_matrix, lambda of, l: of["dC_dw"][l], (2, 3, 4)),
        (examples.update_weight, lambda of, l: of["w"][l] - 0.7 * of["dC_dw"][l], (2, 3, 4)),
        (examples.update_bias, lambda of, l: of["b"][l] - 0.7 * of["dC_db"][l], (2, 3, 4)),
        (examples.update_matrix, lambda of, l: of["w"][l] - 0.7 * of["dC_dw"][l], (2, 3, 4)),
    ],
)
def test_torch_agrees_about_examples(made, expected, layers):
    data, count = batch()
    for l in layers:
        agree_at(made, SLOPES | data, L | {"l": l, "M": count, "eta": 0.7}, WIDTHS, expected(data, l))


def test_torch_agrees_about_the_last_layer_of_examples():
    """dCx_da has the derivatives of the cost of each example by the activations of all."""
    data, count = batch()
    agree_at(examples.example_bp1, SLOPES | data, L | {"M": count}, WIDTHS, data["delta"][LAST])


def test_every_chapter_is_held_against_torch():
    """But the one that counts multiplications."""
    modules = (test_language_model, test_layers, test_more_layers, sys.modules[__name__])
    named = {name for tests in modules for name, value in vars(tests).items() if isinstance(value, ModuleType)}
    assert {*LIBRARY} - named == {"cost_of_backprop"}
