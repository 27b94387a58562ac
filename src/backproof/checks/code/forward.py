"""Slips of the forward pass: a network that is not the declared one, and how what it computes differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from ...networks.tables import u
from .model import ELEMENTWISE, Model, evaluate
from .slips import Variant

Array = Any


def outputs(model: Model, layer: int) -> Iterator[Variant]:
    """What a layer gives where its forward pass is wrong."""
    z, f = model.z[layer], model.activation(layer)
    if f.body is None:
        e = np.exp(z)
        words = "the softmax is taken over the examples, and not over the classes"
        yield Variant(("wrong-forward",), words, e / e.sum(axis=1, keepdims=True))
        yield Variant(("wrong-forward",), "the softmax is taken over all entries of the batch", e / e.sum())
    else:
        for name, other in ELEMENTWISE.items():
            if name != f.name:
                words = "there is no activation" if name == "identity" else f"the activation is {name}"
                yield Variant(("wrong-forward",), words, _value(model, other, z))
        without = model.weights[layer] @ model.a[layer - 1]
        bias = z - without
        yield Variant(("wrong-forward",), "the bias is left out", _value(model, f, without))
        yield Variant(("wrong-forward",), "the bias is added after the activation", _value(model, f, without) + bias)
        yield Variant(("wrong-forward",), "the bias is subtracted", _value(model, f, without - bias))


def _value(model: Model, f: Any, argument: Array) -> Array:
    return evaluate(f.body, {u: argument}, exact=model.exact)


def with_output(model: Model, layer: int, output: Array) -> Model:
    """The network whose layer gave this, with all that comes after it; slopes are those of the declared one."""
    a, z, slopes = dict(model.a), dict(model.z), dict(model.slopes)
    a[layer] = output
    for above in range(layer + 1, model.last + 1):
        z[above] = model.weights[above] @ a[above - 1] + (model.z[above] - model.weights[above] @ model.a[above - 1])
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


__all__ = ["outputs", "with_output"]
