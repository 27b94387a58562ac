"""Rotary position embedding: pairs of features turned by an angle, as neighbours or as two halves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np
from sympy import Symbol

from ....derive.calc import calc
from ....derive.reasons import chain_rule
from ....derive.registry import library_module
from ....networks.own import any_function, axes, network, quantities
from ....surface.terms import C, D
from ..c.functions import power
from .layer import Drawn, Layer, Number, Part, Proved, Reading, Slot
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


KEYS: Final = "b t g p"
KEY_FEATURES: Final = tuple(
    Joined(tuple(e.replace("h", "g") for e in one.layouts), one.axis, one.fold) for one in FEATURES
)


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


(b, B), (t, T), (h, H), (g, G), (p, P) = axes("b:B t:T h:H g:G p:P")
u, v, k, l, y, z, m, n, c, s = quantities("u v k l y z m n c s")


def queries_and_keys() -> Proved:
    """Both, of which keys have fewer heads, turned by the same angles: as in the chapter, twice."""
    q = Symbol("q")
    first, second = (b, t, h, p), (b, t, g, p)
    net = network(
        "queries and keys that are turned", (b, t, h, g, p),
        u[first], v[first], k[second], l[second], c[t, p], s[t, p],
        (y[first], u[first] * c[t, p] - v[first] * s[t, p]),
        (z[first], v[first] * c[t, p] + u[first] * s[t, p]),
        (m[second], k[second] * c[t, p] - l[second] * s[t, p]),
        (n[second], l[second] * c[t, p] + k[second] * s[t, p]),
        (C, any_function(y[first], z[first], m[second], n[second])),
    )  # fmt: skip
    made = {}
    for name, one, other, out, more, head in (("queries", u, v, y, z, h), ("keys", k, l, m, n, g)):
        at = (b, t, head, q)
        through = chain_rule(through=(out[b, t, head, p], more[b, t, head, p]))
        back, behind = D(C, out[at]), D(C, more[at])
        made[f"rotary-first-{name}"] = calc(net, D(C, one[at]), (back * c[t, q] + behind * s[t, q], through)).theorem
        made[f"rotary-second-{name}"] = calc(net, D(C, other[at]), (behind * c[t, q] - back * s[t, q], through)).theorem
    return Proved(net, made)


def turned_by(which: str) -> Callable[[Drawn], Any]:
    """The cosines or sines of t/10000^(2p/d), where positions t and pairs p are counted from 0."""

    def draw(drawn: Drawn) -> Any:
        size = drawn.letters
        made = np.empty((size["t"], size["p"]), dtype=object)
        for t_, p_ in np.ndindex(*made.shape):
            exponent = drawn.constant(Fraction(p_, size["p"]))
            made[t_, p_] = getattr(t_ / power(drawn.constant(BASE), exponent), which)()
        return made

    return draw


BASE: Final = 10_000
READINGS: Final = (
    Reading(given="cos sin"),
    Reading("angles t/10000^(2p/d), t from 0", {"c": turned_by("cos"), "s": turned_by("sin")}, missing="cos"),
)
ANGLES: Final = (
    Slot("cos freqs_cos cosines cos_cached cosine c freq_cos", (Part("c", "t p"),), angles("c")),
    Slot("sin freqs_sin sines sin_cached sine s freq_sin", (Part("s", "t p"),), angles("s")),
)
NUMBERS: Final = (
    Number("B batch batch_size b", "b"),
    Number("T seq_len seqlen seq t S L n_tokens", "t"),
    Number("NH n_heads num_heads heads H h nh n_head n_q_heads", "h"),
    Number("hs head_dim head_size HD D d hd dh", "2 p"),
    Number("half half_dim P", "p"),
    Number("C dim d_model", "2 h p"),
)

ROPE: Final = Layer(
    "rope",
    proved,
    ({"b": 2, "t": 3, "h": 5, "p": 4}, {"b": 1, "t": 3, "h": 5, "p": 4}),
    {"B": "b", "T": "t", "H": "h", "P": "p"},
    (
        Slot("x q inp input in query", pair("u", "v"), FEATURES),
        Slot("y out output o x_rot q_rot xr", pair("y", "z"), FEATURES, "output"),
        *ANGLES,
    ),
    NUMBERS,
    readings=READINGS,
    words="each pair of features turned by the angle of its position",
)

BOTH: Final = Layer(
    "rope",
    queries_and_keys,
    ({"b": 2, "t": 3, "h": 6, "g": 2, "p": 4}, {"b": 1, "t": 3, "h": 6, "g": 2, "p": 4}),
    {"B": "b", "T": "t", "H": "h", "G": "g", "P": "p"},
    (
        Slot("q query xq queries", pair("u", "v"), FEATURES, becomes="q_rot"),
        Slot("k key xk keys", (Part("k", KEYS), Part("l", KEYS)), KEY_FEATURES, becomes="k_rot"),
        Slot("q_rot q_out xq_out qr", pair("y", "z"), FEATURES, "output"),
        Slot("k_rot k_out xk_out kr", (Part("m", KEYS), Part("n", KEYS)), KEY_FEATURES, "output"),
        *(replace(slot, role="data") for slot in ANGLES),
    ),
    (
        *NUMBERS,
        Number("n_kv_heads kv_heads num_kv_heads NKV n_kv KVH nkv NKVH Hkv num_key_value_heads", "g"),
        Number("kv_dim", "2 g p"),
    ),
    readings=READINGS,
    words="queries and keys, each pair of features turned by the angle of its position",
)
