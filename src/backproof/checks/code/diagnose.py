"""Which equations a program has wrong, at which layers, and which slips explain its numbers.

From the last layer down, each error is taken as the program must have had it: right, or with a slip that gives the
program's own gradients, or recovered from them. So what goes wrong above is one finding, and does not hide what goes
wrong below. Of several explanations the one with the fewest slips is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import numpy as np

from . import slips, turned
from .defects import Claims, Defect, Explained
from .model import CLOSE, ROUNDING, Model, equal, floating
from .slips import Variant

Array = Any
SAME: Final = 1e-9  # relative
SEARCH: Final = 1e4  # times the largest entry: what is found is confirmed in exact numbers, where there are such
UNEXPLAINED: Final = "no slip that is known gives these numbers"
UNEXPLAINED_ERROR: Final = "the error of the layer is wrong, by no slip that is known"
Choice = tuple[int, dict[str, int]]  # which error, and which gradient from it, by family; -1 where none
UNKNOWN: Final = 10  # what an array that nothing explains weighs against a slip


def diagnose(model: Model, claims: Claims) -> Explained:
    """The best explanation; where numbers are exact, it is found in floating point and holds exactly."""
    plain, plain_claims = (model.floating(), _floating(claims)) if model.exact else (model, claims)
    best, chosen = _explained(plain, plain_claims)
    if best.weight >= UNKNOWN and (loop := _of_loop(model, claims, plain, plain_claims)):
        return loop
    found: tuple[Explained, int | None, Mapping[int, Choice | None]] = (best, None, chosen)
    last = _layer(plain, plain_claims, model.last, None, None)[0].weight
    if best.weight > 1 and last:  # a constant that all gradients have shows in the last layer, too
        for place, (_, _, factor) in enumerate(slips.constants(plain)):
            scaled = plain.scaled(factor)
            if _layer(scaled, plain_claims, model.last, None, None)[0].weight >= last:
                continue
            other, chosen = _explained(scaled, plain_claims)
            if other.weight + 1 < found[0].weight:
                found = Explained(other.defects, other.weight + 1), place, chosen
    if not model.exact:
        return _with_constant(model, found[0], found[1])
    return _confirmed(model, claims, found[1], found[2])


def _of_loop(model: Model, claims: Claims, plain: Model, plain_claims: Claims) -> Explained | None:
    """Constants in place of the layer, in a loop: found in floating point, held against exact numbers."""
    found = turned.found(plain, plain_claims)
    return None if found is None else turned.explained(model, claims, found)


def _confirmed(model: Model, claims: Claims, constant: int | None, chosen: Mapping[int, Choice | None]) -> Explained:
    """The same explanation in exact numbers: what is not the same there explains nothing."""
    scaled = model if constant is None else model.scaled([*slips.constants(model)][constant][2])
    defects, weight = list[Defect](), 0 if constant is None else 1
    error, changed = None, None
    for layer in range(model.last, 1, -1):
        place, ways = chosen[layer] or (0, {})
        row = next(islice(_errors(scaled, layer, error, changed), place, None))
        recovered = None if chosen[layer] else _recovered(scaled, claims, layer, error)
        made = recovered or _with_error(scaled, claims, layer, row, ways)[0]
        defects += made.defects
        weight += made.weight
        error, changed = made.error, _after_step(scaled, claims, layer)
    return _with_constant(model, Explained(tuple(defects), weight), constant)


def _with_constant(model: Model, found: Explained, place: int | None) -> Explained:
    """The constant that all gradients have is a defect of its own."""
    if place is None:
        return found
    mistake, words, factor = [*slips.constants(model)][place]
    whole = Defect("BP1", tuple(range(1, model.last)), mistake, words, value=model.scaled(factor).output_error)
    return Explained((whole, *found.defects), found.weight)


def _floating(claims: Claims) -> Claims:
    return Claims(*({n: floating(e) for n, e in table.items()} for table in (claims.weights, claims.biases)))


@dataclass(frozen=True)
class _Layer:
    """What explains the gradients of one layer, and the error that the program had there."""

    error: Array
    defects: tuple[Defect, ...]
    weight: int


def _explained(model: Model, claims: Claims) -> tuple[Explained, dict[int, Choice | None]]:
    defects, weight, chosen = list[Defect](), 0, dict[int, Choice | None]()
    error, changed = None, None
    for layer in range(model.last, 1, -1):
        found, chosen[layer] = _layer(model, claims, layer, error, changed)
        defects += found.defects
        weight += found.weight
        error, changed = found.error, _after_step(model, claims, layer)
    return Explained(tuple(defects), weight), chosen


def _after_step(model: Model, claims: Claims, layer: int) -> Array | None:
    """The weights of a layer once the program has made its step, where it makes steps."""
    gradient = claims.weights.get(layer)
    if model.rate is None or gradient is None or np.shape(gradient) != model.weights[layer].shape:
        return None
    return model.weights[layer] - gradient * model.rate


def _layer(
    model: Model, claims: Claims, layer: int, above: Array | None, changed: Array | None
) -> tuple[_Layer, Choice | None]:
    best: tuple[_Layer, Choice | None] | None = None
    rows = list(_errors(model, layer, above, changed))
    for place in sorted(range(len(rows)), key=lambda at: len(rows[at].mistakes)):
        if best is not None and len(rows[place].mistakes) >= best[0].weight:
            break
        found, ways = _with_error(model, claims, layer, rows[place])
        if best is None or found.weight < best[0].weight:
            best = found, (place, ways)
    if best is None or best[0].weight >= UNKNOWN:
        recovered = _recovered(model, claims, layer, above)
        if recovered is not None:
            return recovered, None
    assert best is not None
    return best


def _errors(model: Model, layer: int, above: Array | None, changed: Array | None) -> Iterator[Variant]:
    """The errors that the program may have had, the right one first."""
    rows = slips.output_errors(model) if above is None else slips.hidden_errors(model, layer, above, changed)
    right = next(rows)
    yield right
    yield from rows
    for name, words, factor in slips.constants(model):
        yield Variant((name,), words, right.value * factor)


def _with_error(
    model: Model, claims: Claims, layer: int, error: Variant, ways: Mapping[str, int] | None = None
) -> tuple[_Layer, dict[str, int]]:
    """How well one error explains the gradients; ``ways``: with which rows, where that is known."""
    equation = "BP1" if layer == model.last else "BP2"
    whole = tuple(range(1, model.last)) if layer == model.last else (layer - 1,)
    defects = [
        Defect(equation, whole if mistake in slips.SCALES else (layer - 1,), mistake, error.words, value=error.value)
        for mistake in error.mistakes
    ]
    weight, chosen = len(defects), dict[str, int]()
    alone = any(own.get(layer) is None for own in (claims.weights, claims.biases))  # then the error itself lacks its σ'
    for family, claimed, rows, name in (
        ("w", claims.weights.get(layer), slips.weight_gradients, "BP4"),
        ("b", claims.biases.get(layer), slips.bias_gradients, "BP3"),
    ):
        if claimed is None:
            continue
        own = claimed - model.weight_term(layer) if family == "w" and _fits(model, layer, claimed) else claimed
        place, row = _first(rows(model, layer, error.value), model, own, _terms(model, own), (ways or {}).get(family))
        chosen[family] = place
        if row is None:
            weight += UNKNOWN
            defects.append(Defect(name, (layer - 1,), None, UNEXPLAINED, (family,), own, error=error.value))
        else:
            weight += len(row.mistakes) + (alone and "missing-sigma-prime" in row.mistakes)
            defects += [Defect(name, (layer - 1,), mistake, row.words, (family,), own) for mistake in row.mistakes]
    return _Layer(error.value, tuple(defects), weight), chosen


def _fits(model: Model, layer: int, claimed: Array) -> bool:
    return bool(np.shape(claimed) == model.weights[layer].shape)


def _terms(model: Model, claimed: Array) -> Array | None:
    """What rounding is measured by where explanations are sought: errors add up along the way."""
    largest = max((abs(e) for e in np.asarray(claimed).flat), default=0)
    return None if model.exact else np.full(np.shape(claimed), SEARCH * max(largest, 1e-3))


def _first(
    rows: Iterable[Variant], model: Model, claimed: Array, terms: Array | None, only: int | None
) -> tuple[int, Variant | None]:
    """The first row that is what was claimed, else one that is but for a constant; or the row at a place, if it is."""
    if only == -1:
        return -1, None
    listed = list(enumerate(islice(rows, None if only is None else only + 1)))[only or 0 :]
    like = _like(claimed, terms)
    for place, row in listed:
        if like(row.value) and equal(claimed, row.value, terms):
            return place, row
    for place, row in listed:
        if found := _scaled(model, row, claimed, terms):
            return place, found
    return -1, None


def _like(claimed: Array, terms: Array | None) -> Callable[[Array], bool]:
    """What may be equal: most rows differ in shape, or where the largest entry is, and need not be looked at whole."""
    one = np.asarray(claimed)
    if terms is None or one.dtype == object or not one.size:
        return lambda _: True
    top = int(np.argmax(abs(one)))
    own, slack = float(one.item(top)), ROUNDING * float(np.asarray(terms).item(top))

    def like(value: Array) -> bool:
        if np.shape(value) != one.shape:
            return False
        other = float(value.item(top))
        return not abs(own - other) > CLOSE * abs(other) + slack

    return like


def _scaled(model: Model, row: Variant, claimed: Array, terms: Array | None) -> Variant | None:
    if np.shape(claimed) != np.shape(row.value):
        return None
    one, other = claimed.flat, row.value.flat
    place = next((at for at, e in enumerate(other) if e != 0), None)
    if place is None:
        return None
    ratio = _real(one[place]) / (_real(other[place]) or 1)
    for mistake, words, factor in slips.constants(model):
        if abs(ratio - factor) <= SAME * abs(factor) and equal(claimed, row.value * factor, terms):
            return Variant((*row.mistakes, mistake), " and ".join(filter(None, (row.words, words))), row.value)
    return None


def _real(e: Any) -> float:
    return float(getattr(e, "shadow", e))


def _recovered(model: Model, claims: Claims, layer: int, above: Array | None) -> _Layer | None:
    """The error that the gradient of the weights must come from, if the gradient of the biases comes from it, too."""
    claimed = claims.weights.get(layer)
    if claimed is None or np.shape(claimed) != model.weights[layer].shape:
        return None
    below = model.a[layer - 1]
    error = _solved(claimed - model.weight_term(layer), below)
    if error is None or not equal(claimed, error @ below.T + model.weight_term(layer), _terms(model, claimed)):
        return None
    equation = "BP1" if layer == model.last else "BP2"
    defects = [Defect(equation, (layer - 1,), None, UNEXPLAINED_ERROR, value=error, error=above)]
    bias = claims.biases.get(layer)
    row = (
        None
        if bias is None
        else _first(slips.bias_gradients(model, layer, error), model, bias, _terms(model, bias), None)[1]
    )
    if bias is not None and row is None:
        return None
    if row is not None:
        defects += [Defect("BP3", (layer - 1,), mistake, row.words, ("b",)) for mistake in row.mistakes]
    return _Layer(error, tuple(defects), UNKNOWN)


def _solved(product: Array, below: Array) -> Array | None:
    """The error with error @ below.T = product, where there is one: at least as many inputs as examples."""
    units, examples = below.shape
    if units < examples:
        return None
    normal = below.T @ below
    try:
        return _solve(normal.T, (product @ below).T).T
    except ZeroDivisionError:
        return None


def _solve(matrix: Array, right: Array) -> Array:
    """Gauss and Jordan, for numbers of any kind. ZeroDivisionError where the matrix has no inverse."""
    rows = np.concatenate([matrix, right], axis=1).astype(object)
    for place in range(len(rows)):
        pivot = next((at for at in range(place, len(rows)) if rows[at, place]), None)
        if pivot is None:
            raise ZeroDivisionError
        rows[[place, pivot]] = rows[[pivot, place]]
        rows[place] = rows[place] / rows[place, place]
        for at in range(len(rows)):
            if at != place:
                rows[at] = rows[at] - rows[place] * rows[at, place]
    found = rows[:, len(matrix) :]
    return found if right.dtype == object else found.astype(float)


__all__ = ["Claims", "Defect", "Explained", "diagnose"]
