"""scikit-learn's perceptrons under check: each verdict is what torch's autograd says of the same code."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from backproof.checks.code.flow import Said, check
from backproof.checks.code.load import module
from backproof.checks.code.probe import batch
from backproof.checks.code.scikit import Kind, Perceptron, fitted, kinds, perceptrons

HEAD = """
import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.neural_network._base import DERIVATIVES
from sklearn.utils.extmath import safe_sparse_dot

"""
OWN = """
class Own({base}):
    def _backprop(self, X, y, *rest):
        activations, deltas, coef_grads, intercept_grads = rest[-4:]
        loss = super()._backprop(X, y, *rest)[0]
        activations = self._forward_pass(activations)
        last, m = self.n_layers_ - 2, X.shape[0]
        deltas[last] = activations[-1] - y
        for i in range(last, -1, -1):
            coef_grads[i] = (activations[i].T @ deltas[i] + self.alpha * self.coefs_[i]) / m
            intercept_grads[i] = deltas[i].sum(axis=0) / m
            if i:
                deltas[i - 1] = safe_sparse_dot(deltas[i], self.coefs_[i].T)
                DERIVATIVES[self.activation](activations[i], deltas[i - 1])
        return loss, coef_grads, intercept_grads
"""
DATA = "r = np.random.default_rng(0)\nx, y = r.normal(size=(12, 3)), r.normal(size=(12, {outputs}))\n"
FITTED = "net = MLPRegressor(hidden_layer_sizes=(4,), tol=9, n_iter_no_change=1).fit(x, y)\n"
POISSON = "try:\n    net = MLPRegressor(hidden_layer_sizes=(4,), loss='poisson')\nexcept TypeError:\n    net = None\n"
OBJECTS = {
    "tanh, classes": "net = MLPClassifier((5,), activation='tanh')\n",
    "logistic, three layers": "net = MLPClassifier((5, 4, 3), activation='logistic', alpha=0)\n",
    "regression": "net = MLPRegressor(hidden_layer_sizes=(5, 4), alpha=0.1)\n",
    "identity, one output": DATA.format(outputs=1)
    + "net = MLPRegressor(hidden_layer_sizes=4, activation='identity', tol=9).fit(x, y[:, 0])\n",
    "in a pipeline": "from sklearn.pipeline import make_pipeline\n"
    "from sklearn.preprocessing import StandardScaler\nnet = make_pipeline(StandardScaler(), MLPClassifier((5,)))\n",
    "in a function": "def build():\n    return MLPRegressor(hidden_layer_sizes=(5,), activation='tanh')\n",
}  # fmt: skip
#: (what is written, what is written instead, the equations, slips)
SLIPS = [
    ("                DERIVATIVES[self.activation](activations[i], deltas[i - 1])\n", "",
     {("BP2", "missing-sigma-prime")}),
    (" + self.alpha * self.coefs_[i]", "", {("BP4", "missing-term")}),
    ("deltas[i].sum(axis=0) / m", "deltas[i].sum() / m + 0 * self.intercepts_[i]",
     {("BP3", "bias-scalar"), ("BP3", "missing-term")}),  # of a softmax the errors of all units sum to 0
    ("activations[-1] - y", "2 * (activations[-1] - y)", {("BP1", "scale")}),
    ("(activations[i].T @", "(-activations[i].T @", None),
]  # fmt: skip


def written(tmp_path, text):
    file = tmp_path / "people.py"
    file.write_text(HEAD + text, encoding="utf-8")
    return str(file)


def by_torch(net, x, y, documented):
    """The gradients of the loss of the library's documentation, or of the one that it returns, by autograd."""
    import torch

    weights = [torch.tensor(w, requires_grad=True) for w in net.coefs_]
    biases = [torch.tensor(b, requires_grad=True) for b in net.intercepts_]
    a, y = torch.tensor(x), torch.tensor(y)
    act = {"tanh": torch.tanh, "logistic": torch.sigmoid, "relu": torch.relu, "identity": lambda z: z}[net.activation]
    for n, (w, b) in enumerate(zip(weights, biases, strict=True)):
        a = a @ w + b
        a = act(a) if n < len(weights) - 1 else a
    if net.out_activation_ == "softmax":
        each = -(y * torch.log_softmax(a, dim=1)).sum(dim=1)
    elif net.out_activation_ == "logistic":
        each = torch.nn.functional.binary_cross_entropy_with_logits(a, y, reduction="none").sum(dim=1)
    else:
        each = ((a - y) ** 2).sum(dim=1) / 2 if documented else ((a - y) ** 2).mean(dim=1) / 2
    loss = each.mean() + net.alpha / 2 / len(x) * sum((w**2).sum() for w in weights)
    loss.backward()
    return [e.grad.numpy() for pair in zip(weights, biases, strict=True) for e in pair]


