"""What no slip explains, by the arrays of the program itself: which of them was taken where another one is meant.

A gradient of weights is a product of an error and the inputs of a layer; where one of the two is as it should be, the
other is looked for among all that the functions assign. What was the right array first, and was changed since under the
same name, is aliased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from .defects import Defect
from .model import Model, equal, floating
from .watching import Seen

Array = Any
SEARCH: Final = 1e3  # times the largest entry: what rounding is measured by


class Place(NamedTuple):
    """A factor of something: what stands there if all is right, what comes of another array there, and its words."""

    right: Array
    made: Callable[[Array], Array]
    words: str


def told(d: Defect, model: Model, seen: list[Seen]) -> Defect:
    """The same defect, with the array of the program that gives its numbers, if there is one."""
    if d.mistake is not None or d.value is None or d.error is None or model.single:
        return d
    plain, wanted = model.floating(), floating(d.value)
    for place in _places(d, plain, floating(d.error)):
        shape = np.shape(place.right)
        for one in seen:
            for form in (one.value, one.value.T):
                if form.shape == shape and form.dtype.kind == "f" and _is(place.made(form), wanted):
                    return _named(d, place, one, seen)
    return d


def _is(made: Array, wanted: Array) -> bool:
    if np.shape(made) != np.shape(wanted):
        return False
    return equal(wanted, made, np.full(np.shape(wanted), SEARCH * abs(made).max(initial=1e-3)))


def _places(d: Defect, model: Model, error: Array) -> Iterator[Place]:
    """``error``: of the layer, as the program has it; for BP2, of the layer above."""
    layer = d.layers[0] + 1
    if d.equation == "BP4":
        below = model.a[layer - 1]
        yield Place(below, lambda v: error @ v.T, "the inputs of the layer")
        yield Place(error, lambda v: v @ below.T, "the error of the layer")
    elif d.equation == "BP3":
        yield Place(error, lambda v: v.sum(axis=1), "the error of the layer")
    elif d.equation == "BP2":
        slope, weights = model.slope(layer), model.weights[layer + 1]
        yield Place(slope, lambda v: (weights.T @ error) * v, "σ'(z)")
        yield Place(error, lambda v: (weights.T @ v) * slope, "the error of the layer above")


def _named(d: Defect, place: Place, one: Seen, seen: list[Seen]) -> Defect:
    before = [e for e in seen if (e.function, e.name) == (one.function, one.name) and e is not one]
    changed = any(_is(form, place.right) for e in before for form in (e.value, e.value.T))
    if changed:
        words = f"{one.name}, which had {place.words}, was changed in place at line {one.line} before it was used"
        return replace(d, mistake="aliasing", words=words, value=one.value)
    words = f"{one.name}, as line {one.line} leaves it, is taken in place of {place.words}"
    return replace(d, mistake="operand", words=words)


__all__ = ["told"]
