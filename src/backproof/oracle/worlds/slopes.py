"""How the quantities of a crowd move with one another: the slopes of each in the direction of each of some family."""

from __future__ import annotations

from functools import partial, reduce
from math import prod
from typing import Any

import numpy as np
from sympy import Integer

from . import lanes, own
from .axes import Axes, Target
from .directions import EVERYTHING, Directions, spots
from .pieces import Piece
from .terms import family, free


class Slopes:
    """The derivatives of a crowd's quantities, place by place and by all of a family at once, as they are asked for."""

    def __init__(self, crowd: Any) -> None:
        self.crowd = crowd
        self._tables: dict[tuple[str, str], Any] = {}
        self._moves: dict[tuple[str, int, str], bool] = {}
        self._order: list[tuple[str, int]] = []

    def of(self, name: str, indices: tuple[Any, ...], target: Target) -> Any:
        """The derivative of a quantity by the target: by its equation, and 1 if it is the target; None for 0."""
        slope = self._by_equation(name, indices, target)
        if target.family == EVERYTHING.family:
            places, within = spots(indices, self.crowd.extents(name, 0))
            own = self.direction(name)[(*places, self.crowd.everyone)]
            own = own if within is True else own * within[..., None].astype(np.uint64)
            return own if slope is None else lanes.add(slope, own)
        if name != target.family:
            return slope
        same = np.ones(1, dtype=bool)
        for one, other in zip(indices, target.indices, strict=True):
            same = same & (one.values == other.values)
        one = same[..., None].astype(np.uint64)
        return one if slope is None else lanes.add(slope, one)

    def order(self, name: str) -> list[tuple[str, int]]:
        """The families that a quantity without indices is made of, by places: each after all that it is made of."""
        self._known(name, 0, EVERYTHING)
        return self._order

    def moved(self, name: str) -> Any:
        """How a quantity without indices moves where every quantity moves in its direction."""
        return self.of(name, (), Target(EVERYTHING.family, ()))

    def direction(self, name: str) -> Any:
        """For each quantity of a family, a random number."""
        extents = self.crowd.extents(name, 0)
        return lanes.draw(f"{self.crowd.seed} {name} moves", *map(len, extents), self.crowd.size)

    def _by_equation(self, name: str, indices: tuple[Any, ...], target: Target) -> Any:
        by = self.crowd.directions(target.family)
        if not by.count or not any([self._known(name, place, by) for place in self.crowd.places(name, indices)]):  # noqa: C419 - all
            return None
        places, within = spots(indices, self.crowd.extents(name, 0))
        number, among = by.number(target.indices)
        found = self._tables[name, by.family][(*places, number, self.crowd.everyone)]
        for mask in (within, among):
            found = found if mask is True else found * mask[..., None].astype(np.uint64)
        return found

    def _known(self, name: str, place: int, by: Directions) -> bool:
        """Compute the slopes of a place, once; whether they are not all 0."""
        if (name, place, by.family) not in self._moves:
            group = self.crowd.recurrent.get(name, (name,))
            keys = [(other, place, by.family) for other in group]
            try:
                self._find(keys, by)
            except Exception:  # what could not be found is not 0
                for key in keys:
                    self._moves.pop(key, None)
                raise
            if by is EVERYTHING:
                self._order += [(other, place) for other, *_ in keys]
        return self._moves[name, place, by.family]

    def _find(self, keys: list[tuple[str, int, str]], by: Directions) -> None:
        name, place, _ = keys[0]
        if name in self.crowd.recurrent:
            self._moves |= dict.fromkeys(keys, True)
            tables = {other: self._table(other, by) for other, *_ in keys}
            own.settle(partial(self._compute, by, place), tables, self.crowd.reads, self.crowd.rounds(tuple(tables)))
        else:
            self._moves[keys[0]] = False  # of what is defined by itself
            self._moves[keys[0]] = self._compute(by, place, name)

    def _compute(self, by: Directions, place: int, name: str) -> bool:
        moves = False
        for piece in self.crowd.pieces(name, place):
            env = {symbol: index.with_axis() for symbol, index in piece.env.items()}  # with an axis of directions
            positions = by.count * prod(map(len, piece.ranges))
            axes = Axes(self.crowd, env, len(piece.ranges) + 1, positions, target=Target(by.family, by.indices))
            slope = self._slope(axes, piece)
            if slope is not None:
                moves = True
                extents = self.crowd.extents(name, 0)
                part = self._table(name, by)[piece.slices(tuple(extent.start for extent in extents))]
                part[...] = np.where(piece.within[..., None, :, None], slope, part)
        return moves

    def _table(self, name: str, by: Directions) -> Any:
        key = name, by.family
        if key not in self._tables:
            axes = [len(extent) for extent in self.crowd.extents(name, 0)]
            self._tables[key] = np.zeros((*axes, by.count, self.crowd.size, lanes.LANES), dtype=np.uint64)
        return self._tables[key]

    def _slope(self, axes: Axes, piece: Piece) -> Any:
        if piece.definition.body is not None:
            return axes.number(piece.definition.body).slope
        parts = (self._by_input(axes, piece, e, f"{place}") for place, e in enumerate(piece.definition.inputs))
        found = [part for part in parts if part is not None]
        return reduce(lanes.add, found) if found else None

    def _by_input(self, axes: Axes, piece: Piece, e: Any, label: str) -> Any:
        """What an unspecified function owes to one sort of its inputs: the partial by each is drawn at random."""
        count = len(axes.env)
        axes, partial = self.input(axes, piece, e, label)
        slope = axes.number(e).slope
        if slope is None:
            return None
        exists = self.crowd.exists(family(e), axes.indices(e))
        moved = lanes.multiply(partial[..., None, :, :], slope * exists[..., None].astype(np.uint64))
        return reduce(lambda sums, _: lanes.total(sums), range(count, len(axes.env)), moved)

    def input(self, axes: Axes, piece: Piece, e: Any, label: str) -> tuple[Axes, Any]:
        """One sort of inputs of an unspecified function, all of them: on axes of their own, and the partial by each."""
        symbols = sorted(free(e) - axes.env.keys(), key=str)
        extents = [self._extent(e, symbol) for symbol in symbols]
        for symbol, extent in zip(symbols, extents, strict=True):
            axes, _ = axes.bound(symbol, Integer(extent.start), Integer(extent.stop - 1))
        sizes = (*map(len, reversed(extents)), *map(len, piece.ranges), self.crowd.size)
        return axes, lanes.draw(f"{self.crowd.seed} {piece.head} {piece.place} {label}", *sizes)

    def _extent(self, e: Any, symbol: Any) -> range:
        kinds = zip(e.args[1:], self.crowd.spans[family(e)], strict=True)
        return self.crowd.extent(next(kind for index, kind in kinds if symbol in free(index)), 0)  # type: ignore[no-any-return]
