"""Which equations a program has wrong, at which layers, and which slips explain its numbers.

From the last layer down, each error is taken as the program must have had it: right, or with a slip that gives the
program's own gradients, or recovered from them. So what goes wrong above is one finding, and does not hide what goes
wrong below. Of several explanations the one with the fewest slips is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from . import slips
from .model import Model, equal
from .slips import Variant

Array = Any
UNKNOWN: Final = 10  # what an array that nothing explains weighs against a slip


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong: the equation, the layers (of weights, from 1), the slip or None, and what was done."""

    equation: str
    layers: tuple[int, ...]
    mistake: str | None
    words: str
    families: tuple[str, ...] = ("w", "b")  # the parameters that it is seen in, "w" or "b"


@dataclass(frozen=True)
class Explained:
    """The defects, and how much they weigh."""

    defects: tuple[Defect, ...]
    weight: int


@dataclass(frozen=True)
class Claims:
    """The gradients of a program, in the orientation of ``Truth``; biases may have shapes that are wrong."""

    weights: Mapping[int, Array]
    biases: Mapping[int, Array]


def diagnose(model: Model, claims: Claims) -> Explained:
    """The best explanation."""
    best = _explained(model, claims)
    if best.weight <= 1:
        return best
    for mistake, words, factor in slips.constants(model):
        found = _explained(model.scaled(factor), claims)
        weight = found.weight + 1
        if weight < best.weight:
            layers = tuple(range(1, model.last))
            equation = "BP1" if not found.defects else "BP4"
            best = Explained((Defect(equation, layers, mistake, words), *found.defects), weight)
    return best


@dataclass(frozen=True)
class _Layer:
    """What explains the gradients of one layer, and the error that the program had there."""

    error: Array
    defects: tuple[Defect, ...]
    weight: int


def _explained(model: Model, claims: Claims) -> Explained:
    defects, weight = list[Defect](), 0
    error, changed = None, None
    for layer in range(model.last, 1, -1):
        found = _layer(model, claims, layer, error, changed)
        defects += found.defects
        weight += found.weight
        error = found.error
        changed = _after_step(model, claims, layer)
    return Explained(tuple(defects), weight)


def _after_step(model: Model, claims: Claims, layer: int) -> Array | None:
    """The weights of a layer once the program has made its step, where it makes steps."""
    gradient = claims.weights.get(layer)
    if model.rate is None or gradient is None or np.shape(gradient) != model.weights[layer].shape:
        return None
    return model.weights[layer] - gradient * model.rate


def _layer(model: Model, claims: Claims, layer: int, above: Array | None, changed: Array | None) -> _Layer:
    best: _Layer | None = None
    for variant in _errors(model, layer, above, changed):
        found = _with_error(model, claims, layer, variant)
        if best is None or found.weight < best.weight:
            best = found
        if best.weight == 0:
            return best
    if best is None or best.weight >= UNKNOWN:
        recovered = _recovered(model, claims, layer)
        if recovered is not None:
            best = recovered
    assert best is not None
    return best


def _errors(model: Model, layer: int, above: Array | None, changed: Array | None) -> Iterable[Variant]:
    rows = slips.output_errors(model) if above is None else slips.hidden_errors(model, layer, above, changed)
    plain = sorted(rows, key=lambda row: len(row.mistakes))
    yield from plain
    for row in plain[:1]:
        for mistake, words, factor in slips.constants(model):
            yield Variant((mistake,), words, row.value * factor)


def _with_error(model: Model, claims: Claims, layer: int, error: Variant) -> _Layer:
    """How well one error explains the gradients."""
    equation = "BP1" if layer == model.last else "BP2"
    defects = [Defect(equation, (layer - 1,), mistake, error.words) for mistake in error.mistakes]
    weight = len(defects)
    for family, claimed, rows, name in (
        ("w", claims.weights.get(layer), slips.weight_gradients, "BP4"),
        ("b", claims.biases.get(layer), slips.bias_gradients, "BP3"),
    ):
        if claimed is None:
            continue
        terms = abs(error.value) @ abs(model.a[layer - 1]).T if family == "w" and not model.exact else None
        row = _first(rows(model, layer, error.value), claimed, terms)
        if row is None:
            weight += UNKNOWN
            defects.append(Defect(name, (layer - 1,), None, "no slip that is known gives these numbers", (family,)))
        else:
            weight += len(row.mistakes)
            defects += [Defect(name, (layer - 1,), mistake, row.words, (family,)) for mistake in row.mistakes]
    return _Layer(error.value, tuple(defects), weight)


def _first(rows: Iterable[Variant], claimed: Array, terms: Array | None) -> Variant | None:
    """The first row that is what was claimed; a wrong one only where it differs from the right one."""
    return next((row for row in rows if equal(claimed, row.value, terms)), None)


def _recovered(model: Model, claims: Claims, layer: int) -> _Layer | None:
    """The error that the gradient of the weights must come from, where the gradient of the biases comes from it, too."""
    claimed = claims.weights.get(layer)
    if claimed is None or np.shape(claimed) != model.weights[layer].shape:
        return None
    below = model.a[layer - 1]
    error = _solved(claimed - model.weight_term(layer), below)
    if error is None or not equal(error @ below.T + model.weight_term(layer), claimed):
        return None
    equation = "BP1" if layer == model.last else "BP2"
    defects = [Defect(equation, (layer - 1,), None, "the error is wrong, by no slip that is known")]
    bias = claims.biases.get(layer)
    row = None if bias is None else _first(slips.bias_gradients(model, layer, error), bias, None)
    if bias is not None and row is None:
        return None
    if row is not None:
        defects += [Defect("BP3", (layer - 1,), mistake, row.words, ("b",)) for mistake in row.mistakes]
    return _Layer(error, tuple(defects), UNKNOWN)


def _solved(product: Array, below: Array) -> Array | None:
    """The error with error @ below.T = product, where there is no more than one: at least as many inputs as examples."""
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
