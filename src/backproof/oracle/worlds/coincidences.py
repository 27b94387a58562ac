"""Networks for what is true of few sizes only, as [L = 7] and [n(2) = 2 n(1)] are: the smallest in which they are true.

Where a polynomial in sizes stands in a statement, it may be 0 at the usual ones: more are tried, one more than it has
zeros.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from typing import Any

from sympy import Add, Integer, Mul, Pow, Symbol

from ...surface.network import Network
from ...surface.terms import Kron, L, M, Member, Total, n
from .shapes import Shape, fixed_depth
from .terms import free

WIDEST = {1: 8, 2: 8, 3: 5, 4: 3}  # by depth: all widths up to that are looked at
DEEPEST = 12
Gaps = tuple[Any, ...]  # index expressions that are 0 all at once


def coincidences(net: Network, terms: Iterable[Any], usual: Iterable[tuple[Shape, ...]]) -> tuple[Shape, ...]:
    """Shapes in which the conditions in the terms are true, where they are not so in usual ones; the smallest."""
    common = tuple(shape for shapes in usual for shape in shapes)
    found = [shape for gaps in {g for t in terms for g in conditions(t)} for shape in _shapes(net, gaps, common)]
    return tuple(dict.fromkeys(sorted(found, key=lambda s: (len(s.widths), s.widths, s.examples))))


@cache
def conditions(e: Any) -> frozenset[Gaps]:
    """What is 0 where a [i = j] in the term is not, a product of several is not, or a sum begins to have terms."""
    found = frozenset[Gaps]().union(*map(conditions, e.args))
    if isinstance(e, Kron):
        return found | {(Add(e.args[0], -e.args[1]),)}
    if isinstance(e, Total):
        return found | {(Add(e.args[3], -e.args[2]),)}
    if isinstance(e, Mul):
        several = tuple(sorted((Add(f.args[0], -f.args[1]) for f in e.args if isinstance(f, Kron)), key=str))
        return found | {several} if len(several) > 1 else found
    return found


@cache
def _shapes(net: Network, gaps: Gaps, usual: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """One of each depth up to the first from 3 on; none where a usual one of depth 3 does, or any if only L is met."""
    about_units = any(gap.atoms(n) for gap in gaps)
    if any(_close(net, gaps, shape) for shape in usual if len(shape.widths) > 2 or not about_units):
        return ()
    found: list[Shape] = []
    fixed = fixed_depth(net)
    for depth in range(1, DEEPEST + 1) if fixed is None else (fixed,):
        shape = next((shape for shape in _of_depth(depth) if _close(net, gaps, shape)), None)
        found += [shape] if shape else []
        if shape and depth >= 3:
            break
    return tuple(found)


def _of_depth(depth: int) -> Iterator[Shape]:
    if depth in WIDEST:
        widths = product(range(1, WIDEST[depth] + 1), repeat=depth)
        yield from (Shape(w, examples) for w in sorted(widths, key=sum) for examples in (2, 1, 3))
    else:
        yield from (Shape(tuple(2 + place % 2 for place in range(depth)), 2), Shape((1,) * depth, 2))


def _close(net: Network, gaps: Gaps, shape: Shape) -> bool:
    """Whether all are 0 for some values of the indices in them."""
    indices = sorted(frozenset().union(*map(free, gaps)) - {L, M, net.depth}, key=str)
    values = range(1, max(*shape.widths, len(shape.widths)) + 1)
    sizes = {L: len(shape.widths), net.depth: len(shape.widths), M: shape.examples}
    return any(
        all(value(gap, shape, {**sizes, **dict(zip(indices, at, strict=True))}) == 0 for gap in gaps)
        for at in product(values, repeat=len(indices))
    )


def value(e: Any, shape: Shape, env: Mapping[Any, int]) -> int:
    """What an index expression is."""
    if isinstance(e, Integer):
        return int(e)
    if isinstance(e, Symbol):
        return env[e]
    if isinstance(e, n):
        return shape.width(value(e.args[0], shape, env))
    parts = [value(arg, shape, env) for arg in e.args]
    if isinstance(e, Add):
        return sum(parts)
    result = 1
    for part in parts:
        result *= part
    return result


@cache
def degree(e: Any) -> int:
    """The degree of a term in sizes that stand in it as numbers."""
    if isinstance(e, n) or (isinstance(e, Symbol) and e.is_positive):
        return 1
    if isinstance(e, Member | Kron):
        return 0
    if isinstance(e, Pow) and isinstance(e.exp, Integer):
        return abs(int(e.exp)) * degree(e.base)
    degrees = [degree(arg) for arg in (e.args[:1] if isinstance(e, Total) else e.args)]
    return sum(degrees) if isinstance(e, Mul) else max(degrees, default=0)
