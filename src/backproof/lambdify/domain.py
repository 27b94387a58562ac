"""For which values of its indices a theorem is said: its hypotheses say so, or what its left side speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, NamedTuple

from sympy import Integer, Symbol

from ..surface.network import Network
from ..surface.terms import D, Member, NonNegative, difference, free
from .parts import indexed, members, reads

Ends = tuple[Any, Any]


class Ceiling(NamedTuple):
    """``-above / below``, rounded up, of an index term."""

    above: Any
    below: int


class Floor(NamedTuple):
    """``above / below``, rounded down."""

    above: Any
    below: int


class Extreme(NamedTuple):
    """The ``min`` or the ``max`` of these."""

    which: str
    of: tuple[Any, ...]


class Domain(NamedTuple):
    """The indices that count entries, with their ends, in the order of their axes, and what is at least 0 besides."""

    ends: dict[Symbol, Ends]
    besides: list[Any]


def domain(net: Network, theorem: Any, lhs: Any, rhs: Any, last: tuple[Symbol, ...]) -> Domain:
    """That of ``theorem``, about the entries ``lhs`` and ``rhs``, where the axes of its arrays are ``last``.

    Layers are no axes, nor is an index of which no range is known: these have to be given.
    """
    found, layers = dict[Symbol, None](), set[Symbol]()
    for e, bound in chain(reads(lhs), reads(rhs)):
        for slot, kind in indexed(net, e):
            symbols = sorted(free(slot) - bound, key=str)
            layers |= set(symbols) if kind == "l" else set()
            found |= dict.fromkeys(symbols) if kind != "l" else {}
    mentioned = free(lhs) | free(rhs)
    axes = [s for s in found if s in mentioned and s not in layers and not s.is_positive and s not in last]
    axes += [s for s in last if s in mentioned]
    said = [h.args[0] for h in theorem.hypotheses if isinstance(h, NonNegative)]
    numbers = (mentioned | net.symbols) - set(axes)
    ends = {s: _ends(net, (lhs, rhs), said, s, numbers) for s in axes}
    ends = {s: pair for s, pair in ends.items() if None not in pair}
    return Domain(ends, sorted((d for d in said if len(free(d) & ends.keys()) > 1), key=str))


def _ends(net: Network, sides: tuple[Any, Any], said: list[Any], symbol: Symbol, numbers: frozenset[Any]) -> Ends:
    lows, highs = _bounds(said, symbol, numbers)
    for side in sides:
        if lows and highs:
            break
        there = _bounds(_existence(net, side), symbol, numbers)
        lows, highs = lows or there[0], highs or there[1]
    return _tightest(lows, "max"), _tightest(highs, "min")


def _bounds(conditions: Any, symbol: Symbol, numbers: frozenset[Any]) -> tuple[list[Any], list[Any]]:
    """The lower and upper ends of ``symbol`` where these conditions are at least 0, as far as ``numbers`` say them."""
    lows, highs = list[Any](), list[Any]()
    for d in conditions:
        factor = d.expand().coeff(symbol)
        rest = (d - factor * symbol).expand()
        if not isinstance(factor, Integer) or factor == 0 or not free(rest) <= numbers:
            continue
        if factor > 0:
            lows.append(-rest if factor == 1 else Ceiling(rest, int(factor)))
        else:
            highs.append(rest if factor == -1 else Floor(rest, int(-factor)))
    return lows, highs


def _existence(net: Network, e: Any) -> Iterator[Any]:
    """What is at least 0 where the quantities exist, as far as no variable of a sum is in it."""
    for m, bound in ((m, bound) for x, bound in reads(e) if isinstance(x, Member | D) for m in members(x)):
        layer = m.indices[: net.kind(m).count("l")]
        for slot, (lo, hi) in zip(m.indices[len(layer) :], net.shape(Member(m.family, *layer)), strict=True):
            yield from (d for d in (slot - lo, hi - slot) if free(d).isdisjoint(bound))


def _tightest(ends: list[Any], which: str) -> Any:
    """The one end of several, as far as that can be seen."""
    kept = list[Any]()
    for end in ends:
        if isinstance(end, Ceiling | Floor):
            kept += [end] * (end not in kept)
            continue
        gaps = [(old, difference(end, old)) for old in kept if not isinstance(old, Ceiling | Floor)]
        if any(g is not None and (g <= 0 if which == "max" else g >= 0) for _, g in gaps):
            continue
        kept = [old for old in kept if (old, None) in gaps or isinstance(old, Ceiling | Floor)] + [end]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else Extreme(which, tuple(kept))
