"""The derivatives of one number, such as the cost, by every quantity: all of them at once, from the number back.

What comes out is believed only where dual numbers agree: each quantity is moved in a random direction, all at once, and
what the number then moves by has to be the sum of all derivatives times these directions (Freivalds' idea). A table
that is wrong anywhere passes that with a probability of 1/p in each lane.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from math import prod
from typing import Any

import numpy as np
from sympy import Add, Mul, Pow

from ...surface.terms import Apply, D, Member, Mults, Total
from . import lanes
from .axes import Axes, Number, Target
from .directions import spots
from .pieces import Piece
from .terms import family
from .verdicts import Unsupported

Tables = dict[str, Any]  # by family, the derivative by each of its quantities in each network


class Adjoints:
    """The derivatives of a crowd's numbers: of each by all that goes into it."""

    def __init__(self, crowd: Any) -> None:
        self.crowd = crowd
        self._tables: dict[str, Tables | None] = {}

    def of(self, name: str, target: Target) -> Any:
        """The derivative of the quantity without indices by the target; None where this is not the way to find it."""
        if name not in self._tables:
            self._tables[name] = self._found(name)
        tables = self._tables[name]
        if tables is None:
            return None
        if target.family not in tables:
            return lanes.integers([0])
        places, within = spots(target.indices, self.crowd.extents(target.family, 0))
        found = tables[target.family][(*places, self.crowd.everyone)]
        return found if within is True else found * within[..., None].astype(np.uint64)

    def _found(self, name: str) -> Tables | None:
        order = self.crowd.slopes.order(name)
        if any(other in self.crowd.recurrent for other, _ in order):
            return None
        back = Back(self.crowd, name)
        for other, place in reversed(order):
            for piece in self.crowd.pieces(other, place) if other in back.tables else ():
                back.through(piece)
        if not self._agrees(name, back.tables):
            raise ArithmeticError(f"the derivatives of {name} are not those that dual numbers show")
        return back.tables

    def _agrees(self, name: str, tables: Tables) -> bool:
        moved, together = self.crowd.slopes.moved(name), np.zeros((self.crowd.size, lanes.LANES), dtype=np.uint64)
        for other, table in tables.items():
            product = lanes.multiply(table, self.crowd.slopes.direction(other))
            together = lanes.add(together, lanes.total(product.reshape(-1, *together.shape)))
        return bool(np.array_equal(np.broadcast_to(moved, together.shape), together))


class Back:
    """From a number back, step by step: ``tables`` has what is known so far."""

    def __init__(self, crowd: Any, name: str) -> None:
        self.crowd, self.tables = crowd, Tables()
        self._table(name)[...] = 1

    def _table(self, name: str) -> Any:
        if name not in self.tables:
            axes = [len(extent) for extent in self.crowd.extents(name, 0)]
            self.tables[name] = np.zeros((*axes, self.crowd.size, lanes.LANES), dtype=np.uint64)
        return self.tables[name]

    def through(self, piece: Piece) -> None:
        """From the quantities that an equation defines to those that it reads."""
        d = piece.definition
        first = tuple(extent.start for extent in self.crowd.extents(family(d.head), 0))
        given = self._table(family(d.head))[piece.slices(first)] * piece.within[..., None].astype(np.uint64)
        if not given.any():
            return
        axes = Axes(self.crowd, piece.env, len(piece.ranges), prod(map(len, piece.ranges)))
        if d.body is not None:
            self.into(axes, d.body, given)
            return
        for at, e in enumerate(d.inputs):
            inside, partial = self.crowd.slopes.input(axes, piece, e, f"{at}")
            exists = self.crowd.exists(family(e), inside.indices(e))
            self.into(inside, e, lanes.multiply(given, partial) * exists[..., None].astype(np.uint64))

    def into(self, axes: Axes, e: Any, given: Any) -> None:
        """The derivative by a term is ``given``: to the quantities in it."""
        for head, step in STEPS.items():
            if isinstance(e, head):
                step(self, axes, e, given)
                return
        if _reads(e):
            raise Unsupported(f"no derivative of {e}")

    def part(self, axes: Axes, e: Any, given: Any) -> None:
        """The same for a part of a term, on the axes alone that it has."""
        if _reads(e):
            self.into(axes, e, _fitted(given, np.shape(axes.number(e).value)))

    def total(self, axes: Axes, e: Any, given: Any) -> None:
        inside, within = axes.bound(*e.args[1:])
        self.part(inside, e.args[0], given * within[..., None].astype(np.uint64))

    def product(self, axes: Axes, e: Any, given: Any) -> None:
        values = [axes.number(arg).value for arg in e.args]
        for at, arg in enumerate(e.args):
            if _reads(arg):
                others = (value for other, value in enumerate(values) if other != at)
                self.part(axes, arg, lanes.multiply(given, reduce(lanes.multiply, others)))

    def power(self, axes: Axes, e: Any, given: Any) -> None:
        base = axes.number(e.args[0]).value
        slope = Number(base, np.ones_like(base)).to(int(e.args[1])).slope
        self.part(axes, e.args[0], lanes.multiply(given, slope))

    def function(self, axes: Axes, e: Any, given: Any) -> None:
        self.part(axes, e.args[1], lanes.multiply(given, axes.slope_of(e)))

    def sum(self, axes: Axes, e: Any, given: Any) -> None:
        for arg in e.args:
            self.part(axes, arg, given)

    def member(self, axes: Axes, e: Any, given: Any) -> None:
        """To the quantity itself: what comes from all places where it is read is added up."""
        name, indices = family(e), axes.indices(e)
        places, within = spots(indices, self.crowd.extents(name, 0))
        table = self._table(name)
        if within is not True:
            given = given * within[..., None].astype(np.uint64)
        where: Any = 0
        for place, count in zip((*places, self.crowd.everyone), table.shape, strict=False):
            where = where * count + place
        shape = np.broadcast_shapes(where.shape, given.shape[:-1])
        given = _fitted(np.broadcast_to(given, (*shape, lanes.LANES)), (*where.shape, lanes.LANES))
        found = [np.bincount(where.ravel(), one, table[..., 0].size) for one in given.reshape(-1, lanes.LANES).T]
        table[...] = lanes.total(np.stack([table, np.stack(found, -1).astype(np.uint64).reshape(table.shape)]))


def _no_second(_: Back, __: Axes, e: Any, ___: Any) -> None:
    raise Unsupported(f"a second derivative: {e}")


STEPS: dict[type, Callable[[Back, Axes, Any, Any], None]] = {
    Member: Back.member,
    Add: Back.sum,
    Mul: Back.product,
    Pow: Back.power,
    Total: Back.total,
    Apply: Back.function,
    D: _no_second,
}


@cache
def _reads(e: Any) -> bool:
    """Whether a quantity moves it."""
    return not isinstance(e, Mults) and (isinstance(e, Member) or any(map(_reads, e.args)))


def _fitted(given: Any, shape: tuple[int, ...]) -> Any:
    """Added up over the axes that a number of this shape does not have, but those of networks and lanes."""
    extra = max(given.ndim - len(shape), 0)
    alone = (at for at, size in enumerate(shape[:-2], extra) if size == 1 and given.shape[at] > 1)
    axes = (*range(extra), *alone)
    return lanes.reduced(given.sum(axis=axes, keepdims=True))[(0,) * extra] if axes else given
