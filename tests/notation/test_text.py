"""Terms as plain text."""

import pytest
from sympy import Symbol

from backproof.notation.profiles import NG
from backproof.notation.text import conditions, equation, plain, text, words
from backproof.surface.terms import (
    Apply,
    C,
    D,
    Dot,
    Hadamard,
    L,
    Member,
    NonNegative,
    Outer,
    Phi,
    Total,
    Transposed,
    a,
    delta,
    exp,
    j,
    k,
    l,
    n,
    phi,
    sigma_prime,
    total,
    w,
    z,
)

up, u = l + 1, Symbol("u")

PRINTS = [
    (total(w[up, k, j] * delta[up, k] * sigma_prime(z[l, j]), k, up), "Σ_k w[l+1,k,j] δ[l+1,k] σ′(z[l,j])"),
    (Hadamard(Dot(Transposed(w[up]), delta[up]), sigma_prime(z[l])), "(w[l+1]ᵀ δ[l+1]) ⊙ σ′(z[l])"),
    (D(C, z[l, j]), "∂C/∂z[l,j]"),
    (D(w[l, j, k] * a[l, j], z[l, j]), "∂(w[l,j,k] a[l,j])/∂z[l,j]"),
    (D(C, a[L]), "∇_a[L] C"),
    (Outer(delta[l], a[l - 1]), "δ[l] a[l-1]ᵀ"),
    (exp(-u) / (1 + exp(-u)) ** 2, "exp(-u)/(1 + exp(-u))^2"),
    (Total(a[l, k], k, 0, n(l)), "Σ_{k=0..n[l]} a[l,k]"),
    (Apply("sigma", u, 2), "σ″(u)"),
    (Phi(u) / phi(u), "Φ(u)/φ(u)"),
    (Member("a", l, Symbol("k'")), "a[l,k′]"),
]


@pytest.mark.parametrize(("term", "printed"), PRINTS)
def test_plain_text(term, printed):
    assert text(term) == printed


def test_another_notation():
    assert equation(D(C, w[4, 1, 1]), delta[4, 1] * a[3, 1], NG) == "∂J[i]/∂w[3,1,1] = δ[4,1] a[3,1]"


def test_conditions():
    given = [NonNegative(l - 2), NonNegative(L - l - 1), NonNegative(j - 1), NonNegative(n(l) - j)]
    assert conditions(given) == ["2 ≤ l < L", "1 ≤ j ≤ n[l]"]


def test_words_lose_their_dollars():
    assert words(("chain rule through ", z[up, k], ", as $L$ is last")) == "chain rule through z[l+1,k], as L is last"


@pytest.mark.parametrize(
    ("letter", "shown"), [(r"\Theta", "Θ"), (r"\hat{\delta}", "δ\u0302"), ("W", "W"), (r"\mathbf{x}", "x")]
)
def test_letters(letter, shown):
    assert plain(letter) == shown
