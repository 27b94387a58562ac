"""Slips of the forward pass: a network that is not the declared one, and how what it computes differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ...networks.tables import u
from .model import ELEMENTWISE, Model, evaluate
from .slips import Variant

Array = Any
FIRST: Final = 2  # the layer that the inputs go into
WRONG: Final = ("wrong-forward",)


def outputs(model: Model, layer: int) -> Iterator[Variant]:
    """What a layer gives where its activation or its bias is wrong."""
    z, f = model.z[layer], model.activation(layer)
    if f.body is None:
        e = np.exp(z)
        words = "the softmax is taken over the examples, and not over the classes"
        yield Variant(WRONG, words, e / e.sum(axis=1, keepdims=True))
        yield Variant(WRONG, "the softmax is taken over all entries of the batch", e / e.sum())
    else:
        for name, other in ELEMENTWISE.items():
            if name != f.name:
                words = "there is no activation" if name == "identity" else f"the activation is {name}"
                yield Variant(WRONG, words, _value(model, other, z))
        yield Variant(WRONG, "the activation is applied twice", _value(model, f, _value(model, f, z)))
        yield Variant(WRONG, "the bias is added after the activation", _value(model, f, z - _bias(model, layer))
                      + _bias(model, layer))  # fmt: skip


def arguments(model: Model, layer: int) -> Iterator[Variant]:
    """The weighted inputs of a layer where they are wrong."""
    w, bias, below = model.weights[layer], _bias(model, layer), model.a[layer - 1]
    yield Variant(WRONG, "the bias is left out", w @ below)
    yield Variant(WRONG, "the bias is subtracted", w @ below - bias)
    if layer > FIRST:
        words = "it takes z of the layer below, and not its activations"
        yield Variant(WRONG, words, w @ model.z[layer - 1] + bias)
        if model.a[1].shape == below.shape:
            words = "it takes the inputs of the network, and not the activations of the layer below"
            yield Variant(WRONG, words, w @ model.a[1] + bias)
    if w.shape[0] == w.shape[1]:
        yield Variant(WRONG, "the weights are transposed", w.T @ below + bias)
    for other, weights in model.weights.items():
        if other != layer and weights.shape == w.shape:
            yield Variant(WRONG, f"it has the weights of layer {other - 1}", weights @ below + bias)
    for other, one in model.biases.items():
        if other != layer and one.size == len(w):
            yield Variant(WRONG, f"it has the bias of layer {other - 1}", w @ below + one.reshape(-1, 1))


def changes(model: Model) -> Iterator[tuple[tuple[int, ...], str, Model]]:
    """The network with one slip: in one layer, from the last down, in all of them, or in all hidden ones."""
    whole = tuple(range(FIRST, model.last + 1))
    sets = [(layer,) for layer in reversed(whole)] + [one for one in (whole, whole[:-1]) if len(one) > 1]
    for layers in sets:
        kinds = dict.fromkeys(row.words for layer in layers for _, row in _rows(model, layer))
        for words in kinds:
            changed = slipped(model, layers, words)
            if changed is not None:
                yield layers, words, changed


def slipped(model: Model, layers: tuple[int, ...], words: str) -> Model | None:
    """The network with the slip of these words in some layers; None where one has no such slip."""
    for layer in layers:
        found = next(((put, row) for put, row in _rows(model, layer) if row.words == words), None)
        if found is None:
            return None
        model = found[0](model, layer, found[1].value)
    return model


def _rows(model: Model, layer: int) -> Iterator[tuple[Any, Variant]]:
    yield from ((with_output, row) for row in outputs(model, layer))
    yield from ((with_argument, row) for row in arguments(model, layer))


def _bias(model: Model, layer: int) -> Array:
    return model.biases[layer].reshape(-1, 1) if layer in model.biases else 0


def _value(model: Model, f: Any, argument: Array) -> Array:
    return evaluate(f.body, {u: argument}, exact=model.exact)


def with_argument(model: Model, layer: int, argument: Array) -> Model:
    """The network whose layer had this to be activated, with all that comes after it."""
    f = model.activation(layer)
    output = _softmax(argument) if f.body is None else _value(model, f, argument)
    return with_output(replace(model, z={**model.z, layer: argument}), layer, output)


def with_output(model: Model, layer: int, output: Array) -> Model:
    """The network whose layer gave this, with all that comes after it; slopes are those of the declared one."""
    a, z, slopes = dict(model.a), dict(model.z), dict(model.slopes)
    a[layer] = output
    for above in range(layer + 1, model.last + 1):
        z[above] = model.weights[above] @ a[above - 1] + _bias(model, above)
        f = model.activation(above)
        a[above] = _softmax(z[above]) if f.body is None else _value(model, f, z[above])
    for number in slopes:
        f = model.activation(number)
        slopes[number] = model.of_value(f, a[number], z[number])
    changed = replace(model, a=a, z=z, slopes=slopes)
    return replace(changed, output_error=_error(changed))


def _softmax(z: Array) -> Array:
    e = np.exp(z)
    return e / e.sum(axis=0, keepdims=True)


def _error(model: Model) -> Array:
    """The output error as the formulas of the declared network give it on these outputs."""
    last, cost = model.last, model.program.spec.cost
    a, y = model.a[last], model.y
    f = model.activation(last)
    if f.body is None and cost == "log-likelihood":
        return (a * y.sum(axis=0, keepdims=True) - y) * model.share
    if f.name == "sigmoid" and cost == "cross-entropy":
        return (a - y) * model.share
    if f.body is None:
        own = (a - y) * model.share
        return a * (own - (a * own).sum(axis=0, keepdims=True))
    return model.output_gradient * model.slopes[last]


__all__ = ["changes", "slipped"]
