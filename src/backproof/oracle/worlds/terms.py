"""The judges' own tools for terms of the surface: what is free in them, and replacing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sympy import Dummy, Integer, Symbol

from ...surface.terms import Binder, Kron, Member, Mults, NonNegative, n
from .verdicts import Unsupported


@cache
def free(e: Any) -> frozenset[Any]:
    """The symbols of ``e`` that nothing in it binds."""
    if isinstance(e, Symbol):
        return frozenset((e,))
    if isinstance(e, Binder):
        body, bound, lo, hi = e.args
        return (free(body) - {bound}) | free(lo) | free(hi)
    return frozenset().union(*map(free, e.args))


def replaced(e: Any, values: Mapping[Any, Any]) -> Any:
    """``e`` with terms for its free symbols; what is bound is renamed where it would capture one of them."""
    values = {old: new for old, new in values.items() if old in free(e)}
    if not values:
        return e
    if e in values:
        return values[e]
    if isinstance(e, Binder):
        body, bound, lo, hi = e.args
        fresh = Dummy(bound.name) if any(bound in free(new) for new in values.values()) else bound
        inside = {**{old: new for old, new in values.items() if old != bound}, bound: fresh}
        return e.func(replaced(body, inside), fresh, replaced(lo, values), replaced(hi, values))
    return e.func(*(replaced(arg, values) for arg in e.args))


def one_symbol_a_name(terms: Iterable[Any]) -> None:
    """Unsupported where two symbols (of different assumptions) share a name: they look alike, and are not."""
    names: dict[str, Any] = {}
    for symbol in (symbol for term in terms for symbol in term.atoms(Symbol)):
        if names.setdefault(symbol.name, symbol) != symbol:
            raise Unsupported(f"two symbols are called {symbol}")


def members(e: Any, bound: frozenset[Any] = frozenset(), *, every: bool = False) -> Iterator[Member]:
    """The quantities in ``e`` whose indices are not bound in it (or ``every`` one), not those that are only counted."""
    if isinstance(e, Mults):
        return
    if isinstance(e, Member):
        if every or free(e).isdisjoint(bound):
            yield e
    elif isinstance(e, Binder):
        yield from members(e.args[0], bound | {e.args[1]}, every=every)
    else:
        for arg in e.args:
            yield from members(arg, bound, every=every)


def positions(e: Any, kinds: Mapping[str, Sequence[str]]) -> Iterator[tuple[Any, str]]:
    """The free symbols of ``e`` that are indices, each with the kind of index it is used as ("" where that is open)."""
    if isinstance(e, Binder):
        body, bound, *limits = e.args
        yield from ((s, kind) for s, kind in positions(body, kinds) if s != bound)
        for limit in limits:
            yield from ((s, "") for s in free(limit))
            yield from positions(limit, kinds)
        return
    if isinstance(e, n):
        yield from ((s, "l") for s in free(e))
    elif isinstance(e, Kron | NonNegative):
        yield from ((s, "") for s in free(e))
    elif isinstance(e, Member):
        for index, kind in zip(e.args[1:], kinds.get(family(e), ""), strict=False):
            yield from ((s, kind) for s in free(index))
    for arg in e.args:
        yield from positions(arg, kinds)


def constants(e: Any) -> frozenset[int]:
    """The whole numbers that stand in ``e``."""
    if isinstance(e, Integer):
        return frozenset((int(e),))
    return frozenset().union(*map(constants, e.args))


def family(e: Member) -> str:
    """The name of the family that a quantity is of."""
    return str(e.args[0].name)
