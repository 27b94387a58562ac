"""Reasons: each does one thing to a line, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer

from backproof.core.kernel import assume, define
from backproof.surface.terms import (
    C,
    D,
    Kron,
    L,
    Mults,
    Refused,
    Total,
    a,
    b,
    delta,
    j,
    k,
    l,
    m,
    n,
    p,
    sigma,
    sigma_prime,
    total,
    w,
    z,
)  # fmt: skip
from backproof.derive.calc import WrongLine, calc, entrywise, instance
from backproof.derive.reasons import (
    Reason,
    algebra,
    both,
    chain_rule,
    converse,
    counting,
    definition,
    differentiation,
    shifted,
    sifting,
    split_off,
    theorem,
    unrolling,
)  # fmt: skip
from backproof.derive.rewrite import match
from backproof.networks import dense

NET, SMALL = dense(), dense(widths=(2, 3, 2))
SUM = total(a[l, k], k, l)
SLOPE_IS_A = assume(NET, sigma_prime(z[l, j]), a[l, j])

FOLLOWS: list[tuple[Any, Any, Reason]] = [
    (2 * a[l, j] + a[l, j], 3 * a[l, j], algebra),
    (a[l, j] ** 2, sigma(z[l, j]) ** 2, definition(a[l, j])),
    (sigma(z[l, j]) ** 2, a[l, j] ** 2, definition(a[l, j])),  # folded
    (SUM, total(sigma(z[l, m]), m, l), definition(a[l, j])),  # for every unit, under another name
    (D(C, z[l, j]), total(D(C, a[l, k]) * D(a[l, k], z[l, j]), k, l), chain_rule(through=a[l, k])),
    (D(sigma(z[l, k]), z[l, j]), sigma_prime(z[l, k]) * Kron(k, j), differentiation),
    (total(Kron(j, k) * a[l, k], k, l), a[l, j], sifting),
    (total(total(Kron(j, k) * Kron(m, p) * w[l, k, m], m, l - 1), k, l), w[l, j, p], sifting),
    (SUM, Total(a[l, k - 1], k, 2, n(l) + 1), shifted(SUM, 1)),
    (SUM, a[l, 1] + Total(a[l, k], k, 2, n(l)), split_off(SUM, "first")),
    (Mults(a[l, j] * z[l, j]), Integer(1), counting),
    (D(C, a[l, j]) * sigma_prime(z[l, j]), D(C, a[l, j]) * a[l, j], theorem(SLOPE_IS_A)),
    (2 * a[l, j], 2 * sigma_prime(z[l, j]), converse(SLOPE_IS_A)),
    (total(sigma_prime(z[l, k]), k, l), SUM, theorem(SLOPE_IS_A)),
    (
        delta[l, j],
        total(D(C, a[l, k]) * D(a[l, k], z[l, j]), k, l),
        both(definition(delta[l, j]), chain_rule(through=a[l, k])),
    ),
]

DOES_NOT_FOLLOW: list[tuple[Any, Any, Reason]] = [
    (a[l, j], z[l, j], algebra),
    (a[l, j], sigma(z[l, j]), algebra),
    (a[l, j], sigma(z[l, k]), definition(a[l, j])),
    (a[l, j], sigma(z[l, j]), definition(a[l + 1, j])),
    (D(a[l, j], a[l, k]), D(sigma(z[l, j]), a[l, k]), definition(a[l, j])),
    (D(C, z[l, j]), D(C, a[l, j]) * D(a[l, j], z[l, j]), chain_rule(through=a[l, k])),
    (D(sigma(z[l, k]), z[l, j]), sigma_prime(z[l, j]), differentiation),
    (total(Kron(j, k) * a[l, k], k, l), SUM, sifting),
    (SUM, a[l, 1] + a[l, 2], unrolling),
    (sigma_prime(z[l, j]), a[l, k], theorem(SLOPE_IS_A)),
]


@pytest.mark.parametrize(("before", "after", "reason"), FOLLOWS)
def test_follows(before: Any, after: Any, reason: Reason) -> None:
    proved = reason.prove(NET, before, after)
    assert (proved.lhs, proved.rhs) == (before, after)


@pytest.mark.parametrize(("before", "after", "reason"), DOES_NOT_FOLLOW)
def test_does_not_follow(before: Any, after: Any, reason: Reason) -> None:
    with pytest.raises(Refused):
        reason.prove(NET, before, after)


def test_sums_over_given_widths_are_written_out() -> None:
    proved = unrolling.prove(SMALL, total(a[2, k], k, 2), a[2, 1] + a[2, 2] + a[2, 3])
    assert not proved.hypotheses


def test_a_calculation_is_its_lines() -> None:
    made = calc(NET, delta[L, j], (D(C, z[L, j]), definition(delta[L, j])), (D(C, z[L, j]) * 1, algebra))
    assert (made.theorem.lhs, made.theorem.rhs, len(made.lines)) == (delta[L, j], D(C, z[L, j]), 2)


def test_a_wrong_line_has_a_number_and_says_what_follows_instead() -> None:
    with pytest.raises(WrongLine) as caught:
        calc(NET, 2 * a[l, j], (a[l, j] + a[l, j], algebra), (2 * sigma(z[l, k]), definition(a[l, j])))
    wrong = caught.value
    assert (wrong.number, wrong.before, wrong.claim) == (2, 2 * a[l, j], 2 * sigma(z[l, k]))
    assert wrong.instead == 2 * sigma(z[l, j])


def test_entries_and_arrays() -> None:
    made = entrywise(NET, a[l], sigma(z[l]), (j,), (sigma(z[l, j]), definition(a[l, j])))
    assert (made.theorem.lhs, made.theorem.rhs) == (a[l], sigma(z[l]))


def test_an_instance() -> None:
    general = calc(NET, a[l, j], (sigma(z[l, j]), definition(a[l, j])))
    assert instance(general, SMALL, l=3, j=2).theorem.rhs == define(SMALL, a[3, 2]).rhs


@pytest.mark.parametrize(
    ("pattern", "subject", "found"),
    [
        (a[l, j], a[l, k], {l: l, j: k}),
        (a[l + 1, j], a[5, j], {l: 4, j: j}),
        (w[l, j, k], w[l, k, j], {l: l, j: k, k: j}),
        (w[l, j, j], w[l, j, k], None),
        (a[l, j], z[l, j], None),
        (b[2, j], b[3, j], None),
    ],
)
def test_matching(pattern: Any, subject: Any, found: dict[Any, Any] | None) -> None:
    assert match(pattern, subject, frozenset({l, j, k})) == found
