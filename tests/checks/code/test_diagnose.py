"""Slips are found where they were made, and named by the numbers that they give; nothing else is named."""

from __future__ import annotations

import random

import numpy as np
import pytest

from backproof.checks.code import slips
from backproof.checks.code.diagnose import UNKNOWN, Claims, diagnose
from backproof.checks.code.model import floating, model
from backproof.checks.code.residue import Field
from backproof.checks.code.running import program
from backproof.checks.code.truth import Truth

NETS = [
    ((2, 4, 3, 2), "sigmoid", "sigmoid", "quadratic"),
    ((3, 4, 2), "tanh", "softmax", "log-likelihood"),
    ((3, 3, 3), "relu", "identity", "quadratic"),
]


def made(net, seed=1, rate=None, decay=0, examples=3):
    sizes = net[0]
    field, draw = Field(seed), random.Random(seed)

    def numbers(*shape):
        values = [field.variable(draw.uniform(-0.5, 0.5)) for _ in range(int(np.prod(shape)))]
        return np.array(values, dtype=object).reshape(shape)

    weights = {n: numbers(sizes[n - 1], sizes[n - 2]) for n in range(2, len(sizes) + 1)}
    biases = {n: numbers(sizes[n - 1]) for n in weights}
    hot = [[field.number(int(k == i % sizes[-1])) for i in range(examples)] for k in range(sizes[-1])]
    y = np.array(hot, dtype=object)
    truth = Truth(program(*net), weights, biases, numbers(sizes[0], examples), y).run()
    found = model(truth, share=1, decay=decay, rate=rate and field.number(rate), single=False)
    return found, truth


def claimed(found, last_error, rows):
    """The gradients of a backward pass whose errors are right but for ``rows``: errors, or gradients, by layer."""
    error, weights, biases = last_error, {}, {}
    for layer in range(found.last, 1, -1):
        if layer < found.last:
            error = rows.get(("delta", layer), lambda e, layer=layer: found.below(layer, e))(error)
        weights[layer] = rows.get(("w", layer), lambda e, layer=layer: e @ found.a[layer - 1].T)(error)
        if weights[layer].shape == found.weights[layer].shape:
            weights[layer] = weights[layer] + found.weight_term(layer)
        biases[layer] = rows.get(("b", layer), lambda e: e.sum(axis=1))(error)
    return Claims(weights, biases)


@pytest.mark.parametrize("net", NETS, ids=str)
def test_a_right_program_has_no_defect(net):
    found, truth = made(net)
    explained = diagnose(found, Claims(truth.grad_w, truth.grad_b))
    assert (explained.defects, explained.weight) == ((), 0)


def told(explained):
    return {(d.equation, d.layers, d.mistake) for d in explained.defects}


def found_out(found, claims, row, number):
    """What is said of the numbers that a slip leads to: of every one in floating point, of some in exact numbers."""
    exact = number % 9 == 0
    tables = ({n: floating(e) for n, e in table.items()} for table in (claims.weights, claims.biases))
    explained = diagnose(found, claims) if exact else diagnose(found.floating(), Claims(*tables))
    assert 0 < explained.weight <= len(row.mistakes), row.words
    return explained


@pytest.mark.parametrize("net", NETS, ids=str)
def test_every_slip_of_the_output_error_is_found(net):
    found, _ = made(net)
    rows = [row for row in slips.output_errors(found) if row.mistakes and not same(row.value, found.output_error)]
    for number, row in enumerate(rows):
        explained = found_out(found, claimed(found, row.value, {}), row, number)
        assert all(d.equation in ("BP1", "BP4") and d.mistake for d in explained.defects), row.words
    assert len(rows) > 3


@pytest.mark.parametrize("net", NETS, ids=str)
def test_every_slip_of_a_hidden_error_is_found_at_its_layer(net):
    found, _ = made(net)
    for layer in range(2, found.last):
        above = found.output_error
        for up in range(found.last - 1, layer, -1):
            above = found.below(up, above)
        right = found.below(layer, above)
        wrong = [row for row in slips.hidden_errors(found, layer, above, None) if row.mistakes]
        for number, row in enumerate(row for row in wrong if not same(row.value, right)):
            claims = claimed(found, found.output_error, {("delta", layer): lambda _, row=row: row.value})
            explained = found_out(found, claims, row, number)
            assert {(d.equation, d.layers) for d in explained.defects} == {("BP2", (layer - 1,))}, (layer, row.words)


@pytest.mark.parametrize("net", NETS, ids=str)
@pytest.mark.parametrize(("family", "rows"), [("w", slips.weight_gradients), ("b", slips.bias_gradients)])
def test_every_slip_of_a_gradient_is_found_at_its_layer(net, family, rows):
    found, _ = made(net, decay=3 if family == "w" else 0)
    error, equation = found.output_error, {"w": "BP4", "b": "BP3"}[family]
    for layer in range(found.last, 1, -1):
        error = error if layer == found.last else found.below(layer, error)
        right, *others = rows(found, layer, error)
        for number, row in enumerate(row for row in others if not same(row.value, right.value)):
            claims = claimed(found, found.output_error, {(family, layer): lambda _, row=row: row.value})
            alike = {other.mistakes[0] for other in others if same(other.value, row.value)}
            [(own, layers, mistake)] = told(found_out(found, claims, row, number))
            assert (own, layers) == (equation, (layer - 1,)), row.words
            assert mistake in alike, row.words


def same(one, other):
    return np.shape(one) == np.shape(other) and bool(np.all(one == other))


def test_two_slips_in_two_layers_are_two_findings():
    found, _ = made(NETS[0])
    rows = {("delta", 3): lambda e: found.weights[4].T @ e, ("b", 2): lambda e: e}
    explained = diagnose(found, claimed(found, found.output_error, rows))
    assert told(explained) == {("BP2", (2,), "missing-sigma-prime"), ("BP3", (1,), "bias-not-summed")}


def test_a_constant_that_all_gradients_have_is_one_finding():
    found, truth = made(NETS[0])
    negative = Claims(*({n: -e for n, e in table.items()} for table in (truth.grad_w, truth.grad_b)))
    assert told(diagnose(found, negative)) == {("BP1", (1, 2, 3), "sign")}


def test_an_error_that_no_slip_gives_is_one_finding_and_does_not_hide_what_is_below():
    found, _ = made(NETS[0], examples=3)
    odd = found.output_error * found.output_error * found.a[4]
    explained = diagnose(found, claimed(found, odd, {("b", 2): lambda e: e}))
    assert told(explained) == {("BP1", (3,), None), ("BP3", (1,), "bias-not-summed")}
    assert explained.weight >= UNKNOWN


def test_wrong_numbers_at_random_are_no_slip():
    found, truth = made(NETS[1])
    field = Field(9)
    for layer in (2, 3):
        for place in ((0, 0), (1, 2)):
            weights = {n: e.copy() for n, e in truth.grad_w.items()}
            weights[layer][place] = weights[layer][place] + field.variable(1e-3)
            explained = diagnose(found, Claims(weights, truth.grad_b))
            assert ("BP4", (layer - 1,), None) in told(explained)


def test_weights_that_are_changed_too_early_are_told_where_the_program_makes_steps():
    found, truth = made(NETS[0], rate=0.5)
    early = found.weights[4] - truth.grad_w[4] / 2
    rows = {("delta", 3): lambda e: (early.T @ e) * found.slope(3)}
    assert told(diagnose(found, claimed(found, found.output_error, rows))) == {("BP2", (2,), "update-order")}
