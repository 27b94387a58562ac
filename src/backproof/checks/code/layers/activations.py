"""GELU by its hyperbolic tangent, SiLU, and the gated unit of SwiGLU, on arrays of any shape."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from ....derive.registry import library_module
from .layer import Drawn, Layer, Number, Part, Proved, Reading, Slot, constant
from .normalisation import of

SHAPES: Final = ("t i", "(t i)", "t i 1", "i")
LETTERS: Final = ({"t": 3, "i": 5}, {"t": 1, "i": 5})
NUMBERS: Final = (
    Number("N n size len count numel total num_elements", "t i"),
    Number("B T rows N M", "t"),
    Number("C D cols dim hidden_dim H F", "i"),
)
X: Final = "x inp input z a in pre h"
Y: Final = "y out output o h act"


def gelu() -> Proved:
    chapter: Any = library_module("gates")
    return Proved(chapter.gelu_by_tanh, of(chapter.gelu_by_tanh_input))


def gelu_by_erf() -> Proved:
    chapter: Any = library_module("gates")
    return Proved(chapter.gelu, of(chapter.gelu_input))


def silu() -> Proved:
    chapter: Any = library_module("gates")
    return Proved(chapter.silu, of(chapter.silu_input))


def swiglu() -> Proved:
    chapter: Any = library_module("gates")
    made = (chapter.gated_input(chapter.swiglu), chapter.gate(chapter.swiglu))
    return Proved(chapter.swiglu, {one.name: one.theorem for one in made})


#: The root of 2/pi, as programs write or compute it.
ROOTS: Final = (math.sqrt(2 / math.pi), 0.7978845608, 0.797884560802865, 0.7978846, 0.79788456, 0.79788, 0.8)
ALPHA: Final = 0.044715


def numbers(*letters: str) -> Callable[[Drawn], Any]:
    """Any numbers, as many as these letters say."""
    return lambda drawn: drawn.numbers(*(drawn.letters[letter] for letter in letters))


GELU: Final = Layer(
    "gelu",
    gelu,
    LETTERS,
    {"T": "t", "N": "i"},
    (Slot(X, (Part("x", "t i"),), SHAPES), Slot(Y, (Part("y", "t i"),), SHAPES, "output")),
    NUMBERS,
    readings=tuple(
        Reading(f"sqrt(2/pi) = {root!r}", {"kappa": constant(root), "alpha": constant(ALPHA)}) for root in ROOTS
    ),
    words="y = x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))/2",
)

GELU_BY_ERF: Final = replace(
    GELU, name="gelu-erf", proved=gelu_by_erf, readings=(Reading(),), words="y = x (1 + erf(x/sqrt(2)))/2", exact=False
)

SILU: Final = Layer(
    "silu",
    silu,
    LETTERS,
    {"T": "t", "N": "i"},
    (
        Slot(X, (Part("x", "t i"),), SHAPES),
        Slot("sig s sigmoid", (Part("s", "t i"),), SHAPES, "saved"),
        Slot(Y, (Part("y", "t i"),), SHAPES, "output"),
    ),
    NUMBERS,
    words="y = x/(1 + exp(-x))",
)

SWIGLU: Final = Layer(
    "swiglu",
    swiglu,
    LETTERS,
    {"T": "t", "N": "1", "F": "i"},
    (
        Slot("gate g a x1 h1 hb w1x e gate_proj", (Part("g", "t i"),), SHAPES),
        Slot("up u b x2 h2 hb2 x3 h3 w3x f value v up_proj", (Part("u", "t i"),), SHAPES),
        Slot(
            "x inp input fused gate_up xg",
            (Part("g", "t i"), Part("u", "t i")),
            (("t i", "t i"),),
        ),
        Slot("h y out output o c", (Part("h", "t i"),), SHAPES, "output"),
    ),
    NUMBERS,
    {"g": numbers("t", "i"), "u": numbers("t", "i")},
    words="h = g/(1 + exp(-g)) u",
)
