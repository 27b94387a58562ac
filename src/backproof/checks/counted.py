"""Arrays that are written out entry by entry: so many as are written, so many units has that layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sympy import Add, Expr, Integer

from ..core.index import entails
from ..notation.reader import tree
from ..notation.text import conditions
from ..surface.elaborate import form
from ..surface.terms import Kron, Member, NonNegative, n
from .arrays import ONE, Array, Ends
from .refusals import Malformed, Refusal, Unknown

if TYPE_CHECKING:
    from .lower import Lowering

SAME: Final = ((0, 0), (1, 1))  #: axes that go together, entry by entry
INNER: Final = ((1, 0),)  #: and in a product
MOST: Final = 64  # entries


def matrix(low: Lowering, part: tree.Matrix) -> Array:
    """A column, a row, or a matrix of numbers, each of which is written. Malformed where the rows are uneven."""
    lengths = {len(row) for row in part.rows}
    if len(lengths) != 1:
        raise Malformed(part.span, "its rows have different lengths")
    if any(isinstance(entry, tree.Mark) for row in part.rows for entry in row):
        raise Unknown(part.span, "entries that are left out")
    if len(part.rows) * min(lengths) > MOST:
        raise Unknown(part.span, f"an array of more than {MOST} entries")
    entries = [[low.number(entry) for entry in row] for row in part.rows]
    dims = ((ONE, Integer(len(entries))), (ONE, Integer(*lengths)))

    def entry(i: Any, j: Any) -> Any:
        across = [_at(j, row) for row in entries]
        return _at(i, across)

    return Array(dims, entry, part.span, counted=(True, True))


def _at(place: Any, values: list[Any]) -> Any:
    """The value at a place, which may be an index."""
    if isinstance(place, Integer) and 1 <= place <= len(values):
        return values[int(place) - 1]
    return Add(*(Kron(place, number) * value for number, value in enumerate(values, 1)))


def sizes_written(low: Lowering, parts: Iterable[tree.Part]) -> frozenset[Any]:
    """That layers have as many units as are written out one by one, in the terms of a sum or the entries of an array.

    These are the layers of indices that are numbers and not all the same there.
    """
    most = dict[Any, int]()
    for whole in parts:
        found = dict[Any, set[int]]()
        for layer, unit in (numbered for inner in _values(whole) for numbered in _numbered(low, inner)):
            found.setdefault(layer, set()).add(unit)
        for layer, units in found.items():
            if len(units) > 1:
                most[layer] = max(most.get(layer, 0), *units)
    return frozenset(NonNegative(form) for layer, count in most.items() for form in _equal(n(layer), Integer(count)))


def _values(part: tree.Part) -> Iterator[tree.Part]:
    """The quantities in a part, those that are differentiated apart."""
    if isinstance(part, tree.Scripted) and part.lower:
        yield part
    elif not isinstance(part, tree.Fraction):
        for inner in tree.below(part):
            yield from _values(inner)


def _numbered(low: Lowering, part: tree.Part) -> Iterator[tuple[Any, int]]:
    """The layers and the numbers of units that a quantity has as its indices."""
    try:
        e = low.number(part)
    except Refusal:
        return
    if isinstance(e, Member) and low.net.kinds.get(e.family, "").startswith("lu"):
        layer, *units = e.indices
        yield from ((layer - by, int(unit)) for by, unit in enumerate(units) if isinstance(unit, Integer))


def checked(low: Lowering, span: tree.Span) -> None:
    """Malformed where what is written out is not all there with so many units."""
    sizes = [h for h in low.conditions if h.args[0].atoms(n) and NonNegative(-h.args[0]) in low.conditions]
    known = [form(h.args[0]) for h in sizes]
    for h in low.conditions:
        if entails(known, form(-h.args[0] - 1)):
            (needed,), given = conditions([h], low.row), ", ".join(conditions(sizes, low.row))
            raise Malformed(span, f"not all that is written is there: {needed} is needed, and {given} is written out")


def fitted(low: Lowering, a: Array, b: Array, axes: tuple[tuple[int, int], ...]) -> tuple[Array, Array]:
    """Both, the one that is written out as long as the other: that there are so many units is a condition."""
    if a.is_number or b.is_number:
        return a, b
    before, one, other = list(low.conditions), a, b
    for first, second in axes:
        if one.counted[first] and not other.counted[second]:
            one, other = _as_long(low, one, first, other, second)
        elif other.counted[second] and not one.counted[first]:
            other, one = _as_long(low, other, second, one, first)
    if all(one.dims[first] == other.dims[second] for first, second in axes):
        return one, other
    low.conditions[:] = before
    return a, b


def _as_long(low: Lowering, written: Array, axis: int, other: Array, of: int) -> tuple[Array, Array]:
    """``written`` along an axis as long as the other one, which begins with the bias unit if that is written."""
    ends, count = other.dims[of], written.dims[axis][1]
    if not isinstance(ends[1], Expr) or not ends[1].has(n):
        return written, other
    if other.more and ends[0] == ONE and _begins_with_the_unit(written, other, of):
        ends = (Integer(0), ends[1])
    elif ends[0] == 0 and _is_impossible(low, ends[1] + 1 - count):  # what belongs to the bias unit is left out
        ends = (ONE, ends[1])
    other = replace(other, dims=_with(other.dims, of, ends))
    low.conditions += [NonNegative(form) for form in _equal(ends[1] - ends[0] + 1, count)]
    by = ends[0] - 1

    def entry(*at: Any) -> Any:
        return written.entry(*(place - by if slot == axis else place for slot, place in enumerate(at)))

    counted = tuple(is_counted and slot != axis for slot, is_counted in enumerate(written.counted))
    return replace(written, dims=_with(written.dims, axis, ends), entry=entry, counted=counted), other


def _begins_with_the_unit(written: Array, other: Array, of: int) -> bool:
    """Whether the first entry that is written is the bias unit, by its index."""
    first, unit = written.entry(ONE, ONE), other.entry(*(Integer(0) if slot == of else ONE for slot in (0, 1)))
    return first == unit or (isinstance(first, Member) and bool(first.indices) and first.indices[-1] == 0)


def _is_impossible(low: Lowering, zero: Any) -> bool:
    """Whether something that is needed is not there where this is 0."""
    known = [form(e) for e in (zero, -zero)]
    return any(entails(known, form(-h.args[0] - 1)) for h in low.conditions)


def _with(dims: tuple[Ends, ...], axis: int, ends: Ends) -> tuple[Ends, ...]:
    return tuple(ends if slot == axis else old for slot, old in enumerate(dims))


def _equal(one: Any, other: Any) -> Iterator[Any]:
    yield from (form for form in (one - other, other - one) if form != 0)


__all__ = ["INNER", "SAME", "checked", "fitted", "matrix", "sizes_written"]
