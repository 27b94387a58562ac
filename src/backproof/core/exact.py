"""What things are made of, by their exact types: a subclass could answer for itself whether it is equal to another."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from sympy import Add, Basic, Mul, Pow, Rational, Symbol
from sympy.core.symbol import Str

from . import terms
from .definition import Definition, Function
from .normal import Bound
from .terms import Family, Head, remembered

#: What has arguments. A head that somebody makes of one of ours is not among them.
HEADS = (Add, Mul, Pow, *(e for e in vars(terms).values() if isinstance(e, type) and issubclass(e, Head)))


class Same:
    """The key of a memory that goes by identity, and keeps what it goes by alive."""

    def __init__(self, e: Any) -> None:
        self.e = e

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.e is other.e

    def __hash__(self) -> int:
        return id(self.e)


def exactly(e: Any, *types: type) -> bool:
    """Whether one of the types is the type of ``e``, and not one that it was made from."""
    return any(type(e) is kind for kind in types)


def is_plain(e: Any) -> bool:
    """Whether ``e`` is made, at every depth, of Python's and SymPy's own types and the core's, and of nothing else."""
    if exactly(e, tuple):
        return all(map(is_plain, e))
    if exactly(e, Family, Definition, Function):
        return all(map(is_plain, vars(e).values()))
    return exactly(e, str, int, type(None)) or is_term(e)


def is_term(e: Any) -> bool:
    """Whether ``e`` is a term or a hypothesis of exact types, whatever it may say itself."""
    return _is_term(Same(e))


@remembered
def _is_term(same: Same) -> bool:
    e = same.e
    if getattr(e, "__dict__", None):  # an attribute of its own may stand in the place of a method
        return False
    if exactly(e, Symbol, Bound, Str):
        return type(e.name) is str
    if exactly(e, *HEADS):
        return all(map(is_term, e.args))
    whole = isinstance(e, Rational) and exactly(e.p, int) and exactly(e.q, int) and e.q > 0
    again: Any = Rational(e.p, e.q) if whole else None  # 1 is One and 1/2 is Half, in lowest terms
    return type(e) is type(again) and (e.p, e.q) == (again.p, again.q)


def are_same(one: Any, other: Any) -> bool:
    """Whether two things have equal parts of equal types: neither is asked."""
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, frozenset):
        return len(one) == len(other) and all(any(are_same(x, y) for y in other) for x in one)
    if isinstance(one, Basic):
        one, other = (e.args or type(one)._hashable_content(e) for e in (one, other))  # noqa: SLF001
    if is_dataclass(one):
        one, other = (tuple(getattr(e, f.name) for f in fields(one)) for e in (one, other))
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(are_same, one, other))
    return bool(one == other)


def anew(part: Any) -> Any:
    """A network or a part of one, made again of its fields alone, with nothing that it has found out since."""
    if exactly(part, tuple):
        return tuple(map(anew, part))
    made: Any = type(part)
    return made(*(anew(getattr(part, f.name)) for f in fields(part))) if is_dataclass(part) else part
