"""The sizes that axes of one's own get, and what the judges see by them."""

# ruff: noqa: N806 - sizes have capital letters
from __future__ import annotations

from itertools import combinations
from math import prod

import pytest
from sympy import Integer, Symbol

from backproof.networks import dense
from backproof.networks.own import any_function, axes, given, network, quantities, total
from backproof.oracle import brute_force, exact, numeric
from backproof.oracle.worlds import own
from backproof.surface.terms import C, D, Kron, NonNegative, Positive, sqrt

(t, T), (i, N), (j, _) = axes("t:T i:N j:N")
x, m, v, r, y, eps = quantities("x m v r y eps")
JUDGES = (exact.judge, brute_force.judge, numeric.judge)
NET = network(
    "a norm",
    (t, i),
    x[t, i],
    given(eps, positive=True),
    (m[t], total(x[t, i], i) / N),
    (v[t], total(x[t, i] ** 2, i) / N),
    (r[t], 1 / sqrt(v[t] + eps)),
    (y[t, i], (x[t, i] - m[t]) * r[t]),
    (C, any_function(y[t, i])),
)
INSIDE = frozenset(NonNegative(d) for d in (t - 1, T - t, j - 1, N - j))
WITHIN = INSIDE | {Positive(v[t] + eps)}


def many(count):
    """A network with so many axes."""
    made = axes(" ".join(f"a{at}:A{at}" for at in range(count)))
    return network("many", made, x[made], (C, any_function(x[made])))


@pytest.mark.parametrize("count", range(1, 10))
def test_any_two_sizes_differ_and_each_is_1_and_all_are_equal(count):
    net = many(count)
    tried = [dict(shape.sizes) for shape in own.usual(net)]
    names = [size.name for size in own.sizes(net)]
    assert len(names) == count
    assert all(any(sizes[one] != sizes[other] for sizes in tried) for one, other in combinations(names, 2))
    assert all(any(sizes[name] == 1 for sizes in tried) for name in names)
    assert any(set(sizes.values()) == {2} for sizes in tried)
    if count <= own.USUAL:
        assert any(len(set(sizes.values())) == count for sizes in tried)
    for one, other in combinations(names, 2):  # also where none is 1, unless they are alike in both of ``differing``
        alike = all(dict(shape.sizes)[one] == dict(shape.sizes)[other] for shape in own.differing(net))
        assert alike or any(sizes[one] != sizes[other] and min(sizes.values()) > 1 for sizes in tried)
    assert all(min(dict(shape.sizes).values()) > 1 for shape in own.differing(net))


def test_a_network_with_layers_has_none():
    assert own.sizes(dense()) == ()


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(
    ("lhs", "rhs", "given_"),
    [
        (total(x[t, i] - m[t], i), Integer(0), INSIDE),
        (D(m[t], x[t, j]), 1 / N, INSIDE),
        (D(r[t], x[t, j]), -(r[t] ** 3) * x[t, j] / N, WITHIN),
        (D(C, r[t]), total(D(C, y[t, i]) * (x[t, i] - m[t]), i), INSIDE),
    ],
)
def test_what_is_true_holds(judge, lhs, rhs, given_):
    answer = judge(NET, lhs, rhs, given_)
    assert answer.kind == "holds", answer
    assert answer.entries


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(
    ("lhs", "rhs", "given_"),
    [
        (D(m[t], x[t, j]), 1 / T, INSIDE),
        (D(r[t], x[t, j]), r[t] ** 3 * x[t, j] / N, WITHIN),
        (D(r[t], x[t, j]), -(r[t] ** 3) * x[t, j] / (2 * N), WITHIN),
        (D(C, r[t]), total(D(C, y[t, i]) * x[t, i], i), INSIDE),
        (D(C, r[t]), total(D(C, y[t, i]) * (x[t, i] - m[t]), t), frozenset()),
        (total(x[t, i], i), N * m[t] + Kron(T, 3) * Kron(N, 2), INSIDE),
    ],
)
def test_what_is_false_is_refuted(judge, lhs, rhs, given_):
    answer = judge(NET, lhs, rhs, given_)
    assert answer.kind == "refuted", answer
    assert answer.counterexample.widths == ()
    assert {"N", "T"} <= answer.counterexample.indices.keys()


