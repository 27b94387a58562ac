"""Sums over units, layers and examples: what is summed over, and from where to where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from sympy import Symbol

from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..surface.terms import Kron, M, Member, Total, difference, free, n, total
from . import arrays
from .arrays import Array, Ends
from .refusals import Malformed, Unknown
from .scalar import limit
from .spelling import flat, is_size, letter, parts_of

if TYPE_CHECKING:
    from .lower import Lowering


def big(low: Lowering, part: tree.Big) -> Array:
    """A sum over one index, or over all weights."""
    if part.operator == "lim":
        return limit(low, part)
    if part.operator != "sum" or len(part.upper) > 1:
        raise Unknown(part.span, "only sums over one index are understood here")
    if len(part.lower) == 2 and not part.upper and all(isinstance(p, tree.Name) for p in part.lower):
        inner = tree.Big(part.span, "sum", part.lower[1:], (), part.of)
        return big(low, tree.Big(part.span, "sum", part.lower[:1], (), inner))
    if len(part.lower) > 1:
        raise Unknown(part.span, "only sums over one index are understood here")
    part = _told_apart(low, part)
    bound = _bound(low, part)
    if bound is None:
        return _over_weights(low, part)
    apart = _apart(low, part)
    outer = low.conditions, low.ranges, low.example
    low.conditions, low.ranges = [], {}
    if bound.name in low.row.numbers_examples and low.many:
        low.example = bound
    body = low.value(part.of)
    if not part.lower:
        bound = _left_out(low, part)
    found = low.ranges.pop(bound, [])
    kept = [c for c in low.conditions if bound not in free(c)]
    if bound == Symbol("l") and not part.upper and not found:
        found = _all_layers(part, [c.args[0] for c in low.conditions if bound in free(c)])
    ranges = low.ranges
    low.conditions, low.ranges, low.example = outer
    low.conditions += kept
    for at, uses in ranges.items():
        low.ranges.setdefault(at, []).extend(uses)
    ends = _ends(low, part, bound, found)
    if apart is not None:
        return arrays.mapped(lambda e: Total(e * (1 - Kron(bound, apart)), bound, *ends), body, part.span)
    return arrays.mapped(lambda e: Total(e, bound, *ends), body, part.span)


def _all_layers(part: tree.Big, forms: list[Any]) -> list[Ends]:
    """All layers in which what is summed is there."""
    from .extension import layers
    from .inference import NotDefined

    try:
        return [layers(forms)]
    except NotDefined as why:
        raise Unknown(part.span, f"it is not said over which layers it is summed: {why}") from None


def _apart(low: Lowering, part: tree.Big) -> Any:
    r"""What is left out, as in ``\sum_{j \neq k}``; else None."""
    lower = part.lower[0] if len(part.lower) == 1 else None
    if not isinstance(lower, tree.Relation) or lower.relations != ("≠",) or lower.sides[1] is None:
        return None
    return low.index(lower.sides[1])


def _told_apart(low: Lowering, part: tree.Big) -> tree.Big:
    """A sum over the examples x^{(i)}, where units have the letter i, too: the examples have another one."""
    lower = part.lower[0] if part.lower else None
    bound = lower.sides[0] if isinstance(lower, tree.Relation) else lower
    name = letter(bound)
    over_examples = len(part.upper) == 1 and is_size(part.upper[0], "M", low.row) and M in low.net.symbols
    if not over_examples or not name or not isinstance(bound, tree.Name) or not _numbers(part.of, name):
        return part
    units = {letter(p) for s in parts_of(part.of) if isinstance(s, tree.Scripted) for p in _letters(s.lower)}
    if name not in units:
        return part
    other = next(one for one in "eqvug" if one not in {letter(p) for p in parts_of(part.of)})
    first = tree.Name(bound.span, other)
    below = replace(lower, sides=(first, *lower.sides[1:])) if isinstance(lower, tree.Relation) else first
    return replace(part, lower=(below,), of=_renumbered(part.of, name, other))


def _letters(lower: tuple[Part, ...]) -> Iterator[Part]:
    for part in flat(lower):
        if isinstance(part, tree.Name) and len(part.text) > 1 and part.text.isalpha():
            yield from (tree.Name(part.span, sign) for sign in part.text)
        else:
            yield part


def _renumbered(part: Part, name: str, other: str) -> Part:
    """The part with another letter for what is written above in parentheses."""

    def put(found: Any) -> Any:
        if isinstance(found, tuple):
            return tuple(map(put, found))
        return _renumbered(found, name, other) if isinstance(found, Part) else found

    if isinstance(part, tree.Scripted):
        upper = tuple(
            replace(u, parts=(tree.Name(u.parts[0].span, other),))
            if isinstance(u, tree.Group) and len(u.parts) == 1 and letter(u.parts[0]) == name else u
            for u in part.upper
        )  # fmt: skip
        return replace(part, base=_renumbered(part.base, name, other), upper=upper)
    return replace(part, **{slot.name: put(getattr(part, slot.name)) for slot in fields(part) if slot.name != "span"})


def gathered(part: tree.Sum) -> tuple[Part, ...]:
    r"""The terms, where ``\sum_i a^{(i)} + b^{(i)}`` goes on over those that number the same example."""
    terms = list(part.terms)
    for place, term in enumerate(terms[:-1]):
        big = _last(term)
        lower = big.lower[0] if isinstance(big, tree.Big) and len(big.lower) == 1 else None
        bound = lower.sides[0] if isinstance(lower, tree.Relation) else lower
        rest = terms[place + 1 :]
        if bound is not None and isinstance(big, tree.Big) and all(_numbers(other, letter(bound)) for other in rest):
            inner = tree.Sum((big.of.span[0], part.span[1]), (big.of, *rest))
            return (*terms[:place], _with_last(term, replace(big, of=inner)))
    return part.terms


def _last(term: Part) -> Part:
    """The last factor of a term."""
    while isinstance(term, tree.Signed | tree.Product):
        term = term.of if isinstance(term, tree.Signed) else term.factors[-1]
    return term


def _with_last(term: Part, last: Part) -> Part:
    if isinstance(term, tree.Signed):
        return replace(term, of=_with_last(term.of, last))
    if isinstance(term, tree.Product):
        return replace(term, factors=(*term.factors[:-1], _with_last(term.factors[-1], last)))
    return last


def _numbers(term: Part, name: str) -> bool:
    """Whether a term is about the example of that name: a^{(i)}."""
    marks = (u for p in parts_of(term) if isinstance(p, tree.Scripted) for u in flat(p.upper))
    return any(isinstance(u, tree.Group) and len(u.parts) == 1 and letter(u.parts[0]) == name for u in marks)


def _bound(low: Lowering, part: tree.Big) -> Symbol | None:
    """What is summed over; None where that is all weights."""
    if not part.lower:
        return Symbol("")
    lower = part.lower[0]
    names_it = isinstance(lower, tree.Relation) and lower.relations in (("=",), ("∈",), ("≠",))
    first = lower.sides[0] if isinstance(lower, tree.Relation) and names_it else lower
    text = letter(first)
    if not part.upper and first is lower and text and low.family(lower) == "w":
        return None
    if not text or (text in ("L", "C") or (text == "x" and "x" not in low.row.numbers_examples)):
        raise Unknown(lower.span, f"a sum over {low.shown(lower)}")
    return Symbol("l" if text == r"\ell" else text)


def _left_out(low: Lowering, part: tree.Big) -> Symbol:
    """The index of a sum that names none: the only one that is not the claim's own."""
    mine = [at for at in low.ranges if at not in (low.known or ())]
    if low.known is None or len(mine) != 1:
        raise Unknown(part.span, "it is not said what is summed over")
    return mine[0]


