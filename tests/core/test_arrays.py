"""What arrays mean: their shapes and their entries."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Symbol

from backproof.core.arrays import entry, shape
from backproof.core.terms import (
    C,
    D,
    Dot,
    Hadamard,
    Outer,
    Refused,
    Total,
    Transposed,
    a,
    j,
    k,
    l,
    n,
    p,
    sigma_prime,
    w,
    z,
)
from backproof.networks import dense

NET = dense()
HERE, BELOW = (1, n(l)), (1, n(l - 1))
k1 = Symbol("k'")

ARRAYS: list[tuple[Any, tuple[Any, ...], Any]] = [  # an array, its shape, its entry at j, k
    (a[l], (HERE,), a[l, j]),
    (w[l], (HERE, BELOW), w[l, j, k]),
    (Transposed(w[l]), (BELOW, HERE), w[l, k, j]),
    (D(C, w[l]), (HERE, BELOW), D(C, w[l, j, k])),
    (D(a[l], z[l - 1]), (HERE, BELOW), D(a[l, j], z[l - 1, k])),
    (sigma_prime(z[l]), (HERE,), sigma_prime(z[l, j])),
    (Hadamard(a[l], z[l]), (HERE,), a[l, j] * z[l, j]),
    (2 * a[l] - z[l], (HERE,), 2 * a[l, j] - z[l, j]),
    (Outer(a[l], z[l - 1]), (HERE, BELOW), a[l, j] * z[l - 1, k]),
    (Dot(w[l], a[l - 1]), (HERE,), Total(w[l, j, k] * a[l - 1, k], k, *BELOW)),
    (Dot(Transposed(w[l]), a[l]), (BELOW,), Total(w[l, k, j] * a[l, k], k, *HERE)),
    (Dot(w[l], Transposed(w[l])), (HERE, HERE), Total(w[l, j, k1] * w[l, k, k1], k1, *BELOW)),
    (C * a[l], (HERE,), C * a[l, j]),
]


@pytest.mark.parametrize(("array", "bounds", "element"), ARRAYS)
def test_shape_and_entries(array: Any, bounds: tuple[Any, ...], element: Any) -> None:
    assert shape(NET, array) == bounds
    assert entry(NET, array, (j, k)[: len(bounds)]) == element


@pytest.mark.parametrize(
    "array",
    [
        a[l] + a[l + 1],
        Hadamard(a[l], a[l - 1]),
        Dot(w[l], a[l]),
        Dot(a[l], w[l]),
        Dot(w[l], C),
        Transposed(a[l]),
        a[l] + C,
        Outer(w[l], a[l]),
        a[l] * z[l],
        Hadamard(w[l], Transposed(w[l])),
        Dot(Transposed(w[l]), a[l - 1]),
    ],
)
def test_shapes_that_do_not_fit(array: Any) -> None:
    with pytest.raises(Refused, match="components"):
        shape(NET, array)


def test_the_bound_index_of_a_product_is_new() -> None:
    assert entry(NET, Dot(w[l], a[l - 1]), (k,)).args[1] == k1
    assert entry(NET, Dot(w[p], a[p - 1]), (j,)).args[1] == k
