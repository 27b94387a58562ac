"""Which terms the rules read: whole heads of ours over rational numbers, and index arithmetic where an index stands.

SymPy would build much more (infinities, floats, roots, a quantity as an index); each of these has been a way to 0 = 1.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sympy import Add, Basic, Integer, Mul, Pow, Rational, Symbol
from sympy.core.symbol import Str

from .normal import Bound
from .terms import Apply, D, Dot, Family, Hadamard, Kron, Member, Mults, Outer, Total, Transposed, n

VARIABLES = (Symbol, Bound)
PARTS = {Mults: 1, Transposed: 1, Dot: 2, Hadamard: 2, Outer: 2}  # heads over terms alone, and how many


def is_index(e: Any) -> bool:
    """Whether ``e`` is whole-number arithmetic over index variables and widths."""
    if type(e) in (Add, Mul) or (type(e) is n and len(e.args) == 1):
        return all(map(is_index, e.args))
    return isinstance(e, Integer) or (type(e) in VARIABLES and e.is_commutative)


def is_term(families: tuple[Family, ...], own: frozenset[Any], e: Any) -> bool:
    """Whether ``e`` is a term over these families that binds none of the network's ``own`` symbols."""
    return isinstance(e, Basic) and _is_term(families, own, type(e).__name__, e)


@cache
def _is_term(families: tuple[Family, ...], own: frozenset[Any], _: str, e: Any) -> bool:
    kind, args = type(e), e.args

    def terms(*parts: Any) -> bool:
        return all(is_term(families, own, part) for part in parts)

    if kind in (Add, Mul):
        return terms(*args)
    if kind is Pow:
        return isinstance(e.exp, Integer) and terms(e.base)
    if kind is Member:
        named = type(args[0]) is Str and any(f.name == e.family and f.admits(len(e.indices)) for f in families)
        return named and all(map(is_index, e.indices))
    if kind is D:
        return len(args) == 2 and type(args[1]) is Member and terms(*args)
    if kind is Apply:
        return type(args[0]) is Str and terms(args[1]) and isinstance(args[2], Integer) and args[2] >= 0
    if kind is Total:
        bound = len(args) == 4 and type(args[1]) in VARIABLES and args[1] not in own
        return bound and terms(args[0]) and all(map(is_index, args[2:]))
    if kind in PARTS:
        return len(args) == PARTS[kind] and terms(*args)
    return isinstance(e, Rational) or is_index(e) or (kind is Kron and all(map(is_index, args)))
