import pytest

from backproof.networks import C_x, a_x, batch, delta_x, dense, recursive
from backproof.oracle.exact import judge
from backproof.oracle.worlds import crowd, sizes, slopes
from backproof.oracle.worlds.exists import where_all_exists
from backproof.oracle.worlds.verdicts import Unsupported
from backproof.surface.terms import (
    C,
    D,
    Equal,
    Family,
    ForAll,
    Kron,
    L,
    M,
    NonNegative,
    Phi,
    Positive,
    Symbol,
    Total,
    a,
    delta,
    exp,
    i,
    j,
    k,
    l,
    log,
    n,
    phi,
    q,
    sigma,
    sigma_prime,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip

u, v = Symbol("u"), Symbol("v")


def test_exponentials_are_taken_apart():
    assert judge(dense(), exp(u + v), exp(u) * exp(v)).holds is True
    assert judge(dense(), exp(u + v), exp(u) * exp(2 * v)).holds is False


def test_what_holds_by_more_than_algebra_is_neither_proved_nor_refuted():
    assert judge(dense(), log(exp(u)), u).holds is None
    assert judge(dense(), exp(u + v), exp(u) + exp(v)).holds is False
    assert judge(dense(), Phi(u) + Phi(-u), 1 + 0 * u).holds is None
    assert judge(dense(), phi(-u), phi(u)).holds is None
    assert judge(dense(), phi(-u), -phi(u)).holds is False


def test_hypotheses_on_values_are_heard():
    assert judge(dense(), log(u), log(u), frozenset({Positive(u)})).holds
    wrong = judge(dense(), log(u), 2 * log(u), frozenset({Positive(u)}))
    assert wrong.holds is False
    assert wrong.counterexample is not None


def test_an_assumed_equation_is_not_judged():
    assumed = ForAll(Equal(a[l + 1, k], x[k]), k, 1, n(l + 1))
    assert judge(dense(), a[l, j], x[j], frozenset({assumed})).holds is None


def test_false_for_some_indices_only():
    """True for all layers but the last, and false on the diagonal only."""
    everywhere = frozenset(map(NonNegative, (l - 1, L - l, j - 1, n(l) - j)))
    below = everywhere | {NonNegative(L - l - 1)}
    sides = D(C, a[l, j]), total(w[l + 1, k, j] * delta[l + 1, k], k, l + 1)
    assert judge(dense(), *sides, below).kind == "holds"
    assert judge(dense(), *sides, everywhere).kind == "refuted"
    off = frozenset({NonNegative(j - k - 1)})
    assert judge(dense(), D(a[L, k], z[L, j]), 0 * u, off).holds
    assert judge(dense(), D(a[L, k], z[L, j]), 0 * u).holds is False


def test_examples_are_told_apart():
    net = batch()
    assert judge(net, C, Total(sigma(x[1, k]) * 0 + 1, k, 1, M)).kind == "refuted"
    right, wrong = delta_x[l, j, i] * a_x[l - 1, k, i], delta_x[l, j, i] * a_x[l - 1, k, 1]
    for claim, kind in ((right, "holds"), (wrong, "refuted")):
        sides = D(C_x[i], w[l, j, k]), claim
        assert judge(net, *sides, where_all_exists(*sides)).kind == kind


def test_counterexamples_are_small():
    found = judge(dense(), delta[L, j], (a[L, j] - y[j])).counterexample
    assert len(found.widths) == 3
    assert found.indices == {"j": 1}
    assert max(len(found.lhs), len(found.rhs)) <= 5


def test_targets_that_are_assumed_to_add_up_do():
    net = dense(softmax=True, cost="log-likelihood")
    one = frozenset({Equal(total(y[k], k, L), 1)})
    here = frozenset({NonNegative(j - 1), NonNegative(n(L) - j)})
    assert judge(net, delta[L, j], a[L, j] - y[j], one | here).kind == "holds"
    assert judge(net, delta[L, j], a[L, j] - y[j], here).kind == "refuted"
    assert judge(net, delta[L, j], a[L, j] + y[j], one | here).kind == "refuted"
    two = frozenset({Equal(total(a[L, k], k, L), 2)})
    assert judge(net, delta[L, j], a[L, j] - y[j], two | here).kind == "unsupported"


def test_one_wrong_entry_of_many_is_found():
    """All values of the indices are tried, and not some: here one weight of one layer has a wrong partial."""
    gaps = (l - 2, L - l, j - 1, n(l) - j, k - 1, n(l - 1) - k)
    right, within = a[l - 1, k] * delta[l, j], frozenset(map(NonNegative, gaps))
    assert judge(dense(), D(C, w[l, j, k]), right, within).holds
    wrong = right + Kron(l, 3) * Kron(j, 2) * Kron(k, 2)
    assert judge(dense(), D(C, w[l, j, k]), wrong, within).holds is False


@pytest.mark.parametrize(
    "false",
    [
        Kron(L, 2), Kron(L, 5), Kron(n(1), 7), Kron(n(L), 3), Kron(L, 12), Kron(n(2) + 1, 11), Kron(n(1), n(2)),
        Kron(n(1), n(L)), Kron(M, 1), Kron(M, 6), Kron(L, n(2)),
    ],
)  # fmt: skip
def test_a_term_that_is_seldom_not_0_is_seen(false):
    """Depths and widths are tried that the statement itself speaks of."""
    net, e = (batch(), C) if M in false.free_symbols else (dense(), D(C, a[L, 1]))
    assert judge(net, e, e).kind == "holds"
    assert judge(net, e, e + false).kind == "refuted"


def test_what_was_tried_is_told():
    answer = judge(dense(), delta[L, j], delta[L, j] * 1)
    depths = {len(shape.split(",")) for shape in answer.tried}
    assert depths == {1, 2, 3, 4, 5}
    for place in range(2):
        assert {shape.split(",")[place] for shape in answer.tried if "," in shape} >= set("12345")
    assert "3,3" in answer.tried
    assert "1,1,1" in answer.tried


def test_a_vanishing_divisor_claims_nothing():
    assert judge(dense(), (u - v) / (u - v + 0 * u), 1 + 0 * u).kind == "holds"
    sides = total(a[L, k] / (a[L, k] - z[L, k]), k, L), total(1 + z[L, k] / (a[L, k] - z[L, k]), k, L)
    assert judge(dense(), *sides).kind == "holds"
    assert judge(dense(), Kron(j, k) / Kron(j, k), 1 + 0 * u).kind == "holds"


OWN = Family("S", "luu")


@pytest.mark.parametrize("net", [recursive(dense()), recursive(dense(widths=(2, 3, 4, 2)))], ids=["any", "2, 3, 4, 2"])
def test_swapped_indices_of_a_family_of_ones_own_are_seen(net):
    """S[l, q, k] for S[l, k, q]: both are there, and are different sums over paths."""
    here = frozenset(map(NonNegative, (l - 2, net.depth - 1 - l, j - 1, n(l) - j, q - 1, n(net.depth) - q)))
    right, wrong = (total(w[l + 1, k, j] * S, k, l + 1) for S in (OWN[l + 1, k, q], OWN[l + 1, q, k]))
    assert judge(net, OWN[l, j, q], sigma_prime(z[l, j]) * right, here).kind == "holds"
    refuted = judge(net, OWN[l, j, q], sigma_prime(z[l, j]) * wrong, here)
    assert refuted.kind == "refuted"
    assert len(set(refuted.counterexample.widths)) > 1
    assert judge(net, OWN[l, j, q], OWN[l, q, j], here).kind == "refuted"


@pytest.mark.parametrize("part", [slopes.Slopes, crowd.Crowd])
def test_what_was_too_large_once_is_not_something_else_afterwards(part, monkeypatch):
    """The networks are kept for the next statement, and know nothing more than before."""

    def too_large(*_):
        raise Unsupported("too large")

    net, by_z = dense(cost="quadratic"), D(C, z[L, j])
    sizes.crowd.cache_clear()
    monkeypatch.setattr(part, "_compute", too_large)
    assert judge(net, delta[L, j], by_z, where_all_exists(by_z)).kind == "unsupported"
    monkeypatch.undo()
    assert judge(net, delta[L, j], by_z, where_all_exists(by_z)).kind == "holds"
    assert judge(net, by_z, delta[L, j] * 0, where_all_exists(by_z)).kind == "refuted"
    assert judge(net, a[L, j], sigma(z[L, j]), where_all_exists(z[L, j])).kind == "holds"
