"""Slips of the forward pass, and the network that they make."""

from __future__ import annotations

import numpy as np
import pytest

from backproof.checks.code.flow import check
from backproof.checks.code.forward import arguments, outputs, with_output
from backproof.checks.code.model import model
from backproof.checks.code.running import program
from backproof.checks.code.said import Said
from backproof.checks.code.truth import Truth

from .some import NET, written


def made(last="identity"):
    draw = np.random.default_rng(0)
    weights = {2: draw.normal(size=(5, 4)), 3: draw.normal(size=(3, 5))}
    biases = {2: draw.normal(size=5), 3: draw.normal(size=3)}
    x, y = draw.normal(size=(4, 6)), draw.normal(size=(3, 6))
    truth = Truth(program((4, 5, 3), "tanh", last, "quadratic"), weights, biases, x, y).run()
    return model(truth, share=1.0, decay=0, rate=None, single=False)


def test_what_a_layer_may_give_instead():
    own = made()
    found = {row.words: row.value for row in outputs(own, 2)}
    b = own.z[2] - own.weights[2] @ own.x
    assert np.allclose(found["the bias is added after the activation"], np.tanh(own.z[2] - b) + b)
    assert np.allclose(found["there is no activation"], own.z[2])
    assert "the activation is tanh" not in found


def test_what_a_layer_may_take_instead():
    own = made()
    found = {row.words: row.value for row in arguments(own, 2)}
    assert np.allclose(found["the bias is left out"], own.weights[2] @ own.x)
    assert np.allclose(found["the bias is subtracted"], 2 * own.weights[2] @ own.x - own.z[2])


def test_a_softmax_may_be_taken_along_the_wrong_axis():
    own = made("softmax")
    found = {row.words: row.value for row in outputs(own, 3)}
    assert np.allclose(found["the softmax is taken over the examples, and not over the classes"].sum(axis=1), 1)
    assert np.allclose(found["the softmax is taken over all entries of the batch"].sum(), 1)


def test_what_comes_after_it_follows():
    own = made()
    changed = with_output(own, 2, own.z[2])
    assert np.allclose(changed.a[3], own.weights[3] @ own.z[2] + (own.z[3] - own.weights[3] @ own.a[2]))
    assert np.allclose(changed.output_error, changed.a[3] - own.y)
    assert np.allclose(changed.slope(2), 1 - own.z[2] ** 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("X @ self.W1 + self.b1)", "X @ self.W1) + self.b1", "the bias is added after the activation"),
     ("self.h @ self.W2 + self.b2", "self.h @ self.W2", "the bias is left out")],
)  # fmt: skip
def test_a_program_with_such_a_slip_is_told_so(tmp_path, old, new, words):
    answer = check(written(tmp_path, NET.replace(old, new)), Said(hidden="tanh", output="identity", cost="quadratic"))
    assert ("forward", "wrong-forward", words) in {(d.equation, d.mistake, d.reason) for d in answer.defects}
