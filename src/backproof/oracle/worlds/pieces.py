"""Which equation says what a quantity is: the equations of a family, layer by layer, or place by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...surface.network import Definition
from ...surface.terms import D, Member, Total
from .axes import Axes
from .index import Index, single
from .terms import family


@dataclass(frozen=True)
class Piece:
    """One equation of a family, at one place: the values of its indices, and where they are within their ranges.

    ``place`` is the layer, or another value of the index along which the family is worked out one after the other;
    ``ranges``: those of the indices of the head, as many values as in the widest network, and there that one alone.
    ``within``: for each of these values and each network, whether there is such a quantity.
    """

    definition: Definition
    place: int
    env: dict[Any, Any]
    ranges: tuple[range, ...]
    within: Any

    @property
    def head(self) -> str:
        """The name of what it defines."""
        return str(self.definition.head)

    def slices(self, first: tuple[int, ...]) -> tuple[slice, ...]:
        """Where its quantities are in an array whose axes begin at ``first``."""
        return tuple(slice(r.start - at, r.stop - at) for r, at in zip(self.ranges, first, strict=True))


def pieces(crowd: Any, name: str, place: int) -> list[Piece]:
    """The equations of the quantities of a family at one place (0 for a family that is worked out as a whole)."""
    found = (_piece(crowd, d, place) for d in crowd.definitions.get(name, ()))
    return [piece for piece in found if piece is not None]


def _piece(crowd: Any, d: Definition, place: int) -> Piece | None:
    limits = {v: (lo, hi) for v, lo, hi in d.bounds}
    env, indices, along = dict(crowd.constants), d.head.args[1:], crowd.along.get(family(d.head))
    axes, ranges, within = Axes(crowd, env), [], np.ones((1,) * len(indices) + (crowd.size,), dtype=bool)
    for at, index in enumerate(indices):
        low, high = map(axes.index, limits.get(index, (index, index)))
        extent = range(int(low.values.min()), int(high.values.max()) + 1)  # as far as any network has it
        if at == along:
            if place not in extent:
                return None
            extent = range(place, place + 1)
        ranges.append(extent)
        values = np.array(extent, dtype=np.int64).reshape(
            *[-1 if at == other else 1 for other in range(len(indices))], 1
        )
        within = within & (low.values <= values) & (values <= high.values)
        if index in limits:
            env[index] = single(place) if at == along else Index(values, low.low, high.high)
    return Piece(d, place, env, tuple(ranges), within)


def reads_what_exists(crowd: Any) -> Any:
    """For each network, whether all that its equations read exists: residual connections need layers of equal width."""
    found = np.ones(crowd.size, dtype=bool)
    for name in crowd.kinds:
        for place in crowd.places_of(name):
            for piece in crowd.pieces(name, place):
                axes = Axes(crowd, piece.env, len(piece.ranges))
                for read in _reads(axes, piece.definition.body, piece.within):
                    found &= read.reshape(-1, crowd.size).all(axis=0)
    return found


def _reads(axes: Axes, e: Any, within: Any) -> Iterator[Any]:
    """For each quantity that ``e`` reads, whether it exists wherever it is read."""
    if e is None or isinstance(e, D):
        return
    if isinstance(e, Member):
        yield axes.crowd.exists(family(e), axes.indices(e)) | ~within
    elif isinstance(e, Total):
        inside, summed = axes.bound(*e.args[1:])
        yield from _reads(inside, e.args[0], within & summed)
    else:
        for arg in e.args:
            yield from _reads(axes, arg, within)
