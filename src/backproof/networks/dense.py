"""Dense networks: each is a set of defining equations, made from a ``Setting`` by one builder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sympy import Integer, Symbol

from ..surface.network import Definition, Function, Network
from ..surface.terms import (
    Apply,
    C,
    D,
    Family,
    Kron,
    L,
    M,
    Member,
    Total,
    a,
    b,
    delta,
    exp,
    i,
    j,
    k,
    l,
    n,
    p,
    sigma,
    total,
    w,
    x,
    y,
    z,
)  # fmt: skip
from .setting import PENALTIES, Setting
from .setting import sigma as as_sigma
from .tables import Activation, u

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
FREE = Family("t", "u")  # what targets that sum to 1 are made from: any numbers
PENALTY = Family("lambda", "")  # the factor of the penalty: any number
SHARED = (w, b)  # the parameters: the same for all examples


def _units(index: Symbol, layer: Any, lo: int = 1) -> tuple[Symbol, Any, Any]:
    return index, Integer(lo), n(layer)


def _layers(lo: Any, hi: Any) -> tuple[Symbol, Any, Any]:
    return l, Integer(lo), hi


@cache
def dense_network(setting: Setting) -> Network:
    """The network of a Setting: z[l] = w[l] a[l-1] + b[l] and a[l] = f(z[l]), with n(l) units in layer l.

    With M examples the last index is the example, and Cx[i] what example i costs. With a penalty, Cx is what is left
    of C without it. delta is the derivative of the cost of an example by z: of Cx where there is one, else of C.
    """
    rows = [f for _, _, f in reversed(setting.layers) if f is not None and f.body is not None]
    return Network(
        _families(setting),
        tuple(_Page(setting).definitions()),
        setting.depth,
        setting.sizes,
        tuple(Function(name, u, body) for name, body in {f.name: f.body for f in rows}.items()),
        _title(setting),
    )


def _families(s: Setting) -> tuple[Family, ...]:
    own = "e" if s.many else ""
    parameters = SHARED if s.bias == "vector" else (w,)
    of_examples = tuple(Family(f.name, f.kinds + own) for f in (z, a, delta, x, y))
    apart = (Family("Cx", own),) if s.many or s.penalty else ()
    outputs = (Family("E", "u" + own),) if s.cost is not None else ()
    free = (Family("t", "u" + own),) if s.targets else ()
    return (*parameters, *of_examples, *free, COST, *([PENALTY] if s.penalty else []), *apart, *outputs)


def _title(s: Setting) -> str:
    parts = (["with a bias unit"] if s.bias == "unit" else []) + (["run on M examples"] if s.many else [])
    return f"a net {', '.join(parts)}" if parts else Network.title


class _Page:
    """The definitions of a dense network, in the order of a page: what is given, forward, the cost, the errors."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.depth = setting, setting.depth
        self.example: tuple[Any, ...] = ((i, Integer(1), M),) if setting.many else ()
        self.every = (_layers(2, self.depth), _units(j, l))
        self.cost: Any = Member("Cx", *self._own()) if setting.many or setting.penalty else C

    def _own(self) -> tuple[Any, ...]:
        return (i,) if self.setting.many else ()

    def at(self, family: Any, *indices: Any) -> Any:
        """A quantity, that of example i where there are several."""
        return Member(family.name, *indices, *self._own())

    def definitions(self) -> Iterator[Definition]:
        """All of them."""
        yield from self._given()
        yield from self._forward()
        yield from self._costs()
        error = D(self.cost, self.at(z, l, j))
        yield Definition(self.at(delta, l, j), (*self.every, *self.example), error)

    def _given(self) -> Iterator[Definition]:
        unit = self.setting.bias == "unit"
        yield Definition(self.at(x, j), (_units(j, 1), *self.example))
        if unit:
            yield Definition(self.at(x, 0), self.example, Integer(1))
        yield from self._targets()
        yield Definition(w[l, j, k], (*self.every, _units(k, l - 1, lo=0 if unit else 1)))
        if self.setting.bias == "vector":
            yield Definition(b[l, j], self.every)

    def _targets(self) -> Iterator[Definition]:
        """The targets; where they sum to 1, they are any numbers t, with what is missing added to the first."""
        outputs = (_units(j, self.depth), *self.example)
        if self.setting.targets is None:
            yield Definition(self.at(y, j), outputs)
        else:
            yield Definition(self.at(FREE, j), outputs)
            missing = 1 - total(self.at(FREE, k), k, self.depth)
            yield Definition(self.at(y, j), outputs, self.at(FREE, j) + Kron(j, 1) * missing)

    def _forward(self) -> Iterator[Definition]:
        if self.setting.bias == "unit":
            yield Definition(self.at(a, l, 0), (_layers(1, self.depth - 1), *self.example), Integer(1))
        yield Definition(self.at(a, 1, j), (_units(j, 1), *self.example), self.at(x, j))
        yield Definition(self.at(z, l, j), (*self.every, *self.example), self._weighted())
        for first, last, f in reversed(self.setting.layers):
            yield self._activation(first, last, f)

    def _weighted(self) -> Any:
        unit = self.setting.bias == "unit"
        weighted = Total(w[l, j, k] * self.at(a, l - 1, k), k, 0 if unit else 1, n(l - 1))
        return weighted + b[l, j] if self.setting.bias == "vector" else weighted

    def _activation(self, first: Any, last: Any, f: Activation | None) -> Definition:
        alone = first == self.depth and len(self.setting.layers) > 1
        layer, bounds = (last, ()) if alone else (l, (_layers(first, last),))
        weighted = self.at(z, layer, j)
        value = sigma(weighted) if f is None else Apply(f.name, weighted)
        if f is not None and f.body is None:
            value = exp(weighted) / total(exp(self.at(z, layer, p)), p, layer)
        return Definition(self.at(a, layer, j), (*bounds, _units(j, layer), *self.example), value)

    def _costs(self) -> Iterator[Definition]:
        row, output, target = self.setting.cost_of_output, self.at(a, self.depth, k), self.at(y, k)
        if row is None:
            yield Definition(self.cost, self.example, None, (output, target))
        else:
            yield Definition(self.at(E, k), (_units(k, self.depth), *self.example), row(output, target))
            yield Definition(self.cost, self.example, total(self.at(E, k), k, self.depth))
        if self.setting.penalty:
            yield Definition(Member("lambda"))
        if self.cost != C:
            whole = Total(self.cost, i, 1, M) / self.setting.share if self.setting.many else self.cost
            yield Definition(C, (), whole + self._penalty())

    def _penalty(self) -> Any:
        if self.setting.penalty is None:
            return Integer(0)
        of_unit = total(w[l, j, k] ** 2, k, l - 1)
        return Member("lambda") * PENALTIES[self.setting.penalty] * Total(total(of_unit, j, l), l, 2, self.depth)


