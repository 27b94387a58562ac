"""The network that a program is compiled from: dense, run on M examples, with an activation for each of its layers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sympy import Integer

from ..activations.activation import Activation
from ..activations.stable import HELPERS
from ..networks import COST, COSTS, C_x, E_x, a_x, delta_x, u, x_x, y_x, z_x
from ..surface.network import Definition, Function, Network
from ..surface.terms import Apply, C, D, Family, M, Total, b, exp, i, j, k, l, n, p, total, w

one = Family("one", "e")  # one[i] = 1: a product with it sums over the examples, or repeats a bias for each


@cache
def layered(activations: tuple[Activation, ...], cost: str, reduction: str) -> Network:
    """z[l] = w[l] a[l-1] + b[l] and a[l] = f_l(z[l]) for l = 2, ..., one of ``activations`` for each of these layers.

    C is the mean, or the sum, of the costs Cx[i] of the examples, and delta[l, j, i] the partial derivative of the
    part of C that example i adds, by z[l, j, i]: so with the mean, every delta has the factor 1/M.
    """
    depth = Integer(len(activations) + 1)
    example, share = (i, Integer(1), M), M if reduction == "mean" else Integer(1)
    every, outputs = ((l, Integer(2), depth), (j, Integer(1), n(l))), (k, Integer(1), n(depth))
    definitions = (
        Definition(x_x[j, i], ((j, Integer(1), n(1)), example)),
        Definition(y_x[j, i], ((j, Integer(1), n(depth)), example)),
        Definition(one[i], (example,), Integer(1)),
        Definition(w[l, j, k], (*every, (k, Integer(1), n(l - 1)))),
        Definition(b[l, j], every),
        Definition(a_x[1, j, i], ((j, Integer(1), n(1)), example), x_x[j, i]),
        Definition(z_x[l, j, i], (*every, example), total(w[l, j, k] * a_x[l - 1, k, i], k, l - 1) + b[l, j] * one[i]),
        *(_activation(layer, f) for layer, f in enumerate(activations, start=2)),
        Definition(E_x[k, i], (outputs, example), COSTS[cost](a_x[depth, k, i], y_x[k, i])),
        Definition(C_x[i], (example,), total(E_x[k, i], k, depth)),
        Definition(C, (), Total(C_x[i], i, 1, M) / share),
        Definition(delta_x[l, j, i], (*every, example), D(C_x[i], z_x[l, j, i]) / share),
    )
    families = (w, b, z_x, a_x, delta_x, x_x, y_x, one, COST, C_x, E_x)
    return Network(families, definitions, depth, None, _functions(activations), "a dense net run on M examples")


def _activation(layer: int, f: Activation) -> Definition:
    z = z_x[layer, j, i]
    body = exp(z) / total(exp(z_x[layer, p, i]), p, layer) if f.body is None else Apply(f.name, z)
    return Definition(a_x[layer, j, i], ((j, Integer(1), n(layer)), (i, Integer(1), M)), body)


def _functions(activations: Sequence[Activation]) -> tuple[Function, ...]:
    bodies: dict[str, Any] = {f.name: f.body for f in activations if f.body is not None}
    if any(f.own for f in activations):  # which are computed, and differentiated, by means of these
        bodies |= HELPERS
    return tuple(Function(name, u, body) for name, body in bodies.items())
