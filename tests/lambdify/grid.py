"""What a term is by its definition, all over the grid of its indices, and the sum of the absolute values of its terms.

A sum goes over all values that its variable has anywhere, where those out of its range count 0. Nothing is shared with
what is tested: there are no products of arrays here, and no slices.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from sympy import Add, Integer, Mul, Pow, Rational, Symbol

from backproof.surface import calculus
from backproof.surface.arrays import entry
from backproof.surface.counts import multiplications
from backproof.surface.terms import Apply, D, Kron, Member, Mults, Total, n, substitute

ELEMENTARY = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "step": lambda u: np.where(u > 0, 1.0, 0.0),
    "phi": lambda u: np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi),
    "Phi": np.vectorize(lambda u: math.erfc(-u / math.sqrt(2)) / 2, otypes=[float]),
}  # fmt: skip


class NotThere(Exception):  # noqa: N818 - the word of the messages
    """A quantity is read that nobody gave."""


class Measured(NamedTuple):
    """A number at each place of the grid, and the sum of the absolute values of the terms that add up to it."""

    value: np.ndarray
    size: np.ndarray


class Grid:
    """Quantities by family, each with its arrays by layers and the first values of their indices."""

    def __init__(self, net, arrays, functions, numbers):
        self.net, self.arrays, self.functions, self.numbers = net, arrays, functions, numbers

    def over(self, e, ranges):
        """The term at all places of these ranges, {index: its values}."""
        depth = len(ranges) + _depth(e)
        at = {s: np.array(values, int).reshape(_shape(depth, p, -1)) for p, (s, values) in enumerate(ranges.items())}
        shape = [*map(len, ranges.values()), *[1] * (depth - len(ranges))]
        with np.errstate(all="ignore"):
            made = self._value(e, at, np.ones(shape, bool), len(ranges))
        return Measured(*(np.broadcast_to(part, shape).reshape(shape[: len(ranges)]) for part in made))

    def _index(self, e, at):
        if isinstance(e, Integer):
            return np.array(int(e))
        if isinstance(e, n):
            return np.array(self.numbers[n(Integer(int(self._index(e.args[0], at))))])
        if isinstance(e, Symbol):
            return at[e] if e in at else np.array(self.numbers[e])
        made = [self._index(arg, at) for arg in e.args]
        return sum(made) if isinstance(e, Add) else math.prod(made)

    def _value(self, e, at, under, depth):
        """Where ``under`` is not True, it may be anything."""
        if isinstance(e, Mults):
            return self._value(multiplications(e.args[0]), at, under, depth)
        if isinstance(e, Member | D):
            return _plain(self._read(e, at, under))
        if isinstance(e, Rational):
            return _plain(np.array(float(e)))
        if isinstance(e, Symbol | n):
            return _plain(self._index(e, at) if isinstance(e, n) or e in at else np.array(self.numbers[e]))
        if isinstance(e, Total):
            return self._total(e, at, under, depth)
        if isinstance(e, Kron):
            return _plain(np.where(self._index(e.args[0], at) == self._index(e.args[1], at), 1, 0))
        if isinstance(e, Pow):
            base = self._value(e.base, at, under, depth)
            value = np.array(base.value, float) ** int(e.exp)
            return Measured(value, base.size ** int(e.exp) if e.exp > 0 else abs(value))
        if isinstance(e, Apply):
            inner = self._value(e.args[1], at, under, depth)
            return _plain(self._function(str(e.args[0]), int(e.args[2]), np.where(under, inner.value, 1.0)))
        if isinstance(e, Mul):
            for f in e.args:
                if isinstance(f, Kron):
                    under = under & (self._index(f.args[0], at) == self._index(f.args[1], at))
        made = [self._value(arg, at, under, depth) for arg in e.args]
        add = sum if isinstance(e, Add) else math.prod
        found = Measured(add(one.value for one in made), add(one.size for one in made))
        return Measured(*(np.where(under, part, 0) for part in found))

    def _total(self, e, at, under, depth):
        body, bound, lo, hi = e.args
        first, last = self._index(lo, at), self._index(hi, at)
        if not first.size or not last.size or first.min() > last.max():
            return _plain(np.zeros([1] * under.ndim))
        every = range(first.min(), last.max() + 1)
        if self._is_layer(bound, body):
            made = [self._value(substitute(body, {bound: Integer(layer)}), at, under, depth) for layer in every]
            return Measured(sum(one.value for one in made), sum(one.size for one in made))
        values = np.array(every).reshape(_shape(under.ndim, depth, -1))
        within = under & (values >= first) & (values <= last)
        made = self._value(body, {**at, bound: values}, within, depth + 1)
        return Measured(*(np.where(within, part, 0).sum(axis=depth, keepdims=True) for part in made))

    def _is_layer(self, bound, body):
        slots = [m.indices[0] for m in body.atoms(Member) if self.net.kinds[m.family].startswith("l")]
        return any(bound in slot.free_symbols for slot in [*slots, *(e.args[0] for e in body.atoms(n))])

    def _function(self, name, order, u):
        body = next((f.body for f in self.net.functions if f.name == name), None)
        if body is None and name not in ELEMENTARY:
            return self.functions[name](order, u)
        if body is None and not order:
            return ELEMENTARY[name](u)
        body = Apply(name, Member("u", 1)) if body is None else body.subs({Symbol("u"): Member("u", 1)})
        for _ in range(order):
            body = calculus.derivative(body, Member("u", 1))
        inner = Grid(self.net, {"u": {(): (u.reshape(-1), [0])}}, self.functions, self.numbers)
        inner._read = lambda *_: u
        return inner._value(body, {}, np.ones(u.shape, bool), u.ndim).value

    def _read(self, e, at, under):
        of, slots = _name(e), [s for m in _members(e) for s in zip(m.indices, self.net.kinds[m.family], strict=True)]
        layers = tuple(int(self._index(slot, at)) for slot, kind in slots if kind == "l")
        units = [np.broadcast_to(self._index(slot, at), under.shape) for slot, kind in slots if kind != "l"]
        array, starts = self.arrays.get(of, {}).get(layers, (np.zeros([0] * len(units)), [1] * len(units)))
        places = [unit - start for unit, start in zip(units, starts, strict=True)]
        there = np.full(under.shape, bool(units) or layers in self.arrays.get(of, {}))
        for place, size in zip(places, array.shape, strict=True):
            there = there & (place >= 0) & (place < size)
        found = np.ones(under.shape)
        found[there] = array[tuple(place[there] for place in places)]
        for spot in map(tuple, np.argwhere(under & ~there)):
            found[spot] = self._said(e, layers, [int(unit[spot]) for unit in units])
        return found

    def _said(self, e, layers, units):
        """What the network itself says of an entry."""
        matching = isinstance(e, Member) and (
            d.body for d in self.net.definitions
            if (values := d.match(Member(e.family, *layers, *units))) is not None
            and all(self._index(substitute(lo, values), {}) <= values[v] <= self._index(substitute(hi, values), {})
                    for v, lo, hi in d.bounds)
        )  # fmt: skip
        body = next(matching, None) if matching else None
        if body is None or not body.is_Rational:
            raise NotThere(e, layers, units)
        return float(body)


def _plain(value):
    value = np.asarray(value, float)
    return Measured(value, abs(value))


def _members(e):
    return [m for arg in e.args for m in _members(arg)] if isinstance(e, D) else [e]


def _name(e):
    return f"d{_name(e.args[0])}_d{_name(e.args[1])}" if isinstance(e, D) else e.family


def _shape(ndim, place, size):
    return [size if p == place else 1 for p in range(ndim)]


def _depth(e):
    """How many sums are inside one another."""
    return max(map(_depth, e.args), default=0) + isinstance(e, Total) if e.args else 0


def measured(theorem, ranges, data, functions, numbers, widths):
    """The entries of the right side of a theorem at ``ranges``; ``data`` are as ``lambdify`` takes them."""
    net = theorem.net
    known = numbers | {n(Integer(layer)): width for layer, width in widths.items()}
    grid = Grid(net, {}, functions, known)
    e = entry(net, theorem.rhs, tuple(map(Symbol, theorem.indices)))
    families = {_name(m): m for m in e.atoms(Member, D)}
    for name, m in families.items():
        given = data.get(name)
        if given is not None:
            by_layer = given if isinstance(given, dict) else {(): given}
            grid.arrays[name] = {
                key if isinstance(key, tuple) else (key,): (np.asarray(array, float), grid_starts(grid, m, key))
                for key, array in by_layer.items()
            }
    return grid.over(e, ranges)


def grid_starts(grid, e, layers):
    """The first value of each index of an array."""
    left, starts = list(layers if isinstance(layers, tuple) else (layers,)), []
    for m in _members(e):
        kinds = grid.net.kinds[m.family]
        own = [Integer(left.pop(0)) for _ in range(kinds.count("l"))]
        starts += [int(grid._index(lo, {})) for lo, _ in grid.net.shape(Member(m.family, *own))]
    return starts


__all__ = ["NotThere", "measured"]
