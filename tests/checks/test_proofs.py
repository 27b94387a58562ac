"""What follows is proved, and nothing else; what a proof needs beyond what is given is said."""

from __future__ import annotations

import pytest
from sympy import Symbol

from backproof import dense
from backproof.checks import proofs
from backproof.checks.claims import Reading, judge
from backproof.checks.proofs import proved
from backproof.core.network import known_sizes
from backproof.core.term import put
from backproof.derive.registry import chapter, library_module
from backproof.surface import back
from backproof.surface.arrays import entry
from backproof.surface.elaborate import dimensions, elaborate
from backproof.surface.terms import C, D, NonNegative, a, b, delta, j, k, l, n, sigma_prime, total, w, y, z
from backproof.surface.theorem import Theorem

CHAPTERS = ("forward", "bp1", "bp2", "bp3", "bp4", "five_layers", "activations", "costs", "examples")
#: What rests on an assumption about data, which is no hypothesis of a search.
NOT_FOUND = {"log-likelihood", "log-likelihood-vector"}


def as_claim(t: Theorem) -> tuple[object, object, frozenset[object]]:
    """A theorem about an entry, under its hypotheses."""
    at = tuple(map(Symbol, t.indices))
    ranges = zip(at, dimensions(t.net.core, t.lhs), strict=True)
    rows = {NonNegative(gap) for i, (lo, hi) in ranges for gap in (i - back.index(lo), back.index(hi) - i)}
    return entry(t.net, t.lhs, at), entry(t.net, t.rhs, at), t.hypotheses | rows


@pytest.mark.parametrize("name", CHAPTERS)
def test_the_theorems_of_the_library_are_found(name: str) -> None:
    for made in chapter(library_module(name)).derivations:
        lhs, rhs, given = as_claim(made.theorem)
        found = proved(made.theorem.net, lhs, rhs, given)
        assert (found is None) is (made.name in NOT_FOUND), made.name
        if found is not None:
            sides = (elaborate(found.net.core, side).term for side in (lhs, rhs))
            assert (found.proof.lhs, found.proof.rhs) == tuple(put(e, known_sizes(found.net.core)) for e in sides)


GIVEN = frozenset(map(NonNegative, (l - 2, dense().depth - l - 1, j - 1, n(l) - j)))
FALSE = [
    (delta[l, j], total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1)),
    (delta[l, j], total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1) * sigma_prime(a[l, j])),
    (delta[l, j], D(C, a[l, j])),
    (D(C, b[l, j]), -delta[l, j]),
    (D(C, b[l, j]), 2 * delta[l, j]),
    (delta[l, j], delta[l + 1, j]),
    (z[l, j], total(w[l, j, k] * a[l - 1, k], k, l - 1)),
    (delta[l, j], 0 * delta[l, j]),
]


@pytest.mark.parametrize(("lhs", "rhs"), FALSE)
def test_what_is_false_is_not_proved(lhs: object, rhs: object) -> None:
    assert proved(dense(), lhs, rhs, GIVEN) is None


def test_what_is_not_given_is_a_hypothesis() -> None:
    """The slope of the rectifier at 0 is nobody's to say."""
    [verdict] = judge("σ'(z^l_j) = [z^l_j > 0]", Reading(dense(activation="relu")))
    assert verdict.kind == "proved"
    assert verdict.assumed[-1] == "z[l,j] ≠ 0"


def test_a_division_by_what_is_0_proves_nothing() -> None:
    [verdict] = judge("1/(a^l_j - σ(z^l_j)) = 2/(a^l_j - σ(z^l_j))", Reading(dense()))
    assert verdict.kind not in ("proved", "verified")


def test_a_search_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proofs, "SECONDS", 0.0)
    assert proved(dense(), delta[l, j], D(C, z[l, j]), GIVEN) is None


def test_a_deep_net_is_not_searched_for_long() -> None:
    net = dense(depth=12, activation="sigmoid", cost="cross-entropy")
    given = frozenset(map(NonNegative, (j - 1, n(1) - j, k - 1, n(2) - k)))
    assert proved(net, D(C, w[2, k, j]), delta[2, k] * a[1, j], given) is not None
    assert proved(net, D(C, w[2, k, j]), delta[3, k] * y[j], given) is None
