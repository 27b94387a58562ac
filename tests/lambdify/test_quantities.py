"""The data of a numeric function: shapes, layers and widths, and what is said where they do not fit."""

from fractions import Fraction

import numpy as np
import pytest
from backproof.derivations.backward import paths
from backproof.derivations.bp2 import bp2, bp2_vector
from backproof.derivations.bp4 import bp4
from backproof.derivations.examples import batch_matrix, update_weight
from sympy import Integer, Rational

from backproof.derive.calc import calc
from backproof.lambdify.install import lambdify
from backproof.networks import dense
from backproof.surface.network import Definition, Network
from backproof.surface.terms import D, L, a, b, delta, j, k, l, n, total, w, x, y, z

HIDDEN, LAYER = lambdify(bp2()), lambdify(bp2_vector())
W, DELTA, Z = {3: [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]}, {3: [1.0, 10.0, 100.0]}, {2: [0.0, 0.0]}
GIVEN = {"w": W, "delta": DELTA, "z": Z, "sigma": (None, np.cosh), "l": 2}


def without(name):
    return {key: value for key, value in GIVEN.items() if key != name}


def test_arrays_by_layer_as_mappings_and_lists():
    assert HIDDEN(**GIVEN, j=2) == 642
    assert HIDDEN(**{**GIVEN, "w": [None, None, None, W[3]]}, j=2) == 642
    with pytest.raises(TypeError, match=r"the weights are given by layer: w=\{2: ..., 3: ...\}, or a list with None"):
        HIDDEN(**{**GIVEN, "w": [W[3]]}, j=2)


def test_columns_give_columns_and_vectors_vectors():
    columns = {**GIVEN, "delta": {3: np.reshape(DELTA[3], (3, 1))}, "z": {2: np.zeros((2, 1))}}
    np.testing.assert_array_equal(LAYER(**GIVEN), [531, 642])
    np.testing.assert_array_equal(LAYER(**columns), [[531], [642]])
    assert HIDDEN(**columns, j=2) == 642
    with pytest.raises(
        ValueError, match=r"vectors are columns, or none of them is: delta\[3\] has shape \(3, 1\), and z"
    ):
        LAYER(**{**columns, "z": Z})


def test_what_is_returned_is_the_callers():
    f = lambdify(calc(dense(), delta[3]).theorem)
    given = np.array([1.0, 2.0])
    f(delta={3: given})[:] = 0
    np.testing.assert_array_equal(given, [1, 2])


def test_a_transposed_matrix_does_not_fit():
    with pytest.raises(ValueError, match=r"layer 2 has 2 units by z\[2\], and 3 by w\[3\]"):
        LAYER(**{**GIVEN, "w": {3: np.transpose(W[3])}})


def test_all_arrays_agree_about_the_widths():
    with pytest.raises(ValueError, match=r"layer 2 has 5 units by a\[2\], and 2 by w\[3\]"):
        HIDDEN(**GIVEN, a={2: np.zeros(5)}, j=1)
    with pytest.raises(ValueError, match=r"layer 3 has 3 units by w\[3\], and 7 by n"):
        HIDDEN(**GIVEN, n={3: 7}, j=1)
    with pytest.raises(ValueError, match=r"layer 1 has 2 units by a\[1\], and 3 by the network"):
        lambdify(calc(dense(widths=(3, 2)), a[1]).theorem)(a={1: [1, 2]})


def test_what_is_missing_is_said():
    with pytest.raises(
        ValueError, match=r"the errors of layer 3 are needed: pass delta=\{3: an array of shape \(3\)\}"
    ):
        HIDDEN(**without("delta"), j=1)
    with pytest.raises(
        ValueError, match=r"the weights of layer 3 are needed: pass w=\{3: an array of shape \(3, 2\)\}"
    ):
        LAYER(**without("w"))
    with pytest.raises(
        ValueError, match=r"the weighted inputs of layer 2 are needed: pass z=\{2: an array of shape \(2\)"
    ):
        LAYER(**{**GIVEN, "z": {3: [0.0, 0.0, 0.0]}})
    with pytest.raises(TypeError, match="l is missing: pass l=, a whole number"):
        LAYER(**without("l"))
    with pytest.raises(TypeError, match="its derivative is needed: pass sigma="):
        LAYER(**without("sigma"))
    with pytest.raises(TypeError, match="its derivative is needed"):
        LAYER(**{**GIVEN, "sigma": (np.tanh,)})
    with pytest.raises(ValueError, match="layer 2 has: pass n="):
        lambdify(calc(dense(), total(b[2, j] * 0 + 1, j, 2)).theorem)()
    with pytest.raises(TypeError, match="eta is missing: pass eta=, a number"):
        lambdify(update_weight())(l=2, j=1, k=1, M=3)
    with pytest.raises(ValueError, match="the targets are needed: pass y=an array of shape"):
        lambdify(calc(dense(), y[1]).theorem)()


