"""From what people write to terms of the core."""

from __future__ import annotations

import pytest
from sympy import Dummy, Integer, Symbol

from backproof.core import term as core
from backproof.core.index import Refused, variable
from backproof.networks import batch, dense
from backproof.surface.elaborate import elaborate, form
from backproof.surface.terms import C, D, Dot, L, Member, Total, Transposed, a, delta, j, k, l, m, n, total, w

NET = dense().core
ETA = Symbol("eta")


def entry(e, *at):
    return elaborate(NET, e, *at).term


@pytest.mark.parametrize(
    ("array", "sum_"),
    [
        (Dot(w[l], a[l - 1]), total(w[l, j, k] * a[l - 1, k], k, l - 1)),
        (
            Dot(w[l + 1], Dot(w[l], a[l - 1])),
            total(w[l + 1, j, k] * total(w[l, k, m] * a[l - 1, m], m, l - 1), k, l),
        ),
        (
            Dot(Dot(w[l + 1], w[l]), a[l - 1]),
            total(total(w[l + 1, j, k] * w[l, k, m], k, l) * a[l - 1, m], m, l - 1),
        ),
        (
            Dot(Transposed(w[l + 1]), Dot(w[l + 1], Dot(Transposed(w[l + 1]), delta[l + 1]))),
            total(w[l + 1, k, j] * total(w[l + 1, k, m] * total(w[l + 1, Symbol("q"), m] * delta[l + 1, Symbol("q")],
                  Symbol("q"), l + 1), m, l), k, l + 1),
        ),
    ],
    ids=["once", "in the second", "in the first", "three times"],
)  # fmt: skip
def test_products_of_arrays_within_one_another(array, sum_):
    assert entry(array, variable("j")) is entry(sum_)


def test_a_product_does_not_bind_an_index_of_the_same_name():
    k_prime = Symbol("k'")
    assert entry(Dot(w[k_prime], a[k_prime - 1]), variable("j")) is entry(
        total(w[k_prime, j, m] * a[k_prime - 1, m], m, k_prime - 1)
    )


def test_a_sum_within_another_over_the_same_letter():
    inner = Total(a[l, j], j, 1, n(l))
    assert entry(Total(a[l, j] * inner, j, 1, n(l))) is entry(Total(a[l, j], j, 1, n(l)) * Total(a[l, m], m, 1, n(l)))


def test_a_learning_rate_is_any_number_and_no_index():
    made = elaborate(batch().core, ETA * D(C, w[l, j, k])).term
    assert "eta" not in made.names
    assert made is core.product(core.atom(core.quantity("eta")), elaborate(batch().core, D(C, w[l, j, k])).term)


class Evil(Integer):
    """Equal to 8 by its hash and its word, 7 by its value."""

    def __new__(cls):
        made = Integer.__new__(Integer, 7)
        evil = object.__new__(cls)
        evil.p, evil.q = made.p, 1
        return evil

    def __hash__(self):
        return hash(Integer(8))

    def __eq__(self, other):
        return True


@pytest.mark.parametrize("read", [form, entry], ids=["form", "entry"])
@pytest.mark.parametrize("odd", [Evil(), Dummy("k"), type("Odd", (Symbol,), {})("k")], ids=str)
def test_what_is_not_ours_is_not_read_and_leaves_no_trace(read, odd):
    with pytest.raises(Refused, match="is not a term of ours"):
        read(odd)
    assert form(Integer(8)).constant == 8
    assert form(Symbol("k")) is variable("k")
    assert entry(Member("w", 2, 1, 8)) is core.atom(core.quantity("w", *map(form, map(Integer, (2, 1, 8)))))
    assert form(L) is not variable("L")
