"""Which terms the rules read: whole heads of ours over rational numbers, with index arithmetic where an index stands.

SymPy would build much more: infinities, floats, roots, a quantity as an index, a symbol that is assumed to be positive,
a number plus a matrix. Each of these has been a way to 0 = 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Integer, Mul, Pow, Rational, Symbol
from sympy.core.symbol import Str

from .exact import is_term
from .normal import Bound
from .terms import Apply, D, Dot, Family, Hadamard, Kron, L, M, Member, Mults, Outer, Total, Transposed, n, remembered

RANKS: dict[Any, tuple[set[tuple[int, ...]], Callable[[Any], int]]] = {  # of the arguments, and of what they make
    Mults: ({(0,)}, lambda _: 0),
    Transposed: ({(2,)}, lambda _: 2),
    Outer: ({(1, 1)}, lambda _: 2),
    Dot: ({(2, 1), (2, 2)}, lambda ranks: ranks[1]),
    Hadamard: ({(1, 1), (2, 2)}, lambda ranks: ranks[0]),
}


def is_variable(e: Any) -> bool:
    """Whether ``e`` is a plain symbol: assumptions would stay where the values change. L and M are not variables."""
    return type(e) in (Bound, Symbol) and e == type(e)(e.name) and e.name not in ("L", "M")


def is_index(e: Any) -> bool:
    """Whether ``e`` is whole-number arithmetic over index variables, widths, L and M."""
    if type(e) in (Add, Mul) or (type(e) is n and len(e.args) == 1):
        return all(map(is_index, e.args))
    return isinstance(e, Integer) or is_variable(e) or e in (L, M)


def rank(families: tuple[Family, ...], own: frozenset[Any], e: Any) -> int | None:
    """How many indices the term ``e`` leaves open, 0 for a number; None if it is no term over these families.

    Nothing may bind the network's ``own`` symbols, and no symbol may be called as a family is.
    """
    return _rank(families, own, type(e).__name__, e) if is_term(e) else None


@remembered
def _rank(families: tuple[Family, ...], own: frozenset[Any], _: str, e: Any) -> int | None:
    kind, args = type(e), e.args
    if kind is Member:
        known = [f for f in families if type(args[0]) is Str and f.name == e.family and f.admits(len(e.indices))]
        return len(known[0].kinds) - len(e.indices) if known and all(map(is_index, e.indices)) else None
    if kind is Symbol:
        return 0 if is_index(e) and e.name not in {f.name for f in families} else None
    if kind is Total:
        numbers = len(args) == 4 and rank(families, own, args[0]) == 0 and all(map(is_index, args[2:]))
        return 0 if numbers and is_variable(args[1]) and args[1] not in own else None
    if kind is Kron or isinstance(e, Rational) or is_index(e):
        return 0 if kind is not Kron or all(map(is_index, args)) else None
    if kind is Apply:
        fits = type(args[0]) is Str and isinstance(args[2], Integer) and args[2] >= 0
        return rank(families, own, args[1]) if fits else None
    if kind is Pow:
        return 0 if isinstance(e.exp, Integer) and rank(families, own, e.base) == 0 else None
    ranks = tuple(found for arg in args if (found := rank(families, own, arg)) is not None)
    if len(ranks) < len(args) or kind not in (Add, Mul, D, *RANKS):
        return None
    if kind in RANKS:
        allowed, made = RANKS[kind]
        return made(ranks) if ranks in allowed else None
    if kind is D:
        return sum(ranks) if len(args) == 2 and type(args[1]) is Member else None
    if kind is Add:
        return ranks[0] if len(set(ranks)) == 1 else None
    return sum(ranks) if sum(map(bool, ranks)) <= 1 else None
