"""Formulas of one variable in many digits: values and slopes, where floats would have lost them."""

import math

import mpmath
import pytest
from sympy import Rational

from backproof.networks import u
from backproof.oracle.formula import value_and_slope
from backproof.oracle.worlds.verdicts import Undefined
from backproof.surface.terms import Apply, Phi, exp, log, phi, step


@pytest.mark.parametrize("z", [-30.5, -1.071, -0.2, 2.3])
@pytest.mark.parametrize("power", [*range(1, 65, 3), *range(-64, 0, 3)])
def test_powers(power, z):
    value, slope = value_and_slope(u**power)(z)
    assert value.real == pytest.approx(z**power, rel=1e-14)
    assert slope == pytest.approx(power * z ** (power - 1), rel=1e-14)


@pytest.mark.parametrize("z", [-12.0, -3.0, 0.0, 0.5, 12.0, 20.0])
def test_the_normal_law(z):
    with mpmath.workdps(60):
        density = float(mpmath.npdf(z))
    assert value_and_slope(Phi(u))(z)[1] == pytest.approx(density, rel=1e-14)
    assert value_and_slope(phi(u))(z)[1] == pytest.approx(-z * density, rel=1e-14)


@pytest.mark.parametrize(
    ("body", "z", "value", "slope"),
    [
        (log(1 + exp(u)), 2.0, math.log1p(math.exp(2)), 1 / (1 + math.exp(-2))),
        (u / (1 + exp(-u)), -800.0, 0.0, 0.0),
        (step(u) * u + Rational(1, 3), -2.0, 1 / 3, 0.0),
        (step(u) * u, 0.0, 0.0, 0.0),
        (exp(-exp(-u)), -800.0, 0.0, 0.0),
        (exp(u), 800.0, math.inf, math.inf),
        (exp(exp(u)), 800.0, math.inf, math.inf),
    ],
)
def test_others(body, z, value, slope):
    found = value_and_slope(body)(z)
    assert found[0].real == pytest.approx(value, rel=1e-14)
    assert found[1] == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize(("body", "z"), [(log(u), -1.0), (log(u), 0.0), (1 / u, 0.0)])
def test_where_there_is_no_value(body, z):
    with pytest.raises(Undefined):
        value_and_slope(body)(z)


def test_what_is_no_formula_in_one_variable():
    with pytest.raises(KeyError):
        value_and_slope(Apply("sigma", u))(1.0)
