"""Indices: arrays of whole numbers whose last axis has the networks, with what they are at least and at most."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np


class Index(NamedTuple):
    """The values of an index; none of them is below ``low`` or above ``high``."""

    values: Any
    low: int
    high: int

    def __add__(self, other: Any) -> Index:
        return Index(self.values + other.values, self.low + other.low, self.high + other.high)

    def __mul__(self, other: Any) -> Index:
        ends = [one * two for one in (self.low, self.high) for two in (other.low, other.high)]
        return Index(self.values * other.values, min(ends), max(ends))

    def spot(self, extent: range) -> tuple[Any, Any]:
        """Where the values are in a range (or at one of its ends), and whether they are in it; True if all are."""
        places = self.values - extent.start if extent.start else self.values
        if extent.start <= self.low and self.high < extent.stop:
            return places, True
        within = (self.values >= extent.start) & (self.values < extent.stop)
        return places.clip(0, len(extent) - 1), within

    def with_axis(self) -> Index:
        """The same, with room for one more axis before that of the networks."""
        return Index(self.values[..., None, :], self.low, self.high)


@cache
def single(value: int) -> Index:
    """One number."""
    return Index(np.array([value]), value, value)


def several(values: Any) -> Index:
    """Some numbers."""
    values = np.asarray(values)
    return Index(values, int(values.min()), int(values.max())) if values.size else Index(values, 1, 0)
