"""The quantities that slopes are taken by: all of a family, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np

from .index import Index

Indices = tuple[Index, ...]


def spots(indices: Indices, extents: tuple[range, ...]) -> tuple[tuple[Any, ...], Any]:
    """Where the indices are in these ranges (or at an end, if they are beyond), and whether they are within."""
    places, within = [], True
    for index, extent in zip(indices, extents, strict=True):
        place, inside = index.spot(extent)
        places.append(place)
        within = inside if within is True else within if inside is True else within & inside
    return tuple(places), within


@dataclass(frozen=True)
class Directions:
    """The quantities of a family whose indices are in these ranges."""

    family: str
    extents: tuple[range, ...]

    @property
    def count(self) -> int:
        return prod(map(len, self.extents))

    @cached_property
    def indices(self) -> Indices:
        """The indices of each of them, with an axis for the networks."""
        grids = np.meshgrid(*map(np.array, self.extents), indexing="ij") if self.extents else []
        return tuple(
            Index(grid.reshape(-1, 1), extent.start, extent.stop - 1)
            for grid, extent in zip(grids, self.extents, strict=True)
        )

    def number(self, indices: Indices) -> tuple[Any, Any]:
        """Which of them a quantity is, and whether it is one of them."""
        places, within = spots(indices, self.extents)
        found = np.zeros(1, dtype=int)
        for place, extent in zip(places, self.extents, strict=True):
            found = found * len(extent) + place
        return found, within
