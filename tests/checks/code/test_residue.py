"""Numbers for exact runs: NumPy's functions reach them, and laws hold that hold for all real numbers, no others."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backproof.checks.code.residue import PRIME, Field, InexactError, fraction, inverse

small = st.fractions(min_value=-50, max_value=50, max_denominator=60)


@given(small, small)
def test_rational_numbers_are_computed_with_exactly(a, b):
    field = Field()
    x, y = field.number(a), field.number(b)
    assert x + y == field.number(a + b)
    assert x - y == field.number(a - b)
    assert x * y == field.number(a * b)
    assert x**3 == field.number(a**3)
    if b:
        assert x / y == field.number(a / b)
        assert y**-2 == field.number(b**-2)
    assert (x < y, x <= y, x > y) == (float(a) < float(b), float(a) <= float(b), float(a) > float(b))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (0.1, Fraction(1, 10)),
        (0.5 / 9, Fraction(1, 18)),
        (1e-8, Fraction(1, 10**8)),
        (2.0, Fraction(2)),
        (1 / 3, Fraction(1, 3)),
    ],
)
def test_a_constant_is_the_number_that_was_meant(written, meant):
    assert fraction(written) == meant


def test_a_sum_of_exponents_is_a_product_whatever_is_asked_first():
    field = Field(3)
    u, v = field.variable(0.3), field.variable(-0.2)
    assert u.exp() * v.exp() == (u + v).exp()
    assert (u - v).exp() == u.exp() / v.exp()
    assert (-u).exp() * u.exp() == field.number(1)
    assert (u + u).exp() == u.exp() ** 2
    assert (u / 2).exp() ** 2 == u.exp()


def test_softmax_does_not_change_where_the_largest_is_subtracted():
    field = Field(4)
    z = np.array([field.variable(x) for x in (0.2, -0.4, 0.9)], dtype=object)
    plain, shifted = np.exp(z) / np.exp(z).sum(), np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    logs = z - np.log(np.exp(z).sum())
    assert list(plain) == list(shifted) == list(np.exp(logs))


def test_forms_of_sigmoid_and_tanh_agree():
    field = Field(5)
    u = field.variable(0.7)
    one = 1 / (1 + (-u).exp())
    assert one == u.exp() / (1 + u.exp()) == (1 + (u / 2).tanh()) / 2
    assert u.tanh() == 2 / (1 + (-2 * u).exp()) - 1


def test_what_is_false_of_real_numbers_is_false_here():
    field = Field(6)
    u, v = field.variable(0.7), field.variable(0.1)
    assert (u * v).exp() != u.exp() * v.exp()
    assert u.exp() + v.exp() != (u + v).exp()
    assert u.tanh() != u
    assert u.erf() != v.erf()


def test_roots_are_roots():
    field = Field(7)
    square = field.variable(0.7) ** 2
    assert square.sqrt() ** 2 == square
    found = 0
    for _ in range(20):
        try:
            found += field.variable(0.5).sqrt() is not None
        except InexactError:
            continue
    assert 0 < found < 20


@pytest.mark.parametrize(
    "lose", [float, int, round, math.floor, lambda x: np.zeros(2).__setitem__(0, x), lambda x: x % 2]
)
def test_what_would_lose_the_number_is_refused(lose):
    with pytest.raises((TypeError, InexactError)):
        lose(Field().variable(0.5))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InexactError):
        Field().variable(0.5) + value


def test_degrees_are_those_of_the_fraction():
    field = Field()
    x, y = field.variable(0.5), field.variable(0.25)
    assert (x.top, x.bottom) == (1, 0)
    assert ((x * y).top, (x / y).bottom) == (2, 1)
    assert (1 / x + 1 / y).bottom == 2
    assert field.chance((x * y).top) == Fraction(2 + 1, PRIME)


def test_numpy_functions_reach_the_numbers():
    field = Field(8)
    z = np.array([[field.variable(0.5), field.variable(-0.25)]], dtype=object)
    assert np.maximum(z, 0)[0, 1] == 0
    assert np.where(z > 0, z, 0.0)[0, 0] == z[0, 0]
    assert np.clip(z, -60, 60)[0, 1] == z[0, 1]
    assert (z @ z.T)[0, 0] == z[0, 0] ** 2 + z[0, 1] ** 2 == np.einsum("ij,ij->", z, z)
    assert z.mean() * 2 == z.sum()
    assert inverse(z[0, 0].residue) * z[0, 0].residue % PRIME == 1
