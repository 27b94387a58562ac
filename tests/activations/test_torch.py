"""Every elementwise activation of torch.nn: its value and derivative, as exported, against those of PyTorch."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from backproof.activations.activation import activations
from backproof.codegen.backends import numpy as backend
from backproof.codegen.loading import loaded
from backproof.codegen.program import Spec, compile_program

#: From -1000 to 1000, half of them spread evenly and half crowded around 0; none is a kink.
POINTS = np.concatenate([np.linspace(-1000, 1000, 100), np.sinh(np.linspace(-7.6, 7.6, 100))])

#: By name of torch.nn: its arguments, and what we call it.
SAME = {
    "CELU": ((), "CELU"),
    "CELU-2": ((2.0,), "celu(z, 2)"),
    "ELU": ((), "ELU"),
    "ELU-half": ((0.5,), "elu(z, 0.5)"),
    "GELU": ((), "GELU"),
    "GELU-tanh": (("tanh",), "gelu-tanh"),
    "Hardshrink": ((), "Hardshrink"),
    "Hardsigmoid": ((), "Hardsigmoid"),
    "Hardswish": ((), "Hardswish"),
    "Hardtanh": ((), "Hardtanh"),
    "Hardtanh-2": ((-2.0, 3.0), "hardtanh(z, -2, 3)"),
    "Identity": ((), "identity"),
    "LeakyReLU": ((), "LeakyReLU"),
    "LeakyReLU-fifth": ((0.2,), "leaky_relu(z, 0.2)"),
    "LogSigmoid": ((), "LogSigmoid"),
    "Mish": ((), "Mish"),
    "PReLU": ((), "PReLU"),
    "ReLU": ((), "ReLU"),
    "ReLU6": ((), "ReLU6"),
    "SELU": ((), "SELU"),
    "SiLU": ((), "SiLU"),
    "Sigmoid": ((), "Sigmoid"),
    "Softplus": ((1.0, 40.0), "Softplus"),  # by default it is linear from 20 on, and wrong in the tenth digit
    "Softshrink": ((), "Softshrink"),
    "Softsign": ((), "Softsign"),
    "Tanh": ((), "Tanh"),
    "Tanhshrink": ((), "Tanhshrink"),
    "Threshold": ((0.1, 20.0), "threshold(z, 0.1, 20)"),
}
#: What works entry by entry there, and is no function of one number: it is drawn, or has parts.
OTHERS = {"RReLU", "GLU", "MultiheadAttention", "Softmax", "Softmax2d", "Softmin", "LogSoftmax"}


def test_all_that_there_are():
    there = set(torch.nn.modules.activation.__all__)
    assert there - OTHERS == {name.partition("-")[0] for name in SAME} - {"Identity"}


def ours(text):
    """Value and slope at each point: of one weight 1 and a bias 0, with a target for which dC/db is the slope."""
    spec = Spec((1, 1), activations(text, 1), "quadratic")
    module = loaded(backend.write(compile_program(spec)))
    parameters = [(np.eye(1), np.zeros((1, 1)))]
    values = module.forward(parameters, POINTS[None])[0]
    slopes = [
        module.gradient(parameters, [[z]], [[a - 1]])[0][1][0, 0].copy() for z, a in zip(POINTS, values, strict=True)
    ]
    scale = [a - (a - 1) for a in values]  # what is left of that 1
    return values, np.array(slopes) / scale


def theirs(name, arguments):
    z = torch.tensor(POINTS, requires_grad=True)
    f = getattr(torch.nn, name.partition("-")[0])
    value = (f(approximate=arguments[0]) if name == "GELU-tanh" else f(*arguments)).double()(z)
    value.sum().backward()
    return value.detach().numpy(), z.grad.numpy()


#: PyTorch's derivative of this one has a sixth of single precision, in double precision too.
ROUGH = {"Hardsigmoid": 3e-8}


@pytest.mark.parametrize("name", SAME)
def test_value_and_derivative_are_those_of_torch(name):
    arguments, text = SAME[name]
    for mine, its in zip(ours(text), theirs(name, arguments), strict=True):
        np.testing.assert_allclose(mine, its, rtol=ROUGH.get(name, 1e-12), atol=1e-13)
