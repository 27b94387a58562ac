"""Terms as a notation writes them: its numbers of layers, rows and columns, and signs; still terms, for the printer.

Where examples stand as rows, an array is written as its transpose: (A B)^T = B^T A^T. Where weights are indexed from
where they lead, w^T is written for w. A Jacobian has a row for each entry of what is differentiated, everywhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sympy import Add, Integer, Mul, Symbol

from ..surface.terms import (
    Apply,
    Binder,
    D,
    Dot,
    Equal,
    Hadamard,
    L,
    Member,
    NonNegative,
    Outer,
    Total,
    Transposed,
    free,
    l,
    n,
    substitute,
)  # fmt: skip
from .row import Notation

LAYERS = (l, Symbol("l'"), Symbol("l''"), L)  # the letters of layers


@lru_cache(maxsize=4096)
def written(e: Any, row: Notation) -> Any:
    """``e`` as ``row`` writes it; where ``row`` has rows, an array as its transpose."""
    return _Writer(row).array(e)


def written_layer(e: Any, row: Notation) -> Any:
    """The number that ``row`` gives to a layer."""
    return _numbered(e, 1 - row.first)


def there(e: Any, row: Notation) -> Any:
    """A quantity that ``written`` has made, as it was: for what has to be looked up in the network."""
    if isinstance(e, Member) and row.kinds.get(e.family, "").startswith("l") and e.indices:
        layer = _numbered(e.indices[0], row.first - 1) + row.shifts.get(e.family, 0)
        return Member(e.family, layer, *(_values(index, row.first - 1) for index in e.indices[1:]))
    return e.func(*(there(arg, row) for arg in e.args)) if isinstance(e, D | Apply) else e


def _numbered(layer: Any, by: int) -> Any:
    """A number of a layer, where the input layer is ``by`` lower; letters stand for other numbers then, too."""
    return _values(layer, by) - by if by else layer


def _values(e: Any, by: int) -> Any:
    """A number, or a term, whose letters of layers stand for numbers that are ``by`` lower."""
    return substitute(e, {letter: letter + by for letter in LAYERS}) if by else e


class _Writer:
    def __init__(self, row: Notation) -> None:
        self.row, self.by, self.rows = row, 1 - row.first, row.vectors == "rows"

    def rank(self, e: Any) -> int:
        """How many indices are left open."""
        if isinstance(e, Member):
            return max(len(self.row.kinds.get(e.family, "")) - len(e.indices), 0)
        if isinstance(e, Transposed | Outer | Dot):
            return 2 if not isinstance(e, Dot) else self.rank(e.args[1])
        if isinstance(e, D | Mul):
            return sum(map(self.rank, e.args))
        if isinstance(e, Add | Hadamard):
            return max(map(self.rank, e.args))
        return self.rank(e.args[isinstance(e, Apply)]) if isinstance(e, Apply | Total) else 0

    def array(self, e: Any) -> Any:
        """As it is written; of an array in a row notation, its transpose."""
        if isinstance(e, Member):
            return self.member(e)
        if isinstance(e, D):
            return self.derivative(e)
        if isinstance(e, Transposed):
            return _transposed(self.array(e.args[0]))
        if isinstance(e, Dot):
            first, second = map(self.array, e.args)
            return _pulled(Dot, *((second, first) if self.rows else (first, second)))
        if isinstance(e, Outer):
            first, second = map(self.array, e.args)
            return _pulled(Dot, _transposed(second), first) if self.rows else _pulled(Outer, first, second)
        if isinstance(e, Hadamard):
            return _pulled(Hadamard, *map(self.array, e.args))
        return self.other(e)

    def member(self, e: Member) -> Any:
        kinds = self.row.kinds.get(e.family, "")
        indices = [_values(index, self.by) for index in e.indices]
        if kinds.startswith("l") and indices:
            indices[0] -= self.by + self.row.shifts.get(e.family, 0)
        made = Member(e.family, *indices)
        if e.family in self.row.negative:
            made = Mul(-1, made)
        return _transposed(made) if self.turned(e) else made

    def turned(self, e: Any) -> bool:
        """Whether its indices are in the other order, while vectors are columns."""
        whole = isinstance(e, Member) and e.family == "w" and len(e.indices) == 1
        return self.row.from_first and not self.rows and whole

    def derivative(self, e: D) -> Any:
        y, x = map(self.array, e.args)
        if self.turned(e.args[1]) and not self.rank(e.args[0]):
            return _transposed(D(y, x.args[0]))
        sign, (y, x) = self.signed((y, x))
        made = Mul(sign, D(y, x))
        jacobian = self.rank(e.args[0]) == 1 == self.rank(e.args[1])
        return _transposed(made) if self.rows and jacobian else made

    def other(self, e: Any) -> Any:
        if isinstance(e, n):
            return n(_numbered(e.args[0], self.by))
        if isinstance(e, Total):
            return self.total(e)
        if isinstance(e, Binder):
            inner, bound, lo, hi = e.args
            return e.func(self.array(inner), bound, *self.ends(bound, lo, hi))
        if isinstance(e, NonNegative):
            return NonNegative(self.value(e.args[0]))
        if isinstance(e, Equal):
            return Equal(*map(self.array, e.args))
        if isinstance(e, Symbol | Integer) or not e.args:
            return self.value(e)
        return e.func(*(arg if isinstance(arg, str) else self.array(arg) for arg in e.args))

    def total(self, e: Total) -> Any:
        body, bound, lo, hi = e.args
        sign, (body,) = self.signed((self.array(body),))
        return Mul(sign, Total(body, bound, *self.ends(bound, lo, hi)))

    def signed(self, terms: tuple[Any, ...]) -> tuple[Integer, tuple[Any, ...]]:
        """The sign in front, where the notation has brought signs in; an author's own stay where they are."""
        return _signed(terms) if self.row.negative else (Integer(1), terms)

    def ends(self, bound: Any, lo: Any, hi: Any) -> tuple[Any, Any]:
        ends = self.value(lo), self.value(hi)
        return (ends[0] - self.by, ends[1] - self.by) if bound in LAYERS else ends

    def value(self, e: Any) -> Any:
        """Numbers, symbols and sizes; whatever else there is goes through ``array``."""
        if isinstance(e, n):
            return n(_numbered(e.args[0], self.by))
        if e.args and not free(e).isdisjoint(LAYERS):
            return e.func(*map(self.value, e.args))
        return _values(e, self.by) if e in LAYERS else e


def _transposed(e: Any) -> Any:
    """The transpose, without two of them, and with signs in front."""
    sign, (inner,) = _signed((e,))
    return Mul(sign, inner.args[0] if isinstance(inner, Transposed) else Transposed(inner))


def _signed(terms: tuple[Any, ...]) -> tuple[Integer, tuple[Any, ...]]:
    """The sign of the product of terms, and the terms without."""
    minus = [isinstance(e, Mul) and e.args[0] == -1 for e in terms]
    bare = tuple(Mul(*e.args[1:]) if m else e for e, m in zip(terms, minus, strict=True))
    return Integer(-1) ** sum(minus), bare


def _pulled(head: Any, *terms: Any) -> Any:
    sign, bare = _signed(terms)
    return Mul(sign, head(*bare))


__all__ = ["there", "written", "written_layer"]
