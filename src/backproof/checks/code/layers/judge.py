"""What a program computed, held against the theorems: entry by entry, and what explains it where it is not the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
from sympy import nan, zoo

from ....notation import profiles, text
from ..residue import PRIME, inverse
from .layer import Drawn, Slot
from .layout import joined, rearranged
from .slips import slips
from .values import Key, Rule

Array = Any
CLOSE: Final = 1e-6  # relative, of an entry, in floating point
LARGEST: Final = 64  # the numerator or denominator of a factor that is named
SMALLEST: Final = 1e-9  # what a difference from 0 is measured by
NO_NUMBERS: Final = (zoo, nan)  # where a slip divides by 0
SAMPLES: Final = 2  # entries by which a slip is tried first


@dataclass(frozen=True)
class Answer:
    """An array that a program gave back or filled. ``begin``: what was in it before, None where it is new."""

    name: str
    slot: Slot
    residues: Array  # None where an entry is not finite
    shadows: Array
    begin: Array | None = None
    degree: int = 0


@dataclass(frozen=True)
class Piece:
    """A part of an answer: the gradient by one family, as it is and as it should be; ``at``: indices in the network."""

    answer: Answer
    family: str
    found: Array  # residues
    real: Array
    truth: Array
    at: Array
    counts: Array  # True where entries count
    accumulates: bool | None = None
    instead: Array | None = None  # what is found if it is not added to what was there, where that is not clear
    near: bool = False  # whether it is compared in floating point

    @property
    def wrong(self) -> Array:
        if self.near:
            return _apart(self.real, real(self.truth)) & self.counts
        return (self.found != residues(self.truth)) & self.counts

    @property
    def name(self) -> str:
        """The parameter, and which part of it."""
        own = self.answer.name
        return own if len(self.answer.slot.parts) == 1 else f"{own} ({self.family})"


def residues(array: Array) -> Array:
    """Those of an array of numbers of the field."""
    return np.array([e.residue if hasattr(e, "residue") else int(e) % PRIME for e in array.flat], dtype=object).reshape(
        array.shape
    )


def _apart(one: Any, other: Any) -> Any:
    """Whether numbers are different ones, as far as floating point tells."""
    return ~(np.abs(one - other) <= CLOSE * np.abs(other) + CLOSE * SMALLEST)


def real(array: Array) -> Array:
    """What the numbers are in floating point; what is 0 exactly is 0."""
    return np.array([_real(e) for e in array.flat]).reshape(array.shape)


def _real(e: Any) -> float:
    return 0.0 if getattr(e, "residue", 1) == 0 else float(getattr(e, "shadow", e))


def places(drawn: Drawn, family: str) -> Array:
    """An array of the indices of each entry."""
    ranges = drawn.values.ranges(family)
    made = np.empty([len(axis) for axis in ranges], dtype=object)
    for at in np.ndindex(made.shape):
        made[at] = tuple(i + axis.start for i, axis in zip(at, ranges, strict=True))
    return made


def pieces(answer: Answer, drawn: Drawn, style: int) -> list[Piece] | None:
    """The parts of an answer; None where its shape is another."""
    slot = answer.slot
    layout = slot.layout(style)
    if callable(layout):
        return None
    one = joined(layout)
    truths, ats = [], []
    for part, own in zip(slot.parts, one.layouts, strict=True):
        truths.append(rearranged(drawn.array(Key(part.family, partial=True)), part.axes, own, drawn.letters))
        ats.append(rearranged(places(drawn, part.family), part.axes, own, drawn.letters))
    shapes = [truth.shape for truth in truths]
    whole = one.together(truths).shape if len(truths) > 1 else shapes[0]
    if not alike(answer.residues.shape, whole):
        return None
    arrays = [answer.residues, answer.shadows] + ([] if answer.begin is None else [answer.begin])
    parts = [one.apart(array.reshape(whole), shapes) for array in arrays]
    mask = drawn.counted(slot, style)
    made = []
    for part, truth, at, *own_arrays in zip(slot.parts, truths, ats, *parts, strict=True):
        found, shadows, begin = (*own_arrays, None)[:3]
        counts = np.ones(truth.shape, dtype=bool) if mask is None else mask
        made.append(_piece(answer, part.family, found, shadows, begin, truth, at, counts))
    return made


def alike(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether two shapes are the same but for axes with one entry."""
    return [n for n in one if n > 1] == [n for n in other if n > 1] or (len(one) == 1 and one[0] == math.prod(other))


def _piece(
    answer: Answer,
    family: str,
    found: Array,
    shadows: Array,
    begin: Array | None,
    truth: Array,
    at: Array,
    counts: Array,
) -> Piece:
    """Compare what was added, or what is there: whichever is nearer to the truth."""
    plain = Piece(answer, family, found, shadows, truth, at, counts, None if begin is None else False)
    if begin is None:
        return plain
    start = residues(begin)
    added = np.array([None if f is None else (f - s) % PRIME for f, s in zip(found.flat, start.flat, strict=True)],
                     dtype=object).reshape(found.shape)  # fmt: skip
    if not start.any():  # then there is no difference
        return replace(plain, accumulates=None)
    more = Piece(answer, family, added, shadows - real(begin), truth, at, counts, accumulates=True, instead=found)
    return more if more.wrong.sum() <= plain.wrong.sum() else plain


def error_bound(pieces_: list[Piece], drawn: Drawn) -> int:
    """The chance, as a power of 2, that a wrong entry is not seen."""
    truths = [getattr(e, "top", 0) + getattr(e, "bottom", 0) for p in pieces_ for e in p.truth.flat]
    degree = max(truths, default=0) + max((p.answer.degree for p in pieces_), default=0)
    return math.ceil(math.log2(drawn.field.chance(degree)))


