"""Indices that take all values of a range: what generated text about arrays has in the place of numbers.

``h[t - 1, q]`` with such t and q is the array of these entries, a view where it can be one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

import numpy as np

_ranks: Final = count()


@dataclass(frozen=True)
class Axis:
    """The values ``first``, ..., ``last`` of an index, none where last < first. Older axes come before younger ones."""

    rank: int
    first: int
    last: int

    @property
    def size(self) -> int:
        return max(0, self.last - self.first + 1)


@dataclass(frozen=True)
class Affine:
    """``constant`` plus multiples of axes, which are in the order of their ranks, none 0 times."""

    constant: int
    terms: tuple[tuple[Axis, int], ...] = ()

    def __add__(self, other: Any) -> Affine:
        other = affine(other)
        factors = dict(self.terms)
        for axis, factor in other.terms:
            factors[axis] = factors.get(axis, 0) + factor
        kept = sorted(((axis, f) for axis, f in factors.items() if f), key=lambda term: term[0].rank)
        return Affine(self.constant + other.constant, tuple(kept))

    def __mul__(self, factor: int) -> Affine:
        return Affine(self.constant * factor, tuple((axis, f * factor) for axis, f in self.terms if factor))

    def __neg__(self) -> Affine:
        return self * -1

    def __sub__(self, other: Any) -> Affine:
        return self + -affine(other)

    def __rsub__(self, other: Any) -> Affine:
        return affine(other) - self

    __radd__, __rmul__ = __add__, __mul__

    @property
    def axes(self) -> tuple[Axis, ...]:
        return tuple(axis for axis, _ in self.terms)

    @property
    def least(self) -> int:
        """The least value, if there is one at all."""
        return self.constant + sum(f * (axis.first if f > 0 else axis.last) for axis, f in self.terms)

    @property
    def most(self) -> int:
        return -(-self).least

    def along(self, axes: tuple[Axis, ...]) -> Any:
        """The values, as an array that is broadcast along these axes."""
        found = np.array(self.constant).reshape([1] * len(axes))
        for axis, factor in self.terms:
            shape = [axis.size if other == axis else 1 for other in axes]
            found = found + factor * np.arange(axis.first, axis.first + axis.size).reshape(shape)
        return found


def affine(e: Any) -> Affine:
    """A number, or a multiple of axes, as the latter."""
    return e if isinstance(e, Affine) else Affine(int(e))


def axis(first: Any, last: Any, **only: int | None) -> Affine:
    """A new axis. Where its ends depend on others, it takes all values that it has for some of these.

    With ``only``, ``j=3``, it has this value alone. ValueError where that is not in the range.
    """
    lo, hi = affine(first).least, affine(last).most
    for name, value in only.items():
        if value is not None:
            if not lo <= value <= hi:
                raise ValueError(f"there is no {name} = {value}: it goes from {lo} to {hi}")
            lo = hi = value
    return Affine(0, ((Axis(next(_ranks), lo, hi), 1),))


def size(over: Affine) -> int:
    """How many values an axis has."""
    return over.axes[0].size


def in_order(axes: Iterable[Axis]) -> tuple[Axis, ...]:
    """The older before the younger ones."""
    return tuple(sorted(axes, key=lambda axis: axis.rank))


def union(*parts: Affine) -> tuple[Axis, ...]:
    """All their axes, in order."""
    return in_order({axis for part in parts for axis in part.axes})


def values(e: Affine) -> Any:
    """The values as numbers to compute with, an index for each axis."""
    return e.along(e.axes)


def bracket(*least_zero: Any) -> Any:
    """[d >= 0], of all these d at once: True and False, an index for each axis."""
    return holds(least_zero, union(*map(affine, least_zero)))


def holds(least_zero: Iterable[Any], axes: tuple[Axis, ...]) -> Any:
    """The same, with an index for each of these axes."""
    found = np.ones([axis.size for axis in axes], dtype=bool)
    for d in least_zero:
        found &= affine(d).along(axes) >= 0
    return found


def said(mask: Any, array: Any) -> Any:
    """``array`` where the theorem is said, nan elsewhere. ValueError where it is said of no entry that is asked for."""
    if mask.size and not mask.any():
        raise ValueError("the theorem says nothing of these indices: see its hypotheses")
    return np.where(mask, array, np.nan)


def everywhere(array: Any, *over: Affine) -> Any:
    """``array``, broadcast along all these axes."""
    return np.broadcast_to(array, [size(one) for one in over])
