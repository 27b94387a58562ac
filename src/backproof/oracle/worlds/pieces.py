"""Which equation says what a quantity is: the equations of a family, layer by layer."""

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
    """One equation of a family, for one layer: the values of its indices, and where they are within their ranges.

    ``ranges`` are those of the indices of the head, without the layer: one value, or as many as in the widest network.
    ``within``: for each of these values and each network, whether there is such a quantity.
    """

    definition: Definition
    layer: int
    env: dict[Any, Any]
    ranges: tuple[range, ...]
    within: Any

    @property
    def head(self) -> str:
        """The name of what it defines."""
        return str(self.definition.head)

    def slices(self, first: tuple[int, ...]) -> tuple[Any, ...]:
        """Where its quantities are in an array whose axes begin at ``first``; the first is of layers, if there are."""
        layers = len(first) - len(self.ranges)
        rest = (slice(r.start - at, r.stop - at) for r, at in zip(self.ranges, first[layers:], strict=True))
        return (*(self.layer - at for at in first[:layers]), *rest)


def pieces(crowd: Any, name: str, layer: int) -> list[Piece]:
    """The equations of the quantities of a layer (0 for a family without layers)."""
    found = (_piece(crowd, d, layer) for d in crowd.definitions.get(name, ()))
    return [piece for piece in found if piece is not None]


def _piece(crowd: Any, d: Definition, layer: int) -> Piece | None:
    limits = {v: (lo, hi) for v, lo, hi in d.bounds}
    env, indices = dict(crowd.constants), d.head.args[1:]
    if crowd.kinds[family(d.head)].startswith("l"):
        index, indices = indices[0], indices[1:]
        if index in limits:
            env[index] = single(layer)
        first, last = (Axes(crowd, env).index(end).high for end in limits.get(index, (index, index)))
        if not first <= layer <= last:
            return None
    axes, ranges, within = Axes(crowd, dict(env)), [], np.ones((1,) * len(indices) + (crowd.size,), dtype=bool)
    for place, index in enumerate(indices):
        low, high = map(axes.index, limits.get(index, (index, index)))
        ranges.append(range(low.low, high.high + 1))
        values = np.array(ranges[-1], dtype=np.int64).reshape(
            *[-1 if place == at else 1 for at in range(len(indices))], 1
        )
        within = within & (low.values <= values) & (values <= high.values)
        if index in limits:
            env[index] = Index(values, low.low, high.high)
    return Piece(d, layer, env, tuple(ranges), within)


def reads_what_exists(crowd: Any) -> Any:
    """For each network, whether all that its equations read exists: residual connections need layers of equal width."""
    found = np.ones(crowd.size, dtype=bool)
    for name in crowd.kinds:
        for layer in crowd.layers_of(name):
            for piece in crowd.pieces(name, layer):
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