def _over_weights(low: Lowering, part: tree.Big) -> Array:
    r"""The sum of something of each weight: ``\sum_w w^2``."""
    of = part.of
    square = isinstance(of, tree.Scripted) and not of.lower and [p.text for p in of.upper if isinstance(p, tree.Number)]
    if not isinstance(of, tree.Scripted) or square != ["2"] or letter(of.base) != letter(part.lower[0]):
        raise Unknown(part.span, "a sum over all weights of something else than their squares")
    l_, j, k = (low.name() for _ in range(3))
    squares = total(total(Member("w", l_, j, k) ** 2, k, l_ - 1), j, l_)
    return arrays.number(Total(squares, l_, 2, low.net.depth), part.span)


def _ends(low: Lowering, part: tree.Big, bound: Symbol, found: list[Ends]) -> Ends:
    """From where to where a sum goes: as it is written, or else over all units that its index is used for."""
    lower = part.lower[0] if part.lower else None
    is_range = isinstance(lower, tree.Relation) and lower.relations == ("=",)
    of_layers = bound == Symbol("l")
    written = _end(low, part.upper[0], layer=of_layers) if part.upper else None
    start = None
    if isinstance(lower, tree.Relation) and is_range:
        start = _end(low, lower.sides[1], layer=of_layers) if lower.sides[1] else None
        if start is None:
            raise Unknown(lower.span, f"a sum over {low.shown(lower)}")
    if start is not None and written is not None:
        return _as_written(low, part, bound, found, (start, written))
    if not found:
        raise Unknown(part.span, f"{bound} is summed over, and no index of what is summed")
    if len(set(found)) > 1:
        sizes = sorted({arrays.size(e) for e in found})
        raise Malformed(part.span, f"{bound} goes up to {' and to '.join(sizes)}")
    if start is not None and lower is not None and start != found[0][0]:
        raise Unknown(lower.span, "a sum over a part of an axis")
    return found[0]


def _as_written(low: Lowering, part: tree.Big, bound: Symbol, found: list[Ends], ends: Ends) -> Ends:
    if low.net.depth is None and any(difference(high, ends[1]) is not None for _, high in found):
        return ends  # the axis is this one, and some of what is summed is of the step before or behind
    if ends in found and all(high == ends[1] and difference(ends[0], low_) in (0, 1) for low_, high in found):
        return ends  # some of what is summed has a bias unit
    if len({*found, ends}) > 2 - (ends in found) and ends in found and not any(e[1] == M for e in found):
        uses = " and to ".join(sorted({arrays.size(e) for e in found}))
        raise Malformed(part.span, f"{bound} goes up to {uses}")
    if found and bound != Symbol("l") and set(found) != {ends}:
        uses = ", ".join(sorted({arrays.size(e) for e in found}))
        raise Unknown(part.span, f"a sum over a part of an axis: {bound} is used up to {uses}")
    return ends


def _end(low: Lowering, part: Part, *, layer: bool) -> Any:
    """An end of a sum; None for a letter that says no more than that all are summed."""
    if layer:
        return low.layer(part)
    if isinstance(part, tree.Scripted) and is_size(part.base, "n", low.row):
        return n(low.layer((part.lower or part.upper)[0]))
    if is_size(part, "M", low.row) and M in low.net.symbols:
        return M
    if (size := low.own_size(part)) is not None:
        return size
    if isinstance(part, tree.Name) and (low.net.depth is None or letter(part) not in ("l", "L")):
        return None
    try:
        return low.index(part)
    except Unknown:
        return None


__all__ = ["big", "gathered"]