@pytest.mark.parametrize("size", [5, 6, 7])
def test_what_is_false_of_one_size_only_is_seen(size):
    assert exact.judge(NET, total(x[t, i], i), N * m[t] + Kron(N, size), INSIDE).kind == "refuted"
    assert exact.judge(NET, D(m[t], x[t, j]), 1 / N + Kron(N, 2 * T), INSIDE).kind == "refuted"


def test_a_recurrence_along_an_axis_is_judged():
    h = quantities("h")
    net = network("a scan", (t,), v[t], h[0], (h[t], h[t - 1] * v[t]), (C, any_function(h[t])))
    lhs, inside = D(h[t], v[t]), frozenset(NonNegative(d) for d in (t - 1, T - t))
    whole = total(D(C, h[t]) * h[t - 1], t)
    for judge in JUDGES:
        assert judge(net, lhs, h[t - 1], inside).kind == "holds"
        assert judge(net, lhs, h[t], inside).kind == "refuted"
        assert judge(net, D(C, v[t]), D(C, h[t]) * h[t - 1], inside).kind == "holds"
        assert judge(net, D(C, v[1]), whole, frozenset()).kind == "refuted"


def test_two_families_that_are_made_of_one_another():
    a, b, w = quantities("a b w")
    parts = (w[i, j], a[0, i], b[0, i])
    parts += ((a[t, i], total(w[i, j] * b[t - 1, j], j)), (b[t, i], a[t, i] * a[t - 1, i] + b[t - 1, i]))
    net = network("two", (t, i, j), *parts, (C, any_function(a[t, i], b[t, i])))
    inside = frozenset(NonNegative(d) for d in (t - 1, T - t, i - 1, N - i, j - 1, N - j))
    true = D(b[t, i], a[t, j]), Kron(i, j) * a[t - 1, i]
    false = D(b[t, i], a[t, j]), Kron(i, j) * a[t, i]
    shared = D(C, w[i, j]), total(D(C, a[t, i]) * b[t - 1, j], t)
    wrong = D(C, w[i, j]), total(D(C, a[t, i]) * b[t, j], t)
    for judge in JUDGES:
        assert [judge(net, *one, inside).kind for one in (true, shared)] == ["holds", "holds"]
        assert [judge(net, *one, inside).kind for one in (false, wrong)] == ["refuted", "refuted"]


@pytest.mark.parametrize("positive", [False, True])
@pytest.mark.parametrize("judge", JUDGES)
def test_data_that_sum_to_1_do(judge, positive):
    """In each network: also where a size is 1, and in each row of a table; nothing else about them is assumed."""
    inside = frozenset(NonNegative(d) for d in (t - 1, T - t, j - 1, N - j))
    parts = (given(x[t, i], sums_to_1=True, positive=positive), v[i], (y[t], total(x[t, i] * v[i], i)))
    net = network("targets", (t, i), *parts, (C, any_function(y[t])))
    by = D(C, v[j]), total(D(C, y[t]) * x[t, j], t)
    true = [(total(x[t, i], i), 1, INSIDE), (*by, inside), (total(D(C, v[i]), i), total(D(C, y[t]), t), frozenset())]
    for lhs, rhs, given_ in true:
        answer = judge(net, lhs, Integer(1) * rhs, given_)
        assert answer.kind == "holds", answer
        assert answer.entries
    for lhs, rhs, given_ in [
        (total(x[t, i], i), Integer(2), INSIDE),
        (total(x[t, i] ** 2, i), Integer(1), INSIDE),
        (total(x[t, i], t), Integer(1), INSIDE),
        (x[t, j], 1 / N, INSIDE),
        (by[0], total(D(C, y[t]), t), inside),
        (D(C, x[t, j]), v[j] * D(C, y[t]) - total(v[i] * D(C, y[t]), i) / N, INSIDE),
    ]:
        answer = judge(net, lhs, rhs, given_)
        assert answer.kind == "refuted", (lhs, rhs, answer)
    assert judge(net, total(x[t, i], i), Integer(1)).kind == "refuted", "where there is no t"


