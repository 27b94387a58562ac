"""The slips that people make in backward passes, each as the numbers that it leads to.

A row has the name of the slip, as in the verdict's ``mistake``, what was done in words, and the numbers. Rows without a
name are right. They are tried against what a program computed; a slip is named only where it gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np

from .model import ELEMENTWISE, Model

Array = Any
DENOMINATOR: Final = 10**6  # of a learning rate
FIRST: Final = 2  # the layer that the inputs go into


class Variant(NamedTuple):
    """``mistakes``: the names of what is wrong, none where all is right."""

    mistakes: tuple[str, ...]
    words: str
    value: Array


def _both(first: Variant, second: Variant) -> Variant:
    words = ", and ".join(filter(None, (first.words, second.words)))
    return Variant(first.mistakes + second.mistakes, words, first.value * second.value)


# Constants.


def constants(model: Model) -> tuple[tuple[str, str, Any], ...]:
    """What gradients are multiplied by, where they should not be."""
    rate = None if model.rate is None else Fraction(_real(model.rate)).limit_denominator(DENOMINATOR)
    return _constants(model.examples, int(model.y.shape[0]), rate, model.exact)


def _real(e: Any) -> float:
    return float(getattr(e, "shadow", e))


@cache
def _constants(
    examples: int,
    outputs: int,
    rate: Fraction | None,
    exact: bool,  # noqa: FBT001
) -> tuple[tuple[str, str, Any], ...]:
    rates = () if rate is None else (
        (rate, "scale", "the learning rate is there twice"),
        (1 / rate, "scale", "the learning rate is left out"),
        (rate / examples, "scale", f"the learning rate is there twice, and 1/M = 1/{examples} once more"),
    )  # fmt: skip
    listed: tuple[tuple[Any, str, str], ...] = (
        *rates,
        (-1, "sign", "the sign is the other one"),
        (2, "scale", "a factor of 2"),
        (Fraction(1, 2), "scale", "a factor of 1/2"),
        (examples, "batch-constant", f"a factor of M = {examples}: the sum over the examples, and not their mean"),
        (Fraction(1, examples), "batch-constant", f"a factor of 1/M = 1/{examples}: the mean over the examples"),
        (outputs, "batch-constant", f"a factor of {outputs}, the number of outputs"),
        (Fraction(1, outputs), "batch-constant",
         f"a factor of 1/{outputs}: divided by the number of outputs as well"),
        (Fraction(2, examples), "batch-constant", f"a factor of 2/M = 2/{examples}"),
        (Fraction(examples, 2), "batch-constant", f"a factor of M/2 = {examples}/2"),
        (Fraction(2, examples * outputs), "batch-constant", f"a factor of 2/({examples} * {outputs})"),
        (Fraction(examples * outputs, 2), "batch-constant",
         f"a factor of ({examples} * {outputs})/2: 2 over the number of entries is left out"),
        (Fraction(1, examples * outputs), "batch-constant", f"a factor of 1/({examples} * {outputs})"),
        (examples * outputs, "batch-constant", f"a factor of {examples} * {outputs}, the number of entries"),
    )  # fmt: skip
    named = dict[Any, tuple[str, str]]()
    for c, name, words in listed:  # where two are the same number, the first is likelier
        named.setdefault(c, (name, words))
    return tuple((name, words, c if exact else float(c)) for c, (name, words) in named.items() if c != 1)


# Slopes.


def slopes(model: Model, layer: int) -> Iterator[Variant]:
    """What an error is multiplied by where f'(z) is meant; softmax has none."""
    f, z, a = model.activation(layer), model.z[layer], model.a[layer]
    if f.body is None:
        yield Variant((), "", 1)
        yield Variant(("softmax-diagonal",), "the Jacobian of softmax is taken as its diagonal a (1 - a)", a * (1 - a))
        return
    right = model.slope(layer)
    yield Variant((), "", right)
    if f.name != "identity":
        yield Variant(("missing-sigma-prime",), f"σ'(z^{layer - 1}) is left out", 1)
    argument = "sigma-prime-argument"
    yield Variant((argument,), "σ' is taken at the activation a, and not at z", model.slope_of(f, a))
    yield Variant((argument,), "the formula for σ' in terms of a is given z", model.of_value(f, z, z))
    yield Variant((argument,), "σ' is taken twice", right * right)
    if f.name == "sigmoid":
        yield Variant(("missing-term",), "of σ' = a (1 - a) the factor 1 - a is missing", a)
        yield Variant(("missing-term",), "of σ' = a (1 - a) the factor a is missing", 1 - a)
        yield Variant(("sign",), "σ' is taken as a (a - 1)", -right)
    if f.name == "relu":
        yield Variant(("operand",), "the mask is the other way round: it keeps what is not positive", 1 - right)
    if f.name == "tanh":
        yield Variant(("operand",), "σ' is taken as 1 - a, and not 1 - a^2", 1 - a)
        yield Variant(("operand",), "σ' is taken as 1 + a^2, and not 1 - a^2", 1 + a * a)
    if f.name not in ("sigmoid", "identity"):
        yield Variant(("operand",), "the activation is taken in place of its derivative", a)
    for other in range(2, model.last + 1):
        if other != layer and model.z[other].shape == z.shape and model.activation(other).body is not None:
            of = {layer - 1: "the layer below", layer + 1: "the layer above"}.get(other, f"layer {other - 1}")
            yield Variant(("wrong-layer",), f"σ' is that of {of}", model.slope(other))
    for name, other_f in ELEMENTWISE.items():
        if name not in {f.name, "identity"}:
            yield Variant(("operand",), f"the derivative of {name} is taken", model.slope_of(other_f, z))
            yield Variant(("operand",), f"the derivative of {name} is taken", model.of_value(other_f, a, z))


