"""The text that terms compile to: sums, brackets, what is shared, and names that are safe."""

from __future__ import annotations

import ast
import math
from dataclasses import replace

import numpy as np
import pytest
from backproof.derivations.cost_of_backprop import cost_backward, cost_forward
from sympy import Add, Integer, Rational, Symbol

from backproof.core.kernel import symm
from backproof.derive.calc import calc
from backproof.lambdify.install import lambdify
from backproof.networks import batch, bias_unit, dense, recursive, with_data
from backproof.surface.network import Definition, Function, Network
from backproof.surface.terms import (
    Apply,
    D,
    Dot,
    Family,
    Hadamard,
    Kron,
    L,
    M,
    Member,
    Mults,
    Outer,
    Total,
    Transposed,
    a,
    b,
    delta,
    j,
    k,
    l,
    m,
    n,
    sigma,
    sigma_prime,
    total,
    w,
    x,
    y,
    z,
)


def compiled(e, net=None):
    """The function of a term."""
    return lambdify(calc(net or dense(), e).theorem)


def body(e, net=None):
    """The text of the function, without its first line and those that name axes."""
    lines = compiled(e, net).source.partition("def rhs")[2].partition("\n")[2].strip().split("\n    ")
    return [line for line in lines if " = axis(" not in line]


def axes(e, net=None):
    return [line.strip() for line in compiled(e, net).source.split("\n") if " = axis(" in line]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ((a[L, j] - y[j]) * sigma_prime(z[L, j]), "(a[L, j] - y[j]) * sigma_prime(z[L, j])"),
        (-(a[l, j] + y[j]) ** 3 / 2, "-(a[l, j] + y[j]) ** 3 / 2"),
        (a[l, j] / (M * y[j]), "a[l, j] / (y[j] * M)"),
        (1 / (a[l, j] + 1), "1 / (a[l, j] + 1)"),
        (a[l, j] ** -2, "1 / a[l, j] ** 2"),
        (Rational(1, 3) - a[l, j], "1 / 3 - a[l, j]"),
        (-Rational(2, 3) * a[l, j], "-2 * a[l, j] / 3"),
        (Integer(-4), "-4"),
        (Kron(l, m + 1) * a[l, j], "int(m + 1 == l) * a[l, j]"),
        (Kron(j, k + 1) * a[l, j] * w[2, j, k],
         (
            "where(bracket(k + 1 - j, j - k - 1), a.where(k + 1 - j, j - k - 1)[l, j][:, None]"
            " * w.where(k + 1 - j, j - k - 1)[2, j, k], 0)"
        )),
        (total(Kron(j, k) * a[2, k] * y[j], k, 2),
         'masked("j,j,j->j", bracket(j - 1, n(2) - j), a.where(j - 1, n(2) - j)[2, j], y[j])'),
        (Total(a[2, k], k, 2, n(2) - 1), 'masked(",k->", bracket(n(2) - 3), a.where(n(2) - 3)[2, k])'),
        (total(Total(b[2, j], k, 1, 5), j, 2), 'einsum("j->", b[2, j]) * size(k)'),
        (total(a[2, k], k, 2) ** 2 * total(w[2, j, k] * a[1, k], k, 1),
         'einsum("k->", a[2, k]) ** 2 * einsum("k,jk->j", a[1, k_], w[2, j, k_])'),
        (total(a[2, k] * z[2, k] - y[j] * z[2, k], k, 2),
         'einsum("k,k->", a[2, k], z[2, k]) - y[j] * einsum("k->", z[2, k])'),
        (Dot(Transposed(w[3]), delta[3]), 'einsum("k,kj->j", delta[3, k], w[3, k, j])'),
        (Hadamard(Dot(w[2], a[1]), b[2]), 'b[2, j] * einsum("k,jk->j", a[1, k], w[2, j, k])'),
        (Dot(w[3], Dot(w[2], a[1])), 'einsum("jk,k->j", w[3, j, k], einsum("k,ak->a", a[1, k_], w[2, k, k_]))'),
        (Outer(delta[2], a[1]) + w[2], "w[2, j, k] + a[1, k] * delta[2, j][:, None]"),
        (D(a[3], z[2, j]), 'einsum("kj->jk", da_dz[3, k, 2, j])'),
        (D(Member("C"), x[()]), "dC_dx[j]"),
    ],
)  # fmt: skip
def test_a_term_as_python(term, text):
    assert body(term) == [f"return {text}"]


