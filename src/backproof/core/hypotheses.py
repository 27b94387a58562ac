"""What theorems assume: index ranges, what is not 0 or is positive, and the assumption of an induction.

A hypothesis that holds is dropped, one that is false is refused, and one about a variable that gets bound is closed
over its range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sympy import Integer, Rational, S, Symbol

from .grammar import is_index, is_variable, rank
from .network import Network
from .normal import divisors, positive
from .terms import Equal, ForAll, Mults, NonNegative, NonZero, Positive, difference, free, known, n, require, substitute


def settle(net: Network, hypotheses: Iterable[Any], name: str) -> frozenset[Any]:
    """Drop the hypotheses that hold, and what another one implies; refuse where one is false."""
    given = {_with_widths(net, h) for h in hypotheses}
    for h in given:
        require(_truth(h) is not False, name, "a hypothesis is false: {}", h)
    given = {h for h in given if _truth(h) is None}
    return frozenset(h for h in given if not any(g != h and implies(g, h) for g in given))


def is_hypothesis(net: Network, h: Any) -> bool:
    """Whether ``h`` is one about terms of the network, and binds no symbol of it."""
    if isinstance(h, ForAll):
        plain = is_variable(h.args[1]) and all(map(is_index, h.args[2:]))
        return plain and h.args[1] not in net.symbols and is_hypothesis(net, h.args[0])
    if isinstance(h, NonNegative):
        return is_index(h.args[0])
    ranks = [rank(net.families, net.symbols, e) for e in h.args]
    return ranks in ([0], [0, 0]) if isinstance(h, NonZero | Positive) else None not in ranks and ranks[0] == ranks[1]


def implies(g: Any, h: Any) -> bool:
    """Whether hypothesis ``h`` follows from ``g``: by a constant, or since what is positive is not 0."""
    if g == h or (isinstance(g, Positive) and h == NonZero(*g.args)):
        return True
    return isinstance(g, NonNegative) and isinstance(h, NonNegative) and (difference(h.args[0], g.args[0]) or -1) > 0


def close(h: Any, bound: Symbol, lo: Any, hi: Any) -> Any:
    """The hypothesis for every value of a variable that gets bound; S.true where the range makes it hold."""
    if bound not in free(h):
        return h
    if isinstance(h, NonNegative):
        slope = h.args[0].coeff(bound)
        if slope.is_Integer and bound not in free(h.args[0] - slope * bound):
            least = known(substitute(h.args[0], {bound: lo if slope > 0 else hi}))
            if least is not None:
                return S.true if least else S.false
    return ForAll(h, bound, lo, hi)


def _with_widths(net: Network, e: Any) -> Any:
    if net.widths is None or not e.args or isinstance(e, Mults):  # what is counted stays as it is written
        return e
    if isinstance(e, n) and isinstance(e.args[0], Integer):
        return Integer(net.width(e.args[0]))
    return e.func(*(_with_widths(net, arg) for arg in e.args))


def _truth(h: Any) -> bool | None:
    if isinstance(h, ForAll):
        again = close(*h.args)
        return True if _truth(h.args[0]) else None if isinstance(again, ForAll) else _truth(again)
    if isinstance(h, NonNegative):
        return known(h.args[0])
    if isinstance(h, NonZero | Positive):
        e = h.args[0]
        holds = positive(e) or (isinstance(h, NonZero) and isinstance(e, Rational) and e != 0)
        return True if holds else False if isinstance(e, Rational) else None
    return h.args[0] == h.args[1] or None if isinstance(h, Equal) else bool(h)


def divisions(*terms: Any) -> Iterator[Any]:
    """The hypotheses that nothing in these terms is divided by zero."""
    for e in terms:
        for base, around in divisors(e):
            h: Any = NonZero(base)
            for bound in around:
                h = close(h, *bound)
            yield h


def follow(wanted: Iterable[Any], given: Iterable[Any]) -> bool:
    """Whether each hypothesis of ``wanted`` follows from one of ``given``."""
    return all(any(implies(g, h) for g in given) for h in wanted)