# BP1.


def output_errors(model: Model) -> Iterator[Variant]:
    """The error of the last layer, right and wrong."""
    last, y = model.last, model.y
    yield Variant((), "", model.output_error)
    gradient, difference = model.output_gradient, (model.a[last] - y) * model.share
    ends = [
        Variant((), "", gradient),
        Variant(("operand",), "a - y in place of the derivative of the cost by the outputs", difference),
        Variant(("operand",), "z - y in place of a - y", (model.z[last] - y) * model.share),
        Variant(("sign",), "a + y in place of a - y", (model.a[last] + y) * model.share),
        Variant(("operand",), "the outputs without the targets", model.a[last] * model.share),
        Variant(("missing-term",), "the targets alone", -y * model.share),
    ]
    if model.activation(last).body is None:  # softmax: a - y already has the Jacobian in it
        ends[1] = Variant((), "", model.output_error)
    for slope in slopes(model, last):
        for end in ends:
            made = _both(end, slope)
            if made.mistakes or model.activation(last).body is not None:
                yield made
    if model.activation(last).body is not None:
        extra = model.output_error * model.slope(last)
        yield Variant(("sigma-prime-argument",), "σ'(z) once more than there is: it cancels with this cost", extra)
        yield Variant(("missing-sigma-prime",), "σ'(z) is left out", difference)
    else:
        yield Variant(("missing-sigma-prime",), "the Jacobian of softmax is left out", gradient)
    yield from _broadcast(model)
    yield from _twice(model)


def _twice(model: Model) -> Iterator[Variant]:
    """Losses that have the last activation within them are given its values, and not what it is taken of."""
    a, y, f = model.a[model.last], model.y, model.activation(model.last)
    if f.body is None:
        e = np.exp(a)
        ends = (
            ("softmax is taken twice: the loss takes it once more", e / e.sum(axis=0) * y.sum(axis=0) - y),
            ("the logarithm is missing: the loss is given probabilities", -y),
        )
        for words, end in ends:
            back = a * (end - (a * end).sum(axis=0, keepdims=True))
            yield Variant(("wrong-forward",), words, back * model.share)
    elif f.name == "sigmoid":
        twice = 1 / (1 + np.exp(-a)) - y
        words = "the sigmoid is taken twice: the loss takes it once more"
        yield Variant(("wrong-forward",), words, twice * model.slope(model.last) * model.share)


