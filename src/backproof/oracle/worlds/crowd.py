"""A crowd: several networks of one depth and of different widths, with data and parameters drawn at random.

Everything is total. A quantity whose indices are outside their ranges is a number of its own, which nothing depends on;
so is the number of units of a layer that is not there. What a quantity of the network is, its equation says: all units
of a layer at once, when they are first asked for.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np

from ...surface.network import Definition, Network
from ...surface.terms import L, M
from . import lanes, own
from .adjoints import Adjoints
from .axes import Axes, Number, Target
from .directions import EVERYTHING, Directions, spots
from .functions import derivative
from .index import Index, several
from .pieces import Piece, pieces
from .shapes import Shape
from .slopes import Slopes
from .terms import family
from .verdicts import Unsupported

MARGIN = 3  # so many indices beyond their ranges have values at hand


class Table(NamedTuple):
    """Something for each quantity of a family and each network; ``first`` is where its axes begin."""

    values: Any
    first: tuple[int, ...]

    def places(self, indices: tuple[Index, ...]) -> tuple[Any, ...]:
        """Where the indices are in it. Unsupported where they are beyond."""
        for index, first, count in zip(indices, self.first, self.values.shape, strict=False):
            if index.values.size and not first <= index.low <= index.high < first + count:
                raise Unsupported("an index far outside its range")
        return tuple(index.values - first for index, first in zip(indices, self.first, strict=True))


class Crowd:
    """Networks of the kind of ``net``, of these shapes, all of one depth. ``apart``: how exponentials are drawn."""

    def __init__(self, net: Network, shapes: tuple[Shape, ...], *, apart: bool = False) -> None:
        self.apart = apart
        self.net, self.shapes, self.size, self.depth = net, shapes, len(shapes), len(shapes[0].widths)
        self.seed = " ".join(map(str, map(tuple, shapes)))
        self.kinds = {f.name: f.kinds for f in net.families}
        self.definitions: dict[str, list[Definition]] = {}
        for d in net.definitions:
            self.definitions.setdefault(family(d.head), []).append(d)
        self.everyone, self.along, self.reads = np.arange(self.size), own.along(net), own.reads(net)
        self.recurrent = {name: group for name, group in own.recurrent(net).items() if name not in self.along}
        fixed = own.fixed(net)
        constants: dict[Any, list[int]] = {symbol: [self.depth] for symbol in (L, net.depth) if symbol in fixed}
        constants[M] = [shape.examples for shape in shapes]
        constants |= {size: [dict(shape.sizes)[size.name] for shape in shapes] for size in own.sizes(net)}
        self.constants = {symbol: several(value) for symbol, value in constants.items()}
        self.atoms, self.slopes, self.adjoints = lanes.Atoms(self.seed), Slopes(self), Adjoints(self)
        self._functions = {f.name: f for f in net.functions}
        self._last = {"l": self.depth, "u": max(max(s.widths) for s in shapes), "e": max(s.examples for s in shapes)}
        self._last |= {size.name: max(constants[size]) for size in own.sizes(net)}
        self.spans = own.spans(net)
        self._first_unit = 0 if has_unit_0(net) else 1
        self._margin = MARGIN if net.depth is not None else MARGIN - 1  # many axes make large tables
        outside = (lanes.draw(f"{self.seed} widths", 2 * MARGIN, self.size)[..., 0] % 4 + 1).astype(np.int64)
        inside = np.array([shape.widths for shape in shapes]).T
        self._widths = np.concatenate([outside[:MARGIN], inside, outside[MARGIN:]])
        self._by_layer, self._widest = list(map(several, self._widths)), int(self._widths.max())
        self._directions: dict[str, Directions] = {}
        self._extents: dict[tuple[str, int], tuple[range, ...]] = {}
        self._values: dict[str, Any] = {}
        self._existing: dict[str, Table] = {}
        self._computed: set[tuple[str, int]] = set()
        self._pieces: dict[tuple[str, int], list[Piece]] = {}

    @property
    def longest(self) -> int:
        """The most terms that a sum over an index has."""
        return max(len(self.extent(kind, 1)) for kind in self._last)

    # Indices.

    def width(self, layer: Index) -> Index:
        """The number of units of a layer, in each network."""
        if layer.values.size and not 1 - MARGIN <= layer.low <= layer.high <= self.depth + MARGIN:
            raise Unsupported("a layer far outside its range")
        if layer.low == layer.high:
            return self._by_layer[layer.low + MARGIN - 1]
        return Index(self._widths[layer.values + (MARGIN - 1), self.everyone], 1, self._widest)

    def extent(self, kind: str, margin: int) -> range:
        """The values of an index of this kind, in the largest network and so far beyond."""
        first = 1 if kind in ("l", "e") else self._first_unit
        return range(first - margin, self._last[kind] + margin + 1)

    def extents(self, name: str, margin: int) -> tuple[range, ...]:
        """The same for each index of a family."""
        if (name, margin) not in self._extents:
            self._extents[name, margin] = tuple(self.extent(span, margin) for span in self.spans[name])
        return self._extents[name, margin]

    def directions(self, name: str) -> Directions:
        """The quantities of a family, of all networks."""
        if name == EVERYTHING.family:
            return EVERYTHING
        if name not in self._directions:
            inner = tuple(slice(self._margin, -self._margin) for _ in self.kinds[name])
            exist = self._all_existing(name).values[inner].any(axis=-1)
            self._directions[name] = Directions(name, self.extents(name, 0), exist)
        return self._directions[name]

    def places(self, name: str, indices: tuple[Index, ...]) -> range:
        """The layers of these quantities, say, as far as there are; 0 for a family that is worked out as a whole."""
        if name not in self.along:
            return range(1)
        index, extent = indices[self.along[name]], self.places_of(name)
        return range(max(index.low, extent.start), min(index.high + 1, extent.stop))

    def places_of(self, name: str) -> range:
        """All places of a family; 0 if it is worked out as a whole."""
        return self.extents(name, 0)[self.along[name]] if name in self.along else range(1)

    def pieces(self, name: str, place: int) -> list[Piece]:
        """The equations of the quantities at a place (0 for a family that is worked out as a whole)."""
        if (name, place) not in self._pieces:
            self._pieces[name, place] = pieces(self, name, place)
        return self._pieces[name, place]

    # Values.

    def parameter(self, name: str) -> Any:
        """A free number such as the learning rate."""
        return lanes.draw(f"{self.seed} parameter {name}", self.size)

    def value(self, name: str, indices: tuple[Index, ...]) -> Any:
        """The quantity of a family with these indices, in each network."""
        table = self._table(name, len(indices))
        for place in self.places(name, indices):
            if (name, place) not in self._computed:
                group = self.recurrent.get(name, (name,))
                keys = {(other, place) for other in group}
                self._computed |= keys
                try:
                    tables = {other: self._table(other, len(self.kinds[other])) for other in group}
                    own.settle(partial(self._compute, place), tables, self.reads, self.rounds(group))
                except Exception:  # what could not be computed is not what was drawn
                    self._computed -= keys
                    raise
        places, within = spots(indices, self.extents(name, 0))
        found = table[(*places, self.everyone)]
        if within is True:
            return found
        beyond = self._beyond(name)
        return np.where(within[..., None], found, beyond.values[(*beyond.places(indices), self.everyone)])

    def rounds(self, group: tuple[str, ...]) -> int:
        """How often families have to be computed, at most, until nothing changes: along a whole axis.

        Each round is right for one family and one place of the axis more, at least.
        """
        return len(group) * (self._last["u"] + 2) if group[0] in self.recurrent else 1

    def slope(self, name: str, indices: tuple[Index, ...], target: Target) -> Any:
        """Its derivative by the target; None where it is 0."""
        return self.slopes.of(name, indices, target)

    def exists(self, name: str, indices: tuple[Index | None, ...]) -> Any:
        """Where the network has such a quantity; or, with fewer indices or None for one, some such quantity.

        Beyond the table there is none.
        """
        values, first = self._all_existing(name)
        given = dict(enumerate(indices))
        rest = tuple(place for place in range(len(first)) if given.get(place) is None)
        table = Table(values.any(axis=rest), tuple(at for place, at in enumerate(first) if place not in rest))
        inside, places = np.True_, []
        for index, start, count in zip(filter(None, indices), table.first, table.values.shape, strict=False):
            place = index.values - start
            inside = inside & (place >= 0) & (place < count)
            places.append(np.clip(place, 0, count - 1))
        return inside & table.values[(*places, self.everyone)]

    def _table(self, name: str, count: int) -> Any:
        if name not in self.kinds:
            raise Unsupported(f"the network does not say what {name} is")
        if count != len(self.kinds[name]):
            raise Unsupported(f"{name} with {count} indices")
        if name not in self._values:
            axes = self.extents(name, 0)
            made = lanes.draw(f"{self.seed} {name}", *map(len, axes), self.size).copy()
            for place in self.places_of(name):
                for piece in self.pieces(name, place):
                    if own.SUMS_TO_1 in piece.definition.facts:
                        _sum_to_1(made[piece.slices(_first(axes))], piece.within)
            self._values[name] = made
        return self._values[name]

    def _beyond(self, name: str) -> Table:
        """Numbers for what is beyond its ranges, a margin around them; those within are not used."""
        axes = self.extents(name, self._margin)
        return Table(lanes.draw(f"{self.seed} {name} beyond", *map(len, axes), self.size), _first(axes))

    def _compute(self, place: int, name: str) -> None:
        table, first = self._values[name], _first(self.extents(name, 0))
        for piece in self.pieces(name, place):
            if piece.definition.body is not None:
                value = Axes(self, piece.env, len(piece.ranges)).number(piece.definition.body).value
                part = table[piece.slices(first)]
                part[...] = np.where(piece.within[..., None], value, part)

    def _all_existing(self, name: str) -> Table:
        if name not in self._existing:
            self._existing[name] = self._find(name)
        return self._existing[name]

    def _find(self, name: str) -> Table:
        if name not in self.kinds:
            raise Unsupported(f"the network does not say what {name} is")
        axes = self.extents(name, self._margin)
        found = np.zeros((*map(len, axes), self.size), dtype=bool)
        first = _first(axes)
        for place in self.places_of(name):
            for piece in self.pieces(name, place):
                found[piece.slices(first)] |= piece.within
        return Table(found, first)

    # Functions.

    def apply(self, name: str, times: int, u: Number) -> Number:
        """The value of a derivative of a function, by its body if it has one."""
        if name not in self._functions:
            value = derivative(self.atoms, name, times, u.value)
            return u.mapped(value, lambda: derivative(self.atoms, name, times + 1, u.value))
        f = self._functions[name]
        if times == 0:
            return Axes(self, self.constants, numbers={f.variable: u}).number(f.body)
        if times > 1 or u.slope is not None:
            raise Unsupported(f"the second derivative of {name}")
        moved = Number(u.value, np.ones_like(u.value))
        slope = Axes(self, self.constants, numbers={f.variable: moved}).number(f.body).slope
        return Number(lanes.integers([0]) if slope is None else slope)


def _first(axes: tuple[range, ...]) -> tuple[int, ...]:
    return tuple(axis.start for axis in axes)


def _sum_to_1(part: Any, within: Any) -> None:
    """Change the last of these numbers on their last axis, in each network, such that all in range sum to 1."""
    rows, inside = np.moveaxis(part, -3, 0), np.moveaxis(within, -2, 0)
    last = inside & ~np.concatenate([inside[1:], np.zeros_like(inside[:1])])
    others = lanes.total(rows * (inside & ~last)[..., None].astype(np.uint64))
    rows[...] = np.where(last[..., None], lanes.add(lanes.integers([1]), lanes.negative(others)), rows)


def has_unit_0(net: Network) -> bool:
    """Whether a unit of the network has the number 0, as a bias unit has."""
    ends = (end for d in net.definitions for end in (*d.head.args[1:], *(lo for _, lo, _ in d.bounds)))
    return any(end == 0 for end in ends)
