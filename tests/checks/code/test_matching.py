"""Which returned array is the gradient of which parameter."""

from __future__ import annotations

import numpy as np
import pytest

from backproof.checks.code.chains import found
from backproof.checks.code.layouts import LAYOUTS, TARGETS
from backproof.checks.code.matching import items, matched, parameters

RNG = np.random.default_rng(0)


def numbers(*shape):
    return RNG.uniform(-1, 1, shape)


TUPLE = (numbers(6, 4), numbers(6, 1), numbers(3, 6), numbers(3, 1))
DICT = {"W1": numbers(4, 6), "b1": numbers(6), "W2": numbers(6, 3), "b2": numbers(3)}
LISTS = ([numbers(6, 4), numbers(3, 6)], [numbers(6, 1), numbers(3, 1)])


def wanted(holder, names=()):
    layers = found(holder)[0]
    assert layers.sizes == (4, 6, 3)
    return parameters(layers, names)


@pytest.mark.parametrize("holder", [TUPLE, DICT, LISTS], ids=["tuple", "dict", "lists"])
def test_parameters_are_read_and_written_back(holder):
    layers = found(holder)[0]
    weights, biases = layers.get(holder)
    assert {n: e.shape for n, e in weights.items()} == {2: (6, 4), 3: (3, 6)}
    assert {n: e.shape for n, e in biases.items()} == {2: (6,), 3: (3,)}
    import copy

    twice = layers.put(copy.deepcopy(holder), {n: 2 * e for n, e in weights.items()}, biases)
    again, _ = layers.get(twice)
    assert all((again[n] == 2 * weights[n]).all() for n in weights)


def test_a_bias_in_a_last_column_is_one():
    layers = found([numbers(6, 5).tolist(), numbers(3, 7).tolist()])[0]
    assert (layers.sizes, layers.layers[0].extra) == ((4, 6, 3), "last")


def test_sizes_and_states_are_no_parameters():
    class Net:
        def __init__(self):
            self.sizes = [4, 6, 3]
            self.velocity = numbers(4, 6)
            self.dW1 = numbers(4, 6)
            self.W1, self.b1, self.W2, self.b2 = DICT.values()

    names = {p.name for p in wanted(Net())}
    assert names == {"W1", "b1", "W2", "b2"}


def test_names_decide():
    grads = {f"d{name}": e + 1 for name, e in reversed(DICT.items())}
    assert {p.name: g.shape for p, g in matched(list(items(grads)), wanted(DICT)).items()} == {
        name: e.shape for name, e in DICT.items()
    }


def test_of_two_lists_the_shapes_say_which_is_which():
    weights, biases = LISTS
    for result in ((weights, biases), (biases, weights)):
        found_ = matched(list(items(result)), wanted(LISTS))
        assert all(e.shape == p.leaf.shape for p, e in found_.items())
        assert len(found_) == 4


def test_a_loss_before_the_gradients_is_left_out():
    found_ = matched(list(items((1.25, *TUPLE))), wanted(TUPLE))
    assert {p.layer: e.shape for p, e in found_.items() if p.family == "w"} == {2: (6, 4), 3: (3, 6)}


def test_what_is_no_gradient_is_none():
    assert matched(list(items((1.25, "done"))), wanted(TUPLE)) is None


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_a_forward_pass_returns_is_read_as_it_was_given(name):
    layout, x, y = LAYOUTS[name], numbers(4, 5), numbers(3, 5)
    parts = [layout.outputs(layout.inputs(one)) for one, _ in layout.batches(x, y)]
    assert np.concatenate(parts, axis=1).tolist() == x.tolist()


def test_class_numbers_are_those_of_the_largest_target():
    y = np.eye(3)[:, [2, 0, 1]]
    assert TARGETS["integers"].give(LAYOUTS["rows"], y).tolist() == [2, 0, 1]
    assert TARGETS["integers"].give(LAYOUTS["column"], y[:, [0]]) == 2
