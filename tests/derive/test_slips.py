"""Slips of authors are answered in words, not with what Python or SymPy make of them."""

from dataclasses import replace

import pytest
import sympy
from backproof.derivations.bp4 import bp4

from backproof.derive.calc import calc
from backproof.derive.reasons import algebra, definition, theorem
from backproof.derive.registry import derivation
from backproof.networks import dense
from backproof.surface.terms import C, D, a, delta, j, k, l, w, z

NET = dense()
RIGHT = a[l - 1, k] * delta[l, j]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ((2.0 * RIGHT, algebra), r"line 1 is not a term .* decimal number"),
        ((sympy.exp(a[l, j]), algebra), r"sigma, exp, log, step, Phi and phi"),
        ((sympy.Sum(RIGHT, (k, 1, 3)), algebra), r"Write total\("),
        ((RIGHT / 0, algebra), r"divides by zero"),
        ((a[l, j] ** sympy.Rational(1, 2), algebra), r"Write sqrt\(u\)"),
        ((sympy.Symbol("q") + sympy.oo, algebra), r"is not a term"),
        ((a, algebra), r"line 1 is not a term but Family"),
        (("a*b", algebra), r"line 1 is not a term but str"),
        ((None, algebra), r"line 1 is not a term but NoneType"),
        ((a[l, j] == a[l, k], algebra), r"is not a term|bool"),
        ((D(C, a[l, j] + 1), algebra), r"is not a term"),
        ((RIGHT, "algebra"), r"line 1 has no reason"),
        (RIGHT, r"line 1 is not a pair"),
    ],
)
def test_a_line_that_is_none(line, words):
    with pytest.raises((TypeError, ValueError), match=words):
        calc(NET, D(C, w[l, j, k]), line)


def test_a_theorem_that_is_not_called():
    with pytest.raises(TypeError, match=r"bp4 is a function: call it"):
        theorem(bp4)


def test_a_derivation_that_returns_nothing():
    @derivation("nothing", "Nothing")
    def nothing():
        calc(NET, D(C, w[l, j, k]), (RIGHT, theorem(bp4())))

    with pytest.raises(TypeError, match=r"nothing does not return a derivation"):
        nothing()


def test_a_cost_that_is_not_in_the_table():
    with pytest.raises(ValueError, match=r"'hinge' is not in the table: there are quadratic"):
        dense(cost="hinge")


def test_lines_that_do_not_come_to_the_theorem():
    @derivation("another", "Somebody else's proof")
    def another():
        return replace(calc(NET, delta[l, j], (D(C, z[l, j]), definition(delta[l, j]))), theorem=bp4().theorem)

    with pytest.raises(ValueError, match=r"the lines of another do not come to its theorem"):
        another()


def test_a_theorem_without_lines():
    @derivation("bare", "No proof")
    def bare():
        return replace(bp4(), lines=())

    with pytest.raises(ValueError, match=r"do not come to its theorem"):
        bare()
