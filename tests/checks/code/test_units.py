"""Layers, activations and losses by themselves, nerva's among them: verdicts are what torch's autograd says."""

from __future__ import annotations

import nerva_numpy.activation_functions as activations
import nerva_numpy.loss_functions as losses
import numpy as np
import pytest
import torch
from nerva_numpy import layers

from backproof.checks.code.flow import Said, check
from backproof.checks.code.layers.objects import floating
from backproof.checks.code.load import module
from backproof.checks.code.units import stand_alone, units

HEAD = """
import numpy as np
import nerva_numpy.layers as nerva
from nerva_numpy.activation_functions import *
from nerva_numpy.loss_functions import *
from nerva_numpy.matrix_operations import *
from nerva_numpy.softmax_functions import *

"""


def written(tmp_path, text, head=HEAD):
    file = tmp_path / "units_.py"
    file.write_text(head + text, encoding="utf-8")
    return str(file)


def srelu(z, al, tl, ar, tr):
    return torch.where(z <= tl, tl + al * (z - tl), torch.where(z < tr, z, tr + ar * (z - tr)))


def normal(z):
    return (z - z.mean(dim=0)) / torch.sqrt(z.var(dim=0, unbiased=False) + 1e-7)


#: The objects of the library, and their activation by torch.
LAYERS = {
    "linear": (lambda: layers.LinearLayer(5, 4), lambda z: z),
    "relu": (lambda: layers.ActivationLayer(5, 4, activations.ReLUActivation()), torch.relu),
    "sigmoid": (lambda: layers.ActivationLayer(5, 4, activations.SigmoidActivation()), torch.sigmoid),
    "tanh": (lambda: layers.ActivationLayer(5, 4, activations.HyperbolicTangentActivation()), torch.tanh),
    "leaky relu": (lambda: layers.ActivationLayer(5, 4, activations.LeakyReLUActivation(0.1)),
                   lambda z: torch.nn.functional.leaky_relu(z, 0.1)),
    "all relu": (lambda: layers.ActivationLayer(5, 4, activations.AllReLUActivation(-0.3)),
                 lambda z: torch.where(z < 0, -0.3 * z, z)),
    "srelu": (lambda: layers.ActivationLayer(5, 4, activations.SReLUActivation(0.1, -0.2, 0.3, 0.5)),
              lambda z: srelu(z, 0.1, -0.2, 0.3, 0.5)),
    "softmax": (lambda: layers.SoftmaxLayer(5, 4), lambda z: torch.softmax(z, dim=1)),
    "log softmax": (lambda: layers.LogSoftmaxLayer(5, 4), lambda z: torch.log_softmax(z, dim=1)),
}  # fmt: skip
FINDINGS = {"output", "dx", "dW", "db"}


def gradients(layer, act):
    """Of a layer, and of the same forward pass by torch: pairs of arrays."""
    draw = np.random.default_rng(0)
    w, b, x, dy = (draw.uniform(-1, 1, shape) for shape in ((4, 5), 4, (3, 5), (3, 4)))
    floating(layer, None)
    layer.W, layer.b = w, b
    y = layer.feedforward(x)
    layer.backpropagate(y, dy)
    own = [torch.tensor(e, requires_grad=True) for e in (w, b, x)]
    (act(own[2] @ own[0].T + own[1]) * torch.tensor(dy)).sum().backward()
    return list(zip((layer.DW, layer.Db, layer.DX), (e.grad.numpy() for e in own), strict=True))


def agree(pairs):
    return all(np.allclose(one, other, rtol=1e-6) for one, other in pairs)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_of_nerva_is_right_as_torch_says(tmp_path, name):
    make, act = LAYERS[name]
    made = module(written(tmp_path, ""))
    made.layer = make()
    from backproof.checks.code.units import check as check_units

    answer = check_units(units(made, "layer"))
    assert agree(gradients(make(), act))
    assert (answer.overall, answer.grade) == ("ok", "exact")
    assert {row.parameter for row in answer.findings} == FINDINGS


def test_the_classes_are_checked_with_all_activations_and_without_what_is_abstract():
    answer = check("nerva_numpy.layers", Said())
    assert (answer.overall, answer.grade, answer.reason) == ("ok", "exact", "")
    found = {row.parameter.partition(".")[0] for row in answer.findings}
    own = ("LeakyReLU", "AllReLU", "HyperbolicTangent", "ReLU", "Sigmoid", "SReLU")
    assert found == {
        *("LinearLayer", "SoftmaxLayer", "LogSoftmaxLayer", "BatchNormalizationLayer", "SReLULayer(SReLUActivation)"),
        *(f"ActivationLayer({name}Activation)" for name in own),
    }
    assert {row.verdict for row in answer.findings} == {"ok"}


