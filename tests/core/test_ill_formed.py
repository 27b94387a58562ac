"""Ill-formed input is refused: by ``Refused`` and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from sympy import I, Integer, Rational, S, Symbol, oo, pi, zoo

from backproof.core import kernel as K  # noqa: N812 - so many rules
from backproof.core.network import Definition, Network
from backproof.core.normal import Bound
from backproof.core.terms import (
    Apply,
    C,
    D,
    Family,
    Kron,
    L,
    Member,
    NonNegative,
    Refused,
    Total,
    a,
    b,
    j,
    k,
    l,
    m,
    n,
    w,
    x,
    z,
)  # fmt: skip
from backproof.networks import dense

NET = dense()
WIDE = dense(widths=(2, 3, 2))
FOO = Member("foo", 1)
t = K.refl(NET, k)
u = Symbol("u")
Z21 = K.define(NET, z[2, 1])

CALLS: dict[str, Callable[[], Any]] = {
    # not terms
    "a string": lambda: K.refl(NET, "abc"),
    "nothing": lambda: K.refl(NET, None),
    "a number of Python": lambda: K.ring(NET, 1.5, 1.5),
    "a network that is none": lambda: K.refl(3, k),
    "a theorem that is none": lambda: K.symm(3),
    "a second theorem that is none": lambda: K.trans(t, 3),
    # terms of SymPy that are not of this language
    "an infinity": lambda: K.refl(NET, oo),
    "division by zero": lambda: K.refl(NET, zoo),
    "not a number": lambda: K.refl(NET, S.NaN),
    "floating point": lambda: K.refl(NET, sympy.Float(0.5)),
    "the imaginary unit": lambda: K.refl(NET, I),
    "pi": lambda: K.refl(NET, pi),
    "a root": lambda: K.refl(NET, sympy.sqrt(k)),
    "an exponent that is a variable": lambda: K.refl(NET, 2**k),
    "a sum of SymPy's": lambda: K.refl(NET, sympy.Sum(k, (k, 1, 3))),
    "a derivative of SymPy's": lambda: K.refl(NET, sympy.Derivative(sympy.Function("f")(k), k)),
    "a function of SymPy's": lambda: K.refl(NET, sympy.sin(k)),
    "a truth value": lambda: K.refl(NET, S.true),
    "an equation of SymPy's": lambda: K.refl(NET, sympy.Eq(k, m)),
    "a matrix of SymPy's": lambda: K.refl(NET, sympy.MatrixSymbol("A", 2, 2)),
    "variables that do not commute": lambda: K.refl(NET, Symbol("A", commutative=False)),
    "a hypothesis for a term": lambda: K.refl(NET, NonNegative(k)),
    # heads with the wrong arguments
    "a sum without an upper end": lambda: K.refl(NET, Total(k, k, 1)),
    "a sum over a number": lambda: K.refl(NET, Total(k, 3, 1, 2)),
    "a sum over a quantity": lambda: K.refl(NET, Total(k, a[2, 1], 1, 2)),
    "a sum from a half": lambda: K.refl(NET, Total(k, k, Rational(1, 2), 3)),
    "a sum up to a quantity": lambda: K.refl(NET, Total(k, k, 1, a[2, 1])),
    "a variable of the normal form": lambda: K.ring(NET, Total(Bound("x") * k, k, 1, n(2)), k),
    "a unit one and a half": lambda: K.refl(NET, a[2, Rational(3, 2)]),
    "a unit that is a quantity": lambda: K.refl(NET, a[2, a[1, 1]]),
    "a delta of quantities": lambda: K.refl(NET, Kron(a[2, 1], 1)),
    "the width of a quantity": lambda: K.refl(NET, n(a[2, 1])),
    "a family that the network does not have": lambda: K.refl(NET, FOO),
    "a family that is a symbol": lambda: K.refl(NET, Member(Symbol("a"), 2, 1)),
    "too many indices": lambda: K.refl(NET, a[2, 1, 1]),
    "a function without an argument": lambda: K.refl(NET, Apply("sigma", "x")),
    "a function that is a symbol": lambda: K.refl(NET, Apply(Symbol("sigma"), z[2, 1])),
    "a derivative of order minus one": lambda: K.refl(NET, Apply("exp", z[2, 1], -1)),
    "a derivative of order k": lambda: K.refl(NET, Apply("exp", z[2, 1], k)),
    "a derivative by a variable": lambda: K.refl(NET, D(z[2, 1], u)),
    "a derivative by a sum": lambda: K.refl(NET, D(C, z[2, 1] + z[2, 2])),
    # rules
    "congruence: a number": lambda: K.congruence(NET, 3, t),
    "congruence: too many premises": lambda: K.congruence(NET, k + m, None, None, t),
    "congruence: below a derivative by a variable": lambda: K.congruence(NET, D(z[2, 1], u), Z21, None),
    "congruence: below a derivative by nobody": lambda: K.congruence(NET, D(z[2, 1], FOO), Z21, None),
    "instantiate: not a mapping": lambda: K.instantiate(t, [1]),
    "instantiate: by nothing": lambda: K.instantiate(t, {k: None}),
    "instantiate: by a word": lambda: K.instantiate(t, {k: "1 +"}),
    "instantiate: a network that is none": lambda: K.instantiate(t, {}, "net"),
    "assume: not terms": lambda: K.assume(NET, "a", "b"),
    "discharge: no hypothesis": lambda: K.discharge(t, k, t),
    "define: a number": lambda: K.define(NET, 3),
    "define: nobody": lambda: K.define(NET, FOO),
    "define: a layer as a whole": lambda: K.define(NET, a[l]),
    "define: a family as a whole": lambda: K.define(NET, Member("a")),
    "define: a width that is open": lambda: K.define(NET, n(2)),
    "define: a width beyond": lambda: K.define(WIDE, n(4)),
    "chain: through nobody": lambda: K.chain(NET, C, z[l, j], FOO, k),
    "chain: through a whole layer": lambda: K.chain(NET, C, z[l, j], z[l + 1], k),
    "chain: through a number": lambda: K.chain(NET, C, z[l, j], 3, k),
    "chain: over a number": lambda: K.chain(NET, C, z[l, j], z[l + 1, 3], 3),
    "chain: of a number": lambda: K.chain(NET, Integer(3), z[l, j], z[l + 1, k], k),
    "differentiate: by a number": lambda: K.differentiate(NET, a[2, 1], Integer(3)),
    "differentiate: by a whole layer": lambda: K.differentiate(NET, a[2, 1], w[2]),
    "differentiate: nobody": lambda: K.differentiate(NET, FOO, w[2, 1, 1]),
    "differentiate: a hypothesis": lambda: K.differentiate(NET, NonNegative(k), w[2, 1, 1]),
    "ring: nobody": lambda: K.ring(NET, FOO, FOO + 0 * k),
    "sift: no sum": lambda: K.sift(NET, a[2, 1]),
    "sift: a number": lambda: K.sift(NET, 3),
    "unroll: no sum": lambda: K.unroll(NET, a[2, 1]),
    "unroll: open limits": lambda: K.unroll(NET, Total(k, k, 1, n(2))),
    "split: no sum": lambda: K.split(NET, a[2, 1], "first"),
    "split: in the middle": lambda: K.split(NET, Total(k, k, 1, 3), "middle"),
    "shift: no sum": lambda: K.shift(NET, a[2, 1], 1),
    "shift: by a word": lambda: K.shift(NET, Total(k, k, 1, 3), "x"),
    "shift: by a half": lambda: K.shift(NET, Total(k, k, 1, 3), Rational(1, 2)),
    "induct: not theorems": lambda: K.induct(3, 4, l, j),
    "components: not an array": lambda: K.components(K.refl(NET, a[l, j]), a[l], Integer(3), (j,)),
    "components: nobody": lambda: K.components(K.refl(NET, a[l, j]), Member("foo"), a[l], (j,)),
    "components: by a number": lambda: K.components(K.refl(NET, a[l, 1]), a[l], a[l], (Integer(1),)),
    "component: too many indices": lambda: K.component(K.refl(NET, a[l]), (j, k)),
    "component: by a quantity": lambda: K.component(K.refl(NET, a[l]), (a[2, 1],)),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
def test_ill_formed_input_is_refused(call: Callable[[], Any]) -> None:
    with pytest.raises(Refused):
        call()


def test_a_long_calculation_replays() -> None:
    long = t
    for _ in range(2000):
        long = K.trans(long, t)
    assert K.replay(long).rhs == k


def test_a_theorem_does_not_hang_on_the_caller_s_dictionary() -> None:
    values: dict[Any, Any] = {k: Integer(3)}
    three = K.instantiate(t, values)
    values[k] = Integer(4)
    assert K.replay(three).rhs == 3


def test_the_chain_rule_through_a_family_without_layers() -> None:
    """x to h to C, without a layer anywhere: h separates."""
    h = Family("h", "u")
    net = Network(
        (x, h, Family("C", "")),
        (
            Definition(x[j], ((j, Integer(1), Integer(2)),)),
            Definition(h[j], ((j, Integer(1), Integer(3)),), Total(x[k], k, 1, 2)),
            Definition(C, (), None, (h[k],)),
        ),
    )
    assert K.chain(net, C, x[j], h[k], k).rhs == Total(D(C, h[k]) * D(h[k], x[j]), k, 1, 3)


def test_bounds_may_be_numbers_of_python() -> None:
    net = Network((b,), (Definition(b[l, j], ((l, 2, L), (j, 1, 3)), Integer(1)),))
    assert K.define(net, b[2, 1]).rhs == 1
