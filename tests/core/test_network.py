"""Networks: what influences what, what is an instance of what, and which sets of equations are no network."""

from __future__ import annotations

from typing import Any

import pytest
from sympy import Integer

from backproof.core.graph import influences
from backproof.core.network import Definition, Network
from backproof.core.terms import C, D, L, Refused, a, b, delta, j, k, l, m, n, p, sigma, total, w, x, y, z
from backproof.networks import batch, bias_unit, d, dense, recursive, residual, weighted_input, with_data, z_x

NET = dense()


@pytest.mark.parametrize(
    ("source", "target", "yes"),
    [
        (z[l, j], C, True),
        (z[l, j], a[l, k], True),
        (z[l, j], z[l + 1, k], True),
        (z[l, j], z[l - 1, k], False),
        (z[l, j], z[l, k], False),
        (z[l, j], w[l, j, k], False),
        (w[l, j, k], z[l, p], True),
        (w[l, j, k], a[l - 1, p], False),
        (a[1, j], z[3, k], True),
        (x[j], C, True),
        (y[j], a[L, k], False),
        (C, a[L, k], False),
        (z[m, j], z[l, k], True),
        (z[l, j], delta[2, k], True),  # an error is defined by derivatives: anything may influence it
    ],
)
def test_what_influences_what(source: Any, target: Any, yes: bool) -> None:  # noqa: FBT001 - a row of the table
    assert influences(NET, source, target) is yes


def test_errors_look_back() -> None:
    assert NET.opaque == {"delta"}
    assert recursive(NET).opaque == {"delta", "d", "S", "P"}


@pytest.mark.parametrize(
    ("special", "general"),
    [
        (dense(widths=(2, 3, 2)), NET),
        (dense(Integer(5)), NET),
        (dense(activation="sigmoid"), NET),
        (dense(cost="quadratic"), NET),
        (dense(widths=(2, 2), cost="cross-entropy"), dense(cost="cross-entropy")),
        (recursive(NET), NET),
        (NET, NET),
        (batch(widths=(2, 3)), batch()),
        (batch(cost="quadratic"), batch()),
    ],
)
def test_instances(special: Network, general: Network) -> None:
    assert special.is_instance_of(general)


@pytest.mark.parametrize(
    ("special", "general"),
    [
        (NET, dense(widths=(2, 3, 2))),
        (residual(), NET),
        (NET, residual()),
        (dense(bias=False), NET),
        (NET, dense(bias=False)),
        (bias_unit(), NET),
        (dense(softmax=True), NET),
        (dense(cost="quadratic"), dense(cost="cross-entropy")),
        (batch(), NET),
        (dense(activation="tanh"), dense(activation="sigmoid")),
        (dense(Integer(4)), dense(Integer(5))),
        (NET, recursive(NET)),
    ],
)
def test_no_instances(special: Network, general: Network) -> None:
    assert not special.is_instance_of(general)


def test_a_depth_may_be_a_number_of_python() -> None:
    assert dense(3) == dense(Integer(3))


def test_quantities_and_arrays() -> None:
    assert NET.is_number(w[l, j, k])
    assert not NET.is_number(w[l, j])
    assert NET.layer(w[l]) == l
    assert NET.layer(C) is None
    assert batch().example(z_x[l, j, 2]) == 2
    with pytest.raises(Refused):
        NET.kind(d[l, j])


def test_definitions_of_the_first_and_last_layer() -> None:
    small = dense(widths=(2, 3, 2))
    assert small.definition(a[1, j])[0].body == x[j]
    assert small.definition(a[2, j])[0].body == sigma(z[l, j])
    assert dense(softmax=True).definition(a[L, j])[0].body != sigma(z[l, j])
    with pytest.raises(Refused):
        small.definition(z[1, j])


def test_what_is_computed_from_the_layer_above_looks_back_too() -> None:
    assert changed(z[l, j], Definition(z[l, j], ((l, 2, L - 1), (j, 1, n(l))), a[l + 1, j])).opaque >= {"z", "a"}


def changed(head: Any, *by: Definition) -> Network:
    """The dense net with other equations for ``head``."""
    return Network(NET.families, (*(e for e in NET.definitions if e.head != head), *by), NET.depth)


HIDDEN = ((l, 2, L), (j, 1, n(l)))


@pytest.mark.parametrize(
    "build",
    [
        lambda: changed(z[l, j], Definition(z[l, j], HIDDEN, a[l, j])),  # a circle within a layer
        lambda: changed(z[l, j], Definition(z[l, j], HIDDEN, a[m, j])),  # a variable that comes from nowhere
        lambda: changed(z[l, j], Definition(z[l, j], ((l, 2, L + 1), (j, 1, n(l))), b[l, j])),  # past the last layer
        lambda: changed(y[j], *[Definition(y[j], ((j, 1, n(L)),))] * 2),  # twice
        lambda: changed(C, Definition(C, (), D(C, a[L, 1]))),  # by its own derivative
        lambda: dense(widths=(3,)),  # one layer
        lambda: dense(widths=(3, 0, 2)),  # a layer without units
        lambda: Network(NET.families, NET.definitions, NET.depth, (2, 3)),  # widths for a depth that is a letter
    ],
)
def test_no_networks(build: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each for a reason of its own
        build()


def test_builders() -> None:
    assert weighted_input(NET, l, j, k, a[l - 1, k]) == total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]
    fixed = with_data(dense(widths=(1, 1)), x=1)
    assert fixed.definition(x[1])[0].body == 1


def test_a_residual_net_has_layers_of_one_width() -> None:
    with pytest.raises(ValueError, match="as many units each"):
        residual(widths=(1, 2))
