"""Where a statement without hypotheses is claimed: where all that it speaks of exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sympy import S

from ...surface.terms import Binder, Head, Member, Mults
from .terms import free

OPEN = S.NaN  # an index that is summed over: some value of it will do


class Exists(Head):
    """A hypothesis on indices: the network has this quantity, or this array."""


def where_all_exists(*sides: Any) -> frozenset[Any]:
    """The hypotheses that put the indices of every quantity within their ranges; those of sums have theirs."""
    return frozenset(Exists(member) for side in sides for member in _spoken_of(side, frozenset()))


def _spoken_of(e: Any, bound: frozenset[Any]) -> Iterator[Member]:
    if isinstance(e, Mults):
        return
    if isinstance(e, Member):
        indices = [OPEN if free(index) & bound else index for index in e.args[1:]]
        if any(index is not OPEN for index in indices):
            yield Member(e.args[0], *indices)
    elif isinstance(e, Binder):
        yield from _spoken_of(e.args[0], bound | {e.args[1]})
    else:
        for arg in e.args:
            yield from _spoken_of(arg, bound)
