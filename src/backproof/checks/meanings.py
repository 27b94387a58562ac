"""Letters of the notation to which a document gives a meaning of its own: a cost with another factor, a sum of errors.

Where the letter stands, what it was defined as stands, with the indices that are written there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sympy import Symbol

from ..notation.reader import tree
from ..notation.reader.tree import Part
from ..surface.terms import free, substitute
from .arrays import SINGLE, Array, number, placed, transposed
from .refusals import Unknown
from .spelling import flat, is_transpose, letter, parts_of

if TYPE_CHECKING:
    from .lower import Lowering


@dataclass(frozen=True)
class Meaning:
    """``head``, as it is written in ``text``, is ``body``."""

    text: str
    head: Part
    body: Part

    @property
    def letter(self) -> str:
        return letter(_base(self.head))


def used(parts: Iterable[Part], meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    """The meanings of letters that stand in these parts."""
    letters = {letter(found) for part in parts for found in parts_of(part)}
    return tuple(meaning for meaning in meanings if meaning.letter in letters)


def meant(low: Lowering, part: Part) -> Array | None:
    """What a letter was defined as, with the indices that it has here; None where it was not, or not like this."""
    text = letter(_base(part))
    for meaning in low.meanings:
        if meaning.letter == text and (found := _matched(low, meaning, part)) is not None:
            return placed(found, part.span)
    return None


def _matched(low: Lowering, meaning: Meaning, part: Part) -> Array | None:
    given, wanted = _marks(part), _marks(meaning.head)
    layers = [u for u in given[0] if not is_transpose(u)]
    turned = len(layers) < len(given[0])
    if len(layers) != len(wanted[0]) or (wanted[1] and len(given[1]) != len(wanted[1])):
        return None
    inner = replace(low, text=meaning.text, meanings=(), conditions=[], ranges={})
    values: dict[Any, Any] = {}
    pairs = [
        *((low.layer(u), inner.layer(v)) for u, v in zip(layers, wanted[0], strict=True)),
        *((low.index(u), inner.index(v)) for u, v in zip(given[1] if wanted[1] else (), wanted[1], strict=True)),
    ]
    for value, pattern in pairs:
        if isinstance(pattern, Symbol) and not pattern.is_positive:
            values[pattern] = value
        elif pattern != value:
            return None
    made = _put(inner.value(meaning.body), values)
    low.conditions += [substitute(c, values) for c in inner.conditions]
    for at, ends in inner.ranges.items():
        value = values.get(at, at)
        if isinstance(value, Symbol):
            low.ranges.setdefault(value, []).extend(tuple(substitute(e, values) for e in pair) for pair in ends)
    if given[1] and not wanted[1]:
        made = picked(low, made, given[1], part)
    return transposed(made, part.span) if turned else made


def _put(made: Array, values: dict[Any, Any]) -> Array:
    dims = tuple((substitute(lo, values), substitute(hi, values)) for lo, hi in made.dims)

    def entry(*at: Any) -> Any:
        e = made.entry(*at)
        mine = {symbol for index in at for symbol in free(index)} if at else set()
        return substitute(e, {k: v for k, v in values.items() if k not in mine})

    return Array(dims, entry, made.span)


def picked(low: Lowering, made: Array, marks: tuple[Part, ...], part: Part) -> Array:
    """Entries, rows and columns of what a letter stands for: ``Δ_{i,:}``."""
    open_ = [place for place, ends in enumerate(made.dims) if ends != SINGLE]
    places = open_ if len(marks) == len(open_) else [0, 1] if len(marks) == len(made.dims) else []
    if not places:
        raise Unknown(part.span, f"{low.shown(part)} has other indices than where it was defined")
    at = {place: low.index(m) for place, m in zip(places, marks, strict=True) if not isinstance(m, tree.Mark)}
    for place, index in at.items():
        if isinstance(index, Symbol):
            low.ranges.setdefault(index, []).append(made.dims[place])
    if set(at) >= set(open_):
        return number(made.entry(*(at.get(place, 1) for place in (0, 1))), part.span)
    dims = tuple(SINGLE if place in at else ends for place, ends in enumerate(made.dims))
    return Array(dims, lambda *index: made.entry(*(at.get(place, index[place]) for place in (0, 1))), part.span)


def _marks(part: Part) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """What stands above and below."""
    above: tuple[Part, ...] = ()
    below: tuple[Part, ...] = ()
    while isinstance(part, tree.Scripted):
        above, below = (*flat(part.upper), *above), (*flat(part.lower), *below)
        part = part.base
    return above, below


def _base(part: Part) -> Part:
    while isinstance(part, tree.Scripted):
        part = part.base
    return part


__all__ = ["Meaning", "meant", "picked", "used"]
