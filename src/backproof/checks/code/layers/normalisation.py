"""LayerNorm, RMSNorm and BatchNorm, as programs have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import both, chain_rule, definition, differentiation, sifting
from ....derive.registry import library_module
from ....networks.own import total
from ....surface.terms import C, D
from .layer import Drawn, Layer, Number, Part, Proved, Reading, Slot, constant
from .values import Key

EPSILONS: Final = (1e-5, 1e-6, 1e-8, 1e-12)
OUTPUT: Final = "y out output o"
ROWS: Final = ("b t i", "(b t) i", "b t i", "(b t) i", "i", "b i t")  # the last one has channels first
POSITIONS: Final = ("b t", "(b t)", "b t 1", "(b t) 1", "1", "b t")


def of(*derivations: Any) -> dict[str, Any]:
    """Theorems by the names of their derivations."""
    return {made.name: made.theorem for made in (build() for build in derivations)}


def layer_norm() -> Proved:
    chapter: Any = library_module("layer_norm")

    h, y, gamma, t, i, j = chapter.h, chapter.y, chapter.gamma, chapter.t, chapter.i, Symbol("j")
    normalised = calc(
        chapter.layer_norm,
        D(C, h[t, j]),
        (total(D(C, y[t, i]) * D(y[t, i], h[t, j]), i), chain_rule(through=y[t, i])),
        (gamma[j] * D(C, y[t, j]), both(definition(y[t, i]), differentiation, sifting)),
    )
    theorems = of(chapter.dx, chapter.scale, chapter.shift)
    return Proved(chapter.layer_norm, {**theorems, "layer-norm-normalised": normalised.theorem})


def rms_norm() -> Proved:
    chapter: Any = library_module("rms_norm")

    return Proved(chapter.rms_norm, of(chapter.dx_from_outputs, chapter.dw, chapter.dh))


def batch_norm() -> Proved:
    chapter: Any = library_module("batch_norm")

    return Proved(chapter.training, of(chapter.dx, chapter.scale, chapter.shift, chapter.dh))


def group_norm() -> Proved:
    chapter: Any = library_module("group_norm")

    return Proved(chapter.group_norm, of(chapter.dx, chapter.scale, chapter.shift, chapter.dh))


def _root(drawn: Drawn) -> Any:
    """The deviation: one over what the network has."""
    r = drawn.array(Key("r"))
    return np.array([1 / e for e in r.flat], dtype=object).reshape(r.shape)


def _ones(family: str, axes: str) -> Callable[[Drawn], Any]:
    """A weight of 1 for each, which is what a function has that takes none."""

    def draw(drawn: Drawn) -> Any:
        made = np.empty([drawn.letters[letter] for letter in axes.split()], dtype=object)
        made.fill(drawn.constant(1 if family != "o" else 0))
        return made

    return draw


def _epsilons(weight: str, axes: str) -> tuple[Reading, ...]:
    """With the usual small numbers; one so small that floating point hardly sees it is seen exactly or not at all."""
    made = []
    for value in EPSILONS:
        first = value == EPSILONS[0]
        small = {"eps": constant(value)}
        made.append(Reading(f"eps = {value:g}", small, missing="" if first else "eps rstd", near=value >= EPSILONS[1]))
        plain = {**small, weight: _ones(weight, axes)}
        words = f"eps = {value:g}, without weights"
        missing = "weight dweight h" + ("" if first else " eps rstd")
        made.append(Reading(words, plain, missing=missing, near=value >= EPSILONS[1]))
    return tuple(made)


NORMALISED: Final = "h xhat x_hat xnorm x_norm norm normed normalized normalised x_normalized"
POSITION_SIZES: Final = (
    Number("B batch batch_size", "b"),
    Number("T seq_len seqlen L S HW hw P spatial spatial_size", "t"),
    Number("N M R rows nr n m NT BT batch_tokens ne01 ne1 num_tokens batch_size", "b t"),
    Number("C D H N M cols dim features hidden size n d nc cols ne00 ne0 channels n_embd d_model hidden_size E", "i"),
    Number("N n num", "b"),
)

LAYER_NORM: Final = Layer(
    "layernorm",
    layer_norm,
    ({"b": 2, "t": 3, "i": 5}, {"b": 1, "t": 1, "i": 5}),
    {"T": "b t", "N": "i"},
    (
        Slot("x inp input inputs in X", (Part("x", "(b t) i"),), ROWS),
        Slot("weight gamma w g scale gain", (Part("gamma", "i"),), ("i",)),
        Slot("bias beta b shift", (Part("beta", "i"),), ("i",)),
        Slot(OUTPUT, (Part("y", "(b t) i"),), ROWS, "output"),
        Slot("mean mu m mean_x", (Part("mu", "(b t)"),), POSITIONS, "saved"),
        Slot(
            "rstd r inv_std invstd istd ivar inv inv_var rsigma rsqrt inv_sigma std_inv invvar rs invdev",
            (Part("r", "(b t)"),),
            POSITIONS,
            "saved",
        ),
        Slot("std sigma sd", (Part("r", "(b t)"),), POSITIONS, "saved", _root),
        Slot("var variance v sigma2", (Part("v", "(b t)"),), POSITIONS, "saved"),
        Slot(NORMALISED, (Part("h", "(b t) i"),), ROWS, "saved"),
        Slot("xmu xc x_centered centered xcentered x_mu", (Part("c", "(b t) i"),), ROWS, "saved"),
    ),
    (*POSITION_SIZES, Number("eps epsilon", lambda drawn: drawn.array(Key("eps")).item())),
    roots=("r", lambda at: (Key("x"), (at[0], 1))),
    readings=_epsilons("gamma", "i"),
    words="y = gamma (x - mean)/sqrt(variance + eps) + beta, the variance with 1/N",
)

RMS_NORM: Final = Layer(
    "rmsnorm",
    rms_norm,
    ({"b": 2, "t": 3, "i": 5}, {"b": 1, "t": 1, "i": 5}),
    {"T": "b t", "N": "i"},
    (
        Slot("x inp input inputs in X", (Part("x", "(b t) i"),), ROWS),
        Slot("weight w gamma g scale gain", (Part("w", "i"),), ("i",)),
        Slot(OUTPUT, (Part("y", "(b t) i"),), ROWS, "output"),
        Slot(
            "rstd r rms_inv inv_rms invrms rrms inv inv_std rs ss irms scale_inv rsqrt inv_rms_norm",
            (Part("r", "(b t)"),),
            POSITIONS,
            "saved",
        ),
        Slot("rms std", (Part("r", "(b t)"),), POSITIONS, "saved", _root),
        Slot("ms mean_square s meansq var", (Part("s", "(b t)"),), POSITIONS, "saved"),
        Slot(NORMALISED, (Part("h", "(b t) i"),), ROWS, "saved"),
    ),
    (*POSITION_SIZES, Number("eps epsilon", lambda drawn: drawn.array(Key("eps")).item())),
    draws={"o": constant(0)},
    roots=("r", lambda at: (Key("x"), (at[0], 1))),
    readings=_epsilons("w", "i"),
    words="y = w x / sqrt(mean of squares + eps)",
)

OFFSET_RMS_NORM: Final = replace(
    RMS_NORM, name="rmsnorm-offset", draws={"o": constant(1)}, words="y = (1 + w) x / sqrt(mean of squares + eps)"
)

CHANNELS: Final = ("b k h w", "(b h w) k", "b k (h w)", "b h w k", "(b h w) k", "b k h w")
CHANNEL: Final = ("k", "k", "k", "k", "1 k", "1 k 1 1")

BATCH_NORM: Final = Layer(
    "batchnorm",
    batch_norm,
    ({"b": 2, "k": 5, "h": 2, "w": 3},),
    {"B": "b", "K": "k", "P": "h w"},
    (
        Slot("x inp input inputs in", (Part("x", "b k (h w)"),), CHANNELS),
        Slot("weight gamma w g scale gain", (Part("gamma", "k"),), CHANNEL),
        Slot("bias beta b shift", (Part("beta", "k"),), CHANNEL),
        Slot(OUTPUT, (Part("y", "b k (h w)"),), CHANNELS, "output"),
        Slot("mean mu m mean_x sample_mean batch_mean save_mean saved_mean", (Part("mu", "k"),), CHANNEL, "saved"),
        Slot("rstd r inv_std invstd istd ivar inv inv_var invvar inv_sigma std_inv rsigma rs",
             (Part("r", "k"),), CHANNEL, "saved"),
        Slot("std sigma sd sqrtvar sample_std", (Part("r", "k"),), CHANNEL, "saved", _root),
        Slot("var variance v sigma2 sample_var batch_var saved_var", (Part("v", "k"),), CHANNEL, "saved"),
        Slot(NORMALISED, (Part("h", "b k (h w)"),), CHANNELS, "saved"),
        Slot("xmu xc x_centered centered xcentered x_mu", (Part("c", "b k (h w)"),), CHANNELS, "saved"),
    ),
    (
        Number("B N batch batch_size n", "b"),
        Number("N M m rows n B batch_size", "b h w"),
        Number("C channels c D K features filters n_channels num_channels", "k"),
        Number("H height h", "h"),
        Number("W width w", "w"),
        Number("HW spatial S spatial_size hw P L spatial_dim", "h w"),
        Number("eps epsilon", lambda drawn: drawn.array(Key("eps")).item()),
    ),
    roots=("r", lambda at: (Key("x"), (1, at[0], 1))),
    readings=_epsilons("gamma", "k"),
    words="y = gamma (x - mean)/sqrt(variance + eps) + beta, mean and variance of a channel, with 1/N",
)  # fmt: skip

GROUPED: Final = (
    "b (g k) h w", "b (g k) (h w)", "b h w (g k)", "b (h w) (g k)", "b (g k) h w", "b g (k h w)", "b g k (h w)"
)  # fmt: skip
PER_CHANNEL: Final = ("(g k)", "(g k)", "(g k)", "(g k)", "1 (g k) 1 1", "(g k)", "g k")
PER_GROUP: Final = ("b g", "b g", "b g", "b g", "b g 1 1 1", "b g 1", "b g 1 1")

GROUP_NORM: Final = Layer(
    "groupnorm",
    group_norm,
    ({"b": 2, "g": 3, "k": 4, "h": 2, "w": 3}, {"b": 2, "g": 3, "k": 4, "h": 2, "w": 1}),
    {"B": "b", "G": "g", "K": "k", "P": "h w"},
    (
        Slot("x inp input inputs in", (Part("x", "b g k (h w)"),), GROUPED),
        Slot("weight gamma w g scale gain", (Part("gamma", "g k"),), PER_CHANNEL),
        Slot("bias beta b shift", (Part("beta", "g k"),), PER_CHANNEL),
        Slot(OUTPUT, (Part("y", "b g k (h w)"),), GROUPED, "output"),
        Slot("mean mu m mean_x", (Part("mu", "b g"),), PER_GROUP, "saved"),
        Slot("rstd r inv_std invstd istd ivar inv inv_var inv_sigma std_inv", (Part("r", "b g"),), PER_GROUP, "saved"),
        Slot("std sigma sd", (Part("r", "b g"),), PER_GROUP, "saved", _root),
        Slot("var variance v sigma2", (Part("v", "b g"),), PER_GROUP, "saved"),
        Slot(NORMALISED, (Part("h", "b g k (h w)"),), GROUPED, "saved"),
    ),
    (
        Number("B N batch batch_size n", "b"),
        Number("C channels c D K features n_channels", "g k"),
        Number("G groups num_groups n_groups group", "g"),
        Number("D channels_per_group CG group_size cpg C_per_G", "k"),
        Number("H height h", "h"),
        Number("W width w", "w"),
        Number("HW HxW spatial S spatial_size hw P L spatial_dim", "h w"),
        Number("eps epsilon", lambda drawn: drawn.array(Key("eps")).item()),
    ),
    roots=("r", lambda at: (Key("x"), (*at, 1, 1))),
    readings=_epsilons("gamma", "g k"),
    words="y = gamma (x - mean)/sqrt(variance + eps) + beta, mean and variance of a group of channels, with 1/N",
)

INSTANCE_NORM: Final = replace(
    GROUP_NORM,
    name="instancenorm",
    letters=({"b": 2, "g": 5, "k": 1, "h": 2, "w": 3},),
    words="y = gamma (x - mean)/sqrt(variance + eps) + beta, mean and variance of a channel of an example, with 1/N",
)
