"""Loops over the layers in which a constant stands for the layer, as where an l was read as a 1.

From the last hidden layer down, each pass of such a loop takes the weights above its layer, σ' at the layer and the
activations below, and writes two gradients. In each of these five places one layer may stand for that of all passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from .defects import Claims, Defect, Explained
from .model import Model, equal

Array = Any
Table = Mapping[int, Array]
MISTAKE = "wrong-index"
WORDS = "a constant, such as 1 for l, stands for the layer in every pass of the loop: "


class Turned(NamedTuple):
    """The layer that stands in a place in all passes; None where it is that of the pass."""

    slope: int | None = None
    above: int | None = None
    bias: int | None = None
    below: int | None = None
    weight: int | None = None

    @property
    def places(self) -> int:
        return sum(layer is not None for layer in self)


def found(model: Model, claims: Claims) -> Turned | None:
    """The constants that give the numbers of a program, the fewest that do."""
    best: Turned | None = None
    for slope, above in product((None, *model.slopes), (None, *model.weights)):
        errors = _errors(model, Turned(slope, above))
        rest = None if errors is None else _rest(model, claims, Turned(slope, above), errors)
        if rest is not None and (best is None or rest.places < best.places):
            best = rest
    return best


def _rest(model: Model, claims: Claims, so_far: Turned, errors: Table) -> Turned | None:
    """With the places of the gradients: where those of the biases and of the weights are written, and from what."""
    layers = (None, *model.weights)
    bias = next((at for at in layers if _same(_biases(errors, at), claims.biases)), -1)
    if bias == -1:
        return None
    rows = sorted(product(layers, layers), key=lambda row: sum(at is not None for at in row))
    for below, at in rows:
        made = _weights(model, errors, below, at)
        if made is not None and _same(made, claims.weights):
            return so_far._replace(bias=bias, below=below, weight=at)
    return None


def _same(made: Table, claimed: Table) -> bool:
    return all(layer in made and equal(_along(e, made[layer]), made[layer]) for layer, e in claimed.items())


def _along(claimed: Array, like: Array) -> Array:
    """A column as what is along one axis."""
    return claimed.reshape(-1) if like.ndim == 1 and np.size(claimed) == like.size else claimed


# What such a loop computes.


def _errors(model: Model, turned: Turned) -> dict[int, Array] | None:
    """By layer; None where the shapes do not fit."""
    made = {model.last: model.output_error}
    for layer in _passes(model):
        weights, slope = model.weights[turned.above or layer + 1], model.slope(turned.slope or layer)
        if weights.shape[0] != made[layer + 1].shape[0] or slope.shape[0] not in (1, weights.shape[1]):
            return None
        made[layer] = (weights.T @ made[layer + 1]) * slope
    return made


def _passes(model: Model) -> range:
    return range(model.last - 1, 1, -1)


def _biases(errors: Table, at: int | None) -> dict[int, Array]:
    return _left({layer: e.sum(axis=1) for layer, e in errors.items()}, at)


def _weights(model: Model, errors: Table, below: int | None, at: int | None) -> dict[int, Array]:
    """The last layer is no pass of the loop."""
    operands = {n: model.a[(below if below and n != model.last else n) - 1] for n in errors}
    made = _left({n: e @ operands[n].T for n, e in errors.items()}, at)
    return {n: e + model.weight_term(n) if e.shape == model.weights[n].shape else e for n, e in made.items()}


def _left(gradients: Mapping[int, Array], at: int | None) -> dict[int, Array]:
    """What is there at the end, where all passes write to one layer: what the last one wrote."""
    if at is None:
        return dict(gradients)
    last, lowest = max(gradients), min(gradients)
    made = {layer: 0 * e for layer, e in gradients.items()}
    return {**made, last: gradients[last], at: gradients[lowest]}


# What is said of it.


def explained(model: Model, claims: Claims, turned: Turned) -> Explained | None:
    """What is wrong, if these numbers come out of the loop; in exact numbers, exactly."""
    errors = _errors(model, turned)
    if errors is None or turned.places == 0:
        return None
    biases, weights = _biases(errors, turned.bias), _weights(model, errors, turned.below, turned.weight)
    if not (_same(biases, claims.biases) and _same(weights, claims.weights)):
        return None
    return Explained(tuple(_defects(model, turned, errors, biases, weights)), turned.places)


def _defects(model: Model, turned: Turned, errors: Table, biases: Table, weights: Table) -> Iterator[Defect]:
    hidden = [*_passes(model)]
    for own, of, words in (
        (turned.slope, 0, "σ' is that of layer {}"),
        (turned.above, 1, "the weights are those of layer {}"),
    ):
        if own is not None:
            wrong = [layer for layer in hidden if layer + of != own]
            yield _defect("BP2", wrong, words.format(own - 1), errors[wrong[0]])
    if turned.below is not None:
        wrong = [layer for layer in hidden if layer != turned.below]
        words = f"the inputs are those of layer {turned.below - 1}"
        yield _defect("BP4", wrong, words, weights[turned.weight or wrong[0]], ("w",), turned.weight)
    for own, equation, family, table in ((turned.bias, "BP3", "b", biases), (turned.weight, "BP4", "w", weights)):
        if own is not None:
            wrong = [layer for layer in (model.last, *hidden) if layer in {*hidden, own}]
            words = f"it is written to layer {own - 1}, and what was there is lost"
            yield _defect(equation, wrong, words, table[own], (family,), own)


def _defect(
    equation: str, layers: list[int], words: str, value: Array, families: tuple[str, ...] = ("w", "b"),
    left_in: int | None = None,
) -> Defect:  # fmt: skip
    numbers = tuple(sorted(layer - 1 for layer in layers))
    return Defect(equation, numbers, MISTAKE, WORDS + words, families, value, left_in)


__all__ = ["Turned", "explained", "found"]
