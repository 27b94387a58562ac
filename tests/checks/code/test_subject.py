"""What a program offers: parameters, by what makes them, and functions that compute with them."""

from __future__ import annotations

import numpy as np

from backproof.checks.code.subject import SEED, fresh, named

from .some import NET, subject


def test_an_object_is_made_with_sizes_that_differ(tmp_path):
    made = subject(tmp_path).made[0]
    assert (made.words, made.layers.sizes, made.layers.orientation) == ("Net(4, 6, 3)", (4, 6, 3), "in,out")
    assert made.is_object
    assert [(layer.weight.name, layer.bias.name) for layer in made.layers.layers] == [("W1", "b1"), ("W2", "b2")]


def test_its_methods_and_functions_can_be_called(tmp_path):
    own = subject(tmp_path)
    kinds = {callee.name: (callee.kind, callee.method) for callee in own.callees(own.made[0])}
    assert kinds == {
        "forward": ("forward", True), "loss": ("loss", True), "gradient": ("gradient", True), "fit": ("step", True),
    }  # fmt: skip
    gradient = next(callee for callee in own.callees(own.made[0]) if callee.name == "gradient")
    assert gradient.roles(own.made[0], (), frozenset()) == {"X": "inputs", "Y": "targets"}
    assert [p.name for p in gradient.parameters] == ["X", "Y"]


def test_a_copy_is_its_own(tmp_path):
    made = subject(tmp_path).made[0]
    one = fresh(made)
    one.W1[...] = 7
    assert not np.any(made.holder.W1 == 7)
    assert set(named(made, one)) == {"W1", "b1", "W2", "b2", "rate"}


def test_functions_that_make_tuples_are_makers(tmp_path):
    text = "import numpy as np\ndef init(n_in, n_mid, n_out, seed):\n    g = np.random.default_rng(seed)\n"
    text += "    A, B = g.normal(size=(n_mid, n_in)), g.normal(size=(n_out, n_mid))\n    return A, B\n"
    made = subject(tmp_path, text).made[0]
    assert (made.names, made.given["seed"], made.layers.sizes) == (("A", "B"), SEED, (4, 6, 3))
    assert [layer.bias for layer in made.layers.layers] == [None, None]


def test_what_raises_is_kept(tmp_path):
    own = subject(tmp_path, NET.replace("self.rate = rate", "raise KeyError(rate)"))
    assert own.made == []
    assert {type(error) for error in own.failures} >= {KeyError}


def test_numbers_of_epochs_of_a_module_are_1(tmp_path):
    own = subject(tmp_path, "EPOCHS = 5000\nRATE = 3\n" + NET)
    assert (own.module.EPOCHS, own.module.RATE) == (1, 3)


def test_data_that_the_program_comes_with_is_found(tmp_path):
    text = NET + "\n\ndef data():\n    return np.ones((4, 2)), np.zeros(4)\n"
    x, y = subject(tmp_path, text).data
    assert (x.shape, y.shape) == ((4, 2), (4,))
    assert subject(tmp_path).data is None
