"""A statement, read entry by entry, and for which values of its indices it is claimed in a crowd of networks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from sympy import Add, Dummy, Pow, Rational

from ...surface.network import Network
from ...surface.terms import Binder, Equal, ForAll, Mults, NonNegative, NonZero, Positive, n
from . import own
from .axes import Axes
from .crowd import Crowd
from .entries import Clash, Elaboration, Entries
from .exists import Exists
from .index import Index, several
from .shapes import LARGE
from .terms import free, members, one_symbol_a_name, positions
from .verdicts import Malformed, Unsupported

MOST = 20_000  # assignments of values to the indices that are tried: all of them, or none
AT_ONCE = 256
PLACES = ("row", "column", "third", "fourth")


class Where(NamedTuple):
    """Assignments of values to indices, as one axis, and in which networks each is claimed."""

    axes: Axes
    claimed: Any


@dataclass(frozen=True)
class Claim:
    """``lhs = rhs`` for numbers, wherever the conditions hold; ``symbols``: the indices, each with its kinds."""

    net: Network
    lhs: Any
    rhs: Any
    symbols: tuple[tuple[Any, str], ...]
    on_indices: tuple[Any, ...]
    on_values: tuple[Any, ...]
    clashes: tuple[Clash, ...]

    @property
    def terms(self) -> tuple[Any, ...]:
        """All terms in it."""
        return (self.lhs, self.rhs, *self.on_indices, *self.on_values)

    def cases(self, crowd: Crowd) -> Iterator[Where]:
        """All values of the indices for which it is claimed somewhere, some at a time."""
        shape = max(crowd.shapes, key=lambda s: s.weights)
        reads = any(any(True for _ in members(term, every=True)) for term in self.terms)
        if reads and shape.weights > LARGE:
            raise Unsupported(f"{shape} is too large to try; the check at scale is for that")
        where = self._assignments(crowd)
        for begin in range(0, len(where.claimed), AT_ONCE):
            part = slice(begin, begin + AT_ONCE)
            env = {s: _rows(v, part) if s not in crowd.constants else v for s, v in where.axes.env.items()}
            axes = Axes(crowd, env, 1, len(where.claimed[part]))
            self._fit(axes, where.claimed[part])
            claimed = where.claimed[part]
            for h in self.on_values:
                claimed = claimed & axes.holds(h)
            yield Where(axes, claimed)

    def _assignments(self, crowd: Crowd) -> Where:
        env, claimed = dict(crowd.constants), np.ones((1, crowd.size), dtype=bool)
        known, due = set(crowd.constants), sorted(self.on_indices, key=_is_on_sizes)
        for symbol, kinds in ((None, ""), *self.symbols):
            if symbol is not None:
                known.add(symbol)
                values = np.array(self._values(crowd, symbol, kinds))
                count = len(claimed)
                again = np.repeat(np.arange(count), len(values))
                env = {s: v if s in crowd.constants else _rows(v, again) for s, v in env.items()}
                env[symbol] = Index(np.tile(values, count)[:, None], int(values[0]), int(values[-1]))
                claimed = np.repeat(claimed, len(values), axis=0)
            ready = [h for h in due if free(h) <= known]
            due = [h for h in due if h not in ready]
            for h in ready:
                if claimed.any():  # there may be no such layer in so shallow a network
                    claimed = claimed & Axes(crowd, env, 1).holds(h)
            kept = claimed.any(axis=1)
            claimed = claimed[kept]
            env = {s: v if s in crowd.constants else _rows(v, kept) for s, v in env.items()}
            if len(claimed) > MOST:
                raise Unsupported(f"more than {MOST} values of the indices")
        env = {s: v if s in crowd.constants else several(v.values) for s, v in env.items()}
        return Where(Axes(crowd, env, 1), claimed)

    def _values(self, crowd: Crowd, symbol: Any, kinds: str) -> range:
        """What an index is tried for; of axes of one's own, as far as the shortest of those that it runs along."""
        extents = [crowd.extent(kind, 1) for kind in kinds or "u"]
        along = {span for s, span in self._spans if s == symbol and span}
        last = max(e.stop for e in extents)
        if crowd.net.depth is None and along:
            last = min(crowd.extent(span, 1).stop for span in along)
        return range(min(e.start for e in extents), last)

    @cached_property
    def _spans(self) -> frozenset[tuple[Any, str]]:
        """The indices in it, each with what it runs along."""
        return frozenset(found for term in self.terms for found in positions(term, own.spans(self.net)))

    def _fit(self, axes: Axes, claimed: Any) -> None:
        """Malformed where dimensions clash."""
        for clash in self.clashes:
            inside, within = axes, claimed
            for bound in clash.around:
                inside, summed = inside.bound(*bound)
                within = within & summed
            for one, other in zip(clash.one, clash.other, strict=True):
                if (within & (inside.index(one).values != inside.index(other).values)).any():
                    raise Malformed(clash.reason)


