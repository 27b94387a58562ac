"""Which networks the exact judge tries: of depths 1 to 5, all widths from 1 to 5 in every layer, and some larger.

In one network all widths differ, since a square layer hides a transpose; in others they are equal, and 1. Where the
statement has a number in it, as [n(1) = 7] has, networks with that size and depth, one less and one more, are tried;
where it has a condition on sizes, some in which that is true (``coincidences``; for hypotheses, ``pinned``); where it
has a polynomial in sizes, more sizes than that can have zeros.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product
from typing import Any

from sympy import Integer

from ...surface.network import Network
from . import own
from .coincidences import coincidences, degree
from .crowd import Crowd
from .pieces import reads_what_exists
from .shapes import LARGE, Shape
from .terms import constants
from .verdicts import Unsupported

ORDER = (1, 4, 0, 3, 2)  # up and down: the widths of a network, less one; the others are these, shifted
TURNS = {2: range(5), 3: range(5), 4: (0, 2), 5: (0, 2), 1: (0,)}  # shifts by depth: in two and three layers, all
EQUAL = {2: (1, 3), 3: (1, 2, 4), 4: (2,), 5: (2,), 1: (1,)}
USUAL, LARGEST = 5, 12
Crowds = tuple[tuple[Shape, ...], ...]


def usual(net: Network) -> Crowds:
    """The shapes that are tried for every statement, those of one depth together."""
    if net.depth is None:
        return tuple((shape,) for shape in own.usual(net))
    if net.widths is not None:
        return ((Shape(tuple(net.widths), 3),),)
    if isinstance(net.depth, Integer):
        depth = int(net.depth)
        return (tuple(_turned(depth, turn) for turn in range(5)) + tuple(_equal(depth, width) for width in (1, 2)),)
    by_depth = [
        (*(_turned(depth, turn) for turn in turns), *(_equal(depth, width) for width in EQUAL[depth]))
        for depth, turns in TURNS.items()
    ]
    return (*by_depth, _large())


def special(net: Network, terms: Any) -> Crowds:
    """More shapes for a statement with larger numbers in it: these and their neighbours, as widths and as depths."""
    if net.depth is None:
        return tuple((shape,) for shape in dict.fromkeys(own.special(net, terms)))
    if net.widths is not None:
        return ()
    numbers = {number + by for term in terms for number in constants(term) for by in (-1, 0, 1)}
    sizes = sorted(size for size in numbers if USUAL < size <= LARGEST)
    depth = int(net.depth) if isinstance(net.depth, Integer) else 3
    wide = [(*(_with(depth, place, size) for place in range(depth)), _equal(depth, size)) for size in sizes]
    deep = [] if isinstance(net.depth, Integer) else [(_alternating(size), _equal(size, 2)) for size in sizes]
    found = (tuple(shape for shape in shapes if shape.weights <= LARGE) for shapes in (*wide, *deep))
    met = ((shape,) for shape in coincidences(net, terms, usual(net)))
    return (*(shapes for shapes in found if shapes), *met, *_zeros(net, max(map(degree, terms), default=0)))


def _zeros(net: Network, highest: int) -> Iterator[tuple[Shape, ...]]:
    """More sizes than a polynomial of that degree has zeros. Unsupported where these are too many."""
    if highest < 2:
        return
    if highest >= LARGEST:
        raise Unsupported(f"a polynomial of degree {highest} in sizes")
    widths = range(1, highest + 2)
    if not isinstance(net.depth, Integer):
        yield tuple(Shape(pair, 2) for pair in product(widths, repeat=2))
        yield from ((_alternating(depth),) for depth in range(len(TURNS) + 1, highest + 4))  # 2 <= l < L leaves out two
    else:
        depth = int(net.depth)
        yield tuple(_with(depth, place, width) for place in range(depth) for width in widths)


def _turned(depth: int, turn: int) -> Shape:
    widths = tuple((ORDER[place % 5] + turn) % 5 + 1 for place in range(depth))
    return Shape(widths, (3, 2, 1, 4, 5)[turn])


def _equal(depth: int, width: int) -> Shape:
    return Shape((width,) * depth, 2)


def _large() -> tuple[Shape, ...]:
    """A few pairs of larger layers, by chance."""
    rng = random.Random("larger")  # noqa: S311 - nothing is secret
    return tuple(Shape(tuple(rng.sample(range(6, 10), 2)), 2) for _ in range(2))


def _with(depth: int, place: int, size: int) -> Shape:
    """One layer of that size, the others small and different."""
    others = [width for width in (2, 3, 1, 4) if width != size]
    return Shape(tuple(size if place == at else others[at % len(others)] for at in range(depth)), size)


def _alternating(depth: int) -> Shape:
    return Shape(tuple(2 + place % 2 for place in range(depth)), 2)


@lru_cache(maxsize=256)
def crowd(net: Network, shapes: tuple[Shape, ...], *, apart: bool = False) -> Crowd | None:
    """The networks of those shapes in which all that is read exists; None if there are none.

    Residual connections, say, need layers of equal width. With exponentials taken ``apart``, if so.
    """
    found = Crowd(net, shapes, apart=apart)
    if _is_plain(net):
        return found
    kept = reads_what_exists(found)
    if kept.all():
        return found
    shapes = tuple(shape for shape, is_whole in zip(shapes, kept, strict=True) if is_whole)
    return Crowd(net, shapes, apart=apart) if shapes else None


@lru_cache(maxsize=64)
def _is_plain(net: Network) -> bool:
    """Whether it makes sense with any widths: as in the shallowest and the deepest of the networks that are tried."""
    tried = sorted(usual(net), key=lambda shapes: len(shapes[0].widths))
    return net.widths is not None or all(
        reads_what_exists(Crowd(net, shapes)).all() for shapes in (tried[0], tried[-1])
    )


def whole(net: Network, shapes: Iterable[Shape]) -> bool:
    """Whether in networks of all these shapes all that is read exists."""
    return _is_plain(net) or all(crowd(net, (shape,)) is not None for shape in shapes)
