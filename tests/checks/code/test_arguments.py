"""Parameters that functions take and nothing makes, by their names."""

from __future__ import annotations

import pytest

from backproof.checks.code.arguments import Arguments, arguments, is_bias, ways
from backproof.checks.code.subject import SIZES


def arrays(x, y, w1, b1, w2, b2, lr):
    return x, y, w1, b1, w2, b2, lr


def lists(x, y, weights, biases):
    return x, y, weights, biases


def of_one(params, x, y):
    return x, y, params["w1"], params["b1"], params["w2"], params["b2"]


def other(x, y, gadget):
    return x, y, gadget


def no_examples(w1, b1, w2, b2):
    return w1, b1, w2, b2


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (arrays, Arguments("arrays", ("w1", "b1", "w2", "b2"))),
        (lists, Arguments("lists", ("weights", "biases"))),
        (of_one, Arguments("dict", ("w1", "b1", "w2", "b2"), "params")),
        (other, None),
        (no_examples, None),
    ],
)
def test_they_are_what_is_left_of_the_examples(function, found):
    assert arguments(function) == found


def test_biases_have_names_of_their_own():
    assert all(map(is_bias, ["b1", "bias", "b_out", "biases", "hidden_bias"]))
    assert not any(map(is_bias, ["B", "W1", "weights", "x"]))


def test_all_common_ways_of_lying_are_made():
    found = list(ways({"arrays": arrays}, SIZES))
    shapes = {(layers.orientation, holder[1].shape) for holder, layers, _ in found}
    assert shapes == {("out,in", (6,)), ("out,in", (6, 1)), ("in,out", (6,)), ("in,out", (1, 6))}
    assert {names for _, _, names in found} == {("w1", "b1", "w2", "b2")}
    assert {layers.sizes for _, layers, _ in ways({"lists": lists}, SIZES)} == {(4, 9, 6, 3), (4, 6, 3)}