@pytest.mark.parametrize("judge", JUDGES)
def test_one_datum_moves_alone_though_all_sum_to_1(judge):
    net = network("targets", (i,), given(x[i], sums_to_1=True), (C, total(x[i] ** 2, i)))
    inside = frozenset(NonNegative(d) for d in (j - 1, N - j))
    assert judge(net, D(C, x[j]), 2 * x[j], inside).kind == "holds"
    assert judge(net, D(C, x[j]), 2 * (x[j] - x[N]), inside).kind == "refuted"


def test_a_fact_of_a_part_of_a_family_is_none_of_the_family():
    """x[0, i] is any number, and x[t, i] above 0: so not every x is."""
    net = network("a start", (t, i), x[0, i], given(x[t, i], positive=True), (C, any_function(x[t, i])))
    assert [family.facts for family in net.core.families if family.name == "x"] == [()]


def test_a_size_is_no_index():
    assert Symbol("T", integer=True, positive=True) in own.fixed(NET)


@pytest.mark.parametrize("size", [N, T])
@pytest.mark.parametrize("highest", [2, 3, 4])
def test_a_polynomial_in_a_size_is_no_zero(size, highest):
    zeros = prod(size - at for at in range(1, highest + 1))
    assert exact.judge(NET, total(x[t, i], i), N * m[t] + zeros, INSIDE).kind == "refuted"
    assert exact.judge(NET, D(m[t], x[t, j]), (1 + zeros) / N, INSIDE).kind == "refuted"


def test_a_condition_is_tried_where_no_size_is_1():
    """A softmax over one key is 1, whatever the scores are: there any factor of its derivative will do."""
    (q, Q), (s, S), (c, H) = axes("q:Q s:S c:H")
    a, e, p = quantities("a e p")
    parts = (a[q, s], x[q, c], (e[q, s], a[q, s] * a[q, s]), (p[q, s], e[q, s] / total(e[q, s], s)))
    net = network("weights", (q, s, c), *parts, (C, any_function(p[q, s], x[q, c])))
    lhs, inside = D(C, a[q, s]), frozenset(NonNegative(d) for d in (q - 1, Q - q, s - 1, S - s))
    for factor in (Kron(Q, 3), Kron(H, 3), Kron(Q, H), Kron(S, 2), Kron(S, 5)):
        assert exact.judge(net, lhs, (1 + factor) * lhs, inside).kind == "refuted"


def test_a_part_of_an_axis_may_be_empty():
    """Where T is 1, there is nothing from 2 to T."""
    s = quantities("s")
    net = network("a scan", (t,), v[t], (s[1], v[1]), (s[t], s[t - 1] * v[t], t.between(2, T)), (C, any_function(s[t])))
    inside = frozenset(NonNegative(d) for d in (t - 2, T - t))
    for judge in JUDGES:
        assert judge(net, D(s[t], v[t]), s[t - 1], inside).kind == "holds"
        assert judge(net, D(s[t], v[t]), s[t], inside).kind == "refuted"


def test_the_end_of_a_range_may_be_a_sum_of_sizes():
    (p, P), (k, K), (q, _) = axes("p:P k:K q:Q")
    w, y = quantities("w y")
    parts = (w[k], (y[p], total(w[k] * x[p + k - 1], k)), (C, any_function(y[p])))
    net = network("a convolution", (p, k, q.between(1, P + K - 1)), x[q], *parts)
    inside = frozenset((NonNegative(q - 1), NonNegative(P + K - 1 - q)))
    true = total(D(C, y[p]) * w[k] * Kron(q, p + k - 1), p, k)
    false = total(D(C, y[p]) * w[k] * Kron(q, p - k + K), p, k)
    for judge in JUDGES:
        assert judge(net, D(C, x[q]), true, inside).kind == "holds"
        assert judge(net, D(C, x[q]), false, inside).kind == "refuted"
