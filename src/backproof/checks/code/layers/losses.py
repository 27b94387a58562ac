"""Cross-entropy after a softmax, of logits, or of the product that makes these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from ....derive.registry import library_module
from .layer import Drawn, Layer, Number, Part, Proved, Reading, Slot, constant, one_over
from .normalisation import of
from .values import Key


def proved() -> Proved:
    chapter: Any = library_module("cross_entropy")
    return Proved(chapter.any_targets, of(chapter.dz, chapter.dw, chapter.dx))


def labels(drawn: Drawn) -> Any:
    """1 for the class of each position, two of which have the same one."""
    size = drawn.letters
    count = size["b"] * size["t"]
    made = np.zeros((count, size["v"]), dtype=object)
    for place in range(count):
        made[place, place * 3 % size["v"]] = 1
    return made


def classes(drawn: Drawn) -> Any:
    """The numbers of the classes, from 0."""
    return np.array([int(np.argmax([int(e == 1) for e in row])) for row in drawn.array(Key("y"))], dtype=object)


def each(of_one: Any) -> Any:
    """How much positions count: all the same."""

    def draw(drawn: Drawn) -> Any:
        value = of_one(drawn)
        made = np.empty(drawn.product("b t"), dtype=object)
        made.fill(value)
        return made

    return draw


LOGITS: Final = ("b t v", "(b t) v", "b t v", "(b t) v", "v")
POSITIONS: Final = ("b t", "(b t)", "b t", "(b t)")
WHOLE: Final = (Part("y", "(b t)"),)


def single(letters: Mapping[str, int]) -> bool:
    """Whether there is one position."""
    return letters["b"] * letters["t"] == 1


ONE_HOT: Final = ("b t", "(b t)")


def _targets(layout: str) -> Any:
    """Targets with a 1 for the class."""
    from .layout import rearranged

    def made(drawn: Drawn) -> Any:
        return rearranged(drawn.array(Key("y")), "(b t) v", layout, drawn.letters)

    made.__doc__ = f"one-hot, {layout}."
    return made


READINGS: Final = (
    Reading("the mean over all positions", {"alpha": each(one_over("b t"))}, missing="dloss"),
    Reading("the sum over all positions", {"alpha": each(constant(1))}, missing="dloss"),
    Reading("positions count as is given", {"alpha": lambda drawn: drawn.numbers(drawn.product("b t"))}, given="dloss"),
)
SAVED: Final = (
    Slot("p probs prob softmax y_hat yhat probabilities sm s preds y_pred a", (Part("p", "(b t) v"),), LOGITS, "saved"),
    Slot("targets y labels target t label gt tgt y_true", WHOLE,
         (*ONE_HOT, _targets("b t v"), _targets("(b t) v")), "data", classes),
    Slot("lse logsumexp log_sum_exp", (Part("lam", "(b t)"),), POSITIONS, "saved"),
    Slot("dloss dlosses grad_loss dl grad_losses grad_output dout gout g", (Part("alpha", "(b t)"),), POSITIONS,
         "data"),
)  # fmt: skip
NUMBERS: Final = (
    Number("B batch batch_size N", "b"),
    Number("T seq_len seqlen L S", "t"),
    Number("N M rows n m BT num_tokens batch_size B batch samples examples train", "b t"),
    Number("V vocab_size C num_classes n_classes K vocab classes", "v"),
    Number("outsideWordIdx target_idx label_idx label target y", lambda drawn: int(classes(drawn)[0]), single),
    Number("dataset", lambda _: None),
    Number("Vp V_padded padded_vocab_size P", "v"),
)
LETTERS: Final = ({"b": 2, "t": 3, "v": 5, "c": 4}, {"b": 1, "t": 1, "v": 5, "c": 4})
SIZES: Final = {"T": "b t", "V": "v", "H": "c"}

CROSS_ENTROPY: Final = Layer(
    "softmax-cross-entropy",
    lambda: Proved(proved().net, {k: e for k, e in proved().theorems.items() if k == "cross-entropy-logits"}),
    LETTERS,
    SIZES,
    (Slot("logits z x scores inp input out", (Part("z", "(b t) v"),), LOGITS), *SAVED),
    NUMBERS,
    {"nu": constant(0), "y": labels, "z": lambda drawn: drawn.numbers(drawn.product("b t"), drawn.letters["v"])},
    readings=READINGS,
    words="-log of the softmax at the right class",
)

FUSED: Final = Layer(
    "linear-cross-entropy",
    proved,
    LETTERS,
    SIZES,
    (
        Slot("x h hidden inp input inputs hidden_states in centerWordVec center", (Part("x", "(b t) c"),),
             ("b t c", "(b t) c", "b t c", "(b t) c", "c")),
        Slot("weight w wte wcls lm_head weights classifier outsideVectors outside vocab_weight unembed head",
             (Part("w", "v c"),), ("v c", "v c", "c v", "c v", "v c")),
        Slot("logits z scores", (Part("z", "(b t) v"),), LOGITS, "saved"),
        *SAVED,
    ),
    (*NUMBERS, Number("C D H dim hidden_size d_model channels d E hidden_dim", "c")),
    {"nu": constant(0), "y": labels},
    readings=READINGS,
    words="-log of the softmax of W x at the right class",
)  # fmt: skip


# Hinges.


def hinge() -> Proved:
    chapter: Any = library_module("losses")
    return Proved(chapter.hinge, of(chapter.hinge_loss))


HINGE: Final = Layer(
    "hinge",
    hinge,
    LETTERS,
    {"T": "b t", "V": "v"},
    (
        Slot("x scores z s logits inp input out y_pred preds", (Part("z", "(b t) v"),), LOGITS),
        next(slot for slot in SAVED if slot.name == "targets"),
        Slot("margins margin m", (Part("m", "(b t) v"),), LOGITS, "saved"),
        next(slot for slot in SAVED if slot.name == "dloss"),
    ),
    (*NUMBERS, Number("delta margin", lambda drawn: drawn.constant(1))),
    {"y": labels},
    readings=READINGS,
    words="for each wrong class what its score is above that of the right class less 1",
)
