"""Many entries of an array at once: those at affine indices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .ranges import Affine, Axis, affine, bracket, holds, in_order, union


class Numbered(NamedTuple):
    """An array whose indices start anywhere; ``outside`` gives an entry that it has not, or says why there is none."""

    array: Any
    starts: list[int]
    outside: Callable[[tuple[int, ...]], Any]


def read(source: Callable[[], Numbered], units: tuple[Any, ...], where: tuple[Any, ...]) -> Any:
    """The entries at ``units``, numbers or Affine: an index for each axis, in the order in which they occur.

    They count where all of ``where`` are at least 0. Where that is nowhere, nothing is read: they are 1.
    """
    axes = tuple(dict.fromkeys(axis for unit in units for axis in affine(unit).axes))
    if not all(axis.size for axis in axes) or (where and not bracket(*where).any()):
        return np.ones([axis.size for axis in axes])
    array, starts, outside = source()
    places = [affine(unit) - start for unit, start in zip(units, starts, strict=True)]
    within = all(place.least >= 0 and place.most < size for place, size in zip(places, array.shape, strict=True))
    if within and sum(len(place.axes) for place in places) == len(axes) and all(len(p.axes) < 2 for p in places):
        return array[tuple(_slice(place) for place in places)]
    ordered = union(*places)
    at = [place.along(ordered) for place in places]
    found = array[tuple(at)] if within else _filled(array, starts, at, outside, _wanted(ordered, where))
    shape = [axis.size for axis in ordered]
    return np.broadcast_to(found, shape).transpose([ordered.index(axis) for axis in axes])


def _slice(place: Affine) -> Any:
    if not place.terms:
        return place.constant
    [(axis, factor)] = place.terms
    first, end = (place.constant + factor * value for value in (axis.first, axis.last + 1))
    return slice(first, end if end >= 0 else None, factor)  # backwards, the end may be before the first entry


def _wanted(axes: tuple[Axis, ...], where: tuple[Any, ...]) -> Any:
    """The values of the axes for which the entries count, whatever other axes ``where`` speaks of."""
    every = in_order({*axes, *union(*map(affine, where))})
    return holds(where, every).any(axis=tuple(place for place, axis in enumerate(every) if axis not in axes))


def _filled(array: Any, starts: list[int], at: list[Any], outside: Callable[..., Any], wanted: Any) -> Any:
    """The entries that are there; of the others those that are wanted as the network itself says them, and else 1."""
    wide = [np.broadcast_to(a, wanted.shape) for a in at]
    inside = np.ones(wanted.shape, dtype=bool)
    for a, size in zip(wide, array.shape, strict=True):
        inside &= (a >= 0) & (a < size)
    found = np.ones(wanted.shape, dtype=array.dtype)
    found[inside] = array[tuple(a[inside] for a in wide)]
    known = dict[tuple[int, ...], Any]()
    for spot in map(tuple, np.argwhere(wanted & ~inside)):  # the few such as the activation of a bias unit
        entry = tuple(int(a[spot]) + start for a, start in zip(wide, starts, strict=True))
        if entry not in known:
            known[entry] = outside(entry)
        found[spot] = known[entry]
    return found


__all__ = ["Numbered", "read"]
