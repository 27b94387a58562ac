"""Many entries of an array at once: those at affine indices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .ranges import Affine, Axis, affine, union

Outside = Callable[[tuple[int, ...]], Any]


def read(array: Any, starts: list[int], units: tuple[Any, ...], outside: Outside | None) -> Any:
    """The entries at ``units``, numbers or Affine: an index for each axis, in the order in which they occur.

    ``outside`` gives an entry that the array has not; where it is None, another one stands in its place.
    """
    places = [affine(unit) - start for unit, start in zip(units, starts, strict=True)]
    axes = tuple(dict.fromkeys(axis for place in places for axis in place.axes))
    if not all(axis.size for axis in axes):
        return np.zeros([axis.size for axis in axes])
    within = all(place.least >= 0 and place.most < size for place, size in zip(places, array.shape, strict=True))
    if within and sum(len(place.axes) for place in places) == len(axes) and all(len(p.axes) < 2 for p in places):
        return array[tuple(_slice(place) for place in places)]
    ordered = union(*places)
    at = [place.along(ordered) for place in places]
    if within:
        found = array[tuple(at)]
    elif outside is None:
        found = _nearest(array, at)
    else:
        found = _filled(array, starts, at, outside)
    return _shaped(found, ordered).transpose([ordered.index(axis) for axis in axes])


def _slice(place: Affine) -> Any:
    if not place.terms:
        return place.constant
    [(axis, factor)] = place.terms
    first, end = (place.constant + factor * value for value in (axis.first, axis.last + 1))
    return slice(first, end if end >= 0 else None, factor)  # backwards, the end may be before the first entry


def _nearest(array: Any, at: list[Any]) -> Any:
    """The entries, and for those that are not there the next ones that are; 0 where there are none."""
    if not array.size:
        return np.zeros(np.broadcast_shapes(*(a.shape for a in at)))
    return array[tuple(np.clip(a, 0, size - 1) for a, size in zip(at, array.shape, strict=True))]


def _filled(array: Any, starts: list[int], at: list[Any], outside: Outside) -> Any:
    inside = np.ones(np.broadcast_shapes(*(a.shape for a in at)), dtype=bool)
    for a, size in zip(at, array.shape, strict=True):
        inside &= (a >= 0) & (a < size)
    found = np.array(_nearest(array, at))
    wide = [np.broadcast_to(a, inside.shape) for a in at]
    known = dict[tuple[int, ...], Any]()
    for spot in zip(*np.nonzero(~inside), strict=True):  # the few that the network itself says, such as a bias unit
        entry = tuple(int(a[spot]) + start for a, start in zip(wide, starts, strict=True))
        if entry not in known:
            known[entry] = outside(entry)
        found[spot] = known[entry]
    return found


def _shaped(found: Any, axes: tuple[Axis, ...]) -> Any:
    return np.broadcast_to(found, [axis.size for axis in axes])


__all__ = ["read"]