# Sums.


def test_a_sum_goes_over_each_unit_once():
    """Each entry is a digit of its own: one too few or too many is seen."""
    f = compiled(total(w[3, j, k] * a[2, k], k, 2))
    digits = {3: np.array([[1, 20, 300, 4000], [5, 60, 700, 8000]])}
    assert f(w=digits, a={2: np.ones(4)}, j=1) == 4321
    assert f(w=digits, a={2: np.ones(4)}, j=2) == 8765


def test_an_axis_has_the_range_of_what_is_read():
    assert axes(total(w[3, j, k] * a[2, k], k, 2)) == ["j = axis(1, n(3), j=j)", "k = axis(1, n(2))"]
    assert axes(Dot(w[2], a[1])) == ["j = axis(1, n(2))", "k = axis(1, n(1))"]


@pytest.mark.parametrize(("lo", "hi", "result"), [(2, n(2) - 1, 320), (2, 3, 320), (4, 3, 0), (1, L, 321)])
def test_limits_are_inclusive(lo, hi, result):
    f = compiled(Total(a[2, k], k, lo, hi))
    given = {name: value for name, value in (("L", 3), ("a", {2: [1, 20, 300, 4000]})) if name in f.arguments}
    assert f(**given) == result


def test_a_sum_over_the_units_from_0_has_one_more():
    net = bias_unit()
    f = compiled(Total(w[2, 1, k] * a[1, k], k, 0, n(1)), net)
    assert f(w={2: [[1000, 1, 20, 300]]}, a={1: [1, 1, 1]}) == 1321


def test_a_sum_over_the_examples_takes_their_number_from_the_data():
    net = batch()
    f = compiled(Total(Member("a", 2, 1, Symbol("i")), Symbol("i"), 1, M) / M, net)
    assert f(a={2: [[1, 2, 6]]}) == 3
    with pytest.raises(ValueError, match="M is 3 by a"):
        f(a={2: [[1, 2, 6]]}, M=2)


def test_many_terms_are_no_deep_text():
    f = compiled(Add(*(a[2, i] * i for i in range(1, 2001))))
    assert f(a={2: np.ones(2000)}) == 2000 * 2001 // 2


@pytest.mark.parametrize("made", [cost_forward, cost_backward])
def test_multiplications_are_counted(made):
    """The left side counts, the right side is a formula."""
    theorem = made().theorem
    backwards = replace(theorem, lhs=theorem.rhs, rhs=theorem.lhs, proof=symm(theorem.proof))
    counted, formula = lambdify(backwards), lambdify(theorem)
    for widths in ([None, 3, 4, 2], [None, 1, 1], [None, 2, 3, 1, 5, 2]):
        assert counted(n=widths, L=len(widths) - 1) == formula(n=widths, L=len(widths) - 1)


def test_multiplications_of_a_layer():
    f = compiled(Mults(b[l, j] + total(w[l, j, k] * a[l - 1, k], k, l - 1)))
    assert f(n={2: 7, 3: 2}, l=3, j=2) == 7
    np.testing.assert_array_equal(f(n={2: 7, 3: 2}, l=3), [7, 7])


# What is shared.


def calls(e, net=None, **given):
    """The value of a term, and of how many numbers sigma was asked."""
    seen = []

    def function(order, u):
        seen.extend((order, v) for v in np.ravel(u))
        return np.exp(u)

    return compiled(e, net)(sigma=function, **given), len(seen)


def test_what_occurs_twice_is_computed_once():
    e = sigma(z[2, 1]) * (1 - sigma(z[2, 1]))
    assert body(e) == ["t1 = sigma(z[2, 1])", "return (1 - t1) * t1"]
    assert calls(e, z={2: [0.0]}) == (0, 1)


