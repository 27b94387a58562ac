"""What follows from inequalities between index expressions, as in ``core.index``, of those that share variables alone.

Elimination takes long where there are many; most are about other indices, and what follows from fewer is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from ..core import index as core
from ..core.index import Basic, Index, Size, minus


@cache
def parts(forms: frozenset[Index]) -> tuple[frozenset[Index], ...]:
    """The forms, those together that share variables or sizes, be it through others."""
    found: list[tuple[set[Basic], list[Index]]] = []
    for d in forms:
        about, together = {b for b, _ in d.terms}, [d]
        for one in [one for one in found if not about.isdisjoint(one[0])]:
            found.remove(one)
            about |= one[0]
            together += one[1]
        found.append((about, together))
    return tuple(frozenset(together) for _, together in found)


def contradictory(known: frozenset[Index]) -> bool:
    """Whether no integers make all of them >= 0."""
    return any(map(core.contradictory, parts(known)))


def entails(known: Iterable[Index], d: Index) -> bool:
    """Whether d >= 0 wherever all of ``known`` are >= 0, for all sizes of at least 1."""
    return _at_least_0(d) or d in (given := frozenset(known)) or contradictory(given | {minus(core.index(-1), d)})


@cache
def _at_least_0(d: Index) -> bool:
    """Whether a form in sizes alone is, as one sees at a glance."""
    in_sizes = all(type(b) is Size and c > 0 for b, c in d.terms)
    return in_sizes and d.constant + sum(c for _, c in d.terms) >= 0
