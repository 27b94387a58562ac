"""Programs of two layers with a slip each: what is wrong is told by equation, layer, slip and line."""

from __future__ import annotations

import pytest

from backproof.checks.code.flow import Said, check

BATCH = '''
"""A classifier: one tanh layer, softmax outputs. Examples are rows, labels are integers.

Loss: mean over the rows of the cross-entropy of the softmax.
"""
import numpy as np


class Classifier:
    def __init__(self, n_in, n_hidden, n_classes, seed=0):
        g = np.random.default_rng(seed)
        self.W, self.b = g.normal(size=(n_in, n_hidden)), g.normal(size=n_hidden)
        self.V, self.c = g.normal(size=(n_hidden, n_classes)), g.normal(size=n_classes)

    def train_step(self, X, labels, rate):
        h = np.tanh(X @ self.W + self.b)
        e = np.exp(h @ self.V + self.c)
        p = e / e.sum(axis=1, keepdims=True)
        top = p - np.eye(self.c.size)[labels]
        low = (top @ self.V.T) * (1 - h ** 2)
        dV, dc = h.T @ top / len(X), top.sum(axis=0) / len(X)
        dW, db = X.T @ low / len(X), low.sum(axis=0) / len(X)
        self.W -= rate * dW
        self.b -= rate * db
        self.V -= rate * dV
        self.c -= rate * dc
'''

#: (what is written, what is written instead, overall, defects)
SLIPS = [
    ("", "", "ok", set()),
    (" * (1 - h ** 2)", "", "wrong", {("BP2", (1,), "missing-sigma-prime")}),
    ("(1 - h ** 2)", "(1 - np.tanh(h) ** 2)", "wrong", {("BP2", (1,), "sigma-prime-argument")}),
    ("e.sum(axis=1, keepdims=True)", "e.sum(axis=0)", "wrong", {("forward", (2,), "wrong-forward")}),
    ("low.sum(axis=0) / len(X)", "low.sum() / len(X)", "wrong", {("BP3", (1,), "bias-scalar")}),
    ("top.sum(axis=0) / len(X)", "top.sum(axis=0)", "scale", {("BP3", (2,), "batch-constant")}),
    ("self.W -= rate * dW", "self.W += rate * dW", "scale", {("BP4", (1,), "sign")}),
    ("        self.c -= rate * dc\n", "", "wrong", {("BP3", (2,), "missing-term")}),
]


def written(tmp_path, text):
    file = tmp_path / "program.py"
    file.write_text(text, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("old", "new", "overall", "defects"), SLIPS, ids=[new or old or "right" for old, new, *_ in SLIPS]
)
def test_a_slip_is_told(tmp_path, old, new, overall, defects):
    assert old in BATCH
    answer = check(written(tmp_path, BATCH.replace(old, new) if old else BATCH), Said())
    assert (answer.overall, answer.grade) == (overall, "exact")
    assert {(d.equation, d.layers, d.mistake) for d in answer.defects} == defects


def test_steps_before_the_error_is_pulled_back_are_out_of_order(tmp_path):
    text = BATCH.replace("        low =", "        self.V -= rate * (h.T @ top / len(X))\n        low =")
    text = text.replace("        self.V -= rate * dV\n", "")
    answer = check(written(tmp_path, text), Said())
    assert answer.overall == "order"
    assert {(d.equation, d.layers, d.mistake) for d in answer.defects} == {("BP2", (1,), "update-order")}


def test_what_only_runs_with_equal_sizes_is_looked_at_there(tmp_path):
    answer = check(written(tmp_path, BATCH.replace("top @ self.V.T", "top @ self.V")), Said())
    assert answer.overall == "wrong"
    assert {(d.equation, d.layers, d.mistake) for d in answer.defects} == {("BP2", (1,), "transpose")}
    assert answer.reason.startswith("with layers of different sizes it raises ValueError at line")


ONE_OUTPUT = '''
"""XOR with two logistic layers. Examples are rows. Loss: one half of the sum of squared errors."""
import numpy as np


def data():
    return np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])


def start(seed=0, n_hidden=3):
    g = np.random.default_rng(seed)
    return g.normal(size=(2, n_hidden)), g.normal(size=n_hidden), g.normal(size=(n_hidden, 1)), g.normal(size=1)


def s(z):
    return 1 / (1 + np.exp(-z))


def gradients(X, t, P, c, Q, d):
    h = s(X @ P + c)
    y = s(h @ Q + d)
    error = (y - t) * y * (1 - y)
    back = (error @ Q.T) * h * (1 - h)
    return X.T @ back, back.sum(axis=0), h.T @ error, error.sum(axis=0)
'''


def test_a_column_against_an_array_of_one_axis_is_told_where_it_spreads(tmp_path):
    answer = check(written(tmp_path, ONE_OUTPUT), Said())
    assert answer.overall == "raises"
    line = ONE_OUTPUT.splitlines().index("    error = (y - t) * y * (1 - y)") + 1
    assert [(d.equation, d.layers, d.mistake, d.where) for d in answer.defects] == [
        ("BP1", (2,), "broadcast", f"program.py:{line}")
    ]


def test_without_the_slip_it_is_right(tmp_path):
    assert check(written(tmp_path, ONE_OUTPUT.replace("(y - t)", "(y - t[:, None])")), Said()).overall == "ok"


def test_what_depends_on_the_loss_is_said(tmp_path):
    text = BATCH.replace(
        "mean over the rows of the cross-entropy of the softmax", "one half of the squared errors, mean"
    )
    text = text.replace(", softmax outputs", ", logistic outputs").replace("of the softmax", "")
    text = text.replace("e.sum(axis=1, keepdims=True)", "(1 + e)")
    answer = check(written(tmp_path, text), Said())
    assert answer.overall == "wrong"
    assert {(d.equation, d.layers, d.mistake) for d in answer.defects} == {("BP1", (2,), "missing-sigma-prime")}
    assert answer.right_if == ("the cost is cross-entropy",)