def test_what_is_shared_may_share():
    inner = sigma(z[2, 1] + 1)
    outer = sigma(inner * y[1])
    assert body(inner + outer + outer**2) == [
        "t1 = sigma(z[2, 1] + 1)",
        "t2 = sigma(t1 * y[1])",
        "return t1 + t2 + t2 ** 2",
    ]


def test_a_divisor_and_a_negative_term_are_shared():
    e = a[2, 1] / (1 + y[1]) + 1 / (1 + y[1]) ** 2 - a[2, 1] * y[1] + (1 + a[2, 1] * y[1]) ** 2
    lines = body(e)
    assert len([line for line in lines if line.startswith("t")]) == 2
    assert compiled(e)(a={2: [3.0]}, y=[4.0]) == pytest.approx(3 / 5 + 1 / 25 - 12 + 169)


def test_what_does_not_speak_of_the_variable_leaves_the_sum():
    e = total(sigma_prime(z[2, j]) * w[3, k, j], k, 3)
    assert body(e) == ["t1 = sigma_prime(z[2, j])", 'return t1 * einsum("kj->j", w[3, k, j])']
    assert calls(e, z={2: [0.0]}, w={3: [[1.0], [2.0], [3.0]]}, j=1) == (6, 1)
    assert body(total(sigma((z[2, j] + 1) ** 2) * w[3, k, j], k, 3))[0] == "t1 = sigma((z[2, j] + 1) ** 2)"


def test_what_speaks_of_the_variable_stays_in_the_sum():
    """And what is called as it is outside, is another one there."""
    e = sigma(z[2, k]) ** 2 + sigma(z[2, k]) + total(sigma(z[2, k]), k, 2)
    assert body(e) == [
        "t1 = sigma(z[2, k])",
        """return t1 + t1 ** 2 + einsum("k->", sigma(z[2, k_]))""",
    ]
    assert calls(e, z={2: [0.0, 0.0, 0.0]}, k=2) == (5, 4)


def test_a_sum_inside_a_sum_is_shared_where_it_may_be():
    inner = total(w[2, m, k], m, 2)
    e = total(inner * total(a[1, m], m, 1), k, 1) + total(a[1, m], m, 1)
    assert body(e)[0] == 't1 = einsum("m->", a[1, m])'
    assert compiled(e)(w={2: [[1, 2], [3, 4]]}, a={1: [10, 20]}) == 330


def test_nothing_is_read_for_a_sum_without_terms():
    """There are no weighted inputs of layer 5, nor is there a unit 9."""
    e = Total(sigma(z[5, 1]) ** 2 + sigma(z[5, 1]) * y[9] + l, l, 3, L)
    f = compiled(e)
    assert f(L=2, sigma=(np.exp,)) == 0
    assert f(L=3, sigma=(np.exp,), z={5: [0.0]}, y=np.arange(10.0)) == 1 + 8 + 3
    with pytest.raises(ValueError, match="the weighted inputs of layer 5 are needed"):
        f(L=3, sigma=(np.exp,), y=np.arange(10.0))
    with pytest.raises(ValueError, match=r"there is no y\[9\]"):
        f(L=3, sigma=(np.exp,), z={5: [0.0]}, y=np.arange(8.0))


def test_a_sum_over_layers_takes_one_after_another():
    e = Total(total(a[l, k] ** 2 * y[j], k, l), l, 2, L)
    assert body(e)[0] == "def of_layer(l):"
    assert body(e)[-1] == "return everywhere(sum(map(of_layer, range(2, L + 1))), j)"
    activations = {2: [1.0, 2.0], 3: [3.0], 4: [1.0, 1.0, 1.0]}
    np.testing.assert_array_equal(compiled(e)(a=activations, y=[1.0, 2.0, 0.0], L=4), [17, 34, 0])
    np.testing.assert_array_equal(compiled(e)(y=[1.0, 2.0], L=1, n={1: 2}), [0, 0])


# Names.

EVIL = "__import__('os').abort()"


