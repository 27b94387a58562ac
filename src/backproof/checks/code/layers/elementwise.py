"""Functions of each entry: ReLU, the logistic function, the hyperbolic tangent; and dropout, whose mask is given."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import algebra, both, chain_rule, definition, differentiation, theorem
from ....derive.registry import library_module
from ....networks.own import any_function, axes, network, quantities
from ....surface.terms import C, D, exp, maximum, step, where
from .activations import LETTERS, NUMBERS, SHAPES, X, Y
from .layer import Drawn, Layer, Number, Part, Proved, Reading, Slot, constant
from .layout import rearranged
from .normalisation import of
from .values import Key

(t, _), (i, _) = axes("t:T i:N")
x, y, alpha = quantities("x y alpha")
q = Symbol("q")


def _proved(name: str, value: Any, slope: Any, *given: Any, why: Any = None) -> Proved:
    """y is a function of x in each entry, and this is its slope there."""
    net = network(name, (t, i), x[t, i], *given, (y[t, i], value), (C, any_function(y[t, i])))
    back = D(C, y[t, q])
    lines = [(back * D(y[t, q], x[t, q]), chain_rule(through=y[t, i]))]
    by = differentiation if why is None else theorem(_slope(net, slope, why))
    lines.append((back * slope, both(definition(y[t, q]), differentiation) if why is None else by))
    return Proved(net, {f"{name}-input": calc(net, D(C, x[t, q]), *lines).theorem})


def _slope(net: Any, slope: Any, steps: Any) -> Any:
    """That of y by x, in the words of y."""
    first, second = steps
    return calc(
        net, D(y[t, q], x[t, q]),
        (first, both(definition(y[t, q]), differentiation)),
        (second, algebra),
        (slope, definition(y[t, q])),
    )  # fmt: skip


def relu() -> Proved:
    return _proved("relu", maximum(x[t, i], 0), step(x[t, q]))


def leaky_relu() -> Proved:
    steep = where(x[t, i], x[t, i], alpha * x[t, i])
    return _proved("leaky-relu", steep, where(x[t, q], 1, alpha), alpha)


def logistic() -> Proved:
    e = exp(-x[t, q])
    steps = e / (1 + e) ** 2, 1 / (1 + e) * (1 - 1 / (1 + e))
    return _proved("sigmoid", 1 / (1 + exp(-x[t, i])), y[t, q] * (1 - y[t, q]), why=steps)


def tanh() -> Proved:
    e, f = exp(x[t, q]), exp(-x[t, q])
    steps = ((e + f) ** 2 - (e - f) ** 2) / (e + f) ** 2, 1 - ((e - f) / (e + f)) ** 2
    value = (exp(x[t, i]) - exp(-x[t, i])) / (exp(x[t, i]) + exp(-x[t, i]))
    return _proved("tanh", value, 1 - y[t, q] ** 2, why=steps)


def dropout() -> Proved:
    chapter: Any = library_module("dropout")
    return Proved(chapter.dropout, of(chapter.dx))


def _layer(name: str, proved: Any, words: str, **more: Any) -> Layer:
    slots = (
        Slot(f"{X} u", (Part("x", "t i"),), SHAPES),
        Slot(f"{Y} s sig sigmoid th f p", (Part("y", "t i"),), SHAPES, "output"),
    )
    numbers = (*NUMBERS, *more.pop("numbers", ()))
    return Layer(name, proved, LETTERS, {"T": "t", "N": "i"}, slots, numbers, words=words, **more)


SLOPES: Final = (0.01, 0.1, 0.2)
RELU: Final = _layer("relu", relu, "y = max(x, 0)")
LEAKY_RELU: Final = _layer(
    "leaky-relu",
    leaky_relu,
    "y = x where x > 0, else alpha x",
    numbers=(Number("alpha slope negative_slope leak a", lambda drawn: drawn.array(Key("alpha")).item()),),
    readings=tuple(
        Reading(f"alpha = {one:g}", {"alpha": constant(one)}, missing="" if one == SLOPES[0] else "alpha")
        for one in SLOPES
    ),
)
SIGMOID: Final = _layer("sigmoid", logistic, "y = 1/(1 + exp(-x))")
TANH: Final = _layer("tanh", tanh, "y = tanh x")


# Dropout.

OUT: Final = Fraction(1, 4)  # the share that is taken out


def mask(drawn: Drawn) -> Any:
    """0 and 1."""
    size = drawn.letters
    made = np.zeros((size["t"], size["i"]), dtype=object)
    for at in np.ndindex(made.shape):
        made[at] = int((3 * at[0] + 2 * at[1]) % 5 > 1)
    return made


def scaled(layout: str) -> Any:
    """The mask as it is multiplied with."""

    def made(drawn: Drawn) -> Any:
        whole = np.array([drawn.constant(e / (1 - OUT)) for e in drawn.array(Key("m")).flat], dtype=object)
        return rearranged(whole, "t i", layout, drawn.letters)

    made.__doc__ = f"0 or 1/(1 - p), {layout}."
    return made


DROPOUT: Final = Layer(
    "dropout",
    dropout,
    LETTERS,
    {"T": "t", "N": "i", "M": "2"},
    (
        Slot("x inp input inputs in", (Part("x", "t i"),), ("t i", "(t i)", "t i", "(t i)")),
        Slot("mask m keep kept", (Part("m", "t i"),), (scaled("t i"), scaled("(t i)"), "t i", "(t i)"), "data"),
        Slot("y out output o", (Part("y", "t i"),), ("t i", "(t i)", "t i", "(t i)"), "output"),
    ),
    (
        *NUMBERS,
        Number("p drop_prob rate dropout dropout_rate prob p_drop dropout_p ratio probability drop",
               lambda drawn: drawn.constant(OUT)),
        Number("keep_prob keep_p p_keep keep q p retain_prob", lambda drawn: drawn.constant(1 - OUT)),
        Number("scale inv_keep", lambda drawn: drawn.constant(1 / (1 - OUT))),
        Number("dropout_param", lambda _: {"mode": "train", "p": float(1 - OUT)}),
        Number("mode", lambda _: "train"),
        Number("training train is_training train_mode", lambda _: True),
    ),
    {"m": mask, "p": lambda drawn: drawn.constant(OUT)},
    words="y = mask x/(1 - p)",
)  # fmt: skip

__all__ = ["DROPOUT", "LEAKY_RELU", "RELU", "SIGMOID", "TANH"]
