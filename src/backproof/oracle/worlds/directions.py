"""The quantities that slopes are taken by: all of a family, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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


@dataclass(frozen=True, eq=False)
class Directions:
    """The quantities of a family that exist in some network; ``exist`` says so of those with indices in ``extents``."""

    family: str
    extents: tuple[range, ...]
    exist: Any

    @cached_property
    def count(self) -> int:
        return int(self.exist.sum())

    @cached_property
    def indices(self) -> Indices:
        """The indices of each of them, with an axis for the networks."""
        places = np.nonzero(self.exist) if self.extents else ()
        return tuple(
            Index(place.reshape(-1, 1) + extent.start, extent.start, extent.stop - 1)
            for place, extent in zip(places, self.extents, strict=True)
        )

    @cached_property
    def _numbers(self) -> Any:
        """Of those that exist, which it is; -1 of the others."""
        return np.where(self.exist, self.exist.cumsum().reshape(self.exist.shape) - 1, -1)

    def number(self, indices: Indices) -> tuple[Any, Any]:
        """Which of them a quantity is (or any, if it is none of them), and whether it is one of them."""
        places, within = spots(indices, self.extents)
        found = np.asarray(self._numbers[places])
        return np.maximum(found, 0), (found >= 0) & within


@dataclass(frozen=True, eq=False)
class Everything(Directions):
    """One direction, in which every quantity of the network moves, each by a number of its own."""

    count = 1
    indices = ()

    def number(self, _: Indices) -> tuple[Any, Any]:
        return 0, True


EVERYTHING = Everything("", (), True)
