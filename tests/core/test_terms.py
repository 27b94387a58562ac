"""Terms: substitution never captures, and what is read as a term is one."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer, Rational, S, Symbol, oo

from backproof.core.grammar import is_index, rank
from backproof.core.terms import (
    C,
    D,
    Dot,
    Kron,
    L,
    M,
    Member,
    Mults,
    Outer,
    Refused,
    Total,
    Transposed,
    a,
    delta,
    difference,
    free,
    j,
    k,
    known,
    l,
    n,
    p,
    sigma,
    substitute,
    total,
    variant,
    w,
    z,
)  # fmt: skip
from backproof.networks import dense

NET = dense()
k1, k2 = Symbol("k'"), Symbol("k''")


@pytest.mark.parametrize(
    ("e", "values", "result"),
    [
        (total(w[l, j, k], k, l), {j: p}, total(w[l, p, k], k, l)),
        (total(w[l, j, k], k, l), {k: p}, total(w[l, j, k], k, l)),
        (total(w[l, j, k], k, l), {j: k}, total(w[l, k, k1], k1, l)),
        (total(w[l, j, k] * a[l, k1], k, l), {j: k}, total(w[l, k, k2] * a[l, k1], k2, l)),
        (total(w[l, j, k], k, j), {j: k}, Total(w[l, k, k1], k1, 1, n(k))),
        (Total(k, k, k, 3), {k: p}, Total(k, k, p, 3)),
        (total(total(w[l, j, k], k, p), p, l), {j: k + p}, "total over p' of total over k' of w[l, k + p, k']"),
        (D(C, z[l, j]), {l: l + 1}, D(C, z[l + 1, j])),
        (w[l, j, k], {j: k, k: j}, w[l, k, j]),
    ],
)
def test_substitution_avoids_capture(e: Any, values: dict[Any, Any], result: Any) -> None:
    made = substitute(e, values)
    if isinstance(result, str):
        assert free(made) == {l, k, p}
    else:
        assert made == result


def test_a_variant_is_the_same_on_every_run() -> None:
    assert variant(k, {k, k1}) == k2


def test_sympy_would_capture() -> None:
    """Why ``substitute`` is our own."""
    from sympy import IndexedBase, Sum, symbols

    i, m = symbols("i m", integer=True)
    captured = Sum(IndexedBase("w")[m, i], (i, 1, 3)).subs(m, i)
    assert captured.free_symbols.isdisjoint({i})


def test_a_count_is_not_changed_by_substitution() -> None:
    with pytest.raises(Refused):
        substitute(Mults(w[l, j, k] * a[l, 1] + a[l, 1] * w[l, j, p]), {p: k})


@pytest.mark.parametrize(
    ("gap", "holds"),
    [
        (Integer(0), True),
        (Integer(-1), False),
        (n(l) - 1, True),
        (n(l) - 2, None),
        (-n(l), False),
        (L - 1, True),
        (M - 1, True),
        (j - 1, None),
        (n(l) - n(l + 1), None),
        (L - l, None),
        (n(1) + L - 2, True),
        (-L - M + 1, False),
    ],
)
def test_what_is_known_to_be_at_least_zero(gap: Any, holds: Any) -> None:
    assert known(gap) is holds


def test_deltas_of_known_indices_are_numbers() -> None:
    assert Kron(j, j) == 1
    assert Kron(j + 1, j) == 0
    assert Kron(j, k) == Kron(k, j) != 0
    assert difference(l + 1, l) == 1
    assert difference(l, L) is None


@pytest.mark.parametrize("e", [j, l + 1, n(l) - k, Integer(3), 2 * j])
def test_indices(e: Any) -> None:
    assert is_index(e)


@pytest.mark.parametrize(
    "e", [Rational(1, 2), a[l, j], sigma(j), j**2, j / 2, S.NaN, oo, Symbol("A", commutative=False)]
)
def test_no_indices(e: Any) -> None:
    assert not is_index(e)


@pytest.mark.parametrize(
    ("e", "indices"),
    [
        (a[l, j], 0),
        (a[l], 1),
        (D(C, z[l]), 1),
        (D(a[L], z[L]), 2),
        (total(a[l, k], k, l), 0),
        (1 / a[l, j], 0),
        (Kron(j, k), 0),
        (n(l), 0),
        (Rational(1, 2), 0),
        (2 * a[l], 1),
        (a[l] + z[l], 1),
        (Outer(a[l], a[l - 1]), 2),
        (Dot(Transposed(w[l]), delta[l]), 1),
    ],
)
def test_the_rank_of_a_term(e: Any, indices: int) -> None:
    assert rank(NET.families, NET.symbols, e) == indices


@pytest.mark.parametrize(
    "e",
    [
        "a",
        1.5,
        oo,
        a[l, j] ** j,
        2**j,
        a[l, j] ** Rational(1, 2),
        a[l, a[l, j]],
        Member("foo", 1),
        Member("a"),
        a[l, j, k],
        Total(a[l, j], L, 1, 3),
        D(C, j),
        D(C, a[l, j] + 1),
        D(C, C, C),
        sigma(oo),
        Symbol("s", positive=True),
        Symbol("s", integer=True),
        Symbol("C"),
        Symbol("M"),
        a[l] * z[l],
        a[l] ** 2,
        a[l] + 1,
        a[l] + w[l],
        Total(a[k], k, 1, 2),
        Dot(a[l], w[l]),
        Transposed(a[l]),
        D(C, a[l]) + D(a[L], a[l]),
    ],
)
def test_no_terms(e: Any) -> None:
    assert rank(NET.families, NET.symbols, e) is None