def factor(piece: Piece) -> Fraction | None:
    """The number by which all entries are too large, None where there is none that is simple."""
    if piece.near:
        return _near_factor(piece)
    truth = residues(piece.truth)
    ratios: set[Any] = {
        f if f is None else f * inverse(t) % PRIME
        for f, t, c in zip(piece.found.flat, truth.flat, piece.counts.flat, strict=True)
        if c and t
    }
    zeros = all(f == 0 for f, t, c in zip(piece.found.flat, truth.flat, piece.counts.flat, strict=True) if c and not t)
    if len(ratios) != 1 or not zeros or None in ratios:
        return None
    [ratio] = ratios  # a whole number
    for below in range(1, LARGEST + 1):
        above = ratio * below % PRIME
        above = above if above < PRIME // 2 else above - PRIME
        if abs(above) <= LARGEST:
            return Fraction(above, below)
    return None


def _near_factor(piece: Piece) -> Fraction | None:
    found, truth = piece.real[piece.counts], real(piece.truth)[piece.counts]
    largest = int(np.argmax(abs(truth)))
    if not np.isfinite(found).all() or not truth[largest]:
        return None
    number = Fraction(float(found[largest] / truth[largest])).limit_denominator(LARGEST)
    return None if _apart(found, float(number) * truth).any() else number


def explained(wrong: list[Piece], right: list[Piece], drawn: Drawn) -> Iterator[tuple[list[Piece], Rule, Any]]:
    """Slips of theorems that reproduce wrong numbers, each with what it explains: those that explain most first."""
    left = list(wrong)
    while left:
        best: tuple[list[Piece], Rule, Any] | None = None
        for rule, slip in _changes(drawn, left, right):
            with _changed(drawn, rule, slip.body):
                done = [p for p in left if _same(p, drawn, 1) and _same(p, drawn)]
                fits = done and all(_same(p, drawn, SAMPLES) for p in right)
            if fits and (best is None or len(done) > len(best[0])):
                best = (done, rule, slip)
            if best is not None and len(best[0]) == len(left):
                break
        if best is None:
            return
        yield best
        left = [p for p in left if all(p is not q for q in best[0])]


def _changes(drawn: Drawn, wrong: list[Piece], right: list[Piece]) -> Iterator[tuple[Rule, Any]]:
    """Slips of the theorems that what is wrong rests on, and nothing of what is right."""
    values = drawn.values
    arities = {f.name: len(f.kinds) for f in values.net.families if f.name != "C"}
    needed = [key for p in wrong for key in values.needs(Key(p.family, partial=True))]
    kept = {key for p in right for key in values.needs(Key(p.family, partial=True))}
    for key in dict.fromkeys(key for key in needed if key not in kept):
        for rule in list(values.rules.get(key, ())):
            if rule.theorem is not None:
                made = slips(rule.body, arities, shown(drawn))
                yield from ((rule, slip) for slip in made if not slip.body.has(*NO_NUMBERS))


def shown(drawn: Drawn) -> Callable[[Any], str]:
    """How terms of the network are printed."""
    row = profiles.for_network(profiles.NIELSEN, drawn.values.net)
    return lambda e: text.text(e, row)


class _changed:  # noqa: N801 - it is used as a function
    """While it lasts, a theorem says something else."""

    def __init__(self, drawn: Drawn, rule: Rule, body: Any) -> None:
        self.values, self.rule, self.body = drawn.values, rule, body

    def __enter__(self) -> None:
        self.values.replace(self.rule, self.body)

    def __exit__(self, *_: object) -> None:
        self.values.restore()


def _same(piece: Piece, drawn: Drawn, count: int | None = None) -> bool:
    """Whether the entries are those that are computed now; of some of the wrong ones, or of all."""
    every = piece.wrong if count and piece.wrong.any() else piece.counts
    at = list(zip(*np.nonzero(every), strict=True))
    chosen = at[:: max(1, len(at) // count)] if count else at
    arrays = [piece.found] if piece.instead is None else [piece.found, piece.instead]
    try:
        for place in chosen:
            value = drawn.values.entry(Key(piece.family, partial=True), piece.at[place])
            if piece.near:
                if _apart(piece.real[place], _real(value)):
                    return False
                continue
            value = value.residue if hasattr(value, "residue") else value % PRIME
            arrays = [array for array in arrays if array[place] == value]
            if not arrays:
                return False
    except (LookupError, ZeroDivisionError, TypeError):
        return False
    return True


def closeness(piece: Piece) -> tuple[int, float]:
    """How many entries are not near the truth in floating point, and the largest relative error."""
    truth = real(piece.truth)
    with np.errstate(all="ignore"):
        error = np.abs(piece.real - truth) / np.where(truth == 0, SMALLEST, np.abs(truth))
    error = np.where(np.isfinite(error), error, np.inf)[piece.counts]
    return int((error > CLOSE).sum()), float(error.max(initial=0.0))


def summary(found: Mapping[str, Any]) -> str:
    """What is said of all findings together."""
    verdicts = {finding["verdict"] for finding in found["findings"]}
    if not verdicts:
        return "unknown"
    return "ok" if verdicts == {"ok"} else "scale" if verdicts <= {"ok", "scale"} else "wrong"


__all__ = ["Answer", "Piece", "closeness", "error_bound", "explained", "factor", "pieces", "summary"]
