"""Which layer an object is: by the numbers that its forward pass gives, and not by its name."""

from __future__ import annotations

import copy
import inspect
import math
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from ....networks.tables import ACTIVATIONS, Activation
from . import dense
from .layer import Layer, Reading, constant
from .objects import Object, floating, parameters

Array = Any
ROWS: Final = 3
LARGEST: Final = 400  # entries of a matrix that are multiplied exactly
SMALL: Final = {"i": 5, "o": 4}
FAR: Final = (100.0, 200.0)  # where an activation is a straight line, if it ever is
DENOMINATOR: Final = 10**6
CLOSE: Final = 1e-9
EPSILONS: Final = ("eps", "epsilon", "EPS", "EPSILON")


def _gelu(z: Array) -> Array:
    return z * np.vectorize(lambda e: math.erfc(-e / math.sqrt(2)) / 2, otypes=[float])(z)


#: Activations by NumPy, entry by entry.
VALUES: Final[Mapping[str, Callable[[Array], Array]]] = {
    "identity": lambda z: z,
    "relu": lambda z: np.where(z > 0, z, 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.log1p(np.exp(z)),
    "gelu": _gelu,
}


@dataclass(frozen=True)
class Recognised:
    """A layer, and the object as it."""

    layer: Layer
    code: Object


def recognised(target: Any) -> Recognised | None:
    """None where its outputs are those of no layer that has a theorem here, or where it does not run."""
    code = Object(target, {})
    with suppress(Exception), np.errstate(all="ignore"):  # it is somebody's program
        own = {} if code.of_inputs else parameters(target)
        matrices = [name for name, e in own.items() if e.ndim == 2 and 1 not in e.shape]
        if len(matrices) == 1 and len(own) == 2:
            [weight], [bias] = matrices, [name for name in own if name not in matrices]
            return _dense(target, {"weight": weight, "bias": bias})
        if len(own) == 2 and not matrices:
            return _batch_norm(target, own)
        if not own:
            f = _elementwise(lambda z: _output(code, _ready(target), z), (ROWS, SMALL["o"]))
            if f is not None:
                letters = {"t": ROWS, "i": SMALL["i"], "o": SMALL["o"]}
                return Recognised(replace(dense.alone(f), letters=(letters,)), code)
    return None


def _output(code: Object, made: Any, x: Array) -> Array:
    return np.asarray(getattr(made, code.forward)(x), dtype=float)


def _ready(target: Any) -> Any:
    made = copy.deepcopy(target)
    floating(made, None)
    return made


# A product with an activation.


def _dense(target: Any, names: Mapping[str, str]) -> Recognised | None:
    shape = getattr(target, names["weight"]).shape
    for place, orientation in ((1, "o i"), (0, "i o")):
        below, out = shape[place], shape[1 - place]
        if getattr(target, names["bias"]).size != out:
            continue
        letters = {"t": ROWS, "i": below, "o": out} if below * out <= LARGEST else {"t": ROWS, **SMALL}
        small = _resized(target, {below: letters["i"], out: letters["o"]}) if letters["i"] != below else target
        code = Object(small, dict(names))
        layer = _of_outputs(code, names, orientation, letters)
        if layer is not None and (learned := _learned(code, layer)):
            layer, code = dense.srelu(learned[1]), Object(small, {**names, "parameters": learned[0]})
        if layer is not None:
            slots = tuple(replace(s, layouts=(orientation,)) if s.name == "weight" else s for s in layer.slots)
            slots = tuple(
                replace(s, layouts=("1 o",)) if s.name == "bias" and getattr(target, names["bias"]).ndim == 2 else s
                for s in slots
            )
            return Recognised(replace(layer, letters=(letters,), slots=slots), code)
    return None


def _learned(code: Object, layer: Layer) -> tuple[str, list[Fraction]] | None:
    """The four numbers of a piecewise activation, where an object within has them, and the backward pass a gradient."""
    target = code.target
    name = layer.name.partition("piecewise(")[2].rstrip(")")
    found = [Fraction(e) for e in name.split(",")] if name else []
    for inner, e in vars(target).items():
        for own, values in parameters(e).items() if found and hasattr(e, "__dict__") else ():
            if values.shape == (4,) and np.allclose(values, np.array(found, dtype=float), rtol=CLOSE):
                return (f"{inner}.{own}", found) if _writes(code, f"{inner}.{own}") else None
    return None


def _writes(code: Object, name: str) -> bool:
    """Whether the backward pass changes what there is as the gradient of an array."""
    made = _ready(code.target)
    before = Object.gradient(made, name)
    if before is None:
        return False
    before[...] = np.nan
    weight, bias = (getattr(made, own) for own in code.names.values())
    below = weight.shape[weight.shape.index(bias.size) - 1]
    code.passes(made, np.ones((ROWS, below)), np.ones((ROWS, bias.size)))
    after = Object.gradient(made, name)
    return after is not None and not np.isnan(after).all()


def _resized(target: Any, sizes: Mapping[int, int]) -> Any:
    """A copy whose arrays have other sizes."""
    made = copy.deepcopy(target)
    for name, e in vars(made).items():
        if isinstance(e, np.ndarray) and e.dtype.kind == "f" and set(e.shape) & set(sizes):
            setattr(made, name, np.resize(e, tuple(sizes.get(n, n) for n in e.shape)))
    return made


def _of_outputs(code: Object, names: Mapping[str, str], orientation: str, letters: Mapping[str, int]) -> Layer | None:
    draw = np.random.default_rng(1)
    w = draw.uniform(-1, 1, (letters["o"], letters["i"]))

    def outputs(x: Array, b: Array) -> Array:
        made = _ready(code.target)
        setattr(made, names["weight"], (w if orientation == "o i" else w.T).copy())
        bias = getattr(code.target, names["bias"])
        setattr(made, names["bias"], b.reshape(bias.shape))
        return _output(code, made, x)

    x, b = draw.uniform(-1, 1, (ROWS, letters["i"])), draw.uniform(-1, 1, letters["o"])
    z, y = x @ w.T + b, outputs(x, b)
    if y.shape != z.shape:
        return None
    shares = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    for layer, value in ((dense.SOFTMAX, shares), (dense.LOG_SOFTMAX, np.log(shares))):
        if np.allclose(y, value, rtol=CLOSE, atol=1e-12):
            return layer

    def of_bias(values: Array) -> Array:
        """An activation of numbers that are biases, with inputs that are 0."""
        rows = [outputs(np.zeros((ROWS, letters["i"])), row)[0] for row in values]
        return np.array(rows)

    f = _elementwise(of_bias, (ROWS, letters["o"]))
    if f is None or not np.allclose(_value(f)(z), y, rtol=CLOSE, atol=1e-12):
        return None
    return dense.activated(f)


# Activations.


def _elementwise(outputs: Callable[[Array], Array], shape: tuple[int, int]) -> Activation | None:
    """The activation that gives these outputs."""
    z = np.random.default_rng(2).uniform(-2, 2, shape)
    y = np.asarray(outputs(z.copy()), dtype=float)
    if y.shape != z.shape:
        return None
    for name, value in VALUES.items():
        if np.allclose(y, value(z), rtol=CLOSE, atol=1e-12):
            return ACTIVATIONS[name]
    f = _straight(outputs, shape)
    if f is None:
        return None
    return f if np.allclose(y, _value(f)(z), rtol=CLOSE, atol=1e-12) else None


def _straight(outputs: Callable[[Array], Array], shape: tuple[int, int]) -> Activation | None:
    """What has another slope far to the left, and far to the right, and is the identity between."""

    def at(value: float) -> float:
        return float(np.asarray(outputs(np.full(shape, value)), dtype=float)[0, 0])

    near, far = FAR
    left, right = (at(-near) - at(-far)) / (far - near), (at(far) - at(near)) / (far - near)
    ends = (at(-near) + left * near), (at(near) - right * near)  # where these lines are at 0
    low, high = (
        end / (1 - slope) if abs(1 - slope) > CLOSE else 0.0 for end, slope in zip(ends, (left, right), strict=True)
    )
    if not all(map(math.isfinite, (left, low, right, high))):
        return None
    return dense.pieces(*(Fraction(e).limit_denominator(DENOMINATOR) for e in (left, low, right, high)))


def _value(f: Activation) -> Callable[[Array], Array]:
    if f.name in VALUES:
        return VALUES[f.name]
    left, low, right, high = (float(Fraction(e)) for e in f.name.partition("(")[2].rstrip(")").split(","))
    return lambda z: z + np.where(z < low, (left - 1) * (z - low), 0) + np.where(z > high, (right - 1) * (z - high), 0)


# Batch normalisation.


def _batch_norm(target: Any, own: Mapping[str, Array]) -> Recognised | None:
    """Which of two vectors is the scale shows in the outputs, and so does the small number."""
    first, second = own
    size = own[first].size
    draw = np.random.default_rng(3)
    x, scale, shift = draw.uniform(-1, 1, (7, size)), draw.uniform(0.5, 1, size), draw.uniform(0.5, 1, size)
    for weight, bias in ((first, second), (second, first)):
        for epsilon in dict.fromkeys(_epsilons(target)):
            made = _ready(target)
            setattr(made, weight, scale.reshape(own[weight].shape))
            setattr(made, bias, shift.reshape(own[bias].shape))
            code = Object(target, {"weight": weight, "bias": bias})
            y = np.asarray(getattr(made, code.forward)(x), dtype=float)
            right = scale * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon) + shift
            if y.shape == right.shape and np.allclose(y, right, rtol=CLOSE, atol=1e-12):
                reading = Reading(f"eps = {epsilon:g}", {"eps": constant(epsilon)})
                letters = {"b": 7, "k": size, "h": 1, "w": 1}
                return Recognised(replace(dense.BATCH_NORM, letters=(letters,), readings=(reading,)), code)
    return None


def _epsilons(target: Any) -> Iterator[float]:
    """Numbers that an object, or a function that its class sees, calls so; and the usual ones."""
    scopes = [vars(target), vars(sys.modules[type(target).__module__])]
    scopes += [e.__globals__ for e in list(scopes[1].values()) if inspect.isfunction(e)]
    for scope in scopes:
        yield from (float(scope[name]) for name in EPSILONS if isinstance(scope.get(name), float))
    yield from (1e-5, 1e-6, 1e-7, 1e-8, 1e-12)


__all__ = ["Recognised", "recognised"]