def test_the_parameters_of_an_activation_are_parameters(tmp_path):
    values = (0.1, -0.2, 0.3, 0.5)
    layer = layers.SReLULayer(5, 4, activations.SReLUActivation(*values))
    z, dy = np.random.default_rng(0).uniform(-1, 1, (2, 3, 4))
    floating(layer, None)
    layer.W, layer.b, layer.X, layer.Z = np.zeros((4, 5)), np.zeros(4), np.zeros((3, 5)), z
    layer.backpropagate(z, dy)
    own = [torch.tensor(e, requires_grad=True, dtype=torch.float64) for e in values]
    (srelu(torch.tensor(z), *own) * torch.tensor(dy)).sum().backward()
    assert np.allclose(layer.act.Dx, [float(e.grad) for e in own])
    text = f"layer = nerva.SReLULayer(5, 4, SReLUActivation{values})\n"
    answer = check(written(tmp_path, text), Said(entry="layer"))
    assert answer.overall == "ok"
    assert {f"dact.x ({name})" for name in ("al", "tl", "ar", "tr")} < {row.parameter for row in answer.findings}


def test_batch_normalisation_is_right_as_torch_says():
    draw = np.random.default_rng(0)
    layer, x, dy = layers.BatchNormalizationLayer(4), *draw.uniform(-1, 1, (2, 7, 4))
    floating(layer, None)
    layer.gamma, layer.beta = draw.uniform(0.5, 1, (2, 4))
    layer.backpropagate(layer.feedforward(x), dy)
    own = [torch.tensor(e, requires_grad=True) for e in (layer.gamma, layer.beta, x)]
    ((normal(own[2]) * own[0] + own[1]) * torch.tensor(dy)).sum().backward()
    assert agree(zip((layer.Dgamma, layer.Dbeta, layer.DX), (e.grad.numpy() for e in own), strict=True))
    answer = check("nerva_numpy.layers", Said(entry="BatchNormalizationLayer"))
    assert (answer.overall, answer.grade, answer.assumed["reading"]) == ("ok", "exact", "eps = 1e-07")


SUBCLASSES = {
    "LinearLayer": (5, 4), "SoftmaxLayer": (5, 4), "LogSoftmaxLayer": (5, 4), "ActivationLayer": (5, 4),
    "BatchNormalizationLayer": (4,),
}  # fmt: skip
#: The class, what is written, what is written instead, and the theorem that is wrong.
SLIPS = [
    ("LinearLayer", "columns_sum(DY)", "DY[0]", "dense-bias"),
    ("LinearLayer", "DX = DY @ W", "DX = 2 * (DY @ W)", "dense-input"),
    ("ActivationLayer", "hadamard(DY, act.gradient(Z))", "DY", "dense-activation"),
    ("ActivationLayer", "act.gradient(Z)", "act.gradient(Y)", ""),
    ("SoftmaxLayer", "DY - column_repeat(diag(DY @ Y.T), K)", "DY", "dense-softmax"),
    ("SoftmaxLayer", "diag(DY @ Y.T)", "rows_sum(DY)", "dense-softmax"),
    ("LogSoftmaxLayer", "softmax(Z)", "Z", ""),
    ("LogSoftmaxLayer", "DW = DZ.T @ X", "DW = DZ.T @ X / N", "dense-weight"),
    ("BatchNormalizationLayer", "- ones(N, N)) @", ") @", "batch-norm-input"),
    ("BatchNormalizationLayer", "columns_sum(hadamard(DY, Z))", "columns_sum(DY)", "batch-norm-scale"),
]


def own(name, old="", new=""):
    """A class with a backward pass of its own, that of the library, with a slip."""
    import inspect
    import textwrap

    text = textwrap.dedent(inspect.getsource(getattr(layers, name).backpropagate))
    assert old in text
    body = textwrap.indent(text.replace(old, new) if old else text, "    ")
    return f"class Own(nerva.{name}):\n{body}\n"


@pytest.mark.parametrize("name", SUBCLASSES)
def test_a_class_of_ones_own_is_right(tmp_path, name):
    answer = check(written(tmp_path, own(name)), Said(entry="Own"))
    assert (answer.overall, answer.grade) == ("ok", "exact")


@pytest.mark.parametrize(("name", "old", "new", "theorem"), SLIPS, ids=[f"{n}: {new[:20]}" for n, _, new, _ in SLIPS])
def test_a_slip_is_told_by_theorem_and_line(tmp_path, name, old, new, theorem):
    file = written(tmp_path, own(name, old, new))
    answer = check(file, Said())
    assert answer.overall in ("wrong", "scale")
    assert any(theorem in d.equation or theorem in d.reason for d in answer.defects)
    assert all(d.where is not None and d.where.startswith("units_.py:") for d in answer.defects)


