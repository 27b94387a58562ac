"""Attention with heads, causal or not, with keys and values for each head or for a group of them; and its softmax."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from ....derive.registry import library_module
from .layer import Drawn, Layer, Number, Part, Proved, Slot, constant
from .layout import Joined
from .normalisation import of
from .values import Key

QUERIES: Final = ("b t (g m c)", "b (g m) t c", "b t (g m) c", "(b t) (g m c)", "(b g m) t c", "(g m) t c", "t c")
KEYS: Final = ("b s (g c)", "b g s c", "b s g c", "(b s) (g c)", "(b g) s c", "g s c", "s c")
WEIGHTS: Final = ("b (g m) t s", "b (g m) t s", "b (g m) t s", "b (g m) t s", "(b g m) t s", "(g m) t s", "t s")
ROWS: Final = ("b (g m) t", "b (g m) t", "b (g m) t", "b (g m) t", "(b g m) t", "(g m) t", "t")
PACKED: Final = (
    ("b t (g m c)", "b s (g c)", "b s (g c)"),
    Joined(("1 b (g m) t c", "1 b g s c", "1 b g s c"), axis=0),
    Joined(("b t 1 (g m) c", "b s 1 g c", "b s 1 g c"), axis=2),
    ("(b t) (g m c)", "(b s) (g c)", "(b s) (g c)"),
    Joined(("b t (g m) 1 c", "b s g 1 c", "b s g 1 c"), axis=3),
    ("t (g m c)", "s (g c)", "s (g c)"),
)
Q: Final = Part("Q", "b g m t c")
K: Final = Part("K", "b g s c")
V: Final = Part("V", "b g s c")


def proved() -> Proved:
    chapter: Any = library_module("attention")
    return Proved(chapter.attention, of(chapter.dV, chapter.dP, chapter.dA, chapter.dQ, chapter.dK))


def causal(drawn: Drawn) -> Any:
    """1 where a position may look: at itself and at those before."""
    size = drawn.letters
    mask = np.tril(np.ones((size["t"], size["s"]), dtype=int), size["s"] - size["t"])
    return np.broadcast_to(mask, (size["b"], *mask.shape)).astype(object)


def everywhere(drawn: Drawn) -> Any:
    """1 at all places."""
    return np.ones([drawn.letters[letter] for letter in "bts"], dtype=object)


def no_bias(drawn: Drawn) -> Any:
    """0 at all places."""
    return np.zeros([drawn.letters[letter] for letter in "gmts"], dtype=object)


def scale(drawn: Drawn) -> Any:
    """One over the root of the features of a head, which are a square number."""
    return drawn.constant(Fraction(1, round(drawn.letters["c"] ** 0.5)))


def boolean(drawn: Drawn) -> Any:
    """The mask, as True and False."""
    return causal(drawn)[0].astype(bool)


def log_sum(drawn: Drawn) -> Any:
    """The logarithms of the sums of exponentials."""
    sums = drawn.array(Key("Z"))
    return np.array([e.log() for e in sums.flat], dtype=object).reshape(sums.shape)


def row_sums(drawn: Drawn) -> Any:
    """What flash attention keeps of the errors: for each query the product of output and error."""
    return (drawn.array(Key("O")) * drawn.array(Key("O", partial=True))).sum(-1)


SLOTS: Final = (
    Slot("q query queries qs xq", (Q,), QUERIES),
    Slot("k key keys ks xk", (K,), KEYS),
    Slot("v value values vs xv", (V,), KEYS),
    Slot("qkv inp x qkv_in", (Q, K, V), PACKED),
    Slot("o out y output attn_out ctx context", (Part("O", "b g m t c"),), QUERIES, "output"),
    Slot(
        "p att attn probs prob attn_weights weights w a attn_probs attention softmax s_softmax",
        (Part("P", "b g m t s"),),
        WEIGHTS,
        "saved",
        within="P",
    ),
    Slot("preatt scores score s logits attn_scores", (Part("A", "b g m t s"),), WEIGHTS, "saved"),
    Slot("lse logsumexp l log_sum_exp", (Part("Z", "b g m t"),), ROWS, "saved", log_sum),
    Slot("rowsum row_sum dsum di", (Part("Z", "b g m t"),), ROWS, "saved", row_sums),
    Slot("mask causal_mask attn_mask", (), (boolean,), "data"),
)
NUMBERS: Final = (
    Number("B b batch batch_size", "b"),
    Number("T t seq_len seqlen N L S n seq S_len", "t"),
    Number("C c d_model dim embed_dim D E n_embd hidden", "g m c"),
    Number("NH num_heads n_heads heads h H n_head nh nheads n_q_heads NQ Hq HQ q_heads num_q_heads nq NHQ QH", "g m"),
    Number("hs head_dim head_size HD hd d D dh d_k dk", "c"),
    Number("n_kv_heads kv_heads num_kv_heads NKV n_kv KVH nkv NKVH Hkv HKV KH num_key_value_heads Hk NHKV", "g"),
    Number("n_rep group group_size rep q_per_kv kv_mul G gqa groups", "m"),
    Number("scale softmax_scale sm_scale kappa attn_scale", lambda drawn: drawn.array(Key("kappa")).item()),
)

ATTENTION: Final = Layer(
    "attention",
    proved,
    ({"b": 3, "g": 2, "m": 1, "t": 5, "s": 5, "c": 4}, {"b": 1, "g": 2, "m": 1, "t": 5, "s": 5, "c": 4},
     {"b": 1, "g": 1, "m": 1, "t": 5, "s": 5, "c": 4}),
    {"B": "b", "G": "g", "M": "m", "T": "t", "S": "s", "H": "c"},
    SLOTS,
    NUMBERS,
    {"mask": causal, "bias": no_bias, "kappa": scale},
    words="causal attention, the scores divided by the root of the features of a head",
)  # fmt: skip

FULL_ATTENTION: Final = replace(
    ATTENTION,
    draws={**ATTENTION.draws, "mask": everywhere},
    words="attention without a mask, the scores divided by the root of the features of a head",
    slots=tuple(slot for slot in SLOTS if slot.name != "mask"),
)

GROUPED: Final = replace(
    ATTENTION,
    name="gqa",
    letters=({"b": 2, "g": 3, "m": 2, "t": 5, "s": 5, "c": 4}, {"b": 1, "g": 3, "m": 2, "t": 5, "s": 5, "c": 4}),
    words="causal attention with keys and values for a group of heads, heads of a group one after the other",
)

SOFTMAX: Final = Layer(
    "softmax",
    lambda: Proved(proved().net, {k: v for k, v in proved().theorems.items() if k == "attention-scores"}),
    ({"b": 1, "g": 1, "m": 1, "t": 3, "s": 4, "c": 1}, {"b": 1, "g": 1, "m": 1, "t": 1, "s": 4, "c": 1}),
    {"B": "b", "G": "g", "M": "m", "T": "t", "S": "s", "H": "c"},
    (
        Slot("z x logits scores inp input", (Part("A", "b g m t s"),), ("t s", "s", "s t")),
        Slot("p y out probs s output softmax a sm", (Part("P", "b g m t s"),), ("t s", "s", "s t"), "output"),
    ),
    (Number("N B rows T M n", "t"), Number("C V cols D n K N size len", "s")),
    {
        "mask": everywhere,
        "bias": no_bias,
        "kappa": constant(1),
        "A": lambda drawn: drawn.numbers(1, 1, 1, drawn.letters["t"], drawn.letters["s"]),
    },
    words="a softmax of each row",
)
