"""Terms that a test on small networks does not see: they are 0 at most sizes, depths, layers and units.

Each is a number ``c``, an exception, and 0 but in exceptional networks or places. It is planted in three ways: the
whole becomes e + c (not where it is an array), e (1 + c), or one quantity q in it becomes q (1 + c).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from sympy import Integer, Symbol

from backproof.oracle.worlds import own
from backproof.surface.arrays import shape
from backproof.surface.network import Network
from backproof.surface.terms import Apply, D, Kron, L, M, Member, Mults, NonNegative, Total, n

from .edits import Edit, but

t = Symbol("t")  # bound in the sums that are added


def additions(
    net: Network, e: Any, layers: tuple[Any, ...], units: tuple[Any, ...], given: frozenset[Any]
) -> Iterator[Edit]:
    """``e`` with each exception planted; ``layers`` and ``units`` are the free indices that it is written with."""
    between = any(h == NonNegative(L - layer - 1) for h in given for layer in layers)
    for kind, c in _exceptions(net, layers, units):
        if between and c == Kron(L, 2):
            continue  # 2 <= l < L says that L is more
        yield kind, e * (1 + c)
        if not shape(net, e):
            yield kind, e + c
        for edited in _on_a_quantity(net, e, c):
            yield kind, edited
    yield from _on_a_bound_one(e)


def _exceptions(net: Network, layers: tuple[Any, ...], units: tuple[Any, ...]) -> Iterator[Edit]:
    """What kind, and a number that is mostly 0."""
    if net.depth is None:
        sizes = own.sizes(net)
        few = len(sizes) <= own.USUAL  # of many, no network is tried here in which one is larger
        yield from (("[N = 7] added", Kron(size, at)) for size in sizes for at in ((1, 2, 5, 7) if few else (1, 2, 3)))
        yield from (("[N = T] added", Kron(one, other)) for one, other in combinations(sizes, 2))
        cubic = (("(N - 1)(N - 2)(N - 3) added", (size - 1) * (size - 2) * (size - 3)) for size in sizes)
        yield from cubic if few else ()
    elif net.widths is None:
        yield from (("[n(1) = 7] added", Kron(n(size), at)) for size, at in ((1, 7), (L, 1), (1, n(2)), (2, 2 * n(1))))
        yield from (("n(l) - 1 added", n(layer) - 1) for layer in (1, *layers))
        yield from (("[n(l) = 1] added", Kron(n(layer), 1)) for layer in layers)
        yield "(n(1) - 1)(n(1) - 2)(n(1) - 3) added", (n(1) - 1) * (n(1) - 2) * (n(1) - 3)
        yield "empty sum added", Total(Integer(1), t, 6, n(1))
        yield "empty sum added", Total(Kron(t, 5), t, 2, n(L))
    if net.depth == L:
        yield from (("[L = 3] added", Kron(L, depth)) for depth in (2, 3, 4, 6, 9))
        yield "[L = 3] added", Kron(2 * L, 14)
        yield "(L - 2)(L - 3) added", (L - 2) * (L - 3)
        yield "(L - 2)(L - 3) added", ((L - 2) * (L - 3) * (L - 4) * (L - 5)).expand()
        yield "empty sum added", Total(Integer(1), t, 4, L - 1)
    for layer in layers:
        yield from (("[l = 2] added", Kron(layer, at)) for at in (2, 3, 5, L - 1, L - 2))
    small = (1, 2, 6) if len(own.sizes(net)) <= own.USUAL else (1, 2, 3)
    for unit in units:
        yield from (("[j = 1] added", Kron(unit, at)) for at in small)
    if M in net.symbols and net.depth is not None:
        yield from (("[M = 2] added", Kron(M, at)) for at in (1, 2, 7))


def _on_a_quantity(net: Network, e: Any, c: Any) -> Iterator[Any]:
    """``e`` with the exception on one of its single quantities that are no index, derivative or count."""
    if isinstance(e, Member):
        if net.is_number(e):
            yield e * (1 + c)
    elif not isinstance(e, D | Kron | n | Mults) and not _is_a_step(e):
        for place, arg in enumerate(e.args[: 1 if isinstance(e, Total) else None]):
            yield from (e.func(*but(e, place, edited)) for edited in _on_a_quantity(net, arg, c))


def _is_a_step(e: Any) -> bool:
    """Of its argument the sign alone counts, which no such factor changes."""
    return isinstance(e, Apply) and str(e.args[0].name) == "step"


def _on_a_bound_one(e: Any) -> Iterator[Edit]:
    """``e`` with one term of a sum changed: a late one, which short sums do not have."""
    if isinstance(e, Total):
        body, k, lo, hi = e.args
        places = (1, 4, 6) if isinstance(hi, n) or hi in (L, M, L - 1) else (1, 2, 4)
        yield from (("[k = 4] in a sum", Total(body * (1 + Kron(k, at)), k, lo, hi)) for at in places)
    if not isinstance(e, D | Kron | n | Mults | Member | Apply):
        for place, arg in enumerate(e.args):
            yield from ((kind, e.func(*but(e, place, edited))) for kind, edited in _on_a_bound_one(arg))