def _rows(index: Index, which: Any) -> Index:
    return Index(index.values[which], index.low, index.high)


def _is_on_sizes(h: Any) -> bool:
    """Whether the units of a layer are asked for, which has to be there."""
    return bool(h.atoms(n))


def claim(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any]) -> Claim:
    """Read a statement. Malformed if it makes no sense in any network, Unsupported if it cannot be read."""
    given = tuple(hypotheses)
    one_symbol_a_name((lhs, rhs, *given, *own.fixed(net)))
    if any(free(h) - own.fixed(net) or (h.has(Equal) and not isinstance(h, Equal)) for h in given if h.has(Equal)):
        raise Unsupported("an assumption of an induction")
    net = own.assumed(net, frozenset(h for h in given if isinstance(h, Equal)))
    elaboration = Elaboration(net)
    (left, right), rows = _sides(elaboration, lhs, rhs)
    values = [_numbers(elaboration, h) for h in given if not isinstance(h, NonNegative | Exists | Equal)]
    within = [NonNegative(gap) for row, (lo, hi) in rows for gap in (Add(row, -lo), Add(hi, -row))]
    on_indices = (*(h for h in given if isinstance(h, NonNegative | Exists)), *within)
    on_values = (*values, *_divisors(left), *_divisors(right))
    found: dict[Any, set[str]] = {row: {"u", "e"} for row, _ in rows}
    for term in (left, right, *on_indices, *on_values):
        for symbol, kind in positions(term, elaboration.kinds):
            if symbol not in own.fixed(net):
                found.setdefault(symbol, set()).update(kind)
    layers_first = sorted(found.items(), key=lambda item: ("l" not in item[1], item[0].name))
    symbols = tuple((symbol, "".join(sorted(kind))) for symbol, kind in layers_first)
    return Claim(net, left, right, symbols, on_indices, on_values, tuple(elaboration.clashes))


def _sides(read: Elaboration, lhs: Any, rhs: Any) -> tuple[tuple[Any, Any], list[tuple[Any, Any]]]:
    """The terms of an entry of both sides, and the indices of the entry with their ranges."""
    left, right = read.read(lhs), read.read(rhs)
    described = (lhs, left), (rhs, right)
    shape = left.dimensions or right.dimensions
    for e, side in described:
        is_constant = not any(True for _ in members(e, every=True))
        if len(side.dimensions) != len(shape) and not (is_constant and not side.dimensions):
            raise Malformed(read.both(*described))
    for one, other in zip(left.dimensions, right.dimensions, strict=False):
        read.same(one, other, *described)
    rows = [(Dummy(name), r) for name, r in zip(PLACES, shape, strict=False)]
    at = tuple(row for row, _ in rows)
    return (_entry(left, at), _entry(right, at)), rows


def _entry(side: Entries, at: tuple[Any, ...]) -> Any:
    return side.at(at if side.dimensions else ())


def _numbers(read: Elaboration, h: Any) -> Any:
    """A hypothesis on values, about each entry where it is about an array."""
    if isinstance(h, ForAll):
        return ForAll(_numbers(read, h.args[0]), *h.args[1:])
    if not isinstance(h, NonZero | Positive):
        raise Unsupported(f"the hypothesis {h}")
    found = read.read(h.args[0])
    rows = [Dummy("row") for _ in found.dimensions]
    result = h.func(found.at(tuple(rows)))
    for row, (lo, hi) in zip(rows, found.dimensions, strict=True):
        result = ForAll(result, row, lo, hi)
    return result


def _divisors(e: Any) -> Iterator[Any]:
    """Nothing is claimed where something is divided by 0: the conditions that it is not."""
    if isinstance(e, Mults):
        return
    if isinstance(e, Binder):
        body, *bound = e.args
        yield from (ForAll(h, *bound) if bound[0] in free(h) else h for h in _divisors(body))
        return
    if isinstance(e, Pow) and e.exp.is_negative and not isinstance(e.base, Rational):
        yield NonZero(e.base)
    for arg in e.args:
        yield from _divisors(arg)