@pytest.mark.parametrize("name", ["eta'", "lambda", "print", "sum", "n", "rhs", "t1", "_x"])
def test_a_symbol_cannot_inject(name):
    rate = Symbol(name)
    f = compiled(rate * sigma(z[2, 1]) + sigma(z[2, 1]) + total(a[1, k] * rate, k, 1))
    [argument] = [given for given, symbol in f.inputs.symbols.items() if symbol == rate and given in f.arguments]
    assert f(**{argument: 3.0}, z={2: [0.0]}, sigma=[math.cosh], a={1: [1, 2]}) == 13
    assert names(f.source) <= {argument, "a", "z", "sigma", "t1", "t1_", "k", "n", "axis", "einsum"}


@pytest.mark.parametrize("name", ["lambda", "exp", "n", "n_", "D", "__class__"])
def test_a_family_and_a_function_cannot_inject(name):
    own = Family(name, "u")
    net = Network((own,), (Definition(own[j], ((j, 1, n(1)),)),))
    f = compiled(Apply("f" + name, own[1]) + own[2], net)
    data, function = f.arguments
    assert f(**{data: [1.0, 2.0], function: (math.exp,)}) == pytest.approx(math.e + 2)
    assert names(f.source) <= {data, function}


@pytest.mark.parametrize("name", [EVIL, "w); import os; (", "1", "é", "a b\n"])
def test_what_is_no_name_gets_nowhere(name):
    """The core refuses it; so that no program is written with it."""
    with pytest.raises(ValueError, match="is not made of"):
        compiled(Symbol(name) * sigma(z[2, 1]))
    own = Family(name, "u")
    with pytest.raises(ValueError, match="is not made of"):
        Network((own,), (Definition(own[j], ((j, 1, n(1)),)),))


def test_a_function_with_a_body_is_named_safely():
    u = Symbol("u")
    net = replace(dense(), functions=(Function("leaky-relu", u, u * Apply("step", u)), Function("exp'", u, u**3)))
    f = compiled(Apply("leaky-relu", z[2, 1], 1) + Apply("exp'", z[2, 1], 2), net)
    assert f.arguments == ("z",)
    assert f(z={2: [2.0]}) == 13


def names(source):
    """All names in a text, and nothing in it but what a formula needs."""
    tree = ast.parse(source)
    allowed = (
        ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Assign, ast.BinOp, ast.operator,
        ast.unaryop, ast.UnaryOp, ast.Name, ast.Load, ast.Store, ast.Subscript, ast.Tuple, ast.Call, ast.keyword,
        ast.Constant,
    )  # fmt: skip
    assert all(isinstance(node, allowed) for node in ast.walk(tree))
    found = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert all(name.isascii() and not name.startswith("_") for name in found)
    return found


def test_the_text_runs_without_builtins():
    f = compiled(a[2, 1])
    assert f.compute.__globals__["__builtins__"] == {}


# What the network says itself.


def test_the_activation_of_a_bias_unit_is_no_datum():
    f = compiled(a[2, 0] + a[2, 1], bias_unit())
    assert f(a={2: [5.0]}) == 6


def test_data_that_the_network_fixes_may_be_left_out():
    net = with_data(dense(), x=1)
    assert compiled(x[2], net)() == 1
    np.testing.assert_array_equal(compiled(x[()], net)(n={1: 3}), [1, 1, 1])
    np.testing.assert_array_equal(compiled(x[()] + a[1], net)(a={1: [[1], [2]]}), [[2], [3]])
    f = compiled(
        Member("x") + Member("a", 1) + Outer(Dot(Transposed(w[2]), b[2]), Member("Cx")), with_data(batch(), x=1)
    )
    np.testing.assert_array_equal(f(a={1: [[0, 2]]}, w={2: [[1]]}, b={2: [[5]]}, Cx=[[1], [0]]), [[6, 3]])


def test_what_only_one_of_several_equations_fixes_is_a_datum():
    f = compiled(Member("P", l, j), recursive(dense()))
    with pytest.raises(ValueError, match=r"how many units layer 3 has: pass n=\{3: ...\}, or P"):
        f(l=3, j=1)
    with pytest.raises(ValueError, match="the P of layer 3 are needed"):
        f(l=3, j=1, n={3: 2})
