"""Functions of one number: their derivatives, and that they do not overflow on the way."""

import warnings
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from sympy import Symbol

from backproof.activations.stable import HELPERS
from backproof.derive.calc import calc
from backproof.derive.reasons import definition
from backproof.lambdify.install import lambdify
from backproof.networks import ACTIVATIONS, dense
from backproof.surface.network import Function
from backproof.surface.terms import ELEMENTARY, Apply, L, a, exp, j, k, sigma, total, z

u = Symbol("u")
POINTS = (-3.0, -0.5, 0.25, 2.0)

FUNCTIONS = {
    "sigmoid": lambda v: 1 / (1 + mpmath.exp(-v)),
    "tanh": mpmath.tanh,
    "softplus": lambda v: mpmath.log(1 + mpmath.exp(v)),
    "relu": lambda v: max(v, mpmath.mpf(0)),
    "leaky-relu": lambda v: max(v, v / 100),
    "gelu": lambda v: v * mpmath.ncdf(v),
    "identity": lambda v: v,
    "exp": mpmath.exp,
    "expm1": mpmath.expm1,
    "log1p": mpmath.log1p,
    "erf": mpmath.erf,
    "log": mpmath.log,
    "sqrt": mpmath.sqrt,
    "step": lambda v: mpmath.mpf(v > 0),
    "Phi": mpmath.ncdf,
    "phi": mpmath.npdf,
}


def function(name, order=0):
    """A function of the tables, or a derivative, as it is compiled."""
    own = () if name in ACTIVATIONS else (Function("sigma", u, Apply(name, u)),)
    net = dense(activation=name) if not own else replace(dense(), functions=own)
    f = lambdify(calc(net, Apply("sigma", z[2, 1], order)).theorem)
    return lambda v: f(z={2: [v]})


@pytest.mark.parametrize("order", range(4))
@pytest.mark.parametrize("name", [*ACTIVATIONS, *ELEMENTARY])
def test_derivatives(name, order):
    with mpmath.workdps(30):
        for v in POINTS:
            if name not in ("log", "sqrt") or v > 0:
                expected = float(mpmath.diff(FUNCTIONS[name], mpmath.mpf(v), order))
                assert function(name, order)(v) == pytest.approx(expected, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("order", range(3))
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_nothing_overflows_on_the_way(name, order):
    with warnings.catch_warnings(), mpmath.workdps(30):
        warnings.simplefilter("error")
        for v in (-1000.0, -40.0, 40.0, 1000.0):
            expected = float(mpmath.diff(FUNCTIONS[name], mpmath.mpf(v), order))
            assert function(name, order)(v) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_a_small_value_keeps_its_digits():
    assert function("sigmoid", 1)(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert function("softplus")(-40.0) == pytest.approx(np.exp(-40.0), rel=1e-14)
    assert function("Phi")(-10.0) == pytest.approx(7.619853024160527e-24, rel=1e-13)


def test_the_softmax_does_not_overflow():
    softmax = exp(z[L, j]) / total(exp(z[L, k]), k, L)
    f = lambdify(calc(dense(softmax=True), a[L, j], (softmax, definition(a[L, j]))).theorem)
    for place, expected in enumerate((0.5, 0.5, 0.0), start=1):
        assert f(z={4: [1000.0, 1000.0, -1000.0]}, L=4, j=place) == expected


def test_the_complex_step_goes_through():
    for name in ("sigmoid", "softplus", "tanh", "relu"):
        for v in POINTS:
            assert (function(name)(complex(v, 1e-30)) / 1e-30).imag == pytest.approx(function(name, 1)(v), rel=1e-13)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("order", range(3))
def test_functions_of_arrays_are_taken_entry_by_entry(name, order):
    """Also those that do not vary."""
    values = np.array(POINTS)
    f = lambdify(calc(dense(activation=name), Apply("sigma", z[2], order)).theorem)
    np.testing.assert_allclose(f(z={2: values}), [function(name, order)(v) for v in values], rtol=1e-14)


@pytest.mark.parametrize("name", HELPERS)
def test_a_function_of_the_network_is_not_taken_for_one_of_these(name):
    """An open function may have any name."""
    f = lambdify(calc(dense(), Apply(name, z[2, 1]) + HELPERS[name].subs(u, z[2, 1])).theorem)
    own = next(iter(f.inputs.functions))
    assert f(z={2: [0.5]}, **{own: (lambda v: 100 * v,)}) == pytest.approx(50 + float(FUNCTIONS[name](0.5)))


def test_the_softmax_below_and_above_a_sum():
    row = lambdify(
        calc(dense(), sigma(z[2, j]) * exp(z[2, j]) / total(exp(z[2, k]), k, 2) / total(exp(z[2, k]), k, 2)).theorem
    )
    values = [0.1, 0.2, 0.4]
    expected = 7 * np.exp(0.2) / np.exp(values).sum() ** 2
    assert row(z={2: values}, j=2, sigma=(lambda _: 7,)) == pytest.approx(expected)
    mean = lambdify(calc(dense(), total(a[2, k] * exp(z[2, k]) / total(exp(z[2, k]), k, 2), k, 2)).theorem)
    expected = np.exp(values) @ [1, 2, 3] / np.exp(values).sum()
    assert mean(z={2: values}, a={2: [1, 2, 3]}) == pytest.approx(expected)


def test_a_function_of_the_users_is_differentiated():
    net = dense()
    swish = type(net)(
        net.families, net.definitions, net.depth, None, (Function("sigma", u, u / (1 + Apply("exp", -u))),)
    )
    f = lambdify(calc(net, sigma(z[2, 1])).theorem)
    assert f.arguments == ("z", "sigma")
    slope = lambdify(calc(swish, Apply("sigma", z[2, 1], 1)).theorem)
    with mpmath.workdps(30):
        for v in (*POINTS, -800.0, 800.0):
            expected = float(mpmath.diff(lambda t: t / (1 + mpmath.exp(-t)), mpmath.mpf(v)))
            assert slope(z={2: [v]}) == pytest.approx(expected, rel=1e-13, abs=1e-15)