def _squared(model: Model) -> bool:
    return model.program.spec.cost == "quadratic" and model.activation(model.last).body is not None


def _broadcast(model: Model) -> Iterator[Variant]:
    """Sums over what broadcasting has spread."""
    if model.y.shape[0] == 1:
        each = (model.a[model.last] * model.examples - model.y.sum()) * model.share
        words = "an array of one axis and one of two are combined: each example meets the targets of all"
        yield Variant(("broadcast",), words, each * (model.slope(model.last) if _squared(model) else 1))
        total = (model.a[model.last] - model.y).sum() * model.share
        yield Variant(("broadcast",), "the errors of all examples are mixed", total + 0 * model.output_error)


# BP2.


def hidden_errors(model: Model, layer: int, error: Array, wrong_weights: Array) -> Iterator[Variant]:
    """The error of a hidden layer, from the one above as the program has it; ``wrong_weights``: after the step."""
    cut: Variant | None = Variant(
        ("missing-term",), "no error comes back to the layer: it is cut off", 0 * model.z[layer]
    )
    for slope in slopes(model, layer):
        for back in _pulled_back(model, layer, error, wrong_weights):
            if np.shape(back.value) == model.z[layer].shape:
                made = _both(back, slope)
                if not (made.mistakes and len(made.mistakes) > 2):
                    yield made
                    if cut is not None:
                        yield cut
                        cut = None


def _pulled_back(model: Model, layer: int, error: Array, wrong_weights: Array) -> Iterator[Variant]:
    w = model.weights[layer + 1]
    yield Variant((), "", w.T @ error)
    if wrong_weights is not None:
        yield from _after_the_step(model, layer, error, wrong_weights)
    if w.shape[0] == w.shape[1]:
        yield Variant(("transpose",), "the weights are not transposed", w @ error)
    yield from _other_errors(model, layer, error)
    for other, weights in model.weights.items():
        if other != layer + 1 and weights.shape == w.shape:
            taken = "the layer's own weights" if other == layer else f"the weights of layer {other - 1}"
            words = f"{taken} are taken, and not those of the layer above"
            yield Variant(("wrong-layer",), words, weights.T @ error)
    if layer + 1 in model.biases:
        yield from _wrong_end(w.T @ error, model.biases[layer + 1].reshape(1, -1) @ error)
    if w.shape[0] > 1:
        yield from _wrong_sums(w, error)


def _after_the_step(model: Model, layer: int, error: Array, wrong_weights: Array) -> Iterator[Variant]:
    words = "the weights of the layer above are changed before the error is pulled back through them"
    yield Variant(("update-order",), words, wrong_weights.T @ error)
    if model.single:  # a step for each example: (delta a^T)^T delta, one by one
        inputs = (error * error).sum(axis=0)[None, :] * model.a[layer]
        yield Variant(("update-order",), words, model.weights[layer + 1].T @ error - inputs * model.rate)