#: The losses of the library by torch, of outputs and targets.
LOSSES = {
    "SquaredErrorLossFunction": lambda y, t: ((y - t) ** 2).sum(),
    "CrossEntropyLossFunction": lambda y, t: -(t * torch.log(y)).sum(),
    "SoftmaxCrossEntropyLossFunction": lambda y, t: -(t * torch.log_softmax(y, dim=1)).sum(),
    "StableSoftmaxCrossEntropyLossFunction": lambda y, t: -(t * torch.log_softmax(y, dim=1)).sum(),
    "LogisticCrossEntropyLossFunction": lambda y, t: -(t * torch.nn.functional.logsigmoid(y)).sum(),
    "NegativeLogLikelihoodLossFunction": lambda y, t: -torch.log((y * t).sum(dim=1)).sum(),
}


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_of_nerva_is_right_as_torch_says(name):
    y, t = np.random.default_rng(0).uniform(0.1, 0.9, (2, 3, 4))
    own = torch.tensor(y, requires_grad=True)
    LOSSES[name](own, torch.tensor(t)).backward()
    assert np.allclose(getattr(losses, name)().gradient(y, t), own.grad.numpy())
    answer = check("nerva_numpy.loss_functions", Said(entry=name))
    assert (answer.overall, answer.grade) == ("ok", "exact")


@pytest.mark.parametrize(
    ("base", "body", "overall"),
    [
        ("SquaredErrorLossFunction", "Y - T", "scale"),
        ("SoftmaxCrossEntropyLossFunction", "softmax(Y) * rows_sum(T)[:, None] - T", "ok"),
        ("SoftmaxCrossEntropyLossFunction", "softmax(Y) - 2 * T", "wrong"),
        ("LogisticCrossEntropyLossFunction", "Sigmoid(Y) - T", "wrong"),
        ("NegativeLogLikelihoodLossFunction", "-T * Y", "wrong"),
        ("CrossEntropyLossFunction", "T / Y", "wrong"),
    ],
)
def test_a_gradient_of_a_loss_is_held_against_its_value(tmp_path, base, body, overall):
    text = f"class Own({base}):\n    def gradient(self, Y, T):\n        return {body}\n"
    assert check(written(tmp_path, text), Said()).overall == overall


def test_a_formula_for_one_hot_targets_is_right_for_these(tmp_path):
    assert check("nerva_numpy.loss_functions", Said(entry="Softmax_cross_entropy_loss")).reason == ""
    text = "class Own(SoftmaxCrossEntropyLossFunction):\n    def gradient(self, Y, T):\n        return softmax(Y) - T\n"
    answer = check(written(tmp_path, text), Said())
    assert (answer.overall, answer.reason) == ("ok", "right if targets are one-hot; of others it is not the gradient")


DENSE = '''
import numpy as np


class Dense:
    """y = tanh(x W + b); rows are examples."""

    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros((1, n_out))

    def forward(self, x):
        self.x = x
        self.y = {forward}
        return self.y

    def backward(self, dout):
        dz = dout * (1 - self.y ** 2)
        self.dW, self.db = self.x.T @ dz, dz.sum(axis=0, keepdims=True)
        return dz @ self.W.T
'''
TANH = "np.tanh(x @ self.W + self.b)"


def test_a_layer_that_nobody_knows_is_recognised_by_its_numbers(tmp_path):
    answer = check(written(tmp_path, DENSE.replace("{forward}", TANH), ""), Said())
    assert (answer.overall, answer.grade, answer.assumed["is"]) == ("ok", "exact", "y = tanh(x W^T + b)")
    text = DENSE.replace("{forward}", TANH).replace("self.x.T @ dz", "self.x.T @ dout")
    answer = check(written(tmp_path, text, ""), Said())
    assert (answer.overall, [d.equation for d in answer.defects]) == ("wrong", ["dense-weight"])


def test_what_has_no_theorem_is_not_recognised(tmp_path):
    file = written(tmp_path, DENSE.replace("{forward}", "np.sin(x @ self.W + self.b)"), "")
    for entry in ("Dense", ""):
        answer = check(file, Said(entry=entry))
        assert answer.overall == "unknown"
        assert answer.reason.startswith("not recognised: Dense")


NET = """
import numpy as np


class Net:
    def __init__(self, n_in, n_out):
        self.W, self.b = np.random.randn(n_in, n_out), np.zeros(n_out)

    def forward(self, x):
        self.x, self.y = x, 1 / (1 + np.exp(-(x @ self.W + self.b)))
        return self.y

    def backward(self, y):
        d = (self.y - y) * self.y * (1 - self.y)
        self.dW, self.db = self.x.T @ d, d.sum(axis=0)
"""


def test_what_is_given_targets_is_a_network_and_no_layer(tmp_path):
    made = module(written(tmp_path, NET, ""))
    assert units(made, "Net") == units(made, "") == []
    assert not stand_alone(made)


PERCEPTRON = """
from nerva_numpy.multilayer_perceptron import MultilayerPerceptron

net = MultilayerPerceptron()
net.layers = [nerva.ActivationLayer(30, 20, ReLUActivation()), nerva.SoftmaxLayer(20, 4)]
loss = CrossEntropyLossFunction()


def train(net, data):
    raise ValueError
"""


def test_the_layers_of_a_network_are_checked_one_by_one(tmp_path):
    answer = check(written(tmp_path, PERCEPTRON), Said())
    assert (answer.overall, answer.grade) == ("ok", "exact")
    assert {row.parameter.rpartition(".")[0] for row in answer.findings} == {"net.layers[0]", "net.layers[1]", "loss"}