def agrees(net, *, documented):
    """Whether torch says that the gradients are right."""
    way = Perceptron(ModuleType("none"), "net", net)
    given = batch(way.made, 0, float, labels=net.out_activation_ != "identity")
    found = way.gradient(given).gradients
    right = by_torch(way._with(given), given.x.T, given.y.T, documented)
    return all(np.allclose(found[p], e, rtol=1e-9, atol=1e-12) for p, e in zip(way.parameters, right, strict=True))


def torchs(file, *, documented=True):
    """What torch says of all networks of a file: the same ones that the check tries."""
    made = module(file)
    [(_, found)] = perceptrons(made, "")
    return all(agrees(fitted(found, kind), documented=documented) for kind in kinds(found))


@pytest.mark.parametrize("name", ["MLPClassifier", "MLPRegressor"])
def test_the_classes_of_the_library_are_right(name):
    answer = check("sklearn.neural_network", Said(entry=name))
    assert (answer.overall, answer.grade) == ("ok", "exact")
    assert answer.assumed["hidden"] == "tanh, sigmoid, relu, identity"
    import sklearn.neural_network as library

    found = getattr(library, name)
    assert all(agrees(fitted(found, kind), documented=True) for kind in kinds(found))
    assert ("divided by the number of outputs" in answer.reason) == (name == "MLPRegressor")


@pytest.mark.parametrize("text", OBJECTS.values(), ids=OBJECTS)
def test_objects_are_right_as_torch_says(tmp_path, text):
    file = written(tmp_path, text)
    answer = check(file, Said())
    assert (answer.overall, answer.grade) == ("ok", "exact")
    assert torchs(file)


def test_of_several_outputs_the_loss_that_is_returned_is_another_one(tmp_path):
    """torch says so, too: the value is divided by the number of outputs, the gradients are not."""
    file = written(tmp_path, DATA.format(outputs=2) + FITTED)
    answer = check(file, Said())
    assert answer.overall == "wrong"
    assert {(d.equation, d.reason) for d in answer.defects} == {("BP1", "a factor of 3, the number of outputs")}
    assert not torchs(file, documented=False)
    assert any("the mean over the examples" in words for words in answer.right_if)
    assert torchs(file)
    assert check(file, Said(cost="quadratic")).overall == "ok"


@pytest.mark.parametrize("base", ["MLPClassifier", "MLPRegressor"])
def test_a_class_that_overrides_the_backward_pass_is_right(tmp_path, base):
    file = written(tmp_path, OWN.format(base=base))
    answer = check(file, Said())
    assert (answer.overall, answer.assumed["made by"]) == ("ok", "Own")
    assert torchs(file)


@pytest.mark.parametrize(("old", "new", "defects"), SLIPS, ids=[old.strip()[:24] for old, *_ in SLIPS])
def test_a_slip_of_an_overridden_backward_pass_is_told(tmp_path, old, new, defects):
    text = OWN.format(base="MLPClassifier")
    assert old in text
    file = written(tmp_path, text.replace(old, new))
    answer = check(file, Said())
    assert answer.overall in ("wrong", "scale")
    assert not torchs(file)
    if defects is not None:
        assert {(d.equation, d.mistake) for d in answer.defects} == defects


def test_what_has_no_theorem_is_not_guessed(tmp_path):
    file = written(tmp_path, POISSON)
    if perceptrons(module(file), "")[0][1] is not None:
        answer = check(file, Said())
        assert (answer.overall, answer.reason) == ("unknown", "not recognised: there is no theorem of relu and exp")


def test_what_it_takes_is_said(tmp_path):
    answer = check(written(tmp_path, "class Own(MLPClassifier):\n    def __init__(self, a):\n        pass\n"), Said())
    assert (answer.overall, answer.reason) == ("unknown", "it is not known what Own takes as a: make one")


def test_a_kind_is_tried_for_each_output():
    from sklearn.neural_network import MLPClassifier

    outputs = [kind for kind in kinds(MLPClassifier()) if kind.hidden == "relu"]
    assert outputs == [Kind("relu", "softmax", 3), Kind("relu", "logistic", 1), Kind("relu", "logistic", 3)]
    for kind in outputs:
        net = fitted(MLPClassifier((100,)), kind)
        assert (net.out_activation_, net.coefs_[-1].shape, net.hidden_layer_sizes) == (kind.last, (6, kind.units), (6,))
