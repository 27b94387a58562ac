"""Which edits are false: floating-point numbers in small and in odd networks, derivatives by the complex step.

Nothing that is tested is asked: neither the kernel nor the exact judge. An equation is false where its sides are
different numbers in one of these networks, or where it makes no sense. The networks have the sizes and the depths that
the edits are about, such as the 7 of [n(1) = 7].
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from sympy import Integer

from backproof.oracle.numeric_world import Floats, logistic, softplus
from backproof.oracle.worlds import own
from backproof.oracle.worlds.exists import where_all_exists
from backproof.oracle.worlds.shapes import Shape
from backproof.oracle.worlds.sizes import whole
from backproof.oracle.worlds.statement import Statement
from backproof.oracle.worlds.verdicts import Malformed
from backproof.surface.network import Network
from backproof.surface.terms import Equal, ForAll, substitute

SAME = 1e-9  # relative to the larger side, or to 1
#: Widths; the number of examples is below. All different, equal, growing, shrinking, 1, and what the edits speak of.
WIDTHS = (
    (2, 3, 1, 4), (3, 2), (2, 3, 2), (1, 2, 4, 3, 2), (7, 2), (2, 2), (1, 1, 1), (2, 7, 2), (2, 1, 2), (3,), (1,),
    (2, 1, 2, 1, 2, 2), (2, 1, 2, 1, 2, 1, 2), (2, 1, 1, 1, 1, 1, 1, 1, 2), (3, 6), (1, 7), (4, 4, 4), (6, 7),
    (7, 2, 6),
)  # fmt: skip
EXAMPLES = (2, 3, 1, 2, 7, 2)


def is_false(net: Network, lhs: Any, rhs: Any, hypotheses: frozenset[Any], original: Any = None) -> bool:
    """Whether the equation fails somewhere. ``original``: the right side that it is an edit of.

    Indices are tried from -2 on where it has the same: there the hypotheses are what was edited.
    """
    given = frozenset(h for h in hypotheses if not _is_an_assumption(h))
    if given != hypotheses:
        given |= where_all_exists(lhs, original if original is not None else rhs)
    sides = (lhs, rhs, given)
    below = [_below(*sides)] if original == rhs else []
    try:
        return any(_fails(net, *said) for said in (sides, *below))
    except Malformed:
        return True


def _fails(net: Network, lhs: Any, rhs: Any, given: frozenset[Any]) -> bool:
    claim = Statement(net, lhs, rhs, given)
    return any(_differs(claim, world) for world in _worlds(claim.net))  # with data as they are assumed


def _below(lhs: Any, rhs: Any, given: frozenset[Any]) -> tuple[Any, Any, frozenset[Any]]:
    """The same with every index counted from two less."""
    indices = {s: s - 2 for e in (lhs, rhs, *given) for s in e.free_symbols if not s.is_positive and s.name in "lijkq"}
    return substitute(lhs, indices), substitute(rhs, indices), frozenset(substitute(h, indices) for h in given)


def _is_an_assumption(h: Any) -> bool:
    """Of an induction: it is true of all that exists, so a statement about that is false under it if it is false."""
    return isinstance(h, ForAll) and isinstance(h.args[0], Equal)


def _differs(claim: Statement, world: Floats) -> bool:
    try:
        return any(abs(e.lhs - e.rhs) > SAME * max(1, abs(e.lhs), abs(e.rhs)) for e in claim.cases(world))
    except OverflowError:
        return False


@cache
def _world(net: Network, shape: Shape, place: int) -> Floats:
    return Floats(net, shape, f" {place}", (logistic, softplus)[place % 2])


def _worlds(net: Network) -> Iterator[Floats]:
    for place, shape in enumerate(_shapes(net)):
        if (
            len(shape.widths) > 1 or net.depth is None or whole(net, (shape,))
        ):  # with one layer, much of a network has no sense
            yield _world(net, shape, place)


@cache
def _shapes(net: Network) -> tuple[Shape, ...]:
    if net.widths is not None:
        return (Shape(net.widths, 2),) * 2
    if net.depth is None:
        count = len(own.sizes(net))
        few = (1, 3, 5, 7) if count <= own.USUAL else (1, 3)
        larger = ([size if at == place else 2 for at in range(count)] for size in few for place in range(count))
        return (*own.usual(net), *(own.shape(net, sizes) for sizes in larger))
    depth = int(net.depth) if isinstance(net.depth, Integer) else None
    widths = [_of_depth(w, depth) for w in WIDTHS]
    return tuple(Shape(w, EXAMPLES[place % len(EXAMPLES)]) for place, w in enumerate(dict.fromkeys(widths)))


def _of_depth(widths: tuple[int, ...], depth: int | None) -> tuple[int, ...]:
    return (widths * (depth or 1))[: depth or len(widths)]
