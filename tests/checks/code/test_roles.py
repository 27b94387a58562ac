"""What parameters are for, and what functions do, by their names."""

from __future__ import annotations

import pytest

from backproof.checks.code.roles import is_sizes, kind, parameters, required, role


@pytest.mark.parametrize(
    ("name", "found"),
    [
        *(("X", "inputs"), ("x_train", "inputs"), ("inputs_list", "inputs"), ("features", "inputs")),
        *(("Y", "targets"), ("T", "targets"), ("labels", "targets"), ("y_true", "targets"), ("desired", "targets")),
        *(("lr", "rate"), ("eta", "rate"), ("learning_rate", "rate"), ("alpha", "either"), ("reg", "penalty")),
        *(("epochs", "once"), ("n_iter", "once"), ("batch_size", "count"), ("seed", "seed"), ("verbose", "quiet")),
        *(("mini_batch", "pairs"), ("params", "net"), ("W1", ""), ("hidden", "")),
    ],
)
def test_a_role_is_told_by_the_name(name, found):
    assert role(name) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        *(("backprop", "gradient"), ("compute_gradients", "gradient"), ("backward", "gradient")),
        *(("fit", "step"), ("train_step", "step"), ("update_mini_batch", "step")),
        *(("forward", "forward"), ("predict", "forward"), ("loss", "loss"), ("sigmoid", "")),
    ],
)
def test_a_kind_is_told_by_the_name(name, found):
    assert kind(name) == found


def test_sizes_are_told_by_the_name():
    assert all(map(is_sizes, ["sizes", "layer_dims", "layers", "_shape"]))
    assert not any(map(is_sizes, ["n_hidden", "x", "rate"]))


def test_parameters_are_those_that_can_be_given():
    def function(a, /, b, *rest, c=1, **more):
        return a, b, rest, c, more

    assert [(p.name, required(p)) for p in parameters(function)] == [("a", True), ("b", True), ("c", False)]
    assert parameters(None) == []
