"""Rotary position embedding: pairs of features turned by an angle, as neighbours or as two halves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from ....derive.registry import library_module
from .layer import Drawn, Layer, Number, Part, Proved, Slot
from .layout import Joined
from .normalisation import of
from .values import Key


def proved() -> Proved:
    chapter: Any = library_module("rotary")
    return Proved(chapter.turned, of(chapter.first, chapter.second, chapter.cosine, chapter.sine))


def neighbours(layout: str) -> Joined:
    """The two of a pair beside one another."""
    return Joined((f"{layout} p 1", f"{layout} p 1"), axis=-1, fold=True)


def halves(layout: str) -> Joined:
    """All first ones, then all second ones."""
    return Joined((f"{layout} p", f"{layout} p"))


FEATURES: Final = tuple(
    how(layout)
    for layout in ("b t h", "b h t", "(b t) h", "t h")
    for how in (neighbours, halves)
) + tuple(how(layout) for layout in ("b t h", "b h t") for how in (neighbours, halves))  # fmt: skip


def repeated(family: str, how: str) -> Callable[[Drawn], Any]:
    """A cosine for each of the features: of neighbours the same twice, or the half of them twice."""

    def made(drawn: Drawn) -> Any:
        array = drawn.array(Key(family))
        return np.repeat(array, 2, axis=-1) if how == "neighbours" else np.concatenate([array, array], axis=-1)

    made.__doc__ = f"one for each feature, as {how}."
    return made


def angles(family: str) -> tuple[Any, ...]:
    """How cosines lie, beside ``FEATURES``: one a pair, then one a feature."""
    return ("t p",) * 8 + tuple(repeated(family, how) for _ in range(2) for how in ("neighbours", "halves"))


def pair(*families: str) -> tuple[Part, ...]:
    return tuple(Part(family, "b t h p") for family in families)


ROPE: Final = Layer(
    "rope",
    proved,
    ({"b": 2, "t": 3, "h": 5, "p": 4}, {"b": 1, "t": 3, "h": 5, "p": 4}),
    {"B": "b", "T": "t", "H": "h", "P": "p"},
    (
        Slot("x q inp input query in", pair("u", "v"), FEATURES),
        Slot("y out output o x_rot q_rot xr", pair("y", "z"), FEATURES, "output"),
        Slot("cos cosines freqs_cos cos_cached cosine c freq_cos", (Part("c", "t p"),), angles("c")),
        Slot("sin sines freqs_sin sin_cached sine s freq_sin", (Part("s", "t p"),), angles("s")),
    ),
    (
        Number("B batch batch_size b", "b"),
        Number("T seq_len seqlen t S L", "t"),
        Number("NH n_heads num_heads heads H h nh n_head", "h"),
        Number("hs head_dim head_size HD D d hd dh", "2 p"),
        Number("half half_dim P", "p"),
        Number("C dim d_model", "2 h p"),
    ),
    words="each pair of features turned by the angle of its position",
)
