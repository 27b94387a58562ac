"""Equations that a judge might not be able to read, and what is wrong in its form: what each judge says, and why."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import pytest

from backproof.networks import C_x, a_x, batch, delta_x, dense
from backproof.oracle import brute_force, exact, numeric
from backproof.oracle.worlds.exists import where_all_exists
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Equal,
    Hadamard,
    Integer,
    Kron,
    L,
    M,
    Member,
    NonNegative,
    Outer,
    Symbol,
    Total,
    Transposed,
    a,
    b,
    delta,
    i,
    j,
    k,
    l,
    m,
    n,
    p,
    sigma,
    total,
    w,
    y,
    z,
)  # fmt: skip

DENSE, BATCH, SIGMOID = dense(), batch(), dense(activation="sigmoid")
SOFTMAX = dense(softmax=True, cost="log-likelihood")
LAYERS = frozenset({NonNegative(l - 2), NonNegative(L - l)})
UNIT_OF_1 = frozenset({NonNegative(j - 1), NonNegative(n(1) - j)})
OUTPUT = frozenset({NonNegative(j - 1), NonNegative(n(L) - j)})
NONE: frozenset[Any] = frozenset()
SLOPE, J = Apply("sigma", z[l], 1), Member("J", l)
MEAN = total(a[L, p], p, L) / n(L)
TWO, ONE = Integer(2), Integer(1)
ADD_UP = frozenset({Equal(total(y[k], k, L), 1)})


class Case(NamedTuple):
    """A statement, and what is said of it."""

    net: Any
    lhs: Any
    rhs: Any
    hypotheses: Any
    kind: str
    reason: str = ""


CASES = {
    "1 with an array": Case(SIGMOID, SLOPE, Hadamard(a[l], 1 - a[l]), LAYERS, "holds"),
    "1 with an array, wrong": Case(SIGMOID, SLOPE, Hadamard(a[l], 1 + a[l]), LAYERS, "refuted"),
    "a number for an array": Case(DENSE, D(a[l], b[l + 1]), Integer(0), LAYERS, "holds"),
    "a number for an array, wrong": Case(DENSE, delta[l], Integer(0), LAYERS, "refuted"),
    "a sum of matrices": Case(BATCH, D(C, w[l]), Total(D(C_x[i], w[l]), i, 1, M) / M, LAYERS, "holds"),
    "a sum of matrices, wrong": Case(BATCH, D(C, w[l]), Total(D(C_x[i], w[l]), i, 1, M), LAYERS, "refuted"),
    "a row": Case(DENSE, D(C, w[l]), Dot(delta[l], Transposed(a[l - 1])), LAYERS, "unsupported", "rows are not read"),
    "a bias for all examples": Case(
        BATCH, z[l], Dot(w[l], a_x[l - 1]) + b[l], LAYERS, "malformed", "is n\\(l\\) × M",
    ),
    "not transposed": Case(
        DENSE, delta[l], Hadamard(Dot(w[l + 1], delta[l + 1]), SLOPE), LAYERS, "malformed",
        "w\\[l \\+ 1\\] is n\\(l \\+ 1\\) × n\\(l\\), delta\\[l \\+ 1\\] has n\\(l \\+ 1\\) entries",
    ),
    "a matrix for a column": Case(DENSE, delta[l], Outer(delta[l], a[l]), LAYERS, "malformed", "delta"),
    "two columns": Case(DENSE, delta[l], delta[l] * a[l], LAYERS, "malformed", "neither ⊙ nor a matrix product"),
    "a power of a column": Case(DENSE, delta[l], a[l] ** 2, LAYERS, "unsupported", "array"),
    "targets": Case(SOFTMAX, delta[L, j], a[L, j] - y[j], OUTPUT, "refuted"),
    "targets that add up to 1": Case(SOFTMAX, delta[L, j], a[L, j] - y[j], OUTPUT | ADD_UP, "holds"),
    "a quantity that is new": Case(DENSE, J, D(a[l], a[l]), LAYERS, "unsupported", "does not say what J is"),
    "too many indices": Case(DENSE, Member("a", l, j, k), a[l, j], LAYERS, "malformed", "too many indices"),
    "deviations from the mean": Case(DENSE, total(a[L, k] - MEAN, k, L), Integer(0), NONE, "holds"),
    "half an index": Case(DENSE, a[l, j / 2], a[l, j], LAYERS, "unsupported", "no index"),
    "the step of an induction": Case(
        DENSE, a[l, j], a[l, j] + 0, frozenset({Equal(a[l, j], z[l, j])}), "unsupported", "induction",
    ),
    "sifting, the outer sum over layer 2": Case(
        DENSE, total((z[2, m] - a[2, m]) * total(w[2, m, k] * Kron(k, j), k, ONE), m, TWO),
        total((z[2, m] - a[2, m]) * w[2, m, j], m, TWO), UNIT_OF_1, "holds",
    ),
    "sifting, without the range": Case(
        DENSE, total((z[2, m] - a[2, m]) * total(w[2, m, k] * Kron(k, j), k, ONE), m, TWO),
        total((z[2, m] - a[2, m]) * w[2, m, j], m, TWO), frozenset({NonNegative(j - 1)}), "refuted",
    ),
    "sifting, where all is there": Case(
        DENSE, total((z[2, m] - a[2, m]) * total(w[2, m, k] * Kron(k, j), k, ONE), m, TWO),
        total((z[2, m] - a[2, m]) * w[2, m, j], m, TWO), where_all_exists(total(w[2, m, j], m, TWO)), "holds",
    ),
    "an open power": Case(DENSE, a[L, 1] ** Symbol("e"), a[L, 1], NONE, "unsupported", "power"),
    "functions of arrays": Case(DENSE, a[l], sigma(Dot(w[l], a[l - 1]) + b[l]), LAYERS, "holds"),
    "another layer's range": Case(
        DENSE, D(C, b[l, j]), delta[l, j], LAYERS | {NonNegative(j - 1), NonNegative(n(l - 1) - j)}, "refuted",
    ),
    "examples one by one": Case(
        BATCH, D(C_x[i], w[l, j, k]), delta_x[l, j, i] * a_x[l - 1, k, i],
        where_all_exists(delta_x[l, j, i], a_x[l - 1, k, i]), "holds",
    ),
}  # fmt: skip


@pytest.mark.parametrize("judge", [exact.judge, brute_force.judge, numeric.judge])
@pytest.mark.parametrize("name", CASES)
def test_what_is_said(name: str, judge: Any) -> None:
    case = CASES[name]
    answer = judge(case.net, case.lhs, case.rhs, case.hypotheses)
    assert answer.kind == case.kind, answer
    assert answer.reason
    assert (answer.counterexample is not None) == (case.kind == "refuted")


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].reason])
def test_the_exact_judge_says_why(name: str) -> None:
    case = CASES[name]
    answer = exact.judge(case.net, case.lhs, case.rhs, case.hypotheses)
    assert re.search(case.reason, answer.reason), answer.reason
