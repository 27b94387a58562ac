"""Theorems as plain SymPy, and claims that are written so."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Derivative, Eq, Function, IndexedBase, Matrix, Sum, Symbol, symbols

import backproof
from backproof import assert_holds, dense
from backproof.derive.registry import chapter, library_module

CHAPTERS = ("forward", "bp1", "bp2", "bp3", "bp4")
DERIVATIONS = [made for name in CHAPTERS for made in chapter(library_module(name)).derivations]
OURS = {"Member", "D", "Total", "Kron", "Apply", "n", "Dot", "Hadamard", "Transposed", "Outer"}

l, j, k = symbols("l j k")
L = Symbol("L")
w, z, a, delta, n = map(IndexedBase, ("w", "z", "a", "delta", "n"))
C = Function("C")


def heads(e: Any) -> set[str]:
    return {type(e).__name__}.union(*map(heads, e.args))


@pytest.mark.parametrize("made", DERIVATIONS, ids=lambda made: made.name)
def test_a_theorem_in_plain_sympy_has_none_of_our_heads_and_holds_when_it_is_read_back(made: Any) -> None:
    equation = made.to_sympy()
    assert not heads(equation) & OURS
    assert_holds(equation, made.theorem.net)


def test_what_is_written_in_sympy_is_judged() -> None:
    assert_holds(Eq(Derivative(C(w[l, j, k]), w[l, j, k]), a[l - 1, k] * delta[l, j]))
    assert_holds((z[l, j], Sum(w[l, j, k] * a[l - 1, k], (k, 1, n[l - 1])) + IndexedBase("b")[l, j]))
    with pytest.raises(backproof.NotEstablished, match=r"the sides are different numbers") as found:
        assert_holds(Eq(Derivative(C(w[l, j, k]), w[l, j, k]), a[l, k] * delta[l, j]))
    assert found.value.verdicts[0].counterexample is not None
    with pytest.raises(backproof.NotEstablished, match="u with 1 indices is no quantity"):
        assert_holds(Eq(IndexedBase("u")[l], a[l, k]))
    with pytest.raises(backproof.NotEstablished, match="a derivative is written"):
        assert_holds(Eq(Derivative(C(Symbol("t")) ** 2, Symbol("t")), a[l, k]))
    with pytest.raises(TypeError, match="two sides in SymPy"):
        assert_holds(3)


def test_sizes_write_it_out_in_matrices() -> None:
    bp4 = next(made for made in DERIVATIONS if made.name == "bp4")
    first, last = bp4.to_sympy(sizes=(2, 3, 1))
    assert (first.lhs.shape, last.lhs.shape) == ((3, 2), (1, 3))
    errors = Matrix(symbols("delta_2_1:4"))
    assert first.rhs == errors * Matrix(symbols("a_1_1:3")).T
    assert last.lhs[0, 1] == Derivative(C(Symbol("w_3_12")), Symbol("w_3_12"))


def test_sizes_are_those_of_layers() -> None:
    bp4 = next(made for made in DERIVATIONS if made.name == "bp4")
    with pytest.raises(ValueError, match="at least 1"):
        bp4.to_sympy(sizes=(2, 0))
    assert bp4.to_sympy(sizes=(2,)) == []
    with pytest.raises(ValueError, match="a dense network"):
        backproof.prove(["attention"], formats=()).derivations[0].derivation.to_sympy(sizes=(2, 2))


def test_a_function_with_a_body_is_that_function() -> None:
    sigmoid = dense(activation="sigmoid")
    f = Function("sigma")
    assert_holds(Eq(Derivative(f(z[l, j]), z[l, j]), f(z[l, j]) * (1 - f(z[l, j]))), sigmoid)
    with pytest.raises(backproof.NotEstablished):
        assert_holds(Eq(Derivative(f(z[l, j]), z[l, j]), f(z[l, j]) * (1 - f(z[l, j]))))
