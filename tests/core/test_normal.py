"""The normal form: equal if equal in every ring with sums, and different otherwise."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer, Rational, Symbol

from backproof.core.normal import MOST_SUMS, cleared, polynomial, positive, term
from backproof.core.terms import (
    Apply,
    D,
    Kron,
    L,
    Phi,
    Refused,
    Total,
    a,
    delta,
    exp,
    j,
    k,
    l,
    m,
    n,
    p,
    phi,
    q,
    sigma,
    sigma_prime,
    total,
    w,
    z,
)

u, v = Symbol("u"), Symbol("v")
ZERO: dict[Any, Any] = {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((u + v) * (u - v), u**2 - v**2),
        (u / 2 + u / 2, u),
        (u * v / u, v),
        ((u * v) ** -2, u**-2 * v**-2),
        (total(a[l, k], k, l), total(a[l, m], m, l)),
        (total(a[l, k] + a[l, j], k, l), total(a[l, k], k, l) + n(l) * a[l, j]),
        (total(u * a[l, k], k, l), u * total(a[l, k], k, l)),
        (total(total(w[l, j, k], k, p), j, q), total(total(w[l, j, k], j, q), k, p)),
        (total(total(w[l, j, k], k, l), j, l), total(total(w[l, k, j], k, l), j, l)),
        (total(a[l, k], k, l) ** 2, total(total(a[l, j] * a[l, k], j, l), k, l)),
        (total(a[l, k], k, l) * total(z[l, k], k, l), total(total(a[l, j] * z[l, k], j, l), k, l)),
        (sigma(u + v + u), sigma(2 * u + v)),
        (sigma_prime(total(a[l, k], k, l)), sigma_prime(total(a[l, m], m, l))),
        (D(total(a[l, k] ** 2, k, l), a[l, j]), D(total(a[l, m] * a[l, m], m, l), a[l, j])),
        (exp(u) * exp(-u), Integer(1)),
        (exp(2 * u + v), exp(u) ** 2 * exp(v)),
        (Kron(j, k) * u, u * Kron(k, j)),
        (Total(u, k, 1, n(l)), n(l) * u),
    ],
)
def test_equal(one: Any, other: Any) -> None:
    assert polynomial(one) == polynomial(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (u + v, u - v),
        (total(w[l, j, k], k, l), total(w[l, k, j], k, l)),
        (total(a[l, k] * z[l, k], k, l), total(a[l, k], k, l) * total(z[l, k], k, l)),
        (total(a[l, k], k, l), total(a[l, k], k, l + 1)),
        (total(a[l, k], k, l), n(l) * a[l, k]),
        (Total(u, k, 1, j), j * u),  # not where j < 0
        (sigma(2 * u), 2 * sigma(u)),
        (sigma(u), sigma_prime(u)),
        (D(u + v, a[l, j]), D(u, a[l, j]) + D(v, a[l, j])),  # not algebra: the rule differentiate
        (1 / (u + v), 1 / u + 1 / v),
        (a[l, j] * delta[l + 1, j], a[l + 1, j] * delta[l, j]),
    ],
)
def test_not_equal(one: Any, other: Any) -> None:
    assert polynomial(one) != polynomial(other)


@pytest.mark.parametrize(
    "e", [(u + v) ** 3, total(w[l, j, k] * total(a[p, m], m, p), k, l), u / (u + v), Rational(2, 3) * u]
)
def test_a_term_is_found_again_from_its_normal_form(e: Any) -> None:
    assert polynomial(term(polynomial(e))) == polynomial(e)


def test_fractions_are_cleared() -> None:
    assert cleared(polynomial(1 / (u + v) - (u - v) / ((u + v) * (u - v)))) == ZERO
    assert cleared(polynomial(1 / (u + v) - 1 / (u - v))) != ZERO


def test_more_sums_than_can_be_ordered_are_refused() -> None:
    e: Any = u
    for place in range(MOST_SUMS + 1):
        e = Total(e * a[place + 1, (bound := Symbol(f"b{place}"))], bound, 1, n(place + 1))
    with pytest.raises(Refused, match="nested sums"):
        polynomial(e)


@pytest.mark.parametrize(
    ("e", "yes"),
    [
        (exp(u), True),
        (exp(u) + exp(v), True),
        (exp(u) / (1 + exp(v)), True),
        (Phi(u) + phi(u), True),
        (Apply("Phi", u, 1), False),
        (Apply("phi", u, 1), False),
        (n(l), True),
        (L, True),
        (total(exp(a[l, k]), k, l), True),
        (u, False),
        (u**2, False),
        (exp(u) - exp(v), False),
        (-exp(u), False),
        (Total(exp(u), k, 1, j), False),
        (sigma(u), False),
    ],
)
def test_what_can_be_seen_to_be_positive(e: Any, yes: bool) -> None:  # noqa: FBT001 - a row of the table
    assert positive(e) is yes
