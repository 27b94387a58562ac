"""More attacks on the kernel: ill-typed terms, and networks that contradict themselves. See ``test_attacks.py``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import Integer, Symbol

from backproof.core.kernel import congruence, count, define, differentiate, instantiate, refl, ring, sift, unroll
from backproof.core.network import Definition, Function, Network
from backproof.core.normal import Bound
from backproof.core.terms import (
    Apply,
    C,
    D,
    Family,
    Kron,
    L,
    NonZero,
    Refused,
    Total,
    a,
    j,
    k,
    l,
    m,
    n,
    r,
    sigma,
    w,
    x,
    z,
)
from backproof.networks import dense

NET = dense()
COST, NUMBER = Family("C", ""), Family("q", "")
POSITIVE = Symbol("s", integer=True, positive=True)
u = Symbol("u")


def units(index: Any, layer: Any) -> tuple[Any, Any, Any]:
    return index, Integer(1), n(layer)


TERMS: dict[str, Callable[[], Any]] = {
    "a bound symbol keeps its assumptions": lambda: sift(NET, Total(Kron(1, m), m, 1, POSITIVE)),
    "divided by a sum of positive symbols": lambda: ring(
        NET, Total(k, k, -1, 1) / Total(POSITIVE, POSITIVE, -1, 1), Integer(1)
    ),
    "an array passes as a number": lambda: unroll(NET, Total(a[k], k, 2, 2)),
    "a square of matrices": lambda: ring(NET, (w[2] + w[3]) ** 2, w[2] ** 2 + 2 * w[2] * w[3] + w[3] ** 2),
    "a symbol that prints as L": lambda: refl(NET, a[Symbol("L"), j]),
    "a symbol that prints as the cost": lambda: refl(NET, Symbol("C")),
}


@pytest.mark.parametrize("attack", TERMS.values(), ids=TERMS.keys())
def test_ill_typed_terms_are_refused(attack: Callable[[], Any]) -> None:
    with pytest.raises(Refused):
        attack()


t, T, S, Q, A, U, h = (
    Family(name, kinds)
    for name, kinds in (("t", "u"), ("T", "l"), ("S", "l"), ("Q", "u"), ("A", "luu"), ("U", "lu"), ("h", "l"))
)
LAYERS = (l, Integer(1), L)

NETWORKS: dict[str, Callable[[], Any]] = {
    "bounds that mention the unit": lambda: Network(
        (t, NUMBER, COST), (Definition(NUMBER[()]), Definition(t[k], ((k, k, k),), NUMBER[()]), Definition(C, (), t[1]))
    ),
    "a layer that is not called l": lambda: Network(
        (a,), (Definition(a[r, j], ((r, 2, L), units(j, r)), a[r - 1, j]),)
    ),
    "a unit as a layer": lambda: Network(
        (a, Q), (Definition(a[l, k], (LAYERS, units(k, l))), Definition(Q[j], ((j, 1, L),), a[j, 1]))
    ),
    "a circle that goes up and down": lambda: Network(
        (T, S), (Definition(T[l], ((l, 1, L - 1),), S[l + 1] + 1), Definition(S[l], ((l, 2, L),), T[l - 1]))
    ),
    "a circle in one family": lambda: Network(
        (T,), (Definition(T[2], (), T[3] + 1), Definition(T[3], (), T[2])), Integer(3)
    ),
    "an array as a head": lambda: Network(
        (a, z), (Definition(z[l, k], (LAYERS, units(k, l)), Integer(3)), Definition(a[2], (), z[2]))
    ),
    "an array as a body": lambda: replace(
        NET, families=(*NET.families, NUMBER), definitions=(*NET.definitions, Definition(NUMBER[()], (), z[2]))
    ),
    "two ranges of an index": lambda: Network(
        (A,),
        (
            Definition(A[1, j, k], (units(j, 1), (k, 1, 5))),
            Definition(A[l, j, k], ((l, 2, L), units(j, l), units(k, l))),
        ),
    ),
    "a function of itself": lambda: replace(NET, functions=(Function("sigma", u, Apply("sigma", u) + 1),)),
    "a depth that is a width": lambda: dense(depth=n(l)),
    "inputs that are no quantities": lambda: Network(
        (a, w, COST), (Definition(C, (), None, (D(a[L, k], w[2, 1, 1]),)),)
    ),
    "an example before a unit": lambda: Family("h", "eu"),
    "an index of no kind": lambda: Family("h", "vu"),
}


@pytest.mark.parametrize("attack", NETWORKS.values(), ids=NETWORKS.keys())
def test_networks_that_make_no_sense_are_refused(attack: Callable[[], Any]) -> None:
    with pytest.raises((ValueError, Refused)):
        attack()


def test_what_a_definition_divides_by_is_not_zero() -> None:
    """q = 1/x: SymPy makes q x = 1, and with x = 0 that was 1 = 0."""
    net = Network((NUMBER, x), (Definition(x[j], ((j, 1, 2),)), Definition(NUMBER[()], (), 1 / x[1])))
    product = NUMBER[()] * x[1]
    premises = [define(net, arg) if arg == NUMBER[()] else None for arg in product.args]
    assert NonZero(x[1]) in congruence(net, product, *premises).hypotheses


def test_what_an_activation_divides_by_is_not_zero() -> None:
    net = replace(dense(widths=(2, 2)), functions=(Function("sigma", u, 1 / u),))
    assert define(net, sigma(z[2, 1])).hypotheses >= {NonZero(z[2, 1])}


def test_what_is_summed_with_its_index_is_an_influence() -> None:
    """SymPy made nan of k a[2, k] with k replaced by nan, and the edge was gone."""
    small = (Definition(a[2, j], (units(j, 2),)), Definition(C, (), Total(k * a[2, k], k, 1, n(2))))
    net = Network((a, COST), small, Integer(2))
    assert net.edges
    assert differentiate(net, C, a[2, 1]).rhs == D(C, a[2, 1])


def test_a_bound_variable_of_normal_forms_has_no_assumptions() -> None:
    with pytest.raises(Refused):
        sift(NET, Total(Kron(1, k), k, 1, Bound("_9", integer=True, positive=True)))


def test_the_depth_belongs_to_the_network_that_only_its_cost_mentions() -> None:
    outputs = (
        Definition(a[1, j], (units(j, 1),)),
        Definition(a[2, j], (units(j, 2),)),
        Definition(C, (), None, (a[L, k],)),
    )
    net = Network((a, COST), outputs)
    with pytest.raises(Refused):
        instantiate(differentiate(net, C, a[L + 1, 1]), {L: 1})


def test_a_count_sees_what_is_inside_a_function() -> None:
    twice = sigma(w[2, j, 1] * x[1] * x[2] + w[2, k, 1] * x[1] * x[2])
    with pytest.raises(Refused):
        instantiate(count(NET, twice), {j: k})


def test_a_definition_of_another_class_is_refused() -> None:
    class Flip(Definition):
        def where(self, values: dict[Any, Any]) -> list[Any]:  # noqa: ARG002
            return []

    with pytest.raises(ValueError, match="not a tuple of Definition"):
        Network((h,), (Definition(h[2], (), Integer(1)), Flip(h[l], ((l, 1, 1),), Integer(0))), Integer(2))


def test_a_definition_keeps_its_divisors_where_sympy_cancels_them() -> None:
    """h[j, k] = (x_j - x_k)/(x_j - x_1): SymPy makes h[j, j] = 0 and h[j, 1] = 1 of it, and h[1, 1] was both."""
    quotient = (x[j] - x[k]) / (x[j] - x[1])
    pair = Family("h", "uu")
    both_units = ((j, 1, 2), (k, 1, 2))
    net = Network((x, pair), (Definition(x[j], ((j, 1, 2),)), Definition(pair[j, k], both_units, quotient)))
    for at in (pair[j, j], pair[j, 1]):
        assert NonZero(x[j] - x[1]) in define(net, at).hypotheses
        with pytest.raises(Refused):
            instantiate(define(net, at), {j: 1})


def test_nothing_is_divided_by_what_is_zero_by_algebra() -> None:
    zero = x[k] * (x[1] + x[2]) - x[k] * x[1] - x[k] * x[2]
    with pytest.raises(Refused, match="divided by"):
        ring(NET, 1 / zero, 2 / zero)