def test_partial_derivatives_of_one_family_by_another():
    f = lambdify(paths())
    sums = {2: np.arange(6.0).reshape(3, 2)}
    assert f(S=sums, dC_da={4: [1.0, 10.0]}, l=2, L=4, j=2) == 32
    with pytest.raises(
        ValueError, match=r"the partial derivatives of the cost by the activations of layer 4 are needed"
    ):
        f(S=sums, l=2, L=4, j=2)
    g = lambdify(calc(dense(), D(a[3, j], z[2, k])).theorem)
    assert g(da_dz={(3, 2): [[1, 2], [3, 4], [5, 6]]}, j=3, k=1) == 5
    with pytest.raises(ValueError, match=r"of layer 3 and layer 2 are needed: pass da_dz=\{\(3, 2\): an array"):
        g(j=3, k=1, n={2: 2, 3: 3})
    with pytest.raises(ValueError, match=r"how many units layer 3 has: pass n=\{3: ...\}, or da_dz"):
        g(j=3, k=1)


def test_what_is_not_there_is_no_other_entry():
    """NumPy would count from the end."""
    for unit in (0, -1, 3):
        with pytest.raises(ValueError, match=f"there is no j = {unit}: it goes from 1 to 2"):
            HIDDEN(**GIVEN, j=unit)
    with pytest.raises(ValueError, match=r"there is no y\[3\]: y has shape \(2\)"):
        lambdify(calc(dense(), y[3] * a[2, 1]).theorem)(y=[1, 2], a={2: [1]})
    with pytest.raises(ValueError, match="there is no layer 0"):
        lambdify(bp4())(a={1: [1.0]}, delta={1: [1.0]}, l=1, j=1, k=1)


def test_arguments_that_are_none():
    with pytest.raises(TypeError, match="no epsilon in this theorem: it takes w, z, delta, sigma, l, j"):
        HIDDEN(**GIVEN, j=1, epsilon=0.1)
    with pytest.raises(TypeError, match=r"j is an index, and 1\.0 is no whole number"):
        HIDDEN(**GIVEN, j=1.0)
    with pytest.raises(ValueError, match=r"z\[2\] has shape \(1, 2\): it should have 1 indices"):
        HIDDEN(**{**GIVEN, "z": {2: [[0.0, 0.0]]}}, j=1)


def test_what_the_network_defines_is_no_argument():
    f = lambdify(calc(dense(activation="tanh"), b[2, j]).theorem)
    with pytest.raises(TypeError, match="no sigma in this theorem"):
        f(b={2: [1.0]}, j=1, sigma=np.tanh)


def test_data_for_other_theorems_may_be_given_as_well():
    assert HIDDEN(**GIVEN, j=1, x=[1, 2, 3, 4], y=[1], b={2: [0, 0]}, L=5, n={4: 9}) == 531
    assert lambdify(bp4())(a={1: [2]}, delta={2: [3]}, sigma=np.tanh, l=2, j=1, k=1) == 6


def test_a_network_may_say_of_each_layer_what_it_is():
    """As that of a program does: no equation speaks of every layer."""
    every = tuple(Definition(a[layer, j], ((j, 1, n(layer)),)) for layer in (1, 2, 3))
    f = lambdify(calc(Network((a,), every, Integer(3)), a[2, 1] + a[3, 2]).theorem)
    assert f(a={2: [1.0], 3: [10.0, 20.0]}) == 21
    with pytest.raises(ValueError, match=r"the network does not say what a\[4\] is"):
        f(a={4: [1.0]})
    with pytest.raises(ValueError, match=r"a is given by 1 layers, not by \(2, 3\)"):
        f(a={(2, 3): [1.0]})


def test_numpy_integers_are_indices():
    assert HIDDEN(**{**GIVEN, "l": np.int64(2)}, j=np.int8(2)) == 642


def test_other_numbers_than_floats():
    exact = lambdify(calc(dense(), a[2, 1] * y[1] + total(a[2, k], k, 2)).theorem)
    assert exact(a={2: [Fraction(1, 3), Fraction(1, 7)]}, y=[Fraction(2)]) == Fraction(8, 7)
    assert exact(a={2: [10**30, 1]}, y=np.array([1], dtype=object)) == 2 * 10**30 + 1
    bytes_ = np.array([200, 100], dtype=np.uint8)  # these are computed with as numbers, and not modulo 256
    assert exact(a={2: bytes_}, y=np.array([2], dtype=np.uint8)) == 700
    assert lambdify(calc(dense(), Rational(1, 4) * a[2, 1]).theorem)(a={2: [1 + 2j]}) == 0.25 + 0.5j


def test_examples_are_counted_in_the_data():
    f = lambdify(batch_matrix())
    a_1, delta_2 = np.arange(6.0).reshape(2, 3), np.ones((1, 3))
    np.testing.assert_allclose(f(a={1: a_1}, delta={2: delta_2}, l=2), [[1, 4]])
    with pytest.raises(ValueError, match="M is 4 by delta"):
        f(a={1: a_1}, delta={2: np.ones((1, 4))}, l=2)


def test_a_vector_without_a_layer():
    f = lambdify(calc(dense(), x[()] + a[1]).theorem)
    np.testing.assert_array_equal(f(x=[1, 2], a={1: [10, 20]}), [11, 22])
    assert f.arguments == ("a", "x")


def test_a_number_that_is_a_derivative():
    f = lambdify(calc(dense(), D(y[1], w[2, j, k]) * L + l * delta[2, 1]).theorem)
    assert f.arguments == ("delta", "dy_dw", "l", "L", "j", "k")
    assert f(delta={2: [2.0]}, dy_dw={2: np.ones((1, 1, 3))}, l=4, L=3, j=1, k=3) == 11
