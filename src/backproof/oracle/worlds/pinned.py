"""Networks for what is claimed of some sizes only: under n(2) = 3, layers of the usual networks are made so wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any

from sympy import Add, Symbol

from ...surface.network import Network
from ...surface.terms import L, M, NonNegative, n
from .coincidences import value
from .shapes import LARGE, Shape
from .terms import free

MOST = 2  # letters for layers in such conditions
Sizes = Mapping[Any, int]  #: the units of layers, which are index expressions


def pinned(net: Network, given: Iterable[Any], usual: Iterable[tuple[Shape, ...]]) -> tuple[tuple[Shape, ...], ...]:
    """The usual shapes with the sizes that hypotheses give; none where they give none."""
    sizes = _sizes(given)
    if not sizes or net.depth is None or net.widths is not None:
        return ()
    letters = sorted(frozenset().union(*map(free, sizes)) - {L, M, net.depth}, key=str)
    if len(letters) > MOST:
        return ()
    crowds = (
        tuple(dict.fromkeys(found for shape in shapes for found in _with(shape, sizes, letters, net)))
        for shapes in usual
    )
    return tuple(shapes for shapes in crowds if shapes)


def _sizes(given: Iterable[Any]) -> Sizes:
    """The layers of which it is said that they have at least, and at most, so many units."""
    forms = [h.args[0] for h in given if isinstance(h, NonNegative)]
    found = {}
    for form in forms:
        number, rest = form.as_coeff_Add()
        if isinstance(rest, n) and number.is_Integer and number < 0 and Add(-number, -rest) in forms:
            found[rest.args[0]] = -int(number)
        elif isinstance(-rest, n) and number == 1:  # at most one unit: each layer has one
            found[(-rest).args[0]] = 1
    return found


def _with(shape: Shape, sizes: Sizes, letters: list[Symbol], net: Network) -> Iterator[Shape]:
    """The shape with these sizes, wherever all of these layers are there."""
    depth = len(shape.widths)
    for at in product(range(1, depth + 1), repeat=len(letters)):
        env = {L: depth, net.depth: depth, M: shape.examples, **dict(zip(letters, at, strict=True))}
        layers = {value(layer, shape, env): size for layer, size in sizes.items()}
        if all(1 <= layer <= depth for layer in layers) and len(layers) == len(sizes):
            widths = tuple(layers.get(layer, width) for layer, width in enumerate(shape.widths, 1))
            found = Shape(widths, shape.examples)
            if found.weights <= LARGE:
                yield found


__all__ = ["pinned"]
