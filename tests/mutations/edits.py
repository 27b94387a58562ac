"""Slips of the pen: every single edit of a term that somebody could make by mistake."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import Add, Integer, Mul, Symbol

from backproof.surface.network import Network
from backproof.surface.terms import Apply, D, Dot, Hadamard, Kron, L, Member, Mults, Total, Transposed, n

Edit = tuple[str, Any]  # the kind of edit, and what the term has become
Pairs = frozenset[frozenset[Any]]


def edits(net: Network, e: Any, indices: tuple[Any, ...] = ()) -> Iterator[Edit]:
    """Every single edit of ``e``; ``indices`` are the unit indices that somebody could write by mistake."""
    yield "sign flipped", -e
    yield "factor 2", 2 * e
    yield "factor 1/2", e / 2
    yield from _inside(net, e, indices, frozenset())


def _inside(net: Network, e: Any, indices: tuple[Any, ...], equal: Pairs) -> Iterator[Edit]:
    yield from _here(net, e, indices, equal)
    if isinstance(e, Total):
        indices = (*indices, e.args[1])
    for place in _places(e):
        inside = equal | _tied(net, Mul(*but(e, place))) if isinstance(e, Mul) else equal
        for kind, edited in _inside(net, e.args[place], indices, inside):
            yield kind, e.func(*but(e, place, edited))


def _here(net: Network, e: Any, indices: tuple[Any, ...], equal: Pairs) -> Iterator[Edit]:
    """The edits of the head of ``e`` itself."""
    if isinstance(e, Member):
        yield from _of_a_quantity(net, e, indices, equal)
    if isinstance(e, n):
        yield from _of_a_size(e)
    if isinstance(e, Kron):
        yield from (("index swapped", Kron(e.args[0], other)) for other in indices if other not in e.args)
        yield "factor dropped", Integer(1)
    if _is_slope(e):
        yield "σ′ dropped", Integer(1)
        yield "σ for σ′", Apply(e.args[0], e.args[1])
    if isinstance(e, Transposed):
        yield "transpose dropped", e.args[0]
    if isinstance(e, Dot) and not isinstance(e.args[0], Transposed):
        yield "transpose added", Dot(Transposed(e.args[0]), e.args[1])
    if isinstance(e, Hadamard):
        yield "σ′ dropped" if _is_slope(e.args[1]) else "factor dropped", e.args[0]
        yield "factor dropped", e.args[1]
    if isinstance(e, Mul):
        names = ["σ′ dropped" if _is_slope(factor) else "factor dropped" for factor in e.args]
        yield from ((name, Mul(*but(e, place))) for place, name in enumerate(names))
    if isinstance(e, Add):
        yield from (("sign flipped", Add(*but(e, place, -arg))) for place, arg in enumerate(e.args))
        yield from (("term dropped", Add(*but(e, place))) for place in range(len(e.args)))
    if isinstance(e, Total):
        yield "sum dropped", e.args[0]  # its variable is then free
        yield from _of_the_limits(e)


def _of_the_limits(e: Total) -> Iterator[Edit]:
    body, k, lo, hi = e.args
    for by in (1, -1):
        yield "limit off by one", Total(body, k, lo + by, hi)
        yield "limit off by one", Total(body, k, lo, hi + by)
    yield "limit off by one", Total(body, k, lo + 1, hi + 1)  # as if counted from 0


def _of_a_size(e: n) -> Iterator[Edit]:
    [layer] = e.args
    yield from (("layer shifted", n(layer + by)) for by in (1, -1))
    yield from (("size of another layer", n(other)) for other in _far(layer))


def _far(layer: Any) -> Iterator[Any]:
    """Layers that are the right one in a network that is shallow enough."""
    if layer.free_symbols:
        yield from (other for other in (Integer(1), Integer(2), L, L - 1) if not (layer - other).is_Integer)


def _is_slope(e: Any) -> bool:
    return isinstance(e, Apply) and e.args[2] == 1


def _places(e: Any) -> Iterator[int]:
    """The arguments that are edited. Not: what is counted, and terms below a derivative, much of which is constant."""
    if not isinstance(e, Member | Kron | n | Mults):
        yield from (place for place, arg in enumerate(e.args) if not isinstance(e, D) or isinstance(arg, Member))


def _tied(net: Network, factors: Any) -> Pairs:
    """The pairs j, k for which these factors are 0 unless j = k: then j may be written for k in the others.

    Such are [j = k], and the derivatives of a quantity by one of its own layer.
    """
    found = {frozenset(kron.args) for kron in factors.atoms(Kron)}
    for e, x in (d.args for d in factors.atoms(D)):
        beside = [y for y in e.atoms(Member) if net.layer(y) is not None and net.layer(y) == net.layer(x)]
        found |= {frozenset((y.indices[1], x.indices[1])) for y in beside if len(y.indices) > 1 < len(x.indices)}
    return frozenset(found)


def _of_a_quantity(net: Network, e: Member, indices: tuple[Any, ...], equal: Pairs) -> Iterator[Edit]:
    kinds = net.kind(e)[: len(e.indices)]
    for place, kind in enumerate(kinds):
        at = e.indices[place]
        if kind == "l":
            yield from (("layer shifted", Member(*but(e, place + 1, at + by))) for by in (1, -1))
            yield from (("another layer", Member(*but(e, place + 1, other))) for other in _far(at))
        if kind == "u":
            others = [other for other in indices if frozenset((other, at)) not in equal]
            yield from (("index swapped", Member(*but(e, place + 1, other))) for other in others)
            if isinstance(at, Symbol):
                yield "index shifted", Member(*but(e, place + 1, at + 1))
                yield "index fixed", Member(*but(e, place + 1, Integer(1)))
    if kinds == "luu":
        layer, row, column = e.indices
        yield "transpose added", Member(e.family, layer, column, row)
    other = {"a": "z", "z": "a"}.get(e.family)
    if other in net.kinds:
        yield f"{other} for {e.family}", Member(other, *e.indices)


def but(e: Any, place: int, *instead: Any) -> tuple[Any, ...]:
    """The arguments of ``e`` with something else, or nothing, at a place."""
    return *e.args[:place], *instead, *e.args[place + 1 :]
