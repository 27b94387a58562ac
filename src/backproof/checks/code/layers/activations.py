"""GELU by its hyperbolic tangent, SiLU, and the gated unit of SwiGLU, on arrays of any shape."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final

from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import algebra, both, chain_rule, definition, differentiation, sifting, theorem
from ....derive.registry import library_module
from ....networks.own import any_function, axes, network, quantities, total
from ....surface.terms import C, D, exp
from .layer import Layer, Number, Part, Proved, Reading, Slot, constant
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


(t, T), (f, F) = axes("t:T f:F")
g, u, s, h = quantities("g u s h")


def swiglu() -> Proved:
    """What the chapter says of any activation, for this one: its slope is worked out in the proof."""
    q, e = Symbol("q"), exp(-g[t, Symbol("q")])
    gated = network(
        "SwiGLU", (t, f),
        g[t, f], u[t, f],
        (s[t, f], 1 / (1 + exp(-g[t, f]))),
        (h[t, f], g[t, f] * s[t, f] * u[t, f]),
        (C, any_function(h[t, f])),
    )  # fmt: skip
    back, through = D(C, h[t, q]), chain_rule(through=h[t, f])
    logistic = calc(
        gated,
        D(s[t, q], g[t, q]),
        (e / (1 + e) ** 2, both(definition(s[t, q]), differentiation)),
        (1 / (1 + e) * (1 - 1 / (1 + e)), algebra),
        (s[t, q] * (1 - s[t, q]), definition(s[t, q])),
    )
    slope = calc(
        gated,
        D(h[t, q], g[t, q]),
        (s[t, q] * u[t, q] + g[t, q] * u[t, q] * D(s[t, q], g[t, q]), both(definition(h[t, q]), differentiation)),
        (s[t, q] * u[t, q] + g[t, q] * u[t, q] * s[t, q] * (1 - s[t, q]), theorem(logistic)),
        (u[t, q] * s[t, q] * (1 + g[t, q] * (1 - s[t, q])), algebra),
    )
    gate = calc(
        gated,
        D(C, g[t, q]),
        (total(D(C, h[t, f]) * D(h[t, f], g[t, q]), f), through),
        (back * D(h[t, q], g[t, q]), sifting),
        (back * u[t, q] * s[t, q] * (1 + g[t, q] * (1 - s[t, q])), theorem(slope)),
    )
    other = calc(
        gated,
        D(C, u[t, q]),
        (total(D(C, h[t, f]) * D(h[t, f], u[t, q]), f), through),
        (back * g[t, q] * s[t, q], both(definition(h[t, f]), differentiation, sifting)),
    )
    return Proved(gated, {"gate": gate.theorem, "gate-what-is-gated": other.theorem})


#: The root of 2/pi, as programs write or compute it.
ROOTS: Final = (math.sqrt(2 / math.pi), 0.7978845608, 0.7978846, 0.79788456)
ALPHA: Final = 0.044715


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
    {"T": "t", "F": "i"},
    (
        Slot("gate g a x1 h1 hb w1x e gate_proj", (Part("g", "t i"),), SHAPES),
        Slot("up u b x2 h2 hb2 x3 h3 w3x f value v up_proj", (Part("u", "t i"),), SHAPES),
        Slot(
            "x inp input fused gate_up xg",
            (Part("g", "t i"), Part("u", "t i")),
            (("t i", "t i"),),
        ),
        Slot("sig s sigmoid", (Part("s", "t i"),), SHAPES, "saved"),
        Slot("h y out output o c", (Part("h", "t i"),), SHAPES, "output"),
    ),
    NUMBERS,
    words="h = g/(1 + exp(-g)) u",
)
