"""Reasons: each does one thing to a line, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer

from backproof.derive.calc import WrongLine, assume, calc, entrywise, instance
from backproof.derive.reasons import (
    Reason,
    algebra,
    both,
    chain_rule,
    converse,
    counting,
    definition,
    differentiation,
    inverse,
    shifted,
    sifting,
    split_off,
    theorem,
    unrolling,
)  # fmt: skip
from backproof.derive.search import match
from backproof.networks import dense, residual
from backproof.surface.elaborate import elaborate, form
from backproof.surface.terms import (
    C,
    D,
    Kron,
    L,
    Mults,
    Total,
    a,
    b,
    delta,
    exp,
    j,
    k,
    l,
    log,
    m,
    n,
    p,
    sigma,
    sigma_prime,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip

NET, SMALL = dense(), dense(widths=(2, 3, 2))
SUM = total(a[l, k], k, l)
SLOPE_IS_A = assume(NET, sigma_prime(z[l, j]), a[l, j])
SLOPE_OF_C = assume(NET, D(C, a[L, j]), y[j])

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
    (log(exp(z[l, j])), z[l, j], inverse),
    (exp(z[l, j] - log(a[l, j])), exp(z[l, j]) / a[l, j], inverse),
    (total(exp(log(a[l, k])), k, l), SUM, inverse),
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
    (exp(log(a[l, j])), a[l, j], algebra),
    (log(exp(z[l, j])), z[l, k], inverse),
    (log(2 * exp(z[l, j])), 2 * z[l, j], inverse),
    (a[l, j], sigma(z[l, j]), algebra),
    (a[l, j], sigma(z[l, k]), definition(a[l, j])),
    (a[l, j], sigma(z[l, j]), definition(a[l + 1, j])),
    (D(a[l, j], a[l, k]), D(sigma(z[l, j]), a[l, k]), definition(a[l, j])),
    (D(C, z[l, j]), D(C, z[l + 1, k]) * D(z[l + 1, k], z[l, j]), chain_rule(through=z[l + 1, k])),
    (D(sigma(z[l, k]), z[l, j]), sigma_prime(z[l, j]), differentiation),
    (total(Kron(j, k) * a[l, k], k, l), SUM, sifting),
    (SUM, a[l, 1] + a[l, 2], unrolling),
    (sigma_prime(z[l, j]), a[l, k], theorem(SLOPE_IS_A)),
]


@pytest.mark.parametrize(("before", "after", "reason"), FOLLOWS)
def test_follows(before: Any, after: Any, reason: Reason) -> None:
    [line] = calc(NET, before, (after, reason)).lines
    assert (line.theorem.lhs, line.theorem.rhs, line.because) == (before, after, reason.words)


@pytest.mark.parametrize(("before", "after", "reason"), DOES_NOT_FOLLOW)
def test_does_not_follow(before: Any, after: Any, reason: Reason) -> None:
    with pytest.raises(WrongLine) as caught:
        calc(NET, before, (after, reason))
    assert (caught.value.number, caught.value.claim) == (1, after)


def test_sums_over_given_widths_are_written_out() -> None:
    made = calc(SMALL, total(a[2, k], k, 2), (a[2, 1] + a[2, 2] + a[2, 3], unrolling))
    assert not made.theorem.hypotheses


def test_a_calculation_is_its_lines() -> None:
    made = calc(NET, delta[L, j], (D(C, z[L, j]), definition(delta[L, j])), (D(C, z[L, j]) * 1, algebra))
    assert (made.theorem.lhs, made.theorem.rhs, len(made.lines)) == (delta[L, j], D(C, z[L, j]), 2)


def test_a_wrong_line_has_a_number_and_says_what_follows_instead() -> None:
    with pytest.raises(WrongLine) as caught:
        calc(NET, 2 * a[l, j], (a[l, j] + a[l, j], algebra), (2 * sigma(z[l, k]), definition(a[l, j])))
    wrong = caught.value
    assert (wrong.number, wrong.before, wrong.claim) == (2, 2 * a[l, j], 2 * sigma(z[l, k]))
    assert wrong.instead == 2 * sigma(z[l, j])


IN_LAYER = total(w[l + 1, k, m] * a[l, m], m, l) + b[l + 1, k]
INSTEAD: list[tuple[Any, Reason, Any]] = [
    (D(C, z[l, j]), chain_rule(through=a[l, k]), total(D(C, a[l, k]) * D(a[l, k], z[l, j]), k, l)),
    (D(z[l + 1, k], a[l, j]), definition(z[l + 1, k]), D(IN_LAYER, a[l, j])),
    (a[L, k] * (D(C, a[L, j]) - 1), theorem(SLOPE_OF_C), a[L, k] * (y[j] - 1)),
    (D(2 * a[l, j] * a[l, k], a[l, j]), differentiation, 2 * a[l, k] + 2 * a[l, j] * Kron(j, k)),
    (D(total(a[l, k] ** 2, k, l), a[l, j]) * b[l, j], sifting, 2 * a[l, j] * b[l, j]),
    (Mults(a[l, j] * z[l, j]), counting, Integer(1)),
    (a[l, j] + a[l, j], algebra, None),
    (a[l, j], definition(z[l, j]), None),
]


@pytest.mark.parametrize(("before", "reason", "instead"), INSTEAD)
def test_what_follows_instead(before: Any, reason: Reason, instead: Any) -> None:
    """Written like the line before, and proved."""
    with pytest.raises(WrongLine) as caught:
        calc(NET, before, (x[1], reason))
    assert caught.value.instead == instead


@pytest.mark.parametrize(
    ("net", "start", "through", "words"),
    [
        (dense(softmax=True), D(C, z[L, j]), a[L, j], r"j has to be the unit of a\[L, j\], and new"),
        (NET, D(C, z[l, j]), z[l - 1, k], r"z\[l - 1, k\] does not stand between z\[l, j\] and C"),
        (NET, a[l, j], z[l, k], r"z\[l, k\] does not stand between anything in these lines"),
        (residual(), D(C, z[l, j]), z[l + 1, k], r"a path leads past z\[l \+ 1, k\], by a\[l \+ 1, j\]"),
    ],
)
def test_the_chain_rule_says_why_it_does_not_apply(net: Any, start: Any, through: Any, words: str) -> None:
    with pytest.raises(WrongLine, match=words):
        calc(net, start, (x[1], chain_rule(through=through)))


def test_what_does_not_exist_is_named() -> None:
    line = total(D(C, z[L + 1, k]) * D(z[L + 1, k], z[L, j]), k, L + 1)
    with pytest.raises(WrongLine, match=r"there is no z\[L \+ 1, k\]"):
        calc(NET, D(C, z[L, j]), (line, chain_rule(through=z[L + 1, k])))


def test_an_array_is_not_one_of_its_entries() -> None:
    with pytest.raises(WrongLine, match="not things of one shape"):
        calc(NET, delta[l, j], (delta[l], algebra))
    with pytest.raises(WrongLine, match="not things of one shape"):
        calc(NET, delta[l], (delta[l + 1], algebra))


def test_entries_and_arrays() -> None:
    made = entrywise(NET, a[l], sigma(z[l]), (j,), (sigma(z[l, j]), definition(a[l, j])))
    assert (made.theorem.lhs, made.theorem.rhs) == (a[l], sigma(z[l]))


def test_an_instance() -> None:
    general = calc(NET, a[l, j], (sigma(z[l, j]), definition(a[l, j])))
    made = instance(general, SMALL, l=3, j=2).theorem
    assert (made.lhs, made.rhs, made.hypotheses) == (a[3, 2], sigma(z[3, 2]), frozenset())


@pytest.mark.parametrize(
    ("pattern", "subject", "found"),
    [
        (a[l, j], a[l, k], {"l": l, "j": k}),
        (a[l + 1, j], a[5, j], {"l": Integer(4), "j": j}),
        (w[l, j, k], w[l, k, j], {"l": l, "j": k, "k": j}),
        (w[l, j, j], w[l, j, k], None),
        (a[l, j], z[l, j], None),
        (b[2, j], b[3, j], None),
    ],
)
def test_matching(pattern: Any, subject: Any, found: dict[str, Any] | None) -> None:
    one, other = (elaborate(NET.core, e).term for e in (pattern, subject))
    assert match(one, other, frozenset({"l", "j", "k"})) == (found and {x: form(e) for x, e in found.items()})
