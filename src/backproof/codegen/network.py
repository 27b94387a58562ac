"""The network that a program is compiled from: that of a Setting, with what arrays of examples need."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from sympy import Integer

from ..activations.cost import cost as cost_named
from ..activations.stable import HELPERS
from ..networks import Activation, Cost, Setting, a_x, delta_x, dense_network, extended, rewritten, u, z_x
from ..surface.network import Definition, Function, Network
from ..surface.terms import Family, M, b, i, j, k, l, substitute, w

one = Family("one", "e")  # one[i] = 1: a product with it sums over the examples, or repeats a bias for each


def cost_of(setting: Setting) -> Cost:
    """Its row; a program has one."""
    row = setting.cost_of_output
    assert row is not None
    return row


def setting_of(activations: tuple[Activation, ...], cost: str, reduction: str) -> Setting:
    """What a program is compiled from: one of ``activations`` for each layer from 2 on, whatever the sizes."""
    row = cost_named(cost)
    return Setting(len(activations) + 1, None, activations, row if row.own else row.name, "vector", "M", reduction)


@cache
def layered(setting: Setting) -> Network:
    """The network of a Setting with M examples, and its bias repeated for each of them: b[l] one^T.

    A program divides by M as early as it can: delta[l, j, i] is here the derivative, by z[l, j, i], of the part of C
    that example i adds. With the mean, that is 1/M of the delta of the Setting.
    """
    net = extended(dense_network(setting), [one], w[l, j, k], Definition(one[i], ((i, Integer(1), M),), Integer(1)))
    # An activation of one's own is computed, and differentiated, by means of the helpers.
    own = any(f is not None and f.own for _, _, f in setting.layers) or cost_of(setting).own
    bodies = {f.name: f for f in net.functions} | ({n: Function(n, u, e) for n, e in HELPERS.items()} if own else {})
    net = _layer_by_layer(rewritten(net, lambda d: _of_a_program(d, setting)))
    return replace(net, functions=tuple(bodies.values()))


def _of_a_program(d: Definition, setting: Setting) -> Any:
    """The body of a definition as a program has it."""
    if d.head == z_x[l, j, i]:
        return d.body - b[l, j] + b[l, j] * one[i]
    return d.body / setting.share if d.head == delta_x[l, j, i] else d.body


def _layer_by_layer(net: Network) -> Network:
    """``net`` with an equation for the activations of each layer: in a program, each is a line of its own."""
    return replace(net, definitions=tuple(one for d in net.definitions for one in _each_layer(d)))


def _each_layer(d: Definition) -> Iterator[Definition]:
    if d.head != a_x[l, j, i]:
        yield d
        return
    (_, first, last), *rest = d.bounds
    for layer in range(int(first), int(last) + 1):
        at = {l: Integer(layer)}
        bounds = tuple((v, lo, substitute(hi, at)) for v, lo, hi in rest)
        yield Definition(substitute(d.head, at), bounds, substitute(d.body, at))
