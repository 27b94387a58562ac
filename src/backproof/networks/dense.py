"""Networks, ready made: each is a set of defining equations. Activations and costs are rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sympy import Integer, Symbol

from ..surface.network import Definition, Function, Network
from ..surface.terms import (
    C,
    D,
    Family,
    L,
    M,
    Member,
    Phi,
    Total,
    a,
    b,
    delta,
    exp,
    i,
    j,
    k,
    l,
    log,
    n,
    p,
    sigma,
    step,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip

u = Symbol("u")

#: The activations by name, as functions of the weighted input u.
ACTIVATIONS: dict[str, Any] = {
    "sigmoid": 1 / (1 + exp(-u)),
    "tanh": (exp(u) - exp(-u)) / (exp(u) + exp(-u)),
    "softplus": log(1 + exp(u)),
    "relu": u * step(u),
    "leaky-relu": u * step(u) + u * (1 - step(u)) / 100,
    "gelu": u * Phi(u),
    "identity": u,
}

#: The costs by name: what output unit k adds, for its activation a and target y.
COSTS: dict[str, Any] = {
    "quadratic": lambda a, y: (a - y) ** 2 / 2,
    "cross-entropy": lambda a, y: -y * log(a) - (1 - y) * log(1 - a),
    "log-likelihood": lambda a, y: -y * log(a),
}

E = Family("E", "u")  # what output unit k adds to the cost: C is the sum of E[k]
h = Family("h", "u")  # what the net says of its input: the activations of the last layer
d = Family("d", "lu")  # the errors as the algorithm computes them, last layer first
P = Family("P", "lu")  # P[l, j]: the number of paths from unit j of layer l to the outputs
S = Family("S", "luu")  # S[l, j, q]: the sum over the paths from unit j of layer l to output q
E_x = Family("E", "ue")
C_x = Family("Cx", "e")  # the cost of one example
z_x, a_x, delta_x = Family("z", "lue"), Family("a", "lue"), Family("delta", "lue")
x_x, y_x = Family("x", "ue"), Family("y", "ue")
COST, RATE = Family("C", ""), Family("eta", "")


def _units(index: Symbol, layer: Any, lo: int = 1) -> tuple[Symbol, Any, Any]:
    return index, Integer(lo), n(layer)


def _layers(lo: int, hi: Any) -> tuple[Symbol, Any, Any]:
    return l, Integer(lo), hi


def dense(
    depth: Any = L,
    widths: Sequence[int] | None = None,
    activation: str | None = None,
    cost: str | None = None,
    *,
    bias: bool = True,
    softmax: bool = False,
) -> Network:
    """The dense feed-forward net of ``depth`` layers, the input layer being the first.

    z[l] = w[l] a[l-1] + b[l] and a[l] = sigma(z[l]), with n(l) units in layer l (or ``widths``, which set the depth).
    ``activation`` and ``cost`` are names in the tables above; None leaves sigma or C open: any differentiable one.
    Without ``bias`` there is no b; with ``softmax`` the last layer is a softmax of z[L].
    """
    for name, table in ((activation, ACTIVATIONS), (cost, COSTS)):
        if name is not None and name not in table:
            raise ValueError(f"{name!r} is not in the table: there are {', '.join(table)}")
    return _dense(_depth(depth, widths), _widths(widths), activation, cost, bias=bias, softmax=softmax)


@cache
def _dense(
    depth: Any, widths: tuple[int, ...] | None, activation: str | None, cost: str | None, *, bias: bool, softmax: bool
) -> Network:
    last = sigma(z[l, j]) if not softmax else exp(z[depth, j]) / total(exp(z[depth, p]), p, depth)
    weighted = total(w[l, j, k] * a[l - 1, k], k, l - 1)
    definitions = [
        *_inputs_of_dense(depth, bias=bias),
        Definition(z[l, j], (_layers(2, depth), _units(j, l)), weighted + b[l, j] if bias else weighted),
        *([Definition(a[depth, j], (_units(j, depth),), last)] if softmax else []),
        Definition(a[l, j], (_layers(2, depth - 1 if softmax else depth), _units(j, l)), sigma(z[l, j])),
        *_cost(depth, cost),
        Definition(delta[l, j], (_layers(2, depth), _units(j, l)), D(C, z[l, j])),
    ]
    families = (w, *([b] if bias else []), z, a, delta, x, y, COST, *([E] if cost else []))
    return Network(families, tuple(definitions), depth, widths, _functions(activation))


def _inputs_of_dense(depth: Any, *, bias: bool) -> list[Definition]:
    return [
        Definition(x[j], (_units(j, 1),)),
        Definition(y[j], (_units(j, depth),)),
        Definition(w[l, j, k], (_layers(2, depth), _units(j, l), _units(k, l - 1))),
        *([Definition(b[l, j], (_layers(2, depth), _units(j, l)))] if bias else []),
        Definition(a[1, j], (_units(j, 1),), x[j]),
    ]


def _cost(depth: Any, cost: str | None) -> list[Definition]:
    if cost is None:
        return [Definition(C, (), None, (a[depth, k], y[k]))]
    return [
        Definition(E[k], (_units(k, depth),), COSTS[cost](a[depth, k], y[k])),
        Definition(C, (), total(E[k], k, depth)),
    ]


def _functions(activation: str | None) -> tuple[Function, ...]:
    return () if activation is None else (Function("sigma", u, ACTIVATIONS[activation]),)


def _depth(depth: Any, widths: Sequence[int] | None) -> Any:
    return Integer(len(widths)) if widths is not None else Integer(depth) if isinstance(depth, int) else depth


def _widths(widths: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if widths is None else tuple(map(int, widths))


def bias_unit(depth: Any = L, widths: Sequence[int] | None = None, activation: str | None = None) -> Network:
    """The dense net whose bias is the weight of a unit 0 with activation 1: z[l, j] = sum over k >= 0 of w a."""
    depth = _depth(depth, widths)
    definitions = (
        Definition(x[j], (_units(j, 1),)),
        Definition(x[0], (), Integer(1)),
        Definition(y[j], (_units(j, depth),)),
        Definition(w[l, j, k], (_layers(2, depth), _units(j, l), _units(k, l - 1, lo=0))),
        Definition(a[l, 0], (_layers(1, depth - 1),), Integer(1)),
        Definition(a[1, j], (_units(j, 1),), x[j]),
        Definition(z[l, j], (_layers(2, depth), _units(j, l)), Total(w[l, j, k] * a[l - 1, k], k, 0, n(l - 1))),
        Definition(a[l, j], (_layers(2, depth), _units(j, l)), sigma(z[l, j])),
        Definition(h[j], (_units(j, depth),), a[depth, j]),
        *_cost(depth, None),
        Definition(delta[l, j], (_layers(2, depth), _units(j, l)), D(C, z[l, j])),
    )
    families = (w, z, a, delta, x, y, h, COST)
    return Network(families, definitions, depth, _widths(widths), _functions(activation), "a net with a bias unit")


def residual(depth: Any = L, widths: Sequence[int] | None = None) -> Network:
    """The dense net with skip connections, a[l] = sigma(z[l]) + a[l-1]: all layers have as many units."""
    if widths is not None and len(set(widths)) > 1:
        raise ValueError(f"layers that are added to one another have as many units each, not {list(widths)}")
    plain = dense(depth, widths)
    skipped = tuple(
        Definition(d.head, d.bounds, sigma(z[l, j]) + a[l - 1, j]) if d.head == a[l, j] else d
        for d in plain.definitions
    )
    return Network(plain.families, skipped, plain.depth, plain.widths, (), "a net with residual connections")


def batch(depth: Any = L, widths: Sequence[int] | None = None, cost: str | None = None) -> Network:
    """The dense net run on M examples; C is the mean of their costs Cx[i]. The last index is the example.

    ``eta`` is the learning rate: any number.
    """
    depth = _depth(depth, widths)
    example = (i, Integer(1), M)
    outputs, targets = a_x[depth, k, i], y_x[k, i]
    single = (
        [Definition(C_x[i], (example,), None, (outputs, targets))]
        if cost is None
        else [
            Definition(E_x[k, i], (_units(k, depth), example), COSTS[cost](outputs, targets)),
            Definition(C_x[i], (example,), total(E_x[k, i], k, depth)),
        ]
    )
    every = (_layers(2, depth), _units(j, l))
    definitions = (
        Definition(x_x[j, i], (_units(j, 1), example)),
        Definition(y_x[j, i], (_units(j, depth), example)),
        Definition(w[l, j, k], (*every, _units(k, l - 1))),
        Definition(b[l, j], every),
        Definition(Member("eta")),
        Definition(a_x[1, j, i], (_units(j, 1), example), x_x[j, i]),
        Definition(z_x[l, j, i], (*every, example), total(w[l, j, k] * a_x[l - 1, k, i], k, l - 1) + b[l, j]),
        Definition(a_x[l, j, i], (*every, example), sigma(z_x[l, j, i])),
        *single,
        Definition(C, (), Total(C_x[i], i, 1, M) / M),
        Definition(delta_x[l, j, i], (*every, example), D(C_x[i], z_x[l, j, i])),
    )
    families = (w, b, z_x, a_x, delta_x, x_x, y_x, COST, RATE, C_x, *([E_x] if cost else []))
    return Network(families, definitions, depth, _widths(widths), (), "a net run on M examples")


@cache
def recursive(net: Network) -> Network:
    """``net`` (dense) with what the algorithm computes, d, and the sums over paths, S, both from the last layer down.

    d[L, j] = dC/da[L, j] sigma'(z[L, j]),  d[l, j] = sigma'(z[l, j]) sum over k of w[l+1, k, j] d[l+1, k];
    S[L, j, q] = [j = q] sigma'(z[L, j]),   S[l, j, q] = sum over k of sigma'(z[l, j]) w[l+1, k, j] S[l+1, k, q];
    P[L, j] = 1,                            P[l, j] = sum over k of P[l+1, k], the number of these paths.
    """
    from ..surface.terms import Kron, q, sigma_prime

    last, here, output = net.depth, sigma_prime(z[l, j]), _units(q, net.depth)
    below = (_layers(2, last - 1), _units(j, l))
    definitions = (
        *net.definitions,
        Definition(d[last, j], (_units(j, last),), D(C, a[last, j]) * sigma_prime(z[last, j])),
        Definition(d[l, j], below, here * total(w[l + 1, k, j] * d[l + 1, k], k, l + 1)),
        Definition(S[last, j, q], (_units(j, last), output), Kron(j, q) * sigma_prime(z[last, j])),
        Definition(S[l, j, q], (*below, output), total(here * w[l + 1, k, j] * S[l + 1, k, q], k, l + 1)),
        Definition(P[last, j], (_units(j, last),), Integer(1)),
        Definition(P[l, j], below, total(P[l + 1, k], k, l + 1)),
    )
    return Network(
        (*net.families, d, S, P), definitions, net.depth, net.widths, net.functions, "a net and its backward pass"
    )


def weighted_input(net: Network, layer: Any, unit: Any, bound: Any, source: Any) -> Any:
    """What z[layer, unit] of a dense net is, written with ``source`` for the activation of unit ``bound`` below."""
    weighted = total(w[layer, unit, bound] * source, bound, layer - 1)
    return weighted + b[layer, unit] if "b" in net.kinds else weighted


def with_data(net: Network, **values: int) -> Network:
    """``net`` with a number for each of its inputs (``x``) or targets (``y``)."""
    given = {family: Integer(value) for family, value in values.items()}
    definitions = tuple(
        Definition(d.head, d.bounds, given[d.head.family]) if d.head.family in given else d for d in net.definitions
    )
    return Network(net.families, definitions, net.depth, net.widths, net.functions, net.title)


__all__ = [
    "ACTIVATIONS",
    "COSTS",
    "batch",
    "bias_unit",
    "dense",
    "recursive",
    "residual",
    "weighted_input",
    "with_data",
]