def _other_errors(model: Model, layer: int, error: Array) -> Iterator[Variant]:
    """Something else is pulled back than the error above, or it is not pulled back."""
    up, w = layer + 1, model.weights[layer + 1]
    if up == model.last:
        raw = (model.a[up] - model.y) * model.share
        yield Variant(("missing-sigma-prime",), "a - y is pulled back in place of the output error", w.T @ raw)
        if raw.shape[0] == 1:
            yield Variant(("operand",), "a - y is taken in place of what is pulled back", _spread(raw, w.shape[1]))
        words = "the gradient of the cost is pulled back, without σ'"
        yield Variant(("missing-sigma-prime",), words, w.T @ model.output_gradient)
    elif (lost := _quotient(error, model.slope(up))) is not None:
        yield Variant(("operand",), "the error above is taken without its σ'", w.T @ lost)
    if error.shape[0] > 1:
        total = error.sum(axis=0, keepdims=True)
        yield Variant(("operand",), "the errors above are summed without the weights", _spread(total, w.shape[1]))
    if error.shape[0] == 1:
        yield Variant(("operand",), "the error above is taken without the weights", _spread(error, w.shape[1]))
    if error.shape[0] == w.shape[1]:
        yield Variant(("hadamard-vs-matmul",), "the error above is taken without the weights", error)


def _wrong_end(error: Array, bias: Array) -> Iterator[Variant]:
    """Where the bias is a column of the weights, and not its entry is left out but the one at the other end."""
    words = "the entry of the bias is kept, and one of a unit left out: the wrong end is cut off"
    yield Variant(("wrong-index",), words, np.concatenate([error[1:], bias]))
    yield Variant(("wrong-index",), words, np.concatenate([bias, error[:-1]]))


def _wrong_sums(w: Array, error: Array) -> Iterator[Variant]:
    """Sums over the units above that leave some out, or go over the wrong index."""
    for place, words in ((0, "first"), (w.shape[0] - 1, "last")):
        one = w[[place]].T @ error[[place]]
        yield Variant(("missing-sum",), f"of the units above only the {words} counts", one)
    total = w.sum(axis=0)[:, None] * error.sum(axis=0)[None, :]
    yield Variant(("wrong-index",), "weights and errors are summed each by itself", total)
    every = (w.sum(axis=1)[:, None] * error).sum(axis=0)[None, :]
    yield Variant(("wrong-index",), "the sum of the weights goes over the wrong index", _spread(every, w.shape[1]))


def _spread(row: Array, units: int) -> Array:
    return np.repeat(row, units, axis=0)


def _quotient(error: Array, slope: Array) -> Array | None:
    zero = any(not e for e in np.asarray(slope).flat)
    return None if zero else error / slope


# BP4 and BP3.


def weight_gradients(model: Model, layer: int, error: Array) -> Iterator[Variant]:
    """The gradient of the weights of a layer, from its error as the program has it, without what a penalty adds."""
    below, term = model.a[layer - 1], model.weight_term(layer)
    data = error @ below.T
    yield Variant((), "", data)
    if model.decay:
        yield Variant(("missing-term",), "the penalty is left out", data - term)
        for factor in (2, Fraction(1, 2), model.examples, Fraction(1, model.examples), -1):
            value = (factor if model.exact else float(factor)) - 1
            words = f"the term of the penalty has a factor of {factor}"
            yield Variant(("sign" if factor == -1 else "scale",), words, data + term * value)
    yield from _outer_products(model, layer, error)
    if model.activation(layer).body is not None and (lost := _quotient(error, model.slope(layer))) is not None:
        yield Variant(("missing-sigma-prime",), "the error is taken without its σ'", lost @ below.T)
    if layer > FIRST:
        words = "the inputs of the network in place of those of the layer"
        yield Variant(("operand",), words, error @ model.a[1].T)
        yield Variant(("operand",), words, error @ _as_many(model.a[1], len(below)).T)
    yield Variant(("missing-term",), "it is never computed: all zeros", 0 * data)
    for place, words in ((0, "first"), (model.examples - 1, "last")):
        if model.examples > 1:
            one = error[:, [place]] @ below[:, [place]].T
            yield Variant(("missing-sum",), f"of the examples only the {words} counts", one)


