"""Arrays as dimensions and entries: a column is n x 1, a row 1 x n, and a number has no dimensions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from sympy import Add, Dummy, Expr, Integer, Symbol

from ..notation.reader.tree import Span
from ..surface.terms import D, Kron, M, Total
from .refusals import Malformed, Unknown

ONE = Integer(1)
Ends = tuple[Any, Any]  #: the first and the last value of an index
SINGLE: Ends = (ONE, ONE)
MANY: Ends = (ONE, Symbol("ones"))  #: of a column of ones, which is as long as it has to be


@dataclass(frozen=True)
class Array:
    """``entry(i, j)`` for the indices that ``dims`` give the ends of; ``span`` is where it was written."""

    dims: tuple[Ends, ...]
    entry: Callable[..., Any]
    span: Span
    more: bool = False  #: whether there is an entry 0 as well, which is 1: the bias unit
    counted: tuple[bool, ...] = (False, False)  #: along which axes its entries are written out, so many as there are
    others: tuple[Array, ...] = ()  #: what else may be meant, in other shapes: a derivative entry by entry

    @property
    def is_number(self) -> bool:
        return not self.dims


def number(e: Any, span: Span) -> Array:
    """A term as an array without dimensions."""
    return Array((), lambda: e, span)


def names() -> Callable[[], Symbol]:
    """New names for what is summed over: no reader sees them."""
    places = count()
    return lambda: Symbol(f"s{next(places)}_")


def size(ends: Ends) -> str:
    """How many there are, in letters."""
    count = Add(ends[1], ONE, -ends[0])
    text = re.sub(r"n\(([^()]*)\)", lambda found: f"n_{{{found.group(1)}}}", str(count)).replace(" ", "")
    return re.sub(r"n_\{(\w)\}", r"n_\1", text)


def shape(a: Array) -> str:
    """``n_l×n_l-1``, in words where there is one column, one row, or one number."""
    if a.is_number:
        return "a number"
    rows, columns = a.dims
    if columns == SINGLE:
        return f"a column of {size(rows)}"
    return f"a row of {size(columns)}" if rows == SINGLE else f"{size(rows)}×{size(columns)}"


def transposed(a: Array, span: Span) -> Array:
    """The transpose; of a number, itself."""
    return a if a.is_number else Array(a.dims[::-1], lambda i, j: a.entry(j, i), span, a.more, a.counted[::-1])


def placed(a: Array, span: Span) -> Array:
    """The same, written there."""
    return replace(a, span=span)


def mapped(f: Callable[[Any], Any], a: Array, span: Span) -> Array:
    """``f`` of each entry."""
    return Array(a.dims, lambda *at: f(a.entry(*at)), span, counted=a.counted)


def everywhere(a: Array, at: tuple[Any, ...]) -> Any:
    """The entry there; of a number, the number."""
    return a.entry() if a.is_number else a.entry(*at)


def entrywise(f: Callable[[Any, Any], Any], a: Array, b: Array, text: str) -> Array:
    """``f`` of entries at the same place; a number stands at each of them. Malformed where the shapes differ."""
    span = (a.span[0], b.span[1])
    a, b = alike(a, b)
    if a.is_number or b.is_number:
        counted = b.counted if a.is_number else a.counted
        return Array(a.dims or b.dims, lambda *at: f(everywhere(a, at), everywhere(b, at)), span, counted=counted)
    if a.dims != b.dims:
        raise Malformed(span, f"{said(a, text)}, {said(b, text)}: entry by entry, both need the same")
    return Array(a.dims, lambda *at: f(a.entry(*at), b.entry(*at)), span, counted=a.counted)


def alike(a: Array, b: Array) -> tuple[Array, Array]:
    """Both, so that their shapes are the same where they can be taken so.

    Where one has a bias unit and the other has none, that is left out; where one is a derivative of a column by a
    column of the same length, and the other a column, it is taken entry by entry.
    """
    if a.is_number or b.is_number or a.dims == b.dims:
        return a, b
    a, b = _as_long(a, b), _as_long(b, a)
    for other in a.others:
        if other.dims == b.dims:
            return other, b
    for other in b.others:
        if other.dims == a.dims:
            return a, other
    return _narrowed(a, b), _narrowed(b, a)


def _as_long(a: Array, b: Array) -> Array:
    """``a`` with its ones as many as ``b`` has entries there."""
    return replace(a, dims=tuple(f if e == MANY else e for e, f in zip(a.dims, b.dims, strict=True)))


def ones(span: Span) -> Array:
    """A column of ones."""
    return Array((MANY, SINGLE), lambda *_: ONE, span)


def _narrowed(a: Array, b: Array) -> Array:
    """``a`` from 1 on wherever it has an entry 0 and ``b`` has none."""
    dims = tuple(e if f[0] != ONE or e != (0, f[1]) else f for e, f in zip(a.dims, b.dims, strict=True))
    return replace(a, dims=dims)


def _met(a: Array, b: Array) -> tuple[Array, Array]:
    """Both, with the bias unit where the other one has it."""
    if a.dims[1] == MANY:
        a = replace(a, dims=(a.dims[0], b.dims[0]))
    if b.dims[0] == MANY:
        b = replace(b, dims=(a.dims[1], b.dims[1]))
    inner, outer = a.dims[1], b.dims[0]
    if b.more and inner == (0, outer[1]) and outer[0] == ONE:
        b = replace(b, dims=(inner, b.dims[1]))
    if a.more and outer == (0, inner[1]) and inner[0] == ONE:
        a = replace(a, dims=(a.dims[0], outer))
    return a, b


def repeated(a: Array, b: Array) -> tuple[Array, Array]:
    """Both, the one that is the same for all examples repeated for each of them: the bias."""
    return _as_wide(a, b), _as_wide(b, a)


def _as_wide(a: Array, b: Array) -> Array:
    if a.is_number or b.is_number or a.dims == b.dims:
        return a
    (rows, columns), (of_b, across_b) = a.dims, b.dims
    if columns == SINGLE and across_b == (ONE, M) and rows == of_b:
        return Array(b.dims, lambda i, _: a.entry(i, ONE), a.span)
    if rows == SINGLE and of_b == (ONE, M) and columns == across_b:
        return Array(b.dims, lambda _, j: a.entry(ONE, j), a.span)
    return a


def matrix_product(a: Array, b: Array, text: str, name: Callable[[], Symbol]) -> Array:
    """The product of matrices, rows and columns, or with a number. Malformed where the dimensions do not meet."""
    if a.is_number or b.is_number:
        return entrywise(lambda x, y: x * y, a, b, text)
    a, b = _met(a, b)
    span, inner = (a.span[0], b.span[1]), a.dims[1]
    if inner != b.dims[0]:
        raise Malformed(span, f"{said(a, text)}, {said(b, text)}: the product needs {size(inner)} = {size(b.dims[0])}")
    dims, counted = (a.dims[0], b.dims[1]), (a.counted[0], b.counted[1])
    if inner == SINGLE:
        return Array(dims, lambda i, j: a.entry(i, ONE) * b.entry(ONE, j), span, counted=counted)
    k = name()
    made = Array(dims, lambda i, j: Total(a.entry(i, k) * b.entry(k, j), k, *inner), span, counted=counted)
    return _as_number(made) if made.dims == (SINGLE, SINGLE) else made


def _as_number(a: Array) -> Array:
    return number(a.entry(ONE, ONE), a.span)


def derivative(y: Array, x: Array, span: Span) -> Array:
    """By a column or a matrix: of a number, an array of the same shape; of a column, its Jacobian, a row per entry."""
    if y.is_number:
        return mapped(lambda e: D(y.entry(), e), x, span)
    if x.is_number:
        return mapped(lambda e: D(e, x.entry()), y, span)
    entries = Array(y.dims, lambda i, j: D(y.entry(i, j), x.entry(i, j)), span)
    same = (entries,) if y.dims == x.dims else ()
    if y.dims[1] == x.dims[1] == SINGLE:
        return Array((y.dims[0], x.dims[0]), lambda i, j: D(y.entry(i, ONE), x.entry(j, ONE)), span, others=same)
    if y.dims[0] == x.dims[0] == SINGLE:
        return Array((y.dims[1], x.dims[1]), lambda i, j: D(y.entry(ONE, i), x.entry(ONE, j)), span, others=same)
    if same and (ONE, M) in y.dims:
        return entries  # of all examples, there is no other array with two indices
    raise Unknown(span, "a derivative with more than two indices: write it by entries")


def diagonal(a: Array, span: Span) -> Array:
    """The matrix with a column, or a row, on its diagonal."""
    if a.is_number or SINGLE not in a.dims:
        raise Malformed(span, "only a column has a diagonal matrix")
    upright = a.dims[1] == SINGLE
    ends = a.dims[0] if upright else a.dims[1]
    return Array((ends, ends), lambda i, j: (a.entry(i, ONE) if upright else a.entry(ONE, i)) * Kron(i, j), span)


def trace(a: Array, span: Span, text: str, name: Callable[[], Symbol]) -> Array:
    """The sum along the diagonal; of a number, itself."""
    if a.is_number:
        return placed(a, span)
    if a.dims[0] != a.dims[1]:
        raise Malformed(span, f"{said(a, text)}, and only a square matrix has a trace")
    k = name()
    return number(Total(a.entry(k, k), k, *a.dims[0]), span)


def squared(a: Array, span: Span, name: Callable[[], Symbol]) -> Array:
    """The sum of the squares of all entries."""
    made, at = a.entry, tuple(ONE if ends == SINGLE else name() for ends in a.dims)
    result: Expr = made(*at) ** 2
    for index, ends in zip(at, a.dims, strict=True):
        result = result if index is ONE else Total(result, index, *ends)
    return number(result, span)


def said(a: Array, text: str) -> str:
    """What was written, and its shape."""
    return f"{' '.join(text[a.span[0] : a.span[1]].split())} is {shape(a)}"


def rows(a: Array) -> tuple[Any, ...]:
    """Indices for an entry of it, whatever they are."""
    return tuple(
        ONE if ends == SINGLE else Dummy(letter) for ends, letter in zip(a.dims, ("row", "column"), strict=False)
    )