def dense(
    depth: Any = L,
    widths: Sequence[int] | None = None,
    activation: str | None = None,
    cost: str | None = None,
    *,
    bias: bool = True,
    softmax: bool = False,
) -> Network:
    """The network of the Setting with one example, ``widths`` for sizes, and sigma for the activation.

    ``activation`` and ``cost`` are names in the tables; None leaves sigma or C open: any differentiable one. With
    ``softmax`` the last layer is a softmax of z[L].
    """
    hidden = activation if activation is None or not softmax else as_sigma(activation)
    layers = hidden if not softmax else "softmax" if _depth(depth, widths) == 2 else (hidden, "softmax")
    return dense_network(Setting(_depth(depth, widths), _widths(widths), layers, cost, "vector" if bias else "none"))


def _depth(depth: Any, widths: Sequence[int] | None) -> Any:
    return len(widths) if widths is not None else depth


def _widths(widths: Sequence[int] | None) -> tuple[int, ...] | None:
    return None if widths is None else tuple(widths)


def bias_unit(depth: Any = L, widths: Sequence[int] | None = None, activation: str | None = None) -> Network:
    """The network of the Setting with a bias unit, and h for its outputs: z[l, j] = sum over k >= 0 of w a."""
    net = dense_network(Setting(_depth(depth, widths), _widths(widths), activation, bias="unit"))
    return extended(net, [h], C, Definition(h[j], (_units(j, net.depth),), a[net.depth, j]))


def batch(depth: Any = L, widths: Sequence[int] | None = None, cost: str | None = None) -> Network:
    """The network of the Setting with M examples and their mean, and ``eta``, the learning rate: any number."""
    net = dense_network(Setting(_depth(depth, widths), _widths(widths), cost=cost, examples="M", reduction="mean"))
    return extended(net, [RATE], C, Definition(Member("eta")))


def residual(depth: Any = L, widths: Sequence[int] | None = None) -> Network:
    """The dense net with skip connections, a[l] = sigma(z[l]) + a[l-1]: all layers have as many units."""
    if widths is not None and len(set(widths)) > 1:
        raise ValueError(f"layers that are added to one another have as many units each, not {list(widths)}")
    net = rewritten(dense(depth, widths), lambda d: sigma(z[l, j]) + a[l - 1, j] if d.head == a[l, j] else d.body)
    return replace(net, title="a net with residual connections")


def extended(net: Network, families: Sequence[Family], before: Any, *more: Definition) -> Network:
    """``net`` with more families, and their definitions before that of ``before``."""
    place = next(place for place, d in enumerate(net.definitions) if d.head == before)
    definitions = (*net.definitions[:place], *more, *net.definitions[place:])
    return replace(net, families=(*net.families, *families), definitions=definitions)


def rewritten(net: Network, body: Callable[[Definition], Any]) -> Network:
    """``net`` with ``body(definition)`` for the body of each."""
    return replace(net, definitions=tuple(replace(d, body=body(d)) for d in net.definitions))


@cache
def recursive(net: Network) -> Network:
    """``net`` (dense) with what the algorithm computes, d, and the sums over paths, S, both from the last layer down.

    d[L, j] = dC/da[L, j] sigma'(z[L, j]),  d[l, j] = sigma'(z[l, j]) sum over k of w[l+1, k, j] d[l+1, k];
    S[L, j, q] = [j = q] sigma'(z[L, j]),   S[l, j, q] = sum over k of sigma'(z[l, j]) w[l+1, k, j] S[l+1, k, q];
    P[L, j] = 1,                            P[l, j] = sum over k of P[l+1, k], the number of these paths.
    """
    from ..surface.terms import q, sigma_prime

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
    return rewritten(net, lambda d: given.get(d.head.family, d.body))


__all__ = [
    "batch",
    "bias_unit",
    "dense",
    "dense_network",
    "extended",
    "recursive",
    "residual",
    "rewritten",
    "weighted_input",
    "with_data",
]