def _outer_products(model: Model, layer: int, error: Array) -> Iterator[Variant]:
    below = model.a[layer - 1]
    if model.examples > 1:
        words = "errors and inputs are summed over the examples each by itself, before they are multiplied"
        yield Variant(("wrong-index",), words, np.outer(error.sum(axis=1), below.sum(axis=1)))
    words = "it is transposed: the factors of the outer product change places"
    yield Variant(("transpose",), words, below @ error.T)
    if below.shape[0] == model.examples:
        words = "the examples stand the wrong way: their matrix is not transposed, and this runs with no other number"
        yield Variant(("transpose",), words, error @ below)
    for letter, table in (("a", model.a), ("z", model.z)):
        for number, values in table.items():
            if (letter, number) not in {("a", layer - 1), ("a", 1)}:
                mistake = "operand" if number == layer - 1 else "wrong-layer"
                words = f"{letter} of layer {number - 1} in place of the inputs of the layer"
                yield Variant((mistake,), words, error @ values.T)


def _as_many(values: Array, units: int) -> Array:
    """As many rows: the first ones, or with zeros below."""
    missing = np.repeat(0 * values[:1], max(units - len(values), 0), axis=0)
    return np.concatenate([values, missing])[:units]


def bias_gradients(model: Model, layer: int, error: Array) -> Iterator[Variant]:
    """The gradient of the biases of a layer: of shape (n,), of (n, M) where it is not summed, of () where it is one
    number.
    """
    total = error.sum(axis=1)
    if layer in model.shared:
        yield from _of_shared(model, total)
        return
    yield Variant((), "", total)
    yield Variant(("missing-term",), "it is never computed: all zeros", 0 * total)
    if model.activation(layer).body is not None and (lost := _quotient(error, model.slope(layer))) is not None:
        yield Variant(("missing-sigma-prime",), "the error is taken without its σ'", lost.sum(axis=1))
    yield Variant(("bias-not-summed",), "one column per example, and not their sum", error)
    yield Variant(("wrong-index",), "summed over the units of the layer, and not over the examples", error.sum(axis=0))
    whole = np.array(error.sum(), dtype=error.dtype)
    yield Variant(("bias-scalar",), "one number: summed over the units as well", whole)
    yield Variant(("bias-scalar",), "one number: summed over the units as well", np.full(total.shape, whole))
    words = "a column and an array of one axis are combined: each bias meets the gradient of every other"
    yield Variant(("broadcast",), words, np.repeat(total[None, :], len(total), axis=0))
    if model.decay and layer in model.biases:
        words = "the penalty is on the biases as well"
        yield Variant(("operand",), words, total + model.biases[layer].reshape(-1) * model.decay)
    mean = whole * model.number(Fraction(1, len(total)))
    for value in (np.array(mean, dtype=error.dtype), np.full(total.shape, mean)):
        yield Variant(("bias-scalar",), "one number: the mean over the units as well", value)
    if model.examples > 1:
        yield Variant(("missing-sum",), "of the examples only the first counts", error[:, 0])
        yield Variant(("missing-sum",), "of the examples only the last counts", error[:, -1])


def _of_shared(model: Model, total: Array) -> Iterator[Variant]:
    """The gradient of a bias that all units of a layer have: a number."""

    def number(value: Any) -> Array:
        return np.array(value, dtype=total.dtype)

    yield Variant((), "", number(total.sum()))
    yield Variant(("missing-term",), "it is never computed: 0", number(0 * total.sum()))
    for place, words in ((0, "first"), (-1, "last")):
        yield Variant(("missing-sum",), f"of the units only the {words} counts", number(total[place]))
    mean = Fraction(1, total.size) if model.exact else 1 / total.size
    yield Variant(("scale",), "it is the mean over the units, and not their sum", number(total.sum() * mean))
    yield Variant(("bias-not-summed",), "one number for each unit, and not their sum", total)


SCALES: Final = ("sign", "scale", "batch-constant")


__all__ = ["SCALES", "Variant", "bias_gradients", "constants", "hidden_errors", "output_errors",
           "weight_gradients"]  # fmt: skip
